//! Destinations about which the relay is asked before anything is sent there. Who sends from one
//! socket to whatever address others name, as a node of a DHT does, would lose the socket and all
//! answers that are due there with the first address that the relay does not allow.

use core::net::SocketAddr;
use core::time::Duration;
use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use protocols::wire::Time;
use relay_wire::{Code, Reset, Target};
use world::{EntryId, FlightId};

use super::Live;

/// What is known of destinations. Strangers name them, so there is a limit to how many are
/// remembered, and to how many the relay is bothered with.
#[derive(Clone, Debug, Default)]
pub struct Vetting {
    verdicts: BTreeMap<SocketAddr, Verdict>,
    /// Those in `verdicts`, the one that was learnt of first in front.
    learnt: VecDeque<SocketAddr>,
    /// Questions to the relay, by its number for the socket that is asked for.
    asked: BTreeMap<u32, Question>,
    /// When the relay said no, within the last minute.
    vetoes: VecDeque<Time>,
}

/// Whether a destination may be sent to.
#[derive(Clone, Debug)]
enum Verdict {
    /// The relay has said so, or has passed on what was sent from there.
    Allowed,
    /// It may not, with the relay's sentence.
    Refused(String),
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
        self.learn(peer, Verdict::Allowed);
    }

    /// Whether the relay is known to send there.
    pub fn is_allowed(&self, to: SocketAddr) -> bool {
        matches!(self.verdicts.get(&to), Some(Verdict::Allowed))
    }

    /// Why the relay does not send there, if it has said so.
    pub fn refusal(&self, to: SocketAddr) -> Option<&String> {
        match self.verdicts.get(&to)? {
            Verdict::Refused(why) => Some(why),
            Verdict::Allowed => None,
        }
    }

    /// Remembers a verdict in the place of the oldest.
    fn learn(&mut self, to: SocketAddr, verdict: Verdict) {
        if self.verdicts.insert(to, verdict).is_some() {
            return;
        }
        self.learnt.push_back(to);
        if self.learnt.len() > MOST_KNOWN
            && let Some(oldest) = self.learnt.pop_front()
        {
            self.verdicts.remove(&oldest);
        }
    }

    /// Refuses to ask the relay about one destination more, when that might be the one refusal too
    /// many after which it opens nothing at all for a while.
    pub fn check(&mut self, to: SocketAddr, now: Time) -> Result<(), &'static str> {
        while self.vetoes.front().is_some_and(|at| now.since(*at) >= VETOES_FORGOTTEN) {
            self.vetoes.pop_front();
        }
        let is_asked = self.asked.values().any(|question| question.to == to);
        match is_asked || self.vetoes.len() + self.asked.len() < MOST_VETOES {
            true => Ok(()),
            false => Err(TOO_MANY),
        }
    }

    /// How many destinations are remembered.
    #[cfg(test)]
    pub fn known(&self) -> usize {
        assert_eq!(self.verdicts.len(), self.learnt.len());
        self.learnt.len()
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
            self.vetting.learn(question.to, Verdict::Refused(why.clone()));
        }
        // The relay's own haste and fullness is no word on the destination, and it counts none.
        if !matches!(reset.code, Code::Rate | Code::Limit) {
            self.vetting.vetoes.push_back(self.now);
        }
        for datagram in question.waiting {
            self.denied(Some(datagram.by), why.clone(), Some(datagram.flight));
        }
        true
    }
}

/// Datagrams to one destination that wait for the relay's answer.
const MOST_WAITING: usize = 16;
/// Destinations that are remembered: more than the nodes that a routing table and a search hold, at
/// some 100 KB.
const MOST_KNOWN: usize = 1024;
/// Refusals within a minute up to which the relay is asked about addresses that others name. It
/// takes 30 failed attempts of all tabs together (`relay/README.md`, "Limits") and then opens
/// nothing; half of them are left to what the user does.
const MOST_VETOES: usize = 15;
/// As long as the relay counts them.
const VETOES_FORGOTTEN: Duration = Duration::from_secs(60);
/// Why a datagram was not sent when there were too many.
const TOO_MANY: &str = "The relay has refused many addresses that others named within the last \
                        minute, so it is not asked about more.";
