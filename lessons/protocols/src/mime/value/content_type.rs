//! Content types and dispositions, with their parameters (RFC 2045 section 5, RFC 2183).

use core::fmt;

use super::token::{TSPECIALS, Token, Word, words};

/// What a Content-Type says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ContentType {
    /// The type in lower case: `text`, `multipart`.
    pub kind: String,
    /// The subtype in lower case: `plain`, `mixed`.
    pub subtype: String,
    /// The parameters in order.
    pub parameters: Vec<Parameter>,
}

/// What a Content-Disposition says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Disposition {
    /// In lower case: `inline`, `attachment`.
    pub kind: String,
    /// The parameters in order.
    pub parameters: Vec<Parameter>,
}

/// A parameter of either.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parameter {
    /// Its name in lower case.
    pub name: String,
    /// Its value, without quotes.
    pub value: String,
}

impl ContentType {
    /// What a part is that does not say (RFC 2045 section 5.2).
    pub fn text_plain() -> ContentType {
        ContentType { kind: "text".into(), subtype: "plain".into(), parameters: Vec::new() }
    }

    /// What a part of a digest is that does not say (RFC 2046 section 5.1.5).
    pub fn message() -> ContentType {
        ContentType { kind: "message".into(), subtype: "rfc822".into(), parameters: Vec::new() }
    }

    /// Reads the value of a Content-Type field; none where it has no type and subtype.
    pub fn parse(value: &str) -> Option<ContentType> {
        let words = words(value, TSPECIALS);
        let mut sections = words.split(|word| word.token == Token::Special(';'));
        let [kind, slash, subtype] = sections.next()? else { return None };
        let (Token::Atom(kind), Token::Special('/'), Token::Atom(subtype)) =
            (&kind.token, &slash.token, &subtype.token)
        else {
            return None;
        };
        let (kind, subtype) = (kind.to_ascii_lowercase(), subtype.to_ascii_lowercase());
        Some(ContentType { kind, subtype, parameters: sections.filter_map(parameter).collect() })
    }

    /// The value of the first parameter of this name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        find(&self.parameters, name)
    }

    /// Whether a body of this type is made of parts.
    pub fn is_composite(&self) -> bool {
        self.kind == "multipart" || self.kind == "message" && self.subtype == "rfc822"
    }
}

impl fmt::Display for ContentType {
    /// Without its parameters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.subtype)
    }
}

impl Disposition {
    /// Reads the value of a Content-Disposition field.
    pub fn parse(value: &str) -> Disposition {
        let words = words(value, TSPECIALS);
        let mut sections = words.split(|word| word.token == Token::Special(';'));
        let kind = match sections.next() {
            Some([Word { token: Token::Atom(kind), .. }, ..]) => kind.to_ascii_lowercase(),
            Some(_) | None => String::new(),
        };
        Disposition { kind, parameters: sections.filter_map(parameter).collect() }
    }

    /// The value of the first parameter of this name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        find(&self.parameters, name)
    }
}

fn find<'a>(parameters: &'a [Parameter], name: &str) -> Option<&'a str> {
    parameters.iter().find(|known| known.name == name).map(|known| known.value.as_str())
}

/// `name=value`; what is not of this form is left out. A value that should have been quoted is
/// taken up to the next semicolon all the same.
fn parameter(words: &[Word]) -> Option<Parameter> {
    let [name, equals, rest @ ..] = words else { return None };
    let (Token::Atom(name), Token::Special('=')) = (&name.token, &equals.token) else {
        return None;
    };
    let mut value = String::new();
    let rest = match rest {
        [Word { token: Token::Quoted(_), .. }, ..] => rest.get(..1).unwrap_or(rest),
        _ => rest,
    };
    for (at, word) in rest.iter().enumerate() {
        if word.spaced && at > 0 {
            value.push(' ');
        }
        match &word.token {
            Token::Atom(text) | Token::Quoted(text) | Token::Literal(text) => value.push_str(text),
            Token::Special(c) => value.push(*c),
        }
    }
    Some(Parameter { name: name.to_ascii_lowercase(), value })
}
