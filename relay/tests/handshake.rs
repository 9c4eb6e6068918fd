//! Who may open a session, and what the relay answers to those who may not.

mod common;

use std::time::{Duration, Instant};

use common::{Client, eventually, raw, request, settings, start};
use relay::{Relay, Settings, Token};
use relay_wire::{Event, SUBPROTOCOL, Session};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Error;

#[tokio::test]
async fn host_is_checked_first_then_origin() {
    let mut settings = settings();
    settings.hosts = vec!["lab.localhost:8443".into()];
    settings.origins = vec!["https://lab.localhost".into()];
    let lab = start(settings).await;
    let port = lab.address.port();
    let own = format!("127.0.0.1:{port}");
    let home = format!("http://{own}");
    let page = format!("http://localhost:{port}");
    let cases: &[(&str, Option<&str>, u16)] = &[
        (&own, Some(&home), 101),
        (&format!("localhost:{port}"), Some(&page), 101),
        (&format!("LOCALHOST:{port}"), Some(&page), 101),
        ("lab.localhost:8443", Some("https://lab.localhost"), 101),
        (&own, Some("https://lab.localhost"), 101),
        // Names that are not the relay's: DNS rebinding.
        ("evil.example", Some(&home), 403),
        (&format!("evil.example:{port}"), Some(&home), 403),
        (&format!("localhost.evil.example:{port}"), Some(&home), 403),
        ("127.0.0.1", Some(&home), 403),
        ("localhost", Some(&home), 403),
        (&format!("127.0.0.2:{port}"), Some(&home), 403),
        (&format!("[::2]:{port}"), Some(&home), 403),
        ("", Some(&home), 403),
        // Pages that are not the relay's.
        (&own, None, 403),
        (&own, Some("null"), 403),
        (&own, Some(""), 403),
        (&own, Some("http://evil.example"), 403),
        (&own, Some("http://127.0.0.1"), 403),
        (&own, Some(&format!("https://{own}")), 403),
        (&own, Some(&format!("http://evil.example/{own}")), 403),
        (&own, Some(&format!("{home}.evil.example")), 403),
        (&own, Some(&format!("{home}/")), 403),
        (&own, Some("http://localhost:1"), 403),
        (&own, Some("file://"), 403),
        (&own, Some("chrome-extension://abcdefgh"), 403),
        (&own, Some("https://lab.localhost.evil.example"), 403),
        (&own, Some("http://lab.localhost"), 403),
    ];
    for (host, origin, status) in cases {
        let mut request = request(lab.address);
        let headers = request.headers_mut();
        headers.insert("host", host.parse().unwrap());
        match origin {
            Some(origin) => headers.insert("origin", origin.parse().unwrap()),
            None => headers.remove("origin"),
        };
        let got = match connect_async(request).await {
            Ok((_, response)) => response.status().as_u16(),
            Err(Error::Http(response)) => {
                let body = response.body().clone().unwrap_or_default();
                assert!(body.ends_with(b"."), "a refusal is a sentence");
                response.status().as_u16()
            }
            Err(other) => panic!("{other}"),
        };
        assert_eq!(got, *status, "host {host:?}, origin {origin:?}");
    }
}

#[tokio::test]
async fn two_hosts_two_origins_or_a_foreign_absolute_target_are_refused() {
    let lab = start(settings()).await;
    let own = lab.address;
    for head in [
        format!("GET / HTTP/1.1\r\nHost: {own}\r\nHost: evil.example\r\n"),
        format!("GET http://evil.example/ HTTP/1.1\r\nHost: {own}\r\n"),
        format!("GET / HTTP/1.0\r\nX: {own}\r\n"),
        format!("GET /ws HTTP/1.1\r\nHost: {own}\r\nOrigin: http://{own}\r\nOrigin: null\r\n"),
    ] {
        let answer = raw(own, &format!("{head}Connection: close\r\n\r\n")).await;
        let status = answer.split(' ').nth(1).unwrap_or_default();
        assert!(matches!(status, "400" | "403"), "{head}{answer}");
    }
}

#[tokio::test]
async fn the_subprotocol_has_to_be_named_and_is_named_back() {
    let lab = start(settings()).await;
    let (_, response) = connect_async(request(lab.address)).await.unwrap();
    assert_eq!(response.headers()["sec-websocket-protocol"], SUBPROTOCOL);
    for wrong in ["wirelab.relay.v2", "chat"] {
        let mut request = request(lab.address);
        request.headers_mut().insert("sec-websocket-protocol", wrong.parse().unwrap());
        let Err(Error::Http(response)) = connect_async(request).await else { panic!("{wrong}") };
        assert_eq!(response.status(), 400);
    }
}

