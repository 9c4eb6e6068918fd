//! An authoritative name server: answers from its zones, over datagrams and streams, and asks
//! nobody else.
//!
//! What a zone says is the zone's business; this endpoint decides which zone is asked, what is
//! refused, how long an answer may be, and which connections are kept.

mod command;
mod config;
mod respond;
#[cfg(test)]
mod tests;
mod view;
mod zones;

use core::net::SocketAddr;
use std::borrow::Cow;
use std::collections::BTreeMap;

pub use command::{Command, Event};
pub use config::Config;
use respond::{Reply, respond};
pub use zones::Unchanged;
use zones::{Change, Zones};

use super::codec::{Frames, frame};
use super::{DNS, DNS_TCP, Zone, rules};
use crate::endpoint::{Conn, Context, Endpoint, Input, Timer, Transport, View};
use crate::wire::Time;

/// A name server with its zones.
#[derive(Clone, Debug)]
pub struct Server {
    config: Config,
    zones: Zones,
    links: BTreeMap<Conn, Link>,
    counters: Counters,
}

/// A connection as a name server keeps it.
#[derive(Clone, Debug)]
struct Link {
    peer: SocketAddr,
    frames: Frames,
    phase: Phase,
    /// How many queries have been answered on it.
    answered: u32,
}

/// Where a connection is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    /// Queries are read and answered.
    Open,
    /// Our side is closed; what comes is discarded until the client closes.
    Closing,
}

/// What a server has done since it was switched on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Counters {
    datagrams: u64,
    streams: u64,
    truncated: u64,
    bad: u64,
    dropped: u64,
}

/// The alarms of a name server.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ServerTimer {
    /// Nothing whole has come on this connection for too long.
    Idle(Conn),
    /// The client has not closed its side although we have.
    Linger(Conn),
}

impl Server {
    /// A server of these zones that has not started. Of two zones with one origin the later stays.
    pub fn new(config: Config, zones: impl IntoIterator<Item = Zone>) -> Server {
        let zones = Zones::new(zones);
        Server { config, zones, links: BTreeMap::new(), counters: Counters::default() }
    }

    /// The zones as they are now, in the order of their names.
    pub fn zones(&self) -> impl Iterator<Item = &Zone> {
        self.zones.iter()
    }

    /// What lives in memory is gone when the server is switched on again; the zones are not.
    fn start(&mut self, cx: &mut Context<'_, Self>) {
        self.links.clear();
        self.counters = Counters::default();
        cx.cite(&rules::BOTH_TRANSPORTS);
        cx.bind(self.config.port, &DNS);
        cx.listen(self.config.port, &DNS_TCP);
    }

    /// Answers one message; none where it gets no answer.
    fn answer(
        &mut self,
        bytes: &[u8],
        transport: Transport,
        cx: &mut Context<'_, Self>,
    ) -> Option<Vec<u8>> {
        let Reply { bytes, why, event } = respond(bytes, &self.zones, &self.config, transport);
        match &event {
            Event::Answered { truncated, .. } => self.counters.truncated += u64::from(*truncated),
            Event::Bad { .. } => self.counters.bad += 1,
            Event::Dropped { .. } => self.counters.dropped += 1,
            Event::TimedOut { .. } | Event::Changed(_) | Event::Unchanged { .. } => {}
        }
        for rule in why {
            cx.cite(rule);
        }
        cx.emit(event);
        bytes
    }

    fn datagram(&mut self, from: SocketAddr, bytes: &[u8], cx: &mut Context<'_, Self>) {
        self.counters.datagrams += 1;
        if let Some(reply) = self.answer(bytes, Transport::Udp, cx) {
            cx.send_to(self.config.port, from, reply);
        }
    }

    fn opened(&mut self, conn: Conn, peer: SocketAddr, cx: &mut Context<'_, Self>) {
        if self.links.len() >= self.config.max_connections {
            cx.cite(&rules::TOO_MANY_STREAMS);
            cx.abort(conn);
            return;
        }
        let frames = Frames::default();
        self.links.insert(conn, Link { peer, frames, phase: Phase::Open, answered: 0 });
        cx.arm(ServerTimer::Idle(conn), self.config.idle);
    }

