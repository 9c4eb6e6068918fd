//! What every parser must hold, whatever bytes it is given: no panic, the same result
//! however the bytes are cut, and notes that tile what was read.

pub mod chord;
pub mod dns;
pub mod kademlia;
pub mod mime;
pub mod pop3;
pub mod relay;
pub mod smtp;

use bytes::Bytes;
use protocols::http::codec::{Head, HeadReader, write_request, write_response};
use protocols::http::{Connection, Event, Fields, Limits, Request, Role, Version, dissect};
use protocols::wire::{Chunk, Note, Notes, Side, Violation};

/// Whole connections, read as a server and as a client; and both sides of a conversation,
/// dissected.
pub fn connections(bytes: &[u8]) {
    connection(Role::Server, &[], bytes);
    connection(Role::Client, &["GET", "HEAD", "GET"], bytes);
    connection(Role::Client, &["CONNECT"], bytes);
    let (ask, answer) = bytes.split_at(bytes.len() / 2);
    let chunk = |side, bytes| Chunk { side, bytes: Bytes::copy_from_slice(bytes) };
    let chunks = [chunk(Side::Initiator, ask), chunk(Side::Responder, answer)];
    let explained: usize = dissect(&chunks).iter().map(|message| message.span.len()).sum();
    assert_eq!(explained, bytes.len(), "every byte is in one message");
}

/// A body in chunks, in a request and in a response.
pub fn chunked(bytes: &[u8]) {
    let coded = |start: &str| {
        let head = format!("{start}\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        [head.as_bytes(), bytes].concat()
    };
    connection(Role::Server, &[], &coded("POST / HTTP/1.1"));
    connection(Role::Client, &["GET"], &coded("HTTP/1.1 200 OK"));
}

/// Reads a head whole and byte by byte; both must agree, and what was read must write back to
/// something that reads the same.
pub fn head(role: Role, bytes: &[u8]) {
    let mut notes = Notes::on();
    let whole = HeadReader::new(role).read(bytes, &Limits::default(), &mut notes);
    let mut reader = HeadReader::new(role);
    let mut cut = Ok(None);
    for end in 0..=bytes.len() {
        cut = reader.read(&bytes[..end], &Limits::default(), &mut Notes::off());
        if !matches!(cut, Ok(None)) {
            break;
        }
    }
    assert_eq!(cut, whole, "cut byte by byte");
    assert!(joined(&notes.take()));
    if let Ok(Some(head)) = whole {
        assert!(head.len <= bytes.len());
        written(role, head);
    }
}

/// What was read can be written, and reads back as it was.
fn written(role: Role, head: Head) {
    let again = |bytes: &[u8]| {
        let limits = Limits { head_max: usize::MAX, ..Limits::default() };
        HeadReader::new(role).read(bytes, &limits, &mut Notes::off()).unwrap().unwrap()
    };
    match role {
        Role::Server => {
            let request = head.into_request().unwrap();
            let bytes = write_request(&request).unwrap();
            assert_eq!(again(&bytes).into_request().unwrap(), request);
        }
        Role::Client => {
            let response = head.into_response().unwrap();
            let bytes = write_response(&response).unwrap();
            assert_eq!(again(&bytes).into_response().unwrap(), response);
        }
    }
}

/// Runs a whole connection in pieces of two sizes; both must agree.
pub fn connection(role: Role, asked: &[&str], bytes: &[u8]) {
    let whole = run(role, asked, bytes, bytes.len().max(1));
    assert_eq!(run(role, asked, bytes, 1), whole, "cut byte by byte");
    assert_eq!(run(role, asked, bytes, 7), whole, "cut in sevens");
}

fn run(role: Role, asked: &[&str], bytes: &[u8], size: usize) -> (Vec<Event>, Option<Violation>) {
    let mut machine = Connection::new(role, Limits::default()).noted();
    for method in asked {
        machine.send_whole(Event::Request(request(method)), b"").unwrap();
    }
    let mut events = Vec::new();
    for piece in bytes.chunks(size) {
        machine.receive(piece);
        if let Err(violation) = drain(&mut machine, &mut events) {
            return (events, Some(violation));
        }
    }
    machine.receive_end();
    let violation = drain(&mut machine, &mut events).err();
    (events, violation)
}

fn drain(machine: &mut Connection, events: &mut Vec<Event>) -> Result<(), Violation> {
    while let Some(event) = machine.next_event()? {
        let complete = matches!(event, Event::End { .. });
        match (events.last_mut(), event) {
            (Some(Event::Data(before)), Event::Data(more)) => {
                *before = [before.as_ref(), more.as_ref()].concat().into();
            }
            (_, event) => events.push(event),
        }
        if complete {
            assert!(joined(&machine.take_notes()));
            if machine.role() == Role::Server {
                let answer = protocols::http::Response {
                    version: Version::Http11,
                    status: 404,
                    reason: String::new(),
                    fields: Fields::new(),
                };
                machine.send_whole(Event::Response(answer), b"").unwrap();
            }
        }
    }
    Ok(())
}

/// Whether the outermost notes follow each other without a gap.
fn joined(notes: &[Note]) -> bool {
    let outer: Vec<_> = notes.iter().filter(|note| note.depth == 0).collect();
    outer.windows(2).all(|pair| pair[0].span.end == pair[1].span.start)
}

fn request(method: &str) -> Request {
    let target = if method == "CONNECT" { "x:1" } else { "/" };
    let fields = Fields::new().with("Host", "x");
    let (method, target) = (method.into(), target.into());
    Request { method, target, version: Version::Http11, fields }
}
