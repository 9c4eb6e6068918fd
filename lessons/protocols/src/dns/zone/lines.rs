//! The entries of a master file: words, with comments taken out and parentheses joined
//! (RFC 1035 section 5.1).

use crate::dns::name::escaped;

/// One entry: a directive or a record, over as many lines as its parentheses span.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Entry {
    /// The line on which it begins, from 1.
    pub(super) line: usize,
    /// Whether it begins with a blank, and so has the owner of the entry before it.
    pub(super) indented: bool,
    pub(super) words: Vec<Word>,
}

/// A word of an entry, with its escapes as they were written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Word {
    pub(super) text: String,
    /// Whether it stood in quotation marks.
    pub(super) quoted: bool,
}

impl Word {
    /// Its bytes, with what is escaped replaced; none where a backslash escapes nothing.
    pub(super) fn bytes(&self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut rest = self.text.bytes();
        while let Some(byte) = rest.next() {
            bytes.push(if byte == b'\\' { escaped(&mut rest)? } else { byte });
        }
        Some(bytes)
    }
}

/// What is wrong with the form of a file, and on which line.
pub(super) type Fault = (usize, &'static str);

/// Cuts a text into its entries; empty ones are left out.
pub(super) fn entries(text: &str) -> Result<Vec<Entry>, Fault> {
    let mut entries = Vec::new();
    let mut entry = Entry::default();
    let mut open = None;
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        if open.is_none() {
            let indented = line.starts_with([' ', '\t']);
            entry = Entry { line: number, indented, words: Vec::new() };
        }
        words(line, number, &mut open, &mut entry.words)?;
        if open.is_none() && !entry.words.is_empty() {
            entries.push(core::mem::take(&mut entry));
        }
    }
    match open {
        Some(line) => Err((line, "the parenthesis is never closed")),
        None => Ok(entries),
    }
}

/// Takes the words of one line. `open` is the line of the parenthesis that is open.
fn words(
    line: &str,
    number: usize,
    open: &mut Option<usize>,
    words: &mut Vec<Word>,
) -> Result<(), Fault> {
    let mut rest = line;
    loop {
        rest = rest.trim_start();
        match rest.chars().next() {
            None | Some(';') => return Ok(()),
            Some('(') if open.is_some() => return Err((number, "a parenthesis within another")),
            Some('(') => *open = Some(number),
            Some(')') if open.is_none() => return Err((number, "a parenthesis that was not open")),
            Some(')') => *open = None,
            Some('"') => {
                let inside = rest.get(1..).unwrap_or_default();
                let end = end_of(inside, |c| c == '"')
                    .ok_or((number, "the quotation mark is never closed"))?;
                words.push(Word { text: inside.split_at(end).0.to_string(), quoted: true });
                rest = inside.split_at(end).1;
            }
            Some(_) => {
                let ends = |c: char| c.is_whitespace() || matches!(c, ';' | '(' | ')' | '"');
                let (word, behind) = rest.split_at(end_of(rest, ends).unwrap_or(rest.len()));
                words.push(Word { text: word.to_string(), quoted: false });
                rest = behind;
                continue;
            }
        }
        // Behind the parenthesis or the last quotation mark, each of one byte.
        rest = rest.get(1..).unwrap_or_default();
    }
}

/// Where the first character stands that ends a word and is not escaped.
fn end_of(text: &str, ends: impl Fn(char) -> bool) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, c)| {
        let found = !escaped && ends(c);
        escaped = !escaped && c == '\\';
        found.then_some(at)
    })
}
