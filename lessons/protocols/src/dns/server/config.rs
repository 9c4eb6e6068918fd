//! How a name server is set up.

use core::time::Duration;

use crate::dns::DNS_PORT;

/// How a name server is set up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// The port, for datagrams and connections alike.
    pub port: u16,
    /// The largest datagram that it takes and sends, in bytes, to those who speak EDNS; none if
    /// it does not speak EDNS itself and refuses an OPT record (RFC 6891 section 7).
    pub payload_size: Option<u16>,
    /// How long a connection may be open without a whole message.
    pub idle: Duration,
    /// How long it waits, having closed its side, for the client to close.
    pub linger: Duration,
    /// How many connections it holds at a time; those beyond are reset.
    pub max_connections: usize,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            port: DNS_PORT,
            payload_size: Some(PAYLOAD_SIZE),
            idle: IDLE,
            linger: LINGER,
            max_connections: MAX_CONNECTIONS,
        }
    }
}

/// With the headers of IPv6 and UDP it fits into 1280 bytes, which every path must carry.
const PAYLOAD_SIZE: u16 = 1232;

/// "On the order of seconds" (RFC 7766 section 6.2.3); what BIND and Unbound wait.
const IDLE: Duration = Duration::from_secs(30);

/// Long enough for what was sent before to arrive over a slow link.
const LINGER: Duration = Duration::from_secs(30);

/// As many as BIND takes by default, and little enough to hold.
const MAX_CONNECTIONS: usize = 150;
