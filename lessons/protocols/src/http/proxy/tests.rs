//! The proxy between our client and our server, and between raw bytes and raw bytes.

mod content;

use core::net::SocketAddr;
use core::time::Duration;

use super::{Command, Config, Proxy};
use crate::endpoint::{Conn, Host, Loss, Output, Running, Stimulus};
use crate::http::client::{self, Client};
use crate::http::server::{self, Server};
use crate::http::shuttle::Shuttle;
use crate::http::site::Site;
use crate::http::{Limits, Version};
use crate::wire::Time;

const NOW: Time = Time::from_secs(1_700_000_000);

/// A client (0), a proxy (1) and the department's server (2).
fn three(cuts: Option<u64>, server: server::Config) -> Shuttle {
    let mut shuttle = Shuttle::new(cuts);
    shuttle.host("browser", Client::new(client::Config::default()));
    shuttle.host("proxy.test", Proxy::new(Config::default()));
    shuttle.host("www.cs.test", Server::new(server, Site::department(NOW)));
    shuttle.command(0, "proxy proxy.test:3128");
    shuttle
}

fn plain() -> Shuttle {
    three(None, server::Config::default())
}

fn last(shuttle: &Shuttle, host: usize) -> String {
    shuttle.told(host).pop().unwrap_or_default()
}

#[test]
fn a_visit_through_the_proxy_is_a_visit_however_bytes_are_cut() {
    let direct = {
        let mut shuttle = plain();
        shuttle.command(0, "proxy none").command(0, "visit http://www.cs.test/");
        last(&shuttle, 0)
    };
    for cuts in [None, Some(11), Some(12)] {
        for mode in ["serial", "parallel 4", "persistent", "pipelined"] {
            for version in [Version::Http10, Version::Http11] {
                let mut shuttle = three(cuts, server::Config { version, ..Default::default() });
                shuttle.command(0, &format!("mode {mode}"));
                shuttle.command(0, "visit http://www.cs.test/");
                assert_eq!(last(&shuttle, 0), direct, "{mode} {version} {cuts:?}");
            }
        }
    }
}

#[test]
fn the_second_asker_is_answered_from_the_cache_and_a_stale_copy_is_checked() {
    let mut shuttle = plain();
    let home = "get http://www.cs.test/";
    shuttle.command(0, home);
    assert_eq!(shuttle.told(1)[0], "miss http://www.cs.test/");
    assert!(shuttle.told(1)[1].starts_with("forwarded GET http://www.cs.test/ 200 "));
    shuttle.pass(Duration::from_secs(7));
    shuttle.command(0, home);
    assert_eq!(last(&shuttle, 1), "hit http://www.cs.test/");
    assert!(shuttle.sent(1).contains("\r\nAge: 7\r\n"), "RFC 9111 section 5.1");
    assert_eq!(shuttle.told(2).len(), 1, "the origin heard of it once");
    shuttle.pass(Duration::from_secs(60));
    shuttle.command(0, home);
    assert_eq!(last(&shuttle, 1), "revalidated http://www.cs.test/");
    assert!(last(&shuttle, 2).starts_with("answered GET / 304 0"), "{}", last(&shuttle, 2));
    assert!(last(&shuttle, 0).starts_with("response http://www.cs.test/ 200 "));
    let Some(traffic) = shuttle.view(1).tables.pop() else { panic!("no table") };
    assert_eq!(traffic.rows[3].cells, ["hit rate", "33 %"]);
}

#[test]
fn what_has_changed_is_fetched_again_and_what_is_private_is_not_kept() {
    let mut shuttle = plain();
    shuttle.command(0, "get http://www.cs.test/news.html");
    shuttle.command(2, "publish /news.html <p>new</p>");
    shuttle.command(0, "get http://www.cs.test/news.html");
    assert!(last(&shuttle, 0).ends_with(" 200 10"), "{}", last(&shuttle, 0));
    shuttle.command(0, "get http://www.cs.test/visits");
    shuttle.command(0, "clear cookies").command(0, "get http://www.cs.test/visits");
    assert_eq!(shuttle.sent(2).matches("first visit").count(), 2);
    assert!(shuttle.cited(1, "http.cache-no-store"));
}

