//! What a mail server may be asked by its keeper, and what it tells.

use core::fmt;
use core::str::FromStr;

use super::QueueId;
use crate::endpoint::CommandError;
use crate::mail::Uid;
use crate::smtp::{Address, ReversePath};
use crate::wire::counted;

/// What the keeper of a mail server may ask.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// `flush`: tries at once to send everything that waits in the queue.
    Flush,
    /// `send FROM TO TEXT`: takes a new mail of one line from somebody who sits at this host.
    Send {
        /// The sender.
        from: Address,
        /// The recipient.
        to: Address,
        /// Its text, which is its subject too.
        text: String,
    },
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Command::Flush => f.write_str("flush"),
            Command::Send { from, to, text } => write!(f, "send {from} {to} {text}"),
        }
    }
}

impl FromStr for Command {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<Command, CommandError> {
        let mut words = text.splitn(4, ' ');
        let mut next = || words.next().unwrap_or_default();
        match (next(), next(), next(), next()) {
            ("flush", "", "", "") => Ok(Command::Flush),
            ("send", from, to, text) if !text.is_empty() => {
                Ok(Command::Send { from: address(from)?, to: address(to)?, text: line(text)? })
            }
            _ => Err(CommandError(format!(
                "A mail server does not know `{text}`; try `flush`, or `send alice@cs.test \
                 bob@maths.test Hello`."
            ))),
        }
    }
}

fn address(text: &str) -> Result<Address, CommandError> {
    text.parse().map_err(|why| CommandError(format!("`{text}` is no address. {why}")))
}

fn line(text: &str) -> Result<String, CommandError> {
    let fits = text.len() <= LINE_MAX && !text.chars().any(char::is_control);
    let why = || CommandError(format!("A text is one line of at most {LINE_MAX} bytes."));
    fits.then(|| text.to_string()).ok_or_else(why)
}

/// What a mail server tells.
#[derive(Clone, PartialEq, Debug)]
pub enum Event {
    /// `accepted QN from FROM for N`: it has a mail, and the responsibility for it.
    Accepted {
        /// Its number.
        id: QueueId,
        /// Its reverse-path.
        from: ReversePath,
        /// How many recipients.
        recipients: usize,
    },
    /// `stored QN for USER as UID`: a mail lies in a mailbox.
    Stored {
        /// Its number.
        id: QueueId,
        /// Whose mailbox.
        user: String,
        /// Its name there.
        uid: Uid,
    },
    /// `sent QN to TO by way of HOST`: the next server has a mail.
    Sent {
        /// Its number.
        id: QueueId,
        /// The recipient.
        to: Address,
        /// The host that took it.
        host: String,
    },
    /// `deferred QN to TO: WHY`: a mail stays in the queue.
    Deferred {
        /// Its number.
        id: QueueId,
        /// The recipient.
        to: Address,
        /// Why.
        why: String,
    },
    /// `failed QN to TO: WHY`: a mail cannot be delivered.
    Failed {
        /// Its number.
        id: QueueId,
        /// The recipient.
        to: Address,
        /// Why.
        why: String,
    },
    /// `returned QN to FROM as QM`: the sender is told.
    Returned {
        /// The mail's number.
        id: QueueId,
        /// The sender.
        to: Address,
        /// The notice's number.
        notice: QueueId,
    },
    /// `dropped QN: WHY`: a notice that cannot be delivered; nobody is told.
    Dropped {
        /// Its number.
        id: QueueId,
        /// Why.
        why: String,
    },
    /// `maildrop of USER open, N messages`: a session has it alone.
    Opened {
        /// Whose.
        user: String,
        /// How many messages are in it.
        messages: usize,
    },
    /// `maildrop of USER closed, N removed`: a session ended with QUIT.
    Updated {
        /// Whose.
        user: String,
        /// How many messages are gone.
        removed: usize,
    },
    /// `maildrop of USER released, nothing removed`: a session ended without QUIT.
    Released {
        /// Whose.
        user: String,
    },
    /// `login failed for NAME`.
    LoginFailed {
        /// The name that was given.
        name: String,
    },
    /// `refused CODE: WHY`: a client was refused something.
    Refused {
        /// The code of the reply.
        code: u16,
        /// Why.
        why: String,
    },
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Accepted { id, from, recipients } => {
                write!(f, "accepted {id} from {from} for {recipients}")
            }
            Event::Stored { id, user, uid } => write!(f, "stored {id} for {user} as {uid}"),
            Event::Sent { id, to, host } => write!(f, "sent {id} to {to} by way of {host}"),
            Event::Deferred { id, to, why } => write!(f, "deferred {id} to {to}: {why}"),
            Event::Failed { id, to, why } => write!(f, "failed {id} to {to}: {why}"),
            Event::Returned { id, to, notice } => write!(f, "returned {id} to {to} as {notice}"),
            Event::Dropped { id, why } => write!(f, "dropped {id}: {why}"),
            Event::Opened { user, messages } => {
                write!(f, "maildrop of {user} open, {}", counted(*messages, "message"))
            }
            Event::Updated { user, removed } => {
                write!(f, "maildrop of {user} closed, {removed} removed")
            }
            Event::Released { user } => {
                write!(f, "maildrop of {user} released, nothing removed")
            }
            Event::LoginFailed { name } => write!(f, "login failed for {name}"),
            Event::Refused { code, why } => write!(f, "refused {code}: {why}"),
        }
    }
}

/// Well under the limit of a line of mail with `Subject: ` before it.
const LINE_MAX: usize = 900;
