//! Reads bencode (BEP 3), and notes every byte of it.

use core::cmp::Ordering;
use std::borrow::Cow;

use super::words::summary;
use super::{Entry, Item, Value, rules, shown};
use crate::wire::{Note, Notes, Rule, Span, Violation};

/// What came of reading.
#[derive(Clone, PartialEq, Debug)]
pub struct Outcome<'a> {
    /// What was read. None where the bytes break off or are no bencode; there with a fault where
    /// it can be understood although it is not written in the one way that is right.
    pub item: Option<Item<'a>>,
    /// The first thing that is wrong.
    pub fault: Option<Violation>,
}

/// How much is read of what a stranger sends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// How many lists and dictionaries may stand inside each other.
    pub depth: usize,
    /// How many values there may be altogether. Each takes two bytes at least, and more memory.
    pub items: usize,
}

/// What the string or number at some place means to a protocol, for notes alone.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    /// What it is called: `transaction ID (t)`.
    pub name: &'static str,
    /// The rule that gives it its meaning.
    pub rule: &'static Rule,
    /// What the bytes of a string say, if they are not to be shown as they are.
    pub says: fn(&[u8]) -> Option<String>,
    /// Notes the parts of a string's bytes, which begin at this offset, at this depth.
    pub parts: fn(&[u8], usize, u8, &mut Notes),
}

/// Gives what stands at the end of a path of keys its meaning; an element of a list has the empty
/// key there.
pub type Vocabulary = fn(&[&[u8]]) -> Option<&'static Term>;

/// For a term whose bytes are shown as they are.
pub fn no_words(_: &[u8]) -> Option<String> {
    None
}

/// For a term whose bytes have no parts.
pub fn no_parts(_: &[u8], _: usize, _: u8, _: &mut Notes) {}

/// Reads one value, which is all that there is. The code of a fault is 0: bencode has no answers.
pub fn read<'a>(
    bytes: &'a [u8],
    limits: &Limits,
    vocabulary: Vocabulary,
    notes: &mut Notes,
) -> Outcome<'a> {
    let mut reader = Reader {
        bytes,
        at: 0,
        depth: 0,
        nested: 0,
        items: 0,
        limits: *limits,
        vocabulary,
        path: Vec::new(),
        fault: None,
        notes: core::mem::take(notes),
    };
    let item = reader.item("value").ok();
    let (at, len) = (reader.at, bytes.len());
    if at < len {
        let left = Span::new(at, len);
        if item.is_some() {
            let found = format!("{} bytes follow the end of the value.", left.len());
            reader.blame(&rules::NOTHING_AFTER, left, found, "one value, and nothing behind it");
        }
        reader.note(left, "not read", &rules::BROKEN, String::new);
    }
    *notes = reader.notes;
    Outcome { item, fault: reader.fault }
}

/// Reads one value that is written as BEP 3 wants it to the last byte.
///
/// # Errors
/// The first thing that is wrong.
pub fn read_strict<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Item<'a>, Violation> {
    let outcome = read(bytes, limits, |_| None, &mut Notes::off());
    match (outcome.item, outcome.fault) {
        (_, Some(fault)) => Err(fault),
        (Some(item), None) => Ok(item),
        // What gives no value has a fault; were it otherwise, nothing was there.
        (None, None) => Err(violation(
            &rules::VALUE,
            Span::new(0, bytes.len()),
            "There is no value.".into(),
            "a value",
        )),
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Of the notes.
    depth: u8,
    /// How many lists and dictionaries are open.
    nested: usize,
    items: usize,
    limits: Limits,
    vocabulary: Vocabulary,
    /// The keys that lead here; kept only where notes are wanted.
    path: Vec<&'a [u8]>,
    fault: Option<Violation>,
    notes: Notes,
}

/// The bytes cannot be read on; the fault says why.
struct Broken;

