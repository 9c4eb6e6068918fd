//! HTTP: messages of both directions, addresses, cookies, dates, cache directives, links in pages.

use bolero::check;
use protocols::http::cookies::{SetCookie, parse_cookie_date, parse_cookie_line};
use protocols::http::site::object_links;
use protocols::http::{Connection, Event, Limits, Role, Url, parse_http_date};

use crate::damage::Damage;

#[test]
fn a_request_is_read_alike_however_it_is_cut() {
    check!().with_type::<Damage>().for_each(|damage| {
        let bytes = damage.of(&REQUESTS, &WORDS);
        let whole = heard(Role::Server, &[&bytes]);
        assert_eq!(heard(Role::Server, &damage.pieces(&bytes)), whole);
    });
}

#[test]
fn a_response_is_read_alike_however_it_is_cut() {
    check!().with_type::<Damage>().for_each(|damage| {
        let bytes = damage.of(&RESPONSES, &WORDS);
        let whole = heard(Role::Client, &[&bytes]);
        assert_eq!(heard(Role::Client, &damage.pieces(&bytes)), whole);
    });
}

#[test]
fn too_many_empty_lines_after_a_response_are_refused_at_the_same_byte_however_they_are_cut() {
    let bytes = format!("HTTP/1.1 204 No Content\r\n\r\n{}x", "\r\n".repeat(20)).into_bytes();
    let whole = heard(Role::Client, &[&bytes]);
    assert!(whole.last().is_some_and(|last| last.contains("http.unasked")), "{whole:?}");
    for at in 0..bytes.len() {
        let (first, second) = bytes.split_at(at);
        assert_eq!(heard(Role::Client, &[first, second]), whole, "cut at {at}");
    }
}

#[test]
fn the_notes_of_a_message_tile_all_that_was_read() {
    check!().with_type::<Damage>().for_each(|damage| {
        let bytes = damage.of(&REQUESTS, &WORDS);
        let mut server = Connection::new(Role::Server, Limits::default()).noted();
        server.receive(&bytes);
        while let Ok(Some(event)) = server.next_event() {
            if matches!(event, Event::End { .. }) {
                let length = server.consumed() - server.message_start();
                let mut at = 0;
                for note in server.take_notes().iter().filter(|note| note.depth == 0) {
                    assert_eq!(note.span.start, at, "a gap or an overlap before {note:?}");
                    at = note.span.end;
                }
                assert_eq!(at, length, "bytes at the end are not explained");
                return;
            }
        }
    });
}

#[test]
fn an_address_reads_back_as_itself() {
    check!().with_type::<Damage>().for_each(|damage| {
        let text = damage.text_of(&ADDRESSES, &WORDS);
        if let Ok(url) = text.parse::<Url>() {
            let again = url.to_string().parse::<Url>();
            assert_eq!(again.as_ref(), Ok(&url), "from {text:?}");
            let _ =
                url.resolve(&damage.text_of(&["../a/./b?c#d", "//x.test/", "?q", "#f"], &WORDS));
        }
    });
}

#[test]
fn whatever_a_server_sets_as_a_cookie_is_taken_or_left() {
    check!().with_type::<Damage>().for_each(|damage| {
        let line = damage.text_of(&COOKIES, &WORDS);
        let _ = SetCookie::parse(&line);
        let _ = parse_cookie_date(&line);
        assert!(parse_cookie_line(&line).count() <= line.len());
    });
}

#[test]
fn whatever_stands_for_a_date_is_one_or_is_none() {
    check!().with_type::<Damage>().for_each(|damage| {
        let _ = parse_http_date(&damage.text_of(&DATES, &WORDS));
    });
}

#[test]
fn links_are_found_in_whatever_calls_itself_a_page() {
    check!().with_type::<Damage>().for_each(|damage| {
        let page = damage.text_of(&PAGES, &WORDS);
        assert!(object_links(&page).iter().all(|link| link.len() <= page.len()));
    });
}

/// What a machine makes of the pieces: its events, content joined, and how it ended. A server
/// answers nothing here, so it reads one message.
fn heard(role: Role, pieces: &[&[u8]]) -> Vec<String> {
    let mut machine = Connection::new(role, Limits::default());
    if role == Role::Client {
        let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        let mut server = Connection::new(Role::Server, Limits::default());
        server.receive(request.as_bytes());
        while let Ok(Some(event)) = server.next_event() {
            machine.send(event).expect("what was read from a request can be sent as one");
        }
    }
    let mut heard = Vec::new();
    let mut content = Vec::new();
    for piece in pieces {
        machine.receive(piece);
        if !listen(&mut machine, &mut heard, &mut content) {
            return heard;
        }
    }
    machine.receive_end();
    listen(&mut machine, &mut heard, &mut content);
    heard
}

fn listen(machine: &mut Connection, heard: &mut Vec<String>, content: &mut Vec<u8>) -> bool {
    for _ in 0..MAX_EVENTS {
        match machine.next_event() {
            Ok(Some(Event::Data(bytes))) => content.extend(&bytes),
            Ok(Some(event)) => {
                if !content.is_empty() {
                    heard.push(format!("{:?}", std::mem::take(content)));
                }
                heard.push(format!("{event:?}"));
            }
            Ok(None) => return true,
            Err(violation) => {
                heard.push(format!("{content:?} then {violation:?}"));
                assert_eq!(machine.next_event(), Err(violation), "more after a violation");
                return false;
            }
        }
    }
    panic!("{MAX_EVENTS} events from {heard:?}");
}

/// More than any sample of a few hundred bytes can hold.
const MAX_EVENTS: usize = 10_000;

const REQUESTS: [&str; 5] = [
    "GET /a?b=c HTTP/1.1\r\nHost: www.cs.test\r\nAccept: */*\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    "PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n\
     5;a=\"b\"\r\nhello\r\n10\r\n0123456789abcdef\r\n0\r\nX: y\r\n\r\n",
    "GET http://a.test/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n!",
];

const RESPONSES: [&str; 4] = [
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nSet-Cookie: a=b\r\n\r\nhello",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
     5\r\nhello\r\n0\r\n\r\n",
    "HTTP/1.0 200 OK\r\n\r\nuntil the end",
    "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n",
];

const ADDRESSES: [&str; 3] =
    ["http://www.cs.test:8080/a/b?c=d#e", "http://[::1]/", "http://127.0.0.1:80/%41%zz"];

const COOKIES: [&str; 2] = [
    "id=31d4; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Max-Age=60; Domain=.a.test; Path=/; Secure",
    "a=b; c=\"d\"; HttpOnly; SameSite=Lax",
];

const DATES: [&str; 3] =
    ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"];

const PAGES: [&str; 1] =
    ["<!doctype html><link rel=stylesheet href='/a.css'><img src=\"/b.gif\" alt>\
     <script src=c></script>"];

const WORDS: [&str; 22] = [
    "\r\n",
    "\n",
    "\r",
    "\0",
    "\t",
    " ",
    ":",
    ";",
    ",",
    "=",
    "\"",
    "%",
    "é",
    "0",
    "-1",
    "18446744073709551616",
    "Content-Length: 6\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Transfer-Encoding: gzip\r\n",
    "HTTP/1.1",
    "0\r\n\r\n",
    "\r\n ",
];
