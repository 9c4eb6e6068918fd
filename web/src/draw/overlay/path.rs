//! The way of one lookup across the overlay, hop by hop, out of what the student's command led to.

use std::rc::Rc;

use protocols::endpoint::{Output, Stimulus};
use protocols::overlay::{Geometry, Key, quantity};
use world::{Entry, Fate, HostId, Network, Trace, What};

use super::Crowd;
use crate::state::telling::since;

/// What a command led to, as a way from node to node.
#[derive(Clone, PartialEq, Debug)]
pub struct Path {
    /// The host that was asked by the student.
    pub asker: u32,
    /// The command.
    pub command: String,
    /// The identifier that is looked for, where the command names one.
    pub target: Option<Key>,
    /// The nodes that were reached, in order.
    pub hops: Vec<Hop>,
    /// What the asker measured in the end, by quantity.
    pub measured: Vec<(&'static str, u64)>,
    /// What the asker told its user last.
    pub says: String,
}

/// One node that a lookup reached.
#[derive(Clone, PartialEq, Debug)]
pub struct Hop {
    /// The node's host.
    pub host: u32,
    /// The node that sent it something.
    pub from: u32,
    /// The node that named it to the asker, which is how an iterative lookup on a ring goes on;
    /// none where the asker knew it, and where a node sent something on by itself.
    pub named_by: Option<u32>,
    /// How many entries there are before the one that sent it something.
    pub entry: usize,
    /// When that was, in nanoseconds since the run began.
    pub asked: u64,
    /// What became of it.
    pub outcome: Outcome,
}

/// What a node did about being asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Nothing so far.
    Asked,
    /// It sent something on or back, at this time.
    Answered(u64),
    /// It took what it was told, at this time, and had nothing to say to that.
    Took(u64),
    /// What was sent never reached it.
    Silent,
}

impl Path {
    /// The way that these entries of a thread tell of; none if they do not begin with a command.
    pub fn of(
        entries: &[Rc<Entry>],
        trace: Trace<'_>,
        geometry: Geometry,
        bits: u8,
    ) -> Option<Path> {
        let first = entries.first()?;
        let What::Step(step) = &first.what else { return None };
        let Stimulus::Command(command) = &step.stimulus else { return None };
        let mut path = Path {
            asker: first.host.0,
            command: command.clone(),
            target: target(command, geometry, bits),
            hops: Vec::new(),
            measured: Vec::new(),
            says: String::new(),
        };
        entries.iter().for_each(|entry| path.take(entry, trace, geometry));
        Some(path)
    }

    /// The hop that a host is, counted from 1.
    pub fn number(&self, host: u32) -> Option<usize> {
        self.hops.iter().position(|hop| hop.host == host).map(|at| at + 1)
    }

    /// Whether it begins at a host, or has reached it.
    pub fn meets(&self, host: u32) -> bool {
        self.asker == host || self.number(host).is_some()
    }

    fn take(&mut self, entry: &Entry, trace: Trace<'_>, geometry: Geometry) {
        match &entry.what {
            What::Step(step) => {
                if entry.host.0 == self.asker {
                    step.outputs.iter().for_each(|output| self.told(output));
                } else if let Some(hop) = self.hop_mut(entry.host)
                    && matches!(hop.outcome, Outcome::Asked | Outcome::Took(_))
                {
                    let now = since(trace, entry.at);
                    hop.outcome = match (entry.flights.is_empty(), hop.outcome) {
                        (true, Outcome::Took(before)) => Outcome::Took(before),
                        (true, _) => Outcome::Took(now),
                        (false, _) => Outcome::Answered(now),
                    };
                }
            }
            What::Network(Network::HostOff { .. } | Network::NobodyThere { .. }) => {
                if let Some(hop) = self.hop_mut(entry.host) {
                    hop.outcome = Outcome::Silent;
                }
            }
            What::Network(_) | What::Meddling(_) => {}
        }
        for flight in &entry.flights {
            if flight.to.0 == self.asker || self.number(flight.to.0).is_some() {
                continue;
            }
            let named_by = match geometry {
                Geometry::Ring if flight.from.0 == self.asker => self.last_answered(),
                Geometry::Ring | Geometry::Xor => None,
            };
            self.hops.push(Hop {
                host: flight.to.0,
                from: flight.from.0,
                named_by,
                entry: entry.id.0 as usize,
                asked: since(trace, flight.depart),
                outcome: match flight.fate {
                    Fate::Arrives => Outcome::Asked,
                    Fate::Lost { .. } => Outcome::Silent,
                },
            });
        }
    }

    fn last_answered(&self) -> Option<u32> {
        let answered = |hop: &&Hop| matches!(hop.outcome, Outcome::Answered(_));
        self.hops.iter().rev().find(answered).map(|hop| hop.host)
    }

    /// Whether a node was named to the asker by another.
    pub fn has_named(&self) -> bool {
        self.hops.iter().any(|hop| hop.named_by.is_some())
    }

    fn told(&mut self, output: &Output) {
        match output {
            Output::Measure { quantity, value }
                if !self.measured.iter().any(|(known, _)| known == quantity) =>
            {
                self.measured.push((quantity, *value));
            }
            Output::Emit(says) => self.says.clone_from(says),
            _ => {}
        }
    }

    fn hop_mut(&mut self, host: HostId) -> Option<&mut Hop> {
        self.hops.iter_mut().find(|hop| hop.host == host.0)
    }

    /// The number of each hop as lookups count them: on a ring those are the nodes that are asked
    /// for the way. The node that the key belongs to is only greeted, or given a value, and has
    /// none, nor have those to which it passes something on.
    pub fn numbers(&self, crowd: &Crowd) -> Vec<Option<usize>> {
        let ring = crowd.geometry == Geometry::Ring;
        let owner = self.target.filter(|_| ring).and_then(|key| crowd.owner(key));
        let mut counted = Some(0);
        let number = |hop: &Hop| {
            if owner.is_some_and(|owner| owner.host == hop.host) {
                counted = None;
            }
            if hop.outcome != Outcome::Silent || !ring {
                counted = counted.map(|count| count + 1);
            }
            counted
        };
        self.hops.iter().map(number).collect()
    }

    /// How many hops the lookup took, once it has ended.
    pub fn counted(&self) -> Option<u64> {
        let hops = self.measured.iter().find(|(known, _)| *known == quantity::HOPS);
        hops.map(|(_, value)| *value)
    }
}

/// What a command looks for: its second word, as nodes of both kinds read it. On a ring text is
/// hashed, and what comes after `#` is an identifier as it is.
fn target(command: &str, geometry: Geometry, bits: u8) -> Option<Key> {
    let mut words = command.split_whitespace();
    let verb = words.next()?;
    if !["lookup", "put", "get", "find", "peers", "announce"].contains(&verb) {
        return None;
    }
    let word = words.next()?;
    let plain = match geometry {
        Geometry::Ring => word.strip_prefix('#'),
        Geometry::Xor => Some(word),
    };
    let key = plain.and_then(|id| match id.parse() {
        Ok(number) => Some(Key::from_value(number)),
        Err(_) => id.parse().ok(),
    });
    Some(key.unwrap_or_else(|| Key::hash(word.as_bytes())).modulo(bits))
}
