//! One question on its way to an answer.

use core::net::{IpAddr, SocketAddr};

use crate::dns::outstanding::QueryId;
use crate::dns::{Name, Question, Record};

/// The number of a search; never used twice by one machine.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct JobId(pub u32);

/// A search that is under way.
#[derive(Clone, Debug)]
pub(super) struct Job {
    /// What is wanted in the end.
    pub question: Question,
    /// The aliases that were followed.
    pub aliases: Vec<Record>,
    /// The name that is asked for now.
    pub name: Name,
    /// The question from outside that this is part of.
    pub family: JobId,
    /// How many jobs wait for this one, one for the other.
    pub depth: u8,
    /// The zone whose servers are being asked.
    pub zone: Name,
    /// Those servers.
    pub asked: Vec<SocketAddr>,
    /// Servers that did not help, with the zone that they were asked about.
    pub useless: Vec<(Name, SocketAddr)>,
    /// Where it was referred to. A referral holds as long as the job runs, whatever its time to
    /// live: one of no seconds is still there to be followed.
    pub referrals: Vec<Referral>,
    /// Name servers whose addresses were looked up, and what was found.
    pub found: Vec<(Name, Vec<IpAddr>)>,
    /// What it waits for.
    pub wait: Wait,
}

/// The servers of a nearer zone, as a server named them.
#[derive(Clone, Debug)]
pub(super) struct Referral {
    pub zone: Name,
    /// The names of its servers.
    pub servers: Vec<Name>,
    /// The addresses that came along, each with the name of its server.
    pub glue: Vec<(Name, IpAddr)>,
}

/// What a job waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wait {
    /// Its turn.
    Nothing,
    /// An answer.
    Query(QueryId),
    /// The address of a name server.
    Job(JobId),
}

impl Job {
    pub fn new(question: Question, family: JobId, depth: u8) -> Job {
        Job {
            aliases: Vec::new(),
            name: question.name.clone(),
            question,
            family,
            depth,
            zone: Name::root(),
            asked: Vec::new(),
            useless: Vec::new(),
            referrals: Vec::new(),
            found: Vec::new(),
            wait: Wait::Nothing,
        }
    }

    /// It asks for another name from now on: servers that did not know the last may know it.
    pub fn go_on_with(&mut self, name: Name) {
        self.name = name;
        self.useless.clear();
    }

    /// The latest referral to a zone.
    pub fn referral_to(&self, zone: &Name) -> Option<&Referral> {
        self.referrals.iter().rev().find(|referral| referral.zone == *zone)
    }

    /// It no longer waits.
    pub fn wake(&mut self) -> &mut Job {
        self.wait = Wait::Nothing;
        self
    }

    /// The addresses that were found for a name server or came with the referral to it.
    pub fn addresses_of(&self, server: &Name) -> impl Iterator<Item = IpAddr> {
        let found = self.found.iter().filter(move |(name, _)| name == server);
        let glue = self.referrals.iter().flat_map(|referral| &referral.glue);
        let glue = glue.filter(move |(name, _)| name == server).map(|(_, address)| *address);
        found.flat_map(|(_, addresses)| addresses.iter().copied()).chain(glue)
    }
}
