//! What an endpoint wants done.

use core::fmt;
use core::net::{IpAddr, SocketAddr};
use core::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::Conn;
use crate::wire::{Protocol, Rule};

/// One thing that an endpoint wants done. A step's outputs are kept in order.
#[derive(Clone, PartialEq, Debug)]
pub enum Output {
    /// Accept connections (TCP) or datagrams (UDP) at this port.
    Listen {
        /// Which kind.
        transport: Transport,
        /// The local port.
        port: u16,
        /// What will be spoken there.
        protocol: &'static Protocol,
    },
    /// Take no more datagrams at this UDP port.
    Unbind {
        /// The local port, bound before.
        port: u16,
    },
    /// Open a connection.
    Dial {
        /// The number that it has from now on.
        conn: Conn,
        /// Where to.
        to: Target,
        /// What will be spoken on it.
        protocol: &'static Protocol,
    },
    /// Send bytes on a connection, after those sent before.
    Send {
        /// The connection.
        conn: Conn,
        /// At least one byte.
        bytes: Bytes,
    },
    /// Send one datagram.
    SendTo {
        /// From this local port, bound before.
        port: u16,
        /// To this address.
        to: SocketAddr,
        /// Its payload.
        bytes: Bytes,
    },
    /// Take datagrams sent to this multicast group.
    Join {
        /// The group's address.
        group: IpAddr,
    },
    /// Send no more on a connection (FIN); what was sent before still arrives.
    Finish {
        /// The connection.
        conn: Conn,
    },
    /// Throw a connection away in both directions (RST).
    Abort {
        /// The connection.
        conn: Conn,
    },
    /// Take bytes from a connection no faster than another one can send: what is read from it is
    /// passed on there. A driver whose sockets can wait reads no more of it while too much waits
    /// to be sent on the other; one whose streams never fill up need do nothing.
    Pace {
        /// The connection that is read.
        conn: Conn,
        /// The one that it is passed on to; none from now on where it is missing.
        by: Option<Conn>,
    },
    /// Ring an alarm.
    Arm {
        /// The alarm's number, to ring it by.
        alarm: AlarmId,
        /// What it is for.
        name: &'static str,
        /// Which of several it is; 0 where there is only one.
        about: u64,
        /// How long from now.
        after: Duration,
    },
    /// Do not ring an alarm that was armed.
    Disarm {
        /// The alarm's number.
        alarm: AlarmId,
    },
    /// Tell the user, in the event's own text.
    Emit(String),
    /// Write down a number about what has just ended, for histograms and plots.
    Measure {
        /// What is measured: a name of [`overlay::quantity`](crate::overlay::quantity).
        quantity: &'static str,
        /// The number, in the unit that the quantity says.
        value: u64,
    },
    /// Why the outputs after it (up to the next citation) are so.
    Cite(&'static Rule),
}

/// A kind of transport.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Transport {
    /// Streams of bytes.
    Tcp,
    /// Datagrams.
    Udp,
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Transport::Tcp => "TCP",
            Transport::Udp => "UDP",
        })
    }
}

/// Where to dial: an address, or a name that the driver resolves.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Target {
    /// A numeric address.
    Address(SocketAddr),
    /// A host name and a port.
    Name {
        /// The host's name.
        host: String,
        /// The port.
        port: u16,
    },
}

impl Target {
    /// The target that this host part of a URL and port name: a numeric address where it is one.
    pub fn new(host: &str, port: u16) -> Target {
        let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
        match bare.parse::<IpAddr>() {
            Ok(ip) => Target::Address(SocketAddr::new(ip, port)),
            Err(_) => Target::Name { host: host.to_string(), port },
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Address(address) => write!(f, "{address}"),
            Target::Name { host, port } => write!(f, "{host}:{port}"),
        }
    }
}

/// The number of one arming of an alarm at one host; never used twice there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct AlarmId(pub u32);
