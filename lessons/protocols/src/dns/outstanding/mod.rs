//! The table of outstanding queries: what has been asked, from which port, of whom, under which
//! id, and until when the answer is waited for.
//!
//! A stub resolver, a recursive resolver and a client at the command line all ask through one. It
//! tries the servers of a query in turn, waits longer each round, goes to TCP when an answer is
//! cut off, and believes nothing that does not match what was asked.

#[cfg(test)]
pub(crate) mod bench;
mod edns;
mod receive;
mod sink;
#[cfg(test)]
mod tests;
mod view;

use core::net::SocketAddr;
use core::time::Duration;
use std::collections::BTreeMap;

use edns::{PLAIN_ROUND, Plain};
pub use sink::{QueryId, Sink};

use crate::dns::asking_rules as rules;
use crate::dns::codec::{self, Frames};
use crate::dns::{Edns, Message, Question};
use crate::endpoint::Conn;
use crate::wire::Time;

/// Queries that wait for their answers.
#[derive(Clone, Debug)]
pub struct Outstanding {
    patience: Patience,
    /// The largest datagram that it takes, which it says with EDNS; none if it speaks none.
    payload_size: Option<u16>,
    plain: Plain,
    queries: BTreeMap<QueryId, Query>,
    next: u32,
    /// Ports that its owner has bound for itself.
    reserved: Vec<u16>,
    /// Connections whose answer has come, until the server has closed its end as well.
    closing: Vec<Conn>,
}

/// How long to wait for answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Patience {
    /// How long the first server has for its answer; twice as long in each further round.
    pub first: Duration,
    /// How often every server is asked before the query fails.
    pub rounds: u32,
}

/// What is asked, and of whom.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    /// The question.
    pub question: Question,
    /// Whether the server shall find out by asking others (the RD bit).
    pub recursion: bool,
    /// The servers to try, in this order.
    pub servers: Vec<SocketAddr>,
    /// Whether to go to TCP at once.
    pub tcp: bool,
}

/// A query that is over.
#[derive(Clone, PartialEq, Debug)]
pub struct Settled {
    /// Which.
    pub query: QueryId,
    /// What it asked.
    pub question: Question,
    /// What came of it.
    pub outcome: Result<Reply, Unanswered>,
}

/// An answer that matches what was asked.
#[derive(Clone, PartialEq, Debug)]
pub struct Reply {
    /// The server that gave it.
    pub from: SocketAddr,
    /// What it said.
    pub message: Message,
}

/// Why there is no answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unanswered {
    /// No server has said anything.
    TimedOut,
    /// At least one has, but none that it could say: SERVFAIL, REFUSED, FORMERR, NOTIMP or a
    /// message that cannot be read.
    Failed,
}

/// One outstanding query.
#[derive(Clone, Debug)]
struct Query {
    asked: Asked,
    /// Index of the server that is being asked.
    server: usize,
    /// How often all of them have been asked before, counted from 0.
    round: u32,
    /// Servers that have said that they cannot say; they are not asked again.
    refused: Vec<usize>,
    /// The id of the message that is on its way.
    id: u16,
    /// Whether that message has an OPT record.
    offers_edns: bool,
    via: Via,
    /// Until when the answer is waited for.
    until: Time,
}

/// How a query travels.
#[derive(Clone, Debug)]
enum Via {
    Udp { port: u16 },
    Tcp { conn: Conn, read: Frames },
}

impl Outstanding {
    /// An empty table.
    pub fn new(patience: Patience) -> Outstanding {
        Outstanding {
            patience,
            payload_size: None,
            plain: Plain::default(),
            queries: BTreeMap::new(),
            next: 0,
            reserved: Vec::new(),
            closing: Vec::new(),
        }
    }

    /// The same, asking with EDNS wherever a server understands it, for datagrams of up to so many
    /// bytes (RFC 6891).
    pub fn with_edns(mut self, payload_size: u16) -> Outstanding {
        self.payload_size = Some(payload_size);
        self
    }

    /// The same, with its queries numbered from here on: for who owns two tables.
    pub fn numbered_from(mut self, first: u32) -> Outstanding {
        self.next = first;
        self
    }

    /// Whether a query of this number waits.
    pub fn has(&self, query: QueryId) -> bool {
        self.queries.contains_key(&query)
    }

    /// Never asks from this port.
    pub fn reserve(&mut self, port: u16) {
        self.reserved.push(port);
    }

    /// Asks. There must be a server to ask: without one the query fails at once, and nothing is
    /// returned.
    pub fn ask(&mut self, asked: Asked, out: &mut dyn Sink) -> Option<QueryId> {
        if asked.servers.is_empty() {
            return None;
        }
        let query = QueryId(self.next);
        self.next += 1;
        let tcp = asked.tcp;
        let (until, via) = (out.now(), Via::Udp { port: 0 });
        let (refused, offers_edns) = (Vec::new(), false);
        let new = Query { asked, server: 0, round: 0, refused, id: 0, offers_edns, via, until };
        self.queries.insert(query, new);
        match tcp {
            true => self.dial(query, out),
            false => self.send(query, out),
        }
        Some(query)
    }

    /// Asks no longer.
    pub fn cancel(&mut self, query: QueryId, out: &mut dyn Sink) {
        if let Some(over) = self.queries.remove(&query) {
            out.disarm(query);
            let_go(&over.via, out);
        }
    }

    /// Forgets everything without a word, as when the host was off.
    pub fn clear(&mut self) {
        self.queries.clear();
        self.closing.clear();
        self.plain.clear();
    }

    /// How many queries wait.
    pub fn len(&self) -> usize {
        self.queries.len()
    }

    /// Whether no query waits.
    pub fn is_empty(&self) -> bool {
        self.queries.is_empty()
    }

