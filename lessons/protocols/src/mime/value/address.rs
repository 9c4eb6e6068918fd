//! Lists of addresses (RFC 5322 section 3.4).

use core::fmt;
use std::sync::Arc;

use super::token::{SPECIALS, Token, Word, words};
use super::words::decode_words;

/// One mailbox of an address list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Address {
    /// The name that goes with it, decoded.
    pub name: Option<String>,
    /// The address itself, `local-part@domain`.
    pub address: String,
    /// The group that it is listed in.
    pub group: Option<Arc<str>>,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{name} <{}>", self.address),
            None => f.write_str(&self.address),
        }
    }
}

/// Reads a list of addresses. What is no address is left out.
pub fn parse_addresses(value: &str) -> Vec<Address> {
    let mut list = List::default();
    for word in words(value, SPECIALS) {
        list.take(word);
    }
    list.end();
    list.found
}

/// The list so far, and the mailbox that is being read.
#[derive(Default)]
struct List {
    found: Vec<Address>,
    /// Shared, or a long name and many members would multiply.
    group: Option<Arc<str>>,
    /// Words before an angle bracket, or the address itself where there is none.
    phrase: Phrase,
    /// The address between angle brackets.
    angle: Option<Phrase>,
    within_angle: bool,
}

/// Words as they were written, and joined as a name.
#[derive(Default)]
struct Phrase {
    joined: String,
    /// The same without any white space, and with quotes where they are needed: an address.
    address: String,
}

impl Phrase {
    fn push(&mut self, word: &Word) {
        let (text, written) = match &word.token {
            Token::Atom(text) | Token::Literal(text) => (text.clone(), text.clone()),
            Token::Quoted(text) => (text.clone(), quoted_if_needed(text)),
            Token::Special(c) => (c.to_string(), c.to_string()),
        };
        if word.spaced && !self.joined.is_empty() {
            self.joined.push(' ');
        }
        self.joined.push_str(&text);
        self.address.push_str(&written);
    }
}

impl List {
    fn take(&mut self, word: Word) {
        match (&word.token, self.within_angle) {
            (Token::Special('<'), false) => {
                self.angle = Some(Phrase::default());
                self.within_angle = true;
            }
            (Token::Special('>'), true) => self.within_angle = false,
            (Token::Special(','), false) => self.end(),
            (Token::Special(':'), false) => {
                self.group = Some(decode_words(&std::mem::take(&mut self.phrase).joined).into());
            }
            (Token::Special(';'), false) => {
                self.end();
                self.group = None;
            }
            // A source route before the address (RFC 5322 section 4.4) is left out.
            (Token::Special(':'), true) => self.angle = Some(Phrase::default()),
            _ => match (&mut self.angle, self.within_angle) {
                (Some(angle), true) => angle.push(&word),
                _ => {
                    let behind = Word { spaced: word.spaced || self.angle.is_some(), ..word };
                    self.phrase.push(&behind);
                }
            },
        }
    }

    /// The mailbox is complete.
    fn end(&mut self) {
        let phrase = std::mem::take(&mut self.phrase);
        self.within_angle = false;
        let (name, address) = match self.angle.take() {
            Some(angle) => (Some(decode_words(&phrase.joined)), angle.address),
            None => (None, phrase.address),
        };
        if !address.is_empty() {
            let name = name.filter(|name| !name.is_empty());
            self.found.push(Address { name, address, group: self.group.clone() });
        }
    }
}

/// A local part that is no dot-atom stays quoted (RFC 5322 section 3.4.1).
fn quoted_if_needed(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let dots = text.starts_with('.') || text.ends_with('.') || text.contains("..");
    match !text.is_empty() && !dots && text.chars().all(plain) {
        true => text.to_string(),
        false => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}
