//! A client at the command line, as `dig` is: asks a resolver, a server of one's choice, or goes
//! the way from the root itself.

mod command;
#[cfg(test)]
mod tests;

use core::net::SocketAddr;
use core::time::Duration;
use std::borrow::Cow;
use std::collections::BTreeMap;

pub use command::{Command, Event, Watch};

use super::outstanding::{Asked, Outstanding, Patience, QueryId, Settled};
use super::stub::{Stub, Ticket, Told};
use super::walk::Walk;
use super::{DNS_PORT, Question};
use crate::endpoint::{Conn, Context, Endpoint, Input, Timer, View};
use crate::wire::Time;

/// A client at the command line.
#[derive(Clone, Debug)]
pub struct Client {
    config: Config,
    /// Asks the resolver of the host.
    stub: Stub,
    /// Asks a server that was named.
    direct: Outstanding,
    /// Goes from the root down.
    walk: Walk,
    asked: BTreeMap<Ticket, Question>,
    next: u32,
    /// What is asked again when the alarm rings.
    watch: Option<Watch>,
}

/// Whom a client asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// Its recursive name servers.
    pub resolvers: Vec<SocketAddr>,
    /// The servers of the root, for traces.
    pub hints: Vec<SocketAddr>,
    /// The port of the servers that a trace is referred to.
    pub servers_port: u16,
}

impl Default for Config {
    /// Nobody to ask yet, at the usual port.
    fn default() -> Config {
        Config { resolvers: Vec::new(), hints: Vec::new(), servers_port: DNS_PORT }
    }
}

/// The alarms of a client.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ClientTimer {
    /// No answer to this query has come.
    Query(QueryId),
    /// What is watched is to be asked again.
    Watch,
}

impl Client {
    /// A client that has asked nothing.
    pub fn new(config: Config) -> Client {
        Client {
            stub: Stub::new(config.resolvers.clone()),
            direct: Outstanding::new(PATIENCE).numbered_from(DIRECT),
            walk: Walk::new(config.hints.clone(), config.servers_port).numbered_from(WALK),
            config,
            asked: BTreeMap::new(),
            next: 0,
            watch: None,
        }
    }

    fn command(&mut self, command: Command, cx: &mut Context<'_, Self>) {
        match command {
            Command::Lookup { question, server: None } => {
                let ticket = Ticket(self.next);
                self.next += 1;
                self.asked.insert(ticket, question.clone());
                let told = self.stub.ask(ticket, &question.name, question.kind, cx);
                self.told(told, cx);
            }
            Command::Lookup { question, server: Some(server) } => {
                self.ask(question, vec![server], cx);
            }
            Command::Watch(watch) => self.watch(watch, cx),
            Command::Trace(question) => {
                self.walk.clear_cache();
                self.walk.begin(question, cx);
            }
            Command::Forget => {
                self.stub.clear_cache();
                self.walk.clear_cache();
                cx.emit(Event::Forgotten);
            }
        }
    }

    /// Asks servers directly, past what is remembered.
    fn ask(&mut self, question: Question, servers: Vec<SocketAddr>, cx: &mut Context<'_, Self>) {
        self.direct.ask(Asked { question, recursion: true, servers, tcp: false }, cx);
    }

    /// Asks what is watched, and sets the alarm for the next time if there is one.
    fn watch(&mut self, watch: Watch, cx: &mut Context<'_, Self>) {
        let times = watch.times.saturating_sub(1);
        self.ask(watch.question.clone(), self.config.resolvers.clone(), cx);
        let wait = Duration::from_secs(u64::from(watch.every_s));
        self.watch = (times > 0).then_some(Watch { times, ..watch });
        match &self.watch {
            Some(_) => cx.arm(ClientTimer::Watch, wait),
            None => cx.disarm(ClientTimer::Watch),
        }
    }

    fn datagram(&mut self, port: u16, from: SocketAddr, bytes: &[u8], cx: &mut Context<'_, Self>) {
        if self.stub.outstanding().has_port(port) {
            let told = self.stub.datagram(port, from, bytes, cx);
            self.told(told, cx);
        } else if self.direct.has_port(port) {
            let settled = self.direct.datagram(port, from, bytes, cx);
            settled_of(settled, cx);
        } else {
            self.walk.datagram(port, from, bytes, cx);
        }
    }

