//! The practice internet: our own servers, run natively on loopback, that the page lists.
//!
//! They live as long as the relay does: what a student put into a mailbox is there until somebody
//! fetches and deletes it, whatever becomes of the tab.

mod dht;
mod mail;
mod names;

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::net::SocketAddr;

use protocols::endpoint::{Host, Running, Transport};
use protocols::http::proxy::{self, Proxy};
use protocols::http::server::{self, Server};
use protocols::http::site::Site;
use serde::Serialize;

use crate::serve::{Ground, Serving, now, serve};
use crate::server::Relay;

/// One server that the page offers under `GET /api/practice`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PracticeServer {
    /// What it is called in the page.
    pub name: String,
    /// Its protocol in lower case: `http`, `http-proxy`, `dns`, `smtp`, `pop3`, `kademlia`.
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

/// The practice servers of a relay; they stop when this is dropped.
#[derive(Debug)]
pub struct Practice {
    servers: Vec<Serving>,
}

impl Practice {
    /// Starts every practice server on this ground and offers it to the sessions of the relay.
    pub async fn start(relay: &mut Relay, ground: Ground) -> io::Result<Practice> {
        let mut practice = Practice { servers: Vec::new() };
        let server = Server::new(server::Config::default(), Site::department(now()));
        let server = Box::new(Running::new(server, seed()));
        practice.add("Web server of the department", "http", server, relay, ground).await?;
        // After the server, so that what the proxy may dial includes it.
        let proxy = Box::new(Running::new(Proxy::new(proxy::Config::default()), seed()));
        practice.add("Caching proxy", "http-proxy", proxy, relay, ground).await?;
        let names = names::server().map_err(|error| io::Error::other(error.to_string()))?;
        let names = Box::new(Running::new(names, seed()));
        let ground_of_names = Ground { raise: NAMES_RAISE, ..ground };
        practice.add("Name server of cs.test", "dns", names, relay, ground_of_names).await?;
        let mail = Box::new(Running::new(mail::server(now()), seed()));
        let ground_of_mail = Ground { raise: 0, ..ground };
        practice.add("Mail server of cs.test", "", mail, relay, ground_of_mail).await?;
        practice.add_dht(relay, ground).await?;
        Ok(practice)
    }

    /// Starts the nodes of the DHT. Each is offered, so that whoever hears of one may speak to it.
    async fn add_dht(&mut self, relay: &mut Relay, ground: Ground) -> io::Result<()> {
        let ground = Ground { confined: true, ..ground };
        let mut bootstrap = None;
        for number in 0..dht::NODES {
            let node = Box::new(Running::new(dht::node(number, bootstrap), seed()));
            let serving = serve(node, ground, dht::reach(), None).await?;
            let name = match number {
                0 => "Bootstrap node of the DHT".to_owned(),
                number => format!("Node {number} of the DHT"),
            };
            bootstrap = bootstrap.or(serving.listening().first().map(|at| at.address));
            if let Some(announcement) = dht::announcement(number) {
                serving.command_after(dht::JOINED_AFTER, announcement);
            }
            self.offer(&name, "", serving, relay);
        }
        Ok(())
    }

    /// Starts one server and lists each port that it listens on, under this protocol, or where
    /// none is given under the one that is spoken there.
    async fn add(
        &mut self,
        name: &str,
        protocol: &str,
        host: Box<dyn Host + Send>,
        relay: &mut Relay,
        ground: Ground,
    ) -> io::Result<()> {
        let serving = serve(host, ground, relay.dialler(), None).await?;
        self.offer(name, protocol, serving, relay);
        Ok(())
    }

    fn offer(&mut self, name: &str, protocol: &str, serving: Serving, relay: &mut Relay) {
        for at in serving.listening() {
            let protocol = if protocol.is_empty() { at.protocol } else { protocol };
            let transport = match at.transport {
                Transport::Tcp => "tcp",
                Transport::Udp => "udp",
            };
            tracing::info!(name, protocol, transport, address = %at.address, "practice server");
            relay.offer(PracticeServer::new(name, protocol, transport, at.address));
        }
        self.servers.push(serving);
    }

    /// The servers, in the order in which they are listed.
    pub fn servers(&self) -> &[Serving] {
        &self.servers
    }
}

/// A seed that differs from run to run: session cookies must not be guessed from an earlier run.
fn seed() -> u64 {
    RandomState::new().hash_one(0)
}

/// From 53 to 15353, which no usual program has.
const NAMES_RAISE: u16 = 15_300;