    /// Whether a UDP port is one of its own.
    pub fn has_port(&self, port: u16) -> bool {
        self.queries
            .values()
            .any(|query| matches!(query.via, Via::Udp { port: own } if own == port))
    }

    /// Whether a connection is one of its own.
    pub fn has_conn(&self, conn: Conn) -> bool {
        self.closing.contains(&conn) || self.by_conn(conn).is_some()
    }

    /// The server that a query waits for.
    pub fn server_of(&self, query: QueryId) -> Option<SocketAddr> {
        let query = self.queries.get(&query)?;
        query.asked.servers.get(query.server).copied()
    }

    /// What a query asks.
    pub fn question_of(&self, query: QueryId) -> Option<&Question> {
        self.queries.get(&query).map(|query| &query.asked.question)
    }

    /// Nothing has come in time.
    pub fn overdue(&mut self, query: QueryId, out: &mut dyn Sink) -> Option<Settled> {
        out.cite(&rules::RETRY);
        self.next_server(query, out)
    }

    fn by_conn(&self, conn: Conn) -> Option<QueryId> {
        let is_it = |query: &&Query| matches!(query.via, Via::Tcp { conn: own, .. } if own == conn);
        self.queries.iter().find(|(_, query)| is_it(query)).map(|(id, _)| *id)
    }

    /// Sends a query as a datagram, with a new id from a new port.
    fn send(&mut self, id: QueryId, out: &mut dyn Sink) {
        let port = self.fresh_port(out);
        let wait = self.wait(id);
        let Some(query) = self.queries.get_mut(&id) else { return };
        let Some(to) = query.asked.servers.get(query.server).copied() else { return };
        query.via = Via::Udp { port };
        query.until = out.now() + wait;
        let Some(message) = self.message(id, out) else { return };
        let bytes = codec::write(&message).into();
        out.cite(&rules::RANDOM_PORT);
        out.bind(port);
        out.send_to(port, to, bytes);
        out.arm(id, wait);
    }

    /// The message that asks, under a new id, with an OPT record where the server may understand
    /// one.
    fn message(&mut self, id: QueryId, out: &mut dyn Sink) -> Option<Message> {
        let query = self.queries.get_mut(&id)?;
        let to = query.asked.servers.get(query.server).copied()?;
        // The upper bits of the generator are its better ones.
        query.id = (out.random() >> u32::BITS) as u16;
        out.cite(&rules::RANDOM_ID);
        let Question { name, kind, .. } = query.asked.question.clone();
        let mut message = Message::query(query.id, name, kind);
        message.header.recursion_desired = query.asked.recursion;
        let willing = self.payload_size.filter(|_| !self.plain.has(to, out.now()));
        let silent = query.round >= PLAIN_ROUND;
        message.edns = willing.filter(|_| !silent).map(Edns::new);
        query.offers_edns = message.edns.is_some();
        if willing.is_some() {
            out.cite(if silent { &rules::EDNS_SILENCE } else { &rules::EDNS_OFFERED });
        }
        Some(message)
    }

    /// Asks the same server over TCP.
    fn dial(&mut self, id: QueryId, out: &mut dyn Sink) {
        let Some(query) = self.queries.get_mut(&id) else { return };
        let Some(to) = query.asked.servers.get(query.server).copied() else { return };
        out.cite(&rules::TCP);
        let conn = out.dial(to);
        query.via = Via::Tcp { conn, read: Frames::default() };
        query.until = out.now() + TCP_WAIT;
        out.arm(id, TCP_WAIT);
    }

    /// Goes on with the next server that has not refused, or ends the query.
    fn next_server(&mut self, id: QueryId, out: &mut dyn Sink) -> Option<Settled> {
        let rounds = self.patience.rounds;
        let query = self.queries.get_mut(&id)?;
        out.disarm(id);
        let_go(&query.via, out);
        let count = query.asked.servers.len();
        while query.round < rounds && query.refused.len() < count {
            query.server += 1;
            if query.server >= count {
                (query.server, query.round) = (0, query.round + 1);
            }
            if query.round < rounds && !query.refused.contains(&query.server) {
                match query.asked.tcp {
                    true => self.dial(id, out),
                    false => self.send(id, out),
                }
                return None;
            }
        }
        let over = self.queries.remove(&id)?;
        let why = match over.refused.is_empty() {
            true => Unanswered::TimedOut,
            false => Unanswered::Failed,
        };
        let question = over.asked.question;
        Some(Settled { query: id, question, outcome: Err(why) })
    }

    /// How long the present round waits (RFC 1035 section 4.2.1 leaves the figures open).
    fn wait(&self, id: QueryId) -> Duration {
        let round = self.queries.get(&id).map_or(0, |query| query.round);
        self.patience.first * 2u32.saturating_pow(round)
    }

    /// A port by chance that no other query has.
    fn fresh_port(&self, out: &mut dyn Sink) -> u16 {
        loop {
            let span = u64::from(u16::MAX - FIRST_PORT) + 1;
            let port = FIRST_PORT + ((out.random() >> u32::BITS) % span) as u16;
            if !self.has_port(port) && !self.reserved.contains(&port) {
                return port;
            }
        }
    }
}

/// Gives up the port or connection of a query.
fn let_go(via: &Via, out: &mut dyn Sink) {
    match via {
        Via::Udp { port } => out.unbind(*port),
        Via::Tcp { conn, .. } => out.abort(*conn),
    }
}

/// The first of the ports that queries are sent from: those below may be wanted by servers
/// (RFC 6056 section 3.2 would have the range as large as can be).
const FIRST_PORT: u16 = 10_000;

/// How long a server has over TCP for handshake and answer: time for a lost SYN to be sent again.
pub const TCP_WAIT: Duration = Duration::from_secs(4);
