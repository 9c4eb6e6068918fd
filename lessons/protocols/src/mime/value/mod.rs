//! What stands in header fields: addresses, dates, content types, encoded words.

mod address;
mod content_type;
mod date;
mod token;
mod words;

pub use address::{Address, parse_addresses};
pub use content_type::{ContentType, Disposition, Parameter};
pub use date::{format_date, parse_date};
pub(super) use words::encoded_words;
pub use words::{decode_words, encode_words};
