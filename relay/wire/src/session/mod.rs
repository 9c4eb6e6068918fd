//! One end of a session: its streams, its sockets, and what may be sent when.
//!
//! Messages go in through [`Session::receive`], what they meant comes out of
//! [`Session::next_event`], and what is to be sent comes out of [`Session::next_message`], control
//! frames first and then the streams in turn. Nothing here reads a clock or touches a socket.

mod backlog;
mod event;
mod half;
mod output;
mod receive;
mod sockets;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;

use bytes::Bytes;

use crate::code::Code;
use crate::frame::{Body, Frame, GoAway, Hello, Open, Opened, Reset};
use crate::host::Target;
use crate::{MAX_CLIENT_WINDOW, MAX_DATA, SESSION_WINDOW, STREAM_WINDOW, VERSION};

pub use backlog::Backlog;
pub use event::{Event, Misuse, Violation};
use half::{Incoming, Outgoing, Stream};
pub use output::Parts;
use sockets::Socket;

/// One end of a session, of a client or of a relay.
#[derive(Clone, Debug)]
pub struct Session {
    side: Side,
    own: Hello,
    peer: Option<Hello>,
    streams: BTreeMap<u32, Stream>,
    sockets: BTreeMap<u32, Socket>,
    /// The number of the next stream that this end opens.
    next_number: u32,
    /// The highest number that the other end has opened.
    last_peer_number: u32,
    /// What the peer may send on all streams together.
    incoming: Incoming,
    /// What this end may send on all streams together, and what waits on all of them.
    outgoing: Outgoing,
    control: VecDeque<Frame>,
    /// Streams whose CREDIT has to be sent; zero is the session.
    owed: BTreeSet<u32>,
    /// Streams and sockets that have something to send, in the order of their turns.
    ready: VecDeque<u32>,
    events: VecDeque<Event>,
    leaving: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Client,
    Relay,
}

impl Session {
    /// The client's end; its HELLO, with this token or an empty one, is the first message out.
    pub fn client(token: &str) -> Session {
        let hello = Hello { token: token.to_owned(), ..plain_hello() };
        let mut session = Session::new(Side::Client, hello.clone());
        session.control.push_back(Frame { stream: 0, body: Body::Hello(hello) });
        session
    }

    /// The relay's end, which will say this HELLO when the client has said its own.
    pub fn relay(hello: Hello) -> Session {
        Session::new(Side::Relay, hello)
    }

    fn new(side: Side, own: Hello) -> Session {
        Session {
            side,
            incoming: Incoming::new(own.session_window, own.session_window),
            outgoing: Outgoing::new(0),
            own,
            peer: None,
            streams: BTreeMap::new(),
            sockets: BTreeMap::new(),
            next_number: match side {
                Side::Client => 1,
                Side::Relay => 2,
            },
            last_peer_number: 0,
            control: VecDeque::new(),
            owed: BTreeSet::new(),
            ready: VecDeque::new(),
            events: VecDeque::new(),
            leaving: false,
        }
    }

    /// Asks for a TCP stream to a host, as the user typed it, and a port. Bytes may be handed to
    /// [`Session::send`] at once; they wait for OPENED.
    pub fn open(&mut self, host: &str, port: u16) -> Result<u32, Misuse> {
        self.open_with(Open {
            target: Target::new(host, port),
            credit: self.own.stream_window,
            timeout_ms: 0,
            nodelay: true,
            local: None,
        })
    }

    /// Asks for a TCP stream with every option spelt out.
    pub fn open_with(&mut self, open: Open) -> Result<u32, Misuse> {
        let number = self.take_number()?;
        let incoming =
            Incoming::new(open.credit, self.own.stream_window).growing(MAX_CLIENT_WINDOW);
        self.streams.insert(number, Stream::new(incoming, Outgoing::new(0)));
        self.control.push_back(Frame { stream: number, body: Body::Open(open) });
        Ok(number)
    }

    fn take_number(&mut self) -> Result<u32, Misuse> {
        if self.leaving {
            return Err(Misuse::GoingAway);
        }
        let number = self.next_number;
        self.next_number = number.checked_add(2).ok_or(Misuse::NumbersUsedUp)?;
        Ok(number)
    }

    /// The relay's answer to OPEN: the stream is connected.
    pub fn accept(
        &mut self,
        stream: u32,
        local: SocketAddr,
        remote: SocketAddr,
        connect_us: u32,
    ) -> Result<(), Misuse> {
        let entry = self.streams.get_mut(&stream).ok_or(Misuse::NoSuchStream)?;
        let credit = self.own.stream_window;
        entry.opening = false;
        entry.incoming.granted = u64::from(credit);
        let opened = Opened { local, remote, credit, connect_us };
        self.control.push_back(Frame { stream, body: Body::Opened(opened) });
        self.enqueue(stream);
        Ok(())
    }

    /// Queues bytes of a stream; they leave as credit allows.
    pub fn send(&mut self, stream: u32, bytes: Bytes) -> Result<(), Misuse> {
        let entry = self.streams.get_mut(&stream).ok_or(Misuse::NoSuchStream)?;
        if entry.outgoing.fin_wanted {
            return Err(Misuse::Finished);
        }
        self.outgoing.waiting += bytes.len() as u64;
        entry.outgoing.push(bytes);
        self.enqueue(stream);
        Ok(())
    }

    /// Ends the outgoing half once everything queued has left.
    pub fn finish(&mut self, stream: u32) -> Result<(), Misuse> {
        let entry = self.streams.get_mut(&stream).ok_or(Misuse::NoSuchStream)?;
        entry.outgoing.fin_wanted = true;
        self.enqueue(stream);
        Ok(())
    }

