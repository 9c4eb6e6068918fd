//! Whole exchanges: framing that `send` chooses, connections that go on or end, and what the
//! machine will not let us say.

mod http_common;

use bytes::Bytes;
use http_common::{reader, request, response, word};
use protocols::http::{Connection, Event, Fields, Limits, Request, Response, Role, State, Version};

fn server_asked(text: &str) -> Connection {
    let mut server = reader(Role::Server, &[]);
    server.receive(text.as_bytes());
    while server.next_event().unwrap().is_some() {}
    server
}

fn with(mut response: Response, name: &str, value: &str) -> Event {
    response.fields.push(name, value);
    Event::Response(response)
}

fn asking(method: &str, version: Version, fields: Fields) -> Event {
    Event::Request(Request { method: method.into(), target: "/".into(), version, fields })
}

fn text(bytes: &Bytes) -> &str {
    core::str::from_utf8(bytes).unwrap()
}

/// Everything that a machine has to say about some bytes.
fn hear(machine: &mut Connection, bytes: &[u8]) -> Vec<String> {
    machine.receive(bytes);
    let mut words = Vec::new();
    while let Some(event) = machine.next_event().unwrap() {
        words.push(word(&event));
    }
    words
}

/// A request, the head of its answer, how that is framed, and whether the connection goes on.
#[test]
fn send_frames_a_response_by_what_its_reader_understands() {
    let (old, new) = ("GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    let kept = "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n";
    let last = "GET / HTTP/1.1\r\nHost: x\r\nConnection: a, Close\r\n\r\n";
    let head = "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n";
    let chunked = "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
    for (asked, length, framed, goes_on) in [
        (new, None, chunked.to_string(), true),
        (new, Some("2"), "Content-Length: 2\r\n\r\nok".into(), true),
        (last, None, chunked.replace("\r\n\r\n2", "\r\nConnection: close\r\n\r\n2"), false),
        (last, Some("2"), "Content-Length: 2\r\nConnection: close\r\n\r\nok".into(), false),
        (old, None, "Connection: close\r\n\r\nok".into(), false),
        (old, Some("2"), "Content-Length: 2\r\nConnection: close\r\n\r\nok".into(), false),
        (kept, None, "Connection: close\r\n\r\nok".into(), false),
        (kept, Some("2"), "Content-Length: 2\r\nConnection: keep-alive\r\n\r\nok".into(), true),
        (head, None, "\r\n".into(), true),
        (head, Some("2"), "Content-Length: 2\r\n\r\n".into(), true),
    ] {
        let mut server = server_asked(asked);
        let answer = match length {
            Some(length) => with(response(200), "Content-Length", length),
            None => Event::Response(response(200)),
        };
        let mut sent = server.send(answer).unwrap().to_vec();
        sent.extend(server.send(Event::Data(Bytes::from_static(b"ok"))).unwrap());
        sent.extend(server.send(Event::end()).unwrap());
        let sent = String::from_utf8(sent).unwrap();
        assert_eq!(sent, format!("HTTP/1.1 200 Fine\r\n{framed}"), "{asked:?}");
        assert_eq!(server.our_state() == State::Idle, goes_on, "{asked:?}");
        assert_eq!(server.must_close(), !goes_on, "{asked:?}");
    }
}

#[test]
fn a_whole_message_is_framed_by_the_length_of_its_content() {
    let mut client = Connection::new(Role::Client, Limits::default());
    let sent = client.send_whole(Event::Request(request("POST", "/f")), b"a=b").unwrap();
    let expected = "POST /f HTTP/1.1\r\nHost: www.cs.test\r\nContent-Length: 3\r\n\r\na=b";
    assert_eq!(text(&sent), expected);
    assert_eq!(client.moves().len(), 4, "both sides on `request`, then data and end");

    for (asked, status, content, framed) in [
        ("GET", 200, "", "Content-Length: 0\r\n\r\n"),
        ("GET", 204, "", "\r\n"),
        ("GET", 304, "", "\r\n"),
        ("HEAD", 200, "hello", "Content-Length: 5\r\n\r\n"),
    ] {
        let mut server = server_asked(&format!("{asked} / HTTP/1.1\r\nHost: x\r\n\r\n"));
        let sent =
            server.send_whole(Event::Response(response(status)), content.as_bytes()).unwrap();
        assert_eq!(text(&sent), format!("HTTP/1.1 {status} Fine\r\n{framed}"), "{asked}");
    }
    let mut server = server_asked("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    let sent = server.send_whole(with(response(200), "Content-Length", "7"), b"").unwrap();
    assert!(text(&sent).contains("Content-Length: 7\r\n"), "{sent:?}");
}

#[test]
fn a_body_in_chunks_carries_trailers_both_ways_rfc_9112_section_7_1() {
    let mut client = Connection::new(Role::Client, Limits::default());
    let fields = Fields::new().with("Host", "x").with("Transfer-Encoding", "chunked");
    let mut sent = client.send(asking("PUT", Version::Http11, fields)).unwrap().to_vec();
    for piece in ["hello ", "", "world"] {
        sent.extend(client.send(Event::Data(Bytes::from(piece))).unwrap());
    }
    let trailers = Fields::new().with("Digest", "x");
    sent.extend(client.send(Event::End { trailers }).unwrap());
    let mut server = reader(Role::Server, &[]);
    assert_eq!(hear(&mut server, &sent), ["PUT /", "data hello ", "data world", "end with 1"]);
}

/// The limit on a trailer section is its own: content before it, however long, does not use it up.
#[test]
fn a_body_in_chunks_may_be_longer_than_any_head_rfc_9112_section_7_1_2() {
    let limits = Limits::default();
    let mut sent = b"PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let size = limits.head_max + 1;
    sent.extend(format!("{size:x}\r\n{}\r\n0\r\nA: b\r\n\r\n", "x".repeat(size)).bytes());
    let heard = hear(&mut reader(Role::Server, &[]), &sent);
    assert_eq!(heard.last().map(String::as_str), Some("end with 1"));
    let trailer = format!("A: {}", "b".repeat(limits.head_max));
    sent.truncate(sent.len() - "A: b\r\n\r\n".len());
    sent.extend(trailer.bytes());
    let mut server = reader(Role::Server, &[]);
    server.receive(&sent);
    let refused = core::iter::from_fn(|| server.next_event().transpose()).find_map(Result::err);
    assert_eq!(refused.map(|violation| violation.code), Some(431));
}

/// Who says what, in which version, and whether the client may ask again.
#[test]
fn the_client_knows_whether_the_connection_goes_on_rfc_9112_section_9_3() {
    for (said, heard, goes_on) in [
        ("", "HTTP/1.1 200 OK\r\n", true),
        ("close", "HTTP/1.1 200 OK\r\n", false),
        ("", "HTTP/1.1 200 OK\r\nConnection: close\r\n", false),
        ("", "HTTP/1.1 200 OK\r\nConnection: foo, CLOSE\r\n", false),
        ("", "HTTP/1.0 200 OK\r\n", false),
        ("", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n", true),
        ("", "HTTP/1.0 200 OK\r\nConnection: keep-alive, close\r\n", false),
    ] {
        let mut client = Connection::new(Role::Client, Limits::default());
        let mut fields = Fields::new().with("Host", "x");
        if !said.is_empty() {
            fields.push("Connection", said);
        }
        client.send_whole(asking("GET", Version::Http11, fields), b"").unwrap();
        assert_eq!(client.may_request(), said.is_empty());
        hear(&mut client, format!("{heard}Content-Length: 0\r\n\r\n").as_bytes());
        assert_eq!(client.is_idle(), goes_on, "{said:?} {heard:?}");
        assert_eq!(client.must_close(), !goes_on, "{said:?} {heard:?}");
        let again = client.send_whole(Event::Request(request("GET", "/")), b"");
        assert_eq!(again.is_ok(), goes_on, "{said:?} {heard:?}");
    }
}

#[test]
fn a_pipeline_whose_last_request_says_close_is_answered_to_its_end_rfc_9112_section_9_6() {
    let mut client = reader(Role::Client, &["GET"]);
    let fields = Fields::new().with("Host", "x").with("Connection", "close");
    client.send_whole(asking("GET", Version::Http11, fields), b"").unwrap();
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(hear(&mut client, answer), ["200", "end"]);
    assert_eq!((client.our_state(), client.unanswered()), (State::Done, 1));
    assert_eq!(hear(&mut client, answer), ["200", "end"]);
    assert!(client.must_close());
}

#[test]
fn a_client_that_expects_100_is_told_or_answered_rfc_9110_section_10_1_1() {
    let asked = "PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n";
    let mut server = server_asked(asked);
    assert!(server.their_waits_for_continue());
    let sent = server.send(Event::Interim(response(100))).unwrap();
    assert_eq!(text(&sent), "HTTP/1.1 100 Fine\r\n\r\n");
    assert!(!server.their_waits_for_continue());
    assert_eq!(hear(&mut server, b"ok"), ["data ok", "end"]);
    server.send_whole(Event::Response(response(200)), b"").unwrap();
    assert_eq!(server.our_state(), State::Idle);

    let mut server = server_asked(asked);
    assert_eq!(hear(&mut server, b"o"), ["data o"], "it did not wait");
    assert!(!server.their_waits_for_continue());

    let mut server = server_asked(asked);
    let sent = server.send_whole(Event::Response(response(413)), b"").unwrap();
    assert!(text(&sent).contains("Connection: close\r\n"), "the body may come or not: {sent:?}");
    assert!(server.must_close());
    assert!(hear(&mut server, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").is_empty());
}

#[test]
fn a_client_waits_for_100_until_it_hears_something_or_goes_on() {
    let expecting = || {
        let fields = Fields::new().with("Host", "x").with("Expect", "100-continue");
        let mut client = Connection::new(Role::Client, Limits::default());
        client.send(asking("PUT", Version::Http11, fields.with("Content-Length", "2"))).unwrap();
        assert!(client.our_waits_for_continue());
        client
    };
    let mut client = expecting();
    assert_eq!(hear(&mut client, b"HTTP/1.1 100 Continue\r\n\r\n"), ["100"]);
    assert!(!client.our_waits_for_continue());
    let mut client = expecting();
    client.send(Event::Data(Bytes::from_static(b"ok"))).unwrap();
    assert!(!client.our_waits_for_continue());
    let mut client = expecting();
    let refused = b"HTTP/1.1 417 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(hear(&mut client, refused), ["417", "end"]);
    assert!(client.must_close(), "it stops sending (RFC 9112 section 9.5)");
    assert!(client.send(Event::Data(Bytes::from_static(b"ok"))).is_err());
}

#[test]
fn an_early_answer_that_keeps_the_connection_lets_the_body_go_on() {
    let mut server = server_asked("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n");
    server.send_whole(Event::Response(response(200)), b"").unwrap();
    assert_eq!((server.our_state(), server.their_state()), (State::Done, State::SendBody));
    let next = "okGET /b HTTP/1.1\r\nHost: x\r\n\r\n";
    assert_eq!(hear(&mut server, next.as_bytes()), ["data ok", "end", "GET /b", "end"]);

    let mut client = Connection::new(Role::Client, Limits::default());
    let fields = Fields::new().with("Host", "x").with("Content-Length", "2");
    client.send(asking("PUT", Version::Http11, fields)).unwrap();
    hear(&mut client, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    client.send(Event::Data(Bytes::from_static(b"ok"))).unwrap();
    client.send(Event::end()).unwrap();
    assert!(client.is_idle());
}

#[test]
fn a_half_closed_client_is_still_answered_rfc_9112_section_9_6() {
    let mut server =
        server_asked("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    server.receive_end();
    assert_eq!(server.next_event(), Ok(None), "another request is to be read first");
    server.send_whole(Event::Response(response(200)), b"").unwrap();
    assert_eq!(hear(&mut server, b""), ["GET /b", "end", "closed"]);
    let sent = server.send_whole(Event::Response(response(200)), b"").unwrap();
    assert!(text(&sent).contains("Connection: close"));
    assert!(server.must_close());
}

#[test]
fn an_idle_server_may_give_up_with_408_and_close_rfc_9110_section_15_5_9() {
    let mut server = reader(Role::Server, &[]);
    server.receive(b"GET / HT");
    assert_eq!(server.next_event(), Ok(None));
    let sent = server.send_whole(Event::Response(response(408)), b"").unwrap();
    assert!(text(&sent).contains("Connection: close"));
    assert!(server.must_close());
    assert!(hear(&mut server, b"TP/1.1\r\nHost: x\r\n\r\n").is_empty());
}

/// What we may not say, and the rule that forbids it.
#[test]
fn what_may_not_be_sent_is_a_misuse_and_changes_nothing() {
    let get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    let data = || Event::Data(Bytes::from_static(b"hello"));
    let trailers = || Event::End { trailers: Fields::new().with("A", "b") };
    let server = |before: &[Event]| {
        let mut server = server_asked(get);
        for event in before {
            server.send(event.clone()).unwrap();
        }
        server
    };
    let client = || Connection::new(Role::Client, Limits::default());
    let host = |name: &str, value: &str| {
        asking("GET", Version::Http11, Fields::new().with("Host", "x").with(name, value))
    };
    let of_length = |length| with(response(200), "Content-Length", length);
    for (mut machine, event, rule) in [
        (server(&[]), data(), "http.interim"),
        (server(&[]), Event::Request(request("GET", "/")), "http.message"),
        (server(&[]), Event::Response(response(100)), "http.interim"),
        (server(&[]), Event::Interim(response(200)), "http.interim"),
        (server(&[]), Event::Interim(response(101)), "http.interim"),
        (server(&[]), with(response(204), "Content-Length", "0"), "http.no-body"),
        (server(&[]), of_length("+5"), "http.content-length"),
        (server(&[]), of_length("5, 6"), "http.lengths-differ"),
        (server(&[]), with(response(200), "A", "b\r\nC: d"), "http.field-value"),
        (server(&[]), with(response(200), "A", "\u{2192}"), "http.field-value"),
        (server(&[]), with(response(200), "A b", "c"), "http.field-name"),
        (server(&[]), Event::Response(response(99)), "http.interim"),
        (server(&[]), Event::Response(response(1000)), "http.status-code"),
        (server(&[of_length("4")]), data(), "http.length-kept"),
        (server(&[of_length("6"), data()]), Event::end(), "http.length-kept"),
        (server(&[of_length("5"), data()]), trailers(), "http.trailers"),
        (server(&[Event::Response(response(304))]), data(), "http.no-body"),
        (server(&[Event::Response(response(200))]), Event::Response(response(200)), "http.body"),
        (client(), data(), "http.request-line"),
        (client(), Event::Response(response(200)), "http.message"),
        (client(), asking("GET", Version::Http11, Fields::new()), "http.host-required"),
        (client(), host("host", "y"), "http.host-once"),
        (client(), asking("G T", Version::Http11, Fields::new()), "http.method"),
        (client(), Event::Request(request("GET", "/a b")), "http.request-target"),
        (client(), Event::Request(request("GET", "*")), "http.request-target"),
        (client(), Event::Request(request("GET", "")), "http.request-target"),
        (client(), host("Transfer-Encoding", "gzip"), "http.chunked-last"),
    ] {
        let (before, state) = (machine.our_position(""), machine.our_state());
        let misuse = machine.send(event.clone()).expect_err(&format!("{event:?}"));
        assert_eq!(misuse.rule.id, rule, "{event:?}: {misuse}");
        assert_eq!((machine.our_position(""), machine.our_state()), (before, state));
        assert!(machine.moves().is_empty());
    }
}

#[test]
fn a_server_opens_no_tunnel_and_sends_no_chunks_to_http_1_0() {
    let mut server = server_asked("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n");
    let misuse = server.send(Event::Response(response(200))).unwrap_err();
    assert_eq!(misuse.rule.id, "http.connect");
    assert!(server.send_whole(Event::Response(response(501)), b"").is_ok());

    let mut server = server_asked("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    let misuse = server.send(with(response(200), "Transfer-Encoding", "chunked")).unwrap_err();
    assert_eq!(misuse.rule.id, "http.coding-in-1-0");
    assert_eq!(server.send(Event::Interim(response(103))).unwrap_err().rule.id, "http.interim");
}

#[test]
fn nothing_is_pipelined_behind_an_offer_to_leave_http_rfc_9110_section_7_8() {
    let mut client = Connection::new(Role::Client, Limits::default());
    let fields = Fields::new().with("Host", "x").with("Upgrade", "websocket");
    client.send_whole(asking("GET", Version::Http11, fields), b"").unwrap();
    let next = client.send(Event::Request(request("GET", "/"))).unwrap_err();
    assert_eq!(next.rule.id, "http.upgrade");
    let granted = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\0";
    assert_eq!(hear(&mut client, granted), ["101", "data \u{fffd}\0"]);
    assert_eq!(client.our_state(), State::Switched);
    assert_eq!(client.send(Event::Data(Bytes::from_static(b"raw"))).unwrap(), "raw");
}
