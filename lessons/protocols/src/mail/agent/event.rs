//! What a user agent tells its user. Lessons match on these texts, so they stay as they are.

use core::fmt;

use super::MailId;
use crate::wire::counted;

/// What a mail program tells its user.
#[derive(Clone, PartialEq, Debug)]
pub enum Event {
    /// `written mail N to RECIPIENTS`: it is in the outbox.
    Written {
        /// Which.
        id: MailId,
        /// To whom.
        to: Vec<String>,
    },
    /// `no file NAME`: nothing was written.
    NoFile {
        /// The name that was given.
        name: String,
    },
    /// `submitted mail N`: the server has promised to keep it.
    Submitted {
        /// Which.
        id: MailId,
    },
    /// `kept mail N: WHY`: it stays in the outbox and is tried again.
    Kept {
        /// Which.
        id: MailId,
        /// What went wrong.
        why: String,
    },
    /// `refused mail N: REPLY`: the server will not have it.
    Refused {
        /// Which.
        id: MailId,
        /// The server's reply.
        why: String,
    },
    /// `refused RECIPIENT of mail N: REPLY`: the others got it.
    RecipientRefused {
        /// Who.
        recipient: String,
        /// Of which mail.
        id: MailId,
        /// The server's reply.
        why: String,
    },
    /// `unreachable: WHY`: the server takes no mail now.
    Unreachable {
        /// What went wrong.
        why: String,
    },
    /// `maildrop N messages of BYTES octets`: it is open.
    Maildrop {
        /// How many messages there are.
        messages: u32,
        /// How large they are together.
        octets: u64,
    },
    /// `listed N`: sizes and unique-ids are known.
    Listed {
        /// How many messages there are.
        messages: usize,
    },
    /// `fetched N of BYTES octets from SENDER: SUBJECT`: a mail is in the inbox.
    Fetched {
        /// Its number in this session.
        number: u32,
        /// Its size.
        bytes: usize,
        /// Who wrote it.
        from: String,
        /// What about.
        subject: String,
    },
    /// `top N: SUBJECT`: the header of a mail was read.
    Top {
        /// Its number in this session.
        number: u32,
        /// Its subject.
        subject: String,
    },
    /// `marked N`: it is removed at `quit`.
    Marked {
        /// Its number in this session.
        number: u32,
    },
    /// `unmarked all`.
    Unmarked,
    /// `server is there`.
    Alive,
    /// `refused COMMAND: TEXT`: the server said -ERR.
    StepRefused {
        /// The keyword of what was asked.
        keyword: &'static str,
        /// What the server said.
        text: String,
    },
    /// `maildrop closed, N new, M removed`.
    Closed {
        /// How many were fetched in this session.
        fetched: u32,
        /// How many were marked.
        removed: usize,
    },
    /// `maildrop lost: WHY`: nothing was removed.
    Lost {
        /// What went wrong.
        why: String,
    },
    /// `maildrop is not open`.
    NotOpen,
    /// `maildrop is open already`.
    AlreadyOpen,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Written { id, to } => write!(f, "written {id} to {}", to.join(",")),
            Event::NoFile { name } => write!(f, "no file {name}"),
            Event::Submitted { id } => write!(f, "submitted {id}"),
            Event::Kept { id, why } => write!(f, "kept {id}: {why}"),
            Event::Refused { id, why } => write!(f, "refused {id}: {why}"),
            Event::RecipientRefused { recipient, id, why } => {
                write!(f, "refused {recipient} of {id}: {why}")
            }
            Event::Unreachable { why } => write!(f, "unreachable: {why}"),
            Event::Maildrop { messages, octets } => {
                write!(f, "maildrop {} of {octets} octets", counted(*messages, "message"))
            }
            Event::Listed { messages } => write!(f, "listed {messages}"),
            Event::Fetched { number, bytes, from, subject } => {
                write!(f, "fetched {number}, {bytes} octets, from {from}: {subject}")
            }
            Event::Top { number, subject } => write!(f, "top {number}: {subject}"),
            Event::Marked { number } => write!(f, "marked {number}"),
            Event::Unmarked => f.write_str("unmarked all"),
            Event::Alive => f.write_str("server is there"),
            Event::StepRefused { keyword, text } => write!(f, "refused {keyword}: {text}"),
            Event::Closed { fetched, removed } => {
                write!(f, "maildrop closed, {fetched} new, {removed} removed")
            }
            Event::Lost { why } => write!(f, "maildrop lost: {why}"),
            Event::NotOpen => f.write_str("maildrop is not open"),
            Event::AlreadyOpen => f.write_str("maildrop is open already"),
        }
    }
}
