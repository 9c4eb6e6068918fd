//! What a session tells its user.

use std::fmt;
use std::net::SocketAddr;

use bytes::Bytes;

use crate::code::Code;
use crate::frame::{GoAway, Hello, Open, Opened, Reset, UdpOpen, UdpOpened};

/// Something that happened on the session, in the order in which it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The peer has said who it is.
    Hello(Hello),
    /// At the relay: the client wants a TCP stream. Answer with `accept` or `reset`.
    Open {
        /// The new stream.
        stream: u32,
        /// What is wanted.
        open: Open,
    },
    /// At the client: the stream is connected.
    Opened {
        /// The stream.
        stream: u32,
        /// Both addresses and the time it took.
        opened: Opened,
    },
    /// Bytes have arrived; call `consumed` when they have been dealt with.
    Data {
        /// The stream.
        stream: u32,
        /// The bytes, in order.
        bytes: Bytes,
    },
    /// The peer will send no more, and every byte it sent has arrived.
    Finished {
        /// The stream.
        stream: u32,
    },
    /// The peer will read no more; what waited has been discarded and FIN follows by itself.
    Stopped {
        /// The stream.
        stream: u32,
    },
    /// The stream or socket is over at once, whoever ended it.
    Reset {
        /// The stream or socket.
        stream: u32,
        /// Why.
        reset: Reset,
    },
    /// Both halves have ended in good order; the number is not used again.
    Closed {
        /// The stream.
        stream: u32,
    },
    /// More bytes may be sent than before.
    Credit {
        /// The stream, or zero for all of them.
        stream: u32,
    },
    /// At the relay: the client wants a UDP socket. Answer with `udp_accept` or `reset`.
    UdpOpen {
        /// The new socket.
        socket: u32,
        /// What is wanted.
        open: UdpOpen,
    },
    /// At the client: the socket is open.
    UdpOpened {
        /// The socket.
        socket: u32,
        /// Its addresses.
        opened: UdpOpened,
    },
    /// A datagram has arrived.
    Datagram {
        /// The socket.
        socket: u32,
        /// At the client its source, at the relay its destination.
        peer: SocketAddr,
        /// What it carries.
        bytes: Bytes,
        /// Datagrams that the other end had to drop before this one.
        dropped: u16,
    },
    /// The answer to a `ping`.
    Pong {
        /// The eight bytes of the ping.
        payload: [u8; 8],
    },
    /// The relay ends the session.
    GoAway(GoAway),
}

/// The peer broke a rule that the session cannot survive; close the WebSocket. A relay's session
/// has a GOAWAY to send first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule, as GOAWAY names it.
    pub code: Code,
    /// A sentence that tells which rule.
    pub text: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Violation {}

/// The user of the session asked for what cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misuse {
    /// There is no such stream or socket (any more).
    NoSuchStream,
    /// The outgoing half has been finished already.
    Finished,
    /// A datagram is longer than UDP can carry.
    TooBig,
    /// The relay has announced that it is going away.
    GoingAway,
    /// Every stream number has been used; connect again.
    NumbersUsedUp,
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Misuse::NoSuchStream => "This stream is not open.",
            Misuse::Finished => "The sending half of this stream has been finished already.",
            Misuse::TooBig => "The datagram is longer than UDP can carry.",
            Misuse::GoingAway => "The relay is going away and opens nothing more.",
            Misuse::NumbersUsedUp => "This session has used up its stream numbers.",
        })
    }
}

impl std::error::Error for Misuse {}
