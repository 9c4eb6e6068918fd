//! The practice internet: our own servers, run natively on loopback, that the page lists.

use std::net::SocketAddr;

use serde::Serialize;

/// One server that the page offers under `GET /api/practice`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PracticeServer {
    /// What it is called in the page.
    pub name: String,
    /// Its protocol in lower case: `http`, `http-proxy`, later `dns`, `smtp` and others.
    pub protocol: String,
    /// `tcp` or `udp`.
    pub transport: String,
    /// Its address as the page should dial it.
    pub host: String,
    /// Its port.
    pub port: u16,
}

impl PracticeServer {
    /// A server that listens on this address.
    pub fn new(name: &str, protocol: &str, transport: &str, address: SocketAddr) -> Self {
        PracticeServer {
            name: name.to_owned(),
            protocol: protocol.to_owned(),
            transport: transport.to_owned(),
            host: address.ip().to_string(),
            port: address.port(),
        }
    }

    /// Where it listens, if its host is an address.
    pub fn address(&self) -> Option<SocketAddr> {
        let ip = self.host.parse().ok()?;
        Some(SocketAddr::new(ip, self.port))
    }
}
