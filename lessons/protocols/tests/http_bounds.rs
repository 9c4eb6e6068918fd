//! What a peer can make our endpoints hold: floods of everything that may come any number of
//! times, with the bytes that the process holds counted all the while.

use core::net::SocketAddr;

use peak_alloc::PeakAlloc;
use protocols::endpoint::{Conn, Endpoint, Host, Output, Running, Stimulus};
use protocols::http::client::{self, Client};
use protocols::http::proxy::{self, Proxy};
use protocols::http::server::{self, Server};
use protocols::http::site::Site;
use protocols::wire::Time;

#[global_allocator]
static HELD: PeakAlloc = PeakAlloc;

const NOW: Time = Time::from_secs(1_700_000_000);

/// One test, since the count is of the whole process: every flood against whoever reads it.
#[test]
fn no_flood_makes_an_endpoint_hold_more_than_its_limits_allow() {
    for (name, begin, flood) in REQUESTS {
        for held in [serving(begin, flood, false), serving(begin, flood, true)] {
            // Content that is wanted is held up to its own limit, a mebibyte.
            let limit = if *name == "tiny chunks" { 3 * LITTLE } else { LITTLE };
            assert!(held < limit, "{name}: {held} bytes");
        }
    }
    for (name, begin, flood, limit) in RESPONSES {
        let held = asking(begin, flood);
        assert!(held < *limit, "{name} to a client: {held} bytes");
        // A proxy keeps content for its cache, up to a mebibyte.
        let held = forwarding(begin, flood);
        assert!(held < (*limit).min(4 * LITTLE), "{name} to a proxy: {held} bytes");
    }
    let held = crowding();
    assert!(held < 16 * LITTLE, "connections that are never closed: {held} bytes");
    let held = redirecting();
    assert!(held < 4 * LITTLE, "redirects and cookies without end: {held} bytes");
}

