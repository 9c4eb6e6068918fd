//! Requests that break a rule: which rule, at which byte, and what a server answers.

mod http_common;

use http_common::{any_cut, marked, reader, response, run};
use protocols::http::{Connection, Event, Limits, Role, State};

/// What is wrong (marked), the rule that it breaks, and the status to answer with.
type Row = (&'static str, &'static str, u16);

fn check(rows: &[Row]) {
    for (text, rule, code) in rows {
        let (bytes, span) = marked(text);
        let outcome = any_cut(Role::Server, &[], &bytes);
        let Some(violation) = outcome.violation else { panic!("nothing wrong with {text:?}") };
        assert_eq!(violation.rule.id, *rule, "{text:?}: {violation}");
        assert_eq!(violation.span, span, "{text:?}: {violation}");
        assert_eq!(violation.code, *code, "{text:?}");
        assert!(violation.found.ends_with('.') && !violation.legal.is_empty(), "{violation}");
    }
}

#[test]
fn request_lines_rfc_9112_section_3() {
    check(&[
        ("⟦GET /⟧\r\n", "http.request-line", 400),
        ("⟦GET⟧\r\n", "http.request-line", 400),
        ("⟦ ⟧GET / HTTP/1.1\r\n", "http.method", 400),
        ("⟦G(T⟧ / HTTP/1.1\r\n", "http.method", 400),
        ("GET ⟦ ⟧HTTP/1.1\r\n", "http.request-target", 400),
        ("GET ⟦ ⟧/ HTTP/1.1\r\n", "http.request-target", 400),
        ("GET /a⟦ ⟧b HTTP/1.1\r\n", "http.request-target", 400),
        ("GET /⟦ ⟧ HTTP/1.1\r\n", "http.request-target", 400),
        ("⟦GET\t/⟧ HTTP/1.1\r\n", "http.method", 400),
        ("GET / HTTP/1.1 ⟦\r⟧\n", "http.version", 400),
    ]);
}

#[test]
fn versions_rfc_9112_section_2_3() {
    check(&[
        ("GET / ⟦HTTP/2.0⟧\r\n", "http.version", 505),
        ("GET / ⟦HTTP/0.9⟧\r\n", "http.version", 505),
        ("PRI * ⟦HTTP/2.0⟧\r\n\r\nSM\r\n\r\n", "http.version", 505),
        ("GET / ⟦http/1.1⟧\r\n", "http.version", 400),
        ("GET / ⟦HTTP/1.10⟧\r\n", "http.version", 400),
        ("GET / ⟦HTTP/1⟧\r\n", "http.version", 400),
        ("GET / ⟦HTTPS/1.1⟧\r\n", "http.version", 400),
        ("GET / ⟦HTTP/1,1⟧\r\n", "http.version", 400),
    ]);
}

#[test]
fn a_minor_version_that_is_not_known_is_read_as_1_1_rfc_9110_section_2_5() {
    let outcome = any_cut(Role::Server, &[], b"GET / HTTP/1.7\r\nHost: x\r\n\r\n");
    assert_eq!(outcome.words(), ["GET /", "end", "closed"]);
}

#[test]
fn targets_rfc_9112_section_3_2() {
    check(&[
        ("GET ⟦index.html⟧ HTTP/1.1\r\n", "http.request-target", 400),
        ("GET ⟦*⟧ HTTP/1.1\r\n", "http.request-target", 400),
        ("GET ⟦www.cs.test:80⟧ HTTP/1.1\r\n", "http.request-target", 400),
        ("GET ⟦http://⟧ HTTP/1.1\r\n", "http.request-target", 400),
        ("GET ⟦http:///a⟧ HTTP/1.1\r\n", "http.request-target", 400),
        ("GET ⟦http://u@h/⟧ HTTP/1.1\r\n", "http.request-target", 400),
        ("CONNECT ⟦/⟧ HTTP/1.1\r\n", "http.request-target", 400),
        ("CONNECT ⟦www.cs.test⟧ HTTP/1.1\r\n", "http.request-target", 400),
        ("CONNECT ⟦:80⟧ HTTP/1.1\r\n", "http.request-target", 400),
        ("GET /a⟦#⟧b HTTP/1.1\r\n", "http.request-target", 400),
        ("GET /a⟦<⟧b HTTP/1.1\r\n", "http.request-target", 400),
        ("GET /⟦%⟧0 HTTP/1.1\r\n", "http.request-target", 400),
        ("GET /⟦ü⟧ HTTP/1.1\r\n", "http.request-target", 400),
    ]);
}

