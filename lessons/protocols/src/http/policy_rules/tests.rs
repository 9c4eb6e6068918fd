//! Every rule is well formed, and some endpoint acts on it.

use core::fmt;
use core::str::FromStr;
use core::time::Duration;
use std::collections::BTreeSet;

use crate::endpoint::{CommandError, Context, Endpoint, Input, Output, Target, Timer, View};
use crate::http::client::{self, Client};
use crate::http::proxy::{self, Proxy};
use crate::http::server::{self, Server};
use crate::http::shuttle::Shuttle;
use crate::http::site::{Resource, Site};
use crate::http::{HTTP, Version};
use crate::wire::Time;

const NOW: Time = Time::from_secs(1_700_000_000);

#[test]
fn every_rule_has_its_own_id_a_source_and_full_sentences() {
    let mut ids = BTreeSet::new();
    for rule in super::all() {
        assert!(ids.insert(rule.id), "{} twice", rule.id);
        assert!(rule.id.starts_with("http."), "{}", rule.id);
        assert!(rule.source.link().is_some(), "{}", rule.id);
        assert!(rule.says.ends_with('.') && rule.why.ends_with('.'), "{}", rule.id);
    }
}

/// A rule that nobody acts on would be taught and never seen.
#[test]
fn every_rule_is_cited_in_some_run() {
    let mut cited = BTreeSet::new();
    for shuttle in [browsing(), caching(), forwarding(), misbehaving(), crowded()] {
        cited.extend(shuttle.done.iter().filter_map(|(_, _, output)| match output {
            Output::Cite(rule) => Some(rule.id),
            _ => None,
        }));
    }
    let missing: Vec<&str> = super::all().map(|r| r.id).filter(|id| !cited.contains(id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// A browser (0), the department (1) and one who says anything (2).
fn three(server: server::Config) -> Shuttle {
    let mut shuttle = Shuttle::new(None);
    shuttle.host("browser", Client::new(client::Config::default()));
    let site = Site::department(NOW)
        .with("/far", cookie("a=1; Domain=other.test"))
        .with("/wide", cookie("a=1; Domain=test"))
        .with("/odd", cookie("nothing"))
        .with("/long", cookie(&format!("a={}", "x".repeat(5000))));
    shuttle.host("www.cs.test", Server::new(server, site));
    shuttle.host("anyone", Anyone::default());
    shuttle
}

fn cookie(line: &str) -> Resource {
    Resource::SetCookie { cookie: line.to_string(), expires_secs: None }
}

fn all(shuttle: &mut Shuttle, host: usize, commands: &[&str]) {
    for command in commands {
        shuttle.command(host, &command.replace("CS", "http://www.cs.test"));
    }
}

fn browsing() -> Shuttle {
    let mut shuttle = three(server::Config { max_requests: Some(3), ..Default::default() });
    all(
        &mut shuttle,
        0,
        &[
            "visit CS/",
            "mode parallel 3",
            "visit CS/",
            "mode pipelined",
            "visit CS/",
            "mode persistent",
            "get CS/today",
            "post CS/feedback a=1",
            "get CS/teaching.html",
            "get CS/round",
            "get CS/visits",
            "get CS/visits",
            "get CS/theme/dark",
            "get CS/theme/none",
            "get CS/far",
            "get CS/wide",
            "get CS/odd",
            "get CS/long",
            "head CS/",
            "get CS/none",
            "delete CS/",
            "options CS/",
            "put CS/notes/a one",
            "put CS/notes/a two",
            "delete CS/notes/a",
            "get CS/seminars",
            "get CS/broken",
            "language da",
            "get CS/welcome",
            "language fr",
            "get CS/welcome-strict",
            "post CS/enrol a=1",
            "put CS/enrol a=1",
            "expect on",
            "put CS/notes/b three",
        ],
    );
    shuttle.command(0, "post http://www.cs.test/today a=1");
    shuttle.pass(Duration::from_secs(20));
    for (command, after) in [("get CS/", 75), ("post CS/enrol a=1", 75)] {
        all(&mut shuttle, 0, &["get CS/news.html"]);
        shuttle.pass(Duration::from_secs(15) - Duration::from_millis(after));
        all(&mut shuttle, 0, &[command]);
    }
    shuttle
}

fn caching() -> Shuttle {
    let mut shuttle = three(server::Config::default());
    all(
        &mut shuttle,
        0,
        &[
            "cache on",
            "get CS/",
            "get CS/",
            "reload",
            "get CS/news.html",
            "get CS/news.html",
            "get CS/welcome",
            "language da",
            "get CS/welcome",
            "get CS/visits",
            "head CS/broken",
            "put CS/notes/a one",
            "get CS/notes/a",
            "put CS/notes/a two",
            "get CS/today",
        ],
    );
    shuttle.pass(Duration::from_secs(61));
    all(&mut shuttle, 0, &["get CS/"]);
    let get = |fields: &str| format!("send www.cs.test 80 GET / HTTP/1.1~Host: a~{fields}~~");
    for fields in ["If-Modified-Since: Wed, 15 Nov 2023 22:13:20 GMT", "Expect: tea"] {
        shuttle.command(2, &get(fields));
    }
    let put = "PUT /notes/a HTTP/1.1~Host: a~If-Match: \"x\"~Content-Length: 0~~";
    shuttle.command(2, &format!("send www.cs.test 80 {put}"));
    let post = "POST /enrol HTTP/1.1~Host: a~Content-Length: 0~~";
    shuttle.command(2, &format!("send www.cs.test 80 {post}"));
    shuttle.command(2, "send www.cs.test 80 BREW / HTTP/1.1~Host: a~~GET / HTTP/1.1~Host: a~~");
    shuttle
}

/// A browser (0), a proxy (1), the department (2), one who says anything (3) and a server (4)
/// that answers so.
fn beyond_a_proxy(answer: &str) -> Shuttle {
    let mut shuttle = Shuttle::new(None);
    shuttle.host("browser", Client::new(client::Config::default()));
    shuttle.host(
        "proxy.test",
        Proxy::new(proxy::Config { max_stored: 60, max_held: 8, ..Default::default() }),
    );
    shuttle.host("www.cs.test", Server::new(server::Config::default(), Site::department(NOW)));
    shuttle.host("anyone", Anyone::default());
    shuttle.host("a.test", Anyone::saying(answer));
    shuttle.command(0, "proxy proxy.test:3128");
    shuttle
}

fn forwarding() -> Shuttle {
    let lives = "Cache-Control: s-maxage=5, must-revalidate~ETag: \"a\"~Content-Length: 2~~hi";
    let mut shuttle = beyond_a_proxy(&format!("HTTP/1.1 200 OK~{lives}"));
    all(&mut shuttle, 0, &["get CS/visits", "get http://a.test/", "get http://nowhere.test/"]);
    shuttle.pass(Duration::from_secs(6));
    let send = |target: &str, fields: &str| {
        format!("send proxy.test 3128 {target} HTTP/1.1~Host: a.test~{fields}~~")
    };
    all(&mut shuttle, 0, &["expect on", "put CS/notes/a words"]);
    shuttle.host("old.test", Anyone::saying("HTTP/1.0 200 OK~Content-Length: 0~~"));
    shuttle.command(0, "get http://old.test/");
    let long = "Transfer-Encoding: chunked~~9~ten bytes~0";
    for (target, fields) in [
        ("POST http://old.test/", long),
        ("GET http://a.test/", "Cache-Control: max-stale"),
        ("GET http://a.test/", "If-None-Match: \"a\""),
        ("GET http://www.cs.test/welcome", "Authorization: b"),
        ("GET /", "X: y"),
        ("CONNECT a.test:443", "X: y"),
        ("GET http://a.test/", "Via: 1.1 wirelab-proxy"),
        ("OPTIONS http://a.test/", "Max-Forwards: 3"),
        ("GET http://b.test/", "Cache-Control: only-if-cached"),
    ] {
        shuttle.command(3, &send(target, fields));
    }
    shuttle.command(3, "send proxy.test 3128 GET http://a.test/ HTTP/1.0~~");
    shuttle
}

fn misbehaving() -> Shuttle {
    let mut shuttle = three(server::Config { version: Version::Http10, ..Default::default() });
    shuttle.host("a.test", Anyone::saying("nonsense~~"));
    shuttle.host("silent.test", Anyone::default());
    shuttle.host("rude.test", Anyone { hangs_up: true, ..Anyone::default() });
    shuttle
        .command(0, "get http://rude.test/")
        .command(0, "get http://a.test/")
        .command(0, "get http://silent.test/");
    shuttle.pass(Duration::from_secs(31));
    shuttle.command(0, "expect on").command(0, "put http://silent.test/ words");
    shuttle.host("old.test", Anyone::saying("HTTP/1.1 417 No~Content-Length: 0~~"));
    shuttle.command(0, "put http://old.test/ words");
    shuttle.pass(Duration::from_secs(31));
    shuttle.command(2, "send www.cs.test 80 bad~~");
    shuttle.command(2, "send www.cs.test 80 GET / HT");
    shuttle.pass(Duration::from_secs(20));
    shuttle
}

/// What only a proxy with a fresh or a stale copy, or a full house, shows.
fn crowded() -> Shuttle {
    let private = "Cache-Control: private~Content-Length: 0~~";
    let mut shuttle = beyond_a_proxy(&format!("HTTP/1.1 200 OK~{private}"));
    let old = "HTTP/1.1 200 OK~Date: Tue, 14 Nov 2023 22:13:20 GMT~\
               Expires: Tue, 14 Nov 2023 22:14:00 GMT~Content-Length: 2~~hi";
    shuttle.host("old.test", Anyone::saying(old));
    let once = "HTTP/1.1 200 OK~Cache-Control: max-age=0~Content-Length: 2~~hi";
    shuttle.host("once.test", Anyone { once: true, ..Anyone::saying(once) });
    shuttle.host("late.test", Anyone::default());
    shuttle.host("bare.test", Anyone::saying("HTTP/1.1 200 OK~Content-Length: 0~~"));
    let part = "HTTP/1.1 206 Part~Content-Range: bytes 0-0/2~Content-Length: 1~~h";
    shuttle.host("part.test", Anyone::saying(part));
    shuttle.host(
        "busy.test",
        Server::new(server::Config { max_connections: 0, ..Default::default() }, Site::new()),
    );
    all(
        &mut shuttle,
        0,
        &[
            "get http://a.test/",
            "get http://old.test/",
            "get http://old.test/",
            "get CS/lab.gif",
            "get http://bare.test/",
            "get http://once.test/",
            "get http://once.test/",
            "get http://late.test/",
            "get http://busy.test/",
            "get http://part.test/",
        ],
    );
    let conditional = "GET http://old.test/ HTTP/1.1~Host: old.test~If-None-Match: *~~";
    shuttle.command(3, &format!("send proxy.test 3128 {conditional}"));
    shuttle.pass(Duration::from_secs(60));
    shuttle
}

/// Says whatever it is told to, and answers whatever comes with the same bytes.
#[derive(Clone, Debug, Default)]
struct Anyone {
    answer: Vec<u8>,
    /// Answers once and then never again.
    once: bool,
    /// Closes instead of answering.
    hangs_up: bool,
}

impl Anyone {
    fn saying(answer: &str) -> Anyone {
        Anyone { answer: unescaped(answer), ..Anyone::default() }
    }
}

/// `send HOST PORT BYTES`, where `~` is CRLF.
#[derive(Clone, Debug)]
struct Say {
    to: Target,
    bytes: Vec<u8>,
}

impl FromStr for Say {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<Say, CommandError> {
        let mut words = text.splitn(4, ' ').skip(1);
        let mut word = || words.next().unwrap();
        let to = Target::new(word(), word().parse().unwrap());
        Ok(Say { to, bytes: unescaped(word()) })
    }
}

impl fmt::Display for Say {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "send {}", self.to)
    }
}

fn unescaped(text: &str) -> Vec<u8> {
    text.replace('~', "\r\n").into_bytes()
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Never;

impl Timer for Never {
    fn name(&self) -> &'static str {
        "never"
    }
}

impl Endpoint for Anyone {
    type Command = Say;
    type Event = Say;
    type Timer = Never;

    fn handle(&mut self, input: Input<Self>, cx: &mut Context<'_, Self>) {
        match input {
            Input::Start => cx.listen(80, &HTTP),
            Input::Command(say) => {
                let conn = cx.dial(say.to, &HTTP);
                cx.send(conn, say.bytes);
            }
            Input::Data { conn, .. } if self.hangs_up => cx.finish(conn),
            Input::Data { conn, .. } => {
                cx.send(conn, self.answer.clone());
                if self.once {
                    self.answer.clear();
                }
            }
            _ => {}
        }
    }

    fn view(&self, _: Time) -> View {
        View::default()
    }

    fn commands(&self) -> &'static [&'static str] {
        &["send HOST PORT BYTES"]
    }
}
