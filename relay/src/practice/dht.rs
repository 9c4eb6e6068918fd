//! The practice DHT: a few nodes of Mainline (BEP 5) that know each other, and nobody else.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use protocols::kademlia::node::{Config, Node};
use protocols::kademlia::{DHT_PORT, v4};

use crate::dial::Dialler;
use crate::policy::{Policy, Profile};

/// One node of the DHT, by its number: the first waits for others, each of these joins through it.
pub fn node(number: u16, bootstrap: Option<SocketAddr>) -> Node {
    let config = Config {
        port: DHT_PORT + number,
        // A class comes and goes, and its tabs with it.
        upkeep: UPKEEP,
        ..Config::default()
    };
    let node = Node::nameless(Arc::new(config));
    match bootstrap.and_then(v4) {
        // They join one after the other.
        Some(through) => node.joining(through, BETWEEN * u32::from(number)),
        None => node,
    }
}

/// Where the nodes may send to, unless it is an answer: to nodes on this machine, which tabs are
/// too. A node turns to whatever address others tell it, so nothing else may be in its reach.
pub fn reach() -> Dialler {
    Dialler::new(Policy::new(Profile::Local))
}

/// What is announced in the DHT from the start, and by which node: as [`Node`]'s command.
pub fn announcement(number: u16) -> Option<String> {
    ANNOUNCERS.contains(&number).then(|| format!("announce {TORRENT} {}", PEER_PORT + number))
}

/// How many nodes there are: more than fit one bucket, so that a table has two at least.
pub const NODES: u16 = 12;

/// How long after the start everybody has joined, so that announcements find the right nodes.
pub const JOINED_AFTER: Duration = Duration::from_secs(2);

const BETWEEN: Duration = Duration::from_millis(50);
const UPKEEP: Duration = Duration::from_secs(30);

/// The word whose SHA-1 is the infohash that somebody has already.
const TORRENT: &str = "lecture.ogv";
const ANNOUNCERS: [u16; 2] = [4, 9];
/// Nobody takes connections there: who has something is all that the DHT is about.
const PEER_PORT: u16 = 20_000;