#[test]
fn a_put_through_the_proxy_throws_its_copy_away() {
    let mut shuttle = plain();
    shuttle.command(0, "put http://www.cs.test/notes/a one");
    shuttle.command(0, "get http://www.cs.test/notes/a");
    shuttle.command(0, "put http://www.cs.test/notes/a two");
    assert!(shuttle.cited(1, "http.cache-invalidate"));
    assert_eq!(last(&shuttle, 1), "forwarded PUT http://www.cs.test/notes/a 204 0");
}

#[test]
fn the_clients_own_condition_is_answered_from_a_fresh_copy() {
    let mut shuttle = plain();
    shuttle.command(0, "get http://www.cs.test/courses.html");
    shuttle.command(0, "cache on").command(0, "get http://www.cs.test/courses.html");
    shuttle.command(2, "withdraw /courses.html");
    shuttle.pass(Duration::from_secs(3600));
    let (told, _) = (shuttle.told(1).len(), shuttle.command(0, "clear cache"));
    shuttle.command(0, "get http://www.cs.test/courses.html");
    assert!(shuttle.told(1)[told..].iter().any(|t| t.contains(" 404 ")), "stale: asked again");
    let mut raw = Raw::new(Config::default());
    raw.exchange(
        GET,
        b"HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nCache-Control: max-age=9\r\n\
          Content-Length: 2\r\n\r\nhi",
    );
    raw.ask(b"GET http://a.test/x HTTP/1.1\r\nHost: a.test\r\nIf-None-Match: W/\"v1\"\r\n\r\n");
    let answer = raw.sent_down();
    assert!(answer.ends_with("\r\n\r\n") && answer.contains("HTTP/1.1 304 "), "{answer}");
    assert!(raw.cited("http.cache-client-condition"));
}

#[test]
fn an_origin_that_cannot_be_reached_is_502_and_a_silent_one_504() {
    let mut shuttle = plain();
    shuttle.command(0, "get http://nowhere.test/");
    assert_eq!(
        shuttle.told(1)[1],
        "failed http://nowhere.test/ 502: no connection to the origin: refused"
    );
    assert!(last(&shuttle, 0).starts_with("response http://nowhere.test/ 502 "));
    let mut raw = Raw::new(Config::default());
    raw.ask(GET);
    raw.open();
    raw.ring("answer");
    assert!(raw.sent_down().starts_with("HTTP/1.1 504 Gateway Timeout\r\n"));
}

