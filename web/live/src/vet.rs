//! Destinations about which the relay is asked before anything is sent there. Who sends from one
//! socket to whatever address others name, as a node of a DHT does, would lose the socket and all
//! answers that are due there with the first address that the relay does not allow.

use core::net::SocketAddr;
use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use relay_wire::{Code, Reset, Target};
use world::{EntryId, FlightId};

use super::Live;

/// What is known of destinations.
#[derive(Clone, Debug, Default)]
pub struct Vetting {
    /// Those that may be sent to: the relay has said so, or has passed on what they sent.
    allowed: BTreeSet<SocketAddr>,
    /// Those that may not, each with the relay's sentence.
    refused: BTreeMap<SocketAddr, String>,
    /// Questions to the relay, by its number for the socket that is asked for.
    asked: BTreeMap<u32, Question>,
}

/// A question whether the relay sends somewhere, put by asking for a socket to there alone.
#[derive(Clone, Debug)]
struct Question {
    to: SocketAddr,
    waiting: Vec<Waiting>,
}

/// A datagram that waits for the answer.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The program's port.
    pub port: u16,
    /// The datagram.
    pub bytes: Bytes,
    /// The entry in which it was sent.
    pub by: EntryId,
    /// Its flight.
    pub flight: FlightId,
}

impl Vetting {
    /// Forgets everything: the next relay may have another policy.
    pub fn forget(&mut self) {
        *self = Vetting::default();
    }

    /// Somebody there was heard of, which the relay lets happen to nobody whom it refuses.
    pub fn allow(&mut self, peer: SocketAddr) {
        self.allowed.insert(peer);
    }

    /// Whether the relay is known to send there.
    pub fn is_allowed(&self, to: SocketAddr) -> bool {
        self.allowed.contains(&to)
    }

    /// Why the relay does not send there, if it has said so.
    pub fn refusal(&self, to: SocketAddr) -> Option<&String> {
        self.refused.get(&to)
    }
}

impl Live {
    /// Asks the relay whether it sends somewhere, and keeps a datagram until it has answered.
    pub(super) fn vet(&mut self, to: SocketAddr, datagram: Waiting) {
        let asked = self.vetting.asked.values_mut().find(|question| question.to == to);
        if let Some(question) = asked {
            // Nobody sends so many to one that has not been heard of; UDP may lose the rest.
            if question.waiting.len() < MOST_WAITING {
                question.waiting.push(datagram);
            }
            return;
        }
        match self.session.udp_open(None, Some(Target::from(to))) {
            Ok(wire) => {
                let question = Question { to, waiting: vec![datagram] };
                self.vetting.asked.insert(wire, question);
            }
            Err(why) => self.denied_at_once.push(why.to_string()),
        }
    }

    /// The relay has opened a socket. One that was only a question is given back.
    pub(super) fn udp_opened(&mut self, wire: u32) {
        let Some(question) = self.vetting.asked.remove(&wire) else { return };
        self.session.reset(wire, Reset::new(Code::Cancelled, ""));
        self.vetting.allow(question.to);
        for datagram in question.waiting {
            let sent = self.hand_over(datagram.port, question.to, &datagram.bytes);
            if let Err(why) = sent {
                self.denied(Some(datagram.by), why, Some(datagram.flight));
            }
        }
    }

    /// The relay has refused a socket; true if it was a question.
    pub(super) fn vetoed(&mut self, wire: u32, reset: &Reset) -> bool {
        let Some(question) = self.vetting.asked.remove(&wire) else { return false };
        let why = reset.sentence().to_string();
        // Any other reason may be over soon, so it is no answer for good.
        if reset.code == Code::Policy {
            self.vetting.refused.insert(question.to, why.clone());
        }
        for datagram in question.waiting {
            self.denied(Some(datagram.by), why.clone(), Some(datagram.flight));
        }
        true
    }
}

/// Datagrams to one destination that wait for the relay's answer.
const MOST_WAITING: usize = 16;
