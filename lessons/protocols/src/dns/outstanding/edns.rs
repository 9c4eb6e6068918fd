//! Which servers do not speak EDNS (RFC 6891), as far as asking them has shown.

use core::net::SocketAddr;
use core::time::Duration;
use std::collections::BTreeMap;

use crate::wire::Time;

/// Servers that are asked without an OPT record, each until it is time to try again.
#[derive(Clone, Debug, Default)]
pub(super) struct Plain(BTreeMap<SocketAddr, Time>);

impl Plain {
    /// Whether a server is to be asked without an OPT record.
    pub(super) fn has(&self, server: SocketAddr, now: Time) -> bool {
        self.0.get(&server).is_some_and(|until| *until > now)
    }

    /// Remembers a server for a while.
    pub(super) fn remember(&mut self, server: SocketAddr, now: Time) {
        self.0.retain(|_, until| *until > now);
        if self.0.len() < MAX_SERVERS {
            self.0.insert(server, now + MEMORY);
        }
    }

    /// Forgets all of them.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

/// The round in which a server that has been silent to queries with an OPT record is asked without
/// one: two that were lost are more likely than that it, or a firewall, throws such queries away.
pub(super) const PLAIN_ROUND: u32 = 2;

/// As long as Unbound remembers: servers are mended, and a network that lost two queries in a row
/// may not do so for ever.
const MEMORY: Duration = Duration::from_secs(15 * 60);

/// More servers without EDNS than anybody meets; the rest are tried each time.
const MAX_SERVERS: usize = 1_024;
