//! Mail as SMTP and POP3 send it: with a dot more before each line that begins with one, so that a
//! line with a dot alone can end it (RFC 5321 section 4.5.2, RFC 1939 section 3).

use bytes::Bytes;

use super::note_mail;
use crate::wire::{Note, Notes, Rule, Span};

/// Lines with the stuffed dots taken off, and where those were.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Unstuffed {
    /// The lines as they were before they were sent.
    pub bytes: Vec<u8>,
    /// Where dots were taken off, by offset in what was sent, in rising order.
    pub dots: Vec<usize>,
}

/// Takes the first dot off each line that begins with one.
pub fn unstuff(sent: &[u8]) -> Unstuffed {
    let mut lines = Unstuffed { bytes: Vec::with_capacity(sent.len()), dots: Vec::new() };
    let mut before = [b'\r', b'\n'];
    for (at, byte) in sent.iter().enumerate() {
        match *byte == b'.' && before == *b"\r\n" {
            true => lines.dots.push(at),
            false => lines.bytes.push(*byte),
        }
        before = [before[1], *byte];
    }
    lines
}

impl Unstuffed {
    /// Where a byte of the lines stood in what was sent.
    pub fn sent_at(&self, offset: usize) -> usize {
        // Dot number `n` stood before the byte that is now at its place less `n`: a rising row.
        let (mut low, mut high) = (0, self.dots.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.dots.get(middle) {
                Some(dot) if dot - middle <= offset => low = middle + 1,
                Some(_) | None => high = middle,
            }
        }
        offset + low
    }

    /// Where these bytes of the lines stood in what was sent. A dot that was stuffed before the
    /// first of them belongs to them, so that spans that join still do.
    pub fn sent_span(&self, span: Span) -> Span {
        let first = self.sent_at(span.start);
        let dotted = first > 0 && self.dots.binary_search(&(first - 1)).is_ok();
        let start = if dotted { first - 1 } else { first };
        match span.is_empty() {
            true => Span::new(start, start),
            false => Span::new(start, self.sent_at(span.end - 1) + 1),
        }
    }

    /// Notes the mail that these lines are, with spans that count in what was sent, which stands
    /// `at` so many bytes into its message. Each stuffed dot is a note of its own, within the
    /// deepest field that it stands in. Those of this depth tile the mail.
    pub fn note_mail(&self, at: usize, depth: u8, stuffing: &'static Rule, notes: &mut Notes) {
        if !notes.wanted() {
            return;
        }
        let mut own = Notes::on();
        note_mail(&Bytes::copy_from_slice(&self.bytes), &mut own);
        let fields =
            own.take().into_iter().map(|Note { span, name, value, depth: inner, rule }| {
                let depth = depth.saturating_add(inner);
                Note { span: self.sent_span(span), name, value, depth, rule }
            });
        for Note { span, name, value, depth, rule } in self.with_dots(fields, depth, stuffing) {
            notes.note(depth, span.shifted(at), name, rule, || value);
        }
    }

    /// Puts the dots among fields that stand in the order of reading, outer ones first.
    fn with_dots(
        &self,
        fields: impl Iterator<Item = Note>,
        depth: u8,
        rule: &'static Rule,
    ) -> Vec<Note> {
        let mut dots = self.dots.iter().peekable();
        let mut open: Vec<Open> = Vec::new();
        let mut all = Vec::new();
        let put = |dot: usize, open: &mut Vec<Open>, all: &mut Vec<Note>| {
            open.retain(|field| field.end > dot);
            let depth = open.last().map_or(depth, |field| field.depth.saturating_add(1));
            let (span, name) = (Span::new(dot, dot + 1), "stuffed dot".into());
            all.push(Note { span, name, value: "taken off".into(), depth, rule: Some(rule) });
        };
        for field in fields {
            while let Some(dot) = dots.next_if(|dot| **dot < field.span.start) {
                put(*dot, &mut open, &mut all);
            }
            open.retain(|outer| outer.depth < field.depth);
            open.push(Open { end: field.span.end, depth: field.depth });
            all.push(field);
        }
        dots.for_each(|dot| put(*dot, &mut open, &mut all));
        all
    }
}

/// A field that has begun.
struct Open {
    end: usize,
    depth: u8,
}