    /// Will read no more of the stream; the other half goes on.
    pub fn stop(&mut self, stream: u32) -> Result<(), Misuse> {
        let entry = self.streams.get_mut(&stream).ok_or(Misuse::NoSuchStream)?;
        if entry.incoming.stopped || entry.incoming.ended {
            return Ok(());
        }
        entry.incoming.stopped = true;
        let unread = entry.incoming.unconsumed();
        entry.incoming.consumed = entry.incoming.received;
        self.control.push_back(Frame { stream, body: Body::Stop });
        self.session_consumed(unread);
        Ok(())
    }

    /// Ends a stream or socket at once, or refuses to open it. A stream that is gone is no error.
    pub fn reset(&mut self, stream: u32, reset: Reset) {
        if self.forget(stream) {
            self.control.push_back(Frame { stream, body: Body::Reset(reset) });
        }
    }

    /// Tells that the user has taken in this many received bytes of a stream, which lets the peer
    /// send as many more.
    pub fn consumed(&mut self, stream: u32, count: usize) {
        let Some(entry) = self.streams.get_mut(&stream) else { return };
        let count = (count as u64).min(entry.incoming.unconsumed());
        if entry.incoming.consume(count) && !entry.incoming.ended {
            self.owed.insert(stream);
        }
        self.session_consumed(count);
        self.close_if_done(stream);
    }

    /// Asks the peer for a PONG with these eight bytes.
    pub fn ping(&mut self, payload: [u8; 8]) {
        self.control.push_back(Frame { stream: 0, body: Body::Ping(payload) });
    }

    /// Announces the end of the session; what is asked for from now on is refused.
    pub fn go_away(&mut self, goaway: GoAway) {
        self.leaving = true;
        self.control.push_back(Frame { stream: 0, body: Body::GoAway(goaway) });
    }

    /// How many bytes could leave on this stream right now beyond those that wait already: the
    /// lesser of its own credit and the session's.
    pub fn room(&self, stream: u32) -> usize {
        let Some(entry) = self.streams.get(&stream) else { return 0 };
        if entry.opening || entry.outgoing.fin_wanted {
            return 0;
        }
        entry.outgoing.room().min(self.outgoing.credit()) as usize
    }

    /// Bytes of this stream that wait to be sent.
    pub fn queued(&self, stream: u32) -> usize {
        self.streams.get(&stream).map_or(0, |entry| entry.outgoing.waiting as usize)
    }

    /// Bytes of all streams that wait to be sent, and bytes received that nobody has consumed.
    pub fn held_bytes(&self) -> u64 {
        let datagrams: usize = self.sockets.values().map(|socket| socket.queued_bytes).sum();
        self.outgoing.waiting + self.incoming.unconsumed() + datagrams as u64
    }

    /// True while so many answers wait to be sent that the caller should stop receiving.
    pub fn is_congested(&self) -> bool {
        self.control.len() > MAX_CONTROL
    }

    /// True when [`Session::next_message`] has something.
    pub fn has_output(&self) -> bool {
        !self.control.is_empty() || !self.owed.is_empty() || !self.ready.is_empty()
    }

    /// What the peer said in its HELLO, once it has.
    pub fn peer(&self) -> Option<&Hello> {
        self.peer.as_ref()
    }

    /// Streams that are open or being opened.
    pub fn stream_count(&self) -> usize {
        self.streams.len()
    }

    /// UDP sockets that are open or being opened.
    pub fn socket_count(&self) -> usize {
        self.sockets.len()
    }

    /// The next thing that happened, oldest first.
    pub fn next_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    fn max_data(&self) -> usize {
        self.peer.as_ref().map_or(0, |peer| peer.max_data as usize).min(MAX_DATA)
    }

    fn session_consumed(&mut self, count: u64) {
        if self.incoming.consume(count) {
            self.owed.insert(0);
        }
    }

    /// Drops all that is known of a stream or socket; false if there was nothing.
    fn forget(&mut self, number: u32) -> bool {
        if let Some(entry) = self.streams.remove(&number) {
            self.owed.remove(&number);
            self.outgoing.waiting -= entry.outgoing.waiting;
            self.session_consumed(entry.incoming.unconsumed());
            return true;
        }
        self.sockets.remove(&number).is_some()
    }

    fn close_if_done(&mut self, stream: u32) {
        if self.streams.get(&stream).is_some_and(Stream::is_done) {
            self.forget(stream);
            self.events.push_back(Event::Closed { stream });
        }
    }

    fn enqueue(&mut self, number: u32) {
        let queued = match self.streams.get_mut(&number) {
            Some(stream) => &mut stream.queued,
            None => match self.sockets.get_mut(&number) {
                Some(socket) => &mut socket.queued,
                None => return,
            },
        };
        if !*queued {
            *queued = true;
            self.ready.push_back(number);
        }
    }
}

/// A HELLO with the windows of this protocol and no limits, which suits a client.
fn plain_hello() -> Hello {
    Hello {
        version: VERSION,
        features: 0,
        max_streams: 0,
        max_sockets: 0,
        max_listeners: 0,
        max_data: MAX_DATA as u32,
        stream_window: STREAM_WINDOW,
        session_window: SESSION_WINDOW,
        stream_idle_s: 0,
        socket_idle_s: 0,
        token: String::new(),
        policy: String::new(),
    }
}

impl Default for Hello {
    fn default() -> Hello {
        plain_hello()
    }
}

/// Answers that may wait before the caller should stop receiving: a peer that asks without
/// reading must not make this end hold its answers without bound.
const MAX_CONTROL: usize = 256;

/// What to say to a frame of a feature that is announced as missing in HELLO.
fn unsupported(what: &str) -> Reset {
    Reset::new(Code::Policy, format!("This relay does not support {what} yet."))
        .detail(crate::Detail::Operation)
}
