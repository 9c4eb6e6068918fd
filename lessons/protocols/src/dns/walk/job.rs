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
    /// Zones that were referred to.
    pub referred: Vec<Name>,
    /// Name servers whose addresses were looked up, and what was found.
    pub found: Vec<(Name, Vec<IpAddr>)>,
    /// What it waits for.
    pub wait: Wait,
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
            referred: Vec::new(),
            found: Vec::new(),
            wait: Wait::Nothing,
        }
    }

    /// It asks for another name from now on: what was found out about servers no longer counts.
    pub fn go_on_with(&mut self, name: Name) {
        self.name = name;
        self.useless.clear();
        self.referred.clear();
    }

    /// It no longer waits.
    pub fn wake(&mut self) -> &mut Job {
        self.wait = Wait::Nothing;
        self
    }

    /// The addresses that were found for a name server.
    pub fn addresses_of(&self, server: &Name) -> impl Iterator<Item = IpAddr> {
        let found = self.found.iter().filter(move |(name, _)| name == server);
        found.flat_map(|(_, addresses)| addresses.iter().copied())
    }
}
