//! Finding an answer from the root down: the search of RFC 1034 section 5.3.3 as a machine.
//!
//! A recursive resolver and a client that traces a name both search with it. Each question is a
//! [`Job`]; a job may need another, for the address of a name server, and waits for it then. What
//! happened on the way is kept as [`Notice`]s for whoever owns the machine.

mod hear;
mod job;
mod servers;
#[cfg(test)]
mod tests;

use core::fmt;
use core::net::SocketAddr;
use core::time::Duration;
use std::collections::{BTreeMap, VecDeque};

pub use job::JobId;
use job::{Job, Wait};

use super::asking_rules as rules;
use super::cache::{Cache, Recall, Trust};
use super::outstanding::{Asked, Outstanding, Patience, QueryId, Settled, Sink};
use super::stub::MAX_ALIASES;
use super::{Name, Question, Record, RecordType};
use crate::endpoint::Conn;
use crate::wire::Time;

/// Searches that are under way, and what has been learnt by them.
#[derive(Clone, Debug)]
pub struct Walk {
    hints: Vec<SocketAddr>,
    port: u16,
    cache: Cache,
    outstanding: Outstanding,
    jobs: BTreeMap<JobId, Job>,
    next: u32,
    /// Queries sent for each question from outside and all that it needs.
    spent: BTreeMap<JobId, u32>,
    /// Questions from outside that were not answered, each with until when they fail at once.
    failures: BTreeMap<Question, Time>,
    /// Jobs that can go on.
    ready: VecDeque<JobId>,
    notices: Vec<Notice>,
}

/// Something that a search came upon.
#[derive(Clone, PartialEq, Debug)]
pub enum Notice {
    /// `referral to ZONE from SERVER`: the servers of a nearer zone were named.
    Referral {
        /// The zone.
        zone: Name,
        /// Who named them.
        from: SocketAddr,
    },
    /// `alias NAME is NAME`.
    Alias {
        /// The name that was asked for.
        name: Name,
        /// The one to ask for instead.
        canonical: Name,
    },
    /// `lame SERVER for ZONE`: it was named for the zone and knows nothing of it.
    Lame {
        /// The zone.
        zone: Name,
        /// The server.
        server: SocketAddr,
    },
    /// `thrown away NAME TYPE from SERVER`: out of bailiwick.
    ThrownAway {
        /// The owner of the record.
        name: Name,
        /// Its type.
        kind: RecordType,
        /// Who sent it.
        from: SocketAddr,
    },
    /// A question is settled.
    Done {
        /// The search.
        job: JobId,
        /// What it asked.
        question: Question,
        /// The aliases that lead to the canonical name, in order.
        aliases: Vec<Record>,
        /// What was found there.
        outcome: Outcome,
    },
}

/// What a search found.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    /// Records, at least one.
    Records(Vec<Record>),
    /// The name does not exist; the SOA record of its zone where there was one.
    NoSuchName(Option<Record>),
    /// The name has no record of the type; the SOA record of its zone where there was one.
    NoSuchRecord(Option<Record>),
    /// No server could say, or the limits of RFC 1034 section 5.3.1 were reached.
    Failed,
}

impl Walk {
    /// A search that knows the addresses of the root's servers, and at which port the servers of
    /// all other zones are.
    pub fn new(hints: Vec<SocketAddr>, port: u16) -> Walk {
        Walk {
            hints,
            port,
            cache: Cache::new(CAPACITY),
            outstanding: Outstanding::new(PATIENCE).with_edns(PAYLOAD_SIZE),
            jobs: BTreeMap::new(),
            next: 0,
            spent: BTreeMap::new(),
            failures: BTreeMap::new(),
            ready: VecDeque::new(),
            notices: Vec::new(),
        }
    }

    /// The same, with its queries numbered from here on: for who owns two tables of them.
    pub fn numbered_from(mut self, first: u32) -> Walk {
        self.outstanding = self.outstanding.numbered_from(first);
        self
    }

    /// Never asks from this port.
    pub fn reserve(&mut self, port: u16) {
        self.outstanding.reserve(port);
    }

    /// What has been learnt.
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// What is waited for.
    pub fn outstanding(&self) -> &Outstanding {
        &self.outstanding
    }

    /// How many searches are under way.
    pub fn len(&self) -> usize {
        self.jobs.len()
    }

    /// Whether no search is under way.
    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// Forgets what has been learnt.
    pub fn clear_cache(&mut self) {
        self.cache.clear();
        self.failures.clear();
    }

    /// Forgets everything, as when the host was off.
    pub fn clear(&mut self) {
        self.clear_cache();
        self.outstanding.clear();
        self.jobs.clear();
        self.spent.clear();
        self.ready.clear();
        self.notices.clear();
    }

