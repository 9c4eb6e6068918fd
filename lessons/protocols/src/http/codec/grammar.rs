//! Which characters may stand where (RFC 9110 section 5.6, RFC 3986 sections 2 and 3).

use crate::wire::Span;

/// Whether this byte may stand in a token: method, field name, option (RFC 9110 section 5.6.2).
pub const fn is_tchar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_'
        )
        || matches!(byte, b'`' | b'|' | b'~')
}

/// Whether this is a token: at least one [`is_tchar`], and nothing else.
pub fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(|b| is_tchar(*b))
}

/// Whether this byte is optional white space: SP or HTAB (RFC 9110 section 5.6.3).
pub const fn is_ows(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Whether this byte may stand in a field value or reason phrase: HTAB, SP, a visible character,
/// or one over 127 (RFC 9110 section 5.5).
pub const fn is_text(byte: u8) -> bool {
    matches!(byte, b'\t' | b' '..=b'~' | 0x80..=0xff)
}

/// Whether this byte may stand in a URI as itself (RFC 3986 section 2); `%` is left to
/// [`bad_uri_byte`], which looks at the two digits behind it.
const fn is_uri_char(byte: u8) -> bool {
    is_pchar(byte) || matches!(byte, b'/' | b'?' | b'[' | b']')
}

/// Whether this byte may stand in a path segment, but for `%` (RFC 3986 section 3.3).
const fn is_pchar(byte: u8) -> bool {
    is_reg_name_char(byte) || matches!(byte, b':' | b'@')
}

/// Whether this byte may stand in a registered name, but for `%` (RFC 3986 section 3.2.2).
const fn is_reg_name_char(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'-' | b'.' | b'_' | b'~')
        || matches!(
            byte,
            b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'='
        )
}

/// The offset of the first byte that may not stand in a URI where it stands.
pub fn bad_uri_byte(bytes: &[u8]) -> Option<usize> {
    bad_byte(bytes, is_uri_char)
}

/// Whether this is a host and, after a colon, perhaps a port (RFC 9110 section 7.2). The host may
/// be empty, and so may the port.
pub fn is_host(bytes: &[u8]) -> bool {
    let (host, port) = split_port(bytes);
    port.iter().all(u8::is_ascii_digit) && is_uri_host(host)
}

/// Whether this is a host, a colon and a port: the authority-form (RFC 9112 section 3.2.3).
pub fn is_host_and_port(bytes: &[u8]) -> bool {
    let (host, port) = split_port(bytes);
    let named = !host.is_empty() && is_uri_host(host);
    named && !port.is_empty() && port.iter().all(u8::is_ascii_digit)
}

/// Cuts `host:port` at the colon that is not inside the brackets of an IPv6 address.
fn split_port(bytes: &[u8]) -> (&[u8], &[u8]) {
    let after_bracket = bytes.iter().rposition(|b| *b == b']').map_or(0, |at| at + 1);
    let tail = bytes.get(after_bracket..).unwrap_or(&[]);
    match tail.iter().rposition(|b| *b == b':') {
        Some(at) => {
            let (host, port) = bytes.split_at(after_bracket + at);
            (host, port.get(1..).unwrap_or(&[]))
        }
        None => (bytes, &[]),
    }
}

/// Whether this is an IPv6 address in brackets, a registered name, or an IPv4 address.
fn is_uri_host(host: &[u8]) -> bool {
    match host.strip_prefix(b"[") {
        Some(rest) => rest
            .strip_suffix(b"]")
            .and_then(|inner| core::str::from_utf8(inner).ok())
            .is_some_and(|inner| inner.parse::<core::net::Ipv6Addr>().is_ok()),
        None => bad_byte(host, is_reg_name_char).is_none(),
    }
}

/// The offset of the first byte outside a class, where `%` needs two hex digits behind it.
fn bad_byte(bytes: &[u8], class: impl Fn(u8) -> bool) -> Option<usize> {
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += match byte {
            b'%' if is_hex_pair(bytes.get(at + 1..at + 3)) => 3,
            byte if class(*byte) => 1,
            _ => return Some(at),
        };
    }
    None
}

fn is_hex_pair(bytes: Option<&[u8]>) -> bool {
    bytes.is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit))
}

/// The bytes as text, one character for each byte, which loses nothing.
pub fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|b| char::from(*b)).collect()
}

/// A few bytes for a sentence to a student: as text where they are visible, else escaped.
pub fn quoted(bytes: &[u8]) -> String {
    let shown = bytes.get(..QUOTED_MAX).unwrap_or(bytes);
    let dots = if bytes.len() > QUOTED_MAX { "..." } else { "" };
    format!("`{}{dots}`", shown.escape_ascii())
}

/// The same bytes, or where there are none the byte that stands in their place: a fault must
/// point at something.
pub fn pointed(span: Span) -> Span {
    Span::new(span.start, span.end.max(span.start + 1))
}

/// As much of a peer's bytes as a sentence can hold.
const QUOTED_MAX: usize = 40;