#[tokio::test]
async fn a_program_without_origin_needs_the_token() {
    let mut settings = settings();
    let token = "0123456789abcdefghijkl";
    settings.token = Some(Token::new(token).unwrap());
    let lab = start(settings).await;
    let program = || {
        let mut request = request(lab.address);
        request.headers_mut().remove("origin");
        request
    };
    let mut client = Client::handshake(program(), Session::client(token)).await;
    assert!(matches!(client.event().await, Event::Hello(_)));
    for wrong in ["", "0123456789abcdefghijkm", "0123456789abcdefghijkl0"] {
        let mut client = Client::handshake(program(), Session::client(wrong)).await;
        client.flush().await;
        assert_eq!(client.closed().await.0, 4401, "{wrong:?}");
        assert_eq!(client.session.peer(), None, "nothing is said to a stranger");
    }
    // A foreign page stays out, whatever it knows.
    let mut foreign = request(lab.address);
    foreign.headers_mut().insert("origin", "http://evil.example".parse().unwrap());
    assert!(connect_async(foreign).await.is_err());
}

#[tokio::test]
async fn whoever_speaks_another_language_is_told_and_sent_away() {
    let lab = start(settings()).await;
    let mut client = Client::handshake(request(lab.address), Session::client("")).await;
    // Not the HELLO that has to come first.
    let ping = [0x10, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];
    send(&mut client, &ping).await;
    assert_eq!(client.closed().await, (1002, "The first frame has to be HELLO.".into()));
    assert!(matches!(client.session.next_event(), Some(Event::GoAway(_))), "GOAWAY comes first");
}

#[tokio::test]
async fn whoever_says_nothing_is_not_waited_for() {
    let mut settings = settings();
    settings.limits.hello_time = Duration::from_millis(100);
    let lab = start(settings).await;
    let mut client = Client::handshake(request(lab.address), Session::client("")).await;
    assert_eq!(client.closed().await.0, 4408);
}

