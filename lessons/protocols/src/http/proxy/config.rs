//! How a proxy is set up.

use core::time::Duration;

use crate::http::{Limits, Version};

/// How a proxy is set up.
#[derive(Clone, PartialEq, Debug)]
pub struct Config {
    /// The TCP port at which it listens.
    pub port: u16,
    /// What it calls itself in Via and Cache-Status: a token, unique on any path.
    pub name: String,
    /// Whether it keeps and asks a cache.
    pub cache: bool,
    /// How long a connection, from a client or to an origin, may be idle.
    pub idle: Duration,
    /// How long it waits, having closed its side, for a client to close.
    pub linger: Duration,
    /// How long it waits for an origin's answer to begin and to go on.
    pub answer_within: Duration,
    /// How many clients it serves at a time; those beyond get a reset.
    pub max_connections: usize,
    /// The largest response that it copies into its cache, in bytes of content.
    pub max_stored: usize,
    /// What an origin is taken to speak until it has answered. RFC 9112 section 6.1 leaves that to
    /// configuration; it decides whether chunks and expectations are passed on to strangers.
    pub unknown_origin: Version,
    /// How much content of one request is held while it cannot be passed on: until the origin's
    /// connection is open, or, for an origin that reads no chunks, until its length is known.
    pub max_held: usize,
    /// How much of a request it reads. Content is passed on as it comes.
    pub request_limits: Limits,
    /// How much of a response it reads. Content is passed on as it comes.
    pub response_limits: Limits,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            port: PROXY_PORT,
            name: "wirelab-proxy".to_string(),
            cache: true,
            idle: IDLE,
            linger: LINGER,
            answer_within: ANSWER_WITHIN,
            max_connections: MAX_CONNECTIONS,
            max_stored: MAX_STORED,
            unknown_origin: Version::Http11,
            max_held: MAX_HELD,
            request_limits: Limits { body_max: BODY_MAX, ..Limits::default() },
            response_limits: Limits { body_max: BODY_MAX, ..Limits::default() },
        }
    }
}

/// The port that proxies have by habit.
const PROXY_PORT: u16 = 3128;

/// As our server has it.
const IDLE: Duration = Duration::from_secs(15);

/// As our server has it.
const LINGER: Duration = Duration::from_secs(30);

/// Shorter than clients wait, so that they hear of 504 before they give up.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// A class of students, each with a few connections.
const MAX_CONNECTIONS: usize = 500;

/// An eighth of the cache: one response cannot push all others out.
const MAX_STORED: usize = 1 << 20;

/// A mebibyte is a large form. A driver whose sockets can wait reads far less ahead.
const MAX_HELD: usize = 1 << 20;

/// Nothing is held of what is passed on, so only endlessness is refused.
const BODY_MAX: u64 = 1 << 40;
