//! Forking a live session: from a moment of the recording on, a simulation goes on with the same
//! client against our own servers, which serve what the real ones have been seen to serve.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, SocketAddr};
use core::time::Duration;
use std::collections::BTreeMap;
use std::rc::Rc;

use bytes::Bytes;
use protocols::endpoint::{AlarmId, Conn, Host, Output, Running, Stimulus};
use protocols::http::client::{Loaded, Origin};
use protocols::http::server::{Config, Server};
use protocols::http::site::{Document, Site};
use protocols::http::{HTTP, parse_http_date};
use protocols::wire::{Chunk, Side, Time};
use world::{
    Conditions, History, HostId, HostPlan, LinkPlan, Node, Ongoing, Plan, Program, Story, Underway,
};

use super::past::{Past, Talk};
use super::{Live, TAB, TAB_HOST};

/// Why a session cannot be forked at a moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ForkError {
    /// An answer has arrived in part, and nobody knows its rest yet.
    HalfAnAnswer,
    /// A connection is still being opened.
    HalfOpen,
}

impl fmt::Display for ForkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ForkError::HalfAnAnswer => {
                "An answer has arrived only in part at this moment. Fork when it is complete, or \
                 from before it."
            }
            ForkError::HalfOpen => {
                "A connection is being opened at this moment. Fork one step later, or earlier."
            }
        })
    }
}

impl std::error::Error for ForkError {}

/// One of our servers in the place of a real one.
struct Stand {
    server: Running<Server>,
    standing: Vec<Output>,
    alarms: BTreeMap<AlarmId, Time>,
}

impl Live {
    /// A simulation that goes on from the moment at which so many entries had been recorded.
    ///
    /// # Errors
    /// At that moment something is half done that our own servers cannot finish.
    pub fn fork(&self, moment: u32, seed: u64) -> Result<History, ForkError> {
        let trace = self.recording().trace();
        let entries = trace.entries.get(..moment as usize).unwrap_or(trace.entries);
        let past = Past::of(entries);
        let story = Story::of(trace);
        let mut stands = self.stands(&past);
        let mut open = Vec::new();
        for (conn, talk) in &past.talks {
            open.push(take_over(*conn, talk, &story, &mut stands)?);
        }
        let underway = Underway {
            now: past.now,
            entries: entries.len() as u32,
            flights: past.flights,
            streams: past.streams,
            standing: standing(&stands),
            alarms: alarms(&past, &stands),
            streams_open: open,
        };
        let plan = self.plan(moment, past.now, &stands);
        Ok(History::adopted(Rc::new(plan), seed, trace, &underway))
    }

    /// A server of ours for everybody who takes part but the tab.
    fn stands(&self, past: &Past) -> Vec<Stand> {
        let mut by_number: Vec<_> = self.peers.iter().map(|(key, id)| (*id, key)).collect();
        by_number.sort();
        let stand = |(_, (host, port)): (HostId, &(String, u16))| {
            let config = Config { port: *port, ..Config::default() };
            let site = self.mirror(host, *port, past.now);
            let server = Running::new(Server::new(config, site), u64::from(*port));
            let (standing, alarms) = (Vec::new(), BTreeMap::new());
            let mut stand = Stand { server, standing, alarms };
            stand.step(past.now, Stimulus::Start);
            stand
        };
        by_number.into_iter().map(stand).collect()
    }

    /// What the real server has been seen to serve.
    fn mirror(&self, host: &str, port: u16, now: Time) -> Site {
        let here = |loaded: &&Loaded| loaded.url.host() == host && loaded.url.port() == port;
        let fetched = self.client().loaded().filter(here);
        fetched.filter(|loaded| loaded.from == Origin::Network).fold(Site::new(), |site, loaded| {
            let fields = &loaded.response.fields;
            let path = loaded.url.path().to_string();
            match (loaded.response.status, fields.first("Location")) {
                (200, _) => site.with_document(&path, document(loaded, now)),
                (status @ (301 | 302 | 303 | 307 | 308), Some(to)) => {
                    site.with_redirect(&path, status, to)
                }
                _ => site,
            }
        })
    }