#[test]
fn an_origin_that_breaks_the_rules_is_502_and_half_an_answer_ends_in_a_reset() {
    for bad in [
        "SSH-2.0-x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ] {
        let mut raw = Raw::new(Config::default());
        raw.exchange(GET, bad.as_bytes());
        assert!(raw.sent_down().starts_with("HTTP/1.1 502 "), "{bad:?}");
    }
    let mut raw = Raw::new(Config::default());
    raw.exchange(GET, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n");
    assert!(raw.sent_down().starts_with("HTTP/1.1 200 ") && raw.sent_down().contains("abc"));
    assert!(!raw.sent_down().ends_with("0\r\n\r\n"), "no end that the origin did not give");
    let down = raw.down;
    assert!(raw.outputs.iter().any(|o| *o == Output::Abort { conn: down }));
}

#[test]
fn what_cannot_be_forwarded_is_refused() {
    for (request, status) in [
        ("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n", 400),
        ("GET https://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n", 400),
        ("CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n", 501),
        ("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nVia: 1.1 wirelab-proxy\r\n\r\n", 502),
        ("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nExpect: tea\r\n\r\n", 417),
        ("OPTIONS http://a.test/ HTTP/1.1\r\nHost: a.test\r\nMax-Forwards: 0\r\n\r\n", 200),
        ("TRACE http://a.test/ HTTP/1.1\r\nHost: a.test\r\nMax-Forwards: 00\r\n\r\n", 200),
        (
            "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nCache-Control: only-if-cached\r\n\r\n",
            504,
        ),
        ("POST http://a.test/ HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n", 413),
        (
            "POST http://a.test/ HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\
          Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET http://b.test/ HTTP/1.1\r\n\r\n",
            400,
        ),
    ] {
        let mut raw = Raw::new(Config::default());
        raw.ask(request.as_bytes());
        assert!(raw.sent_down().starts_with(&format!("HTTP/1.1 {status} ")), "{request}");
        assert_eq!(raw.sent_down().matches("HTTP/1.1 ").count(), 1, "{request}");
        assert_eq!(raw.dialled(), 0, "{request}");
    }
}

#[test]
fn fields_of_one_connection_stay_there_and_the_host_is_taken_from_the_url() {
    let mut raw = Raw::new(Config::default());
    raw.ask(
        b"GET http://a.test/x?y HTTP/1.1\r\nHost: evil.test\r\nConnection: X-Hop\r\nX-Hop: 1\r\n\
          Proxy-Authorization: secret\r\nTE: trailers\r\nX-End: 2\r\n\r\n",
    );
    raw.open();
    assert_eq!(
        raw.sent_up(),
        "GET /x?y HTTP/1.1\r\nHost: a.test\r\nX-End: 2\r\nVia: 1.1 wirelab-proxy\r\n\r\n"
    );
    raw.answer(
        b"HTTP/1.0 200 OK\r\nKeep-Alive: 5\r\nConnection: Keep-Alive, X-Up\r\nX-Up: 1\r\n\
        Content-Length: 2\r\n\r\nhi",
    );
    let sent = raw.sent_down();
    assert!(sent.contains("\r\nVia: 1.0 wirelab-proxy\r\n") && sent.ends_with("\r\n\r\nhi"));
    assert!(!sent.contains("X-Up") && !sent.to_lowercase().contains("keep-alive"), "{sent}");
}

/// RFC 9112 section 9.3: a proxy keeps no connection with a client of HTTP/1.0.
#[test]
fn a_client_of_http_1_0_is_closed_after_its_answer_though_it_says_keep_alive() {
    let closed = |version: &str, target: &str| {
        let mut raw = Raw::new(Config::default());
        let head = format!("GET {target} {version}\r\nHost: a.test\r\n");
        let request = format!("{head}Connection: keep-alive\r\n\r\n");
        raw.exchange(request.as_bytes(), b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        let sent = raw.sent_down();
        assert!(sent.starts_with("HTTP/1.1 ") && !sent.contains("keep-alive"), "{sent}");
        let down = raw.down;
        let finished = raw.outputs.iter().any(|o| *o == Output::Finish { conn: down });
        (sent.contains("\r\nConnection: close\r\n"), finished, raw.cited("http.proxy-old-client"))
    };
    for target in ["http://a.test/", "/refused"] {
        assert_eq!(closed("HTTP/1.0", target), (true, true, true), "{target}");
        assert_eq!(closed("HTTP/1.1", target), (false, false, false), "{target}");
    }
}

#[test]
fn large_answers_pass_through_and_are_not_kept() {
    let mut raw = Raw::new(Config { max_stored: 10, ..Config::default() });
    raw.exchange(
        GET,
        b"HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 20\r\n\r\n",
    );
    for piece in [b"0123456789", b"abcdefghij"] {
        raw.answer(piece);
    }
    assert!(raw.sent_down().ends_with("0123456789abcdefghij"));
    assert_eq!(raw.host.endpoint().cache().iter().count(), 0);
}

#[test]
fn a_stale_copy_serves_when_the_origin_is_gone() {
    let mut raw = Raw::new(Config::default());
    raw.exchange(
        GET,
        b"HTTP/1.1 200 OK\r\nCache-Control: max-age=0\r\nContent-Length: 2\r\n\
          Connection: close\r\n\r\nhi",
    );
    raw.outputs.clear();
    raw.ask(GET);
    let conn = raw.up.unwrap();
    raw.step(Stimulus::Lost { conn, why: Loss::Unreachable });
    assert!(raw.sent_down().starts_with("HTTP/1.1 200 ") && raw.sent_down().ends_with("hi"));
    assert!(raw.cited("http.cache-stale-used"));
}

#[test]
fn a_get_goes_again_when_a_kept_connection_closes_and_a_post_does_not() {
    for (request, dialled) in [
        ("GET http://a.test/z HTTP/1.1\r\nHost: a\r\n\r\n", 1),
        ("POST http://a.test/z HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 0),
    ] {
        let mut raw = Raw::new(Config::default());
        raw.exchange(GET, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        raw.outputs.clear();
        let kept = raw.up.unwrap();
        raw.ask(request.as_bytes());
        assert_eq!(raw.dialled(), 0, "the kept connection is used");
        raw.step(Stimulus::Finished { conn: kept });
        assert_eq!(raw.dialled(), dialled, "{request}");
        assert_eq!(raw.sent_down().contains(" 502 "), dialled == 0);
    }
}

#[test]
fn commands_print_and_read_back() {
    for text in ["clear cache", "cache on", "cache off"] {
        assert_eq!(text.parse::<Command>().unwrap().to_string(), text);
    }
    assert!("cache maybe".parse::<Command>().is_err());
}

#[test]
fn a_proxy_that_was_off_answers_from_its_cache_and_knows_no_connection() {
    let mut raw = Raw::new(Config::default());
    let answer = b"HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 2\r\n\r\nhi";
    raw.exchange(GET, answer);
    assert!(raw.sent_down().ends_with("hi"));
    raw.outputs.clear();
    raw.step(Stimulus::Start);
    assert!(matches!(raw.outputs.as_slice(), [Output::Listen { port: 3128, .. }]));
    assert_eq!(raw.host.view(NOW).machines, []);
    raw.down = raw.host.accept();
    let peer = SocketAddr::from(([192, 0, 2, 1], 40_001));
    raw.step(Stimulus::Opened { conn: raw.down, peer, port: Some(3128) });
    raw.ask(GET);
    assert!(raw.sent_down().ends_with("hi") && raw.dialled() == 0, "{}", raw.sent_down());
}

const GET: &[u8] = b"GET http://a.test/x HTTP/1.1\r\nHost: a.test\r\n\r\n";

/// A proxy with one client connection, and the last connection that it dialled.
struct Raw {
    host: Running<Proxy>,
    down: Conn,
    up: Option<Conn>,
    outputs: Vec<Output>,
}

impl Raw {
    fn new(config: Config) -> Raw {
        let limits = Limits { body_max: 1 << 20, ..Limits::default() };
        let config = Config { request_limits: limits, ..config };
        let mut host = Running::new(Proxy::new(config), 1);
        host.step(NOW, Stimulus::Start).unwrap();
        let down = host.accept();
        let mut raw = Raw { host, down, up: None, outputs: Vec::new() };
        let peer = SocketAddr::from(([192, 0, 2, 1], 40_000));
        raw.step(Stimulus::Opened { conn: down, peer, port: Some(3128) });
        raw
    }

    fn step(&mut self, stimulus: Stimulus) {
        let outputs = self.host.step(NOW, stimulus).unwrap().outputs;
        for output in &outputs {
            if let Output::Dial { conn, .. } = output {
                self.up = Some(*conn);
            }
        }
        self.outputs.extend(outputs);
    }

    fn ask(&mut self, bytes: &[u8]) {
        self.step(Stimulus::Data { conn: self.down, bytes: bytes.to_vec().into() });
    }

    fn open(&mut self) {
        if let Some(conn) = self.up {
            let peer = SocketAddr::from(([192, 0, 2, 9], 80));
            self.step(Stimulus::Opened { conn, peer, port: None });
        }
    }

    fn answer(&mut self, bytes: &[u8]) {
        if let Some(conn) = self.up {
            self.step(Stimulus::Data { conn, bytes: bytes.to_vec().into() });
        }
    }

    fn exchange(&mut self, request: &[u8], answer: &[u8]) {
        self.ask(request);
        self.open();
        self.answer(answer);
    }

    fn ring(&mut self, wanted: &str) {
        let alarm = self.outputs.iter().rev().find_map(|output| match output {
            Output::Arm { alarm, name, .. } if *name == wanted => Some(*alarm),
            _ => None,
        });
        self.step(Stimulus::Alarm(alarm.unwrap()));
    }

    fn sent(&self, on: impl Fn(Conn) -> bool) -> String {
        let sent = self.outputs.iter().filter_map(|output| match output {
            Output::Send { conn, bytes } if on(*conn) => Some(String::from_utf8_lossy(bytes)),
            _ => None,
        });
        sent.collect()
    }

    fn sent_down(&self) -> String {
        self.sent(|conn| conn == self.down)
    }

    fn sent_up(&self) -> String {
        self.sent(|conn| conn != self.down)
    }

    fn dialled(&self) -> usize {
        self.outputs.iter().filter(|o| matches!(o, Output::Dial { .. })).count()
    }

    fn cited(&self, id: &str) -> bool {
        self.outputs.iter().any(|o| matches!(o, Output::Cite(rule) if rule.id == id))
    }
}

proptest::proptest! {
    #[test]
    fn no_bytes_from_either_side_make_the_proxy_panic(
        asked in proptest::collection::vec(ASKED, 0..10),
        answered in proptest::collection::vec(ANSWERED, 0..10),
        fate in 0..4_u8,
    ) {
        let mut raw = Raw::new(Config::default());
        raw.ask(GET);
        raw.open();
        for n in 0..10 {
            for (pieces, down) in [(&asked, true), (&answered, false)] {
                match pieces.get(n).map(String::as_bytes) {
                    Some(bytes) if !bytes.is_empty() && down => raw.ask(bytes),
                    Some(bytes) if !bytes.is_empty() => raw.answer(bytes),
                    Some(_) | None => {}
                }
            }
        }
        let (down, up) = (raw.down, raw.up.unwrap_or(raw.down));
        raw.step(match fate {
            0 => Stimulus::Finished { conn: up },
            1 => Stimulus::Lost { conn: up, why: Loss::Reset },
            2 => Stimulus::Lost { conn: down, why: Loss::Reset },
            _ => Stimulus::Finished { conn: down },
        });
        raw.open();
        raw.host.view(NOW);
    }
}

/// Pieces of requests to a proxy, in any order.
const ASKED: &str = "(GET|POST|HEAD) http://a.test/[xy] HTTP/1.[01]\\r\\n|Host: a.test\\r\\n|\
     Content-Length: [0-9]\\r\\n|Transfer-Encoding: chunked\\r\\n|Via: 1.1 x\\r\\n|\
     If-None-Match: [\"a*]{0,4}\\r\\n|\\r\\n|[0-9]\\r\\n|\\PC{0,3}";

/// Pieces of answers of an origin, in any order.
const ANSWERED: &str = "HTTP/1.[01] (100|103|200|204|304|500) x\\r\\n|Content-Length: [0-9]\\r\\n|\
     Transfer-Encoding: chunked\\r\\n|Cache-Control: max-age=[0-9]\\r\\n|ETag: \"a\"\\r\\n|\
     Connection: close\\r\\n|Vary: [*a]\\r\\n|\\r\\n|[0-9]\\r\\n|[ -~]{0,5}|\\PC{0,3}";
