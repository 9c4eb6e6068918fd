//! An outline of a mail as it goes over the wire: where its header fields stand, and its body.
//!
//! SMTP itself reads nothing of this; what the fields say is a matter of the message format.

use crate::smtp::rules;
use crate::wire::{Notes, Span};

/// Where the parts of a mail stand, as far as its lines have been looked at.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Outline {
    fields: Vec<Field>,
    /// The empty line after the header section.
    empty: Option<Span>,
    /// Whether a line has come that is no header field: the body, without an empty line before it.
    headless: Option<usize>,
    dots: Vec<Span>,
}

#[derive(Clone, PartialEq, Debug)]
struct Field {
    span: Span,
    name: String,
    value: String,
}

impl Outline {
    /// Looks at a line without its CRLF; `span` is the line with it.
    pub(super) fn line(&mut self, span: Span, line: &[u8]) {
        if line.first() == Some(&b'.') {
            self.dots.push(Span::new(span.start, span.start + 1));
        }
        if self.empty.is_some() || self.headless.is_some() {
            return;
        }
        let text = String::from_utf8_lossy(line);
        if line.is_empty() {
            self.empty = Some(span);
        } else if text.starts_with([' ', '\t']) && !self.fields.is_empty() {
            if let Some(field) = self.fields.last_mut() {
                field.span.end = span.end;
                field.value.push_str(&text);
            }
        } else if let Some((name, value)) = text.split_once(':').filter(|(name, _)| is_name(name)) {
            let (name, value) = (name.to_string(), value.trim().to_string());
            self.fields.push(Field { span, name, value });
        } else {
            self.headless = Some(span.start);
        }
    }

    /// Passes over a line that was too long to keep.
    pub(super) fn skip(&mut self, len: usize) {
        let end = self.fields.last().map_or(0, |field| field.span.end);
        if self.empty.is_none() && self.headless.is_none() && len > 0 {
            self.headless = Some(end);
        }
    }

    /// Notes the parts of a mail whose data ends at `end`.
    pub(super) fn note(&mut self, end: usize, notes: &mut Notes) {
        for field in core::mem::take(&mut self.fields) {
            notes.note(0, field.span, field.name, Some(&rules::CONTENT), || field.value);
        }
        let mut body = self.headless.unwrap_or(end);
        if let Some(empty) = self.empty {
            notes.note(0, empty, "empty line", Some(&rules::CONTENT), String::new);
            body = empty.end;
        }
        let span = Span::new(body, end);
        if !span.is_empty() {
            notes.note(0, span, "body", Some(&rules::CONTENT), || format!("{} B", span.len()));
        }
        for dot in core::mem::take(&mut self.dots) {
            notes.note(1, dot, "stuffed dot", Some(&rules::TRANSPARENCY), || "taken off".into());
        }
    }
}

/// Printable ASCII without a colon (RFC 5322 section 3.6.8).
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| matches!(byte, 0x21..=0x7e))
}
