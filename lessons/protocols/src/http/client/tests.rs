//! The client against our server, over the shuttle.

use core::time::Duration;

use super::{Client, Command, Config, Event, Mode};
use crate::endpoint::{Conn, Host, Loss, Output, Running, Stimulus};
use crate::http::Url;
use crate::http::server::{self, Server};
use crate::http::shuttle::{RTT, Shuttle};
use crate::http::site::Site;
use crate::wire::Time;

const NOW: Time = Time::from_secs(1_700_000_000);

/// A client (0) and the department's server (1).
fn department(config: Config, cuts: Option<u64>) -> Shuttle {
    with_site(config, cuts, Site::department(NOW), server::Config::default())
}

fn with_site(config: Config, cuts: Option<u64>, site: Site, server: server::Config) -> Shuttle {
    let mut shuttle = Shuttle::new(cuts);
    shuttle.host("browser", Client::new(config));
    shuttle.host("www.cs.test", Server::new(server, site));
    shuttle
}

fn dials(shuttle: &Shuttle) -> usize {
    shuttle.count(0, |o| matches!(o, Output::Dial { .. }))
}

fn is_retry(told: &str) -> bool {
    told.starts_with("retried")
}

/// The textbook: for a base page and 8 tiny objects, 18 round trips in series, 6 with five in
/// parallel, 10 on one persistent connection, 3 when pipelined.
#[test]
fn a_page_with_eight_objects_takes_the_round_trips_of_the_textbook() {
    for (mode, round_trips, connections) in [
        (Mode::Serial, 18, 9),
        (Mode::Parallel(8), 4, 9),
        (Mode::Parallel(5), 6, 9),
        (Mode::Persistent(1), 10, 1),
        (Mode::Persistent(6), 5, 6),
        (Mode::Pipelined, 3, 1),
    ] {
        let site = Site::page_with_objects(8, 100, NOW);
        let config = Config { mode, ..Config::default() };
        let mut shuttle = with_site(config, None, site, server::Config::default());
        shuttle.command(0, "visit http://www.cs.test/");
        let done = shuttle.done.iter().find_map(|(at, _, output)| match output {
            Output::Emit(text) if text.starts_with("page ") => Some(*at),
            _ => None,
        });
        let taken = done.unwrap().since(NOW);
        assert_eq!(taken, RTT * round_trips, "{mode}");
        assert_eq!(dials(&shuttle), connections, "{mode}");
    }
}

#[test]
fn a_visit_fetches_the_page_and_each_object_once_however_the_bytes_are_cut() {
    for cuts in [None, Some(1), Some(2), Some(3)] {
        for mode in ["serial", "parallel 3", "persistent", "pipelined"] {
            let mut shuttle = department(Config::default(), cuts);
            shuttle.command(0, &format!("mode {mode}")).command(0, "visit http://www.cs.test/");
            let told = shuttle.told(0);
            let answers = told.iter().filter(|t| t.starts_with("response")).count();
            assert_eq!(answers, 6, "{mode} {cuts:?}: {told:?}");
            let last = told.last().unwrap();
            assert!(last.starts_with("page http://www.cs.test/ done 5 "), "{mode}: {last}");
        }
    }
}

#[test]
fn a_browser_that_was_off_has_its_cookies_and_cache_and_no_connections() {
    let mut host = department(Config { cache: true, ..Config::default() }, None);
    host.command(0, "visit http://www.cs.test/");
    let rows = |shuttle: &Shuttle, title: &str| {
        let view = shuttle.view(0);
        let table = view.tables.iter().find(|table| table.title == title);
        table.map_or(0, |table| table.rows.len())
    };
    let cached = rows(&host, "cache");
    assert!(cached > 0 && !host.view(0).machines.is_empty());
    host.start(0);
    assert_eq!((rows(&host, "cache"), host.view(0).machines.len()), (cached, 0));
    let dialled = dials(&host);
    host.command(0, "visit http://www.cs.test/");
    assert!(host.told(0).last().unwrap().contains(" done 5 "), "{:?}", host.told(0));
    assert!(dials(&host) <= dialled + 1, "what is fresh in the cache is not fetched");
}

