//! Encoded words: letters beyond ASCII in header fields (RFC 2047).

use crate::mime::transfer::{decode_base64, decode_quoted_printable};
use crate::wire::Span;

/// The text with its encoded words decoded. White space between two of them is not part of it
/// (RFC 2047 section 6.2); what cannot be decoded stays as it is written.
pub fn decode_words(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    let mut after_word = false;
    while let Some(at) = rest.find("=?") {
        let (before, word) = rest.split_at(at);
        match decode_word(word) {
            Some(found) => {
                let between = after_word && before.chars().all(|c| matches!(c, ' ' | '\t'));
                if !between {
                    decoded.push_str(before);
                }
                decoded.push_str(&found.text);
                rest = word.get(found.len..).unwrap_or_default();
                after_word = true;
            }
            None => {
                decoded.push_str(before);
                decoded.push_str("=?");
                rest = word.get(2..).unwrap_or_default();
                after_word = false;
            }
        }
    }
    decoded.push_str(rest);
    decoded
}

/// An encoded word, and what it says.
pub(in crate::mime) struct EncodedWord {
    /// Where it stands in the text.
    pub(in crate::mime) span: Span,
    /// What it says.
    pub(in crate::mime) text: String,
}

/// The encoded words of a text, in order.
pub(in crate::mime) fn encoded_words(text: &str) -> Vec<EncodedWord> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(next) = text.get(at..).and_then(|rest| rest.find("=?")) {
        let start = at + next;
        at = match text.get(start..).and_then(decode_word) {
            Some(Found { text, len }) => {
                words.push(EncodedWord { span: Span::new(start, start + len), text });
                start + len
            }
            None => start + 2,
        };
    }
    words
}

struct Found {
    text: String,
    /// How long the encoded word is.
    len: usize,
}

/// Decodes the encoded word that begins here.
fn decode_word(word: &str) -> Option<Found> {
    // Whatever follows, a text of nothing but beginnings is not searched to its end for each.
    let end = word.floor_char_boundary(ENCODED_WORD_READ_MAX);
    let inner = word.get(..end)?.strip_prefix("=?")?;
    let (charset, rest) = inner.split_once('?')?;
    let (encoding, rest) = rest.split_once('?')?;
    let (text, _) = rest.split_once("?=")?;
    let len = 2 + charset.len() + 1 + encoding.len() + 1 + text.len() + 2;
    let clean = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_graphic());
    if !clean(charset) || text.contains([' ', '\t']) {
        return None;
    }
    let whole = Span::new(0, text.len());
    let decoded = match encoding {
        "B" | "b" => decode_base64(text.as_bytes(), whole),
        "Q" | "q" => {
            let text = text.replace('_', "=20");
            decode_quoted_printable(text.as_bytes(), Span::new(0, text.len()))
        }
        _ => return None,
    };
    if !decoded.oddities.is_empty() {
        return None;
    }
    let bytes = decoded.bytes;
    // RFC 2231 section 5 adds a language behind an asterisk.
    let charset = charset.split('*').next().unwrap_or_default().to_ascii_lowercase();
    let text = match charset.as_str() {
        "utf-8" | "us-ascii" => String::from_utf8_lossy(&bytes).into_owned(),
        "iso-8859-1" => bytes.iter().map(|byte| char::from(*byte)).collect(),
        _ => return None,
    };
    Some(Found { text, len })
}

/// The text as it may stand in a field: as it is where it is printable ASCII, else as encoded
/// words of at most 75 characters, one space apart (RFC 2047 section 2).
pub fn encode_words(text: &str) -> String {
    let plain = text.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
    if plain && !text.contains("=?") {
        return text.to_string();
    }
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        let letter = q_letter(c);
        if word.len() + letter.len() > Q_TEXT_MAX {
            words.push(std::mem::take(&mut word));
        }
        word.push_str(&letter);
    }
    words.push(word);
    let whole: Vec<String> = words.iter().map(|word| format!("=?utf-8?Q?{word}?=")).collect();
    whole.join(" ")
}

/// A character as the Q encoding writes it (RFC 2047 section 4.2), safe in any place.
fn q_letter(c: char) -> String {
    match c {
        ' ' => "_".to_string(),
        c if c.is_ascii_alphanumeric() => c.to_string(),
        c => {
            let mut bytes = [0; 4];
            c.encode_utf8(&mut bytes).bytes().map(|byte| format!("={byte:02X}")).collect()
        }
    }
}

/// RFC 2047 section 2 allows 75; mail that breaks this is common, and is read up to here.
const ENCODED_WORD_READ_MAX: usize = 1_000;

/// 75 characters without `=?utf-8?Q?` and `?=`.
const Q_TEXT_MAX: usize = 63;
