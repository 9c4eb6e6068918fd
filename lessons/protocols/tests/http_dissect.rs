//! Conversations read back: every byte in one message, whatever is in them and however it was cut.

use bytes::Bytes;
use protocols::http::{HTTP, dissect};
use protocols::wire::{Chunk, Message, Side};

fn ask(text: &str) -> Chunk {
    Chunk { side: Side::Initiator, bytes: Bytes::copy_from_slice(text.as_bytes()) }
}

fn answer(text: &str) -> Chunk {
    Chunk { side: Side::Responder, bytes: Bytes::copy_from_slice(text.as_bytes()) }
}

/// What a message is in one line: side, title, detail, and what is wrong or missing.
fn line(message: &Message) -> String {
    let arrow = match message.side {
        Side::Initiator => '>',
        Side::Responder => '<',
    };
    let end = match (&message.fault, message.complete) {
        (Some(fault), _) => format!(" ! {}", fault.rule.id),
        (None, true) => String::new(),
        (None, false) => " ...".into(),
    };
    format!("{arrow} {} | {}{end}", message.title, message.detail)
}

fn lines(chunks: &[Chunk]) -> Vec<String> {
    let messages = dissect(chunks);
    every_byte_is_explained_once(chunks, &messages);
    messages.iter().map(line).collect()
}

/// The spans of each side's messages tile its stream, and the notes of depth 0 tile each message.
fn every_byte_is_explained_once(chunks: &[Chunk], messages: &[Message]) {
    for side in [Side::Initiator, Side::Responder] {
        let sent: usize = chunks.iter().filter(|c| c.side == side).map(|c| c.bytes.len()).sum();
        let mut at = 0;
        for message in messages.iter().filter(|m| m.side == side) {
            assert_eq!(message.span.start, at, "{message:?}");
            at = message.span.end;
            let mut note_at = 0;
            for note in message.notes.iter().filter(|note| note.depth == 0) {
                assert_eq!(note.span.start, note_at, "{note:?} in {message:?}");
                note_at = note.span.end;
            }
            assert_eq!(note_at, message.span.len(), "{message:?}");
        }
        assert_eq!(at, sent, "{messages:?}");
    }
}

const GET: &str = "GET /index.html HTTP/1.1\r\nHost: www.cs.test\r\n\r\n";
const OK: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 5\r\n\r\nhello";

#[test]
fn a_request_and_its_answer_are_titled_by_what_they_say() {
    assert_eq!(
        lines(&[ask(GET), answer(OK)]),
        ["> GET /index.html | HTTP/1.1", "< 200 OK | text/html, 5 B"]
    );
}

#[test]
fn every_field_is_noted_under_the_name_that_the_rfc_gives_it() {
    let messages = dissect(&[ask("GET /a?b=1 HTTP/1.1\r\nHost:  x\t\r\n\r\n")]);
    let notes: Vec<_> =
        messages[0].notes.iter().map(|n| (n.name.as_ref(), n.value.as_str())).collect();
    let expected = [
        ("method", "GET"),
        ("SP", ""),
        ("request-target", "/a?b=1"),
        ("absolute-path", "/a"),
        ("query", "b=1"),
        ("SP", ""),
        ("HTTP-version", "HTTP/1.1"),
        ("CRLF", ""),
        ("field-name", "Host"),
        ("colon", ""),
        ("OWS", ""),
        ("field-value", "x"),
        ("OWS", ""),
        ("CRLF", ""),
        ("end of head", "empty line"),
    ];
    assert_eq!(notes, expected);
}

#[test]
fn chunks_are_noted_one_by_one_with_extensions_and_trailers() {
    let text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
                3;a=\"b c\"\r\nabc\r\n0\r\nDigest: x\r\n\r\n";
    let messages = dissect(&[ask(GET), answer(text)]);
    let names: Vec<_> = messages[1].notes.iter().map(|n| n.name.as_ref()).skip(12).collect();
    let expected = [
        "chunk-size",
        "chunk-ext",
        "CRLF",
        "chunk-data",
        "CRLF",
        "last-chunk",
        "CRLF",
        "field-name",
        "colon",
        "OWS",
        "field-value",
        "CRLF",
        "end of head",
    ];
    assert_eq!(names, expected);
}

#[test]
fn pipelined_requests_are_messages_of_their_own_before_any_answer() {
    let two = format!("{GET}HEAD /b HTTP/1.1\r\nHost: x\r\n\r\n");
    let head_only = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n";
    assert_eq!(
        lines(&[ask(&two), answer(OK), answer(head_only), answer("\r\n")]),
        [
            "> GET /index.html | HTTP/1.1",
            "> HEAD /b | HTTP/1.1",
            "< 200 OK | text/html, 5 B",
            "< 200 OK | no content",
            "< empty line | 2 B so far",
        ]
    );
    assert_eq!(lines(&[ask(&two)]).len(), 2);
}