    fn opened(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        self.stub.opened(conn, cx);
        self.direct.opened(conn, cx);
        self.walk.opened(conn, cx);
    }

    fn data(&mut self, conn: Conn, bytes: &[u8], cx: &mut Context<'_, Self>) {
        let told = self.stub.data(conn, bytes, cx);
        self.told(told, cx);
        let settled = self.direct.data(conn, bytes, cx);
        settled_of(settled, cx);
        self.walk.data(conn, bytes, cx);
    }

    fn lost(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let told = self.stub.lost(conn, cx);
        self.told(told, cx);
        let settled = self.direct.lost(conn, cx);
        settled_of(settled, cx);
        self.walk.lost(conn, cx);
    }

    fn overdue(&mut self, query: QueryId, cx: &mut Context<'_, Self>) {
        if self.stub.outstanding().has(query) {
            let told = self.stub.overdue(query, cx);
            self.told(told, cx);
        } else if self.direct.has(query) {
            let settled = self.direct.overdue(query, cx);
            settled_of(settled, cx);
        } else {
            self.walk.overdue(query, cx);
        }
    }

    fn told(&mut self, told: Vec<Told>, cx: &mut Context<'_, Self>) {
        for Told { ticket, answer } in told {
            if let Some(question) = self.asked.remove(&ticket) {
                cx.emit(Event::Told { question, answer });
            }
        }
    }
}

fn settled_of(settled: Option<Settled>, cx: &mut Context<'_, Client>) {
    if let Some(Settled { question, outcome, .. }) = settled {
        cx.emit(Event::Said { question, outcome });
    }
}

impl Endpoint for Client {
    type Command = Command;
    type Event = Event;
    type Timer = ClientTimer;

    fn handle(&mut self, input: Input<Self>, cx: &mut Context<'_, Self>) {
        match input {
            // What was in memory is gone when the host is switched on again.
            Input::Start => *self = Client::new(self.config.clone()),
            Input::Command(command) => self.command(command, cx),
            Input::Opened { conn, port: None, .. } => self.opened(conn, cx),
            // It listens nowhere.
            Input::Opened { conn, port: Some(_), .. } => cx.abort(conn),
            Input::Datagram { port, from, bytes } => self.datagram(port, from, &bytes, cx),
            Input::Data { conn, bytes } => self.data(conn, &bytes, cx),
            Input::Finished { conn } | Input::Lost { conn, .. } => self.lost(conn, cx),
            Input::Timer(ClientTimer::Query(query)) => self.overdue(query, cx),
            Input::Timer(ClientTimer::Watch) => {
                if let Some(watch) = self.watch.take() {
                    self.watch(watch, cx);
                }
            }
            // It asks with machines of its own, so that each step is seen.
            Input::Answered { .. } => {}
        }
        for notice in self.walk.take_notices() {
            cx.emit(Event::Walked(notice));
        }
    }

    fn view(&self, now: Time) -> View {
        let mut tables = self.stub.tables(now);
        tables.push(self.direct.table("direct queries", now));
        tables.push(self.walk.outstanding().table("trace queries", now));
        tables.push(self.walk.cache().table("trace cache", now));
        View { state: self.state(now).into_owned(), machines: Vec::new(), tables }
    }

    fn state(&self, _: Time) -> Cow<'static, str> {
        let idle = self.asked.is_empty() && self.direct.is_empty() && self.walk.is_empty();
        if idle { "Idle" } else { "Asking" }.into()
    }

    fn commands(&self) -> &'static [&'static str] {
        command::TEMPLATES
    }
}

impl From<QueryId> for ClientTimer {
    fn from(query: QueryId) -> ClientTimer {
        ClientTimer::Query(query)
    }
}

impl Timer for ClientTimer {
    fn name(&self) -> &'static str {
        match self {
            ClientTimer::Query(_) => "query",
            ClientTimer::Watch => "watch",
        }
    }

    fn about(&self) -> u64 {
        match self {
            ClientTimer::Query(query) => u64::from(query.0),
            ClientTimer::Watch => 0,
        }
    }
}

/// What dig waits: five seconds, three times, counted from shorter waits as ours grow.
const PATIENCE: Patience = Patience { first: Duration::from_secs(2), rounds: 3 };

/// Where the numbers of direct queries begin.
const DIRECT: u32 = 1 << 30;

/// Where the numbers of a trace's queries begin.
const WALK: u32 = 1 << 31;
