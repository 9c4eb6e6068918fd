//! A recursive name server: takes questions, searches from the root down, remembers, answers.
//!
//! It asks over IPv4 and without EDNS: a server that has AAAA records alone is not reached, and an
//! answer of more than 512 bytes comes over TCP.

mod answer;
mod command;
#[cfg(test)]
mod tests;
mod view;

use core::net::SocketAddr;
use core::time::Duration;
use std::borrow::Cow;
use std::collections::BTreeMap;

pub use command::{Command, Event};

use super::asking_rules as rules;
use super::cache::Cache;
use super::codec::Frames;
use super::outstanding::QueryId;
use super::walk::{JobId, Notice, Walk};
use super::{DNS, DNS_PORT, DNS_TCP, Message};
use crate::endpoint::{Conn, Context, Endpoint, Input, Timer, View};
use crate::wire::Time;

/// A recursive name server.
#[derive(Clone, Debug)]
pub struct Resolver {
    config: Config,
    walk: Walk,
    /// Who waits for each search.
    clients: BTreeMap<JobId, Vec<Client>>,
    /// Connections that clients have opened.
    links: BTreeMap<Conn, Link>,
    answered: u64,
}

/// How a recursive name server is set up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// The port that it listens at, for datagrams and connections.
    pub port: u16,
    /// The addresses of the root's servers.
    pub hints: Vec<SocketAddr>,
    /// The port of all other servers: 53 but in tests without privileges.
    pub servers_port: u16,
}

impl Config {
    /// The usual ports, with the addresses of the root's servers.
    pub fn new(roots: impl IntoIterator<Item = core::net::IpAddr>) -> Config {
        let hints = roots.into_iter().map(|ip| SocketAddr::new(ip, DNS_PORT)).collect();
        Config { port: DNS_PORT, hints, servers_port: DNS_PORT }
    }
}

/// Somebody who waits for an answer.
#[derive(Clone, Debug)]
struct Client {
    query: Message,
    from: From,
}

/// A connection that a client has opened.
#[derive(Clone, Debug, Default)]
struct Link {
    read: Frames,
    /// Whether the client has said that it sends no more.
    ended: bool,
}

/// Where a question came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum From {
    Datagram(SocketAddr),
    Stream(Conn),
}

/// The alarms of a recursive name server.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ResolverTimer {
    /// No answer to this query has come.
    Query(QueryId),
    /// This search has taken too long for whoever waits.
    GiveUp(JobId),
    /// Nothing has come on this connection for long.
    Idle(Conn),
}

impl Resolver {
    /// A server that has not started and knows nothing but the root's addresses.
    pub fn new(config: Config) -> Resolver {
        let mut walk = Walk::new(config.hints.clone(), config.servers_port);
        walk.reserve(config.port);
        let (clients, links) = (BTreeMap::new(), BTreeMap::new());
        Resolver { config, walk, clients, links, answered: 0 }
    }

    /// What it remembers.
    pub fn cache(&self) -> &Cache {
        self.walk.cache()
    }

    /// Memory is gone when it is switched on again: a cache does not outlive its program.
    fn start(&mut self, cx: &mut Context<'_, Self>) {
        self.walk.clear();
        self.clients.clear();
        self.links.clear();
        self.answered = 0;
        cx.bind(self.config.port, &DNS);
        cx.listen(self.config.port, &DNS_TCP);
    }

    fn datagram(&mut self, port: u16, from: SocketAddr, bytes: &[u8], cx: &mut Context<'_, Self>) {
        match port == self.config.port {
            true => self.query(From::Datagram(from), bytes, cx),
            false => self.walk.datagram(port, from, bytes, cx),
        }
    }

    fn data(&mut self, conn: Conn, bytes: &[u8], cx: &mut Context<'_, Self>) {
        match self.links.get_mut(&conn) {
            Some(link) => link.read.receive(bytes),
            None => return self.walk.data(conn, bytes, cx),
        }
        cx.arm(ResolverTimer::Idle(conn), IDLE);
        while let Some(message) = self.next_frame(conn) {
            self.query(From::Stream(conn), &message, cx);
        }
    }

    fn accepted(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        if self.links.len() >= MAX_LINKS {
            return cx.abort(conn);
        }
        self.links.insert(conn, Link::default());
        cx.arm(ResolverTimer::Idle(conn), IDLE);
    }

    /// The next whole message that a client has sent on its connection.
    fn next_frame(&mut self, conn: Conn) -> Option<bytes::Bytes> {
        self.links.get_mut(&conn)?.read.next_frame()
    }

    /// The client will send no more. What it still waits for is sent first.
    fn finished(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        match self.links.get_mut(&conn) {
            Some(link) => {
                link.ended = true;
                self.close_when_done(conn, cx);
            }
            None => self.walk.lost(conn, cx),
        }
    }

