//! Where the parts of a multipart body begin and end (RFC 2046 section 5.1.1).

use super::header::Line;
use crate::wire::Span;

/// A body taken apart at its delimiters.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Cut {
    /// What stands before the first delimiter.
    pub(super) preamble: Span,
    /// Each delimiter, with the line end before it, and the close-delimiter if there is one.
    pub(super) delimiters: Vec<Span>,
    /// What stands between them, as many as there are delimiters that open a part.
    pub(super) parts: Vec<Span>,
    /// What stands behind the close-delimiter.
    pub(super) epilogue: Span,
    /// Whether the close-delimiter was there.
    pub(super) closed: bool,
}

/// Takes a body apart; at most so many parts, the last of which is then the rest.
pub(super) fn cut(octets: &[u8], body: Span, boundary: &str, parts_max: usize) -> Cut {
    let mut cut = Cut { preamble: Span::new(body.start, body.end), ..Cut::default() };
    cut.epilogue = Span::new(body.end, body.end);
    let mut at = body.start;
    while let Some(line) = Line::at(octets, at, body.end) {
        at = line.end;
        let Some(kind) = delimiter(line.text.of(octets), boundary.as_bytes()) else { continue };
        let start = before_line_end(octets, body.start.max(cut.open_from()), line.text.start);
        cut.end_part(start);
        cut.delimiters.push(Span::new(start, line.end));
        match kind {
            Delimiter::Close => {
                cut.closed = true;
                cut.epilogue = Span::new(line.end, body.end);
                break;
            }
            Delimiter::Open => cut.parts.push(Span::new(line.end, body.end)),
        }
        if cut.parts.len() >= parts_max {
            break;
        }
    }
    cut
}

impl Cut {
    /// Where the present part, or the preamble, begins.
    fn open_from(&self) -> usize {
        self.parts.last().map_or(self.preamble.start, |part| part.start)
    }

    /// The present part, or the preamble, ends here.
    fn end_part(&mut self, at: usize) {
        match self.parts.last_mut() {
            Some(part) => *part = Span::new(part.start, at),
            None => self.preamble = Span::new(self.preamble.start, at),
        }
    }
}

enum Delimiter {
    Open,
    Close,
}

/// What a line delimits: two hyphens and the boundary at its beginning, and then nothing but white
/// space, behind two more hyphens if it is the last.
fn delimiter(line: &[u8], boundary: &[u8]) -> Option<Delimiter> {
    let rest = line.strip_prefix(b"--")?.strip_prefix(boundary)?;
    let (kind, rest) = match rest.strip_prefix(b"--") {
        Some(rest) => (Delimiter::Close, rest),
        None => (Delimiter::Open, rest),
    };
    rest.iter().all(|byte| matches!(byte, b' ' | b'\t')).then_some(kind)
}

/// The line end before a delimiter belongs to it, not to the part (RFC 2046 section 5.1.1).
fn before_line_end(octets: &[u8], from: usize, at: usize) -> usize {
    match octets.get(from..at).unwrap_or(&[]) {
        [.., b'\r', b'\n'] => at - 2,
        [.., b'\n'] => at - 1,
        _ => at,
    }
}
