//! How a node is set up, the same for all nodes of a stage.

use core::time::Duration;

use crate::kademlia::DHT_PORT;
use crate::kademlia::lookup::Breadth;

/// How a node is set up. Nodes share one of these, so that ten thousand of them stay small.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// The UDP port that it speaks at.
    pub port: u16,
    /// How many nodes a bucket holds, and how many of the nearest a search is for.
    pub k: u8,
    /// How many nodes a search asks at the same time.
    pub alpha: usize,
    /// How many nodes a search asks altogether at the most.
    pub queries: u16,
    /// How long an answer is waited for.
    pub timeout: Duration,
    /// How often it looks for stale buckets and for what is to be announced again.
    pub upkeep: Duration,
    /// How often it announces again what it has announced.
    pub announce_again: Duration,
    /// How often on average it searches for a random ID of its own accord; never if none.
    pub asks_every: Option<Duration>,
    /// Client and version to send with each message (BEP 20); none to send nothing.
    pub version: Option<&'static [u8; 4]>,
    /// Whether it follows BEP 42: tells others their addresses, and announces only to nodes whose
    /// IDs fit theirs.
    pub secure: bool,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            port: DHT_PORT,
            k: 8,
            alpha: 3,
            queries: MAX_QUERIES,
            timeout: Duration::from_secs(2),
            upkeep: Duration::from_secs(5 * 60),
            announce_again: Duration::from_secs(15 * 60),
            asks_every: None,
            version: Some(b"WL\x00\x01"),
            secure: false,
        }
    }
}

impl Config {
    /// How wide its searches go.
    pub(super) fn breadth(&self) -> Breadth {
        Breadth { k: usize::from(self.k), alpha: self.alpha, queries: self.queries }
    }
}

/// A search among ten thousand nodes asks about twenty; this leaves room for many dead ones.
const MAX_QUERIES: u16 = 80;