#[test]
fn each_command_prints_and_reads_back() {
    for text in super::command::TEMPLATES {
        let text = text.replace("URL", "http://a.test:8080/x?y#z").replace("BODY", "a=1 b\n 2");
        let text = text.replace(" N", " 4").replace("HOST:PORT", "p.test:3128");
        let text = text.replace("LIST", "da, en;q=0.8");
        let command: Command = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(command.to_string(), text);
        assert_eq!(command.to_string().parse::<Command>().unwrap(), command);
    }
    for wrong in [
        "",
        "fly",
        "get",
        "get https://a.test/",
        "mode parallel 0",
        "mode parallel 99",
        "reload x",
        "version 2",
        "proxy a.test",
        "proxy a.test:x",
        "cache maybe",
        "language  da",
        "get  x",
        "get http://a.test/ body",
        "proxy http://a.test:80",
    ] {
        assert!(wrong.parse::<Command>().is_err(), "{wrong}");
    }
}

#[test]
fn redirects_change_the_method_as_their_status_says() {
    let mut shuttle = department(Config::default(), None);
    for (command, told, last) in [
        (
            "get http://www.cs.test/today",
            "redirected http://www.cs.test/today 302 \
          http://www.cs.test/news.html",
            "GET /news.html",
        ),
        (
            "post http://www.cs.test/feedback a=1",
            "redirected http://www.cs.test/feedback 303 \
          http://www.cs.test/thanks.html",
            "GET /thanks.html",
        ),
        (
            "get http://www.cs.test/teaching.html#top",
            "redirected \
          http://www.cs.test/teaching.html#top 308 http://www.cs.test/courses.html#top",
            "GET /courses.html",
        ),
    ] {
        shuttle.command(0, command);
        assert!(shuttle.told(0).iter().any(|t| t == told), "{command}: {:?}", shuttle.told(0));
        let sent = shuttle.sent(0);
        let line = sent.lines().rfind(|line| line.ends_with("HTTP/1.1")).unwrap();
        assert!(line.ends_with(&format!("{last} HTTP/1.1")), "{command}: {line}");
    }
    let site = Site::new()
        .with_redirect("/old", 307, "/new")
        .with_redirect("/older", 302, "/new")
        .with("/new", crate::http::site::Resource::Form { then: None });
    let mut shuttle = with_site(Config::default(), None, site, server::Config::default());
    shuttle.command(0, "post http://www.cs.test/old a=1");
    assert_eq!(shuttle.sent(0).matches("a=1").count(), 2, "307 sends the content again");
    shuttle.command(0, "post http://www.cs.test/older a=1");
    assert!(shuttle.sent(0).ends_with("\r\n\r\n") && shuttle.sent(0).contains("GET /new"));
}

#[test]
fn redirects_that_go_round_are_given_up() {
    let mut shuttle = department(Config::default(), None);
    shuttle.command(0, "get http://www.cs.test/round");
    let last = shuttle.told(0).pop().unwrap();
    assert!(last.ends_with("more than 10 redirects"), "{last}");
    assert!(shuttle.cited(0, "http.redirect-limit"));
}

#[test]
fn cookies_are_kept_and_sent_back() {
    let mut shuttle = department(Config::default(), Some(9));
    shuttle.command(0, "get http://www.cs.test/visits").command(0, "reload");
    assert_eq!(shuttle.told(0)[0], "cookie kept session for www.cs.test");
    assert_eq!(shuttle.sent(0).matches("Cookie: session=").count(), 1);
    assert!(shuttle.sent(1).contains("visit number 2"));
    shuttle.command(0, "clear cookies").command(0, "reload");
    assert_eq!(shuttle.sent(1).matches("first visit").count(), 2);
    shuttle.command(0, "cookies off").command(0, "reload");
    assert_eq!(shuttle.sent(1).matches("first visit").count(), 3);
}

#[test]
fn a_secure_cookie_stays_at_home_and_an_expired_one_is_gone() {
    let mut shuttle = department(Config::default(), None);
    shuttle.command(0, "get http://www.cs.test/members");
    shuttle.command(0, "get http://www.cs.test/theme/dark");
    shuttle.command(0, "get http://www.cs.test/theme/none");
    assert_eq!(shuttle.sent(0).matches("Cookie: ").count(), 1, "{}", shuttle.sent(0));
    assert!(shuttle.sent(0).contains("Cookie: theme=dark\r\n"), "member is for TLS only");
    let told = "cookie deleted theme for www.cs.test".to_string();
    assert!(shuttle.told(0).contains(&told), "{:?}", shuttle.told(0));
}