#[test]
fn the_four_forms_of_a_target_are_read_rfc_9112_section_3_2() {
    for line in [
        "GET /a?b%20c HTTP/1.1",
        "GET http://www.cs.test:8080/a?b HTTP/1.1",
        "GET http://www.cs.test HTTP/1.1",
        "GET http://[::1]/ HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "CONNECT [::1]:443 HTTP/1.1",
    ] {
        let text = format!("{line}\r\nHost: www.cs.test\r\n\r\n");
        let outcome = any_cut(Role::Server, &[], text.as_bytes());
        assert_eq!(outcome.violation, None, "{line}");
        assert_eq!(outcome.requests(), 1, "{line}");
    }
}

#[test]
fn line_ends_and_control_characters_rfc_9112_section_2_2() {
    check(&[
        ("GET / HTTP/1.1⟦\n⟧Host: x\n\n", "http.bare-lf", 400),
        ("GET / HTTP/1.1\r\nHost: x⟦\n⟧\r\n", "http.bare-lf", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\n⟦\n⟧", "http.bare-lf", 400),
        ("⟦\n⟧GET / HTTP/1.1\r\n", "http.bare-lf", 400),
        ("GET / HTTP/1.1⟦\r⟧Host: x\r\n", "http.bare-cr", 400),
        ("GET / HTTP/1.1\r\nA: b⟦\r⟧c\r\n", "http.bare-cr", 400),
        ("GET / HTTP/1.1\r\nA: b⟦\r⟧\r\n", "http.bare-cr", 400),
        ("GET /⟦\0⟧ HTTP/1.1\r\n", "http.control-character", 400),
        ("GET / HTTP/1.1\r\nA: ⟦\0⟧b\r\n", "http.control-character", 400),
        ("GET / HTTP/1.1\r\nA: ⟦\u{7f}⟧b\r\n", "http.control-character", 400),
        ("⟦\u{16}⟧\u{3}\u{1}", "http.control-character", 400),
        ("\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n⟦\r\n⟧", "http.empty-lines", 400),
    ]);
}

#[test]
fn a_few_empty_lines_before_a_request_are_skipped_rfc_9112_section_2_2() {
    let outcome = any_cut(Role::Server, &[], b"\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n\r\n");
    assert_eq!(outcome.words(), ["GET /", "end", "closed"]);
}

#[test]
fn field_lines_rfc_9112_section_5() {
    check(&[
        ("GET / HTTP/1.1\r\nHost⟦ ⟧: x\r\n", "http.no-space-before-colon", 400),
        ("GET / HTTP/1.1\r\nHost⟦ \t⟧: x\r\n", "http.no-space-before-colon", 400),
        ("GET / HTTP/1.1\r\n⟦:⟧ x\r\n", "http.field-name", 400),
        ("GET / HTTP/1.1\r\n⟦A(b⟧: x\r\n", "http.field-name", 400),
        ("GET / HTTP/1.1\r\n⟦Aü⟧: x\r\n", "http.field-name", 400),
        ("GET / HTTP/1.1\r\n⟦Host⟧\r\n", "http.field-line", 400),
        ("GET / HTTP/1.1\r\n⟦ ⟧Host: x\r\n", "http.space-before-first-field", 400),
        ("GET / HTTP/1.1\r\nA: b\r\n⟦ \t⟧c\r\n", "http.obs-fold", 400),
        ("GET / HTTP/1.1\r\nA: b\r\n⟦ ⟧\r\n", "http.obs-fold", 400),
    ]);
}

#[test]
fn host_rfc_9112_section_3_2() {
    check(&[
        ("⟦GET / HTTP/1.1⟧\r\n\r\n", "http.host-required", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: ⟦a⟧\r\n\r\n", "http.host-once", 400),
        ("GET / HTTP/1.0\r\nHost: a\r\nhost: ⟦b⟧\r\n\r\n", "http.host-once", 400),
        ("GET / HTTP/1.1\r\nHost: ⟦a b⟧\r\n\r\n", "http.host-once", 400),
        ("GET / HTTP/1.1\r\nHost: ⟦a/b⟧\r\n\r\n", "http.host-once", 400),
        ("GET / HTTP/1.1\r\nHost: ⟦a:b⟧\r\n\r\n", "http.host-once", 400),
        ("GET / HTTP/1.1\r\nHost: ⟦u@a⟧\r\n\r\n", "http.host-once", 400),
        ("GET / HTTP/1.1\r\nHost: ⟦[::g]⟧\r\n\r\n", "http.host-once", 400),
        ("GET / HTTP/1.1\r\nHost: ⟦a:1:2⟧\r\n\r\n", "http.host-once", 400),
        ("GET / HTTP/1.1\r\nHost: ⟦ü⟧\r\n\r\n", "http.host-once", 400),
    ]);
}

#[test]
fn host_may_be_empty_or_an_address_and_is_not_needed_in_1_0_rfc_9110_section_7_2() {
    for head in [
        "GET / HTTP/1.1\r\nHost:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
    ] {
        let outcome = any_cut(Role::Server, &[], head.as_bytes());
        assert_eq!(outcome.words(), ["GET /", "end", "closed"], "{head:?}");
    }
}

#[test]
fn content_lengths_rfc_9112_section_6_3() {
    let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ";
    let mut rows: Vec<(String, &str, u16)> = Vec::new();
    for bad in ["+5", "-5", "5 5", "0x5", "5a", "5,", ",5", "5.0", "\"5\"", "5;6", "5,a", "\u{b2}"]
    {
        rows.push((format!("{head}⟦{bad}⟧\r\n\r\n12345"), "http.content-length", 400));
    }
    rows.push((format!("{head}⟦\r⟧\n\r\n12345"), "http.content-length", 400));
    let differ = "http.lengths-differ";
    rows.push((format!("{head}⟦5,6⟧\r\n\r\n12345"), differ, 400));
    rows.push((format!("{head}5\r\ncontent-length: ⟦6⟧\r\n\r\n12345"), differ, 400));
    let limit = "http.content-limit";
    rows.push((format!("{head}⟦99999999⟧\r\n\r\n"), limit, 413));
    rows.push((format!("{head}⟦18446744073709551616⟧\r\n\r\n"), limit, 413));
    rows.push((format!("{head}⟦99999999999999999999999999999999⟧\r\n\r\n"), limit, 413));
    for (text, rule, code) in &rows {
        let (bytes, span) = marked(text);
        let violation = any_cut(Role::Server, &[], &bytes).violation.expect(text);
        let span_is_there =
            if span.is_empty() { violation.span.is_empty() } else { violation.span == span };
        assert!(span_is_there, "{text:?}: {violation:?}");
        assert_eq!((violation.rule.id, violation.code), (*rule, *code), "{text:?}");
    }
}

#[test]
fn a_content_length_said_twice_alike_counts_once_rfc_9112_section_6_3() {
    for twice in ["Content-Length: 5, 5", "Content-Length: 5\r\nContent-Length: 05"] {
        let text = format!("POST / HTTP/1.1\r\nHost: x\r\n{twice}\r\n\r\nhello");
        let outcome = any_cut(Role::Server, &[], text.as_bytes());
        assert_eq!(outcome.words(), ["POST /", "data hello", "end", "closed"], "{twice}");
    }
}

#[test]
fn transfer_codings_rfc_9112_section_6_1() {
    let row = |version: &str, fields: &str, rule: &'static str, code: u16| {
        let text = format!("POST / HTTP/{version}\r\nHost: x\r\n{fields}\r\n\r\n0\r\n\r\n");
        let (bytes, span) = marked(&text);
        let violation = any_cut(Role::Server, &[], &bytes).violation.expect(&text);
        assert_eq!((violation.rule.id, violation.code), (rule, code), "{text:?}");
        assert_eq!(violation.span, span, "{text:?}");
    };
    let (both, last) = ("http.length-with-coding", "http.chunked-last");
    row("1.1", "Transfer-Encoding: chunked\r\nContent-Length: ⟦5⟧", both, 400);
    row("1.1", "Content-Length: ⟦0⟧\r\nTransfer-Encoding: chunked", both, 400);
    row("1.1", "Content-Length: ⟦x⟧\r\nTransfer-Encoding: identity", both, 400);
    row("1.1", "Transfer-Encoding: ⟦chunked, gzip⟧", last, 400);
    row("1.1", "Transfer-Encoding: ⟦gzip⟧", last, 400);
    row("1.1", "Transfer-Encoding: ⟦identity⟧", last, 400);
    row("1.1", "Transfer-Encoding: ⟦xchunked⟧", last, 400);
    row("1.1", "Transfer-Encoding: ⟦chunked, chunked⟧", last, 400);
    row("1.1", "Transfer-Encoding: ⟦chunked⟧\r\nTransfer-Encoding: chunked", last, 400);
    row("1.1", "Transfer-Encoding: ⟦chunked;q=1⟧", last, 400);
    row("1.1", "Transfer-Encoding: ⟦\"chunked\"⟧", last, 400);
    row("1.1", "Transfer-Encoding: ⟦chunked\u{a0}⟧", last, 400);
    row("1.1", "Transfer-Encoding: ⟦,⟧", last, 400);
    row("1.1", "Transfer-Encoding: ⟦gzip, chunked⟧", "http.coding-unknown", 501);
    row("1.0", "Transfer-Encoding: ⟦chunked⟧", "http.coding-in-1-0", 400);
}

#[test]
fn chunks_rfc_9112_section_7_1() {
    let head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n";
    let row = |body: &str, rule: &'static str, code: u16| {
        let (bytes, span) = marked(&format!("{head}{body}"));
        let violation = any_cut(Role::Server, &[], &bytes).violation.expect(body);
        assert_eq!((violation.rule.id, violation.code), (rule, code), "{body:?}: {violation}");
        assert_eq!(violation.span, span, "{body:?}: {violation}");
    };
    row("⟦x⟧\r\n", "http.chunk-size", 400);
    row("⟦\r⟧\n", "http.chunk-size", 400);
    row("⟦ 5⟧\r\n", "http.chunk-size", 400);
    row("⟦-1⟧\r\n", "http.chunk-size", 400);
    row("⟦+5⟧\r\n", "http.chunk-size", 400);
    row("0⟦x5⟧\r\n", "http.chunk-extension", 400);
    row("5⟦ ⟧\r\n", "http.chunk-extension", 400);
    row("5⟦,a⟧\r\n", "http.chunk-extension", 400);
    row("5⟦;⟧\r\n", "http.chunk-extension", 400);
    row("5⟦;a=⟧\r\n", "http.chunk-extension", 400);
    row("5⟦;a=\"b⟧\r\n", "http.chunk-extension", 400);
    row("5⟦\n⟧hello\r\n", "http.bare-lf", 400);
    row("5;a=⟦\r⟧b\r\n", "http.bare-cr", 400);
    row("⟦10000000000000000⟧\r\n", "http.chunk-size-limit", 400);
    row("⟦fffffffffffffffff⟧\r\n", "http.chunk-size-limit", 400);
    row("⟦ffffffffffffffff⟧\r\n", "http.content-limit", 413);
    row("5\r\nhello\r\n⟦ffffff⟧\r\n", "http.content-limit", 413);
    row("5\r\nhello⟦1⟧", "http.chunked", 400);
    row("5\r\nhello\r⟦1⟧", "http.chunked", 400);
    row("5\r\nhello⟦\n⟧", "http.chunked", 400);
    row("0\r\nA⟦ ⟧: b\r\n", "http.no-space-before-colon", 400);
    row("0\r\n⟦ ⟧A: b\r\n", "http.space-before-first-field", 400);
    let long = format!("5;a=⟦{}⟧b\r\n", "a".repeat(1_020));
    let (bytes, span) = marked(&format!("{head}{long}"));
    let violation = any_cut(Role::Server, &[], &bytes).violation.unwrap();
    assert_eq!(violation.rule.id, "http.chunk-extension-limit");
    assert_eq!(violation.span.end, span.end);
}

