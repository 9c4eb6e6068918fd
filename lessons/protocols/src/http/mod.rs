//! HTTP/1.0 and HTTP/1.1 (RFC 9110, RFC 9112), cookies (RFC 6265) and caching (RFC 9111).

pub mod cache;
pub mod client;
pub mod codec;
pub mod cookies;
mod date;
mod dissect;
mod end_to_end;
mod entity_tag;
pub mod machine;
mod message;
mod pieces;
pub mod policy_rules;
pub mod proxy;
mod reason;
pub mod rules;
pub mod server;
#[cfg(test)]
mod shuttle;
pub mod site;
#[cfg(test)]
mod tests;
mod url;

pub use codec::{Limits, Role};
pub use date::parse_http_date;
pub use dissect::dissect;
pub use end_to_end::end_to_end;
pub use machine::{Connection, Event, Move, State};
pub use message::{Field, Fields, Request, Response, Version};
pub use reason::reason_phrase;
pub use url::{HTTP_PORT, MAX_URL_LEN, Url, UrlError};

use crate::wire::{Protocol, Rule, growing};

/// HTTP as the lab knows it.
pub static HTTP: Protocol = Protocol {
    name: "http",
    title: "HTTP",
    rules: &ALL_RULES,
    charts: &[&machine::CLIENT, &machine::SERVER],
    reader: growing::<dissect::Conversation>,
};

/// The rules of codec and machine, then those of the programs at its ends.
static ALL_RULES: [&Rule; RULE_COUNT] = {
    let mut all = [&rules::MESSAGE; RULE_COUNT];
    let policy = append(&mut all, 0, &rules::TOPICS);
    append(&mut all, policy, &policy_rules::TOPICS);
    all
};

const RULE_COUNT: usize = count(&rules::TOPICS) + count(&policy_rules::TOPICS);

/// How many rules these topics have. Runs in the compiler only, as does [`append`].
const fn count(topics: &[&[&Rule]]) -> usize {
    let (mut count, mut topic) = (0, 0);
    while topic < topics.len() {
        count += topics[topic].len();
        topic += 1;
    }
    count
}

/// Copies the rules of these topics to `at` and after; returns where the next ones go.
const fn append(all: &mut [&'static Rule], mut at: usize, topics: &[&[&'static Rule]]) -> usize {
    let mut topic = 0;
    while topic < topics.len() {
        let mut next = 0;
        while next < topics[topic].len() {
            all[at] = topics[topic][next];
            (at, next) = (at + 1, next + 1);
        }
        topic += 1;
    }
    at
}
