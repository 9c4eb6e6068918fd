//! What is written reads back as it was, notes tile it, and cuts mean nothing (proptest).

mod http_common;

use bytes::Bytes;
use http_common::{any_cut, run, run_to_end};
use proptest::prelude::*;
use protocols::http::codec::{HeadReader, write_request, write_response};
use protocols::http::{
    Connection, Event, Fields, Limits, Request, Response, Role, Version, dissect,
};
use protocols::wire::{Chunk, Note, Notes, Side};

fn version() -> impl Strategy<Value = Version> {
    prop_oneof![Just(Version::Http10), Just(Version::Http11)]
}

fn token() -> impl Strategy<Value = String> {
    "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}"
}

/// Visible characters and those over 127, with spaces and tabs inside.
fn value() -> impl Strategy<Value = String> {
    "([!-~\u{80}-\u{ff}]([ \t!-~\u{80}-\u{ff}]{0,20}[!-~\u{80}-\u{ff}])?)?"
}

/// Fields that do not frame the message.
fn fields() -> impl Strategy<Value = Fields> {
    let named = (token().prop_map(|name| format!("X-{name}")), value());
    prop::collection::vec(named, 0..6).prop_map(|list| {
        list.into_iter().fold(Fields::new(), |all, (name, value)| all.with(name, value))
    })
}

fn request() -> impl Strategy<Value = Request> {
    let target = prop_oneof![
        "/([a-z0-9.~!$&'()*+,;=:@/-]|%[0-9a-fA-F]{2}){0,20}(\\?[a-z=&/?]{0,9})?",
        "http://[a-z]{1,9}(:[0-9]{1,5})?/[a-z]{0,9}"
    ];
    (token(), target, version(), fields()).prop_filter_map("CONNECT has another target", |parts| {
        let (method, target, version, fields) = parts;
        let fields = fields.with("Host", "www.cs.test");
        (method != "CONNECT").then_some(Request { method, target, version, fields })
    })
}

fn response() -> impl Strategy<Value = Response> {
    (version(), 200u16..=999, value(), fields())
        .prop_map(|(version, status, reason, fields)| Response { version, status, reason, fields })
}

/// One message on the wire, as its sender gives it.
fn content() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..4)
}

fn read_head(role: Role, bytes: &[u8]) -> (Option<protocols::http::codec::Head>, Vec<Note>) {
    let mut notes = Notes::on();
    let head = HeadReader::new(role).read(bytes, &Limits::default(), &mut notes).unwrap();
    (head, notes.take())
}

fn tiles(notes: &[Note], len: usize) -> bool {
    let outer: Vec<_> = notes.iter().filter(|note| note.depth == 0).map(|n| n.span).collect();
    let joined = outer.windows(2).all(|pair| pair[0].end == pair[1].start);
    let inner = notes.iter().filter(|n| n.depth > 0);
    let inside =
        inner.clone().all(|n| outer.iter().any(|o| o.start <= n.span.start && n.span.end <= o.end));
    joined
        && inside
        && outer.first().map(|o| o.start) == Some(0)
        && outer.last().map(|o| o.end) == Some(len)
}

/// Sends a message in pieces; the bytes, and the content put together.
fn send(machine: &mut Connection, head: Event, content: &[Vec<u8>]) -> (Vec<u8>, Vec<u8>) {
    let mut bytes = machine.send(head).unwrap().to_vec();
    for piece in content {
        bytes.extend(machine.send(Event::Data(Bytes::copy_from_slice(piece))).unwrap());
    }
    bytes.extend(machine.send(Event::end()).unwrap());
    (bytes, content.concat())
}

fn content_of(events: &[Event]) -> Vec<u8> {
    let data = |event: &Event| match event {
        Event::Data(bytes) => bytes.to_vec(),
        _ => Vec::new(),
    };
    events.iter().flat_map(data).collect()
}

