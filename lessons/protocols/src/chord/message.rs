//! What nodes say to each other.

use core::fmt;
use core::net::{IpAddr, SocketAddr, SocketAddrV4};

use bytes::Bytes;

use crate::overlay::Key;

/// One message: a whole datagram.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// The number that the asker chose; the answer repeats it.
    pub transaction: u32,
    /// The identifier of the node that sends this.
    pub sender: Key,
    /// What it says.
    pub body: Body,
}

/// What a message says. Requests come first, then answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Body {
    /// Are you there?
    Ping,
    /// Who is the successor of this key, as far as you know? One step of an iterative lookup.
    FindSuccessor {
        /// The key.
        key: Key,
        /// Nodes that the asker has found dead, which are no help: at most [`MAX_AVOIDED`].
        avoid: Vec<Key>,
    },
    /// Find the successor of this key and have the asker told. A recursive lookup.
    Forward {
        /// The key.
        key: Key,
        /// Whom to tell.
        asker: SocketAddrV4,
        /// The asker's own number for this lookup, which the answer to it carries.
        token: u32,
        /// How many nodes the question has been sent to, the receiver included.
        hops: u16,
    },
    /// Who is your predecessor, and which nodes follow you?
    GetPredecessor,
    /// I may be your predecessor. There is no answer.
    Notify,
    /// Store this value under this key, as the owner of the key.
    Put {
        /// The key.
        key: Key,
        /// At most [`MAX_VALUE`] bytes.
        value: Bytes,
    },
    /// What is stored under this key?
    Get {
        /// The key.
        key: Key,
    },
    /// Hold these from now on: keys that move, or copies of them.
    Transfer {
        /// At most [`MAX_ITEMS`].
        items: Vec<Item>,
    },
    /// I leave the ring; link up with those around me.
    Leave {
        /// The predecessor of who leaves.
        predecessor: Option<Contact>,
        /// The nodes that follow who leaves, the nearest first.
        successors: Vec<Contact>,
    },
    /// I am here.
    Pong,
    /// The successor of the key, and the nodes that follow it.
    Successor {
        /// How many nodes a recursive lookup was sent to; 0 in answer to an iterative step.
        hops: u16,
        /// The successor first: from 1 to [`MAX_CONTACTS`].
        contacts: Vec<Contact>,
    },
    /// Somebody else knows better: this node lies between who answers and the key. To `put` and
    /// `get` it says who has the key now.
    Closer {
        /// The node to ask.
        contact: Contact,
    },
    /// The predecessor and the successors of who answers.
    Neighbours {
        /// The node before it on the ring, if it knows one.
        predecessor: Option<Contact>,
        /// The nodes after it, the nearest first.
        successors: Vec<Contact>,
    },
    /// The question is taken on; the asker will hear from somebody.
    Taken,
    /// The value is stored.
    Stored {
        /// How often this key has been stored.
        version: u32,
    },
    /// What is stored under the key.
    Value {
        /// How often this key has been stored.
        version: u32,
        /// The value.
        value: Bytes,
    },
    /// Nothing is stored under the key.
    Missing,
    /// The items have come.
    Received,
    /// The leave has been noted.
    Goodbye,
    /// The request was not served.
    Failed(Fault),
}

impl Body {
    /// Whether it answers something: answers are never answered.
    pub fn is_answer(&self) -> bool {
        match self {
            Body::Ping
            | Body::FindSuccessor { .. }
            | Body::Forward { .. }
            | Body::GetPredecessor
            | Body::Notify
            | Body::Put { .. }
            | Body::Get { .. }
            | Body::Transfer { .. }
            | Body::Leave { .. } => false,
            Body::Pong
            | Body::Successor { .. }
            | Body::Closer { .. }
            | Body::Neighbours { .. }
            | Body::Taken
            | Body::Stored { .. }
            | Body::Value { .. }
            | Body::Missing
            | Body::Received
            | Body::Goodbye
            | Body::Failed(_) => true,
        }
    }
}

/// Why a request was not served.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fault {
    /// The format has another version.
    Version,
    /// A kind of request that the node does not know.
    UnknownKind,
    /// It cannot be read.
    Malformed,
    /// The node is no member of a ring, or has not joined yet.
    NotAMember,
    /// It knows nobody nearer to the key who is not to be avoided.
    NobodyNearer,
    /// It cannot hold or do any more.
    Full,
    /// A code that this table does not have.
    Other(u8),
}

/// A node, as others know it: 26 bytes on the wire and in memory.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Contact {
    /// Its identifier.
    pub id: Key,
    /// Where it takes datagrams.
    pub address: SocketAddrV4,
}

/// A key and what is stored under it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// The key.
    pub key: Key,
    /// How often it has been stored: of two copies the one with the higher number is newer.
    pub version: u32,
    /// The value.
    pub value: Bytes,
}

impl Contact {
    /// The node at this address whose identifier is the hash of the address, as the paper has it
    /// (SIGCOMM 2001 section 4.2), in an identifier space of `bits` bits.
    pub fn hashed(address: SocketAddrV4, bits: u8) -> Contact {
        Contact { id: Key::hash(address.to_string().as_bytes()).modulo(bits), address }
    }

    /// The sender of a datagram; none where its address does not fit into the format.
    pub(crate) fn sender(id: Key, from: SocketAddr) -> Option<Contact> {
        match from.ip() {
            IpAddr::V4(ip) => Some(Contact { id, address: SocketAddrV4::new(ip, from.port()) }),
            IpAddr::V6(_) => None,
        }
    }
}

impl fmt::Display for Contact {
    /// As the paper writes nodes: `N42`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "N{}", Short(self.id))
    }
}

/// An identifier for people: its number where that is short, else its first eight digits.
pub(super) struct Short(pub(super) Key);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.value() {
            Some(value) => write!(f, "{value}"),
            None => {
                let [a, b, c, d, ..] = *self.0.as_bytes();
                write!(f, "{:08x}…", u32::from_be_bytes([a, b, c, d]))
            }
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Version => f.write_str("another version of the format"),
            Fault::UnknownKind => f.write_str("unknown kind of request"),
            Fault::Malformed => f.write_str("malformed request"),
            Fault::NotAMember => f.write_str("not a member of the ring"),
            Fault::NobodyNearer => f.write_str("knows nobody nearer to the key"),
            Fault::Full => f.write_str("no room"),
            Fault::Other(code) => write!(f, "error {code}"),
        }
    }
}

/// The longest value: with the rest of its message it fits into a datagram that is not split.
pub const MAX_VALUE: usize = 512;

/// The longest list of contacts: the paper's experiments have 20 successors, and more than twice
/// the logarithm of the largest ring is no use.
pub const MAX_CONTACTS: usize = 32;

/// How many dead nodes a request may name: more of them in one lookup, and the ring is beyond help.
pub const MAX_AVOIDED: usize = 32;

/// How many items a transfer carries at most; the size of the datagram usually ends it before.
pub const MAX_ITEMS: usize = 64;

/// The largest datagram that nodes make, in bytes: with the headers of IP and UDP it fits into
/// 1280 bytes, which every path must carry.
pub const MAX_DATAGRAM: usize = 1_232;
