//! What a piece of bencode says, with the place of each part.

use crate::wire::Span;

/// A value with the bytes that it was read from.
#[derive(Clone, PartialEq, Debug)]
pub struct Item<'a> {
    /// Where it stands, from its first byte to its last, counted from the start of what was read.
    pub span: Span,
    /// What it says.
    pub value: Value<'a>,
}

/// One of the four kinds of value (BEP 3, "bencoding").
#[derive(Clone, PartialEq, Debug)]
pub enum Value<'a> {
    /// `i54e`: a whole number. One that 64 bits do not hold is a fault, and the nearest is here.
    Integer(i64),
    /// `4:spam`: bytes, which need not be text.
    String(&'a [u8]),
    /// `l…e`: values in order.
    List(Vec<Item<'a>>),
    /// `d…e`: values by name, in the order in which they stand.
    Dictionary(Vec<Entry<'a>>),
}

/// One entry of a dictionary.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry<'a> {
    /// The key's bytes.
    pub key: &'a [u8],
    /// Where the key stands, its length included.
    pub key_span: Span,
    /// What stands under it.
    pub item: Item<'a>,
}

impl<'a> Item<'a> {
    /// The number, if it is one.
    pub fn integer(&self) -> Option<i64> {
        match &self.value {
            Value::Integer(number) => Some(*number),
            Value::String(_) | Value::List(_) | Value::Dictionary(_) => None,
        }
    }

    /// The bytes, if it is a string.
    pub fn string(&self) -> Option<&'a [u8]> {
        match &self.value {
            Value::String(bytes) => Some(bytes),
            Value::Integer(_) | Value::List(_) | Value::Dictionary(_) => None,
        }
    }

    /// The values of a list.
    pub fn list(&self) -> Option<&[Item<'a>]> {
        match &self.value {
            Value::List(items) => Some(items),
            Value::Integer(_) | Value::String(_) | Value::Dictionary(_) => None,
        }
    }

    /// The entries of a dictionary.
    pub fn dictionary(&self) -> Option<&[Entry<'a>]> {
        match &self.value {
            Value::Dictionary(entries) => Some(entries),
            Value::Integer(_) | Value::String(_) | Value::List(_) => None,
        }
    }

    /// What a dictionary has under this key; of two with one key, the first.
    pub fn entry(&self, key: &[u8]) -> Option<&Item<'a>> {
        let entries = self.dictionary()?;
        entries.iter().find(|entry| entry.key == key).map(|entry| &entry.item)
    }

    /// What it is, in a word, for sentences about what was found.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Integer(_) => "an integer",
            Value::String(_) => "a string",
            Value::List(_) => "a list",
            Value::Dictionary(_) => "a dictionary",
        }
    }
}
