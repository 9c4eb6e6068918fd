//! The payloads of the frames, field by field in the order in which they stand on the wire.

use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;

use crate::code::{Code, Detail};
use crate::host::{Host, Target};

/// Bits of [`Hello::features`]: what an end can do beyond the core.
pub mod features {
    /// LISTEN, LISTENING and ACCEPTED.
    pub const LISTEN: u32 = 1;
    /// MCAST.
    pub const MULTICAST: u32 = 1 << 1;
    /// RESOLVE and RESOLVED.
    pub const RESOLVE: u32 = 1 << 2;
    /// TCPINFO with figures.
    pub const TCP_INFO: u32 = 1 << 3;
}

/// What an end says first: who it is and what it will bear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hello {
    /// The version of this protocol, [`crate::VERSION`].
    pub version: u16,
    /// What the sender can do, see [`features`].
    pub features: u32,
    /// TCP streams the sender will hold at once.
    pub max_streams: u16,
    /// UDP sockets the sender will hold at once.
    pub max_sockets: u16,
    /// Listeners the sender will hold at once.
    pub max_listeners: u16,
    /// The longest DATA payload the sender accepts, in bytes.
    pub max_data: u32,
    /// Bytes granted at first on each stream.
    pub stream_window: u32,
    /// Bytes granted at first on all streams together.
    pub session_window: u32,
    /// Seconds without bytes after which the sender resets a stream; zero for never.
    pub stream_idle_s: u32,
    /// Seconds without datagrams after which the sender resets a socket; zero for never.
    pub socket_idle_s: u32,
    /// From the client its token, or empty; from the relay empty.
    pub token: String,
    /// From the relay one sentence on what it allows; from the client empty.
    pub policy: String,
}

/// A wish for a TCP stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Where to.
    pub target: Target,
    /// Bytes that the relay may send before it is granted more.
    pub credit: u32,
    /// Milliseconds to wait for the connection; zero for the relay's own limit, which also bounds
    /// any other value.
    pub timeout_ms: u32,
    /// True to send small segments at once (TCP_NODELAY), false for Nagle's algorithm.
    pub nodelay: bool,
    /// The local address to connect from, if it matters.
    pub local: Option<SocketAddr>,
}

/// A TCP stream that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The relay's end of the connection.
    pub local: SocketAddr,
    /// The address that was dialled: the one answer of the name that was checked and pinned.
    pub remote: SocketAddr,
    /// Bytes that the client may send before it is granted more.
    pub credit: u32,
    /// Microseconds from the SYN to the connection, as the relay measured them.
    pub connect_us: u32,
}

/// A wish to listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen {
    /// The address; port zero for any.
    pub address: SocketAddr,
    /// Connections that may wait to be accepted.
    pub backlog: u16,
}

/// A stream that a listener accepted; the frame's stream is its new, even number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The listener.
    pub listener: u32,
    /// The other end.
    pub peer: SocketAddr,
    /// The relay's end.
    pub local: SocketAddr,
    /// Bytes that the client may send before it is granted more.
    pub credit: u32,
}

/// A wish for a UDP socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UdpOpen {
    /// The local address, or any.
    pub bind: Option<SocketAddr>,
    /// The only peer, if the socket is to be a connected one.
    pub connect: Option<Target>,
}

/// A UDP socket that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UdpOpened {
    /// Where it is bound.
    pub local: SocketAddr,
    /// The pinned address of its only peer, if one was asked for.
    pub remote: Option<SocketAddr>,
}

/// One datagram, never cut and never joined with another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Datagram {
    /// From the client the destination, from the relay the source.
    pub peer: SocketAddr,
    /// Datagrams that the sender had to drop on this socket since the last one it sent.
    pub dropped: u16,
    /// What it carries.
    pub bytes: Bytes,
}

/// A wish to join or leave a multicast group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// True to join, false to leave.
    pub join: bool,
    /// True to hear one's own datagrams.
    pub looped: bool,
    /// Hops that outgoing datagrams may make.
    pub ttl: u8,
    /// The group.
    pub group: IpAddr,
    /// The only source wanted, if any (RFC 4607).
    pub source: Option<IpAddr>,
    /// The address of the interface, or the system's choice.
    pub interface: Option<IpAddr>,
}

/// The end of a stream, socket or listener, or the refusal to open one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reset {
    /// Why.
    pub code: Code,
    /// The part of the policy or the limit that applied.
    pub detail: Detail,
    /// The error number of the relay's operating system (Linux numbering), or zero.
    pub errno: i32,
    /// A sentence for the student, or empty; see [`Reset::sentence`].
    pub text: String,
}

impl Reset {
    /// A reset for this reason, with a sentence of its own.
    pub fn new(code: Code, text: impl Into<String>) -> Reset {
        Reset { code, detail: Detail::None, errno: 0, text: text.into() }
    }

    /// The same with the part of the policy or limit that applied.
    pub fn detail(self, detail: Detail) -> Reset {
        Reset { detail, ..self }
    }

    /// The same with the error number of the operating system.
    pub fn errno(self, errno: i32) -> Reset {
        Reset { errno, ..self }
    }

    /// What to tell the student: the sender's sentence, or that of the code.
    pub fn sentence(&self) -> &str {
        if self.text.is_empty() { self.code.sentence() } else { &self.text }
    }
}

/// The end of the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoAway {
    /// Why.
    pub code: Code,
    /// Milliseconds that open streams still have.
    pub deadline_ms: u32,
    /// Milliseconds to wait before connecting again.
    pub retry_after_ms: u32,
    /// A sentence for the student.
    pub text: String,
}

/// A wish for the addresses of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolve {
    /// The name.
    pub host: Host,
}

/// The addresses of a name that passed the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The addresses, in the resolver's order.
    pub addresses: Vec<IpAddr>,
}

/// The kernel's figures for a TCP stream. The client asks with all zeroes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TcpInfo {
    /// False in a question, and in the answer of a relay that has no figures.
    pub known: bool,
    /// Smoothed round-trip time in microseconds.
    pub rtt_us: u32,
    /// Its mean deviation in microseconds.
    pub rtt_var_us: u32,
    /// Congestion window in segments.
    pub cwnd: u32,
    /// Slow start threshold in segments.
    pub ssthresh: u32,
    /// Maximum segment size for sending in bytes.
    pub mss: u32,
    /// Segments sent again since the start.
    pub retransmits: u32,
}
