//! The form of mail: header fields (RFC 5322) and bodies of several parts (RFC 2045 to 2047).
//!
//! The reader takes whatever comes: a mail that breaks a rule is still somebody's mail. What is odd
//! is kept, pointed at and explained ([`Oddity`]), and every part knows its span.

mod boundary;
pub mod build;
mod entity;
mod header;
mod limits;
mod notes;
mod oddity;
pub mod rules;
mod sent;
mod transfer;
mod value;

pub use build::{Attachment, Draft};
pub use entity::{Entity, Mail, Parts, read};
pub use header::{Field, Header};
pub use limits::Limits;
pub use notes::note_mail;
pub use oddity::Oddity;
use oddity::odd;
pub use sent::{Unstuffed, unstuff};
pub(crate) use transfer::shown_base64;
pub use transfer::{
    Decoded, Encoding, decode_base64, decode_quoted_printable, encode_base64,
    encode_quoted_printable,
};
pub use value::{
    Address, ContentType, Disposition, Parameter, decode_words, encode_words, format_date,
    parse_addresses, parse_date,
};
