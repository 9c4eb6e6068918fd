//! Finds the ends of lines: CR LF, both bytes, and nothing else.
//!
//! A CR or an LF that stands alone ends the reading. There is no form of end-of-data smuggling
//! that does without one: each relies on a server that takes a bare byte for a line's end, or
//! passes it on to one that does.

use crate::smtp::rules;
use crate::wire::{Rule, Span, Violation};

/// How far the search for the end of a line has got. The bytes given to it always begin where the
/// line does, or where its kept part does.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::smtp) struct Lines {
    scanned: usize,
    /// How many bytes of the line have been dropped, since it is too long to keep.
    dropped: usize,
}

/// What a line may not exceed.
#[derive(Clone, Copy, Debug)]
pub(in crate::smtp) struct Bound {
    /// How long it may be, its CRLF included.
    pub(in crate::smtp) max: usize,
    /// The rule that sets the limit.
    pub(in crate::smtp) rule: &'static Rule,
}

/// A line that has ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::smtp) enum Ended {
    /// It has so many bytes, its CRLF not counted; it is the beginning of the buffer.
    Line(usize),
    /// It was too long: so many bytes in all, its CRLF included. So many are still in the buffer.
    TooLong { whole: usize, buffered: usize },
}

/// What a reader wants done with its buffer when there is no line yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::smtp) enum Fault {
    /// A bare CR or LF: offset from the beginning of the line.
    Bare { at: usize, byte: u8 },
}

impl Lines {
    /// The end of the line that `bytes` begins with, or nothing if it has not come.
    pub(in crate::smtp) fn next(
        &mut self,
        bytes: &[u8],
        bound: Bound,
    ) -> Result<Option<Ended>, Fault> {
        for (at, byte) in bytes.iter().enumerate().skip(self.scanned) {
            self.scanned = at + 1;
            let after_cr = at > 0 && bytes.get(at - 1) == Some(&b'\r');
            if *byte == b'\n' && after_cr {
                let whole = self.dropped + at + 1;
                *self = Lines::default();
                return Ok(Some(match whole > bound.max {
                    true => Ended::TooLong { whole, buffered: at + 1 },
                    false => Ended::Line(at - 1),
                }));
            }
            if *byte == b'\n' {
                return Err(Fault::Bare { at: self.dropped + at, byte: b'\n' });
            }
            if after_cr {
                return Err(Fault::Bare { at: self.dropped + at - 1, byte: b'\r' });
            }
        }
        Ok(None)
    }

    /// How many bytes of the line have been dropped.
    pub(in crate::smtp) const fn dropped(&self) -> usize {
        self.dropped
    }

    /// How many bytes may be dropped from the front of the buffer: all but the last of a line that
    /// is too long already.
    pub(in crate::smtp) fn droppable(&mut self, buffered: usize, bound: Bound) -> usize {
        if self.dropped + buffered <= bound.max || buffered < 2 {
            return 0;
        }
        let drop = buffered - 1;
        self.dropped += drop;
        self.scanned -= drop.min(self.scanned);
        drop
    }
}

impl Fault {
    /// As a violation, with the place of the line in the stream and the reply's code.
    pub(in crate::smtp) fn into_violation(self, line_at: usize, code: u16) -> Violation {
        let Fault::Bare { at, byte } = self;
        let (rule, found) = match byte {
            b'\r' => (&rules::BARE_CR, "A CR stands without an LF after it."),
            _ => (&rules::BARE_LF, "An LF stands without a CR before it."),
        };
        Violation {
            rule,
            span: Span::new(at, at + 1).shifted(line_at),
            found: found.into(),
            legal: "CR and LF together, at the end of each line, and nowhere else".into(),
            code,
        }
    }
}

/// The violation of a line that is too long.
pub(in crate::smtp) fn too_long(span: Span, bound: Bound, code: u16) -> Violation {
    Violation {
        rule: bound.rule,
        span,
        found: format!("The line has {} octets with its CRLF.", span.len()),
        legal: format!("at most {} octets", bound.max),
        code,
    }
}
