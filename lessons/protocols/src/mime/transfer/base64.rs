//! Base64: three bytes as four letters (RFC 2045 section 6.8).

use super::{Decoded, Piece};
use crate::mime::header::Line;
use crate::mime::{odd, rules};
use crate::wire::Span;

/// Takes base64 off what stands here. What is no letter of it is skipped, and noted where it is
/// no line end.
pub fn decode_base64(octets: &[u8], body: Span) -> Decoded {
    let mut decoded = Decoded::default();
    let (mut bits, mut count, mut padding) = (0_u32, 0_u8, 0_u8);
    let mut at = body.start;
    while let Some(line) = Line::at(octets, at, body.end) {
        let from = decoded.bytes.len();
        for (offset, byte) in line.text.of(octets).iter().enumerate() {
            let here = line.text.start + offset;
            match value(*byte) {
                _ if matches!(byte, b' ' | b'\t' | b'\r') => {}
                Some(_) if padding > 0 => skipped(&mut decoded, here, "stands behind the padding"),
                Some(six) => {
                    (bits, count) = (bits << 6 | u32::from(six), count + 1);
                    if count == 4 {
                        decoded.bytes.extend_from_slice(&bits.to_be_bytes()[1..]);
                        (bits, count) = (0, 0);
                    }
                }
                None if *byte == b'=' && count >= 2 => {
                    padding += 1;
                    if padding == 4 - count {
                        flush(&mut decoded, bits, count);
                        count = 0;
                    }
                }
                None if *byte == b'=' && padding > 0 => skipped(&mut decoded, here, "is too much"),
                None => skipped(&mut decoded, here, "is no letter of base64"),
            }
        }
        let piece = Span::new(from, decoded.bytes.len());
        decoded.pieces.push(Piece { encoded: Span::new(at, line.end), decoded: piece });
        at = line.end;
    }
    if count > 0 {
        let found = "The last group is not complete. What it holds of whole bytes is taken.";
        odd(&mut decoded.oddities, &rules::BASE64_PADDING, body, found);
        flush(&mut decoded, bits, count);
    }
    decoded
}

/// Writes bytes as base64 in lines of at most 76 letters, each with its CRLF.
pub fn encode_base64(bytes: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(bytes.len() / 57 * 78 + 80);
    for line in bytes.chunks(BYTES_PER_LINE) {
        for group in line.chunks(3) {
            encoded.extend_from_slice(&letters(group));
        }
        encoded.extend_from_slice(b"\r\n");
    }
    encoded
}

/// What a line of base64 in a dialogue says, to show that it hides nothing; `*` alone gives up
/// (RFC 4954 section 4, RFC 5034 section 4).
pub(crate) fn shown_base64(text: &[u8]) -> String {
    match text {
        b"*" => return "the client gives up".into(),
        b"" | b"=" => return "empty".into(),
        _ => {}
    }
    let decoded = decode_base64(text, Span::new(0, text.len()));
    let len = decoded.bytes.len();
    let plain = String::from_utf8(decoded.bytes).ok().filter(|_| decoded.oddities.is_empty());
    // The mechanism PLAIN has NULs between its fields.
    match plain.filter(|plain| !plain.chars().any(|c| c.is_control() && c != '\0')) {
        Some(plain) => format!("base64 of `{}`", plain.escape_debug()),
        None => format!("{len} B"),
    }
}

/// The four letters of one to three bytes.
pub(in crate::mime) fn letters(group: &[u8]) -> [u8; 4] {
    let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
    let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
    let letter = |at: usize| {
        let six = (bits >> (18 - 6 * at)) & 63;
        match at <= group.len() {
            true => usize::try_from(six).ok().and_then(|six| ALPHABET.get(six)).copied(),
            false => None,
        }
        .unwrap_or(b'=')
    };
    [letter(0), letter(1), letter(2), letter(3)]
}

/// The whole bytes of a group that has fewer than four letters.
fn flush(decoded: &mut Decoded, bits: u32, count: u8) {
    match count {
        2 => decoded.bytes.push((bits >> 4 & 0xff) as u8),
        3 => {
            decoded.bytes.extend_from_slice(&[(bits >> 10 & 0xff) as u8, (bits >> 2 & 0xff) as u8])
        }
        _ => {}
    }
}

fn value(letter: u8) -> Option<u8> {
    Some(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

fn skipped(decoded: &mut Decoded, at: usize, what: &str) {
    let found = format!("A character {what}. It is skipped.");
    odd(&mut decoded.oddities, &rules::BASE64, Span::new(at, at + 1), &found);
}

/// RFC 2045 section 6.8: lines of at most 76 letters.
const BYTES_PER_LINE: usize = 57;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
