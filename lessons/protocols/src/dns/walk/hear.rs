//! What an answer tells a search, and what of it is believed.

use super::job::{JobId, Referral};
use super::{Notice, Outcome, Walk};
use crate::dns::asking_rules as rules;
use crate::dns::cache::{Origin, Trust};
use crate::dns::outstanding::{Reply, Sink};
use crate::dns::said::{What, said};
use crate::dns::{Class, Message, Name, Question, Record, RecordType};

impl Walk {
    /// A server has answered the query of a job.
    pub(super) fn hear(&mut self, id: JobId, reply: Reply, out: &mut dyn Sink) {
        let Some(job) = self.jobs.get_mut(&id) else { return };
        let (zone, kind) = (job.wake().zone.clone(), job.question.kind);
        let question = Question::new(job.name.clone(), kind);
        let Reply { from, message } = reply;
        let message = self.within(message, &zone, from, out);
        let heard = said(&message, &question);
        let trust = if message.header.authoritative { Trust::Authoritative } else { Trust::Answer };
        let origin = Origin { from, trust, at: out.now() };
        for alias in &heard.aliases {
            self.cache.keep(core::slice::from_ref(alias), origin, out);
        }
        self.follow(id, heard.aliases, out);
        let name = heard.name;
        match heard.what {
            // What a server says about names outside of the zone that it was asked about does not
            // count, nor that they do not exist.
            _ if !name.is_within(&zone) => self.ready.push_back(id),
            What::Records(records) => {
                out.cite(&rules::TTL);
                self.cache.keep(&records, origin, out);
                self.finish(id, Outcome::Records(records), out);
            }
            What::Alias => self.ready.push_back(id),
            What::NoSuchName(soa) => {
                self.keep_nothing(&name, None, soa.as_ref(), origin, out);
                self.finish(id, Outcome::NoSuchName(soa), out);
            }
            What::NoSuchRecord(soa) => {
                self.keep_nothing(&name, Some(kind), soa.as_ref(), origin, out);
                self.finish(id, Outcome::NoSuchRecord(soa), out);
            }
            What::Referral(servers) => self.referred(id, &message, servers, origin, out),
            What::Loop => {
                out.cite(&rules::ALIAS_LIMIT);
                self.finish(id, Outcome::Failed, out);
            }
            What::Nothing => self.lame(id, origin, out),
        }
    }

    /// No server of the zone has answered.
    pub(super) fn silence(&mut self, id: JobId) {
        let Some(job) = self.jobs.get_mut(&id) else { return };
        let zone = job.wake().zone.clone();
        job.useless.extend(job.asked.iter().map(|server| (zone.clone(), *server)));
        self.ready.push_back(id);
    }

    /// A message without what is out of bailiwick.
    fn within(
        &mut self,
        mut message: Message,
        zone: &Name,
        from: core::net::SocketAddr,
        out: &mut dyn Sink,
    ) -> Message {
        let before = self.notices.len();
        let notices = &mut self.notices;
        let sections = [&mut message.answers, &mut message.authorities, &mut message.additionals];
        for section in sections {
            section.retain(|record| {
                let inside = record.name.is_within(zone) && record.class == Class::In;
                if !inside {
                    let (name, kind) = (record.name.clone(), record.kind());
                    notices.push(Notice::ThrownAway { name, kind, from });
                }
                inside
            });
        }
        if self.notices.len() > before {
            out.cite(&rules::BAILIWICK);
        }
        message
    }

    /// The server names those of a nearer zone; if it does not, it is lame.
    fn referred(
        &mut self,
        id: JobId,
        message: &Message,
        servers: Vec<Record>,
        origin: Origin,
        out: &mut dyn Sink,
    ) {
        let Some(job) = self.jobs.get_mut(&id) else { return };
        let Some(zone) = servers.first().map(|record| record.name.clone()) else { return };
        let nearer = zone != job.zone && zone.is_within(&job.zone) && job.name.is_within(&zone);
        if !nearer {
            return self.lame(id, origin, out);
        }
        out.cite(&rules::REFERRAL);
        out.cite(&rules::GLUE_IS_NO_ANSWER);
        let names: Vec<Name> = servers.iter().filter_map(Record::name_server).cloned().collect();
        let mut glue = Vec::new();
        for host in &names {
            for kind in [RecordType::A, RecordType::Aaaa] {
                let is_glue = |r: &&Record| r.name == *host && r.kind() == kind;
                let records: Vec<Record> =
                    message.additionals.iter().filter(is_glue).cloned().collect();
                self.cache.keep(&records, Origin { trust: Trust::Glue, ..origin }, out);
                let v4 = records.iter().filter(|record| record.kind() == RecordType::A);
                glue.extend(v4.filter_map(Record::address).map(|ip| (host.clone(), ip)));
            }
        }
        job.referrals.push(Referral { zone: zone.clone(), servers: names, glue });
        self.cache.keep(&servers, Origin { trust: Trust::Referral, ..origin }, out);
        self.notices.push(Notice::Referral { zone, from: origin.from });
        self.ready.push_back(id);
    }

    fn lame(&mut self, id: JobId, origin: Origin, out: &mut dyn Sink) {
        let Some(job) = self.jobs.get_mut(&id) else { return };
        out.cite(&rules::LAME);
        let (zone, server) = (job.zone.clone(), origin.from);
        job.useless.push((zone.clone(), server));
        self.notices.push(Notice::Lame { zone, server });
        self.ready.push_back(id);
    }

    fn keep_nothing(
        &mut self,
        name: &Name,
        kind: Option<RecordType>,
        soa: Option<&Record>,
        origin: Origin,
        out: &mut dyn Sink,
    ) {
        match soa {
            Some(soa) => {
                out.cite(&rules::NEGATIVE);
                self.cache.keep_nothing(name, kind, soa, origin);
            }
            None => out.cite(&rules::NEGATIVE_WITHOUT_SOA),
        }
    }
}
