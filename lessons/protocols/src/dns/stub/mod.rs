//! The stub resolver: what an operating system does when a program asks for a name.
//!
//! It knows the addresses of recursive servers, asks them, follows aliases, and remembers what it
//! was told as long as it may. It is a machine without a program around it: whoever owns it hands
//! it what comes in and carries out what it appends to the [`Sink`].

#[cfg(test)]
mod tests;
mod view;

use core::net::SocketAddr;
use core::time::Duration;
use std::collections::BTreeMap;

use super::asking_rules as rules;
use super::cache::{Cache, Origin, Recall, Trust};
use super::outstanding::{Asked, Outstanding, Patience, QueryId, Settled, Sink, Unanswered};
use super::said::{What, said};
use super::{Class, Message, Name, Question, Record, RecordType};
use crate::endpoint::{Conn, LookupError};

/// A stub resolver.
#[derive(Clone, Debug)]
pub struct Stub {
    servers: Vec<SocketAddr>,
    outstanding: Outstanding,
    cache: Cache,
    /// Who waits for what each query asks.
    waiting: BTreeMap<QueryId, Vec<Waiter>>,
}

/// The number by which whoever asks knows the question again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Ticket(pub u32);

/// What came of a question.
#[derive(Clone, PartialEq, Debug)]
pub struct Told {
    /// Which question.
    pub ticket: Ticket,
    /// The aliases on the way and then the records, at least one; or why there are none.
    pub answer: Result<Vec<Record>, LookupError>,
}

/// What is sought, and from whom it will do.
#[derive(Clone, Debug)]
struct Sought {
    name: Name,
    kind: RecordType,
    /// What is remembered and trusted less than this is passed over.
    least: Trust,
}

/// Somebody who waits for a question, with the aliases that led to it.
#[derive(Clone, Debug)]
struct Waiter {
    ticket: Ticket,
    aliases: Vec<Record>,
}

impl Default for Stub {
    /// One that knows nobody to ask.
    fn default() -> Stub {
        Stub::new(Vec::new())
    }
}

impl Stub {
    /// A stub resolver that asks these servers, in this order.
    pub fn new(servers: Vec<SocketAddr>) -> Stub {
        Stub {
            servers,
            outstanding: Outstanding::new(PATIENCE),
            cache: Cache::new(CAPACITY),
            waiting: BTreeMap::new(),
        }
    }

    /// Asks for the records of a name. The answer may come at once.
    pub fn ask(
        &mut self,
        ticket: Ticket,
        name: &Name,
        kind: RecordType,
        out: &mut dyn Sink,
    ) -> Vec<Told> {
        let sought = Sought { name: name.clone(), kind, least: Trust::Answer };
        self.seek_for(ticket, sought, out)
    }

    /// Asks for the addresses of a host that is to be connected to. Those that came on the side of
    /// another answer will do, where [`Stub::ask`] would want an answer about the host itself.
    pub fn ask_host(&mut self, ticket: Ticket, host: &Name, out: &mut dyn Sink) -> Vec<Told> {
        let sought = Sought { name: host.clone(), kind: RecordType::A, least: Trust::Glue };
        self.seek_for(ticket, sought, out)
    }

    fn seek_for(&mut self, ticket: Ticket, sought: Sought, out: &mut dyn Sink) -> Vec<Told> {
        let mut told = Vec::new();
        self.seek(vec![Waiter { ticket, aliases: Vec::new() }], sought, out, &mut told);
        told
    }

    /// Whoever holds this ticket no longer waits. The query goes on, for the cache.
    pub fn forget(&mut self, ticket: Ticket) {
        for waiters in self.waiting.values_mut() {
            waiters.retain(|waiter| waiter.ticket != ticket);
        }
    }

    /// Forgets every question and answer, as when the host was off.
    pub fn clear(&mut self) {
        self.outstanding.clear();
        self.waiting.clear();
        self.cache.clear();
    }

    /// Forgets every answer.
    pub fn clear_cache(&mut self) {
        self.cache.clear();
    }

    /// What it remembers.
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// What it waits for.
    pub fn outstanding(&self) -> &Outstanding {
        &self.outstanding
    }

    /// A datagram has come at one of its ports.
    pub fn datagram(
        &mut self,
        port: u16,
        from: SocketAddr,
        bytes: &[u8],
        out: &mut dyn Sink,
    ) -> Vec<Told> {
        let settled = self.outstanding.datagram(port, from, bytes, out);
        self.settle(settled, out)
    }

