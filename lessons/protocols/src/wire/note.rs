//! Notes: which bytes said what.

use std::borrow::Cow;

use super::Rule;

/// A range of bytes, by offset from the start of whatever is being read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte; never before `start`.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` up to and without `end`; an end before the start gives none.
    pub const fn new(start: usize, end: usize) -> Span {
        Span { start, end: if end < start { start } else { end } }
    }

    /// How many bytes these are.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether these are no bytes at all.
    pub const fn is_empty(self) -> bool {
        self.end == self.start
    }

    /// Whether the byte at this offset is among them.
    pub const fn contains(self, offset: usize) -> bool {
        self.start <= offset && offset < self.end
    }

    /// The same bytes, counted from a point `by` bytes earlier.
    pub const fn shifted(self, by: usize) -> Span {
        Span { start: self.start + by, end: self.end + by }
    }

    /// These bytes of a buffer; none of them where the buffer is too short.
    pub fn of(self, bytes: &[u8]) -> &[u8] {
        bytes.get(self.start..self.end).unwrap_or(&[])
    }
}

/// One field that a codec read: these bytes, under this name, mean this.
#[derive(Clone, PartialEq, Debug)]
pub struct Note {
    /// Where the field is, counted from the start of its message.
    pub span: Span,
    /// The field's name in the standard's own words.
    pub name: Cow<'static, str>,
    /// What it says, for people; empty where the bytes speak for themselves (a space, a CRLF).
    pub value: String,
    /// How deep it is nested: 0 for the parts that tile the message, 1 for parts of those.
    pub depth: u8,
    /// The rule that gives the field its meaning.
    pub rule: Option<&'static Rule>,
}

/// The notes of one reading, or nothing at all when nobody wants them.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Notes {
    wanted: bool,
    list: Vec<Note>,
}

impl Notes {
    /// Takes no notes: for machines that only run.
    pub const fn off() -> Notes {
        Notes { wanted: false, list: Vec::new() }
    }

    /// Takes notes: for the inspector.
    pub const fn on() -> Notes {
        Notes { wanted: true, list: Vec::new() }
    }

    /// Whether notes are taken, for codecs that would compute a value only for them.
    pub const fn wanted(&self) -> bool {
        self.wanted
    }

    /// Notes a field at a depth; `value` is computed only when notes are taken.
    pub fn note(
        &mut self,
        depth: u8,
        span: Span,
        name: impl Into<Cow<'static, str>>,
        rule: Option<&'static Rule>,
        value: impl FnOnce() -> String,
    ) {
        if self.wanted {
            self.list.push(Note { span, name: name.into(), value: value(), depth, rule });
        }
    }

    /// Notes content that may come in several pieces: one that goes on where the note before it of
    /// the same name ends makes that longer. Its value is its size.
    pub fn content(&mut self, span: Span, name: &'static str, rule: Option<&'static Rule>) {
        match self.list.last_mut() {
            Some(last) if last.name == name && last.span.end == span.start => {
                last.span.end = span.end;
                last.value = format!("{} B", last.span.len());
            }
            Some(_) | None => self.note(0, span, name, rule, || format!("{} B", span.len())),
        }
    }

    /// The notes taken so far, in the order of reading.
    pub fn list(&self) -> &[Note] {
        &self.list
    }

    /// Hands the notes over and starts afresh.
    pub fn take(&mut self) -> Vec<Note> {
        core::mem::take(&mut self.list)
    }
}