proptest! {
    #[test]
    fn a_request_head_reads_back_as_it_was(request in request()) {
        let bytes = write_request(&request).unwrap();
        let (head, notes) = read_head(Role::Server, &bytes);
        let head = head.unwrap();
        prop_assert_eq!(head.len, bytes.len());
        prop_assert!(tiles(&notes, bytes.len()), "{:?}", notes);
        prop_assert_eq!(head.into_request().unwrap(), request);
    }

    #[test]
    fn a_response_head_reads_back_as_it_was(response in response()) {
        let bytes = write_response(&response).unwrap();
        let (head, notes) = read_head(Role::Client, &bytes);
        prop_assert!(tiles(&notes, bytes.len()), "{:?}", notes);
        prop_assert_eq!(head.unwrap().into_response().unwrap(), response);
    }

    #[test]
    fn a_field_stands_where_its_place_says(request in request()) {
        let bytes = write_request(&request).unwrap();
        let head = read_head(Role::Server, &bytes).0.unwrap();
        for (field, place) in head.fields.iter().zip(&head.places) {
            prop_assert_eq!(place.name.of(&bytes), field.name.as_bytes());
            let value: Vec<u8> = field.value.chars().map(|c| u8::try_from(c).unwrap()).collect();
            prop_assert_eq!(place.value.of(&bytes), value.as_slice());
        }
    }

    #[test]
    fn a_request_with_content_reads_back_in_either_framing(
        request in request(), content in content(), chunked: bool,
    ) {
        let mut request = Request { version: Version::Http11, ..request };
        let length: usize = content.iter().map(Vec::len).sum();
        match chunked {
            true => request.fields.push("Transfer-Encoding", "chunked"),
            false => request.fields.push("Content-Length", length.to_string()),
        }
        let mut client = Connection::new(Role::Client, Limits::default());
        let (bytes, content) = send(&mut client, Event::Request(request.clone()), &content);
        let outcome = any_cut(Role::Server, &[], &bytes);
        prop_assert_eq!(&outcome.violation, &None);
        prop_assert_eq!(outcome.events.first(), Some(&Event::Request(request)));
        prop_assert_eq!(content_of(&outcome.events), content);
    }

    #[test]
    fn a_response_with_content_reads_back_whatever_framing_was_chosen(
        response in response(), content in content(), old: bool,
    ) {
        let bare = matches!(response.status, 204 | 304);
        let content = if bare { Vec::new() } else { content };
        let mut server = Connection::new(Role::Server, Limits::default());
        let version = if old { "1.0" } else { "1.1" };
        server.receive(format!("GET / HTTP/{version}\r\nHost: x\r\n\r\n").as_bytes());
        while server.next_event().unwrap().is_some() {}
        let (bytes, content) = send(&mut server, Event::Response(response), &content);
        let outcome = any_cut(Role::Client, &["GET"], &bytes);
        prop_assert_eq!(&outcome.violation, &None);
        prop_assert_eq!(content_of(&outcome.events), content);
        let end = [Event::end(), Event::Closed];
        prop_assert_eq!(&outcome.events[outcome.events.len() - 2..], &end);
    }

    #[test]
    fn any_bytes_give_the_same_however_they_are_cut_and_never_a_panic(
        bytes in nonsense(), sizes in prop::collection::vec(1usize..9, 1..5), client: bool,
    ) {
        let role = if client { Role::Client } else { Role::Server };
        let asked: &[&str] = if client { &["GET", "HEAD", "GET"] } else { &[] };
        let whole = run(&mut http_common::reader(role, asked), [bytes.as_slice()]);
        let mut pieces = Vec::new();
        let mut rest = bytes.as_slice();
        for size in sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, after) = rest.split_at((*size).min(rest.len()));
            pieces.push(piece);
            rest = after;
        }
        let cut = run(&mut http_common::reader(role, asked), pieces);
        prop_assert_eq!(cut, whole);
        run_to_end(&mut http_common::reader(role, asked), &bytes, 3);
    }

    #[test]
    fn every_byte_of_any_conversation_is_in_one_message(
        parts in prop::collection::vec((any::<bool>(), nonsense()), 0..6),
    ) {
        let side = |first| if first { Side::Initiator } else { Side::Responder };
        let chunks: Vec<Chunk> = parts.into_iter()
            .map(|(first, bytes)| Chunk { side: side(first), bytes: bytes.into() }).collect();
        let messages = dissect(&chunks);
        for side in [Side::Initiator, Side::Responder] {
            let mut at = 0;
            for message in messages.iter().filter(|message| message.side == side) {
                prop_assert_eq!(message.span.start, at);
                prop_assert!(tiles(&message.notes, message.span.len()), "{:?}", message);
                at = message.span.end;
            }
            let sent: usize = chunks.iter().filter(|c| c.side == side).map(|c| c.bytes.len()).sum();
            prop_assert_eq!(at, sent);
        }
    }
}

/// Pieces of HTTP in any order with any bytes between them.
fn nonsense() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(WORDS.to_vec()).prop_map(|word| word.as_bytes().to_vec());
    let random = prop::collection::vec(any::<u8>(), 1..4);
    prop::collection::vec(prop_oneof![9 => known, 1 => random], 0..14).prop_map(|all| all.concat())
}

const WORDS: [&str; 24] = [
    "GET / HTTP/1.1\r\nHost: x\r\n",
    "HEAD /a HTTP/1.0\r\n",
    "POST /b HTTP/1.1\r\nHost: x\r\n",
    "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n",
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.1 204 No Content\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.0 200 OK\r\n",
    "Content-Length: 4\r\n",
    "Content-Length: 0\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Connection: close\r\n",
    "Upgrade: h2c\r\n",
    "Expect: 100-continue\r\n",
    "A: b\r\n c\r\n",
    "\r\n",
    "\r\n",
    "\r",
    "\n",
    "4\r\nabcd\r\n",
    "4;a=b\r\nab",
    "0\r\n\r\n",
    "0\r\nA: b\r\n\r\n",
    "abcd",
];