    /// A connection of its own is open.
    pub fn opened(&mut self, conn: Conn, out: &mut dyn Sink) {
        self.outstanding.opened(conn, out);
    }

    /// Bytes have come on a connection of its own.
    pub fn data(&mut self, conn: Conn, bytes: &[u8], out: &mut dyn Sink) -> Vec<Told> {
        let settled = self.outstanding.data(conn, bytes, out);
        self.settle(settled, out)
    }

    /// A connection of its own is gone, or the server will send no more on it.
    pub fn lost(&mut self, conn: Conn, out: &mut dyn Sink) -> Vec<Told> {
        let settled = self.outstanding.lost(conn, out);
        self.settle(settled, out)
    }

    /// No answer to a query has come in time.
    pub fn overdue(&mut self, query: QueryId, out: &mut dyn Sink) -> Vec<Told> {
        let settled = self.outstanding.overdue(query, out);
        self.settle(settled, out)
    }

    /// Answers from the cache, joins a query that is on its way, or sends one.
    fn seek(
        &mut self,
        mut waiters: Vec<Waiter>,
        sought: Sought,
        out: &mut dyn Sink,
        told: &mut Vec<Told>,
    ) {
        let Sought { mut name, kind, least } = sought;
        loop {
            let now = out.now();
            let recalled = self.cache.recall(&name, kind, now, least);
            let alias = self.cache.recall(&name, RecordType::Cname, now, Trust::Answer);
            match (recalled, alias) {
                (Some(recall), _) => {
                    out.cite(&rules::CACHE_HIT);
                    return tell(waiters, answer(recall), told);
                }
                (None, Some(Recall::Records(aliases))) => {
                    out.cite(&rules::ALIAS);
                    let Some(target) = aliases.first().and_then(Record::canonical).cloned() else {
                        return;
                    };
                    waiters = follow(waiters, &aliases, told);
                    if waiters.is_empty() {
                        return;
                    }
                    name = target;
                }
                (None, Some(Recall::NoSuchName(_) | Recall::NoSuchRecord(_)) | None) => break,
            }
        }
        self.query(waiters, name, kind, out, told);
    }

    fn query(
        &mut self,
        mut waiters: Vec<Waiter>,
        name: Name,
        kind: RecordType,
        out: &mut dyn Sink,
        told: &mut Vec<Told>,
    ) {
        let question = Question::new(name, kind);
        let same = |id: &QueryId| self.outstanding.question_of(*id) == Some(&question);
        if let Some(id) = self.waiting.keys().copied().find(same) {
            out.cite(&rules::COALESCE);
            self.waiting.entry(id).or_default().append(&mut waiters);
            return;
        }
        if self.outstanding.len() >= MAX_OUTSTANDING {
            out.cite(&rules::GIVE_UP);
            return tell(waiters, Err(LookupError::ServerFailure), told);
        }
        out.cite(&rules::STUB);
        let servers = self.servers.clone();
        let asked = Asked { question, recursion: true, servers, tcp: false };
        match self.outstanding.ask(asked, out) {
            Some(id) => {
                self.waiting.insert(id, waiters);
            }
            None => tell(waiters, Err(LookupError::NoResolver), told),
        }
    }

    fn settle(&mut self, settled: Option<Settled>, out: &mut dyn Sink) -> Vec<Told> {
        let mut told = Vec::new();
        let Some(Settled { query, question, outcome }) = settled else { return told };
        let waiters = self.waiting.remove(&query).unwrap_or_default();
        match outcome {
            Ok(reply) => {
                let trust = Trust::Answer;
                let origin = Origin { from: reply.from, trust, at: out.now() };
                self.take(waiters, &question, &reply.message, origin, out, &mut told);
            }
            Err(Unanswered::TimedOut) => tell(waiters, Err(LookupError::TimedOut), &mut told),
            Err(Unanswered::Failed) => tell(waiters, Err(LookupError::ServerFailure), &mut told),
        }
        told
    }

