//! What can happen to an endpoint.

use core::fmt;
use core::net::SocketAddr;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{AlarmId, Endpoint, Found, Lookup, LookupError};

/// One thing that happened to an endpoint.
#[derive(Clone, Debug)]
pub enum Input<E: Endpoint> {
    /// The host was switched on. Comes first, and again each time that it was off or crashed:
    /// what lives in memory (connections, machines) is to be dropped then, since all connections
    /// and alarms are gone; what lives on disk is kept.
    Start,
    /// Its user asks something of it.
    Command(E::Command),
    /// A connection is open: one that it dialled, or (`port` given) one that it accepted there.
    Opened {
        /// Its number at this host.
        conn: Conn,
        /// The address at the other end.
        peer: SocketAddr,
        /// For an accepted connection, the listening port that took it.
        port: Option<u16>,
    },
    /// Bytes arrived, in order; where they are cut means nothing.
    Data {
        /// On this connection.
        conn: Conn,
        /// At least one byte.
        bytes: Bytes,
    },
    /// The peer will send no more; our own direction stays open until we finish it.
    Finished {
        /// On this connection.
        conn: Conn,
    },
    /// The connection is gone in both directions, or never came to be. Its number is not used
    /// again.
    Lost {
        /// This connection.
        conn: Conn,
        /// What became of it.
        why: Loss,
    },
    /// A datagram arrived.
    Datagram {
        /// At this local port.
        port: u16,
        /// From this address.
        from: SocketAddr,
        /// Its payload, whole.
        bytes: Bytes,
    },
    /// An alarm rang.
    Timer(E::Timer),
    /// A name that was looked up is known now, or is known not to be.
    Answered {
        /// Which lookup, as [`Context::lookup`](super::Context::lookup) numbered it.
        lookup: Lookup,
        /// What the name has, never empty; or why there is nothing.
        answer: Result<Vec<Found>, LookupError>,
    },
}

/// The number of a connection at one host; never used twice there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Conn(pub u32);

impl fmt::Display for Conn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// Why a connection is gone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Loss {
    /// Nobody listens on that port: the answer to the SYN was a reset.
    Refused,
    /// The peer threw the connection away with a reset.
    Reset,
    /// No answer after every retransmission.
    TimedOut,
    /// The name has no address, or no such host is to be reached.
    Unreachable,
    /// Somebody between us and the peer would not have it (the relay, a firewall), and says why.
    Denied(String),
    /// The name could not be turned into an address; why, for people.
    Unresolved(String),
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Loss::Refused => write!(f, "refused"),
            Loss::Reset => write!(f, "reset"),
            Loss::TimedOut => write!(f, "timed out"),
            Loss::Unreachable => write!(f, "unreachable"),
            Loss::Denied(why) | Loss::Unresolved(why) => f.write_str(why),
        }
    }
}

/// An [`Input`] with its types rubbed off: what drivers hand over and histories keep.
#[derive(Clone, PartialEq, Debug)]
pub enum Stimulus {
    /// See [`Input::Start`].
    Start,
    /// See [`Input::Command`]; in its text form.
    Command(String),
    /// See [`Input::Opened`].
    Opened {
        /// Its number at this host.
        conn: Conn,
        /// The address at the other end.
        peer: SocketAddr,
        /// For an accepted connection, the listening port that took it.
        port: Option<u16>,
    },
    /// See [`Input::Data`].
    Data {
        /// On this connection.
        conn: Conn,
        /// At least one byte.
        bytes: Bytes,
    },
    /// See [`Input::Finished`].
    Finished {
        /// On this connection.
        conn: Conn,
    },
    /// See [`Input::Lost`].
    Lost {
        /// This connection.
        conn: Conn,
        /// What became of it.
        why: Loss,
    },
    /// See [`Input::Datagram`].
    Datagram {
        /// At this local port.
        port: u16,
        /// From this address.
        from: SocketAddr,
        /// Its payload, whole.
        bytes: Bytes,
    },
    /// See [`Input::Timer`].
    Alarm(AlarmId),
}

/// A command's text that the endpoint cannot understand, with a way out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CommandError(pub String);

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CommandError {}
