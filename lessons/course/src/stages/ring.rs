//! The stages `ring` and `tree`: nodes of a distributed hash table around one router, settled.

use core::net::{IpAddr, Ipv4Addr, SocketAddrV4};
use core::time::Duration;
use std::sync::Arc;

use protocols::chord::{self, Contact};
use protocols::endpoint::Endpoint;
use protocols::kademlia::{self, DHT_PORT};
use protocols::overlay::Key;
use world::{Conditions, HostPlan, LinkPlan, Node, Plan, Prelude, Program, RouterPlan};

use super::plan::EPOCH;
use super::{Domain, Params, Spec, Word};
use crate::measure::Kind;

/// The parameters of the stage `ring`.
pub(super) const RING_SPECS: &[Spec] = &[NODES, ASKS, ROUTING, LOOKUPS];

/// The parameters of the stage `tree`.
pub(super) const TREE_SPECS: &[Spec] = &[NODES, ASKS];

const NODES: Spec = Spec {
    name: "nodes",
    label: "Nodes",
    says: "How many nodes there are. Up to ten have the identifiers of the Chord paper's figures.",
    domain: Domain::Number { kind: Kind::Plain, least: 1.0, most: 10_000.0, default: 8.0 },
};

const ASKS: Spec = Spec {
    name: "asks",
    label: "Lookups of their own",
    says: "How long each node waits, on average, between two lookups of its own; 0 for none.",
    domain: Domain::Number { kind: Kind::Time, least: 0.0, most: 10_000.0, default: 0.0 },
};

const ROUTING: Spec = Spec {
    name: "routing",
    label: "Routing",
    says: "What a node keeps to find keys by.",
    domain: Domain::Word(&[
        Word { name: "fingers", says: "Fingers at powers of two, beside its successors." },
        Word { name: "successors", says: "Its successors alone." },
    ]),
};

const LOOKUPS: Spec = Spec {
    name: "lookups",
    label: "Lookups",
    says: "How a lookup travels.",
    domain: Domain::Word(&[
        Word { name: "iterative", says: "The asker asks one node after another." },
        Word { name: "recursive", says: "The question is passed from node to node." },
    ]),
};

/// Builds the stage `ring`.
pub(super) fn ring(params: &Params) -> Plan {
    let count = count(params);
    let bits = if count <= PAPER.len() { PAPER_BITS } else { Key::BITS };
    let mut ring: Vec<Contact> = (0..count)
        .map(|at| {
            let address = address(at, CHORD_PORT);
            let id = match PAPER.get(at).filter(|_| bits == PAPER_BITS) {
                Some(id) => Key::from_value(*id),
                None => Key::hash(address.to_string().as_bytes()),
            };
            Contact { id, address }
        })
        .collect();
    ring.sort_by_key(|contact| contact.id);
    let config = Arc::new(chord::node::Config {
        bits,
        routing: match params.word("routing") {
            "successors" => chord::node::Routing::Successors,
            _ => chord::node::Routing::Fingers,
        },
        lookups: match params.word("lookups") {
            "recursive" => chord::node::Lookups::Recursive,
            _ => chord::node::Lookups::Iterative,
        },
        asks_every: asks_every(params),
        ..chord::node::Config::default()
    });
    let mut plan = around_a_router();
    for (at, own) in ring.iter().enumerate() {
        if let Some(node) = chord::node::Node::settled(&config, &ring, at) {
            join(&mut plan, name(own.id, bits, at), own.id, own.address, node);
        }
    }
    plan
}

/// Builds the stage `tree`.
pub(super) fn tree(params: &Params) -> Plan {
    let mut all: Vec<kademlia::Contact> = (0..count(params))
        .map(|at| {
            let address = address(at, DHT_PORT);
            kademlia::Contact { id: Key::hash(address.to_string().as_bytes()), address }
        })
        .collect();
    all.sort_by_key(|contact| contact.id);
    let asks_every = asks_every(params);
    let config = Arc::new(kademlia::node::Config { asks_every, ..Default::default() });
    let mut plan = around_a_router();
    for (at, own) in all.iter().enumerate() {
        let node = kademlia::Node::settled(Arc::clone(&config), own.id, &all, EPOCH);
        join(&mut plan, name(own.id, Key::BITS, at), own.id, own.address, node);
    }
    plan
}

fn count(params: &Params) -> usize {
    params.number("nodes") as usize
}

fn asks_every(params: &Params) -> Option<Duration> {
    let asks = Duration::from_secs_f64(params.number("asks").max(0.0));
    (!asks.is_zero()).then_some(asks)
}

fn address(at: usize, port: u16) -> SocketAddrV4 {
    SocketAddrV4::new(Ipv4Addr::from_bits(FIRST_ADDRESS + at as u32), port)
}

/// On a small ring nodes are called as in the paper; else by their place around the circle.
fn name(id: Key, bits: u8, at: usize) -> String {
    match id.value().filter(|_| bits == PAPER_BITS) {
        Some(id) => format!("N{id}"),
        None => format!("n{}", at + 1),
    }
}

/// A plan with a router, on which every node is a member when the history begins.
fn around_a_router() -> Plan {
    let router = RouterPlan { name: "the rest of the network".to_string(), place: (0, 0) };
    let prelude = Prelude { lasts: SWITCHING_ON, is_over: None };
    Plan { epoch: EPOCH, routers: vec![router], prelude: Some(prelude), ..Plan::default() }
}

/// Adds a node, so far from the router as its identifier says: near by identifier is not near by
/// network.
fn join<E: Endpoint>(plan: &mut Plan, name: String, id: Key, address: SocketAddrV4, node: E) {
    let at = plan.hosts.len() as u32;
    let spread = id.as_bytes().last().map_or(0, |byte| u64::from(*byte) * 7 % SPREAD_MS);
    let delay = Duration::from_millis(NEAREST_MS + spread);
    plan.links.push(LinkPlan {
        name: format!("{name}'s link"),
        ends: (Node::Host(at), Node::Router(0)),
        conditions: Conditions { delay, ..Conditions::default() },
    });
    plan.hosts.push(HostPlan {
        name,
        address: IpAddr::V4(*address.ip()),
        program: Program::of(node),
        place: (1, 0),
    });
}

/// The nodes of the figures of Stoica et al. (SIGCOMM 2001), in a space of 2^6.
const PAPER: [u64; 10] = [1, 8, 14, 21, 32, 38, 42, 48, 51, 56];
const PAPER_BITS: u8 = 6;
const CHORD_PORT: u16 = 4000;
/// 10.0.0.1: ten thousand nodes fit behind it.
const FIRST_ADDRESS: u32 = 0x0a00_0001;
/// Hosts are switched on in the prelude: ten thousand starts teach nothing.
const SWITCHING_ON: Duration = Duration::from_millis(1);
/// Nodes are from 5 to 34 ms away from the router.
const NEAREST_MS: u64 = 5;
const SPREAD_MS: u64 = 30;
