//! POP3 (RFC 1939), with the capabilities of RFC 2449: how a reader fetches mail from the server
//! that keeps it.

mod apop;
pub mod codec;
mod dissect;
pub mod machine;
mod maildrop;
mod message;
pub mod rules;

pub use apop::{digest, timestamp};
pub use codec::Limits;
pub use dissect::dissect;
pub use machine::{ClientEvent, ClientSession, ServerEvent, ServerSession, State, greeting};
pub use maildrop::{Answer, Lying, Maildrop};
pub use message::{Command, Reply, Status};

use crate::mime;
use crate::smtp::policy_rules::agent;
use crate::wire::{Protocol, Rule, append, count, growing};

/// The port of a POP3 server (RFC 1939 section 3).
pub const POP3_PORT: u16 = 110;

/// POP3 as the lab knows it.
pub static POP3: Protocol = Protocol {
    name: "pop3",
    title: "POP3",
    rules: &ALL_RULES,
    charts: &[&machine::CLIENT, &machine::SERVER],
    reader: growing::<dissect::Conversation>,
};

/// The rules of codec and machine, then those of the programs at its ends, then those of what it
/// carries.
static ALL_RULES: [&Rule; count(&TOPICS)] = {
    let mut all = [&rules::COMMAND; count(&TOPICS)];
    append(&mut all, 0, &TOPICS);
    all
};

const TOPICS: [&[&Rule]; 5] =
    [rules::ALL, rules::policy::ALL, rules::elsewhere::ALL, &[&agent::NO_REPLY], mime::rules::ALL];
