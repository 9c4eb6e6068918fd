//! Responses that break a rule or bend it: what a client makes of them.

mod http_common;

use http_common::{any_cut, marked, reader, run, run_to_end};
use protocols::http::{Event, Role, State};

#[test]
fn what_a_client_refuses_and_at_which_byte() {
    let ok = "HTTP/1.1 200 OK\r\n";
    for (text, rule) in [
        ("⟦Hello⟧\r\n".to_string(), "http.status-line"),
        ("⟦HTTP/1.1⟧\r\n".into(), "http.status-line"),
        ("⟦ICY⟧ 200 OK\r\n".into(), "http.version"),
        ("⟦HTTP/2.0⟧ 200 OK\r\n".into(), "http.version"),
        ("HTTP/1.1 ⟦20⟧ OK\r\n".into(), "http.status-code"),
        ("HTTP/1.1 ⟦2000⟧ OK\r\n".into(), "http.status-code"),
        ("HTTP/1.1 ⟦099⟧ OK\r\n".into(), "http.status-code"),
        ("HTTP/1.1 ⟦+20⟧ OK\r\n".into(), "http.status-code"),
        ("HTTP/1.1 200 O⟦\0⟧K\r\n".into(), "http.control-character"),
        ("HTTP/1.1 200 OK⟦\n⟧\n".into(), "http.bare-lf"),
        (format!("{ok}A⟦ ⟧: b\r\n\r\n"), "http.no-space-before-colon"),
        (format!("{ok}⟦ ⟧A: b\r\n\r\n"), "http.space-before-first-field"),
        (format!("{ok}Content-Length: ⟦5, 6⟧\r\n\r\n"), "http.lengths-differ"),
        (format!("{ok}Content-Length: ⟦five⟧\r\n\r\n"), "http.content-length"),
        (
            format!("{ok}Content-Length: ⟦5⟧\r\nTransfer-Encoding: chunked\r\n\r\n"),
            "http.length-with-coding",
        ),
        (format!("{ok}Transfer-Encoding: ⟦gzip, chunked⟧\r\n\r\n"), "http.coding-unknown"),
        (format!("{ok}Transfer-Encoding: ⟦gzip⟧\r\n\r\n"), "http.chunked-last"),
        ("HTTP/1.0 200 OK\r\nTransfer-Encoding: ⟦chunked⟧\r\n\r\n".into(), "http.coding-in-1-0"),
        (format!("{ok}Transfer-Encoding: chunked\r\n\r\n0⟦x1⟧\r\na"), "http.chunk-extension"),
        ("⟦HTTP/1.1 101 Switching Protocols⟧\r\n\r\n".into(), "http.upgrade"),
    ] {
        let (bytes, span) = marked(&text);
        let outcome = any_cut(Role::Client, &["GET"], &bytes);
        let violation = outcome.violation.expect(&text);
        assert_eq!(violation.rule.id, rule, "{text:?}: {violation}");
        assert_eq!(violation.span, span, "{text:?}: {violation}");
        assert_eq!(violation.code, 0, "a client answers nothing: {text:?}");
    }
}

#[test]
fn a_folded_field_is_read_with_one_space_for_each_fold_rfc_9112_section_5_2() {
    let bytes = b"HTTP/1.1 204 No\r\nA: b \r\n \t c\r\n\t\r\n d\r\nB: e\r\n\r\n";
    let outcome = any_cut(Role::Client, &["GET"], bytes);
    assert_eq!(outcome.violation, None);
    let Some(Event::Response(response)) = outcome.events.first() else { panic!("{outcome:?}") };
    assert_eq!(response.fields.first("A"), Some("b c d"));
    assert_eq!(response.fields.first("B"), Some("e"));
}

#[test]
fn a_reason_may_be_empty_and_so_may_the_space_before_it_rfc_9112_section_4() {
    for line in ["HTTP/1.1 204 ", "HTTP/1.1 204", "HTTP/1.1 204 \t\u{e9}"] {
        let (bytes, _) = marked(&format!("{line}\r\n\r\n"));
        assert_eq!(any_cut(Role::Client, &["GET"], &bytes).words(), ["204", "end", "closed"]);
    }
}

#[test]
fn responses_that_have_no_body_end_with_their_head_rfc_9112_section_6_3() {
    for (method, status) in [("HEAD", 200), ("HEAD", 404), ("GET", 204), ("GET", 304)] {
        for field in ["Content-Length: 5", "Transfer-Encoding: chunked", "Content-Length: x"] {
            let text = format!("HTTP/1.1 {status} Fine\r\n{field}\r\n\r\n");
            let mut client = reader(Role::Client, &[method]);
            let outcome = run(&mut client, [text.as_bytes()]);
            assert_eq!(outcome.words(), [status.to_string().as_str(), "end"], "{method} {field}");
            assert!(client.is_idle());
            let body = run(&mut client, [b"hello".as_slice()]);
            assert_eq!(body.violation.unwrap().rule.id, "http.unasked", "{method} {status}");
        }
    }
}

#[test]
fn the_body_of_a_204_is_not_taken_for_the_next_response_rfc_9112_section_9_2() {
    let text = b"HTTP/1.1 204 No Content\r\n\r\nhello\r\nHTTP/1.1 200 OK\r\n\r\n";
    let outcome = any_cut(Role::Client, &["GET", "GET"], text);
    assert_eq!(outcome.words(), ["204", "end"]);
    assert_eq!(outcome.violation.unwrap().rule.id, "http.status-line");
}

