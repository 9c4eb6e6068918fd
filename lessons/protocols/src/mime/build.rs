//! Writes mail: a text, and files beside it (RFC 5322, RFC 2045, RFC 2046).

use bytes::Bytes;

use super::{Encoding, encode_base64, encode_quoted_printable, encode_words, format_date};
use crate::wire::Time;

/// A mail before it is written.
#[derive(Clone, PartialEq, Debug)]
pub struct Draft {
    /// Who writes, as `local@domain` or `Name <local@domain>`.
    pub from: String,
    /// To whom.
    pub to: Vec<String>,
    /// What about.
    pub subject: String,
    /// When.
    pub date: Time,
    /// What follows the text.
    pub text: String,
    /// Files that go with it.
    pub attachments: Vec<Attachment>,
}

/// A file that goes with a mail.
#[derive(Clone, PartialEq, Debug)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Its media type, such as `image/gif`.
    pub media_type: String,
    /// What is in it.
    pub bytes: Bytes,
}

impl Draft {
    /// Writes the mail. The Message-ID and the boundary come from this number; every line ends with
    /// CRLF and has at most 76 characters beside those of the header. `eight_bit` says whether the
    /// way allows bytes above 127 (8BITMIME, RFC 6152).
    pub fn write(&self, random: u64, eight_bit: bool) -> Vec<u8> {
        let mut mail = self.header(random);
        let text = Part::text(&self.text, eight_bit);
        if self.attachments.is_empty() {
            text.write(&mut mail);
            return mail;
        }
        let parts: Vec<Part> =
            [text].into_iter().chain(self.attachments.iter().map(Part::file)).collect();
        let bodies: Vec<&[u8]> = parts.iter().map(|part| part.body.as_slice()).collect();
        let boundary = boundary(random, &bodies);
        line(&mut mail, &format!("Content-Type: multipart/mixed; boundary=\"{boundary}\""));
        line(&mut mail, "");
        line(&mut mail, "This is a message with several parts (MIME).");
        for part in &parts {
            line(&mut mail, &format!("--{boundary}"));
            part.write(&mut mail);
            // The line end before a delimiter is not the part's (RFC 2046 section 5.1.1).
            if !part.is_base64 {
                line(&mut mail, "");
            }
        }
        line(&mut mail, &format!("--{boundary}--"));
        mail
    }

    /// The Message-ID that [`Draft::write`] gives it for this number.
    pub fn message_id(&self, random: u64) -> String {
        let domain = self.from.rsplit('@').next().unwrap_or_default();
        let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        let domain: String = domain.chars().take_while(|c| is_host(*c)).collect();
        let domain = if domain.is_empty() { "localhost" } else { domain.as_str() };
        format!("<{random:016x}@{domain}>")
    }

    fn header(&self, random: u64) -> Vec<u8> {
        let mut header = Vec::new();
        field(&mut header, "From", &address(&self.from));
        let to: Vec<String> = self.to.iter().map(|to| address(to)).collect();
        field(&mut header, "To", &to.join(", "));
        field(&mut header, "Subject", &encode_words(&one_line(&self.subject)));
        field(&mut header, "Date", &format_date(self.date));
        field(&mut header, "Message-ID", &self.message_id(random));
        field(&mut header, "MIME-Version", "1.0");
        header
    }
}

/// A part, encoded.
struct Part {
    fields: Vec<String>,
    body: Vec<u8>,
    /// Base64 ends its last line itself, and the line end means nothing to it.
    is_base64: bool,
}

impl Part {
    fn text(text: &str, eight_bit: bool) -> Part {
        let text = crate::pop3::codec::as_lines(text.as_bytes()).into_owned();
        let encoding = for_text(&text, eight_bit);
        let charset = if text.is_ascii() { "us-ascii" } else { "utf-8" };
        let fields = vec![
            format!("Content-Type: text/plain; charset={charset}"),
            format!("Content-Transfer-Encoding: {encoding}"),
        ];
        Part { fields, body: encoded(&encoding, &text), is_base64: encoding == Encoding::Base64 }
    }

