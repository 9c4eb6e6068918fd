//! Replies, and what they mean for the session.

use bytes::Bytes;

use super::{GO_AHEAD, Owed, Server};
use crate::smtp::codec::DataReader;
use crate::smtp::codec::write_reply;
use crate::smtp::machine::chart::Trigger;
use crate::smtp::{Reply, Severity, Verb, rules};
use crate::wire::{Misuse, Rule};

impl Server {
    /// Turns a reply into bytes, and moves as it says.
    ///
    /// # Errors
    /// A reply where none is owed (but 421), or of a kind that what it answers cannot get.
    pub fn send(&mut self, reply: &Reply) -> Result<Bytes, Misuse> {
        self.moves.clear();
        if self.owed == Some(Owed::Elsewhere) && reply.code != SHUTTING_DOWN {
            self.heard_elsewhere(reply);
            return Ok(Bytes::new());
        }
        let bytes = write_reply(reply)?;
        let trigger = match self.trigger(reply) {
            Ok(trigger) => trigger,
            Err(_) if self.observes => Trigger::Other,
            Err(misuse) => return Err(misuse),
        };
        if self.track.edge(trigger).is_none() && !self.observes {
            return Err(misuse(&rules::REPLIES_IN_ORDER, "Nothing may be said here any more."));
        }
        if trigger == Trigger::HelloAccepted {
            self.extended = self.owed == Some(Owed::Command(Verb::Ehlo));
        }
        self.owed = None;
        self.go(trigger);
        if trigger == Trigger::GoAhead {
            self.message_at = self.buffer_at;
            self.data = Some(Box::new(DataReader::new(self.eight_bit)));
        }
        if self.is_over() {
            self.drop_rest();
        }
        Ok(bytes.into())
    }

    /// What a reply means for the session.
    fn trigger(&self, reply: &Reply) -> Result<Trigger, Misuse> {
        if reply.code == SHUTTING_DOWN && self.owed != Some(Owed::LastReply) {
            return Ok(Trigger::ShuttingDown);
        }
        let Some(owed) = self.owed else {
            return Err(misuse(&rules::UNASKED, "Nothing has been asked that has no answer."));
        };
        let severity = reply.severity();
        let refused = matches!(severity, Severity::Transient | Severity::Permanent);
        let done = severity == Severity::Completion;
        match owed {
            Owed::Greeting if done => Ok(Trigger::Greeting),
            Owed::Greeting if refused => Ok(Trigger::GreetingRefused),
            Owed::Command(Verb::Data) if reply.code == GO_AHEAD => Ok(Trigger::GoAhead),
            Owed::Command(Verb::Data) if done => {
                Err(misuse(&rules::DATA, "DATA is answered by 354 or a refusal."))
            }
            Owed::Command(Verb::Quit) if done => Ok(Trigger::QuitAnswered),
            Owed::Command(verb) if done => Ok(accepted(verb)),
            Owed::Command(Verb::Noop | Verb::Help | Verb::Vrfy | Verb::Expn) if refused => {
                Ok(Trigger::Other)
            }
            Owed::Command(_) | Owed::Refusal if refused => Ok(Trigger::Refused),
            Owed::Mail { sound: true } if done => Ok(Trigger::MailAccepted),
            Owed::Mail { .. } if refused => Ok(Trigger::MailNotAccepted),
            Owed::LastReply if refused => Ok(Trigger::LastReply),
            Owed::Elsewhere => Ok(Trigger::Other),
            Owed::Greeting
            | Owed::Command(_)
            | Owed::Refusal
            | Owed::Mail { .. }
            | Owed::LastReply => {
                Err(misuse(&rules::REPLY_CODE, "What is answered cannot get such a code."))
            }
        }
    }
}

/// The move of a command that is done.
const fn accepted(verb: Verb) -> Trigger {
    match verb {
        Verb::Ehlo | Verb::Helo => Trigger::HelloAccepted,
        Verb::Mail => Trigger::Mail,
        Verb::Rcpt => Trigger::Rcpt,
        Verb::Data => Trigger::GoAhead,
        Verb::Rset => Trigger::Rset,
        Verb::Quit => Trigger::QuitAnswered,
        Verb::Vrfy | Verb::Expn | Verb::Help | Verb::Noop => Trigger::Other,
    }
}

fn misuse(rule: &'static Rule, says: &str) -> Misuse {
    Misuse { rule, says: says.into() }
}

/// Service not available, closing (RFC 5321 section 4.2.3).
const SHUTTING_DOWN: u16 = 421;
