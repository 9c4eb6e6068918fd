//! KRPC messages as values (BEP 5, "KRPC Protocol").

use core::fmt;
use core::net::SocketAddrV4;

use bytes::Bytes;

use super::Contact;
use crate::overlay::Key;

/// One datagram of KRPC.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// The transaction ID (`t`): whoever asks chooses it, and the answer repeats it.
    pub transaction: Bytes,
    /// What the message is.
    pub body: Body,
    /// Client and version (`v`), by the conventions of BEP 20.
    pub version: Option<Bytes>,
    /// Whether the sender answers no queries itself (`ro`, BEP 43).
    pub read_only: bool,
    /// The address from which the responder saw the query come (`ip`, BEP 42).
    pub your_address: Option<SocketAddrV4>,
}

/// The three types of message (`y`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Body {
    /// Somebody asks (`q`).
    Query(Query),
    /// An answer (`r`).
    Response(Response),
    /// The query could not be answered (`e`).
    Error(Refusal),
}

/// A query.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Query {
    /// The node ID of whoever asks.
    pub id: Key,
    /// What is asked.
    pub ask: Ask,
}

/// The four queries of BEP 5.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ask {
    /// Are you there?
    Ping,
    /// Which nodes do you know nearest to this ID?
    FindNode {
        /// The ID.
        target: Key,
    },
    /// Which peers do you know for this torrent, or else which nodes nearest to it?
    GetPeers {
        /// The infohash of the torrent.
        info_hash: Key,
    },
    /// Write down that I am a peer of this torrent.
    AnnouncePeer(Announce),
}

/// What an announcement says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Announce {
    /// The infohash of the torrent.
    pub info_hash: Key,
    /// The TCP port of the peer.
    pub port: u16,
    /// Whether the port is the one that the datagram came from, whatever `port` says.
    pub implied_port: bool,
    /// The token that the same node gave in its answer to get_peers.
    pub token: Bytes,
}

/// An answer. Which query it answers, only the transaction ID tells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Response {
    /// The node ID of whoever answers.
    pub id: Key,
    /// Nodes, nearest to what was asked for.
    pub nodes: Option<Vec<Contact>>,
    /// Peers of the torrent that was asked for.
    pub values: Option<Vec<SocketAddrV4>>,
    /// To be shown again by whoever announces.
    pub token: Option<Bytes>,
}

/// An error message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// The code; those of BEP 5 are in [`code`].
    pub code: i64,
    /// What it says, for people; bytes that are no UTF-8 are replaced.
    pub text: String,
}

/// The codes of BEP 5, "Errors".
pub mod code {
    /// Generic Error.
    pub const GENERIC: u16 = 201;
    /// Server Error.
    pub const SERVER: u16 = 202;
    /// Protocol Error, such as a malformed packet, invalid arguments, or a bad token.
    pub const PROTOCOL: u16 = 203;
    /// Method Unknown.
    pub const METHOD_UNKNOWN: u16 = 204;
}

impl Message {
    /// A query with nothing but what BEP 5 asks for.
    pub fn query(transaction: impl Into<Bytes>, id: Key, ask: Ask) -> Message {
        Message::of(transaction, Body::Query(Query { id, ask }))
    }

    /// A message with nothing but what BEP 5 asks for.
    pub fn of(transaction: impl Into<Bytes>, body: Body) -> Message {
        let transaction = transaction.into();
        Message { transaction, body, version: None, read_only: false, your_address: None }
    }
}

impl Ask {
    /// The name of the query on the wire (`q`).
    pub fn method(&self) -> &'static str {
        match self {
            Ask::Ping => "ping",
            Ask::FindNode { .. } => "find_node",
            Ask::GetPeers { .. } => "get_peers",
            Ask::AnnouncePeer(_) => "announce_peer",
        }
    }
}

impl Response {
    /// An answer that says nothing but who answers.
    pub fn of(id: Key) -> Response {
        Response { id, nodes: None, values: None, token: None }
    }
}

impl Refusal {
    /// What BEP 5 calls this code; none if it does not know it.
    pub fn name(code: i64) -> Option<&'static str> {
        match u16::try_from(code) {
            Ok(code::GENERIC) => Some("Generic Error"),
            Ok(code::SERVER) => Some("Server Error"),
            Ok(code::PROTOCOL) => Some("Protocol Error"),
            Ok(code::METHOD_UNKNOWN) => Some("Method Unknown"),
            Ok(_) | Err(_) => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, Refusal::name(self.code).unwrap_or("unknown code"))?;
        if !self.text.is_empty() {
            write!(f, ": {}", self.text)?;
        }
        Ok(())
    }
}
