//! Nodes and peers as they are passed on: 26 and 6 bytes (BEP 5, "Contact Encoding").

use core::fmt;
use core::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

use crate::overlay::Key;

/// A node: its ID and the address at which it answers. It takes as much memory as on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Contact {
    /// Its node ID.
    pub id: Key,
    /// Its address.
    pub address: SocketAddrV4,
}

impl Contact {
    /// Bytes of the compact node info.
    pub const BYTES: usize = Key::BYTES + COMPACT_PEER;

    /// The node of these bytes; none if they are not 26.
    pub fn read(bytes: &[u8]) -> Option<Contact> {
        let (id, address) = bytes.split_at_checked(Key::BYTES)?;
        Some(Contact { id: Key::new(id.try_into().ok()?), address: read_peer(address)? })
    }

    /// The same as 26 bytes.
    pub fn write(&self) -> [u8; Contact::BYTES] {
        let mut bytes = [0; Contact::BYTES];
        let (id, address) = bytes.split_at_mut(Key::BYTES);
        id.copy_from_slice(self.id.as_bytes());
        address.copy_from_slice(&write_peer(self.address));
        bytes
    }

    /// The address for sockets of either family.
    pub fn socket(&self) -> SocketAddr {
        SocketAddr::V4(self.address)
    }
}

impl fmt::Display for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", short(self.id), self.address)
    }
}

/// The peer of these bytes; none if they are not 6.
pub fn read_peer(bytes: &[u8]) -> Option<SocketAddrV4> {
    let [a, b, c, d, high, low] = *bytes else { return None };
    Some(SocketAddrV4::new(Ipv4Addr::new(a, b, c, d), u16::from_be_bytes([high, low])))
}

/// A peer as 6 bytes.
pub fn write_peer(peer: SocketAddrV4) -> [u8; COMPACT_PEER] {
    let [a, b, c, d] = peer.ip().octets();
    let [high, low] = peer.port().to_be_bytes();
    [a, b, c, d, high, low]
}

/// An IPv4 address, also when a socket of both families gives it as one of IPv6.
pub fn v4(address: SocketAddr) -> Option<SocketAddrV4> {
    match address {
        SocketAddr::V4(address) => Some(address),
        SocketAddr::V6(address) => {
            address.ip().to_ipv4_mapped().map(|ip| SocketAddrV4::new(ip, address.port()))
        }
    }
}

/// The first eight hexadecimal digits of an ID: enough to tell the nodes of any stage apart.
pub fn short(key: Key) -> String {
    let [a, b, c, d, ..] = *key.as_bytes();
    format!("{a:02x}{b:02x}{c:02x}{d:02x}…")
}

/// Bytes of the compact IP address and port of a peer.
pub const COMPACT_PEER: usize = 6;
