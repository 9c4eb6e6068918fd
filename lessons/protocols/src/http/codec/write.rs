//! Messages to bytes (RFC 9112 sections 3 to 7).
//!
//! What could be read as something else than was meant is not written at all: a CR in a field
//! value would let whoever supplied the value write fields of their own (RFC 9112 section 11.1).

use super::grammar::{is_text, is_token};
use super::start_line::check_target;
use crate::http::{Fields, Request, Response, rules};
use crate::wire::{Misuse, Rule, Span};

/// Writes the head of a request.
///
/// # Errors
/// A method, target or field that cannot be written so that it reads back as it was.
pub fn write_request(request: &Request) -> Result<Vec<u8>, Misuse> {
    let Request { method, target, version, fields } = request;
    if !is_token(method.as_bytes()) {
        return Err(misuse(&rules::METHOD, format!("`{method}` is no method.")));
    }
    check_target(method.as_bytes(), target.as_bytes(), Span::default())
        .map_err(|violation| misuse(violation.rule, violation.found))?;
    let mut bytes = format!("{method} {target} {version}\r\n").into_bytes();
    write_fields(&mut bytes, fields)?;
    Ok(bytes)
}

/// Writes the head of a response.
///
/// # Errors
/// A status, reason or field that cannot be written so that it reads back as it was.
pub fn write_response(response: &Response) -> Result<Vec<u8>, Misuse> {
    let Response { version, status, reason, fields } = response;
    if !(100..=999).contains(status) {
        return Err(misuse(&rules::STATUS_CODE, format!("{status} is no status code.")));
    }
    let mut bytes = format!("{version} {status} ").into_bytes();
    write_text(&mut bytes, reason).ok_or_else(|| {
        misuse(&rules::REASON, format!("`{}` is no reason phrase.", reason.escape_debug()))
    })?;
    bytes.extend_from_slice(b"\r\n");
    write_fields(&mut bytes, fields)?;
    Ok(bytes)
}

/// Writes content as one chunk; no content is no chunk, since a chunk of size zero is the end.
pub fn write_chunk(content: &[u8]) -> Vec<u8> {
    if content.is_empty() {
        return Vec::new();
    }
    let mut bytes = format!("{:x}\r\n", content.len()).into_bytes();
    bytes.extend_from_slice(content);
    bytes.extend_from_slice(b"\r\n");
    bytes
}

/// Writes the last chunk and the trailer section.
///
/// # Errors
/// A trailer field that cannot be written, or that would change how the message is framed,
/// routed or kept (RFC 9110 section 6.5.1).
pub fn write_last_chunk(trailers: &Fields) -> Result<Vec<u8>, Misuse> {
    let forbidden = |name: &str| NOT_IN_TRAILERS.iter().any(|n| name.eq_ignore_ascii_case(n));
    if let Some(field) = trailers.iter().find(|field| forbidden(&field.name)) {
        let says = format!("`{}` may not be a trailer field.", field.name);
        return Err(misuse(&rules::TRAILERS, says));
    }
    let mut bytes = b"0\r\n".to_vec();
    write_fields(&mut bytes, trailers)?;
    Ok(bytes)
}

/// Writes field lines and the empty line behind them.
fn write_fields(bytes: &mut Vec<u8>, fields: &Fields) -> Result<(), Misuse> {
    for field in fields {
        if !is_token(field.name.as_bytes()) {
            let says = format!("`{}` is no field name.", field.name.escape_debug());
            return Err(misuse(&rules::FIELD_NAME, says));
        }
        bytes.extend_from_slice(field.name.as_bytes());
        bytes.extend_from_slice(b": ");
        write_text(bytes, &field.value).ok_or_else(|| {
            let value = field.value.escape_debug();
            misuse(&rules::FIELD_VALUE, format!("`{}` cannot be `{value}`.", field.name))
        })?;
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    Ok(())
}

/// Writes text with one byte for each character; none where a character is no byte, or a byte
/// that may not stand in a line.
fn write_text(bytes: &mut Vec<u8>, text: &str) -> Option<()> {
    for character in text.chars() {
        bytes.push(u8::try_from(character).ok().filter(|byte| is_text(*byte))?);
    }
    Some(())
}

fn misuse(rule: &'static Rule, says: String) -> Misuse {
    Misuse { rule, says }
}

/// Fields that a recipient needs before the content (RFC 9110 section 6.5.1).
const NOT_IN_TRAILERS: [&str; 12] = [
    "Transfer-Encoding",
    "Content-Length",
    "Content-Encoding",
    "Content-Type",
    "Content-Range",
    "Host",
    "Connection",
    "Trailer",
    "TE",
    "Authorization",
    "Set-Cookie",
    "Cache-Control",
];
