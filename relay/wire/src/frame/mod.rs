//! One frame: `type u8 | flags u8 | stream u32 | payload`, big-endian.

mod body;
mod read;
mod write;

use std::fmt;

use bytes::Bytes;

pub use body::{
    Accepted, Datagram, GoAway, Hello, Listen, Membership, Open, Opened, Reset, Resolve, Resolved,
    TcpInfo, UdpOpen, UdpOpened, features,
};
pub(crate) use write::data_header;

/// Bytes before the payload of every frame.
pub const HEADER_LEN: usize = 6;

/// One frame, which is one binary WebSocket message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The stream, socket or listener meant: odd if the client named it, even if the relay did,
    /// zero for the session itself.
    pub stream: u32,
    /// What it says.
    pub body: Body,
}

/// What a frame says, by type. The arrow tells who may send it: c the client, s the relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// `01`, both: the first frame of each end.
    Hello(Hello),
    /// `02`, c>s: connect a TCP stream.
    Open(Open),
    /// `03`, s>c: the stream is connected.
    Opened(Opened),
    /// `04`, c>s: listen on a TCP port.
    Listen(Listen),
    /// `05`, s>c: the bound address of a listener.
    Listening(std::net::SocketAddr),
    /// `06`, s>c: a listener accepted a stream.
    Accepted(Accepted),
    /// `07`, c>s: open a UDP socket.
    UdpOpen(UdpOpen),
    /// `08`, s>c: the socket is open.
    UdpOpened(UdpOpened),
    /// `09`, both: one datagram.
    Datagram(Datagram),
    /// `0A`, c>s: join or leave a multicast group.
    Membership(Membership),
    /// `0B`, both: bytes of a stream.
    Data(Bytes),
    /// `0C`, both: the absolute offset that the receiver may now send up to.
    Credit(u64),
    /// `0D`, both: no more bytes follow; the count of all bytes sent on the stream.
    Fin(u64),
    /// `0E`, both: the sender of this will read no more of the stream.
    Stop,
    /// `0F`, both: the stream, socket or listener is over at once.
    Reset(Reset),
    /// `10`, both: answer with a PONG of the same eight bytes.
    Ping([u8; 8]),
    /// `11`, both: the answer to a PING.
    Pong([u8; 8]),
    /// `12`, s>c: the session ends; open nothing more.
    GoAway(GoAway),
    /// `13`, c>s: resolve a name.
    Resolve(Resolve),
    /// `14`, s>c: the addresses of a name.
    Resolved(Resolved),
    /// `15`, both: what the kernel knows about a TCP stream.
    TcpInfo(TcpInfo),
    /// Any other type with the high bit set: to be ignored.
    Unknown {
        /// The type octet.
        kind: u8,
        /// The bytes after the header.
        payload: Bytes,
    },
}

/// Why bytes are no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// The message ends before the frame does.
    Short,
    /// Bytes are left over after the last field.
    Long,
    /// The type is unknown and its high bit is not set.
    Kind(u8),
    /// The kind of an address is unknown.
    AddressKind,
    /// A text is not UTF-8 or longer than [`crate::MAX_TEXT`].
    Text,
    /// A field has a value that has no meaning.
    Value,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Malformed::Short => f.write_str("The frame ends too early."),
            Malformed::Long => f.write_str("Bytes are left over at the end of the frame."),
            Malformed::Kind(kind) => write!(f, "There is no frame of type {kind:02x}."),
            Malformed::AddressKind => f.write_str("The frame holds an unknown kind of address."),
            Malformed::Text => f.write_str("A text in the frame is too long or not UTF-8."),
            Malformed::Value => f.write_str("A field of the frame has a value without meaning."),
        }
    }
}

impl std::error::Error for Malformed {}

const HELLO: u8 = 0x01;
const OPEN: u8 = 0x02;
const OPENED: u8 = 0x03;
const LISTEN: u8 = 0x04;
const LISTENING: u8 = 0x05;
const ACCEPTED: u8 = 0x06;
const UDP_OPEN: u8 = 0x07;
const UDP_OPENED: u8 = 0x08;
const DATAGRAM: u8 = 0x09;
const MEMBERSHIP: u8 = 0x0a;
const DATA: u8 = 0x0b;
const CREDIT: u8 = 0x0c;
const FIN: u8 = 0x0d;
const STOP: u8 = 0x0e;
const RESET: u8 = 0x0f;
const PING: u8 = 0x10;
const PONG: u8 = 0x11;
const GOAWAY: u8 = 0x12;
const RESOLVE: u8 = 0x13;
const RESOLVED: u8 = 0x14;
const TCP_INFO: u8 = 0x15;
