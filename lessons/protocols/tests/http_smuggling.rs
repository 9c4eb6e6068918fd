//! Request smuggling: bytes that one reader takes for one request and another for two (RFC 9112
//! section 11.2). Whatever is in the first request's bytes, no second request may come out of
//! them, and the connection must close.
//!
//! Each row is what stands between `Host` and the smuggled `GET /admin`. They are the vectors of
//! the published attacks (CL.TE, TE.CL, TE.TE, CL.CL, CL.0, chunk-size, extension and line-end
//! tricks); the name says which reader the row would fool.

mod http_common;

use http_common::{any_cut, reader, response, run_to_end};
use protocols::http::{Event, Role};

const SMUGGLED: &str = "GET /admin HTTP/1.1\r\nHost: x\r\n\r\n";

/// Name of the trick, and the fields and body before the smuggled request.
const VECTORS: [(&str, &str); 37] = [
    ("CL.TE", "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ("TE.CL", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"),
    ("CL.TE behind a space", "Content-Length: 5\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
    ("CL.TE behind a tab", "Content-Length: 5\r\nTransfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n"),
    (
        "TE with vertical tab",
        "Content-Length: 5\r\nTransfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    ),
    ("TE with form feed", "Transfer-Encoding: \x0cchunked\r\n\r\n0\r\n\r\n"),
    ("TE with NUL", "Transfer-Encoding: chunked\0\r\n\r\n0\r\n\r\n"),
    ("TE with no-break space", "Transfer-Encoding: chunked\u{a0}\r\n\r\n0\r\n\r\n"),
    ("TE in a prefix", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    ("TE in quotes", "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"),
    ("TE with parameter", "Transfer-Encoding: chunked; x=y\r\n\r\n0\r\n\r\n"),
    ("TE twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
    (
        "TE twice, the other way",
        "Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    ("TE not last", "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
    ("TE chunked twice", "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
    ("TE folded", "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
    ("TE behind a fold", "A: b\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ("TE behind a bare CR", "A: b\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ("TE behind a bare LF", "A: b\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ("TE behind a NUL", "A: b\0Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ("CL.CL", "Content-Length: 0\r\nContent-Length: 33\r\n\r\n"),
    ("CL.CL in a list", "Content-Length: 0, 33\r\n\r\n"),
    ("CL with sign", "Content-Length: +0\r\n\r\n"),
    ("CL negative", "Content-Length: -1\r\n\r\n"),
    ("CL with space inside", "Content-Length: 0 0\r\n\r\n"),
    ("CL in hex", "Content-Length: 0x0\r\n\r\n"),
    ("CL overflows", "Content-Length: 18446744073709551616\r\n\r\n"),
    ("CL with vertical tab", "Content-Length: \x0b0\r\n\r\n"),
    ("CL folded", "Content-Length:\r\n 0\r\n\r\n"),
    ("CL behind a space", "Content-Length : 0\r\n\r\n"),
    ("chunk size in hex notation", "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n"),
    ("chunk size overflows", "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n"),
    ("chunk size with space", "Transfer-Encoding: chunked\r\n\r\n0 \r\n\r\n"),
    ("chunk ends early", "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n"),
    ("chunk ends with LF", "Transfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n"),
    ("extension hides LF", "Transfer-Encoding: chunked\r\n\r\n1;\nxx\r\n0\r\n\r\n"),
    ("head ends with LF", "A: b\n\nGET /hidden HTTP/1.1\r\n\r\n"),
];

#[test]
fn no_second_request_comes_out_of_a_smuggled_one_and_the_connection_closes() {
    for (name, middle) in VECTORS {
        let text = format!("POST / HTTP/1.1\r\nHost: x\r\n{middle}{SMUGGLED}");
        let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(c).unwrap()).collect();
        let outcome = any_cut(Role::Server, &[], &bytes);
        assert!(outcome.requests() <= 1, "{name}: {:?}", outcome.words());
        let violation = outcome.violation.unwrap_or_else(|| panic!("{name} passes"));
        assert!((400..=501).contains(&violation.code), "{name}: {violation}");

        let mut server = reader(Role::Server, &[]);
        run_to_end(&mut server, &bytes, bytes.len());
        let _ = server.send_whole(Event::Response(response(violation.code)), b"");
        assert!(server.must_close(), "{name}: {:?}", server.our_state());
    }
}

#[test]
fn what_looks_like_a_request_inside_a_body_stays_a_body() {
    let length = SMUGGLED.len();
    for framed in [
        format!("Content-Length: {length}\r\n\r\n{SMUGGLED}"),
        format!("Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n{SMUGGLED}\r\n0\r\n\r\n"),
    ] {
        let text =
            format!("POST / HTTP/1.1\r\nHost: x\r\n{framed}GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
        let outcome = any_cut(Role::Server, &[], text.as_bytes());
        let body = format!("data {SMUGGLED}");
        assert_eq!(outcome.words(), ["POST /", &body, "end", "GET /next", "end", "closed"]);
    }
}

#[test]
fn fields_that_are_only_like_the_framing_fields_frame_nothing() {
    for field in ["Transfer_Encoding: chunked", "X-Transfer-Encoding: chunked", "TE: chunked"] {
        let text = format!("GET / HTTP/1.1\r\nHost: x\r\n{field}\r\n\r\n");
        assert_eq!(any_cut(Role::Server, &[], text.as_bytes()).words(), ["GET /", "end", "closed"]);
    }
}

#[test]
fn a_split_response_gives_no_second_answer_rfc_9112_section_11_1() {
    let injected = "HTTP/1.1 302 Found\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n\
                    HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad";
    let outcome = any_cut(Role::Client, &["GET"], injected.as_bytes());
    assert_eq!(outcome.words(), ["302", "end"]);
    assert_eq!(outcome.violation.unwrap().rule.id, "http.unasked");
}
