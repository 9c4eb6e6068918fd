//! The words that structured field values are made of (RFC 5322 section 3.2).

/// One word of a structured value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Token {
    /// A run of characters that mean nothing special, as it is written.
    Atom(String),
    /// A quoted string, without its quotes and backslashes.
    Quoted(String),
    /// A domain literal, with its brackets.
    Literal(String),
    /// One of the special characters.
    Special(char),
}

/// A token, and whether white space or a comment stands before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Word {
    pub(super) token: Token,
    pub(super) spaced: bool,
}

/// Takes a value apart. Comments are left out; which characters are special is the grammar's
/// business (RFC 5322 `specials`, or RFC 2045 `tspecials`).
pub(super) fn words(value: &str, specials: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = value.chars().peekable();
    let mut spaced = false;
    while let Some(first) = rest.next() {
        let token = match first {
            ' ' | '\t' | '\r' | '\n' => {
                spaced = true;
                continue;
            }
            '(' => {
                skip_comment(&mut rest);
                spaced = true;
                continue;
            }
            '"' => Token::Quoted(enclosed(&mut rest, '"')),
            '[' => Token::Literal(format!("[{}]", enclosed(&mut rest, ']'))),
            special if specials.contains(special) => Token::Special(special),
            first => {
                let mut atom = String::from(first);
                let ends = |c: &char| " \t\r\n(\"[".contains(*c) || specials.contains(*c);
                while let Some(next) = rest.next_if(|c| !ends(c)) {
                    atom.push(next);
                }
                Token::Atom(atom)
            }
        };
        words.push(Word { token, spaced });
        spaced = false;
    }
    words
}

/// What stands up to a closing character, or to the end, with backslashes taken off.
fn enclosed(rest: &mut impl Iterator<Item = char>, close: char) -> String {
    let mut text = String::new();
    while let Some(next) = rest.next() {
        match next {
            '\\' => text.extend(rest.next()),
            next if next == close => break,
            next => text.push(next),
        }
    }
    text
}

/// Comments nest (RFC 5322 section 3.2.2); one that is not closed goes on to the end.
fn skip_comment(rest: &mut impl Iterator<Item = char>) {
    let mut depth = 1_usize;
    while let Some(next) = rest.next() {
        match next {
            '\\' => drop(rest.next()),
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
}

/// What separates the words of addresses (RFC 5322 section 3.2.3), the dot apart.
pub(super) const SPECIALS: &str = "<>@,;:]";

/// What separates the words of a content type (RFC 2045 section 5.1).
pub(super) const TSPECIALS: &str = "<>@,;:\\/]?=";
