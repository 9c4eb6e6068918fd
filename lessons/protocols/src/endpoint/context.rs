//! What an endpoint can do during one step: append to the list of outputs, and nothing else.

use core::fmt::Write as _;
use core::net::{IpAddr, SocketAddr};
use core::time::Duration;

use bytes::Bytes;

use super::names::{News, Pending};
use super::running::Book;
use super::{Conn, Endpoint, Lookup, LookupError, Output, Target, Timer, Transport};
use crate::dns::RecordType;
use crate::wire::{Protocol, Rule, Time};

/// The sink of one step. Every call only appends an [`Output`].
#[derive(Debug)]
pub struct Context<'a, E: Endpoint> {
    pub(super) now: Time,
    pub(super) book: &'a mut Book<E::Timer>,
    pub(super) outputs: &'a mut Vec<Output>,
}

impl<E: Endpoint> Context<'_, E> {
    /// The driver's clock; it does not move during a step.
    pub fn now(&self) -> Time {
        self.now
    }

    /// The next number from the seed that the host was given.
    pub fn random(&mut self) -> u64 {
        self.book.numbers.random()
    }

    /// Accepts connections at a TCP port.
    pub fn listen(&mut self, port: u16, protocol: &'static Protocol) {
        self.outputs.push(Output::Listen { transport: Transport::Tcp, port, protocol });
    }

    /// Takes datagrams at a UDP port, and allows sending from it.
    pub fn bind(&mut self, port: u16, protocol: &'static Protocol) {
        self.outputs.push(Output::Listen { transport: Transport::Udp, port, protocol });
    }

    /// Takes no more datagrams at a UDP port.
    pub fn unbind(&mut self, port: u16) {
        self.outputs.push(Output::Unbind { port });
    }

    /// Opens a connection; `Opened` or `Lost` follows with the number returned. Where the host has
    /// a resolver, a name is looked up first.
    pub fn dial(&mut self, to: Target, protocol: &'static Protocol) -> Conn {
        let conn = self.book.numbers.conn();
        let desk = self.book.desk(self.now, self.outputs);
        match (to, desk) {
            (Target::Name { host, port }, Some(mut desk)) => {
                desk.dial(Pending { conn, port, protocol }, &host);
            }
            (to, _) => self.outputs.push(Output::Dial { conn, to, protocol }),
        }
        conn
    }

    /// Looks a name up in the DNS; `Answered` follows with the number returned. It asks the host's
    /// resolver; without one, the answer says that there is none.
    pub fn lookup(&mut self, name: &str, kind: RecordType) -> Lookup {
        let lookup = self.book.numbers.lookup();
        match self.book.desk(self.now, self.outputs) {
            Some(mut desk) => desk.look_up(lookup, name, kind),
            None => {
                let answer = Err(LookupError::NoResolver);
                self.book.news.push_back(News::Answered { lookup, answer });
            }
        }
        lookup
    }

    /// Sends bytes on a connection; no bytes are not sent at all.
    pub fn send(&mut self, conn: Conn, bytes: impl Into<Bytes>) {
        let bytes = bytes.into();
        if !bytes.is_empty() {
            self.about(conn).push(Output::Send { conn, bytes });
        }
    }

    /// Sends one datagram from a local port that was bound.
    pub fn send_to(&mut self, port: u16, to: SocketAddr, bytes: impl Into<Bytes>) {
        self.outputs.push(Output::SendTo { port, to, bytes: bytes.into() });
    }

    /// Takes datagrams sent to a multicast group.
    pub fn join(&mut self, group: IpAddr) {
        self.outputs.push(Output::Join { group });
    }

    /// Sends no more on a connection (FIN).
    pub fn finish(&mut self, conn: Conn) {
        self.about(conn).push(Output::Finish { conn });
    }

    /// Throws a connection away (RST).
    pub fn abort(&mut self, conn: Conn) {
        let waits = self.book.names.as_mut().is_some_and(|names| names.cancel(conn));
        if !waits {
            self.outputs.push(Output::Abort { conn });
        }
    }

    /// Where outputs about a connection go: until its peer's address is known, they wait.
    fn about(&mut self, conn: Conn) -> &mut Vec<Output> {
        let held = self.book.names.as_mut().and_then(|names| names.held(conn));
        held.unwrap_or(self.outputs)
    }

    /// Takes bytes from `conn` no faster than `by` can send, until told otherwise: back-pressure
    /// from one connection to another, for endpoints that pass on what they read.
    pub fn pace(&mut self, conn: Conn, by: Option<Conn>) {
        self.outputs.push(Output::Pace { conn, by });
    }

    /// Rings the alarm of this name after a while; one that is armed already is moved.
    pub fn arm(&mut self, timer: E::Timer, after: Duration) {
        if let Some(old) = self.book.forget(timer) {
            self.outputs.push(Output::Disarm { alarm: old });
        }
        let alarm = self.book.arm(timer);
        let (name, about) = (timer.name(), timer.about());
        self.outputs.push(Output::Arm { alarm, name, about, after });
    }

    /// Does not ring the alarm of this name; nothing happens where it is not armed.
    pub fn disarm(&mut self, timer: E::Timer) {
        if let Some(alarm) = self.book.forget(timer) {
            self.outputs.push(Output::Disarm { alarm });
        }
    }

    /// Tells the user.
    pub fn emit(&mut self, event: E::Event) {
        let mut text = String::with_capacity(EVENT_LEN);
        // Writing into a string does not fail.
        let _ = write!(text, "{event}");
        self.outputs.push(Output::Emit(text));
    }

    /// Writes down a number about what has just ended, for histograms and plots.
    pub fn measure(&mut self, quantity: &'static str, value: u64) {
        self.outputs.push(Output::Measure { quantity, value });
    }

    /// Says why what follows is done.
    pub fn cite(&mut self, rule: &'static Rule) {
        self.outputs.push(Output::Cite(rule));
    }
}

/// Room for what most events say, so that the text need not be moved while it is written.
const EVENT_LEN: usize = 64;