    fn file(file: &Attachment) -> Part {
        let name = encode_words(&one_line(&file.name)).replace(['"', '\\'], "_");
        let text =
            file.media_type.starts_with("text/") && core::str::from_utf8(&file.bytes).is_ok();
        let lines = text && crate::pop3::codec::as_lines(&file.bytes).as_ref() == file.bytes;
        // Text with line ends of its own would come back with others: it goes as base64.
        let encoding = if lines { Encoding::QuotedPrintable } else { Encoding::Base64 };
        let fields = vec![
            format!("Content-Type: {}", file.media_type),
            format!("Content-Transfer-Encoding: {encoding}"),
            "Content-Disposition: attachment;".to_string(),
            format!(" filename=\"{name}\""),
        ];
        let is_base64 = encoding == Encoding::Base64;
        Part { fields, body: encoded(&encoding, &file.bytes), is_base64 }
    }

    fn write(&self, mail: &mut Vec<u8>) {
        for text in &self.fields {
            line(mail, text);
        }
        line(mail, "");
        mail.extend_from_slice(&self.body);
    }
}

/// The encoding that leaves a text as readable as the way allows: as it is if its lines are short
/// and all ASCII (or all UTF-8, where bytes above 127 may pass); else quoted-printable if most of
/// it is ASCII, else base64.
fn for_text(text: &[u8], eight_bit: bool) -> Encoding {
    let short = text.split(|b| *b == b'\n').all(|line| line.len() <= LINE_MAX + 1);
    let control = text.iter().any(|b| b.is_ascii_control() && !matches!(b, b'\r' | b'\n' | b'\t'));
    let bare_cr = text.windows(2).any(|two| matches!(two, [b'\r', next] if *next != b'\n'));
    let high = text.iter().filter(|b| !b.is_ascii()).count();
    match (short && !control && !bare_cr, high) {
        (true, 0) => Encoding::SevenBit,
        (true, _) if eight_bit => Encoding::EightBit,
        _ if high * 6 > text.len() => Encoding::Base64,
        _ => Encoding::QuotedPrintable,
    }
}

fn encoded(encoding: &Encoding, bytes: &[u8]) -> Vec<u8> {
    match encoding {
        Encoding::Base64 => encode_base64(bytes),
        Encoding::QuotedPrintable => encode_quoted_printable(bytes),
        Encoding::SevenBit | Encoding::EightBit | Encoding::Binary | Encoding::Unknown(_) => {
            bytes.to_vec()
        }
    }
}

/// A boundary that stands in none of the bodies (RFC 2046 section 5.1.1).
fn boundary(random: u64, bodies: &[&[u8]]) -> String {
    let mut number = random;
    loop {
        let boundary = format!("=_{number:016x}");
        let stands = |body: &&[u8]| body.windows(boundary.len()).any(|w| w == boundary.as_bytes());
        if !bodies.iter().any(stands) {
            return boundary;
        }
        number = number.wrapping_mul(STRIDE).wrapping_add(1);
    }
}

/// An address with its name encoded.
fn address(text: &str) -> String {
    let text = one_line(text);
    match text.rsplit_once('<') {
        Some((name, rest)) if !name.trim().is_empty() => {
            format!("{} <{rest}", encode_words(name.trim()))
        }
        Some(_) | None => text,
    }
}

/// Writes a field, folded at spaces so that its lines are short where they can be.
fn field(header: &mut Vec<u8>, name: &str, value: &str) {
    let mut text = format!("{name}:");
    for word in value.split(' ').filter(|word| !word.is_empty()) {
        if text.len() + 1 + word.len() > LINE_MAX && !text.ends_with(':') {
            line(header, &text);
            text = String::new();
        }
        text.push(' ');
        text.push_str(word);
    }
    line(header, &text);
}

fn line(mail: &mut Vec<u8>, text: &str) {
    mail.extend_from_slice(text.as_bytes());
    mail.extend_from_slice(b"\r\n");
}

/// Nothing that is written into a field may end it.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// RFC 2045 section 6.7 and 6.8; RFC 5322 section 2.1.1 would allow two more.
const LINE_MAX: usize = 76;

/// Any odd number whose multiples do not return soon.
const STRIDE: u64 = 6_364_136_223_846_793_005;
