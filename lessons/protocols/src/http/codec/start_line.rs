//! The first line of a message: request line or status line (RFC 9112 sections 3 and 4).

use super::grammar::{bad_uri_byte, is_host_and_port, is_token, pointed, quoted, text};
use crate::http::{Version, rules};
use crate::wire::{Notes, Rule, Span, Violation};

/// What a request line says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequestLine {
    /// The method, case-sensitive.
    pub method: String,
    /// The request target as sent.
    pub target: String,
    /// The version stated.
    pub version: Version,
}

/// What a status line says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatusLine {
    /// The version stated.
    pub version: Version,
    /// The status code, 100 to 999.
    pub status: u16,
    /// The reason phrase; may be empty.
    pub reason: String,
}

/// Reads a request line, without its CRLF, that stands at `at` in its message.
///
/// # Errors
/// Anything but `method SP request-target SP HTTP-version` (RFC 9112 section 3).
pub fn request_line(line: &[u8], at: usize, notes: &mut Notes) -> Result<RequestLine, Violation> {
    let all = Span::new(at, at + line.len());
    let first = line.iter().position(|b| *b == b' ').unwrap_or(line.len());
    let last = line.iter().rposition(|b| *b == b' ').unwrap_or(line.len());
    let (method, target) = (Span::new(0, first), Span::new(first + 1, last));
    let version = Span::new(last + 1, line.len());
    if !is_token(method.of(line)) {
        return Err(bad_method(method.of(line), at));
    }
    if first == last {
        return Err(no_version(line, all));
    }
    let version_read = read_version(version.of(line), version.shifted(at))?;
    check_target(method.of(line), target.of(line), target.shifted(at))?;
    if notes.wanted() {
        let note = |notes: &mut Notes, span: Span, name: &'static str, rule: &'static Rule| {
            let says = if name == "SP" { String::new() } else { text(span.of(line)) };
            notes.note(0, span.shifted(at), name, Some(rule), || says);
        };
        note(notes, method, "method", &rules::METHOD);
        note(notes, Span::new(method.end, target.start), "SP", &rules::REQUEST_LINE);
        note(notes, target, "request-target", &rules::REQUEST_TARGET);
        note_target(notes, target.of(line), target.start + at);
        note(notes, Span::new(target.end, version.start), "SP", &rules::REQUEST_LINE);
        note(notes, version, "HTTP-version", &rules::VERSION);
    }
    Ok(RequestLine {
        method: text(method.of(line)),
        target: text(target.of(line)),
        version: version_read,
    })
}

/// Reads a status line, without its CRLF, that stands at `at` in its message.
///
/// # Errors
/// Anything but `HTTP-version SP status-code SP [reason-phrase]` (RFC 9112 section 4). The
/// space behind the code may be missing where the phrase is: many servers leave it out.
pub fn status_line(line: &[u8], at: usize, notes: &mut Notes) -> Result<StatusLine, Violation> {
    let all = Span::new(at, at + line.len());
    let mut parts = line.splitn(3, |b| *b == b' ');
    let version = Span::new(0, parts.next().map_or(0, <[u8]>::len));
    let code = parts.next().ok_or_else(|| bad_status_line(line, all))?;
    let code = Span::new(version.end + 1, version.end + 1 + code.len());
    let version_read = read_version(version.of(line), version.shifted(at))?;
    let status = read_status(code.of(line)).ok_or_else(|| Violation {
        rule: &rules::STATUS_CODE,
        span: code.shifted(at),
        found: format!("{} is no status code.", quoted(code.of(line))),
        legal: "three digits, the first of them not 0".into(),
        code: 0,
    })?;
    let reason = Span::new((code.end + 1).min(line.len()), line.len());
    if notes.wanted() {
        let rule = Some(&rules::STATUS_LINE);
        notes.note(0, version.shifted(at), "HTTP-version", Some(&rules::VERSION), || {
            text(version.of(line))
        });
        let space = Span::new(version.end, code.start).shifted(at);
        notes.note(0, space, "SP", rule, String::new);
        notes.note(0, code.shifted(at), "status-code", Some(&rules::STATUS_CODE), || {
            text(code.of(line))
        });
        let space = Span::new(code.end, reason.start).shifted(at);
        if !space.is_empty() {
            notes.note(0, space, "SP", rule, String::new);
        }
        if !reason.is_empty() {
            let says = || text(reason.of(line));
            notes.note(0, reason.shifted(at), "reason-phrase", Some(&rules::REASON), says);
        }
    }
    Ok(StatusLine { version: version_read, status, reason: text(reason.of(line)) })
}

