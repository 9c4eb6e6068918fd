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

use crate::wire::{Protocol, Rule, growing};

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

/// The rules of codec and machine, then those of the programs at its ends.
static ALL_RULES: [&Rule; rules::ALL.len() + rules::policy::ALL.len()] = {
    let mut all = [&rules::COMMAND; rules::ALL.len() + rules::policy::ALL.len()];
    let mut at = 0;
    while at < rules::ALL.len() {
        all[at] = rules::ALL[at];
        at += 1;
    }
    while at < all.len() {
        all[at] = rules::policy::ALL[at - rules::ALL.len()];
        at += 1;
    }
    all
};
