//! Content of requests on its way through: as it comes, no further than it is wanted, never twice.

use super::*;

/// A request whose head announces ten bytes.
const PUT: &[u8] = b"PUT http://a.test/z HTTP/1.1\r\nHost: a.test\r\nContent-Length: 10\r\n\r\n";

/// The same, waiting for 100.
const PUT_EXPECTING: &[u8] =
    b"PUT http://a.test/z HTTP/1.1\r\nHost: a.test\r\nContent-Length: 10\r\n\
    Expect: 100-continue\r\n\r\n";

const CHUNKED: &[u8] =
    b"POST http://a.test/z HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n";

const DONE: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";

fn opened(request: &[u8]) -> Raw {
    let mut raw = Raw::new(Config::default());
    raw.ask(request);
    raw.open();
    raw
}

/// A proxy that has learnt that this origin speaks HTTP/1.0.
fn beyond_an_old_origin(max_held: usize) -> Raw {
    let mut raw = Raw::new(Config { max_held, ..Config::default() });
    raw.exchange(GET, b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n");
    raw.outputs.clear();
    raw
}

impl Raw {
    fn aborted(&self, which: Conn) -> bool {
        self.outputs.iter().any(|o| *o == Output::Abort { conn: which })
    }

    fn statuses(&self) -> Vec<String> {
        let sent = self.sent_down();
        let lines = sent.split("\r\n").filter(|line| line.starts_with("HTTP/1.1 "));
        lines.map(|line| line[9..12].to_string()).collect()
    }
}

#[test]
fn content_goes_on_piece_by_piece_as_it_comes() {
    let mut raw = opened(PUT);
    assert!(raw.sent_up().ends_with("Content-Length: 10\r\n\r\n"), "the head does not wait");
    for (piece, so_far) in [("abcde", "\r\n\r\nabcde"), ("fghij", "\r\n\r\nabcdefghij")] {
        raw.ask(piece.as_bytes());
        assert!(raw.sent_up().ends_with(so_far), "{piece}: {}", raw.sent_up());
    }
    raw.answer(DONE);
    assert_eq!(raw.statuses(), ["204"]);
    raw.ask(GET);
    assert_eq!(raw.dialled(), 1, "both connections are fit for another request");
}

/// RFC 9112 sections 6.1 and 7.1.2: chunks are coded anew, and trailers go along.
#[test]
fn chunks_go_on_as_chunks_and_trailers_behind_them() {
    let mut raw = opened(CHUNKED);
    raw.ask(b"3;x=y\r\nabc\r\n");
    raw.ask(b"0\r\nX-Sum: 3\r\n\r\n");
    let sent = raw.sent_up();
    let end = "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 3\r\n\r\n";
    assert!(sent.ends_with(end), "{sent}");
}

/// RFC 9112 section 6.1: no Transfer-Encoding to a server that may not know it.
#[test]
fn an_origin_of_http_1_0_is_sent_a_length_counted_here_and_411_tells_when_that_is_too_much() {
    for (max_held, content, status, sent) in [
        (8, "3\r\nabc\r\n0\r\n\r\n", None, "Content-Length: 3\r\n\r\nabc"),
        (2, "3\r\nabc\r\n0\r\n\r\n", Some("411"), ""),
    ] {
        let mut raw = beyond_an_old_origin(max_held);
        raw.ask(CHUNKED);
        raw.open();
        assert_eq!(raw.sent_up(), "", "nothing goes before the length is known");
        raw.ask(content.as_bytes());
        assert!(raw.sent_up().ends_with(sent) && !raw.sent_up().contains("chunked"));
        assert_eq!(raw.statuses().first().map(String::as_str), status);
    }
}

/// RFC 9110 section 10.1.1, the requirements for proxies; section 15.2 for what is relayed.
#[test]
fn an_expectation_goes_to_the_origin_and_its_word_comes_back() {
    let go_on: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";
    for (answers, statuses, content_wanted) in [
        (vec![go_on], vec!["100"], true),
        (vec![b"HTTP/1.1 103 Early Hints\r\nLink: </s>\r\n\r\n", go_on], vec!["103", "100"], true),
        (vec![b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n"], vec!["417"], false),
        (vec![b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"], vec!["401"], false),
    ] {
        let mut raw = opened(PUT_EXPECTING);
        assert!(raw.sent_up().ends_with("Expect: 100-continue\r\n\r\n"), "{}", raw.sent_up());
        assert_eq!(raw.sent_down(), "", "the proxy says nothing of its own");
        answers.iter().for_each(|answer| raw.answer(answer));
        assert_eq!(raw.statuses(), statuses);
        raw.ask(b"abcdefghij");
        assert_eq!(raw.sent_up().ends_with("abcdefghij"), content_wanted, "{statuses:?}");
    }
}

/// RFC 9110 section 10.1.1: the only case in which a proxy may say 100 itself, the case in which
/// an expectation is ignored, and (section 15.2) no 1xx to a client of HTTP/1.0.
#[test]
fn expectations_stop_at_http_1_0_on_either_side() {
    let mut raw = beyond_an_old_origin(100);
    raw.ask(PUT_EXPECTING);
    raw.open();
    assert_eq!(raw.statuses(), ["100"]);
    assert!(!raw.sent_up().contains("Expect"), "{}", raw.sent_up());
    raw.ask(b"abcdefghij");
    raw.answer(b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(raw.statuses(), ["100", "200"]);

    let old_client = String::from_utf8_lossy(PUT_EXPECTING).replace("HTTP/1.1", "HTTP/1.0");
    let mut raw = opened(old_client.as_bytes());
    assert!(!raw.sent_up().contains("Expect"));
    raw.answer(b"HTTP/1.1 100 Continue\r\n\r\n");
    assert_eq!(raw.sent_down(), "");

    let bare = b"GET http://a.test/ HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n";
    assert!(!opened(bare).sent_up().contains("Expect"), "no content, no expectation");
}

/// RFC 9110 section 9.2.2: what may have been acted on, or is not here any more, is not repeated.
#[test]
fn a_request_goes_again_only_while_none_of_its_content_has_left() {
    let put = |method: &str| String::from_utf8_lossy(PUT).replace("PUT", method);
    for (request, content, again) in [
        (put("PUT"), "", true),
        (put("PUT"), "abc", false),
        (put("PUT"), "abcdefghij", false),
        (put("POST"), "", false),
        (put("POST"), "abc", false),
        (String::from_utf8_lossy(GET).into_owned(), "", true),
    ] {
        let mut raw = Raw::new(Config::default());
        raw.exchange(GET, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        raw.outputs.clear();
        let kept = raw.up.unwrap();
        raw.ask(request.as_bytes());
        if !content.is_empty() {
            raw.ask(content.as_bytes());
        }
        raw.step(Stimulus::Finished { conn: kept });
        assert_eq!(raw.dialled() == 1, again, "{request} {content}");
        assert_eq!(raw.statuses().first().is_some_and(|s| s == "502"), !again, "{request}");
        if again && request.starts_with("PUT") {
            raw.open();
            raw.ask(b"abcdefghij");
            assert!(raw.sent_up().ends_with("\r\n\r\nabcdefghij"), "whole on the second way");
        }
    }
}

/// RFC 9112 section 9.5 towards the origin, RFC 9110 section 10.1.1 and RFC 9112 section 9.3
/// towards the client: an answer before the end of the content is passed on at once.
#[test]
fn an_early_answer_is_passed_on_and_the_rest_is_read_and_thrown_away() {
    let refusal = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n";
    for close in ["", "Connection: close\r\n"] {
        let mut raw = opened(PUT);
        raw.ask(b"abc");
        let up = raw.up.unwrap();
        raw.answer(format!("{refusal}{close}\r\n").as_bytes());
        assert_eq!(raw.statuses(), ["413"]);
        let gone = raw.aborted(up) || raw.outputs.contains(&Output::Finish { conn: up });
        assert!(gone, "a connection with half a request on it is of no use");
        raw.ask(b"defghij");
        assert!(!raw.sent_up().contains("def"), "{}", raw.sent_up());
        raw.ask(GET);
        assert_eq!(raw.dialled(), 2, "the next request is read where the content ends");
        assert!(raw.cited("http.stop-sending"));
    }
}

/// An answer that begins early need not refuse: an origin may answer while it reads.
#[test]
fn an_answer_and_the_content_that_it_answers_pass_each_other() {
    let mut raw = opened(CHUNKED);
    raw.ask(b"1\r\na\r\n");
    raw.answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nA\r\n");
    raw.ask(b"1\r\nb\r\n0\r\n\r\n");
    assert!(raw.sent_up().ends_with("1\r\na\r\n1\r\nb\r\n0\r\n\r\n"));
    raw.answer(b"1\r\nB\r\n0\r\n\r\n");
    assert!(raw.sent_down().ends_with("1\r\nA\r\n1\r\nB\r\n0\r\n\r\n"));
    raw.ask(GET);
    assert_eq!(raw.dialled(), 1);
}

/// RFC 9112 section 8: an incomplete message is never made to look whole.
#[test]
fn a_client_that_is_gone_or_breaks_off_takes_its_request_with_it() {
    for (end, status) in [
        (Stimulus::Lost { conn: Conn(0), why: Loss::Reset }, None),
        (Stimulus::Finished { conn: Conn(0) }, Some("400")),
        (Stimulus::Data { conn: Conn(0), bytes: "zz\r\n".into() }, Some("400")),
    ] {
        let mut raw = opened(CHUNKED);
        raw.ask(b"3\r\nabc\r\n");
        let up = raw.up.unwrap();
        raw.step(end.clone());
        assert!(raw.aborted(up), "{end:?}");
        assert!(!raw.sent_up().ends_with("0\r\n\r\n"), "no end that the client did not give");
        assert_eq!(raw.statuses().first().map(String::as_str), status, "{end:?}");
    }
}

#[test]
fn a_client_that_stops_in_the_middle_is_told_408_and_the_origin_a_reset() {
    let mut raw = opened(PUT);
    raw.ask(b"abc");
    let up = raw.up.unwrap();
    raw.ring("idle");
    assert_eq!(raw.statuses(), ["408"]);
    assert!(raw.aborted(up));
}

/// RFC 9110 section 15.5.14: what cannot wait for a connection is too large.
#[test]
fn no_more_than_the_limit_waits_for_a_connection() {
    let mut raw = Raw::new(Config { max_held: 4, ..Config::default() });
    raw.ask(PUT);
    raw.ask(b"abcd");
    assert_eq!(raw.sent_down(), "");
    raw.ask(b"e");
    assert_eq!(raw.statuses(), ["413"]);
    raw.open();
    assert_eq!(raw.sent_up(), "", "the connection was given up");
}

#[test]
fn content_that_nobody_wants_is_not_read_for_ever() {
    let request = b"POST http://a.test/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\
        Via: 1.1 wirelab-proxy\r\n\r\n";
    let mut raw = Raw::new(Config::default());
    raw.ask(request);
    assert_eq!(raw.statuses(), ["502"]);
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x1_0000));
    let finished = |raw: &Raw| raw.outputs.contains(&Output::Finish { conn: raw.down });
    let mut chunks = 0;
    while !finished(&raw) {
        raw.ask(chunk.as_bytes());
        chunks += 1;
        assert!(chunks < 20, "still reading");
    }
    assert_eq!(chunks, 17, "a mebibyte is read, and the connection ends with what exceeds it");
}

/// Back-pressure: each connection of the exchange is read as fast as the other one takes it.
#[test]
fn both_connections_are_paced_by_each_other_until_the_exchange_is_over() {
    let pace = |conn, by| Output::Pace { conn, by };
    let mut raw = opened(PUT);
    let (down, up) = (raw.down, raw.up.unwrap());
    for wanted in [pace(up, Some(down)), pace(down, Some(up))] {
        assert!(raw.outputs.contains(&wanted), "{wanted:?}");
    }
    raw.ask(b"abcdefghij");
    raw.answer(DONE);
    for wanted in [pace(up, None), pace(down, None)] {
        assert!(raw.outputs.contains(&wanted), "{wanted:?}");
    }
}