/// A version: `HTTP/`, a digit, a dot, a digit (RFC 9112 section 2.3). A minor version that we
/// do not know is taken for the highest that we do (RFC 9110 section 2.5).
fn read_version(bytes: &[u8], span: Span) -> Result<Version, Violation> {
    let fault = |found: String, code| Violation {
        rule: &rules::VERSION,
        span: pointed(span),
        found,
        legal: "HTTP/1.1 or HTTP/1.0, in capitals".into(),
        code,
    };
    match bytes {
        b"HTTP/1.0" => Ok(Version::Http10),
        [b'H', b'T', b'T', b'P', b'/', b'1', b'.', b'1'..=b'9'] => Ok(Version::Http11),
        [b'H', b'T', b'T', b'P', b'/', major, b'.', minor]
            if major.is_ascii_digit() && minor.is_ascii_digit() =>
        {
            Err(fault(format!("The message speaks {}.", text(bytes)), 505))
        }
        _ => Err(fault(format!("{} is no version of HTTP.", quoted(bytes)), 400)),
    }
}

fn read_status(bytes: &[u8]) -> Option<u16> {
    let [hundreds @ b'1'..=b'9', tens @ b'0'..=b'9', ones @ b'0'..=b'9'] = bytes else {
        return None;
    };
    let digit = |byte: &u8| u16::from(byte - b'0');
    Some(100 * digit(hundreds) + 10 * digit(tens) + digit(ones))
}

/// The four forms of a target, each for its methods (RFC 9112 section 3.2).
pub(super) fn check_target(method: &[u8], target: &[u8], span: Span) -> Result<(), Violation> {
    let fault = |span: Span, found: String, legal: &str| {
        let (span, legal) = (pointed(span), legal.to_string());
        Err(Violation { rule: &rules::REQUEST_TARGET, span, found, legal, code: 400 })
    };
    if let Some(bad) = bad_uri_byte(target) {
        let found =
            format!("{} may not stand in a target.", quoted(Span::new(bad, bad + 1).of(target)));
        let span = Span::new(span.start + bad, span.start + bad + 1);
        return fault(span, found, "such a character written as % and two hex digits");
    }
    if method == b"CONNECT" {
        return match is_host_and_port(target) {
            true => Ok(()),
            false => {
                let found = format!("CONNECT asks for {}.", quoted(target));
                fault(span, found, "the host and the port to connect to, such as www.cs.test:443")
            }
        };
    }
    match target {
        b"*" if method == b"OPTIONS" => Ok(()),
        [b'/', ..] => Ok(()),
        _ if absolute_form(target).is_some() => Ok(()),
        _ => {
            let found = format!("{} is no target for {}.", quoted(target), quoted(method));
            fault(span, found, "a path that begins with /, or a whole URL to a proxy")
        }
    }
}

/// The scheme and authority of `scheme://authority...`; none where it is anything else, or where
/// the authority is empty or no host (RFC 9110 section 4.2.1).
pub fn absolute_form(target: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = target.iter().position(|b| *b == b':')?;
    let (scheme, rest) = target.split_at(colon);
    let rest = rest.strip_prefix(b"://")?;
    let end = rest.iter().position(|b| matches!(b, b'/' | b'?')).unwrap_or(rest.len());
    let authority = rest.get(..end)?;
    let named = scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    let hosted = !matches!(authority, [] | [b':', ..]) && super::grammar::is_host(authority);
    (named && hosted).then_some((scheme, authority))
}

/// Notes the parts of a target one level deeper: scheme, authority, path, query.
fn note_target(notes: &mut Notes, target: &[u8], at: usize) {
    let mut note = |span: Span, name: &'static str| {
        if !span.is_empty() {
            let says = text(span.of(target));
            notes.note(1, span.shifted(at), name, Some(&rules::REQUEST_TARGET), || says);
        }
    };
    let mut start = 0;
    if let Some((scheme, authority)) = absolute_form(target) {
        let colon = scheme.len();
        note(Span::new(0, colon), "scheme");
        start = colon + 3 + authority.len();
        note(Span::new(colon + 3, start), "authority");
    } else if target.first() != Some(&b'/') {
        return;
    }
    let query = target.iter().position(|b| *b == b'?').unwrap_or(target.len());
    note(Span::new(start, query), "absolute-path");
    note(Span::new(query + 1, target.len()), "query");
}

fn bad_method(method: &[u8], at: usize) -> Violation {
    Violation {
        rule: &rules::METHOD,
        span: Span::new(at, at + method.len().max(1)),
        found: format!("{} is no method.", quoted(method)),
        legal: "a method such as GET at the very start of the line".into(),
        code: 400,
    }
}

fn no_version(line: &[u8], all: Span) -> Violation {
    Violation {
        rule: &rules::REQUEST_LINE,
        span: all,
        found: format!("The request line {} states no version, as HTTP/0.9 did.", quoted(line)),
        legal: "method, one space, target, one space, version".into(),
        code: 400,
    }
}

fn bad_status_line(line: &[u8], all: Span) -> Violation {
    Violation {
        rule: &rules::STATUS_LINE,
        span: all,
        found: format!("{} is no status line.", quoted(line)),
        legal: "version, one space, three digits, one space, reason phrase".into(),
        code: 0,
    }
}
