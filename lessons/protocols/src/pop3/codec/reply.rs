//! Replies of one line and of several (RFC 1939 section 3).

use super::lines::{LineReader, endless};
use super::stuffing::{has_bare_lf, stuff};
use super::{Limits, listing};
use crate::mime::{Unstuffed, unstuff};
use crate::pop3::{Command, Reply, Status, rules};
use crate::wire::{Misuse, Notes, Rule, Span, Violation};

/// Reads one reply, however its bytes are cut.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ReplyReader {
    lines: LineReader,
    /// The first line, once it is read and lines follow it.
    first: Option<First>,
}

/// The first line of a reply with several.
#[derive(Clone, PartialEq, Eq, Debug)]
struct First {
    reply: Reply,
    /// How long it is, with its CRLF.
    len: usize,
    /// How far the end of the content has been looked for.
    scanned: usize,
}

/// A reply that has been read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Read {
    /// The reply.
    pub reply: Reply,
    /// How many bytes it is.
    pub len: usize,
}

impl ReplyReader {
    /// Reads on in `bytes`, which always begin where the reply does. None until all of it is there.
    /// What was asked decides whether several lines come; nothing was asked for a greeting.
    ///
    /// # Errors
    /// The first line or byte that breaks a rule.
    pub fn read(
        &mut self,
        bytes: &[u8],
        asked: Option<&Command>,
        limits: &Limits,
        notes: &mut Notes,
    ) -> Result<Option<Read>, Violation> {
        if self.first.is_none() {
            let Some(line) = self.lines.read(bytes) else {
                return match bytes.len() >= limits.overlong_max {
                    true => Err(endless(limits.overlong_max, &rules::REPLY_LIMIT)),
                    false => Ok(None),
                };
            };
            if line.len() > limits.overlong_max {
                return Err(endless(limits.overlong_max, &rules::REPLY_LIMIT));
            }
            line.check(bytes, limits.reply_line_max, &rules::REPLY_LIMIT)?;
            let reply = first_line(line.text.of(bytes), notes)?;
            notes.note(0, line.end, "CRLF", Some(&rules::CRLF), String::new);
            let more = reply.is_ok() && asked.is_some_and(Command::is_multi_line);
            if !more {
                return Ok(Some(Read { reply, len: line.len() }));
            }
            self.first = Some(First { reply, len: line.len(), scanned: line.len() - 2 });
        }
        self.content(bytes, asked, limits, notes)
    }

    /// Whether any of a reply has been read.
    pub fn is_within(&self) -> bool {
        self.first.is_some()
    }

    fn content(
        &mut self,
        bytes: &[u8],
        asked: Option<&Command>,
        limits: &Limits,
        notes: &mut Notes,
    ) -> Result<Option<Read>, Violation> {
        let Some(first) = &mut self.first else { return Ok(None) };
        let from = first.len;
        let unseen = bytes.get(first.scanned..).unwrap_or(&[]);
        let found = unseen.windows(END.len()).position(|five| five == END);
        let end = found.map(|at| first.scanned + at + 2);
        first.scanned = first.scanned.max(bytes.len().saturating_sub(END.len() - 1));
        let sent = end.unwrap_or(bytes.len().saturating_sub(2)).saturating_sub(from);
        if sent > limits.content_max {
            return Err(too_much(from, limits.content_max));
        }
        let Some(end) = end else { return Ok(None) };
        let lines = unstuff(bytes.get(from..end).unwrap_or(&[]));
        if notes.wanted() {
            note_content(&lines, Span::new(from, end), asked, notes);
        }
        let dot = Span::new(end, end + 1);
        notes.note(0, dot, "termination octet", Some(&rules::MULTI_LINE), String::new);
        notes.note(0, Span::new(end + 1, end + 3), "CRLF", Some(&rules::CRLF), String::new);
        let reply = first.reply.clone().with(lines.bytes);
        self.first = None;
        Ok(Some(Read { reply, len: end + 3 }))
    }
}

/// Writes a reply, with dots stuffed into its content and the line that ends it.
///
/// # Errors
/// A text or content that could not be read back as it is.
pub fn write_reply(reply: &Reply, limits: &Limits) -> Result<Vec<u8>, Misuse> {
    let Reply { status, text, content } = reply;
    let misuse = |rule: &'static Rule, says: &str| Err(Misuse { rule, says: says.into() });
    if text.chars().any(char::is_control) {
        return misuse(&rules::PRINTABLE, "The text of a reply is one line of characters.");
    }
    let mut bytes = match text.is_empty() {
        true => format!("{status}\r\n").into_bytes(),
        false => format!("{status} {text}\r\n").into_bytes(),
    };
    if bytes.len() > limits.reply_line_max {
        return misuse(&rules::REPLY_LIMIT, "The first line of the reply is too long.");
    }
    if let Some(content) = content {
        if has_bare_lf(content) || !(content.is_empty() || content.ends_with(b"\r\n")) {
            return misuse(&rules::CRLF, "Each line of the content ends with CRLF.");
        }
        bytes.extend(stuff(content));
        bytes.extend_from_slice(b".\r\n");
    }
    Ok(bytes)
}

