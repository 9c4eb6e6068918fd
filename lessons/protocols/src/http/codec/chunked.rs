//! The chunked transfer coding (RFC 9112 section 7.1).

use super::fields::FieldSection;
use super::grammar::{is_ows, is_tchar, is_text, quoted, text};
use super::lines::{Bound, Lines};
use super::{Limits, Role};
use crate::http::{Fields, rules};
use crate::wire::{Notes, Span, Violation};

/// Takes the chunked coding off, however the bytes are cut.
#[derive(Clone, PartialEq, Debug)]
pub struct ChunkedReader {
    role: Role,
    at: Place,
    /// Content bytes that the chunk sizes so far add up to.
    total: u64,
    /// Bytes of extensions so far.
    extensions: usize,
}

/// What the next bytes of a chunked body are. The caller takes them off the front of its buffer.
#[derive(Clone, PartialEq, Debug)]
pub enum Piece {
    /// Not enough of them to say.
    More,
    /// This many bytes of framing.
    Framing(usize),
    /// This many bytes of content, at least one.
    Content(usize),
    /// The end, after so many bytes.
    End {
        /// How many bytes the trailer section is, with the empty line.
        len: usize,
        /// The trailer fields.
        trailers: Fields,
    },
}

/// Where in the coding the next byte stands.
#[derive(Clone, PartialEq, Debug)]
enum Place {
    Size(Lines),
    Content { left: u64 },
    ContentEnd,
    Trailers(Box<FieldSection>),
}

impl ChunkedReader {
    /// At the first chunk's size.
    pub fn new(role: Role) -> ChunkedReader {
        ChunkedReader { role, at: Place::Size(Lines::default()), total: 0, extensions: 0 }
    }

    /// Says what comes first in `bytes`, which begin after all that was taken before, `at` bytes
    /// into the message.
    ///
    /// # Errors
    /// A size, an extension or a line end that breaks the grammar, or too much of anything.
    pub fn read(
        &mut self,
        bytes: &[u8],
        at: usize,
        limits: &Limits,
        notes: &mut Notes,
    ) -> Result<Piece, Violation> {
        match &mut self.at {
            Place::Size(lines) => {
                let (rule, end_max) = (&rules::CHUNK_EXTENSION_LIMIT, limits.chunk_line_max);
                let bound = Bound { end_max, rule, code: 400 };
                let moved = |v: Violation| Violation { span: v.span.shifted(at), ..v };
                match lines.next(bytes, bound).map_err(moved)? {
                    Some(line) => self.size(line.of(bytes), at, limits, notes),
                    None => Ok(Piece::More),
                }
            }
            Place::Content { left } => {
                let here = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                if here == 0 {
                    return Ok(Piece::More);
                }
                *left -= here as u64;
                if *left == 0 {
                    self.at = Place::ContentEnd;
                }
                let span = Span::new(at, at + here);
                notes.content(span, "chunk-data", Some(&rules::CHUNKED));
                Ok(Piece::Content(here))
            }
            Place::ContentEnd => self.content_end(bytes, at, notes),
            Place::Trailers(section) => {
                Ok(match section.read(bytes, self.role, limits, notes)? {
                    Some(len) => Piece::End { len, trailers: section.finish().0 },
                    None => Piece::More,
                })
            }
        }
    }

    /// The line before a chunk: its size in hex, and extensions that nobody reads.
    fn size(
        &mut self,
        line: &[u8],
        at: usize,
        limits: &Limits,
        notes: &mut Notes,
    ) -> Result<Piece, Violation> {
        let digits = line.iter().take_while(|b| b.is_ascii_hexdigit()).count();
        let (hex, extensions) = line.split_at(digits);
        let size = read_size(hex).ok_or_else(|| bad_size(line, at, digits))?;
        if !extensions_are_legal(extensions) {
            return Err(bad_extension(extensions, at + digits));
        }
        self.extensions += extensions.len();
        if self.extensions > limits.chunk_extensions_max {
            return Err(too_many_extensions(Span::new(at + digits, at + line.len()), limits));
        }
        let total = self.total.saturating_add(size);
        if total > limits.body_max {
            return Err(too_large(Span::new(at, at + digits), total, limits));
        }
        self.total = total;
        let len = line.len() + 2;
        let (name, rule) = match size {
            0 => ("last-chunk", &rules::LAST_CHUNK),
            _ => ("chunk-size", &rules::CHUNK_SIZE),
        };
        notes.note(0, Span::new(at, at + digits), name, Some(rule), || format!("{size} B"));
        if !extensions.is_empty() {
            let span = Span::new(at + digits, at + line.len());
            let says = || text(extensions);
            notes.note(0, span, "chunk-ext", Some(&rules::CHUNK_EXTENSION), says);
        }
        note_crlf(notes, at + line.len());
        self.at = match size {
            0 => Place::Trailers(Box::new(FieldSection::in_trailer(at + len))),
            left => Place::Content { left },
        };
        Ok(Piece::Framing(len))
    }