    /// Remembers what a response says and tells those who wait for it.
    fn take(
        &mut self,
        waiters: Vec<Waiter>,
        question: &Question,
        message: &Message,
        origin: Origin,
        out: &mut dyn Sink,
        told: &mut Vec<Told>,
    ) {
        let heard = said(message, question);
        for alias in &heard.aliases {
            self.cache.keep(core::slice::from_ref(alias), origin, out);
        }
        let waiters = follow(waiters, &heard.aliases, told);
        let kind = question.kind;
        match heard.what {
            What::Records(records) => {
                out.cite(&rules::TTL);
                self.cache.keep(&records, origin, out);
                self.keep_beside(&records, message, origin, out);
                tell(waiters, Ok(records), told);
            }
            What::Alias if waiters.is_empty() => {}
            What::Alias => {
                out.cite(&rules::ALIAS);
                let sought = Sought { name: heard.name, kind, least: Trust::Answer };
                self.seek(waiters, sought, out, told);
            }
            What::NoSuchName(soa) => {
                self.keep_nothing(&heard.name, None, soa, origin, out);
                tell(waiters, Err(LookupError::NoSuchName), told);
            }
            What::NoSuchRecord(soa) => {
                self.keep_nothing(&heard.name, Some(kind), soa, origin, out);
                tell(waiters, Err(LookupError::NoSuchRecord), told);
            }
            // A server that was asked to do the whole work and has none of it is taken at its
            // word where it recurses; a referral means that it does not.
            What::Nothing if message.header.recursion_available => {
                tell(waiters, Err(LookupError::NoSuchRecord), told);
            }
            What::Nothing | What::Referral(_) => {
                out.cite(&rules::GIVE_UP);
                tell(waiters, Err(LookupError::ServerFailure), told);
            }
            What::Loop => {
                out.cite(&rules::ALIAS_LIMIT);
                tell(waiters, Err(LookupError::ServerFailure), told);
            }
        }
    }

    /// Keeps the addresses that came along for the hosts that an answer names. A host that is not
    /// below the name that the answer is about is for another zone to speak of.
    fn keep_beside(
        &mut self,
        answer: &[Record],
        message: &Message,
        origin: Origin,
        out: &mut dyn Sink,
    ) {
        let origin = Origin { trust: Trust::Glue, ..origin };
        let mut kept = false;
        for record in answer {
            let Some(host) = record.host().filter(|host| host.is_within(&record.name)) else {
                continue;
            };
            let is_it = |beside: &&Record| {
                beside.name == *host && beside.kind() == RecordType::A && beside.class == Class::In
            };
            let addresses: Vec<Record> =
                message.additionals.iter().filter(is_it).cloned().collect();
            kept |= !addresses.is_empty();
            self.cache.keep(&addresses, origin, out);
        }
        if kept {
            out.cite(&rules::BESIDE);
        }
    }

    fn keep_nothing(
        &mut self,
        name: &Name,
        kind: Option<RecordType>,
        soa: Option<Record>,
        origin: Origin,
        out: &mut dyn Sink,
    ) {
        match soa {
            Some(soa) => {
                out.cite(&rules::NEGATIVE);
                self.cache.keep_nothing(name, kind, &soa, origin);
            }
            None => out.cite(&rules::NEGATIVE_WITHOUT_SOA),
        }
    }
}

/// The answer that is remembered.
fn answer(recall: Recall) -> Result<Vec<Record>, LookupError> {
    match recall {
        Recall::Records(records) => Ok(records),
        Recall::NoSuchName(_) => Err(LookupError::NoSuchName),
        Recall::NoSuchRecord(_) => Err(LookupError::NoSuchRecord),
    }
}

/// Tells everybody who waits, each with the aliases on its way.
fn tell(waiters: Vec<Waiter>, answer: Result<Vec<Record>, LookupError>, told: &mut Vec<Told>) {
    for Waiter { ticket, mut aliases } in waiters {
        let answer = answer.clone().map(|mut records| {
            aliases.append(&mut records);
            aliases
        });
        told.push(Told { ticket, answer });
    }
}

/// Those who wait, further along by these aliases; who has come too far is told so.
fn follow(waiters: Vec<Waiter>, aliases: &[Record], told: &mut Vec<Told>) -> Vec<Waiter> {
    let mut going_on = Vec::new();
    for mut waiter in waiters {
        waiter.aliases.extend_from_slice(aliases);
        match waiter.aliases.len() > MAX_ALIASES {
            true => {
                let answer = Err(LookupError::ServerFailure);
                told.push(Told { ticket: waiter.ticket, answer });
            }
            false => going_on.push(waiter),
        }
    }
    going_on
}

/// The lower end of the two to five seconds of RFC 1035 section 4.2.1, and with doubling long
/// enough for a recursive server to give up first.
pub const PATIENCE: Patience = Patience { first: Duration::from_secs(2), rounds: 3 };

/// Sets of records that are remembered: more than one host's programs ask for in a lesson.
const CAPACITY: usize = 256;

/// Queries that wait at once: each takes a port.
const MAX_OUTSTANDING: usize = 64;

/// Aliases on the way to one answer; the same limit as in other resolvers.
pub(super) const MAX_ALIASES: usize = 16;