#[test]
fn the_cache_answers_while_fresh_and_asks_when_stale() {
    let mut shuttle = department(Config { cache: true, ..Config::default() }, None);
    let home = "get http://www.cs.test/";
    shuttle.command(0, home).command(0, home);
    assert!(shuttle.told(0).contains(&"from cache http://www.cs.test/".to_string()));
    assert_eq!(shuttle.count(0, |o| matches!(o, Output::Send { .. })), 1);
    shuttle.pass(Duration::from_secs(61));
    shuttle.command(0, home);
    assert!(shuttle.told(0).contains(&"revalidated http://www.cs.test/".to_string()));
    assert!(shuttle.sent(0).contains("If-None-Match: "));
    assert_eq!(shuttle.sent(1).matches("<h1>").count(), 1, "the content came once");
    shuttle.command(1, "publish / <h1>new</h1>").command(0, "reload");
    assert!(shuttle.told(0).pop().unwrap().ends_with(" 200 12"), "{:?}", shuttle.told(0));
}

#[test]
fn a_put_throws_the_stored_copy_away() {
    let mut shuttle = department(Config { cache: true, ..Config::default() }, None);
    shuttle.command(0, "put http://www.cs.test/notes/a one");
    shuttle.command(0, "get http://www.cs.test/notes/a");
    shuttle.command(0, "put http://www.cs.test/notes/a two");
    assert!(shuttle.cited(0, "http.cache-invalidate"));
    shuttle.command(0, "get http://www.cs.test/notes/a");
    assert!(shuttle.sent(1).ends_with("two"), "{}", shuttle.sent(1));
}

#[test]
fn requests_that_a_closing_server_did_not_carry_out_are_sent_again() {
    let limited = server::Config { max_requests: Some(3), ..server::Config::default() };
    let site = Site::page_with_objects(8, 100, NOW);
    let config = Config { mode: Mode::Pipelined, ..Config::default() };
    let mut shuttle = with_site(config, Some(4), site, limited);
    shuttle.command(0, "visit http://www.cs.test/");
    assert!(shuttle.told(0).pop().unwrap().contains("done 8 "), "{:?}", shuttle.told(0));
    assert_eq!(dials(&shuttle), 3, "nine requests, three to a connection");
    assert!(shuttle.cited(0, "http.retry-unprocessed"));
}

#[test]
fn a_get_is_sent_again_when_its_connection_closes_under_it_and_a_post_is_not() {
    for (command, expected) in [
        ("get http://www.cs.test/news.html", "response http://www.cs.test/news.html 200 "),
        ("post http://www.cs.test/enrol a=1", "failed http://www.cs.test/enrol: the connection "),
    ] {
        let mut shuttle = department(Config::default(), None);
        shuttle.command(0, "get http://www.cs.test/thanks.html");
        // The server's alarm rings while the request is on its way.
        shuttle.pass(Duration::from_secs(15) - RTT * 3 / 4);
        shuttle.command(0, command);
        let told = shuttle.told(0);
        let retried = told.iter().any(|t| is_retry(t));
        assert_eq!(retried, command.starts_with("get"), "{told:?}");
        assert!(told.last().unwrap().starts_with(expected), "{told:?}");
    }
}

