//! Values in words, for notes and for sentences about what was found.

use super::{Item, Term, Value};
use crate::wire::counted;

/// Bytes as people can read them: quoted where they are all letters and signs of ASCII, in
/// hexadecimal otherwise, and cut where they are many.
pub fn shown(bytes: &[u8]) -> String {
    let is_text = bytes.iter().all(|byte| matches!(byte, b' '..=b'~'));
    let (kept, width) = match is_text {
        true => (bytes.get(..MAX_SHOWN_TEXT), 1),
        false => (bytes.get(..MAX_SHOWN_BYTES), 2),
    };
    let (kept, end) = kept.map_or((bytes, ""), |kept| (kept, "…"));
    let mut text = String::with_capacity(kept.len() * width + 4);
    match is_text {
        true => text.extend(['"'].into_iter().chain(kept.iter().map(|b| char::from(*b)))),
        false => kept.iter().for_each(|byte| text.push_str(&format!("{byte:02x}"))),
    }
    text.push_str(end);
    text.push_str(if is_text { "\"" } else { "" });
    text
}

/// A value in a few words, for the note that covers key and value.
pub(super) fn summary(item: &Item<'_>, term: Option<&'static Term>) -> String {
    match &item.value {
        Value::Integer(number) => number.to_string(),
        Value::String(bytes) => {
            term.and_then(|term| (term.says)(bytes)).unwrap_or_else(|| shown(bytes))
        }
        Value::List(items) => counted(items.len(), "item"),
        Value::Dictionary(entries) => counted(entries.len(), "key"),
    }
}

/// As much text as fits on a line of the inspector.
const MAX_SHOWN_TEXT: usize = 60;

/// Enough for a node ID, which has 20 bytes.
const MAX_SHOWN_BYTES: usize = 20;
