//! Words that every protocol needs for what it tells.

use core::fmt;

/// A number with the word for what it counts: `1 hop`, `2 hops`.
pub fn counted(count: impl fmt::Display + PartialEq + From<u8>, what: &str) -> String {
    let s = if count == 1.into() { "" } else { "s" };
    format!("{count} {what}{s}")
}
