//! Kademlia as Mainline BitTorrent speaks it (BEP 5): a distributed table of who has what.
//!
//! Messages are KRPC, which is bencode in datagrams. Nodes keep each other in buckets by the
//! exclusive or of their IDs, and find anything by asking nearer and nearer nodes.

pub mod bencode;
pub mod codec;
mod contact;
mod dissect;
pub mod lookup;
mod message;
pub mod node;
pub mod rules;
pub mod secure_id;
pub mod store;
pub mod table;
pub mod token;

pub use contact::{COMPACT_PEER, Contact, read_peer, short, v4, write_peer};
pub use dissect::dissect;
pub use message::{Announce, Ask, Body, Message, Query, Refusal, Response, code};
pub use node::Node;

use crate::wire::{Datagrams, Protocol, Rule, append, count, growing};

/// The Mainline DHT as the lab knows it: each datagram is one message of KRPC.
pub static KADEMLIA: Protocol = Protocol {
    name: "kademlia",
    title: "Kademlia",
    rules: &ALL_RULES,
    charts: &[],
    reader: growing::<Datagrams<dissect::Talk>>,
};

/// The rules of bencode, then those of messages and nodes.
static ALL_RULES: [&Rule; RULE_COUNT] = {
    let mut all = [&rules::MESSAGE; RULE_COUNT];
    let at = append(&mut all, 0, &[bencode::rules::ALL]);
    append(&mut all, at, &rules::TOPICS);
    all
};

const RULE_COUNT: usize = count(&[bencode::rules::ALL]) + count(&rules::TOPICS);

/// The port at which clients usually take datagrams of the DHT: that of their peers (BEP 5's
/// examples).
pub const DHT_PORT: u16 = 6881;
