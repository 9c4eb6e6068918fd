//! What the tests of HTTP's machine share: running bytes through it, cut in any way.
#![allow(dead_code, missing_docs)]

use protocols::http::{Connection, Event, Fields, Limits, Request, Response, Role, Version};
use protocols::wire::{Span, Violation};

/// What came of some bytes: events, with content put together, and the violation at the end.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Outcome {
    pub events: Vec<Event>,
    pub violation: Option<Violation>,
}

impl Outcome {
    pub fn requests(&self) -> usize {
        self.events.iter().filter(|event| matches!(event, Event::Request(_))).count()
    }

    /// The events in a few words each: `GET /a`, `200`, `data 5`, `end`, `closed`.
    pub fn words(&self) -> Vec<String> {
        self.events.iter().map(word).collect()
    }
}

pub fn word(event: &Event) -> String {
    match event {
        Event::Request(request) => format!("{} {}", request.method, request.target),
        Event::Interim(response) | Event::Response(response) => response.status.to_string(),
        Event::Data(bytes) => format!("data {}", String::from_utf8_lossy(bytes)),
        Event::End { trailers } if trailers.is_empty() => "end".into(),
        Event::End { trailers } => format!("end with {}", trailers.len()),
        Event::Closed => "closed".into(),
    }
}

/// A machine that waits for what the bytes are: a server, or a client that has asked.
pub fn reader(role: Role, asked: &[&str]) -> Connection {
    let mut machine = Connection::new(role, Limits::default());
    for method in asked {
        machine.send_whole(Event::Request(request(method, "/")), b"").unwrap();
    }
    machine
}

/// Hands a machine bytes in these pieces. As a server it answers each request once it is
/// complete, so that everything that would ever be read is read.
pub fn run<'a>(machine: &mut Connection, pieces: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let mut outcome = Outcome::default();
    for piece in pieces {
        machine.receive(piece);
        if !drain(machine, &mut outcome) {
            break;
        }
    }
    outcome
}

/// The same, with the end of the connection behind the bytes.
pub fn run_to_end(machine: &mut Connection, bytes: &[u8], size: usize) -> Outcome {
    let mut outcome = run(machine, bytes.chunks(size.max(1)));
    machine.receive_end();
    if outcome.violation.is_none() {
        drain(machine, &mut outcome);
    }
    outcome
}

fn drain(machine: &mut Connection, outcome: &mut Outcome) -> bool {
    loop {
        match machine.next_event() {
            Ok(None) => return true,
            Ok(Some(event)) => {
                let complete = matches!(event, Event::End { .. });
                push(&mut outcome.events, event);
                if complete && machine.role() == Role::Server {
                    machine.send_whole(Event::Response(response(404)), b"").unwrap();
                }
            }
            Err(violation) => {
                outcome.violation = Some(violation);
                return false;
            }
        }
    }
}

/// Where content is cut means nothing, so neighbours are put together.
fn push(events: &mut Vec<Event>, event: Event) {
    match (events.last_mut(), event) {
        (Some(Event::Data(before)), Event::Data(more)) => {
            *before = [before.as_ref(), more.as_ref()].concat().into();
        }
        (_, event) => events.push(event),
    }
}

/// The same outcome for the whole, for two halves, and byte by byte; or the test fails.
pub fn any_cut(role: Role, asked: &[&str], bytes: &[u8]) -> Outcome {
    let whole = run_to_end(&mut reader(role, asked), bytes, bytes.len());
    for size in [bytes.len().div_ceil(2), 1] {
        let cut = run_to_end(&mut reader(role, asked), bytes, size);
        assert_eq!(cut, whole, "in pieces of {size}: {}", bytes.escape_ascii());
    }
    whole
}

pub fn request(method: &str, target: &str) -> Request {
    let fields = Fields::new().with("Host", "www.cs.test");
    let target = if method == "CONNECT" { "www.cs.test:80" } else { target };
    Request { method: method.into(), target: target.into(), version: Version::Http11, fields }
}

pub fn response(status: u16) -> Response {
    let (version, reason, fields) = (Version::Http11, "Fine".into(), Fields::new());
    Response { version, status, reason, fields }
}

/// Bytes with a marked stretch: each character is one byte, and `⟦` and `⟧` stand around those
/// that a violation should point at.
pub fn marked(text: &str) -> (Vec<u8>, Span) {
    let (mut bytes, mut span) = (Vec::new(), Span::default());
    for character in text.chars() {
        match character {
            '⟦' => span.start = bytes.len(),
            '⟧' => span.end = bytes.len(),
            byte => bytes.push(u8::try_from(byte).expect("one byte for each character")),
        }
    }
    (bytes, span)
}
