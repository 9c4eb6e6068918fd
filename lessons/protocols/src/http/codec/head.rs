//! The head of a message: empty lines before it, start line, fields (RFC 9112 section 2.1).

use super::fields::{FieldSection, Place};
use super::lines::{Bound, Lines};
use super::start_line::{RequestLine, StatusLine, request_line, status_line};
use super::{Limits, Role};
use crate::http::{Fields, Request, Response, rules};
use crate::wire::{Notes, Span, Violation};

/// Reads one head, however its bytes are cut.
#[derive(Clone, PartialEq, Debug)]
pub struct HeadReader {
    role: Role,
    lines: Lines,
    empty_lines: usize,
    start_line: Option<StartLine>,
    section: FieldSection,
}

/// A head that has been read, and where its parts stand.
#[derive(Clone, PartialEq, Debug)]
pub struct Head {
    /// The start line.
    pub start_line: StartLine,
    /// The header fields in order.
    pub fields: Fields,
    /// Where each field stands, in the same order.
    pub places: Vec<Place>,
    /// Where the start line stands, without its CRLF.
    pub start_line_at: Span,
    /// How many bytes the head is, with empty lines before it and the one that ends it.
    pub len: usize,
}

/// The first line of a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StartLine {
    /// Of a request.
    Request(RequestLine),
    /// Of a response.
    Status(StatusLine),
}

impl HeadReader {
    /// Reads the head of a request (as a server) or of a response (as a client).
    pub fn new(role: Role) -> HeadReader {
        HeadReader {
            role,
            lines: Lines::default(),
            empty_lines: 0,
            start_line: None,
            section: FieldSection::in_head(0),
        }
    }

    /// Reads on in `bytes`, which always begin where the message does. None until the empty line
    /// that ends the head has arrived.
    ///
    /// # Errors
    /// The first byte or line that breaks a rule; its span counts from the start of the message.
    pub fn read(
        &mut self,
        bytes: &[u8],
        limits: &Limits,
        notes: &mut Notes,
    ) -> Result<Option<Head>, Violation> {
        while self.start_line.is_none() {
            let Some(line) = self.lines.next(bytes, self.bound(bytes, limits))? else {
                return Ok(None);
            };
            if line.is_empty() {
                self.empty_line(line, limits, notes)?;
                continue;
            }
            let text = line.of(bytes);
            self.start_line = Some(match self.role {
                Role::Server => StartLine::Request(request_line(text, line.start, notes)?),
                Role::Client => StartLine::Status(status_line(text, line.start, notes)?),
            });
            let crlf = Span::new(line.end, line.end + 2);
            notes.note(0, crlf, "CRLF", Some(&rules::LINE_END), String::new);
            self.section = FieldSection::in_head(line.end + 2);
        }
        let rest = bytes.get(self.lines.start..).unwrap_or(&[]);
        let Some(len) = self.section.read(rest, self.role, limits, notes)? else { return Ok(None) };
        let Some(start_line) = self.start_line.take() else { return Ok(None) };
        let (fields, places) = self.section.finish();
        let start_line_at = Span::new(self.empty_lines * 2, self.lines.start.saturating_sub(2));
        let len = self.lines.start + len;
        Ok(Some(Head { start_line, fields, places, start_line_at, len }))
    }

    /// Whether anything but empty lines has been looked at.
    pub fn has_begun(&self, bytes: &[u8]) -> bool {
        self.start_line.is_some() || bytes.len() > self.empty_lines * 2
    }

    /// The start line, if it has been read and the fields not yet.
    pub fn start_line(&self) -> Option<&StartLine> {
        self.start_line.as_ref()
    }

    /// The fields read so far.
    pub fn fields(&self) -> &Fields {
        self.section.fields()
    }

    /// Where the line begins that has not ended yet.
    pub fn unread(&self) -> usize {
        if self.start_line.is_some() { self.section.unread() } else { self.lines.start }
    }

    fn empty_line(
        &mut self,
        line: Span,
        limits: &Limits,
        notes: &mut Notes,
    ) -> Result<(), Violation> {
        self.empty_lines += 1;
        let span = Span::new(line.end, line.end + 2);
        if self.empty_lines > limits.empty_lines_max {
            return Err(Violation {
                rule: &rules::EMPTY_LINES,
                span,
                found: format!("More than {} empty lines come first.", limits.empty_lines_max),
                legal: "a start line".into(),
                code: 400,
            });
        }
        notes.note(0, span, "empty line", Some(&rules::EMPTY_LINES), || "ignored".into());
        Ok(())
    }

    /// How long the start line may be, and what is wrong when it is longer: the method, or the
    /// target (RFC 9112 section 3).
    fn bound(&self, bytes: &[u8], limits: &Limits) -> Bound {
        let end_max = self.lines.start + limits.start_line_max;
        let line = bytes.get(self.lines.start..end_max.min(bytes.len())).unwrap_or(&[]);
        match self.role {
            Role::Server if line.len() < limits.start_line_max || line.contains(&b' ') => {
                Bound { end_max, rule: &rules::TARGET_LIMIT, code: 414 }
            }
            Role::Server => Bound { end_max, rule: &rules::METHOD_LIMIT, code: 501 },
            Role::Client => Bound { end_max, rule: &rules::HEAD_LIMIT, code: 0 },
        }
    }
}

impl Head {
    /// The request that this is; none for a response.
    pub fn into_request(self) -> Option<Request> {
        match self.start_line {
            StartLine::Request(RequestLine { method, target, version }) => {
                Some(Request { method, target, version, fields: self.fields })
            }
            StartLine::Status(_) => None,
        }
    }

    /// The response that this is; none for a request.
    pub fn into_response(self) -> Option<Response> {
        match self.start_line {
            StartLine::Status(StatusLine { version, status, reason }) => {
                Some(Response { version, status, reason, fields: self.fields })
            }
            StartLine::Request(_) => None,
        }
    }

    /// Where the value of the nth field of this name stands; the start line where there is none.
    pub fn place_of(&self, name: &str, nth: usize) -> Span {
        let named = |(field, place): (&crate::http::Field, &Place)| {
            field.name.eq_ignore_ascii_case(name).then_some(place.value)
        };
        self.fields
            .iter()
            .zip(&self.places)
            .filter_map(named)
            .nth(nth)
            .unwrap_or(self.start_line_at)
    }
}
