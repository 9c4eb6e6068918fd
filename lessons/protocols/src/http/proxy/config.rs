//! How a proxy is set up.

use core::time::Duration;

use crate::http::Limits;

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
    /// How much of a request it reads. Requests are held whole before they are passed on.
    pub request_limits: Limits,
    /// How much of a response it reads. Responses are passed on as they come.
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
            request_limits: Limits { body_max: REQUEST_BODY_MAX, ..Limits::default() },
            response_limits: Limits { body_max: RESPONSE_BODY_MAX, ..Limits::default() },
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

/// A request is held whole, so that it can be sent again; a mebibyte is a large form.
const REQUEST_BODY_MAX: u64 = 1 << 20;

/// Nothing is held of what is passed on, so only endlessness is refused.
const RESPONSE_BODY_MAX: u64 = 1 << 40;