    fn plan(&self, moment: u32, now: Time, stands: &[Stand]) -> Plan {
        let client = self.client_at(moment);
        let tab = HostPlan {
            name: TAB.to_string(),
            address: TAB_ADDRESS,
            program: Program::running(client.duplicate()),
            place: (0, 0),
        };
        let mut plan = Plan { epoch: now, hosts: vec![tab], ..Plan::default() };
        let parties = self.recording().parties().iter().enumerate().skip(1);
        for ((index, party), stand) in parties.zip(stands) {
            let id = HostId(index as u32);
            let made_up = IpAddr::V4(Ipv4Addr::new(198, 51, 100, (index % 250) as u8 + 1));
            let address = party.address.unwrap_or(made_up);
            if let Some(((host, _), _)) = self.peers.iter().find(|(_, peer)| **peer == id) {
                plan.names.insert(host.clone(), address);
            }
            let program = Program::running(stand.server.duplicate());
            plan.hosts.push(HostPlan {
                name: party.name.clone(),
                address,
                program,
                place: (1, index as i16),
            });
            let measured = self.lines.values().find(|line| line.peer == id);
            let delay = measured.map_or(USUAL_ONE_WAY, |line| line.one_way);
            plan.links.push(LinkPlan {
                name: format!("path to {}", party.name),
                ends: (Node::Host(TAB_HOST.0), Node::Host(id.0)),
                conditions: Conditions { delay, ..Conditions::default() },
            });
        }
        plan
    }
}

impl Stand {
    /// Hands the server something from the past; says what it would have sent, on one connection.
    fn step(&mut self, at: Time, stimulus: Stimulus) -> Vec<Bytes> {
        let outputs = self.server.step(at, stimulus).map(|s| s.outputs).unwrap_or_default();
        let mut sent = Vec::new();
        for output in outputs {
            match output {
                Output::Send { bytes, .. } => sent.push(bytes),
                Output::Listen { .. } => self.standing.push(output),
                Output::Arm { alarm, after, .. } => {
                    self.alarms.insert(alarm, at + after);
                }
                Output::Disarm { alarm } => {
                    self.alarms.remove(&alarm);
                }
                Output::Unbind { .. }
                | Output::Dial { .. }
                | Output::Pace { .. }
                | Output::SendTo { .. }
                | Output::Join { .. }
                | Output::Finish { .. }
                | Output::Abort { .. }
                | Output::Emit(_)
                | Output::Cite(_) => {}
            }
        }
        sent
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
    let peer_conn = stand.server.accept();
    let opened = Stimulus::Opened { conn: peer_conn, peer: tab, port: Some(address.port()) };
    let begun = talk.asked.first().map_or(Time::EPOCH, |(at, _)| *at);
    stand.step(begun, opened);
    let mut chunks = Vec::new();
    let mut answers = Vec::new();
    for (at, bytes) in &talk.asked {
        chunks.push(Chunk { side: Side::Initiator, bytes: bytes.clone() });
        answers.extend(stand.step(*at, Stimulus::Data { conn: peer_conn, bytes: bytes.clone() }));
    }
    let (rest, answered) = rest_of_answer(talk, story)?;
    let answers = Bytes::from(answers.concat());
    chunks.push(Chunk { side: Side::Responder, bytes: answers.clone() });
    let due = (HTTP.dissect)(&chunks)
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

fn document(loaded: &Loaded, now: Time) -> Document {
    let fields = &loaded.response.fields;
    let media_type = fields.first("Content-Type").unwrap_or("application/octet-stream");
    let modified = fields.first("Last-Modified").and_then(parse_http_date);
    let document = Document::new(media_type, loaded.body.clone(), modified.unwrap_or(now));
    match fields.first("Cache-Control") {
        Some(control) => document.cached(control),
        None => document,
    }
}

fn standing(stands: &[Stand]) -> Vec<(HostId, Output)> {
    let each = stands.iter().zip(1..);
    each.flat_map(|(stand, id)| stand.standing.iter().map(move |o| (HostId(id), o.clone())))
        .collect()
}

fn alarms(past: &Past, stands: &[Stand]) -> Vec<(HostId, AlarmId, Time)> {
    let own = past.alarms.iter().map(|(alarm, at)| (TAB_HOST, *alarm, *at));
    let theirs = stands.iter().zip(1..).flat_map(|(stand, id)| {
        stand.alarms.iter().map(move |(alarm, at)| (HostId(id), *alarm, *at))
    });
    own.chain(theirs).collect()
}

/// The tab's address in the simulation, from the block that is set aside for documentation
/// (RFC 5737): the real one is not known to the page.
const TAB_ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));

/// The first of the ports that IANA leaves for dialling from (RFC 6335 section 6).
const FIRST_PORT: u16 = 49_152;

/// The delay of a path that was not measured.
const USUAL_ONE_WAY: Duration = Duration::from_millis(10);
