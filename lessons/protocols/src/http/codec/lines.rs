//! Finds the ends of lines, and the bytes that may not stand in any line.
//!
//! It looks at each byte once, whenever it comes, so a head that arrives byte by byte costs no
//! more than one that arrives whole, and a fault is found at the same byte however it was cut.

use super::grammar::is_text;
use crate::http::rules;
use crate::wire::{Rule, Span, Violation};

/// How far the search for line ends has got in a run of bytes.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Lines {
    /// Where the line begins that has not ended yet.
    pub(super) start: usize,
    /// How far its end has been looked for.
    scanned: usize,
}

/// What a line may not exceed, and what to say when it does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound {
    /// The offset that the line's end must come before.
    pub(super) end_max: usize,
    /// The rule that sets the limit.
    pub(super) rule: &'static Rule,
    /// The status to answer with.
    pub(super) code: u16,
}

impl Lines {
    /// The next whole line without its CRLF, or none if it has not arrived yet.
    ///
    /// `bytes` always begins at the same place; spans count from there.
    pub(super) fn next(&mut self, bytes: &[u8], bound: Bound) -> Result<Option<Span>, Violation> {
        for (at, byte) in bytes.iter().enumerate().skip(self.scanned) {
            self.scanned = at + 1;
            #[cfg(test)]
            LOOKED_AT.with(|count| count.set(count.get() + 1));
            let after_cr = at > self.start && bytes.get(at - 1) == Some(&b'\r');
            match byte {
                b'\n' if after_cr => {
                    let line = Span::new(self.start, at - 1);
                    self.start = at + 1;
                    return Ok(Some(line));
                }
                b'\n' => return Err(bare_lf(at)),
                _ if after_cr => return Err(bare_cr(at - 1)),
                _ if at >= bound.end_max => return Err(too_long(Span::new(self.start, at), bound)),
                b'\r' => {}
                byte if is_text(*byte) => {}
                byte => return Err(control(at, *byte)),
            }
        }
        Ok(None)
    }
}

fn bare_lf(at: usize) -> Violation {
    Violation {
        rule: &rules::BARE_LF,
        span: Span::new(at, at + 1),
        found: "A line ends with LF alone.".into(),
        legal: "CR LF, both bytes, at the end of every line".into(),
        code: 400,
    }
}

fn bare_cr(at: usize) -> Violation {
    Violation {
        rule: &rules::BARE_CR,
        span: Span::new(at, at + 1),
        found: "A CR stands without an LF after it.".into(),
        legal: "CR only as the first half of the CRLF that ends a line".into(),
        code: 400,
    }
}

fn control(at: usize, byte: u8) -> Violation {
    let name = if byte == 0 { "NUL" } else { "a control character" };
    Violation {
        rule: &rules::CONTROL_CHARACTER,
        span: Span::new(at, at + 1),
        found: format!("The byte 0x{byte:02x} ({name}) stands in the head of a message."),
        legal: "visible characters, spaces and tabs".into(),
        code: 400,
    }
}

fn too_long(span: Span, bound: Bound) -> Violation {
    Violation {
        rule: bound.rule,
        span,
        found: format!("The line goes on after {} bytes.", span.len()),
        legal: "a line that ends within the limit".into(),
        code: bound.code,
    }
}

#[cfg(test)]
std::thread_local! {
    /// How many bytes were looked at in search of line ends: the work of reading heads, counted.
    pub(crate) static LOOKED_AT: core::cell::Cell<usize> = const { core::cell::Cell::new(0) };
}
