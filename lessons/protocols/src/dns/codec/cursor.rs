//! A place in a message that moves forward, and notes what it passes.

use crate::dns::rules;
use crate::wire::{Note, Notes, Rule, Span, Violation};

/// A place in a message.
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    /// What may not be passed: the end of the message, or of the data of a record.
    end: usize,
    /// What gives that end.
    bound: &'static Rule,
    depth: u8,
    notes: Notes,
}

impl<'a> Cursor<'a> {
    /// At the start of a message; it fills `notes` if they are wanted.
    pub(super) fn new(bytes: &'a [u8], notes: &mut Notes) -> Cursor<'a> {
        let notes = core::mem::take(notes);
        Cursor { bytes, at: 0, end: bytes.len(), bound: &rules::MESSAGE, depth: 0, notes }
    }

    /// Gives the notes back.
    pub(super) fn into_notes(self) -> Notes {
        self.notes
    }

    /// The whole message, for pointers.
    pub(super) fn message(&self) -> &'a [u8] {
        self.bytes
    }

    /// The offset of the next byte.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// How many bytes are left before the bound.
    pub(super) fn left(&self) -> usize {
        self.end - self.at
    }

    /// The bytes of the next field.
    pub(super) fn take(&mut self, len: usize, name: &str) -> Result<&'a [u8], Violation> {
        let span = Span::new(self.at, self.at + len);
        match self.bytes.get(span.start..span.end) {
            Some(bytes) if span.end <= self.end => {
                self.at = span.end;
                Ok(bytes)
            }
            Some(_) | None => Err(self.short(name, len)),
        }
    }

    fn short(&self, name: &str, len: usize) -> Violation {
        let (what, legal) = match self.bound == &rules::RDLENGTH {
            true => ("data of the record", "a length of the data that holds all of it"),
            false => ("message", "a message that holds all that its header and lengths promise"),
        };
        let left = self.left();
        Violation {
            rule: self.bound,
            span: Span::new(self.at, self.end),
            found: match left {
                0 => format!("The {what} ends where {name} should be."),
                _ => format!("The {what} ends within {name}: {left} of {len} bytes are there."),
            },
            legal: legal.into(),
            code: FORMERR,
        }
    }

    /// A byte that is read and noted.
    pub(super) fn u8(&mut self, field: Field<u8>) -> Result<u8, Violation> {
        let value = match self.take(1, field.name)? {
            [value] => *value,
            _ => 0,
        };
        self.passed(1, field, value);
        Ok(value)
    }

    /// A number of two bytes that is read and noted.
    pub(super) fn u16(&mut self, field: Field<u16>) -> Result<u16, Violation> {
        let value = match self.take(2, field.name)? {
            [high, low] => u16::from_be_bytes([*high, *low]),
            _ => 0,
        };
        self.passed(2, field, value);
        Ok(value)
    }

    /// A number of four bytes that is read and noted.
    pub(super) fn u32(&mut self, field: Field<u32>) -> Result<u32, Violation> {
        let value = match self.take(4, field.name)? {
            [a, b, c, d] => u32::from_be_bytes([*a, *b, *c, *d]),
            _ => 0,
        };
        self.passed(4, field, value);
        Ok(value)
    }

    fn passed<T>(&mut self, len: usize, field: Field<T>, value: T) {
        let span = Span::new(self.at - len, self.at);
        self.note(span, field.name, field.rule, || (field.says)(value));
    }

    /// Notes something at the present depth.
    pub(super) fn note(
        &mut self,
        span: Span,
        name: &'static str,
        rule: &'static Rule,
        value: impl FnOnce() -> String,
    ) {
        self.notes.note(self.depth, span, name, Some(rule), value);
    }

    /// Notes something one level below the present depth.
    pub(super) fn note_below(
        &mut self,
        span: Span,
        name: &'static str,
        rule: &'static Rule,
        value: impl FnOnce() -> String,
    ) {
        self.notes.note(self.depth + 1, span, name, Some(rule), value);
    }

    /// Reads something that has parts: its own note stands before theirs, and theirs are deeper.
    /// What breaks off is noted as far as it went.
    pub(super) fn group<T>(
        &mut self,
        name: &'static str,
        rule: &'static Rule,
        says: impl FnOnce(&T) -> String,
        read: impl FnOnce(&mut Self) -> Result<T, Violation>,
    ) -> Result<T, Violation> {
        if !self.notes.wanted() {
            return read(self);
        }
        let start = self.at;
        let before = core::mem::replace(&mut self.notes, Notes::on());
        self.depth += 1;
        let outcome = read(self);
        self.depth -= 1;
        let parts = core::mem::replace(&mut self.notes, before).take();
        if start < self.at {
            let value = || outcome.as_ref().map_or_else(|_| "broken off".into(), says);
            self.note(Span::new(start, self.at), name, rule, value);
            for Note { span, name, value, depth, rule } in parts {
                self.notes.note(depth, span, name, rule, || value);
            }
        }
        outcome
    }

    /// Reads the data of a record, which has this length and is read to its last byte.
    pub(super) fn bounded<T>(
        &mut self,
        len: usize,
        read: impl FnOnce(&mut Self) -> Result<T, Violation>,
    ) -> Result<T, Violation> {
        let left = self.left();
        if len > left {
            return Err(Violation {
                rule: &rules::RDLENGTH,
                span: Span::new(self.at - 2, self.at),
                found: format!("The data has {len} bytes, it says; {left} are left."),
                legal: format!("a length of at most {left}"),
                code: FORMERR,
            });
        }
        let outer = (self.end, self.bound);
        (self.end, self.bound) = (self.at + len, &rules::RDLENGTH);
        let outcome = read(self);
        let (start, end) = (self.at, self.end);
        (self.end, self.bound) = outer;
        let value = outcome?;
        if start < end {
            return Err(Violation {
                rule: &rules::RDLENGTH,
                span: Span::new(start, end),
                found: format!("The data has {} bytes too many.", end - start),
                legal: "a length that is exactly what the type needs".into(),
                code: FORMERR,
            });
        }
        Ok(value)
    }
}

/// A field that is a number: its name, the rule that gives it, and what a value says.
pub(super) struct Field<T> {
    pub(super) name: &'static str,
    pub(super) rule: &'static Rule,
    pub(super) says: fn(T) -> String,
}

/// The response code for what cannot be read (RFC 1035 section 4.1.1).
pub(super) const FORMERR: u16 = 1;
