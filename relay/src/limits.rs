//! How much of everything one relay, and one session of it, may use.

use std::time::Duration;

/// The limits of a relay. [`Limits::default`] suits one person or a class on one machine.
#[derive(Clone, Debug)]
pub struct Limits {
    /// WebSocket sessions at once.
    pub sessions: usize,
    /// HTTP connections at once besides those of the sessions.
    pub spare_connections: usize,
    /// TCP streams of one session at once.
    pub streams: u16,
    /// UDP sockets of one session at once.
    pub sockets: u16,
    /// Streams and sockets that all who share the token may open in a second, on average.
    pub opens_per_second: u32,
    /// Streams and sockets that they may open in one go.
    pub opens_burst: u32,
    /// Attempts of theirs that may fail in a minute.
    pub failed_opens_per_minute: u32,
    /// Bytes that may wait in the relay for slow readers, over all sessions.
    pub held_bytes: u64,
    /// How long a head of an HTTP request may take to arrive.
    pub head_time: Duration,
    /// How long a client may wait with its HELLO.
    pub hello_time: Duration,
    /// How long a name may take to resolve.
    pub resolve_time: Duration,
    /// How long a target may take to accept.
    pub connect_time: Duration,
    /// How long a stream may carry nothing.
    pub stream_idle: Duration,
    /// How long a UDP socket may carry nothing.
    pub socket_idle: Duration,
    /// How often a silent session is asked whether it lives; twice this without answer ends it.
    pub heartbeat: Duration,
    /// How long one session may last.
    pub session_time: Duration,
    /// How long open streams have to end when the relay is stopped.
    pub drain_time: Duration,
}

impl Limits {
    /// HTTP connections at once, sessions included: each session began as one.
    pub fn connections(&self) -> usize {
        self.sessions.saturating_add(self.spare_connections)
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            sessions: SESSIONS,
            spare_connections: SPARE_CONNECTIONS,
            streams: STREAMS,
            sockets: SOCKETS,
            opens_per_second: OPENS_PER_SECOND,
            opens_burst: OPENS_BURST,
            failed_opens_per_minute: FAILED_OPENS_PER_MINUTE,
            held_bytes: HELD_BYTES,
            head_time: HEAD_TIME,
            hello_time: HELLO_TIME,
            resolve_time: RESOLVE_TIME,
            connect_time: CONNECT_TIME,
            stream_idle: STREAM_IDLE,
            socket_idle: SOCKET_IDLE,
            heartbeat: HEARTBEAT,
            session_time: SESSION_TIME,
            drain_time: DRAIN_TIME,
        }
    }
}

/// A large course on one relay, well below the usual 4096 descriptors with a stream each.
const SESSIONS: usize = 1024;
/// A class that loads the page at once, six connections to a browser; and a full house can still be
/// told so.
const SPARE_CONNECTIONS: usize = 1024;
/// More than the widest lesson (a browser with six connections to each of a few hosts) needs.
const STREAMS: u16 = 32;
/// The discovery and DHT lessons use one socket for each peer on the page.
const SOCKETS: u16 = 16;
/// A page with forty objects still loads at once thanks to the burst; a port scan does not.
const OPENS_PER_SECOND: u32 = 10;
/// See [`OPENS_PER_SECOND`].
const OPENS_BURST: u32 = 30;
/// The brake on scanning: a student who mistypes does not reach it, a scanner does at once.
const FAILED_OPENS_PER_MINUTE: u32 = 30;
/// A quarter of a small machine's memory; a session alone can hold 4 MiB.
const HELD_BYTES: u64 = 256 * 1024 * 1024;
/// A browser sends its head in one segment; whoever needs longer is holding a place.
const HEAD_TIME: Duration = Duration::from_secs(5);
/// HELLO follows the handshake at once.
const HELLO_TIME: Duration = Duration::from_secs(5);
/// A resolver that has not answered by then has been asked twice.
const RESOLVE_TIME: Duration = Duration::from_secs(5);
/// Long enough for three lost SYNs (RFC 6298: after 1, 3 and 7 seconds).
const CONNECT_TIME: Duration = Duration::from_secs(10);
/// A student who reads a page of the lesson keeps the connection.
const STREAM_IDLE: Duration = Duration::from_secs(600);
/// What home routers give a UDP binding.
const SOCKET_IDLE: Duration = Duration::from_secs(60);
/// Below the minute after which load balancers usually cut a silent connection.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// A day at school.
const SESSION_TIME: Duration = Duration::from_secs(8 * 3600);
/// What process supervisors usually grant between SIGTERM and SIGKILL.
const DRAIN_TIME: Duration = Duration::from_secs(30);
