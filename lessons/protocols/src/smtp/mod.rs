//! SMTP (RFC 5321) with PIPELINING (RFC 2920), SIZE (RFC 1870), 8BITMIME (RFC 6152) and enhanced
//! status codes (RFC 3463): how mail is pushed from one host to the next.

mod address;
pub mod codec;
mod dissect;
mod extensions;
pub mod machine;
mod message;
pub mod policy_rules;
pub mod rules;
#[cfg(test)]
mod tests;

pub use address::{Address, AddressError, ForwardPath, ReversePath};
pub use codec::Limits;
pub use dissect::dissect;
pub use extensions::Extensions;
pub use machine::{Asked, Client, ClientEvent, ClientState, Server, ServerEvent, ServerState};
pub use message::{Body, Command, Parameters, Reply, Severity, Verb};

use crate::mime;
use crate::wire::{Protocol, Rule, append, count, growing};

/// SMTP as the lab knows it.
pub static SMTP: Protocol = Protocol {
    name: "smtp",
    title: "SMTP",
    rules: &ALL_RULES,
    charts: &[&machine::CLIENT, &machine::SERVER],
    reader: growing::<dissect::Session>,
};

/// The port at which servers take mail from each other (RFC 5321 section 4.5.4.2).
pub const SMTP_PORT: u16 = 25;

/// The port at which a server takes new mail from its users (RFC 6409 section 3.1).
pub const SUBMISSION_PORT: u16 = 587;

/// The rules of codec and machine, then those of the programs at its ends, then those of what it
/// carries.
static ALL_RULES: [&Rule; RULE_COUNT] = {
    let mut all = [&rules::LINES; RULE_COUNT];
    let policy = append(&mut all, 0, &rules::TOPICS);
    let content = append(&mut all, policy, &policy_rules::TOPICS);
    append(&mut all, content, &[mime::rules::ALL]);
    all
};

const RULE_COUNT: usize =
    count(&rules::TOPICS) + count(&policy_rules::TOPICS) + mime::rules::ALL.len();