/// Reads status indicator and text.
fn first_line(line: &[u8], notes: &mut Notes) -> Result<Reply, Violation> {
    let (status, len) = match line {
        [b'+', b'O', b'K', ..] => (Status::Ok, 3),
        [b'-', b'E', b'R', b'R', ..] => (Status::Err, 4),
        _ => return Err(no_status(line)),
    };
    notes.note(0, Span::new(0, len), "status indicator", Some(&rules::STATUS), || {
        status.to_string()
    });
    let text = match line.get(len) {
        None => String::new(),
        Some(b' ') => {
            notes.note(0, Span::new(len, len + 1), "SP", None, String::new);
            String::from_utf8_lossy(line.get(len + 1..).unwrap_or(&[])).into_owned()
        }
        Some(_) => return Err(no_status(line)),
    };
    let span = Span::new(len + 1, line.len());
    if !span.is_empty() {
        notes.note(0, span, "text", Some(&rules::STATUS), || text.clone());
        note_code(line, span, notes);
    }
    Ok(Reply { status, text, content: None })
}

/// Notes an extended response code (RFC 2449 section 8).
fn note_code(line: &[u8], text: Span, notes: &mut Notes) {
    let bytes = text.of(line);
    let end = bytes.iter().position(|byte| *byte == b']');
    if let (Some(b'['), Some(end)) = (bytes.first(), end) {
        let span = Span::new(text.start, text.start + end + 1);
        let code = || String::from_utf8_lossy(bytes.get(1..end).unwrap_or(&[])).into_owned();
        notes.note(1, span, "resp-code", Some(&rules::RESPONSE_CODE), code);
    }
}

/// Notes the content of a reply with several lines.
fn note_content(lines: &Unstuffed, span: Span, asked: Option<&Command>, notes: &mut Notes) {
    if span.is_empty() {
        return;
    }
    match asked {
        Some(Command::Retr(_) | Command::Top { .. }) => note_message(lines, span, notes),
        Some(Command::List(_)) => note_lines(lines, span, Listing::Scan, notes),
        Some(Command::Uidl(_)) => note_lines(lines, span, Listing::UniqueId, notes),
        Some(_) | None => note_lines(lines, span, Listing::Capability, notes),
    }
}

/// What each line of a listing is.
#[derive(Clone, Copy)]
enum Listing {
    Scan,
    UniqueId,
    Capability,
}

/// The message as one, with its fields and parts in it, and each dot that was stuffed.
fn note_message(lines: &Unstuffed, span: Span, notes: &mut Notes) {
    let about = || match lines.dots.len() {
        0 => format!("{} B", lines.bytes.len()),
        dots => format!("{} B and {dots} stuffed", lines.bytes.len()),
    };
    notes.note(0, span, "message", Some(&rules::RETR), about);
    lines.note_mail(span.start, 1, &rules::STUFFING, notes);
}

fn note_lines(lines: &Unstuffed, span: Span, kind: Listing, notes: &mut Notes) {
    let mut at = 0;
    for line in lines.bytes.split_inclusive(|byte| *byte == b'\n') {
        // A dot that was stuffed before a line belongs to it.
        let sent = lines.sent_span(Span::new(at, at + line.len()));
        at += line.len();
        let text = String::from_utf8_lossy(line).trim_end_matches(['\r', '\n']).to_string();
        let (name, rule): (&'static str, _) = match kind {
            Listing::Scan if listing::parse_scan(&text).is_some() => ("scan listing", &rules::LIST),
            Listing::UniqueId if listing::parse_unique_id(&text).is_some() => {
                ("unique-id listing", &rules::UIDL)
            }
            Listing::Capability => ("capability", &rules::CAPA),
            Listing::Scan | Listing::UniqueId => ("line", &rules::MULTI_LINE),
        };
        notes.note(0, sent.shifted(span.start), name, Some(rule), || text);
    }
}

fn no_status(line: &[u8]) -> Violation {
    let first: String = String::from_utf8_lossy(line).chars().take(SHOWN).collect();
    Violation {
        rule: &rules::STATUS,
        span: Span::new(0, line.len().clamp(1, SHOWN)),
        found: format!("The reply begins with `{first}`."),
        legal: "+OK or -ERR, and then a space and text or the end of the line".into(),
        code: 0,
    }
}

fn too_much(from: usize, max: usize) -> Violation {
    Violation {
        rule: &rules::CONTENT_LIMIT,
        span: Span::new(from + max, from + max + 1),
        found: "The reply does not end.".into(),
        legal: format!("at most {max} bytes and then CR LF, a dot, CR LF"),
        code: 0,
    }
}

/// The line that ends a multi-line reply, with the end of the line before it.
const END: &[u8] = b"\r\n.\r\n";

/// As much of a wrong line as a sentence can hold.
const SHOWN: usize = 20;
