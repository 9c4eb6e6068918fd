//! Finds the ends of lines, and what may not stand in one.

use crate::pop3::rules;
use crate::wire::{Rule, Span, Violation};

/// How far the search for the end of a line has got.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LineReader {
    /// How far the end has been looked for.
    scanned: usize,
}

/// One line with what ends it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Line {
    /// What stands in it.
    pub text: Span,
    /// The LF, and the CR before it where there is one.
    pub end: Span,
}

impl LineReader {
    /// The line at the beginning of `bytes`, or none if its end has not arrived. Any LF ends it, so
    /// that what is wrong with a line can be said before the next.
    pub fn read(&mut self, bytes: &[u8]) -> Option<Line> {
        let rest = bytes.get(self.scanned..).unwrap_or(&[]);
        let Some(found) = rest.iter().position(|byte| *byte == b'\n') else {
            self.scanned = bytes.len();
            return None;
        };
        let lf = self.scanned + found;
        self.scanned = 0;
        let after_cr = lf > 0 && bytes.get(lf - 1) == Some(&b'\r');
        let end = if after_cr { lf - 1 } else { lf };
        Some(Line { text: Span::new(0, end), end: Span::new(end, lf + 1) })
    }
}

impl Line {
    /// How many bytes the line is, with its end.
    pub const fn len(self) -> usize {
        self.end.end
    }

    /// Whether nothing stands in it.
    pub const fn is_empty(self) -> bool {
        self.text.is_empty()
    }

    /// Checks the line's length, its end, and that nothing but text stands in it.
    ///
    /// # Errors
    /// The first byte that may not stand where it stands.
    pub fn check(self, bytes: &[u8], max: usize, limit: &'static Rule) -> Result<(), Violation> {
        if self.len() > max {
            return Err(Violation {
                rule: limit,
                span: Span::new(max.min(self.len() - 1), self.len()),
                found: format!("The line has {} bytes.", self.len()),
                legal: format!("at most {max} with its CRLF"),
                code: 0,
            });
        }
        if self.end.len() < 2 {
            return Err(Violation {
                rule: &rules::CRLF,
                span: self.end,
                found: "The line ends with LF alone.".into(),
                legal: "CR LF, both bytes, at the end of every line".into(),
                code: 0,
            });
        }
        let text = self.text.of(bytes);
        match text.iter().position(|byte| byte.is_ascii_control()) {
            Some(at) => Err(control(at, text.get(at).copied().unwrap_or_default())),
            None => Ok(()),
        }
    }
}

/// A line that has not ended although it is longer than any that is read.
pub(crate) fn endless(max: usize, rule: &'static Rule) -> Violation {
    Violation {
        rule,
        span: Span::new(0, max),
        found: format!("The line goes on after {max} bytes."),
        legal: "a line that ends".into(),
        code: 0,
    }
}

fn control(at: usize, byte: u8) -> Violation {
    let name = match byte {
        b'\r' => "CR without an LF after it",
        0 => "NUL",
        _ => "a control character",
    };
    Violation {
        rule: &rules::PRINTABLE,
        span: Span::new(at, at + 1),
        found: format!("The byte 0x{byte:02x} ({name}) stands in a line."),
        legal: "printable characters".into(),
        code: 0,
    }
}