#[test]
fn legal_chunks_are_read_however_odd_they_look_rfc_9112_section_7_1_1() {
    let head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    for body in [
        "5\r\nhello\r\n0\r\n\r\n",
        "00000000000000000005;a;b=c ; d=\"e\\\" f\"\r\nhello\r\n000;x\r\n\r\n",
        "2\r\nhe\r\n3\r\nllo\r\n0\r\nDigest: 1\r\n\r\n",
    ] {
        let outcome = any_cut(Role::Server, &[], format!("{head}{body}").as_bytes());
        assert_eq!(outcome.violation, None, "{body:?}");
        assert_eq!(outcome.words()[1], "data hello", "{body:?}");
    }
}

#[test]
fn limits_rfc_9112_section_3_and_rfc_9110_section_5_4() {
    let row = |text: String, rule: &'static str, code: u16| {
        let violation = any_cut(Role::Server, &[], text.as_bytes()).violation.unwrap();
        assert_eq!((violation.rule.id, violation.code), (rule, code), "{violation}");
    };
    let get = "GET / HTTP/1.1\r\nHost: x\r\n";
    row(format!("GET /{} HTTP/1.1\r\n", "a".repeat(9_000)), "http.target-limit", 414);
    row("A".repeat(9_000), "http.method-limit", 501);
    row(format!("{get}A: {}\r\n\r\n", "b".repeat(40_000)), "http.head-limit", 431);
    row(format!("{get}{}\r\n", "A: b\r\n".repeat(200)), "http.head-limit", 431);
    row(format!("{get}{}", "A: b\r\n".repeat(90_000)), "http.head-limit", 431);
}

