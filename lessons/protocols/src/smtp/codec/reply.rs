//! Replies: one line or several with the same code (RFC 5321 section 4.2).

use super::Limits;
use super::lines::{Bound, Ended, Lines, too_long};
use crate::smtp::{Reply, rules};
use crate::wire::{Notes, Span, Violation};

/// Reads one reply, however its bytes are cut.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ReplyReader {
    lines: Lines,
    /// Where the line begins that has not ended.
    start: usize,
    code: Option<u16>,
    texts: Vec<String>,
}

/// A reply that has been read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Whole {
    /// The reply.
    pub reply: Reply,
    /// How many bytes it is.
    pub len: usize,
}

/// What a reply line says before its text.
struct Prefix {
    code: u16,
    /// Whether more lines follow.
    more: bool,
}

impl ReplyReader {
    /// Reads on in `bytes`, which always begin where the reply does. None until its last line
    /// has come; the reader then begins afresh.
    ///
    /// # Errors
    /// What is no reply, or a bare CR or LF in one. Nothing after it can be read.
    pub fn read(
        &mut self,
        bytes: &[u8],
        limits: &Limits,
        notes: &mut Notes,
    ) -> Result<Option<Whole>, Violation> {
        let bound = Bound { max: limits.reply_line_max, rule: &rules::REPLY_LINE_LIMIT };
        loop {
            let rest = bytes.get(self.start..).unwrap_or_default();
            let ended = self.lines.next(rest, bound);
            let len = match ended.map_err(|fault| fault.into_violation(self.start, 0))? {
                Some(Ended::Line(len)) => len,
                Some(Ended::TooLong { whole, .. }) => return Err(self.too_long(whole, bound)),
                // The byte at which it is too long is the same however the bytes are cut.
                None if rest.len() > bound.max => return Err(self.too_long(bound.max + 1, bound)),
                None => return Ok(None),
            };
            let more = self.line(rest.get(..len).unwrap_or_default(), limits, notes)?;
            self.start += len + 2;
            if !more {
                let (code, lines) = (self.code.unwrap_or(0), core::mem::take(&mut self.texts));
                let len = self.start;
                *self = ReplyReader::default();
                return Ok(Some(Whole { reply: Reply { code, lines }, len }));
            }
        }
    }

    fn line(&mut self, line: &[u8], limits: &Limits, notes: &mut Notes) -> Result<bool, Violation> {
        let whole = Span::new(self.start, self.start + line.len());
        let prefix = prefix(line).ok_or_else(|| wrong(&rules::REPLY_CODE, whole, line))?;
        if self.code.is_some_and(|code| code != prefix.code) {
            return Err(wrong(&rules::REPLY_SAME_CODE, whole, line));
        }
        if self.texts.len() >= limits.reply_lines_max {
            return Err(wrong(&rules::REPLY_LINES_LIMIT, whole, line));
        }
        self.code = Some(prefix.code);
        let text = String::from_utf8_lossy(line.get(4..).unwrap_or_default()).into_owned();
        self.note(line.len(), &prefix, &text, notes);
        self.texts.push(text);
        Ok(prefix.more)
    }

    fn note(&self, len: usize, prefix: &Prefix, text: &str, notes: &mut Notes) {
        let at =
            |start: usize, end: usize| Span::new(start.min(len), end.min(len)).shifted(self.start);
        notes.note(0, at(0, 3), "code", Some(&rules::REPLY_CODE), || prefix.code.to_string());
        if len > 3 {
            let (name, rule) = match prefix.more {
                true => ("more lines follow", &rules::MULTILINE),
                false => ("last line", &rules::REPLY),
            };
            notes.note(0, at(3, 4), name, Some(rule), String::new);
        }
        if len > 4 {
            let rule = match self.texts.is_empty() {
                true => &rules::REPLY,
                false => &rules::MULTILINE,
            };
            notes.note(0, at(4, len), "text", Some(rule), || text.to_string());
            let reply = Reply::new(prefix.code, text);
            if let Some(code) = reply.enhanced() {
                let span = at(4, 4 + code.len());
                let rule = Some(&rules::ENHANCED_CODE);
                notes.note(1, span, "enhanced code", rule, || code.to_string());
            }
        }
        let end = self.start + len;
        notes.note(0, Span::new(end, end + 2), "CRLF", Some(&rules::LINES), String::new);
    }

    fn too_long(&self, whole: usize, bound: Bound) -> Violation {
        let shown = whole.min(bound.max + 1);
        too_long(Span::new(self.start, self.start + shown), bound, 0)
    }
}

fn prefix(line: &[u8]) -> Option<Prefix> {
    let digits = line.get(..3)?;
    let [first @ b'2'..=b'5', second, third] = digits else { return None };
    if !second.is_ascii_digit() || !third.is_ascii_digit() {
        return None;
    }
    let number = |digit: &u8| u16::from(*digit - b'0');
    let code = number(first) * 100 + number(second) * 10 + number(third);
    match line.get(3) {
        None | Some(b' ') => Some(Prefix { code, more: false }),
        Some(b'-') => Some(Prefix { code, more: true }),
        Some(_) => None,
    }
}

fn wrong(rule: &'static crate::wire::Rule, span: Span, line: &[u8]) -> Violation {
    let begins: String = String::from_utf8_lossy(line).chars().take(SHOWN_MAX).collect();
    Violation {
        rule,
        span,
        found: format!("The line `{begins}` does not continue or begin a reply."),
        legal: "three digits from 200 to 599, the same on each line, and a space or hyphen".into(),
        code: 0,
    }
}

/// As much of a line as a sentence can hold.
const SHOWN_MAX: usize = 40;