impl<'a> Reader<'a> {
    fn item(&mut self, label: &'static str) -> Result<Item<'a>, Broken> {
        self.items += 1;
        if self.items > self.limits.items {
            let found = format!("There are more than {} values.", self.limits.items);
            return self.broken(&rules::LIMITS, self.here(1), found, "fewer values");
        }
        match self.bytes.get(self.at) {
            Some(b'i') => self.integer(label),
            Some(b'0'..=b'9') => self.text(label),
            Some(b'l') => self.nest(Reader::list),
            Some(b'd') => self.nest(Reader::dictionary),
            Some(other) => {
                let found = format!("A value cannot begin with {}.", shown(&[*other]));
                self.broken(&rules::VALUE, self.here(1), found, LEGAL_VALUE)
            }
            None => {
                let found = "The bytes end where a value should be.".into();
                self.broken(&rules::VALUE, self.here(0), found, LEGAL_VALUE)
            }
        }
    }

    fn integer(&mut self, label: &'static str) -> Result<Item<'a>, Broken> {
        let start = self.at;
        let rest = self.bytes.get(start + 1..).unwrap_or(&[]);
        let Some(len) = rest.iter().position(|byte| *byte == b'e') else {
            let span = Span::new(start, self.bytes.len());
            let found = "An integer has no end.".into();
            return self.broken(&rules::INTEGER, span, found, "digits and then `e`");
        };
        let written = rest.get(..len).unwrap_or(&[]);
        let (negative, digits) = match written.split_first() {
            Some((b'-', digits)) => (true, digits),
            Some(_) | None => (false, written),
        };
        let span = Span::new(start, start + len + 2);
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            let found = format!("{} is no number.", shown(written));
            return self.broken(
                &rules::INTEGER,
                span,
                found,
                "decimal digits, with `-` or without",
            );
        }
        if digits.len() > 1 && digits.first() == Some(&b'0') || written == b"-0" {
            let found = format!("The number is written as {}.", shown(written));
            self.blame(&rules::ONE_WAY, span, found, "no zero in front, and no zero below zero");
        }
        let value = number(negative, digits);
        if value.is_none() {
            let found = format!("{} is beyond what 64 bits hold.", shown(written));
            self.blame(&rules::INTEGER_SIZE, span, found, "a number of 64 bits");
        }
        let value = value.unwrap_or(if negative { i64::MIN } else { i64::MAX });
        self.at = span.end;
        let term = self.term();
        let rule = term.map_or(&rules::INTEGER, |term| term.rule);
        self.note(span, label, rule, || value.to_string());
        Ok(Item { span, value: Value::Integer(value) })
    }

    fn text(&mut self, label: &'static str) -> Result<Item<'a>, Broken> {
        let start = self.at;
        let (length, content) = self.string()?;
        let bytes = content.of(self.bytes);
        let span = Span::new(start, content.end);
        if self.notes.wanted() {
            let term = self.term();
            let rule = term.map_or(&rules::STRING, |term| term.rule);
            let (name, says) = match term {
                Some(term) if label == ELEMENT => (term.name, (term.says)(bytes)),
                Some(term) => (label, (term.says)(bytes)),
                None => (label, None),
            };
            self.note(span, name, rule, || says.unwrap_or_else(|| shown(bytes)));
            self.depth += 1;
            self.note(length, "length", &rules::STRING, || format!("{} B", bytes.len()));
            if !content.is_empty() {
                self.note(content, "content", rule, || shown(bytes));
            }
            if let Some(term) = term {
                (term.parts)(bytes, content.start, self.depth + 1, &mut self.notes);
            }
            self.depth -= 1;
        }
        Ok(Item { span, value: Value::String(bytes) })
    }

    /// Passes a string; where its length stands, colon included, and where its content does.
    fn string(&mut self) -> Result<(Span, Span), Broken> {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or(&[]);
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let digits = rest.get(..count).unwrap_or(&[]);
        let span = Span::new(start, (start + count + 1).min(self.bytes.len()));
        if count == 0 || rest.get(count) != Some(&b':') {
            let found = match rest.get(count) {
                Some(_) => "The length of a string does not end with a colon.".into(),
                None => "The bytes end within the length of a string.".to_string(),
            };
            return self.broken(&rules::STRING, span, found, "a length, and then `:`");
        }
        if count > 1 && digits.first() == Some(&b'0') {
            let found = format!("The length is written as {}.", shown(digits));
            self.blame(&rules::ONE_WAY, span, found, "a length without a zero in front");
        }
        let left = rest.len() - count - 1;
        let length = number(false, digits).and_then(|length| usize::try_from(length).ok());
        match length.filter(|length| *length <= left) {
            Some(length) => {
                self.at = span.end + length;
                Ok((span, Span::new(span.end, span.end + length)))
            }
            None => {
                let said = shown(digits);
                let found = format!("A string has {said} bytes, it says; {left} are left.");
                let legal = format!("a length of at most {left}");
                self.broken(&rules::STRING, span, found, &legal)
            }
        }
    }

    /// Reads a list or a dictionary, unless it is nested too deep.
    fn nest(
        &mut self,
        inner: fn(&mut Reader<'a>) -> Result<Value<'a>, Broken>,
    ) -> Result<Item<'a>, Broken> {
        let start = self.at;
        if self.nested >= self.limits.depth {
            let found = format!("More than {} values stand inside each other.", self.limits.depth);
            return self.broken(&rules::LIMITS, self.here(1), found, "values less deeply nested");
        }
        self.nested += 1;
        let value = inner(self)?;
        self.nested -= 1;
        Ok(Item { span: Span::new(start, self.at), value })
    }

    fn list(&mut self) -> Result<Value<'a>, Broken> {
        self.mark("list begins", &rules::LIST);
        let mut items = Vec::new();
        self.enter(b"");
        while !self.ends(&rules::LIST)? {
            items.push(self.item(ELEMENT)?);
        }
        self.leave();
        self.mark("list ends", &rules::LIST);
        Ok(Value::List(items))
    }

    fn dictionary(&mut self) -> Result<Value<'a>, Broken> {
        self.mark("dictionary begins", &rules::DICTIONARY);
        let mut entries: Vec<Entry<'a>> = Vec::new();
        while !self.ends(&rules::DICTIONARY)? {
            let entry = self.entry()?;
            match entries.last() {
                Some(before) => self.check_order(before.key, &entry),
                None => entries.reserve_exact(FEW_KEYS),
            }
            entries.push(entry);
        }
        self.mark("dictionary ends", &rules::DICTIONARY);
        Ok(Value::Dictionary(entries))
    }

