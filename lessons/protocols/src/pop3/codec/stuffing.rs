//! Byte-stuffing: how lines of any content are sent so that a lone dot can end them (RFC 1939
//! section 3).

use std::borrow::Cow;

/// Puts a dot before each line that begins with one. Lines end with CRLF and nothing else.
pub fn stuff(lines: &[u8]) -> Vec<u8> {
    let mut sent = Vec::with_capacity(lines.len() + lines.len() / 64);
    let mut before = [b'\r', b'\n'];
    for byte in lines {
        if *byte == b'.' && before == *b"\r\n" {
            sent.push(b'.');
        }
        sent.push(*byte);
        before = [before[1], *byte];
    }
    sent
}

/// The bytes as lines that can be sent: every LF with a CR before it, the last line ended. A
/// server counts a message's octets so (RFC 1939 section 11).
pub fn as_lines(bytes: &[u8]) -> Cow<'_, [u8]> {
    let ended = bytes.is_empty() || bytes.ends_with(b"\r\n");
    if ended && !has_bare_lf(bytes) {
        return Cow::Borrowed(bytes);
    }
    let mut lines = Vec::with_capacity(bytes.len() + bytes.len() / 32 + 2);
    for byte in bytes {
        if *byte == b'\n' && lines.last() != Some(&b'\r') {
            lines.push(b'\r');
        }
        lines.push(*byte);
    }
    if !lines.is_empty() && !lines.ends_with(b"\r\n") {
        lines.extend_from_slice(b"\r\n");
    }
    Cow::Owned(lines)
}

/// Whether some LF has no CR before it.
pub(super) fn has_bare_lf(bytes: &[u8]) -> bool {
    let mut before = 0;
    for byte in bytes {
        if *byte == b'\n' && before != b'\r' {
            return true;
        }
        before = *byte;
    }
    false
}
