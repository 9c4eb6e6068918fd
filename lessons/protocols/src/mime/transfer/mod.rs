//! How bodies are made fit for lines of seven bits (RFC 2045 section 6).

mod base64;
mod quoted_printable;

use core::fmt;

pub(crate) use base64::shown_base64;
pub use base64::{decode_base64, encode_base64};
pub use quoted_printable::{decode_quoted_printable, encode_quoted_printable};

use super::Oddity;
use crate::wire::Span;

/// What a Content-Transfer-Encoding says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// Short lines of ASCII, as they are.
    SevenBit,
    /// Short lines of any bytes, as they are.
    EightBit,
    /// Anything, as it is.
    Binary,
    /// Mostly readable text, with `=E4` for what is not ASCII.
    QuotedPrintable,
    /// Four letters for three bytes.
    Base64,
    /// An encoding that nobody knows; the name in lower case.
    Unknown(String),
}

/// A body with its encoding taken off.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Decoded {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Which bytes came from where, line by line.
    pub pieces: Vec<Piece>,
    /// What was odd.
    pub oddities: Vec<Oddity>,
}

/// A run of decoded bytes and what it was decoded from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Piece {
    /// Where the encoded bytes stand, in what was handed over.
    pub encoded: Span,
    /// Where the decoded bytes stand, in [`Decoded::bytes`].
    pub decoded: Span,
}

impl Encoding {
    /// Reads the value of a Content-Transfer-Encoding field; case means nothing.
    pub fn parse(value: &str) -> Encoding {
        let end = value.find(|c: char| c == ';' || c == '(' || c.is_whitespace());
        let name = value.get(..end.unwrap_or(value.len())).unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "" | "7bit" => Encoding::SevenBit,
            "8bit" => Encoding::EightBit,
            "binary" => Encoding::Binary,
            "quoted-printable" => Encoding::QuotedPrintable,
            "base64" => Encoding::Base64,
            other => Encoding::Unknown(other.to_string()),
        }
    }

    /// Whether the body is not simply what it seems.
    pub const fn changes_octets(&self) -> bool {
        match self {
            Encoding::SevenBit | Encoding::EightBit | Encoding::Binary => false,
            Encoding::QuotedPrintable | Encoding::Base64 | Encoding::Unknown(_) => true,
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Encoding::SevenBit => "7bit",
            Encoding::EightBit => "8bit",
            Encoding::Binary => "binary",
            Encoding::QuotedPrintable => "quoted-printable",
            Encoding::Base64 => "base64",
            Encoding::Unknown(name) => name,
        })
    }
}

/// Takes the encoding off a body that stands here; spans count in `octets`.
pub(super) fn decode(encoding: &Encoding, octets: &[u8], body: Span) -> Decoded {
    match encoding {
        Encoding::Base64 => decode_base64(octets, body),
        Encoding::QuotedPrintable => decode_quoted_printable(octets, body),
        Encoding::SevenBit | Encoding::EightBit | Encoding::Binary | Encoding::Unknown(_) => {
            let bytes = body.of(octets).to_vec();
            let decoded = Span::new(0, bytes.len());
            let pieces = vec![Piece { encoded: body, decoded }];
            Decoded { bytes, pieces, oddities: Vec::new() }
        }
    }
}
