//! Forking a live session: from a moment of the recording on, a simulation goes on with the same
//! program against our own servers, which serve what the real ones have been seen to serve.

use core::fmt;
use core::net::SocketAddr;
use std::rc::Rc;

use bytes::Bytes;
use protocols::endpoint::{AlarmId, Conn, Output, Stimulus, Transport};
use protocols::wire::{Chunk, Side, Time};
use world::{History, HostId, Ongoing, Story, Underway};

use super::ours::Since;
use super::past::{Past, Talk};
use super::stage::Stand;
use super::{Live, TAB_ADDRESS, TAB_HOST};

/// Why a session cannot be forked at a moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ForkError {
    /// An answer has arrived in part, and nobody knows its rest yet.
    HalfAnAnswer,
    /// A connection is still being opened.
    HalfOpen,
    /// We have no server of our own for what was spoken, which is this protocol.
    NobodyOfOurs(&'static str),
}

impl fmt::Display for ForkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ForkError::HalfAnAnswer => f.write_str(
                "An answer has arrived only in part at this moment. Fork when it is complete, or \
                 from before it.",
            ),
            ForkError::HalfOpen => f.write_str(
                "A connection is being opened at this moment. Fork one step later, or earlier.",
            ),
            ForkError::NobodyOfOurs(protocol) => {
                write!(f, "This lab has no server of its own yet that speaks {protocol}.")
            }
        }
    }
}

impl std::error::Error for ForkError {}

impl Live {
    /// A simulation that goes on from the moment at which so many entries had been recorded.
    ///
    /// # Errors
    /// At that moment something is half done that our own servers cannot finish, or something was
    /// spoken that none of them speaks.
    pub fn fork(&self, moment: u32, seed: u64) -> Result<History, ForkError> {
        let trace = self.recording().trace();
        let entries = trace.entries.get(..moment as usize).unwrap_or(trace.entries);
        let past = Past::of(entries);
        let story = Story::of(trace);
        let servers = self.servers(&story, Since::Now, past.now)?;
        let mut stands: Vec<Stand> =
            servers.into_iter().map(|server| Stand::started(server, past.now)).collect();
        let mut open = Vec::new();
        for (conn, talk) in &past.talks {
            open.push(take_over(*conn, talk, &story, &mut stands)?);
        }
        let underway = Underway {
            now: past.now,
            entries: entries.len() as u32,
            flights: past.flights,
            streams: past.streams,
            standing: standing(&past, &stands),
            alarms: alarms(&past, &stands),
            streams_open: open,
        };
        let servers = stands.into_iter().map(|stand| stand.host).collect();
        let plan = self.plan(self.program_at(moment), past.now, servers);
        Ok(History::adopted(Rc::new(plan), seed, trace, &underway))
    }
}

/// Brings our server to where the real one stood on a connection: it reads what the client had
/// sent, and what it answers beyond the answers that had arrived is still to be sent.
fn take_over(
    conn: Conn,
    talk: &Talk,
    story: &Story,
    stands: &mut [Stand],
) -> Result<Ongoing, ForkError> {
    let address = talk.address.ok_or(ForkError::HalfOpen)?;
    let at = (talk.peer.0 as usize).checked_sub(1).and_then(|index| stands.get_mut(index));
    let stand = at.ok_or(ForkError::HalfOpen)?;
    let tab = SocketAddr::new(TAB_ADDRESS, FIRST_PORT.saturating_add(talk.stream.0 as u16));
    let peer_conn = stand.host.accept();
    let opened = Stimulus::Opened { conn: peer_conn, peer: tab, port: Some(address.port()) };
    let begun = talk.asked.first().map_or(Time::EPOCH, |(at, _)| *at);
    // In the order of being said: what a request means may depend on the answer before it.
    let mut chunks = Vec::new();
    let mut say = |side, bytes: Bytes| chunks.push(Chunk { side, bytes });
    for bytes in stand.hear(begun, opened) {
        say(Side::Responder, bytes);
    }
    for (at, bytes) in &talk.asked {
        say(Side::Initiator, bytes.clone());
        let data = Stimulus::Data { conn: peer_conn, bytes: bytes.clone() };
        for bytes in stand.hear(*at, data) {
            say(Side::Responder, bytes);
        }
    }
    let (rest, answered) = rest_of_answer(talk, story)?;
    let theirs = chunks.iter().filter(|chunk| chunk.side == Side::Responder);
    let answers: Vec<u8> = theirs.flat_map(|chunk| chunk.bytes.iter().copied()).collect();
    let answers = Bytes::from(answers);
    let due = talk
        .protocol
        .dissect(&chunks)
        .into_iter()
        .filter(|message| message.side == Side::Responder)
        .nth(answered)
        .map(|message| answers.slice(message.span.start.min(answers.len())..));
    let unsent = [rest, due.unwrap_or_default()];
    let unsent = unsent.into_iter().filter(|bytes| !bytes.is_empty()).collect();
    Ok(Ongoing {
        stream: talk.stream,
        initiator: (TAB_HOST, conn, tab),
        responder: (talk.peer, peer_conn, address),
        sent: talk.sent,
        finished: talk.finished,
        unsent: [Vec::new(), unsent],
    })
}

/// The bytes that were still missing of the answer that was arriving, as they arrived later, and
/// how many answers there are with it.
fn rest_of_answer(talk: &Talk, story: &Story) -> Result<(Bytes, usize), ForkError> {
    let conversation = story.conversation_of(talk.stream);
    let Some(whole) = conversation.and_then(|at| story.conversations().get(at)) else {
        return Ok((Bytes::new(), 0));
    };
    let [_, (_, received)] = talk.sent;
    let received = received as usize;
    let messages = whole.messages();
    let mut answered = 0;
    for message in messages.iter().filter(|message| message.side == Side::Responder) {
        if message.span.start >= received {
            break;
        }
        if !message.complete {
            return Err(ForkError::HalfAnAnswer);
        }
        answered += 1;
        if message.span.end > received {
            let bytes = Bytes::from(whole.bytes(Side::Responder));
            let end = message.span.end.min(bytes.len());
            return Ok((bytes.slice(received.min(end)..end), answered));
        }
    }
    Ok((Bytes::new(), answered))
}

/// Where the program and our servers listen.
fn standing(past: &Past, stands: &[Stand]) -> Vec<(HostId, Output)> {
    let own = past.bound.iter().map(|(port, protocol)| {
        (TAB_HOST, Output::Listen { transport: Transport::Udp, port: *port, protocol })
    });
    let theirs = stands.iter().zip(1..).flat_map(|(stand, id)| {
        stand.standing.iter().map(move |output| (HostId(id), output.clone()))
    });
    own.chain(theirs).collect()
}

fn alarms(past: &Past, stands: &[Stand]) -> Vec<(HostId, AlarmId, Time)> {
    let own = past.alarms.iter().map(|(alarm, at)| (TAB_HOST, *alarm, *at));
    let theirs = stands.iter().zip(1..).flat_map(|(stand, id)| {
        stand.alarms.iter().map(move |(alarm, at)| (HostId(id), *alarm, *at))
    });
    own.chain(theirs).collect()
}

/// The first of the ports that IANA leaves for dialling from (RFC 6335 section 6).
const FIRST_PORT: u16 = 49_152;
