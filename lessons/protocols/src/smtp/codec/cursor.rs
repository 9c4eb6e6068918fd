//! A place in a line that is being read, and the words for what is wrong there.

use crate::wire::{Notes, Rule, Span, Violation};

/// A place in a line that is being read.
pub(super) struct Cursor<'a> {
    line: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(line: &'a [u8]) -> Cursor<'a> {
        Cursor { line, at: 0 }
    }

    /// The offset in the line.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// The next byte, which stays.
    pub(super) fn peek(&self) -> Option<u8> {
        self.line.get(self.at).copied()
    }

    /// Takes the next byte if it is this one.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let is = self.peek() == Some(byte);
        self.at += usize::from(is);
        is
    }

    /// Takes bytes as long as they are of this kind.
    pub(super) fn take_while(&mut self, is: impl Fn(u8) -> bool) -> Span {
        let start = self.at;
        while self.peek().is_some_and(&is) {
            self.at += 1;
        }
        Span::new(start, self.at)
    }

    /// Takes a word if it comes next, whatever the case of its letters.
    pub(super) fn eat_word(&mut self, word: &str) -> Option<Span> {
        let span = Span::new(self.at, self.at + word.len());
        if !span.of(self.line).eq_ignore_ascii_case(word.as_bytes()) || word.is_empty() {
            return None;
        }
        self.at = span.end;
        Some(span)
    }

    /// Everything that is left.
    pub(super) fn rest(&mut self) -> Span {
        let span = Span::new(self.at, self.line.len());
        self.at = span.end;
        span
    }

    /// These bytes as text; the codec lets only ASCII get here.
    pub(super) fn text(&self, span: Span) -> String {
        String::from_utf8_lossy(span.of(self.line)).into_owned()
    }

    /// From an offset to here.
    pub(super) const fn since(&self, start: usize) -> Span {
        Span::new(start, self.at)
    }

    /// A violation at the next byte, or at the end of the line.
    pub(super) fn wrong_here(
        &self,
        rule: &'static Rule,
        found: &str,
        legal: &str,
        code: u16,
    ) -> Violation {
        let end = self.line.len().min(self.at + 1);
        let found = match self.peek() {
            Some(byte) => format!("{found} Here is {}.", shown(byte)),
            None => format!("{found} The line ends here."),
        };
        let span = Span::new(self.at, end);
        Violation { rule, span, found, legal: legal.into(), code }
    }

    /// Notes a field that its own text explains.
    pub(super) fn note(
        &self,
        notes: &mut Notes,
        depth: u8,
        span: Span,
        name: &'static str,
        rule: Option<&'static Rule>,
    ) {
        notes.note(depth, span, name, rule, || self.text(span));
    }
}

/// A byte in words.
pub(super) fn shown(byte: u8) -> String {
    match byte {
        b' ' => "a space".into(),
        0x21..=0x7e => format!("`{}`", char::from(byte)),
        _ => format!("the byte 0x{byte:02x}"),
    }
}