    /// The CRLF behind a chunk's content.
    fn content_end(
        &mut self,
        bytes: &[u8],
        at: usize,
        notes: &mut Notes,
    ) -> Result<Piece, Violation> {
        let wrong = match bytes {
            [b'\r', b'\n', ..] => {
                note_crlf(notes, at);
                self.at = Place::Size(Lines::default());
                return Ok(Piece::Framing(2));
            }
            [] | [b'\r'] => return Ok(Piece::More),
            [b'\r', other, ..] | [other, ..] => *other,
        };
        let at = if bytes.first() == Some(&b'\r') { at + 1 } else { at };
        Err(Violation {
            rule: &rules::CHUNKED,
            span: Span::new(at, at + 1),
            found: format!("The chunk does not end where its size says: {}.", quoted(&[wrong])),
            legal: "CR LF after the last byte of the chunk".into(),
            code: 400,
        })
    }
}

fn note_crlf(notes: &mut Notes, at: usize) {
    notes.note(0, Span::new(at, at + 2), "CRLF", Some(&rules::CHUNKED), String::new);
}

/// A size in hex; none if there is no digit, or more than sixty-four bits.
fn read_size(hex: &[u8]) -> Option<u64> {
    let digits = core::str::from_utf8(hex).ok().filter(|hex| !hex.is_empty())?;
    u64::from_str_radix(digits, 16).ok()
}

/// Whether this is `*( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )`.
fn extensions_are_legal(mut rest: &[u8]) -> bool {
    while !rest.is_empty() {
        let Some(after) = skip_ows(rest).strip_prefix(b";") else { return false };
        let Some(after) = skip_token(skip_ows(after)) else { return false };
        rest = match skip_ows(after).strip_prefix(b"=") {
            None => after,
            Some(value) => match skip_value(skip_ows(value)) {
                Some(after) => after,
                None => return false,
            },
        };
    }
    true
}

fn skip_ows(bytes: &[u8]) -> &[u8] {
    let count = bytes.iter().take_while(|b| is_ows(**b)).count();
    bytes.get(count..).unwrap_or(&[])
}

fn skip_token(bytes: &[u8]) -> Option<&[u8]> {
    let count = bytes.iter().take_while(|b| is_tchar(**b)).count();
    if count == 0 { None } else { bytes.get(count..) }
}

/// Skips a token or a quoted string (RFC 9110 section 5.6.4).
fn skip_value(bytes: &[u8]) -> Option<&[u8]> {
    let Some(mut inside) = bytes.strip_prefix(b"\"") else { return skip_token(bytes) };
    loop {
        inside = match inside {
            [b'"', rest @ ..] => return Some(rest),
            [b'\\', escaped, rest @ ..] if is_text(*escaped) => rest,
            [byte, rest @ ..] if is_text(*byte) && *byte != b'\\' => rest,
            _ => return None,
        }
    }
}

fn bad_size(line: &[u8], at: usize, digits: usize) -> Violation {
    let (rule, span) = match digits {
        0 => (&rules::CHUNK_SIZE, Span::new(at, at + line.len().max(1))),
        _ => (&rules::CHUNK_SIZE_LIMIT, Span::new(at, at + digits)),
    };
    let found = match digits {
        0 => format!("{} is no chunk size.", quoted(line)),
        _ => format!("The chunk size {} does not fit in 64 bits.", quoted(line)),
    };
    Violation { rule, span, found, legal: "a size in hex digits, such as 1a".into(), code: 400 }
}

fn bad_extension(extensions: &[u8], at: usize) -> Violation {
    Violation {
        rule: &rules::CHUNK_EXTENSION,
        span: Span::new(at, at + extensions.len()),
        found: format!("{} follows the chunk size.", quoted(extensions)),
        legal: "CRLF, or extensions such as ;name=value".into(),
        code: 400,
    }
}

fn too_many_extensions(span: Span, limits: &Limits) -> Violation {
    Violation {
        rule: &rules::CHUNK_EXTENSION_LIMIT,
        span,
        found: "The chunk extensions of the message are too long together.".into(),
        legal: format!("at most {} bytes of them", limits.chunk_extensions_max),
        code: 400,
    }
}

fn too_large(span: Span, total: u64, limits: &Limits) -> Violation {
    Violation {
        rule: &rules::CONTENT_LIMIT,
        span,
        found: format!("The chunks add up to {total} bytes."),
        legal: format!("at most {} bytes of content", limits.body_max),
        code: 413,
    }
}
