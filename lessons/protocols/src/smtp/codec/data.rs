//! Mail data: lines until a line that is a dot alone (RFC 5321 sections 4.1.1.4 and 4.5.2).

use bytes::Bytes;

use super::Limits;
use super::lines::{Bound, Ended, Lines, too_long};
use crate::smtp::rules;
use crate::wire::{Misuse, Notes, Span, Violation};

/// Reads one mail, however its bytes are cut.
#[derive(Clone, PartialEq, Debug)]
pub struct DataReader {
    lines: Lines,
    /// Whether octets above 127 were announced.
    eight_bit: bool,
    /// Bytes of whole lines that have been read.
    read: usize,
    octets: Vec<u8>,
    /// The first thing that makes the mail unacceptable. It is read to its end all the same: the
    /// reply can only be given there.
    fault: Option<Violation>,
}

/// A mail that has been read to its end.
#[derive(Clone, PartialEq, Debug)]
pub struct Mail {
    /// Its octets, dots unstuffed, each line with its CRLF.
    pub octets: Bytes,
    /// Why it cannot be accepted, if it cannot; its span counts from the start of the data.
    pub fault: Option<Violation>,
}

/// How far a call of [`DataReader::read`] got.
#[derive(Clone, PartialEq, Debug)]
pub struct Progress {
    /// How many of the bytes that it was given are done with.
    pub consumed: usize,
    /// The mail, once its end has come.
    pub mail: Option<Mail>,
}

impl DataReader {
    /// Reads a mail that may have octets above 127, or may not.
    pub fn new(eight_bit: bool) -> DataReader {
        DataReader { lines: Lines::default(), eight_bit, read: 0, octets: Vec::new(), fault: None }
    }

    /// Reads on. `bytes` begins where the last call's `consumed` ended.
    ///
    /// # Errors
    /// A bare CR or LF. Nothing after it can be trusted to be mail, or not to be: the caller
    /// closes. The span counts from the start of the data.
    pub fn read(
        &mut self,
        bytes: &[u8],
        limits: &Limits,
        notes: &mut Notes,
    ) -> Result<Progress, Violation> {
        // The dot that is stuffed does not count (RFC 5321 section 4.5.3.1.6).
        let bound = Bound { max: limits.text_line_max, rule: &rules::TEXT_LINE_LIMIT };
        let mut consumed = 0;
        loop {
            let rest = bytes.get(consumed..).unwrap_or_default();
            let max = bound.max.saturating_add(usize::from(rest.first() == Some(&b'.')));
            let ended = self.lines.next(rest, Bound { max, ..bound });
            match ended.map_err(|fault| fault.into_violation(self.read, 554))? {
                None => {
                    let dropped = self.lines.droppable(rest.len(), Bound { max, ..bound });
                    return Ok(Progress { consumed: consumed + dropped, mail: None });
                }
                Some(Ended::TooLong { whole, buffered }) => {
                    let span = Span::new(self.read, self.read + whole);
                    self.refuse(too_long(span, bound, 500));
                    self.read += whole;
                    consumed += buffered;
                }
                Some(Ended::Line(len)) => {
                    let line = rest.get(..len).unwrap_or_default();
                    consumed += len + 2;
                    if line == b"." {
                        let mail = self.finish(notes);
                        return Ok(Progress { consumed, mail: Some(mail) });
                    }
                    self.line(line, limits);
                }
            }
        }
    }

    /// How many bytes of the data have been read.
    pub fn len(&self) -> usize {
        self.read
    }

    /// Whether nothing of the mail has been read.
    pub fn is_empty(&self) -> bool {
        self.read == 0
    }

    fn line(&mut self, line: &[u8], limits: &Limits) {
        let span = Span::new(self.read, self.read + line.len() + 2);
        let text = line.strip_prefix(b".").unwrap_or(line);
        self.read = span.end;
        if !self.eight_bit {
            self.check_seven_bit(line, span);
        }
        let size = u64::try_from(self.octets.len() + text.len() + 2).unwrap_or(u64::MAX);
        if size > limits.mail_max {
            self.refuse(Violation {
                rule: &rules::SIZE_LIMIT,
                span,
                found: format!("The mail has more than {} octets.", limits.mail_max),
                legal: "no more than the limit that the reply to EHLO gave".into(),
                code: 552,
            });
        }
        if self.fault.is_none() {
            self.octets.extend_from_slice(text);
            self.octets.extend_from_slice(b"\r\n");
        }
    }

    fn check_seven_bit(&mut self, line: &[u8], span: Span) {
        if let Some(at) = line.iter().position(|byte| !byte.is_ascii()) {
            let at = span.start + at;
            self.refuse(Violation {
                rule: &rules::EIGHT_BIT,
                span: Span::new(at, at + 1),
                found: "An octet above 127 stands in a mail that was not announced so.".into(),
                legal: "octets up to 127, or `BODY=8BITMIME` with MAIL where EHLO offered it"
                    .into(),
                code: 554,
            });
        }
    }

    /// Remembers the first fault, and keeps no more of a mail that will be refused.
    fn refuse(&mut self, fault: Violation) {
        if self.fault.is_none() {
            self.fault = Some(fault);
            self.octets = Vec::new();
        }
    }

    fn finish(&mut self, notes: &mut Notes) -> Mail {
        let dot = Span::new(self.read, self.read + 1);
        if self.read > 0 {
            let whole = Span::new(0, self.read);
            let about = || format!("{} B", whole.len());
            notes.note(0, whole, MAIL_DATA, Some(&rules::CONTENT), about);
        }
        notes.note(0, dot, "end of mail data", Some(&rules::END_OF_DATA), || "a dot alone".into());
        notes.note(0, Span::new(dot.end, dot.end + 2), "CRLF", Some(&rules::LINES), String::new);
        self.read += 3;
        let octets = core::mem::take(&mut self.octets).into();
        Mail { octets, fault: self.fault.take() }
    }
}

/// A mail as it goes over the wire: a dot more before each line that begins with one, and a line
/// with a dot alone at the end.
///
/// # Errors
/// A CR or LF that is not part of a CRLF, a line that is too long, and octets above 127 in mail
/// that was not announced so. A last line without its CRLF gets one.
pub fn stuffed(octets: &[u8], eight_bit: bool, limits: &Limits) -> Result<Vec<u8>, Misuse> {
    let misuse = |rule, says: &str| Err(Misuse { rule, says: says.into() });
    let mut wire = Vec::with_capacity(octets.len() + octets.len() / 64 + 5);
    let mut rest = octets;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        rest = match after {
            [b'\r', b'\n', after @ ..] => after,
            [] => after,
            [b'\r', ..] => return misuse(&rules::BARE_CR, "A line of the mail has a bare CR."),
            _ => return misuse(&rules::BARE_LF, "A line of the mail has a bare LF."),
        };
        if line.len() + 2 > limits.text_line_max {
            return misuse(&rules::TEXT_LINE_LIMIT, "A line of the mail is too long.");
        }
        if !eight_bit && !line.is_ascii() {
            return misuse(&rules::EIGHT_BIT, "The mail has octets above 127.");
        }
        if line.first() == Some(&b'.') {
            wire.push(b'.');
        }
        wire.extend_from_slice(line);
        wire.extend_from_slice(b"\r\n");
    }
    wire.extend_from_slice(b".\r\n");
    Ok(wire)
}

/// The note of a mail's lines, all that stands before the dot that ends them. SMTP does not look
/// into them (RFC 5321 section 2.3.9).
pub const MAIL_DATA: &str = "mail data";