#[test]
fn interim_responses_come_before_the_final_one_rfc_9110_section_15_2() {
    let text = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n\
                 HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    let outcome = any_cut(Role::Client, &["GET"], text);
    assert_eq!(outcome.words(), ["100", "103", "200", "data ok", "end", "closed"]);
}

#[test]
fn a_body_without_length_ends_with_the_connection_rfc_9112_section_6_3() {
    for version in ["HTTP/1.0", "HTTP/1.1"] {
        let text = format!("{version} 200 OK\r\n\r\nhello\r\n\r\nHTTP/1.1 200 OK\r\n\r\n");
        let outcome = any_cut(Role::Client, &["GET", "GET"], text.as_bytes());
        let words = ["200", "data hello\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "end", "closed"];
        assert_eq!(outcome.words(), words);
    }
}

#[test]
fn a_response_cut_short_is_incomplete_rfc_9112_section_8() {
    for text in [
        "HTTP/1.1 2",
        "HTTP/1.1 200 OK\r\nA: b\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
    ] {
        let violation = any_cut(Role::Client, &["GET"], text.as_bytes()).violation.unwrap();
        assert_eq!(violation.rule.id, "http.incomplete", "{text:?}");
    }
}

#[test]
fn a_connection_closed_before_the_answer_leaves_the_request_unanswered_rfc_9112_section_9_5() {
    let mut client = reader(Role::Client, &["GET", "GET"]);
    let outcome = run_to_end(&mut client, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 1);
    assert_eq!(outcome.words(), ["200", "end", "closed"]);
    assert_eq!((client.unanswered(), client.must_close()), (1, true));
}

#[test]
fn after_close_a_client_reads_nothing_and_knows_what_to_ask_again_rfc_9112_section_9_6() {
    let mut client = reader(Role::Client, &["GET", "GET", "GET"]);
    let text = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(run(&mut client, [text.as_slice()]).words(), ["200", "end"]);
    assert_eq!((client.unanswered(), client.our_state()), (2, State::MustClose));
    let more = run(&mut client, [b"HTTP/1.1 200 OK\r\n".as_slice()]);
    assert_eq!(more.violation.unwrap().rule.id, "http.nothing-after-close");
}

#[test]
fn a_server_that_speaks_first_is_not_believed_rfc_9112_section_9_2() {
    for text in ["HTTP/1.1 200 OK\r\n\r\n", "\r\nx", "220 ftp.cs.test\r\n"] {
        let outcome = any_cut(Role::Client, &[], text.as_bytes());
        assert_eq!((outcome.events.len(), outcome.violation.unwrap().rule.id), (0, "http.unasked"));
    }
    assert_eq!(any_cut(Role::Client, &[], b"\r\n\r\n").words(), ["closed"]);
}

#[test]
fn a_response_is_read_by_the_method_that_it_answers_in_a_pipeline_rfc_9112_section_9_2() {
    let text = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab\
                 HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\
                 HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\ncd";
    let outcome = any_cut(Role::Client, &["GET", "HEAD", "GET"], text);
    let words = ["200", "data ab", "end", "200", "end", "200", "data cd", "end", "closed"];
    assert_eq!(outcome.words(), words);
}

#[test]
fn a_granted_connect_is_a_tunnel_and_a_refused_one_is_not_rfc_9110_section_9_3_6() {
    let granted = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n\x16\x03\0";
    let outcome = any_cut(Role::Client, &["CONNECT"], granted);
    assert_eq!(outcome.words(), ["200", "data \u{16}\u{3}\0", "closed"]);
    let refused = b"HTTP/1.1 501 No\r\nContent-Length: 1\r\n\r\nx";
    let outcome = any_cut(Role::Client, &["CONNECT"], refused);
    assert_eq!(outcome.words(), ["501", "data x", "end", "closed"]);
}

#[test]
fn a_violation_is_counted_from_the_start_of_the_stream_not_of_the_message() {
    let (bytes, span) =
        marked("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 ⟦2x0⟧ OK\r\n");
    let violation = any_cut(Role::Client, &["GET", "GET"], &bytes).violation.unwrap();
    assert_eq!(violation.span, span);
}

#[test]
fn interim_responses_end_somewhere_and_are_counted_for_each_request_rfc_9110_section_15_2() {
    let most = protocols::http::Limits::default().interim_max;
    let (hint, last) = ("HTTP/1.1 103 Hints\r\n\r\n", "HTTP/1.1 204 No\r\n\r\n");
    let enough = format!("{}{last}", hint.repeat(most)).repeat(2);
    let outcome = any_cut(Role::Client, &["GET", "GET"], enough.as_bytes());
    assert_eq!(outcome.violation, None);
    let outcome = any_cut(Role::Client, &["GET"], hint.repeat(most + 1).as_bytes());
    let violation = outcome.violation.unwrap();
    assert_eq!(violation.rule.id, "http.interim-limit");
    let start = hint.len() * most;
    assert_eq!((violation.span.start, violation.span.end), (start, start + hint.len()));
}