#[test]
fn content_waits_for_100_and_is_not_sent_after_a_refusal() {
    let mut shuttle = department(Config::default(), None);
    shuttle.command(0, "expect on").command(0, "put http://www.cs.test/notes/a words");
    assert!(shuttle.sent(1).starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201"));
    shuttle.command(0, "put http://www.cs.test/logo.svg words");
    assert!(shuttle.told(0).pop().unwrap().starts_with("response http://www.cs.test/logo.svg 405"));
    assert_eq!(shuttle.sent(0).matches("words").count(), 1, "RFC 9110 section 10.1.1");
    shuttle.command(0, "get http://www.cs.test/news.html");
    assert!(shuttle.told(0).pop().unwrap().contains(" 200 "), "on a new connection");
}

/// RFC 9110 section 10.1.1: 417 speaks of the expectation, not of the request.
#[test]
fn after_417_the_request_goes_again_once_without_expect_and_with_its_content() {
    let mut host = Running::new(Client::new(Config::default()), 1);
    let mut step = |stimulus| host.step(NOW, stimulus).unwrap().outputs;
    step(Stimulus::Command("expect on".to_string()));
    let mut conn = dialled(&step(Stimulus::Command("post http://a.test/ a=1".to_string())));
    let peer = core::net::SocketAddr::from(([10, 0, 0, 2], 80));
    let refusal = "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n";
    let refused = |conn| Stimulus::Data { conn, bytes: refusal.as_bytes().into() };
    let asked = sent(&step(Stimulus::Opened { conn: conn.unwrap(), peer, port: None }));
    assert!(asked.contains("Expect: 100-continue\r\n") && asked.ends_with("\r\n\r\n"), "{asked}");

    let outputs = step(refused(conn.unwrap()));
    assert!(outputs.contains(&Output::Emit("retried http://a.test/".to_string())), "{outputs:?}");
    conn = dialled(&outputs);
    let asked = sent(&step(Stimulus::Opened { conn: conn.unwrap(), peer, port: None }));
    assert!(!asked.contains("Expect") && asked.ends_with("\r\n\r\na=1"), "{asked}");

    let outputs = step(refused(conn.unwrap()));
    assert!(outputs.contains(&Output::Emit("response http://a.test/ 417 0".to_string())));
    assert_eq!(dialled(&outputs), None, "{outputs:?}");
}

fn dialled(outputs: &[Output]) -> Option<Conn> {
    outputs.iter().find_map(|output| match output {
        Output::Dial { conn, .. } => Some(*conn),
        _ => None,
    })
}

/// All that is sent, as text.
fn sent(outputs: &[Output]) -> String {
    let sent = outputs.iter().filter_map(|output| match output {
        Output::Send { bytes, .. } => Some(String::from_utf8_lossy(bytes)),
        _ => None,
    });
    sent.collect()
}

#[test]
fn http_1_0_gets_its_answers_too() {
    for mode in ["serial", "persistent"] {
        let mut shuttle = department(Config::default(), Some(5));
        shuttle.command(0, "version 1.0").command(0, &format!("mode {mode}"));
        shuttle.command(0, "visit http://www.cs.test/");
        shuttle.command(0, "get http://www.cs.test/seminars");
        assert!(shuttle.told(0).pop().unwrap().contains("/seminars 200 1"));
        assert!(!shuttle.sent(1).contains("chunked"));
        assert_eq!(dials(&shuttle), if mode == "serial" { 7 } else { 1 }, "{mode}");
    }
}

#[test]
fn a_server_that_refuses_is_unknown_or_breaks_the_rules_is_a_failure_that_says_why() {
    let mut shuttle = department(Config::default(), None);
    shuttle.command(0, "get http://www.cs.test:81/").command(0, "get http://nowhere.test/");
    assert_eq!(
        shuttle.told(0),
        [
            "failed http://www.cs.test:81/: no connection: refused",
            "failed http://nowhere.test/: no connection: refused",
        ]
    );
    for (answer, why) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", "bad answer: "),
        ("SSH-2.0-x\r\n\r\n", "bad answer: "),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "bad answer: "),
        ("HTTP/1.1 302 Found\r\nLocation: https://x/\r\nContent-Length: 0\r\n\r\n", "redirected"),
    ] {
        let told = told_of(answer);
        assert!(told[0].contains(why), "{answer:?}: {told:?}");
    }
    assert_eq!(told_of(""), ["retried http://a.test/"]);
}

/// What a client tells whose server answers one GET so, and then closes.
fn told_of(answer: &str) -> Vec<String> {
    let (mut host, conn) = asked();
    let mut outputs = Vec::new();
    if !answer.is_empty() {
        let data = Stimulus::Data { conn, bytes: answer.as_bytes().to_vec().into() };
        outputs.extend(host.step(NOW, data).unwrap().outputs);
    }
    outputs.extend(host.step(NOW, Stimulus::Finished { conn }).unwrap().outputs);
    let told = outputs.into_iter().filter_map(|output| match output {
        Output::Emit(text) => Some(text),
        _ => None,
    });
    told.collect()
}

