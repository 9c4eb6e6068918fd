//! The queue: accepted mail that is still to be sent on. It is what the server has on disk.

use core::fmt;
use std::collections::BTreeMap;

use bytes::Bytes;

use crate::smtp::{Address, ReversePath};
use crate::wire::Time;

/// The number of an accepted mail at its host; never used twice there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct QueueId(pub u64);

impl fmt::Display for QueueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Q{}", self.0)
    }
}

/// Accepted mail that is still to be sent on, by number.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Queue {
    pub(super) mails: BTreeMap<QueueId, Queued>,
    accepted: u64,
}

/// A mail in the queue.
#[derive(Clone, PartialEq, Debug)]
pub struct Queued {
    /// Whom to tell if it cannot be delivered.
    pub from: ReversePath,
    /// The mail as it will be sent, the Received line of this host at its top.
    pub octets: Bytes,
    /// Whether it has, or was announced to have, octets above 127.
    pub eight_bit: bool,
    /// When it was accepted.
    pub accepted: Time,
    /// To whom it is still to be sent.
    pub recipients: Vec<Waiting>,
    /// How often it could not be sent to somebody.
    pub tries: u32,
    /// When it is tried next, if somebody waits.
    pub retry_at: Option<Time>,
}

impl Queued {
    /// Notes for a recipient that the mail could not be sent, and why.
    pub(super) fn defer(&mut self, address: &Address, why: &str) {
        if let Some(one) = self.recipients.iter_mut().find(|one| one.address == *address) {
            one.underway = false;
            one.why = why.to_string();
        }
    }
}

/// A recipient to whom a mail is still to be sent.
#[derive(Clone, PartialEq, Debug)]
pub struct Waiting {
    /// The recipient.
    pub address: Address,
    /// Whether the mail is on its way to the recipient's server, or about to be.
    pub underway: bool,
    /// Why the last try failed; empty before.
    pub why: String,
}

/// What became of sending a mail to one recipient.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Outcome {
    /// The next server has it, and the responsibility for it.
    Sent,
    /// Not now, as the next server said.
    Deferred(String),
    /// Not now, since no server could be asked.
    Unreached(String),
    /// Not ever.
    Failed(String),
    /// Again at once, over the same connection (RFC 5321 section 4.5.3.1.10).
    Again,
}

impl Queue {
    /// The mails in it, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (QueueId, &Queued)> {
        self.mails.iter().map(|(id, mail)| (*id, mail))
    }

    /// How many mails are in it.
    pub fn len(&self) -> usize {
        self.mails.len()
    }

    /// Whether no mail is in it.
    pub fn is_empty(&self) -> bool {
        self.mails.is_empty()
    }

    /// The number of the next mail that is accepted.
    pub(super) fn number(&mut self) -> QueueId {
        self.accepted += 1;
        QueueId(self.accepted)
    }

    /// The host was switched off: nothing is underway any more.
    pub(super) fn forget_sessions(&mut self) {
        for mail in self.mails.values_mut() {
            for recipient in &mut mail.recipients {
                recipient.underway = false;
            }
        }
    }
}

impl Queued {
    /// The domains of those recipients who wait, each once.
    pub(super) fn domains_waiting(&self) -> Vec<String> {
        let waiting = self.recipients.iter().filter(|recipient| !recipient.underway);
        let mut domains: Vec<String> =
            waiting.map(|recipient| recipient.address.domain.to_ascii_lowercase()).collect();
        domains.sort();
        domains.dedup();
        domains
    }

    /// The recipients of a domain to whom it is underway.
    pub(super) fn underway_to(&self, domain: &str) -> Vec<Address> {
        let chosen = self.recipients.iter().filter(|one| one.underway && one.address.is_at(domain));
        chosen.map(|one| one.address.clone()).collect()
    }
}