    /// The search for this question that is under way, if one is.
    pub fn find(&self, question: &Question) -> Option<JobId> {
        self.jobs.iter().find(|(_, job)| job.question == *question).map(|(id, _)| *id)
    }

    /// Begins to search. The end is a [`Notice::Done`], which may be there at once.
    pub fn begin(&mut self, question: Question, out: &mut dyn Sink) -> JobId {
        let id = JobId(self.next);
        let now = out.now();
        self.failures.retain(|_, until| *until > now);
        let failed = self.failures.contains_key(&question);
        self.add(id, question, id, 0);
        if failed {
            out.cite(&rules::FAILURE);
            self.finish(id, Outcome::Failed, out);
        }
        self.run(out);
        id
    }

    /// Gives a search up; its `Done` is a failure.
    pub fn give_up(&mut self, job: JobId, out: &mut dyn Sink) {
        out.cite(&rules::GIVE_UP);
        if let Some(Wait::Query(query)) = self.jobs.get(&job).map(|job| job.wait) {
            self.outstanding.cancel(query, out);
        }
        self.finish(job, Outcome::Failed, out);
        self.run(out);
    }

    /// What was come upon since the last time.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        core::mem::take(&mut self.notices)
    }

    /// A datagram has come at one of its ports.
    pub fn datagram(&mut self, port: u16, from: SocketAddr, bytes: &[u8], out: &mut dyn Sink) {
        let settled = self.outstanding.datagram(port, from, bytes, out);
        self.settle(settled, out);
    }

    /// A connection of its own is open.
    pub fn opened(&mut self, conn: Conn, out: &mut dyn Sink) {
        self.outstanding.opened(conn, out);
    }

    /// Bytes have come on a connection of its own.
    pub fn data(&mut self, conn: Conn, bytes: &[u8], out: &mut dyn Sink) {
        let settled = self.outstanding.data(conn, bytes, out);
        self.settle(settled, out);
    }

    /// A connection of its own is gone, or the server will send no more on it.
    pub fn lost(&mut self, conn: Conn, out: &mut dyn Sink) {
        let settled = self.outstanding.lost(conn, out);
        self.settle(settled, out);
    }

    /// No answer to a query has come in time.
    pub fn overdue(&mut self, query: QueryId, out: &mut dyn Sink) {
        let settled = self.outstanding.overdue(query, out);
        self.settle(settled, out);
    }

    fn settle(&mut self, settled: Option<Settled>, out: &mut dyn Sink) {
        if let Some(Settled { query, outcome, .. }) = settled {
            let waits = |job: &Job| job.wait == Wait::Query(query);
            let found = self.jobs.iter().find(|(_, job)| waits(job)).map(|(id, _)| *id);
            if let Some(id) = found {
                match outcome {
                    Ok(reply) => self.hear(id, reply, out),
                    Err(_) => self.silence(id),
                }
            }
        }
        self.run(out);
    }

    /// Lets every job go on that can.
    fn run(&mut self, out: &mut dyn Sink) {
        while let Some(id) = self.ready.pop_front() {
            self.advance(id, out);
        }
        self.spent.retain(|family, _| self.jobs.values().any(|job| job.family == *family));
    }

    fn add(&mut self, id: JobId, question: Question, family: JobId, depth: u8) {
        self.next += 1;
        self.spent.entry(family).or_default();
        self.jobs.insert(id, Job::new(question, family, depth));
        self.ready.push_back(id);
    }

    /// The next thing to do for a job: answer from memory, ask, or look a server up.
    fn advance(&mut self, id: JobId, out: &mut dyn Sink) {
        loop {
            let Some(job) = self.jobs.get(&id) else { return };
            let (name, kind) = (job.name.clone(), job.question.kind);
            let now = out.now();
            if let Some(recall) = self.cache.recall(&name, kind, now, Trust::Answer) {
                out.cite(&rules::CACHE_HIT);
                return self.finish(id, recall.into(), out);
            }
            let alias = self.cache.recall(&name, RecordType::Cname, now, Trust::Answer);
            let Some(Recall::Records(aliases)) = alias else { break };
            out.cite(&rules::CACHE_HIT);
            self.follow(id, aliases, out);
        }
        self.seek(id, out);
    }

    /// Takes aliases into account: the search goes on for the canonical name.
    fn follow(&mut self, id: JobId, aliases: Vec<Record>, out: &mut dyn Sink) {
        let Some(job) = self.jobs.get_mut(&id) else { return };
        for alias in aliases {
            let Some(target) = alias.canonical().cloned() else { continue };
            out.cite(&rules::ALIAS);
            let (name, canonical) = (alias.name.clone(), target.clone());
            self.notices.push(Notice::Alias { name, canonical });
            let back = job.aliases.iter().any(|earlier| earlier.name == target);
            job.aliases.push(alias);
            job.go_on_with(target);
            if back || job.aliases.len() > MAX_ALIASES {
                out.cite(&rules::ALIAS_LIMIT);
                return self.finish(id, Outcome::Failed, out);
            }
        }
    }

    /// Sends a query, if the family of the job may still send one.
    fn ask(&mut self, id: JobId, zone: Name, servers: Vec<SocketAddr>, out: &mut dyn Sink) {
        let Some(job) = self.jobs.get_mut(&id) else { return };
        let spent = self.spent.entry(job.family).or_default();
        *spent += 1;
        if *spent > MAX_QUERIES {
            out.cite(&rules::WORK_LIMIT);
            return self.finish(id, Outcome::Failed, out);
        }
        out.cite(if zone.is_root() { &rules::ROOT_HINTS } else { &rules::NEAREST });
        let question = Question::new(job.name.clone(), job.question.kind);
        (job.zone, job.asked) = (zone, servers.clone());
        let asked = Asked { question, recursion: false, servers, tcp: false };
        match self.outstanding.ask(asked, out) {
            Some(query) => job.wait = Wait::Query(query),
            None => self.finish(id, Outcome::Failed, out),
        }
    }

    /// A job is over: whoever waits for it goes on.
    fn finish(&mut self, id: JobId, outcome: Outcome, out: &mut dyn Sink) {
        let Some(job) = self.jobs.remove(&id) else { return };
        // A lookup within another may fail for a reason of that one's alone, such as its depth.
        let from_outside = job.depth == 0 && outcome == Outcome::Failed;
        if from_outside && self.failures.len() < MAX_FAILURES {
            let until = out.now() + FAILURE_TIME;
            self.failures.entry(job.question.clone()).or_insert(until);
        }
        let addresses: Vec<_> = match &outcome {
            Outcome::Records(records) => records.iter().filter_map(Record::address).collect(),
            Outcome::NoSuchName(_) | Outcome::NoSuchRecord(_) | Outcome::Failed => Vec::new(),
        };
        for (other_id, other) in &mut self.jobs {
            if other.wait == Wait::Job(id) {
                let name = job.question.name.clone();
                other.wake().found.push((name, addresses.clone()));
                self.ready.push_back(*other_id);
            }
        }
        let Job { question, aliases, .. } = job;
        self.notices.push(Notice::Done { job: id, question, aliases, outcome });
    }
}