#[tokio::test]
async fn a_head_that_trickles_in_is_cut_off() {
    let mut settings = settings();
    settings.limits.head_time = Duration::from_millis(300);
    let lab = start(settings).await;
    let mut stream = TcpStream::connect(lab.address).await.unwrap();
    let start = Instant::now();
    let trickle = async {
        loop {
            let sent = stream.write_all(b"GET / HTTP/1.1\r\nX: ").await;
            let mut answer = [0; 64];
            let heard = tokio::time::timeout(Duration::from_millis(50), stream.read(&mut answer));
            if sent.is_err() || matches!(heard.await, Ok(Ok(0) | Err(_))) {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), trickle).await.expect("the relay hangs up");
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_head_of_64_kib_is_refused() {
    let lab = start(settings()).await;
    let field = format!("X: {}\r\n", "a".repeat(64 * 1024));
    let answer = raw(lab.address, &format!("GET / HTTP/1.1\r\n{field}\r\n")).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn more_sessions_than_allowed_are_told_to_come_later() {
    let mut settings = settings();
    settings.limits.sessions = 2;
    let lab = start(settings).await;
    let _first = Client::connect(lab.address).await;
    let _second = Client::connect(lab.address).await;
    let Err(Error::Http(response)) = connect_async(request(lab.address)).await else {
        panic!("a third session")
    };
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "5");
}

#[test]
fn a_relay_open_to_others_does_not_start_without_its_protections() {
    let mut settings = Settings::new("0.0.0.0:0".parse().unwrap());
    settings.policy = relay::policy::Policy::new(relay::policy::Profile::Local);
    let refusal = Relay::bind(settings).err().expect("it must not start").to_string();
    for flag in ["--behind-proxy", "--token", "--origin", "--host", "--profile", "--allow"] {
        assert!(refusal.contains(flag), "{refusal}");
    }
}

/// A proxy on this machine connects from loopback, and so do all whom it lets in.
#[test]
fn a_relay_on_loopback_that_others_reach_by_a_proxy_or_a_name_needs_the_same_protections() {
    type Opening = (&'static str, fn(&mut Settings));
    let openings: [Opening; 5] = [
        ("--behind-proxy", |settings| settings.behind_proxy = true),
        ("--host", |settings| settings.hosts = vec!["lab.example".into()]),
        ("--host", |settings| settings.hosts = vec!["192.168.1.5:8080".into()]),
        ("--origin", |settings| settings.origins = vec!["https://lab.example".into()]),
        ("--origin", |settings| settings.origins = vec!["http://localhost.example:80".into()]),
    ];
    for (given, open) in openings {
        let mut settings = settings();
        open(&mut settings);
        let refusal = Relay::bind(settings).err().expect("it must not start").to_string();
        assert!(refusal.starts_with("Other machines"), "{given}: {refusal}");
        for flag in ["--token", "--profile", "--allow"] {
            assert!(refusal.contains(flag), "{given}: {refusal}");
        }
        assert!(!refusal.contains(&format!("  {given} ")), "{given} is there: {refusal}");
    }
}

#[tokio::test]
async fn behind_a_proxy_a_page_needs_the_token_whatever_its_origin_is() {
    let token = "0123456789abcdefghijkl";
    let mut settings = Settings::new("127.0.0.1:0".parse().unwrap());
    settings.behind_proxy = true;
    settings.hosts = vec!["lab.example".into()];
    settings.origins = vec!["https://lab.example".into()];
    settings.policy.allow("192.0.2.80:80".parse().unwrap());
    settings.token = Some(Token::new(token).unwrap());
    let lab = start(settings).await;
    for (origin, shown, let_in) in [
        ("https://lab.example".to_owned(), token, true),
        ("https://lab.example".to_owned(), "", false),
        (format!("http://{}", lab.address), "", false),
    ] {
        let mut page = request(lab.address);
        page.headers_mut().insert("origin", origin.parse().unwrap());
        let mut client = Client::handshake(page, Session::client(shown)).await;
        client.flush().await;
        if let_in {
            assert!(matches!(client.event().await, Event::Hello(_)));
        } else {
            assert_eq!(client.closed().await.0, 4401, "{origin}");
        }
    }
}

/// Whoever runs a program on this machine can write any Origin.
#[tokio::test]
async fn a_program_that_writes_the_relays_own_origin_needs_the_token_too() {
    let mut settings = settings();
    settings.token = Some(Token::new("0123456789abcdefghijkl").unwrap());
    let lab = start(settings).await;
    let mut client = Client::handshake(request(lab.address), Session::client("")).await;
    client.flush().await;
    assert_eq!(client.closed().await.0, 4401);
}

/// Sessions are counted before the answer to the handshake goes out. All requests lie in their
/// sockets before the relay has its first turn.
#[tokio::test]
async fn a_burst_of_handshakes_gets_no_more_sessions_than_there_are() {
    let mut settings = settings();
    settings.limits.sessions = 4;
    let lab = start(settings).await;
    let own = lab.address;
    let head = format!(
        "GET /ws HTTP/1.1\r\nHost: {own}\r\nOrigin: http://{own}\r\nUpgrade: websocket\r\n\
         Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: {SUBPROTOCOL}\r\n\r\n"
    );
    let burst = (0..40).map(|_| {
        let mut stream = std::net::TcpStream::connect(own).unwrap();
        std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
        stream.set_nonblocking(true).unwrap();
        TcpStream::from_std(stream).unwrap()
    });
    let mut told = std::collections::BTreeMap::new();
    let mut kept = Vec::new();
    for mut stream in burst.collect::<Vec<_>>() {
        let mut status = [0; 12];
        stream.read_exact(&mut status).await.unwrap();
        *told.entry(String::from_utf8_lossy(&status[9..]).into_owned()).or_insert(0) += 1;
        kept.push(stream);
    }
    assert_eq!(told, [("101".to_owned(), 4), ("503".to_owned(), 36)].into());
    drop(kept);
    let sessions = lab.gauges.sessions.clone();
    eventually("room for the next", || sessions.value() == 0).await;
    Client::connect(own).await;
}

#[tokio::test]
async fn connections_beyond_the_limit_are_told_when_to_come_back() {
    let mut settings = settings();
    settings.limits.sessions = 1;
    settings.limits.spare_connections = 1;
    let lab = start(settings).await;
    let connect = || TcpStream::connect(lab.address);
    let kept = [connect().await.unwrap(), connect().await.unwrap()];
    let connections = lab.gauges.connections.clone();
    eventually("two connections", || connections.value() == 2).await;
    let head = format!("GET /readyz HTTP/1.1\r\nHost: {}\r\n\r\n", lab.address);
    let answer = raw(lab.address, &head).await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains("retry-after: 5\r\n") && answer.ends_with('.'), "{answer}");
    // So many that not even their requests are waited for.
    let mut crowd = Vec::new();
    for _ in 0..80 {
        crowd.push(connect().await.unwrap());
    }
    eventually("a crowd", || connections.value() >= 60).await;
    let mut last = connect().await.unwrap();
    let mut answer = String::new();
    last.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("Retry-After: 5"), "{answer}");
    drop((crowd, kept));
    eventually("room", || connections.value() == 0).await;
    assert!(
        raw(lab.address, &head.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))
            .await
            .starts_with("HTTP/1.1 200 ")
    );
}

#[test]
fn more_sessions_mean_more_connections() {
    let limits = relay::Limits { sessions: 5000, ..relay::Limits::default() };
    assert!(limits.connections() >= 5000 + 1024, "{}", limits.connections());
}

async fn send(client: &mut Client, bytes: &[u8]) {
    use futures_util::SinkExt;
    use tokio_tungstenite::tungstenite::Message;
    client.ws.send(Message::Binary(bytes.to_vec().into())).await.unwrap();
}
