//! The Domain Name System (RFC 1034, RFC 1035) over datagrams and streams (RFC 7766), with the
//! EDNS of RFC 6891.

pub mod asking_rules;
pub mod cache;
pub mod client;
pub mod codec;
mod data;
mod dissect;
mod kind;
mod message;
mod name;
pub mod outstanding;
pub mod resolver;
pub mod rules;
mod said;
pub mod server;
pub mod stub;
pub mod walk;
pub mod zone;

pub use data::{CharacterString, Data, MAX_CHARACTER_STRING, Soa};
pub use dissect::{dissect, dissect_stream};
pub use kind::{Class, Opcode, RecordType, ResponseCode, UnknownWord};
pub use message::{Edns, EdnsOption, Header, Message, Question, Record};
pub use name::{Ending, MAX_LABEL, MAX_NAME, Name, NameError};
pub use zone::Zone;

use crate::wire::{Datagrams, Protocol, Rule, growing};

/// DNS over UDP as the lab knows it: each datagram is one message.
pub static DNS: Protocol = Protocol {
    name: "dns",
    title: "DNS",
    rules: &ALL_RULES,
    charts: &[],
    reader: growing::<Datagrams<dissect::Alone>>,
};

/// DNS over TCP: the same messages, each behind its length. A reader of bytes has to know which of
/// the two they are, so it is a protocol of its own.
pub static DNS_TCP: Protocol = Protocol {
    name: "dns-tcp",
    title: "DNS over TCP",
    rules: &ALL_RULES,
    charts: &[],
    reader: growing::<dissect::Streams>,
};

/// The rules of all topics, one after the other.
static ALL_RULES: [&Rule; RULE_COUNT] = {
    let mut all = [&rules::MESSAGE; RULE_COUNT];
    let (mut at, mut topic) = (0, 0);
    while topic < TOPICS.len() {
        let mut next = 0;
        while next < TOPICS[topic].len() {
            all[at] = TOPICS[topic][next];
            (at, next) = (at + 1, next + 1);
        }
        topic += 1;
    }
    all
};

const RULE_COUNT: usize = {
    let (mut count, mut topic) = (0, 0);
    while topic < TOPICS.len() {
        count += TOPICS[topic].len();
        topic += 1;
    }
    count
};

/// The topics of the messages, then those of whoever asks.
const TOPICS: [&[&Rule]; TOPIC_COUNT] = {
    let mut all: [&[&Rule]; TOPIC_COUNT] = [&[]; TOPIC_COUNT];
    let mut topic = 0;
    while topic < TOPIC_COUNT {
        all[topic] = match topic.checked_sub(rules::TOPICS.len()) {
            None => rules::TOPICS[topic],
            Some(asking) => asking_rules::TOPICS[asking],
        };
        topic += 1;
    }
    all
};

const TOPIC_COUNT: usize = rules::TOPICS.len() + asking_rules::TOPICS.len();

/// The port of DNS, over UDP and TCP (RFC 1035 section 4.2).
pub const DNS_PORT: u16 = 53;
