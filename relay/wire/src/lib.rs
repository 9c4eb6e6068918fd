//! The language between a browser tab and its relay: subprotocol `wirelab.relay.v1`.
//!
//! One WebSocket carries many TCP streams and UDP sockets. Every binary message is one [`Frame`];
//! [`Session`] keeps the stream table and the credit of one end and does no input or output, so the
//! tab, the relay and the tests all run the same one. `relay/PROTOCOL.md` is the written form.

mod code;
mod frame;
mod host;
mod session;

pub use code::{Code, Detail};
pub use frame::{
    Accepted, Body, Datagram, Frame, GoAway, HEADER_LEN, Hello, Listen, Malformed, Membership,
    Open, Opened, Reset, Resolve, Resolved, TcpInfo, UdpOpen, UdpOpened, features,
};
pub use host::{Host, Target};
pub use session::{Backlog, Event, Misuse, Parts, Session, Violation};

/// The WebSocket subprotocol that both ends must name in the handshake (RFC 6455 section 1.9).
pub const SUBPROTOCOL: &str = "wirelab.relay.v1";

/// The version carried in HELLO; it changes only with [`SUBPROTOCOL`].
pub const VERSION: u16 = 1;

/// Bytes a peer may send on a fresh stream before it is granted more: one stalled stream then
/// costs the other end no more than this.
pub const STREAM_WINDOW: u32 = 256 * 1024;

/// Bytes that a client's window on a stream may grow to as it consumes: a quarter of the session's.
/// The relay's windows do not grow, so that its memory is known beforehand.
pub const MAX_CLIENT_WINDOW: u32 = 1024 * 1024;

/// Bytes a peer may send on all streams together before it is granted more.
pub const SESSION_WINDOW: u32 = 4 * 1024 * 1024;

/// The largest payload of one DATA frame: small enough that one stream cannot hold up the others
/// for long, large enough that the header costs nothing.
pub const MAX_DATA: usize = 16 * 1024;

/// The largest payload of one datagram: what UDP over IPv4 can carry (RFC 768, RFC 791).
pub const MAX_DATAGRAM: usize = 65_507;

/// The largest message of any kind: a full datagram with its header and address.
pub const MAX_MESSAGE: usize = 80 * 1024;

/// The longest text or token in a frame, in bytes: a sentence, not a page.
pub const MAX_TEXT: usize = 1024;

/// Datagrams one socket may have waiting to be sent over the WebSocket; later ones are dropped.
pub const MAX_QUEUED_DATAGRAMS: usize = 64;

/// Bytes of datagrams one socket may have waiting; later ones are dropped.
pub const MAX_QUEUED_DATAGRAM_BYTES: usize = 256 * 1024;
