//! Who is at the other end: the real hosts of a session, and what is spoken with each of them.

use core::net::{IpAddr, SocketAddr};
use core::time::Duration;

use protocols::endpoint::Transport;
use protocols::kademlia::KADEMLIA;
use protocols::wire::Protocol;
use world::{HostId, Party};

use super::Live;

/// A real host that the program has dialled or sent something to.
#[derive(Clone, Debug)]
pub struct Peer {
    /// Its name or address, as it was dialled.
    pub host: String,
    /// Its ports that were used, in the order of being used first.
    pub ports: Vec<Port>,
    /// Half of the shortest round trip that was measured to it.
    pub one_way: Option<Duration>,
}

/// A port of a real host.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Port {
    /// Which kind.
    pub transport: Transport,
    /// Its number.
    pub number: u16,
    /// What is spoken there.
    pub protocol: &'static Protocol,
}

impl Peer {
    /// Whether this host is the one that is meant: by its name and a port that it has, whatever
    /// the transport. The ports of mail belong to one host, since they lead to the same mailboxes.
    fn is(&self, host: &str, port: Port) -> bool {
        let same = |own: &Port| {
            own.number == port.number || (is_mail(own.protocol) && is_mail(port.protocol))
        };
        self.host == host && self.ports.iter().any(same)
    }

    /// What it is called on the ladder. Nodes of a distributed hash table that run on one machine
    /// differ in their ports only, and the address is shown below the name.
    fn name(&self) -> String {
        let is_here = self.host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
        match self.ports.as_slice() {
            [first, rest @ ..] if rest.iter().any(|port| port.number != first.number) => {
                format!("{} (mail)", self.host)
            }
            [first, ..] if is_here && first.protocol == &KADEMLIA => {
                format!("port {}", first.number)
            }
            [first, ..] => format!("{}:{}", self.host, first.number),
            [] => self.host.clone(),
        }
    }
}

impl Live {
    /// The number of who is at a host and port; new ones join the recording.
    pub(super) fn peer(
        &mut self,
        host: &str,
        transport: Transport,
        number: u16,
        protocol: &'static Protocol,
    ) -> HostId {
        let port = Port { transport, number, protocol };
        let known = self.peers.iter().position(|peer| peer.is(host, port));
        let index = known.unwrap_or(self.peers.len());
        if known.is_none() {
            let ports = Vec::new();
            self.peers.push(Peer { host: host.to_string(), ports, one_way: None });
            self.recording.join(Party {
                name: String::new(),
                address: host.parse().ok(),
                column: 0,
            });
        }
        let id = HostId(index as u32 + 1);
        if let Some(peer) = self.peers.get_mut(index)
            && !peer.ports.contains(&port)
        {
            peer.ports.push(port);
            if let Some(party) = self.recording.party_mut(id) {
                party.name = peer.name();
            }
        }
        id
    }

    /// What is known by now of a peer's address.
    pub(super) fn learn(&mut self, peer: HostId, address: SocketAddr) {
        if let Some(party) = self.recording.party_mut(peer) {
            party.address = Some(address.ip());
        }
    }

    /// What is reckoned for one way to a peer.
    pub(super) fn one_way(&self, peer: HostId) -> Option<Duration> {
        self.peer_of(peer).and_then(|peer| peer.one_way)
    }

    /// Keeps the shortest time that was measured: longer ones have waited somewhere.
    pub(super) fn measured(&mut self, peer: HostId, one_way: Duration) {
        let index = (peer.0 as usize).checked_sub(1);
        if let Some(peer) = index.and_then(|index| self.peers.get_mut(index)) {
            peer.one_way = Some(peer.one_way.map_or(one_way, |known| known.min(one_way)));
        }
    }

    fn peer_of(&self, peer: HostId) -> Option<&Peer> {
        self.peers.get((peer.0 as usize).checked_sub(1)?)
    }
}

/// Whether a protocol leads to mailboxes.
pub fn is_mail(protocol: &Protocol) -> bool {
    matches!(protocol.name, "smtp" | "pop3")
}
