//! Where a node stands in an overlay, and whom it knows there.

use core::fmt;
use core::net::SocketAddr;

use super::Key;

/// Where a node stands in its overlay. Asking costs nothing, so a picture may ask ten thousand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// Its identifier.
    pub id: Key,
    /// How many bits identifiers have, from 1 to [`Key::BITS`].
    pub bits: u8,
    /// What near means there.
    pub geometry: Geometry,
    /// Whether it has joined and not left.
    pub is_member: bool,
    /// How many keys it holds values for.
    pub holds: u32,
}

/// What near means in an overlay.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Geometry {
    /// Clockwise on a circle (Chord).
    Ring,
    /// The exclusive or of two identifiers, read as a number (Kademlia).
    Xor,
}

/// Another node as one node knows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pointer {
    /// Its address.
    pub to: SocketAddr,
    /// Its identifier.
    pub id: Key,
    /// What it is known as.
    pub role: Role,
    /// Which of several: the place in the list of successors, the exponent of a finger, the index
    /// of a bucket; 0 for a predecessor.
    pub rank: u16,
}

/// What one node knows another as.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Role {
    /// The node before it on the ring.
    Predecessor,
    /// One of the next nodes on the ring.
    Successor,
    /// The first node at least a power of two further on the ring.
    Finger,
    /// A node at a distance within the range of a bucket.
    Bucket,
}

impl Place {
    /// The place on a circle, as a fraction of a whole turn, at least 0 and less than 1.
    pub fn turn(&self) -> f64 {
        self.id.turn(self.bits)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Role::Predecessor => "predecessor",
            Role::Successor => "successor",
            Role::Finger => "finger",
            Role::Bucket => "bucket",
        })
    }
}