    fn received(&mut self, conn: Conn, bytes: &[u8], cx: &mut Context<'_, Self>) {
        match self.links.get_mut(&conn) {
            Some(link) if link.phase == Phase::Open => link.frames.receive(bytes),
            Some(_) | None => return,
        }
        let mut earlier = false;
        while let Some(message) = self.links.get_mut(&conn).and_then(|l| l.frames.next_frame()) {
            if earlier {
                cx.cite(&rules::PIPELINING);
            }
            earlier = true;
            self.counters.streams += 1;
            let Some(reply) = self.answer(&message, Transport::Tcp, cx) else { continue };
            cx.send(conn, frame(&reply));
            if let Some(link) = self.links.get_mut(&conn) {
                link.answered += 1;
            }
        }
        if earlier {
            cx.arm(ServerTimer::Idle(conn), self.config.idle);
        }
    }

    /// The client will send no more: all that it asked has been answered.
    fn finished(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(link) = self.links.get(&conn) else { return };
        if link.phase == Phase::Open {
            cx.cite(&rules::TEARDOWN);
            cx.finish(conn);
        }
        self.forget(conn, cx);
    }

    fn forget(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        if self.links.remove(&conn).is_some() {
            cx.disarm(ServerTimer::Idle(conn));
            cx.disarm(ServerTimer::Linger(conn));
        }
    }

    fn rang(&mut self, timer: ServerTimer, cx: &mut Context<'_, Self>) {
        match timer {
            ServerTimer::Idle(conn) => {
                let Some(link) = self.links.get_mut(&conn) else { return };
                link.phase = Phase::Closing;
                cx.cite(&rules::IDLE_STREAM);
                cx.emit(Event::TimedOut { conn });
                cx.finish(conn);
                cx.arm(ServerTimer::Linger(conn), self.config.linger);
            }
            ServerTimer::Linger(conn) => {
                cx.cite(&rules::TEARDOWN);
                cx.abort(conn);
                self.forget(conn, cx);
            }
        }
    }

    fn command(&mut self, command: Command, cx: &mut Context<'_, Self>) {
        let (name, change) = match &command {
            Command::Set(record) => (&record.name, Change::Replace(record.clone())),
            Command::Add(record) => (&record.name, Change::Add(record.clone())),
            Command::Move { name, to } => (name, Change::Move(*to)),
            Command::Remove { name, kind } => (name, Change::Remove(*kind)),
        };
        match self.zones.change(name, change) {
            Ok(()) => {
                cx.cite(&rules::SERIAL);
                cx.emit(Event::Changed(command));
            }
            Err(why) => cx.emit(Event::Unchanged { command, why }),
        }
    }
}

impl Endpoint for Server {
    type Command = Command;
    type Event = Event;
    type Timer = ServerTimer;

    fn handle(&mut self, input: Input<Self>, cx: &mut Context<'_, Self>) {
        match input {
            Input::Start => self.start(cx),
            Input::Command(command) => self.command(command, cx),
            Input::Opened { conn, peer, port: Some(_) } => self.opened(conn, peer, cx),
            // It dials nobody.
            Input::Opened { conn, port: None, .. } => cx.abort(conn),
            Input::Datagram { from, bytes, .. } => self.datagram(from, &bytes, cx),
            Input::Data { conn, bytes } => self.received(conn, &bytes, cx),
            Input::Finished { conn } => self.finished(conn, cx),
            Input::Lost { conn, .. } => self.forget(conn, cx),
            Input::Timer(timer) => self.rang(timer, cx),
            // It answers names and looks none up.
            Input::Answered { .. } => {}
        }
    }

    fn view(&self, _: Time) -> View {
        self.shown()
    }

    fn state(&self, _: Time) -> Cow<'static, str> {
        self.label().into()
    }

    fn commands(&self) -> &'static [&'static str] {
        &[
            "set NAME TTL TYPE DATA",
            "add NAME TTL TYPE DATA",
            "move NAME ADDRESS",
            "remove NAME TYPE",
        ]
    }
}

impl Timer for ServerTimer {
    fn name(&self) -> &'static str {
        match self {
            ServerTimer::Idle(_) => "idle",
            ServerTimer::Linger(_) => "linger",
        }
    }

    fn about(&self) -> u64 {
        match self {
            ServerTimer::Idle(conn) | ServerTimer::Linger(conn) => u64::from(conn.0),
        }
    }
}
