//! How a server is set up.

use core::time::Duration;

use crate::http::{HTTP_PORT, Limits, Version};

/// How a server is set up.
#[derive(Clone, PartialEq, Debug)]
pub struct Config {
    /// The TCP port at which it listens.
    pub port: u16,
    /// What it calls itself in the Server field.
    pub name: String,
    /// The version that it speaks; with 1.0 it closes after each answer.
    pub version: Version,
    /// How many requests it answers on one connection; none for no limit, 1 for no persistence.
    pub max_requests: Option<u32>,
    /// How long a connection may wait for a whole request.
    pub idle: Duration,
    /// How long it waits, having closed its side, for the peer to close.
    pub linger: Duration,
    /// How many connections it serves at a time; those beyond get 503, and beyond twice as many a
    /// reset.
    pub max_connections: usize,
    /// How much of a request it reads; `body_max` is the largest content.
    pub limits: Limits,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            port: HTTP_PORT,
            name: "Wirelab".to_string(),
            version: Version::Http11,
            max_requests: Some(MAX_REQUESTS),
            idle: IDLE,
            linger: LINGER,
            max_connections: MAX_CONNECTIONS,
            limits: Limits { body_max: BODY_MAX, ..Limits::default() },
        }
    }
}

/// A visit to a page takes some ten requests; a client that sends a hundred can open another.
const MAX_REQUESTS: u32 = 100;

/// Longer than a reader takes to click on, shorter than it takes to fill the table with idlers.
const IDLE: Duration = Duration::from_secs(15);

/// Our FIN reaches the peer only behind all that was sent before it, which takes a slow link a
/// while: a reset after two seconds would cut off answers that are still on their way.
const LINGER: Duration = Duration::from_secs(30);

/// More than a class of students opens, and little enough to hold.
const MAX_CONNECTIONS: usize = 500;

/// Content goes into the tree of notes: a mebibyte is a long note.
const BODY_MAX: u64 = 1 << 20;
