//! Quoted-printable: text that stays readable (RFC 2045 section 6.7).

use super::{Decoded, Piece};
use crate::mime::header::Line;
use crate::mime::{odd, rules};
use crate::wire::Span;

/// Takes quoted-printable off what stands here. An `=` that means nothing is kept as it is and
/// noted.
pub fn decode_quoted_printable(octets: &[u8], body: Span) -> Decoded {
    let mut decoded = Decoded::default();
    let mut at = body.start;
    while let Some(line) = Line::at(octets, at, body.end) {
        let from = decoded.bytes.len();
        let soft = decode_line(octets, line, &mut decoded);
        if !soft && line.end > line.text.end {
            decoded.bytes.extend_from_slice(octets.get(line.text.end..line.end).unwrap_or(&[]));
        }
        let piece = Span::new(from, decoded.bytes.len());
        decoded.pieces.push(Piece { encoded: Span::new(at, line.end), decoded: piece });
        at = line.end;
    }
    decoded
}

/// Decodes one line; whether it goes on in the next.
fn decode_line(octets: &[u8], line: Line, decoded: &mut Decoded) -> bool {
    let text = line.text.of(octets);
    // White space at the end of a line was put there on the way.
    let text = match line.end > line.text.end {
        true => trimmed(text),
        false => text,
    };
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let rest = text.get(at + 1..).unwrap_or(&[]);
        match (byte, rest) {
            (b'=', []) => return true,
            (b'=', [high, low, ..]) if hex(*high).is_some() && hex(*low).is_some() => {
                let (high, low) = (hex(*high).unwrap_or(0), hex(*low).unwrap_or(0));
                decoded.bytes.push(high << 4 | low);
                at += 3;
            }
            (b'=', _) => {
                let span = Span::new(line.text.start + at, line.text.start + at + 1);
                let found = "An `=` stands without two hexadecimal digits. It is kept.";
                odd(&mut decoded.oddities, &rules::QUOTED_PRINTABLE, span, found);
                decoded.bytes.push(b'=');
                at += 1;
            }
            (byte, _) => {
                decoded.bytes.push(*byte);
                at += 1;
            }
        }
    }
    false
}

/// Writes text as quoted-printable: lines of at most 76 characters; its own line ends stay.
pub fn encode_quoted_printable(text: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(text.len() + text.len() / 8);
    let mut at = 0;
    while let Some(line) = Line::at(text, at, text.len()) {
        encode_line(line.text.of(text), &mut encoded);
        if line.end > line.text.end {
            encoded.extend_from_slice(b"\r\n");
        }
        at = line.end;
    }
    encoded
}

fn encode_line(line: &[u8], encoded: &mut Vec<u8>) {
    let mut column = 0;
    for (at, byte) in line.iter().enumerate() {
        let last = at + 1 == line.len();
        let plain = match byte {
            b' ' | b'\t' => !last,
            b'=' => false,
            byte => byte.is_ascii_graphic(),
        };
        let width = if plain { 1 } else { 3 };
        let room = if last { LINE_MAX } else { LINE_MAX - 1 };
        if column + width > room {
            encoded.extend_from_slice(b"=\r\n");
            column = 0;
        }
        match plain {
            true => encoded.push(*byte),
            false => encoded.extend_from_slice(format!("={byte:02X}").as_bytes()),
        }
        column += width;
    }
}

fn trimmed(mut text: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// RFC 2045 section 6.7, rule 5: at most 76 characters with the `=` at the end.
const LINE_MAX: usize = 76;
