//! Whom to ask next.

use core::net::SocketAddr;

use super::job::{Job, JobId, Wait};
use super::{Outcome, Walk};
use crate::dns::asking_rules as rules;
use crate::dns::cache::{Recall, Trust};
use crate::dns::outstanding::Sink;
use crate::dns::{Name, Question, Record, RecordType};
use crate::wire::Time;

/// What to do next for a job.
enum Step {
    Ask { zone: Name, servers: Vec<SocketAddr> },
    LookUp(Name),
    Fail,
}

impl Walk {
    /// Asks the servers of the nearest zone that is known, or looks the address of one up.
    pub(super) fn seek(&mut self, id: JobId, out: &mut dyn Sink) {
        match self.next_step(id, out.now()) {
            Step::Ask { zone, servers } => self.ask(id, zone, servers, out),
            Step::LookUp(server) => self.look_up(id, server, out),
            Step::Fail => {
                out.cite(&rules::GIVE_UP);
                self.finish(id, Outcome::Failed, out);
            }
        }
    }

    fn next_step(&self, id: JobId, now: Time) -> Step {
        let Some(job) = self.jobs.get(&id) else { return Step::Fail };
        for zone in job.name.ancestors() {
            let names = self.servers_of(&zone, job, now);
            if names.is_empty() && !zone.is_root() {
                continue;
            }
            let servers = self.addresses_of(&zone, &names, job, now);
            if !servers.is_empty() {
                return Step::Ask { zone, servers };
            }
            if let Some(name) = names.iter().find(|name| self.may_look_up(id, job, &zone, name)) {
                return Step::LookUp(name.clone());
            }
            // Those above have nothing to add to what they said.
            let tried = job.useless.iter().any(|(about, _)| *about == zone);
            if tried || job.referral_to(&zone).is_some() {
                return Step::Fail;
            }
        }
        Step::Fail
    }

    /// The names of a zone's servers, as far as they are known.
    fn servers_of(&self, zone: &Name, job: &Job, now: Time) -> Vec<Name> {
        match self.cache.recall(zone, RecordType::Ns, now, Trust::Referral) {
            Some(Recall::Records(records)) => {
                records.iter().filter_map(Record::name_server).cloned().collect()
            }
            Some(Recall::NoSuchName(_) | Recall::NoSuchRecord(_)) | None => {
                job.referral_to(zone).map_or_else(Vec::new, |referral| referral.servers.clone())
            }
        }
    }

    /// The addresses of a zone's servers that may still help a job, each once.
    fn addresses_of(&self, zone: &Name, names: &[Name], job: &Job, now: Time) -> Vec<SocketAddr> {
        let mut known: Vec<SocketAddr> = Vec::new();
        for name in names {
            // AAAA records are kept but not followed: the lab's networks carry IPv4.
            let mut addresses = self.cache.addresses(name, now);
            if addresses.is_empty() {
                addresses.extend(job.addresses_of(name));
            }
            known.extend(addresses.into_iter().map(|ip| SocketAddr::new(ip, self.port)));
        }
        if zone.is_root() && known.is_empty() {
            known.clone_from(&self.hints);
        }
        let mut servers: Vec<SocketAddr> = Vec::new();
        for server in known {
            let useless = job.useless.contains(&(zone.clone(), server));
            if !useless && !servers.contains(&server) && servers.len() < MAX_SERVERS {
                servers.push(server);
            }
        }
        servers
    }

    /// Whether looking up the address of a server can help: it does not need the answer itself,
    /// and does not go too deep or too wide.
    fn may_look_up(&self, id: JobId, job: &Job, zone: &Name, server: &Name) -> bool {
        let tried = job.found.iter().any(|(name, _)| name == server);
        let question = Question::new(server.clone(), RecordType::A);
        let circular = self.find(&question).is_some_and(|other| self.leads_to(other, id));
        !tried
            && !circular
            && !server.is_within(zone)
            && job.depth < MAX_DEPTH
            && job.found.len() < MAX_LOOKUPS
    }

    /// Whether a job waits for another, or for one that does.
    fn leads_to(&self, from: JobId, to: JobId) -> bool {
        let next = |id: &JobId| match self.jobs.get(id)?.wait {
            Wait::Job(next) => Some(next),
            Wait::Query(_) | Wait::Nothing => None,
        };
        core::iter::successors(Some(from), next).any(|id| id == to)
    }

    /// Looks up the address of a server: a job of its own, or one that is under way.
    fn look_up(&mut self, id: JobId, server: Name, out: &mut dyn Sink) {
        out.cite(&rules::GLUELESS);
        let question = Question::new(server, RecordType::A);
        let under_way = self.find(&question);
        let helper = under_way.unwrap_or(JobId(self.next));
        let Some(job) = self.jobs.get_mut(&id) else { return };
        job.wait = Wait::Job(helper);
        let (family, depth) = (job.family, job.depth + 1);
        if under_way.is_none() {
            self.add(helper, question, family, depth);
        }
    }
}

/// Servers of one zone that are asked: as many as the root has.
const MAX_SERVERS: usize = 13;

/// How many lookups may need each other in a row: real delegations need two or three.
const MAX_DEPTH: u8 = 6;

/// Addresses of servers that are looked up for one name: more do not help, and a referral to a
/// hundred would have us ask a hundred times (the NXNS attack; Unbound allows five as well).
pub(super) const MAX_LOOKUPS: usize = 5;
