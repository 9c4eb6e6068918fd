//! Looks names up in a zone (RFC 1034 section 4.3.2).

use super::{Answer, Outcome, Zone};
use crate::dns::{Data, Name, Record, RecordType, rules};

impl Zone {
    /// What the zone says about a name within it, of which it has this type wanted.
    ///
    /// Aliases are followed as long as they stay within the zone.
    pub fn look_up(&self, name: &Name, kind: RecordType) -> Answer {
        let mut answer = Answer::new();
        let mut name = name.clone();
        for _ in 0..MAX_ALIASES {
            answer.because(&rules::LOOKUP);
            if let Some(cut) = self.cut(&name) {
                self.refer(&cut, &mut answer);
                return answer;
            }
            match self.alias(&name, kind, &mut answer) {
                Some(next) if next.is_within(&self.origin) && !met(&answer, &next) => name = next,
                // Outside of the zone, or in a circle: the asker goes on or gives up.
                Some(_) => break,
                None => {
                    self.end(&name, kind, &mut answer);
                    break;
                }
            }
        }
        self.add_addresses(&mut answer);
        answer
    }

    /// Where on the way to the name the zone ends: the uppermost name below the origin that has
    /// NS records.
    fn cut(&self, name: &Name) -> Option<Name> {
        let within = name.ancestors().take_while(|above| above != &self.origin);
        within.filter(|above| self.has(above, RecordType::Ns)).last()
    }

    fn has(&self, name: &Name, kind: RecordType) -> bool {
        self.set_of(name, kind).next().is_some()
    }

    /// Whether there is anything at the name or below it.
    fn exists(&self, name: &Name) -> bool {
        self.nodes.range(name.clone()..).next().is_some_and(|(next, _)| next.is_within(name))
    }

    fn refer(&self, cut: &Name, answer: &mut Answer) {
        answer.outcome = Outcome::Referral;
        answer.because(&rules::DELEGATION);
        answer.authorities.extend(self.set_of(cut, RecordType::Ns).cloned());
        let servers: Vec<Name> =
            answer.authorities.iter().filter_map(Record::host).cloned().collect();
        for server in servers {
            if server.is_within(cut) {
                answer.because(&rules::GLUE);
            }
            self.push_addresses(&server, answer);
        }
    }

    /// The name whose records answer for this one: itself, or the wildcard that covers it.
    fn source(&self, name: &Name) -> Option<Name> {
        if self.exists(name) {
            return Some(name.clone());
        }
        let above = name.ancestors().find(|above| self.exists(above))?;
        let wildcard = above.child(b"*").ok()?;
        self.nodes.contains_key(&wildcard).then_some(wildcard)
    }

    /// Puts an alias into the answer, if the name is one; the name that it is an alias of.
    fn alias(&self, name: &Name, kind: RecordType, answer: &mut Answer) -> Option<Name> {
        if matches!(kind, RecordType::Cname | RecordType::Any) {
            return None;
        }
        let source = self.source(name)?;
        let record = self.set_of(&source, RecordType::Cname).next()?;
        let Data::Cname(canonical) = &record.data else { return None };
        self.push_answers(&source, name, RecordType::Cname, answer);
        answer.because(&rules::ALIAS);
        Some(canonical.clone())
    }

    /// Puts the records of the last name into the answer, or the reason that there are none.
    fn end(&self, name: &Name, kind: RecordType, answer: &mut Answer) {
        let Some(source) = self.source(name) else {
            return self.deny(Outcome::NoSuchName, answer);
        };
        match self.has(&source, kind) {
            true => self.push_answers(&source, name, kind, answer),
            false => self.deny(Outcome::NoData, answer),
        }
    }

    fn push_answers(&self, source: &Name, name: &Name, kind: RecordType, answer: &mut Answer) {
        if source != name {
            answer.because(&rules::WILDCARD);
        }
        let records = self.set_of(source, kind).cloned();
        // As it was asked: the case of the question may be a sign that the asker looks for.
        answer.answers.extend(records.map(|record| Record { name: name.clone(), ..record }));
    }

    fn deny(&self, outcome: Outcome, answer: &mut Answer) {
        answer.outcome = outcome;
        answer.because(match outcome {
            Outcome::NoSuchName => &rules::NO_SUCH_NAME,
            Outcome::NoData | Outcome::Found | Outcome::Referral => &rules::NO_DATA,
        });
        if let Some((record, soa)) = self.soa() {
            let ttl = record.ttl.min(soa.minimum);
            answer.because(&rules::NEGATIVE_TTL);
            answer.authorities.push(Record { ttl, ..record.clone() });
        }
    }

    /// The addresses of the hosts that the answer names (RFC 1035 section 3.3).
    fn add_addresses(&self, answer: &mut Answer) {
        let hosts: Vec<Name> = answer.answers.iter().filter_map(Record::host).cloned().collect();
        for host in hosts {
            let before = answer.additionals.len();
            self.push_addresses(&host, answer);
            if answer.additionals.len() > before {
                answer.because(&rules::ADDITIONAL);
            }
        }
    }

    fn push_addresses(&self, host: &Name, answer: &mut Answer) {
        for kind in [RecordType::A, RecordType::Aaaa] {
            for record in self.set_of(host, kind) {
                if !answer.additionals.contains(record) && !answer.answers.contains(record) {
                    answer.additionals.push(record.clone());
                }
            }
        }
    }
}

/// Whether the answer has been at this name already.
fn met(answer: &Answer, name: &Name) -> bool {
    answer.answers.iter().any(|record| &record.name == name)
}

/// Longer than any chain that somebody keeps on purpose; BIND follows about as many.
const MAX_ALIASES: usize = 16;