    fn check_order(&mut self, before: &[u8], entry: &Entry<'a>) {
        let (found, legal) = match before.cmp(entry.key) {
            Ordering::Less => return,
            Ordering::Equal => {
                (format!("The key {} stands twice.", shown(entry.key)), "each key once")
            }
            Ordering::Greater => {
                let (key, other) = (shown(entry.key), shown(before));
                let found = format!("The key {key} stands behind {other}.");
                (found, "keys in the order of their bytes")
            }
        };
        self.blame(&rules::KEY_ORDER, entry.key_span, found, legal);
    }

    /// Reads a key and what stands under it; a note for both stands before those for each.
    fn entry(&mut self) -> Result<Entry<'a>, Broken> {
        let start = self.at;
        if !self.bytes.get(start).is_some_and(u8::is_ascii_digit) {
            let found = "A key is not a string.".into();
            return self.broken(&rules::DICTIONARY, self.here(1), found, "a string for a key");
        }
        let (_, content) = self.string()?;
        let (key, key_span) = (content.of(self.bytes), Span::new(start, content.end));
        if !self.notes.wanted() {
            let item = self.item("value")?;
            return Ok(Entry { key, key_span, item });
        }
        self.enter(key);
        let term = self.term();
        let before = core::mem::replace(&mut self.notes, Notes::on());
        self.depth += 1;
        self.note(key_span, "key", &rules::DICTIONARY, || shown(key));
        let outcome = self.item("value");
        self.depth -= 1;
        let parts = core::mem::replace(&mut self.notes, before).take();
        let value = || outcome.as_ref().map_or_else(|_| "broken off".into(), |i| summary(i, term));
        let name = term.map_or_else(|| Cow::from(shown(key)), |term| Cow::from(term.name));
        let rule = term.map_or(&rules::DICTIONARY, |term| term.rule);
        self.notes.note(self.depth, Span::new(start, self.at), name, Some(rule), value);
        for Note { span, name, value, depth, rule } in parts {
            self.notes.note(depth, span, name, rule, || value);
        }
        self.leave();
        Ok(Entry { key, key_span, item: outcome? })
    }

    /// Whether the list or dictionary ends here.
    fn ends(&mut self, rule: &'static Rule) -> Result<bool, Broken> {
        match self.bytes.get(self.at) {
            Some(byte) => Ok(*byte == b'e'),
            None => {
                let found = "The bytes end within a list or a dictionary.".into();
                self.broken(rule, self.here(0), found, "an `e` at its end").map(|()| true)
            }
        }
    }

    /// Passes the one byte that begins or ends a list or a dictionary.
    fn mark(&mut self, name: &'static str, rule: &'static Rule) {
        let span = self.here(1);
        self.at = span.end;
        self.note(span, name, rule, String::new);
    }

    fn enter(&mut self, key: &'a [u8]) {
        if self.notes.wanted() {
            self.path.push(key);
        }
    }

    fn leave(&mut self) {
        if self.notes.wanted() {
            self.path.pop();
        }
    }

    fn term(&self) -> Option<&'static Term> {
        if self.notes.wanted() { (self.vocabulary)(&self.path) } else { None }
    }

    fn here(&self, len: usize) -> Span {
        Span::new(self.at, (self.at + len).min(self.bytes.len()))
    }

    fn note(
        &mut self,
        span: Span,
        name: &'static str,
        rule: &'static Rule,
        value: impl FnOnce() -> String,
    ) {
        self.notes.note(self.depth, span, name, Some(rule), value);
    }

    /// Writes down what is wrong, if it is the first thing.
    fn blame(&mut self, rule: &'static Rule, span: Span, found: String, legal: &str) {
        if self.fault.is_none() {
            self.fault = Some(violation(rule, span, found, legal));
        }
    }

    fn broken<T>(
        &mut self,
        rule: &'static Rule,
        span: Span,
        found: String,
        legal: &str,
    ) -> Result<T, Broken> {
        self.blame(rule, span, found, legal);
        Err(Broken)
    }
}

fn violation(rule: &'static Rule, span: Span, found: String, legal: &str) -> Violation {
    Violation { rule, span, found, legal: legal.into(), code: 0 }
}

/// The number of these digits; none if it is beyond 64 bits.
fn number(negative: bool, digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0i64, |number, digit| {
        let digit = i64::from(digit - b'0');
        let tens = number.checked_mul(10)?;
        if negative { tens.checked_sub(digit) } else { tens.checked_add(digit) }
    })
}

/// Room that a dictionary gets for its entries with the first one: few messages of KRPC have more.
const FEW_KEYS: usize = 6;

/// What an element of a list is called that has no name of its own.
const ELEMENT: &str = "item";

const LEGAL_VALUE: &str = "`i` for an integer, a digit for a string, `l` for a list, `d` for a \
                           dictionary";
