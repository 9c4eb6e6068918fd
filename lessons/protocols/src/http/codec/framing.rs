//! Where a message's body ends (RFC 9112 section 6.3).

use super::Limits;
use super::grammar::{pointed, quoted};
use super::head::{Head, StartLine};
use crate::http::message::trim_ows;
use crate::http::{Fields, Version, rules};
use crate::wire::{Rule, Span, Violation};

/// How the end of a message's body is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Framing {
    /// There is none, whatever the fields say.
    None,
    /// After this many bytes.
    Length(u64),
    /// At the chunk of size zero.
    Chunked,
    /// When the connection ends: responses only.
    UntilClose,
    /// Never: the connection is no longer HTTP.
    Switched,
}

/// What a response's framing depends on beside its own head.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Asked {
    /// The request was HEAD.
    pub head: bool,
    /// The request was CONNECT.
    pub connect: bool,
    /// The request offered to change protocols with Upgrade.
    pub upgrade: bool,
}

/// Where the body of a request ends.
///
/// # Errors
/// Everything in the framing fields that two readers could read differently.
pub fn of_request(head: &Head, limits: &Limits) -> Result<Framing, Violation> {
    declared(head, limits).map(|framing| framing.unwrap_or(Framing::Length(0)))
}

/// Where the body of a response ends; `asked` says what it answers.
///
/// # Errors
/// The same as for requests, unless the response can have no body at all.
pub fn of_response(head: &Head, asked: Asked, limits: &Limits) -> Result<Framing, Violation> {
    let status = match &head.start_line {
        StartLine::Status(line) => line.status,
        StartLine::Request(_) => return Ok(Framing::None),
    };
    match bodiless(status, asked) {
        Some(framing) => Ok(framing),
        None => declared(head, limits).map(|framing| framing.unwrap_or(Framing::UntilClose)),
    }
}

/// The framing of responses that end with their head, whatever their fields say: answers to
/// HEAD, 1xx, 204, 304, and what changes the protocol.
pub fn bodiless(status: u16, asked: Asked) -> Option<Framing> {
    match status {
        101 if asked.upgrade => Some(Framing::Switched),
        200..=299 if asked.connect => Some(Framing::Switched),
        100..=199 | 204 | 304 => Some(Framing::None),
        _ if asked.head => Some(Framing::None),
        _ => None,
    }
}

/// What Transfer-Encoding and Content-Length declare; none where there is neither.
fn declared(head: &Head, limits: &Limits) -> Result<Option<Framing>, Violation> {
    let coded = head.fields.first(TRANSFER_ENCODING).is_some();
    let measured = head.fields.first(CONTENT_LENGTH).is_some();
    match (coded, measured) {
        (false, false) => Ok(None),
        (false, true) => content_length(head, limits).map(|len| Some(Framing::Length(len))),
        (true, true) => Err(Violation {
            rule: &rules::LENGTH_WITH_CODING,
            span: head.place_of(CONTENT_LENGTH, 0),
            found: "The message has both Transfer-Encoding and Content-Length.".into(),
            legal: "one of the two".into(),
            code: 400,
        }),
        (true, false) => transfer_coding(head).map(Some),
    }
}

/// The one value of every Content-Length line and list member.
fn content_length(head: &Head, limits: &Limits) -> Result<u64, Violation> {
    let mut agreed: Option<u64> = None;
    for (nth, value) in head.fields.all(CONTENT_LENGTH).enumerate() {
        let span = head.place_of(CONTENT_LENGTH, nth);
        for member in value.split(',').map(trim_ows) {
            let length = read_length(member).ok_or_else(|| bad_length(span, value))?;
            match agreed {
                Some(before) if before != length => return Err(conflict(span, before, length)),
                Some(_) | None => agreed = Some(length),
            }
        }
    }
    let length = agreed.unwrap_or(0);
    if length > limits.body_max {
        return Err(Violation {
            rule: &rules::CONTENT_LIMIT,
            span: head.place_of(CONTENT_LENGTH, 0),
            found: format!("The message announces {length} bytes of content."),
            legal: format!("at most {} bytes", limits.body_max),
            code: 413,
        });
    }
    Ok(length)
}

/// A length: digits and nothing else, at most what sixty-four bits hold. Too large a number
/// saturates, so that it is refused for its size.
fn read_length(member: &str) -> Option<u64> {
    let digits = !member.is_empty() && member.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| member.parse().unwrap_or(u64::MAX))
}

/// What Transfer-Encoding declares: we know the chunked coding, and it must come last and once.
fn transfer_coding(head: &Head) -> Result<Framing, Violation> {
    let span = head.place_of(TRANSFER_ENCODING, 0);
    let all: Vec<&str> = head.fields.list(TRANSFER_ENCODING).collect();
    let fault = |rule: &'static Rule, found: String, code| {
        let (span, legal) = (pointed(span), "Transfer-Encoding: chunked".into());
        Err(Violation { rule, span, found, legal, code })
    };
    let value = quoted(all.join(", ").as_bytes());
    if head.version() == Version::Http10 {
        let found = "A message of HTTP/1.0 has Transfer-Encoding.".to_string();
        return fault(&rules::CODING_IN_1_0, found, 400);
    }
    let is_chunked = |coding: &&str| coding.eq_ignore_ascii_case("chunked");
    match all.as_slice() {
        [only] if is_chunked(only) => Ok(Framing::Chunked),
        [before @ .., last] if is_chunked(last) && !before.iter().any(is_chunked) => {
            fault(&rules::CODING_UNKNOWN, format!("The body is coded as {value}."), 501)
        }
        _ => fault(&rules::CHUNKED_LAST, format!("The body is coded as {value}."), 400),
    }
}

impl Head {
    /// A head that is to be sent, to be judged by the rules that its reader will judge it by.
    pub fn to_send(start_line: StartLine, fields: Fields) -> Head {
        let start_line_at = Span::default();
        Head { start_line, fields, places: Vec::new(), start_line_at, len: 0 }
    }

    /// The version that the start line states.
    pub fn version(&self) -> Version {
        match &self.start_line {
            StartLine::Request(line) => line.version,
            StartLine::Status(line) => line.version,
        }
    }
}

/// Whether the sender of a message wants the connection to go on after it, as far as its version
/// and Connection field say (RFC 9112 section 9.3).
pub fn persists(version: Version, fields: &Fields) -> bool {
    match version {
        _ if fields.has("Connection", "close") => false,
        Version::Http11 => true,
        Version::Http10 => fields.has("Connection", "keep-alive"),
    }
}

fn bad_length(span: Span, value: &str) -> Violation {
    Violation {
        rule: &rules::CONTENT_LENGTH,
        span: pointed(span),
        found: format!("{} is no Content-Length.", quoted(value.as_bytes())),
        legal: "decimal digits and nothing else".into(),
        code: 400,
    }
}

fn conflict(span: Span, before: u64, length: u64) -> Violation {
    Violation {
        rule: &rules::LENGTHS_DIFFER,
        span,
        found: format!("Content-Length says {before}, and then {length}."),
        legal: "one length".into(),
        code: 400,
    }
}

const CONTENT_LENGTH: &str = "Content-Length";
const TRANSFER_ENCODING: &str = "Transfer-Encoding";