    /// Ends a connection whose client sends no more and waits for nothing.
    fn close_when_done(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        if self.links.get(&conn).is_some_and(|link| link.ended) && !self.waits(conn) {
            self.close(conn, cx);
        }
    }

    /// Nothing has come on a connection for long: it is ended, unless an answer is owed there
    /// (RFC 7766 section 6.2.3 counts a connection as idle only then).
    fn idle(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        match self.waits(conn) {
            true => cx.arm(ResolverTimer::Idle(conn), IDLE),
            false => self.close(conn, cx),
        }
    }

    fn lost(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        match self.links.remove(&conn) {
            Some(_) => {
                cx.disarm(ResolverTimer::Idle(conn));
                for clients in self.clients.values_mut() {
                    clients.retain(|client| client.from != From::Stream(conn));
                }
            }
            None => self.walk.lost(conn, cx),
        }
    }

    /// Whether somebody waits for an answer on this connection.
    fn waits(&self, conn: Conn) -> bool {
        self.clients.values().flatten().any(|client| client.from == From::Stream(conn))
    }

    fn close(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        self.links.remove(&conn);
        cx.disarm(ResolverTimer::Idle(conn));
        cx.finish(conn);
    }

    /// Tells what the search came upon, and answers those whose search is over.
    fn tell(&mut self, cx: &mut Context<'_, Self>) {
        for notice in self.walk.take_notices() {
            if let Notice::Done { job, aliases, outcome, .. } = &notice {
                let clients = self.clients.remove(job).unwrap_or_default();
                if !clients.is_empty() {
                    cx.disarm(ResolverTimer::GiveUp(*job));
                }
                for client in &clients {
                    self.reply(client, aliases, outcome, cx);
                }
                for client in clients {
                    if let From::Stream(conn) = client.from {
                        self.close_when_done(conn, cx);
                    }
                }
            }
            cx.emit(Event::Walked(notice));
        }
    }
}

impl Endpoint for Resolver {
    type Command = Command;
    type Event = Event;
    type Timer = ResolverTimer;

    fn handle(&mut self, input: Input<Self>, cx: &mut Context<'_, Self>) {
        match input {
            Input::Start => self.start(cx),
            Input::Command(Command::Forget) => {
                self.walk.clear_cache();
                cx.emit(Event::Forgotten);
            }
            Input::Opened { conn, port: Some(_), .. } => self.accepted(conn, cx),
            Input::Opened { conn, port: None, .. } => self.walk.opened(conn, cx),
            Input::Datagram { port, from, bytes } => self.datagram(port, from, &bytes, cx),
            Input::Data { conn, bytes } => self.data(conn, &bytes, cx),
            Input::Finished { conn } => self.finished(conn, cx),
            Input::Lost { conn, .. } => self.lost(conn, cx),
            Input::Timer(ResolverTimer::Query(query)) => self.walk.overdue(query, cx),
            Input::Timer(ResolverTimer::GiveUp(job)) => self.walk.give_up(job, cx),
            Input::Timer(ResolverTimer::Idle(conn)) => self.idle(conn, cx),
            // It finds names out itself.
            Input::Answered { .. } => {}
        }
        self.tell(cx);
    }

    fn view(&self, now: Time) -> View {
        self.shown(now)
    }

    fn state(&self, _: Time) -> Cow<'static, str> {
        self.label().into()
    }

    fn commands(&self) -> &'static [&'static str] {
        &["forget"]
    }
}

impl core::convert::From<QueryId> for ResolverTimer {
    fn from(query: QueryId) -> ResolverTimer {
        ResolverTimer::Query(query)
    }
}

impl Timer for ResolverTimer {
    fn name(&self) -> &'static str {
        match self {
            ResolverTimer::Query(_) => "query",
            ResolverTimer::GiveUp(_) => "give up",
            ResolverTimer::Idle(_) => "idle",
        }
    }

    fn about(&self) -> u64 {
        match self {
            ResolverTimer::Query(QueryId(number)) | ResolverTimer::GiveUp(JobId(number)) => {
                u64::from(*number)
            }
            ResolverTimer::Idle(conn) => u64::from(conn.0),
        }
    }
}

/// Less than the fourteen seconds that our own stub resolvers wait: they shall hear that it failed.
const GIVE_UP_AFTER: Duration = Duration::from_secs(12);

/// On the order of seconds (RFC 7766 section 6.2.3).
const IDLE: Duration = Duration::from_secs(10);

/// Connections from clients at once.
const MAX_LINKS: usize = 150;

/// Searches at once: more would only wait for each other's answers.
const MAX_SEARCHES: usize = 256;