#[test]
fn a_request_line_of_8000_bytes_is_read_rfc_9112_section_3() {
    let target = "a".repeat(8_000 - "GET / HTTP/1.1".len());
    let text = format!("GET /{target} HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(any_cut(Role::Server, &[], text.as_bytes()).requests(), 1);
}

#[test]
fn a_request_cut_short_is_incomplete_rfc_9112_section_8() {
    for text in [
        "GE",
        "GET / HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\r",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhell",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
    ] {
        let violation = any_cut(Role::Server, &[], text.as_bytes()).violation.unwrap();
        assert_eq!((violation.rule.id, violation.code), ("http.incomplete", 400), "{text:?}");
        assert_eq!(violation.span.end, text.len(), "{text:?}");
    }
}

#[test]
fn after_a_violation_a_server_answers_once_closes_and_reads_no_more() {
    let mut server = reader(Role::Server, &[]);
    let good = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    let outcome = run(&mut server, [b"GET / HTTP/1.1\r\n\r\n".as_slice(), good]);
    let violation = outcome.violation.unwrap();
    assert_eq!((server.our_state(), server.their_state()), (State::Idle, State::Error));
    let answer = server.send_whole(Event::Response(response(violation.code)), b"No.").unwrap();
    assert!(String::from_utf8_lossy(&answer).contains("Connection: close\r\n"));
    assert!(server.must_close());
    server.receive(good);
    assert_eq!(server.next_event(), Err(violation));
    assert!(server.send_whole(Event::Response(response(200)), b"").is_err());
    assert!(server.send(Event::Closed).is_ok());
}

#[test]
fn what_waits_behind_an_unanswered_request_is_bounded() {
    let limits = Limits { waiting_max: 100, ..Limits::default() };
    let mut server = Connection::new(Role::Server, limits);
    let get = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    server.receive(get);
    while server.next_event().unwrap().is_some() {}
    for _ in 0..50 {
        server.receive(get);
    }
    assert_eq!(server.waiting(), 100);
    let mut read = 0;
    let violation = loop {
        server.send_whole(Event::Response(response(200)), b"").unwrap();
        let ended = core::iter::from_fn(|| server.next_event().transpose());
        match ended.collect::<Result<Vec<_>, _>>() {
            Ok(events) => read += events.len() / 2,
            Err(violation) => break violation,
        }
    };
    assert_eq!((read, violation.rule.id, violation.code), (3, "http.waiting-limit", 503));
}

#[test]
fn chunk_extensions_are_limited_in_total_and_not_only_line_by_line_rfc_9112_section_7_1_1() {
    let most = protocols::http::Limits::default().chunk_extensions_max;
    let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    let extension = format!(";{}", "x".repeat(1_000));
    let chunks = |n: usize| format!("{head}{}", format!("1{extension}\r\nx\r\n").repeat(n));
    let enough = most / extension.len();
    let outcome = any_cut(Role::Server, &[], chunks(enough).as_bytes());
    assert_eq!(outcome.violation.map(|v| v.rule.id), Some("http.incomplete"));
    let outcome = any_cut(Role::Server, &[], chunks(enough + 1).as_bytes());
    assert_eq!(outcome.violation.map(|v| v.rule.id), Some("http.chunk-extension-limit"));
}
