//! How nodes are set up. One of these is shared by all nodes of a ring.

use core::net::SocketAddrV4;
use core::time::Duration;

use crate::overlay::Key;

/// How the nodes of a ring are set up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// How many bits identifiers have: 160, or fewer for a ring that can be drawn.
    pub bits: u8,
    /// What a node keeps to find keys by.
    pub routing: Routing,
    /// How its user's lookups travel. Joins and fingers are always looked up iteratively.
    pub lookups: Lookups,
    /// How many successors a node keeps: the paper's r.
    pub successors: u8,
    /// How many nodes hold each key, its owner included; no more than a node has successors.
    pub replicas: u8,
    /// How often a node stabilises, on average; each wait is drawn from half of that to one and a
    /// half. Never where it is missing, as with the other periods.
    pub stabilise_every: Option<Duration>,
    /// How often it looks a finger up anew.
    pub fix_fingers_every: Option<Duration>,
    /// How often it asks whether its predecessor is there.
    pub check_predecessor_every: Option<Duration>,
    /// How often it brings a key home that is not its own.
    pub bring_home_every: Option<Duration>,
    /// How often it looks up a key drawn by chance, as if a user had asked.
    pub asks_every: Option<Duration>,
    /// How long an answer is waited for.
    pub time_out: Duration,
    /// How often a request is sent again before its node is taken for dead.
    pub retries: u8,
    /// Members to join through: one drawn by chance each time. A node that is switched on again
    /// after a crash, or has lost the ring, joins through them.
    pub joins_through: Vec<SocketAddrV4>,
    /// Over how long nodes that are switched on at once spread their joins.
    pub joins_within: Duration,
}

/// What a node keeps to find keys by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Routing {
    /// Its successors alone: about N/2 steps.
    Successors,
    /// Fingers too: about half of log2 N steps.
    Fingers,
}

/// How a lookup travels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lookups {
    /// The asker asks one node after another.
    Iterative,
    /// The question is passed from node to node.
    Recursive,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            bits: Key::BITS,
            routing: Routing::Fingers,
            lookups: Lookups::Iterative,
            successors: SUCCESSORS,
            replicas: REPLICAS,
            stabilise_every: Some(STABILISE),
            fix_fingers_every: Some(FIX_FINGERS),
            check_predecessor_every: Some(STABILISE),
            bring_home_every: Some(BRING_HOME),
            asks_every: None,
            time_out: TIME_OUT,
            retries: RETRIES,
            joins_through: Vec::new(),
            joins_within: Duration::ZERO,
        }
    }
}

/// Enough for a few hundred nodes of which some crash; the paper has 20 for a thousand of which
/// half do.
const SUCCESSORS: u8 = 4;

/// The owner and two more: a key survives two crashes in a row.
const REPLICAS: u8 = 3;

/// The mean period of the paper's experiments (SIGCOMM 2001 section 6.5).
const STABILISE: Duration = Duration::from_secs(30);

/// One finger at a time: a ring of a thousand nodes has about ten different ones for each node.
const FIX_FINGERS: Duration = Duration::from_secs(30);

/// Only what several changes at once have left behind has to be brought home.
const BRING_HOME: Duration = Duration::from_secs(60);

/// More than a round trip to anywhere on earth.
const TIME_OUT: Duration = Duration::from_millis(500);

/// A datagram in ten may be lost: that both are is one in a hundred.
const RETRIES: u8 = 1;