/// A client that has sent one GET.
fn asked() -> (Running<Client>, Conn) {
    let mut host = Running::new(Client::new(Config::default()), 1);
    let get = Stimulus::Command("get http://a.test/".to_string());
    let outputs = host.step(NOW, get).unwrap().outputs;
    let conn = dialled(&outputs).unwrap();
    let peer = core::net::SocketAddr::from(([10, 0, 0, 2], 80));
    host.step(NOW, Stimulus::Opened { conn, peer, port: None }).unwrap();
    (host, conn)
}

#[test]
fn a_silent_server_is_given_up_after_the_time_out() {
    let (mut host, _) = asked();
    assert_eq!(host.view(NOW).state, "Awaiting");
    let rung = host.step(NOW, Stimulus::Alarm(crate::endpoint::AlarmId(0))).unwrap();
    let url: Url = "http://a.test/".parse().unwrap();
    let failed = Event::Failed { url, why: "no answer within 30 s".to_string() };
    assert!(rung.outputs.contains(&Output::Emit(failed.to_string())), "{rung:?}");
    assert!(rung.outputs.iter().any(|o| matches!(o, Output::Abort { .. })));
}

#[test]
fn a_slow_answer_may_go_on_as_long_as_it_comes() {
    let (mut host, conn) = asked();
    let data = |text: &str| Stimulus::Data { conn, bytes: text.as_bytes().to_vec().into() };
    let alarm = |n| Stimulus::Alarm(crate::endpoint::AlarmId(n));
    host.step(NOW, data("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")).unwrap();
    let first = host.step(NOW, alarm(0)).unwrap();
    assert!(matches!(first.outputs[..], [Output::Arm { .. }]), "{first:?}");
    let second = host.step(NOW, alarm(1)).unwrap();
    assert!(second.outputs.iter().any(|o| matches!(o, Output::Abort { .. })), "{second:?}");
}

#[test]
fn the_same_seed_gives_the_same_outputs() {
    let run = || {
        let mut shuttle = department(Config::default(), Some(7));
        shuttle.command(0, "mode parallel 3").command(0, "visit http://www.cs.test/");
        shuttle.command(0, "get http://www.cs.test/visits");
        shuttle.done
    };
    assert_eq!(run(), run());
}

#[test]
fn idle_connections_are_closed_by_whoever_tires_first() {
    let mut shuttle = department(Config::default(), None);
    shuttle.command(0, "get http://www.cs.test/");
    assert_eq!(shuttle.view(0).machines.len(), 2);
    shuttle.pass(Duration::from_secs(20));
    assert!(shuttle.view(0).machines.is_empty() && shuttle.view(1).machines.is_empty());
    shuttle.command(0, "get http://www.cs.test/").command(0, "close");
    shuttle.settle();
    assert!(shuttle.view(0).machines.is_empty() && shuttle.view(1).machines.is_empty());
}

proptest::proptest! {
    #[test]
    fn no_answer_makes_the_client_panic(
        pieces in proptest::collection::vec(ANSWERISH, 1..12),
        fate in 0..3_u8,
    ) {
        let (mut host, conn) = asked();
        for piece in pieces {
            let bytes = piece.into_bytes();
            if !bytes.is_empty() {
                host.step(NOW, Stimulus::Data { conn, bytes: bytes.into() }).unwrap();
            }
        }
        let end = match fate {
            0 => Stimulus::Finished { conn },
            1 => Stimulus::Lost { conn, why: Loss::Reset },
            _ => Stimulus::Command("reload".to_string()),
        };
        host.step(NOW, end).unwrap();
        host.view(NOW);
    }
}

/// Pieces of answers in any order.
const ANSWERISH: &str = "HTTP/1.[01] (100|200|204|302|304|999) x\\r\\n|Content-Length: [0-9]\\r\\n|\
     Transfer-Encoding: chunked\\r\\n|Location: [/:a-z#]{0,9}\\r\\n|Set-Cookie: [a=;]{0,5}\\r\\n|\
     Connection: close\\r\\n|\\r\\n|[0-9]\\r\\n|[ -~]{0,5}|\\PC{0,3}";