impl From<Recall> for Outcome {
    fn from(recall: Recall) -> Outcome {
        match recall {
            Recall::Records(records) => Outcome::Records(records),
            Recall::NoSuchName(soa) => Outcome::NoSuchName(Some(soa)),
            Recall::NoSuchRecord(soa) => Outcome::NoSuchRecord(Some(soa)),
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Notice::Referral { zone, from } => write!(f, "referral to {zone} from {from}"),
            Notice::Alias { name, canonical } => write!(f, "alias {name} is {canonical}"),
            Notice::Lame { zone, server } => write!(f, "lame {server} for {zone}"),
            Notice::ThrownAway { name, kind, from } => {
                write!(f, "thrown away {name} {kind} from {from}")
            }
            Notice::Done { question, outcome, .. } => write!(f, "done {question}: {outcome}"),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Records(records) => {
                let data: Vec<String> = records.iter().map(|r| r.data.to_string()).collect();
                f.write_str(&data.join(", "))
            }
            Outcome::NoSuchName(_) => write!(f, "no such name"),
            Outcome::NoSuchRecord(_) => write!(f, "no such record"),
            Outcome::Failed => write!(f, "failed"),
        }
    }
}

/// What BIND begins with, rounded up; three rounds end before a user's patience.
const PATIENCE: Patience = Patience { first: Duration::from_secs(1), rounds: 3 };

/// With the headers of IPv6 and UDP it fits into 1280 bytes, which every path must carry.
const PAYLOAD_SIZE: u16 = 1232;

/// Sets of records that are remembered: all that a lesson's or a class's names need.
const CAPACITY: usize = 4096;

/// How long a question that could not be answered fails at once. RFC 2308 section 7.1 allows five
/// minutes; a few seconds stop a crowd of askers and let whoever repairs a server see it work.
const FAILURE_TIME: Duration = Duration::from_secs(5);

/// Failures that are remembered: as many as searches may be under way.
const MAX_FAILURES: usize = 256;

/// Queries for one question with all lookups that it needs. Ordinary names need fewer than ten;
/// BIND allows 50 for each, Unbound 128.
pub const MAX_QUERIES: u32 = 50;