#[test]
fn half_of_a_conversation_is_still_read() {
    assert_eq!(lines(&[answer(OK), answer(OK)]).len(), 2);
    assert_eq!(lines(&[answer("HTTP/1.1 200 O")]), ["< beginning of a response | 14 B so far ..."]);
}

#[test]
fn messages_that_have_not_ended_say_so() {
    let post = "POST /f HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc";
    assert_eq!(lines(&[ask(post)]), ["> POST /f | HTTP/1.1, 3 B ..."]);
    assert_eq!(lines(&[ask("GET /a HTTP/1.1\r\nHo")]), ["> GET /a | 19 B so far ..."]);
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab";
    assert_eq!(lines(&[ask(GET), answer(chunked)])[1], "< 200 OK | 2 B ...");
}

#[test]
fn a_body_that_ends_with_the_connection_is_not_called_incomplete() {
    let old = "HTTP/1.0 200 OK\r\n\r\nabc";
    assert_eq!(lines(&[ask(GET), answer(old)])[1], "< 200 OK | 3 B");
}

#[test]
fn a_broken_request_and_the_refusal_are_both_shown() {
    let messages = dissect(&[
        ask("GET /a HTTP/1.1\r\nHost : x\r\n\r\n"),
        answer("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
    ]);
    assert_eq!(messages.len(), 2);
    let fault = messages[0].fault.as_ref().unwrap();
    assert_eq!((fault.rule.id, fault.code), ("http.no-space-before-colon", 400));
    assert_eq!((fault.span.start, fault.span.end), (21, 22));
    assert_eq!(messages[1].title, "400 Bad Request");
    assert_eq!(messages[1].fault, None);
}

#[test]
fn what_follows_close_is_shown_as_bytes_that_nobody_reads() {
    let closing = "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    assert_eq!(
        lines(&[ask(closing), ask(GET)]),
        ["> GET /a | HTTP/1.1", "> bytes after close | 47 B"]
    );
    let messages = lines(&[ask(closing), answer(OK), answer("HTTP/1.1 200 OK\r\n")]);
    assert!(messages[2].ends_with("! http.nothing-after-close"), "{messages:?}");
}

#[test]
fn a_tunnel_is_opaque_from_the_answer_on_and_only_if_it_was_granted() {
    let connect = "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test\r\n\r\n";
    let granted = "HTTP/1.1 200 OK\r\n\r\n";
    assert_eq!(
        lines(&[ask(connect), answer(granted), ask("\x16\x03"), answer("\x16\x03\x03")]),
        [
            "> CONNECT a.test:443 | HTTP/1.1",
            "< 200 OK | no content",
            "> tunnel | 2 B",
            "< tunnel | 3 B"
        ]
    );
    let refused = "HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(lines(&[ask(connect), ask(GET), answer(refused), answer(OK)]).len(), 4);
}

#[test]
fn an_unasked_response_is_a_fault_where_both_sides_are_known() {
    let messages = lines(&[ask(GET), answer(OK), answer(OK)]);
    assert!(messages[2].ends_with("! http.unasked"), "{messages:?}");
}

#[test]
fn messages_do_not_depend_on_how_the_bytes_were_cut() {
    let ask_all = format!(
        "{GET}POST /f HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\
         5\r\nhello\r\n0\r\n\r\nGET /c HTTP/1.1\r\nHost: \0\r\n\r\n"
    );
    let answer_all = format!(
        "{OK}HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
         a\r\n0123456789\r\n0\r\n\r\n"
    );
    let whole: Vec<_> = dissect(&[ask(&ask_all), answer(&answer_all)]);
    for size in [1, 2, 3, 7, 50] {
        let mut chunks: Vec<Chunk> = Vec::new();
        for (side, text) in [(Side::Initiator, &ask_all), (Side::Responder, &answer_all)] {
            chunks.extend(
                text.as_bytes()
                    .chunks(size)
                    .map(|cut| Chunk { side, bytes: Bytes::copy_from_slice(cut) }),
            );
        }
        let mut cut = dissect(&chunks);
        every_byte_is_explained_once(&chunks, &cut);
        for (message, expected) in cut.iter_mut().zip(&whole) {
            message.chunk = expected.chunk;
        }
        assert_eq!(cut, whole, "in pieces of {size}");
    }
    assert_eq!(whole.len(), 6);
}

#[test]
fn rules_have_ids_of_their_own_sources_and_full_sentences() {
    let mut ids = std::collections::BTreeSet::new();
    for rule in HTTP.rules {
        assert!(ids.insert(rule.id), "{} twice", rule.id);
        assert!(rule.id.starts_with("http."), "{}", rule.id);
        assert!(rule.source.link().is_some(), "{}", rule.id);
        assert!(rule.says.ends_with('.') && rule.why.ends_with('.'), "{}", rule.id);
    }
}
