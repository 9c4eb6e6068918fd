//! One mail on its way over one connection: what is still to be said, and what was answered.

use std::collections::VecDeque;

use crate::mail::server::queue::{Outcome, Queued};
use crate::mail::server::{QueueId, reply};
use crate::smtp::policy_rules as rules;
use crate::smtp::{
    Address, Asked, Body, Command, Extensions, ForwardPath, Parameters, Reply, Severity, Verb,
};
use crate::wire::Rule;

/// One mail on its way.
#[derive(Clone, Debug)]
pub(in crate::mail::server) struct Job {
    pub(super) id: QueueId,
    /// What is still to be said.
    pub(super) script: VecDeque<Command>,
    /// Whether commands may go in groups.
    pub(super) grouped: bool,
    recipients: Vec<Address>,
    /// The replies to RCPT, in order.
    replies: Vec<Reply>,
    /// The reply to MAIL or DATA that refuses all, or the one to the final dot.
    verdict: Option<Reply>,
    /// Whether the mail itself has been sent, and may have been accepted.
    pub(super) dotted: bool,
}

/// Why a mail cannot be sent to a server.
pub(super) struct Unsendable {
    pub(super) rule: &'static Rule,
    pub(super) why: String,
}

/// Whether a server that offers this cannot take the mail.
pub(super) fn unsendable(mail: &Queued, offered: Extensions) -> Option<Unsendable> {
    let size = size(mail);
    let limit = offered.size.filter(|limit| *limit > 0);
    if limit.is_some_and(|limit| size > limit) {
        let why = "552 5.3.4 The mail is too large for its next host".into();
        return Some(Unsendable { rule: &rules::SIZE_DECLARED, why });
    }
    let damaged = !mail.octets.is_ascii() && !offered.eight_bit;
    damaged.then(|| Unsendable {
        rule: &rules::EIGHT_BIT_KEPT,
        why: "554 5.6.3 The next host takes no octets above 127".into(),
    })
}

impl Job {
    pub(super) fn new(
        id: QueueId,
        mail: &Queued,
        recipients: Vec<Address>,
        offered: Extensions,
        grouped: bool,
    ) -> Job {
        let eight_bit = mail.eight_bit && offered.eight_bit;
        let parameters = Parameters {
            size: offered.size.map(|_| size(mail)),
            body: eight_bit.then_some(Body::EightBitMime),
        };
        let mut script = VecDeque::from([Command::Mail { from: mail.from.clone(), parameters }]);
        let to = |address: &Address| Command::Rcpt { to: ForwardPath::Address(address.clone()) };
        script.extend(recipients.iter().map(to));
        script.push_back(Command::Data);
        let (replies, verdict) = (Vec::new(), None);
        Job { id, script, grouped, recipients, replies, verdict, dotted: false }
    }

    /// Takes a reply.
    pub(super) fn hear(&mut self, to: Asked, reply: &Reply) {
        match to {
            Asked::Command(Verb::Rcpt) => self.replies.push(reply.clone()),
            Asked::Command(Verb::Mail) if !reply.is_positive() => {
                self.verdict = Some(reply.clone());
                self.script.clear();
            }
            Asked::Command(Verb::Data) if reply.severity() != Severity::Intermediate => {
                self.verdict.get_or_insert_with(|| reply.clone());
            }
            Asked::Mail => {
                self.verdict.get_or_insert_with(|| reply.clone());
                self.dotted = false;
            }
            Asked::Command(_) | Asked::Greeting | Asked::Nothing => {}
        }
    }

    /// Strikes out what has become pointless: DATA, when every recipient has been refused.
    pub(super) fn prune(&mut self, accepted: usize, all_answered: bool) {
        let only_data = self.script.len() == 1 && all_answered;
        if only_data && accepted == 0 && self.replies.len() == self.recipients.len() {
            self.script.clear();
        }
    }

    /// What became of each recipient, when all replies have come.
    pub(super) fn outcomes(self) -> Vec<(Address, Outcome)> {
        let verdict = self.verdict;
        let accepted = self.replies.iter().any(Reply::is_positive);
        let mut replies = self.replies.into_iter();
        let outcome = |address| {
            let outcome = match (replies.next(), &verdict) {
                (Some(reply), _) if !reply.is_positive() && !is_sequence(&reply) => {
                    match reply.code {
                        TOO_MANY if accepted => Outcome::Again,
                        _ => refusal(&reply),
                    }
                }
                (_, Some(verdict)) if verdict.is_positive() => Outcome::Sent,
                (_, Some(verdict)) => refusal(verdict),
                (Some(reply), None) => refusal(&reply),
                (None, None) => Outcome::Unreached("451 4.4.2 The transaction did not end".into()),
            };
            (address, outcome)
        };
        self.recipients.into_iter().map(outcome).collect()
    }

    /// What became of each recipient, when the connection broke after the final dot: those who
    /// were refused stay so, and the others may have the mail.
    pub(super) fn cut_off(self, why: &str) -> Vec<(Address, Outcome)> {
        let unreached = Outcome::Unreached(why.into());
        let mut outcomes = self.outcomes();
        for (_, outcome) in &mut outcomes {
            if !matches!(outcome, Outcome::Failed(_)) {
                outcome.clone_from(&unreached);
            }
        }
        outcomes
    }

    /// The same outcome for all its recipients.
    pub(super) fn all(self, outcome: &Outcome) -> Vec<(Address, Outcome)> {
        self.recipients.into_iter().map(|address| (address, outcome.clone())).collect()
    }
}

/// Whether a reply only says that something before it was refused.
const fn is_sequence(reply: &Reply) -> bool {
    reply.code == 503
}

fn refusal(reply: &Reply) -> Outcome {
    let said = reply::said(reply);
    match reply.severity() {
        Severity::Permanent => Outcome::Failed(said),
        Severity::Transient | Severity::Completion | Severity::Intermediate => {
            Outcome::Deferred(said)
        }
    }
}

fn size(mail: &Queued) -> u64 {
    u64::try_from(mail.octets.len()).unwrap_or(u64::MAX)
}

/// Too many recipients (RFC 5321 section 4.5.3.1.10).
const TOO_MANY: u16 = 452;