/// What may be sent to a server or a proxy any number of times.
const REQUESTS: &[(&str, &str, &str)] = &[
    ("empty lines", "", "\r\n"),
    ("a start line", "GET http://a.test/", "x"),
    ("a method", "", "X"),
    ("a head", "GET http://a.test/ HTTP/1.1\r\nHost: a\r\n", "A: b\r\n"),
    ("one field", "GET http://a.test/ HTTP/1.1\r\nHost: a\r\nA: ", "b"),
    ("chunk extensions", CHUNKED, "5;a=b;c=d"),
    (
        "one extension",
        "POST http://a.test/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;",
        "a",
    ),
    ("tiny chunks", CHUNKED, "1\r\nx\r\n"),
    (
        "trailers",
        "POST http://a.test/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
        "A: b\r\n",
    ),
    ("pipelined requests", "", "GET http://a.test/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("requests behind one that waits", "GET http://b.test/ HTTP/1.1\r\nHost: b\r\n\r\n", "GET "),
    (
        "refused content",
        "POST /nowhere HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nTransfer-Encoding: chunked\r\n\r\n",
        "1\r\nx\r\n",
    ),
];

const CHUNKED: &str =
    "PUT http://a.test/notes/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

/// What may be sent to a client or a proxy any number of times, and what a client may hold of it:
/// content is what it was asked to fetch.
const RESPONSES: &[(&str, &str, &str, usize)] = &[
    ("interim responses", "", "HTTP/1.1 103 Hints\r\nLink: </a>\r\n\r\n", LITTLE),
    ("heads", "HTTP/1.1 200 OK\r\n", "A: b\r\n", LITTLE),
    ("folded lines", "HTTP/1.1 200 OK\r\nA: b\r\n", " c\r\n", LITTLE),
    ("trailers", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "A: b\r\n", LITTLE),
    ("extensions", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1;a=b", LITTLE),
    (
        "tiny chunks",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "1\r\nx\r\n",
        2 * FLOOD,
    ),
    ("content", "HTTP/1.1 200 OK\r\n\r\n", "content", 3 * FLOOD),
    ("unasked answers", "HTTP/1.1 204 No\r\n\r\n", "HTTP/1.1 204 No\r\n\r\n", LITTLE),
    ("empty lines", "", "\r\n", LITTLE),
];

/// An endpoint with one connection, whose outputs are thrown away as a driver would send them.
struct Flooded<E: Endpoint> {
    host: Running<E>,
    before: usize,
    most: usize,
    dialled: Vec<Conn>,
    sent: Vec<u8>,
}

impl<E: Endpoint> Flooded<E> {
    fn new(endpoint: E) -> Flooded<E> {
        let mut host = Running::new(endpoint, 1);
        host.step(NOW, Stimulus::Start).unwrap();
        let (before, most) = (HELD.current_usage(), 0);
        let (dialled, sent) = Default::default();
        Flooded { host, before, most, dialled, sent }
    }

    fn step(&mut self, stimulus: Stimulus) {
        let outputs = self.host.step(NOW, stimulus).unwrap().outputs;
        self.sent.clear();
        for output in &outputs {
            match output {
                Output::Dial { conn, .. } => self.dialled.push(*conn),
                Output::Send { bytes, .. } if self.sent.len() < 1000 => {
                    self.sent.extend_from_slice(bytes);
                }
                _ => {}
            }
        }
        drop(outputs);
        self.most = self.most.max(HELD.current_usage().saturating_sub(self.before));
    }

    fn opened(&mut self, conn: Conn, port: Option<u16>) {
        let peer = SocketAddr::from(([192, 0, 2, 1], 40_000));
        self.step(Stimulus::Opened { conn, peer, port });
    }

    /// Sends the beginning and then the flood, in pieces as they come from a socket.
    fn flood(&mut self, conn: Conn, begin: &str, flood: &str) -> usize {
        let unit = flood.repeat(PIECE.div_ceil(flood.len()));
        self.step(Stimulus::Data { conn, bytes: format!("{begin}{flood}").into_bytes().into() });
        let mut left = FLOOD;
        while left > 0 {
            // The next piece is made and dropped between two counts.
            let bytes = unit.clone().into_bytes();
            left = left.saturating_sub(bytes.len());
            self.step(Stimulus::Data { conn, bytes: bytes.into() });
        }
        self.most
    }
}

fn serving(begin: &str, flood: &str, by_proxy: bool) -> usize {
    if by_proxy {
        let mut host = Flooded::new(Proxy::new(proxy::Config::default()));
        let conn = host.host.accept();
        host.opened(conn, Some(3128));
        return host.flood(conn, begin, flood);
    }
    let site = Site::new().with_tree("/notes/");
    let mut host = Flooded::new(Server::new(server::Config::default(), site));
    let conn = host.host.accept();
    host.opened(conn, Some(80));
    host.flood(conn, begin, flood)
}

fn asking(begin: &str, flood: &str) -> usize {
    let mut host = Flooded::new(Client::new(client::Config::default()));
    host.step(Stimulus::Command("get http://a.test/".into()));
    let conn = host.dialled[0];
    host.opened(conn, None);
    host.flood(conn, begin, flood)
}

fn forwarding(begin: &str, flood: &str) -> usize {
    let mut host = Flooded::new(Proxy::new(proxy::Config::default()));
    let down = host.host.accept();
    host.opened(down, Some(3128));
    let bytes = b"GET http://a.test/ HTTP/1.1\r\nHost: a\r\n\r\n"[..].into();
    host.step(Stimulus::Data { conn: down, bytes });
    let up = host.dialled[0];
    host.opened(up, None);
    host.flood(up, begin, flood)
}

/// Servers that answer and never close, one connection after the other.
fn crowding() -> usize {
    let mut host = Flooded::new(Client::new(client::Config::default()));
    host.step(Stimulus::Command("mode serial".into()));
    for _ in 0..2_000 {
        host.step(Stimulus::Command("get http://a.test/".into()));
        let conn = host.dialled.pop().unwrap();
        host.opened(conn, None);
        let bytes = b"HTTP/1.1 204 No\r\n\r\n"[..].into();
        host.step(Stimulus::Data { conn, bytes });
    }
    host.most
}

/// A server that always sends on, with a cookie of its own each time.
fn redirecting() -> usize {
    let mut host = Flooded::new(Client::new(client::Config::default()));
    for n in 0..500 {
        if n % 20 == 0 {
            host.step(Stimulus::Command(format!("get http://a.test/{n}")));
            if let Some(conn) = host.dialled.pop() {
                host.opened(conn, None);
            }
        }
        let answer = format!(
            "HTTP/1.1 302 Found\r\nLocation: /{n}\r\nContent-Length: 0\r\n{}\r\n",
            format!("Set-Cookie: n{n}={}\r\n", "x".repeat(300)).repeat(20)
        );
        host.step(Stimulus::Data { conn: Conn(0), bytes: answer.into_bytes().into() });
    }
    host.most
}

/// How much comes: more than any limit below it.
const FLOOD: usize = 4 << 20;
/// What a driver reads in one go.
const PIECE: usize = 16 * 1024;
/// A head, what waits behind it, a piece and its copy, an answer, and the tables.
const LITTLE: usize = 512 * 1024;
