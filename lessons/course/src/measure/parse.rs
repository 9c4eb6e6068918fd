//! Reads expressions.

use super::expr::{Argument, Node, Operator};
use super::functions::{FUNCTIONS, Function};
use super::unit::Unit;
use crate::reader::{LessonError, Place};

/// Reads a whole text as one expression.
pub(super) fn expression(text: &str, at: Place) -> Result<Node, LessonError> {
    let mut reader = Reader { chars: text.chars().collect(), next: 0, start: at, depth: 0 };
    let node = reader.level(0)?;
    match reader.peek() {
        None => Ok(node),
        Some(_) => Err(reader.wrong("an operator such as + - * / <= == or the end")),
    }
}

struct Reader {
    chars: Vec<char>,
    next: usize,
    start: Place,
    depth: usize,
}

impl Reader {
    /// Reads parts joined by operators of this level or of a tighter one.
    fn level(&mut self, level: usize) -> Result<Node, LessonError> {
        let Some(operators) = LEVELS.get(level) else { return self.part() };
        let mut left = self.level(level + 1)?;
        while let Some(operator) = self.operator(operators) {
            let right = self.level(level + 1)?;
            left = Node::Join(Box::new(left), operator, Box::new(right));
        }
        Ok(left)
    }

    /// Takes the operator that stands next, if it is one of these.
    fn operator(&mut self, operators: &[(&str, Operator)]) -> Option<Operator> {
        self.skip_space();
        for (sign, operator) in operators {
            if self.starts_with(sign) {
                self.next += sign.chars().count();
                return Some(*operator);
            }
        }
        None
    }

    /// Reads a number, a name, a call or something in parentheses.
    fn part(&mut self) -> Result<Node, LessonError> {
        match self.peek() {
            Some('(') => {
                self.deeper()?;
                self.next += 1;
                let inner = self.level(0)?;
                self.expect(')')?;
                self.depth -= 1;
                Ok(inner)
            }
            Some('-') => {
                self.deeper()?;
                self.next += 1;
                let inner = self.part()?;
                self.depth -= 1;
                Ok(Node::Minus(Box::new(inner)))
            }
            Some(c) if c.is_ascii_digit() => self.number(),
            Some(c) if c.is_ascii_alphabetic() => self.name(),
            _ => Err(self.wrong("a number, a name, a function or `(`")),
        }
    }

    /// Reads a number and the unit behind it, if any.
    fn number(&mut self) -> Result<Node, LessonError> {
        let at = self.next;
        let text = self.take(|c| c.is_ascii_digit() || c == '.');
        let Ok(amount) = text.parse::<f64>() else {
            self.next = at;
            return Err(self.wrong("a number such as 8 or 1.5"));
        };
        let after = self.next;
        self.skip_space();
        let word = match self.peek() {
            Some('%') => {
                self.next += 1;
                "%".to_string()
            }
            _ => self.unit_word(),
        };
        match Unit::named(&word) {
            Some(unit) => Ok(Node::Number(unit.base(amount))),
            None => {
                self.next = after;
                Ok(Node::Number(amount))
            }
        }
    }

    /// Takes letters, and `/s` where it makes a rate of them.
    fn unit_word(&mut self) -> String {
        let mut word = self.take(|c| c.is_ascii_alphabetic());
        if word.ends_with("bit") && self.starts_with("/s") {
            self.next += 2;
            word.push_str("/s");
        }
        word
    }

    /// Reads a name, and its arguments where it is a function.
    fn name(&mut self) -> Result<Node, LessonError> {
        let at = self.next;
        let name = self.take(|c| c.is_ascii_alphanumeric() || c == '_');
        if self.peek() != Some('(') {
            return Ok(Node::Name(name));
        }
        let Some(function) = FUNCTIONS.iter().find(|function| function.name == name) else {
            self.next = at;
            let known: Vec<&str> = FUNCTIONS.iter().map(|function| function.name).collect();
            return Err(self.wrong(format!("one of the functions {}", known.join(", "))));
        };
        self.deeper()?;
        self.next += 1;
        let arguments = self.arguments(function)?;
        self.expect(')')?;
        self.depth -= 1;
        Ok(Node::Call(*function, arguments))
    }

    fn arguments(&mut self, function: &Function) -> Result<Vec<Argument>, LessonError> {
        let mut arguments = Vec::new();
        for index in 0..function.texts + function.numbers {
            if index > 0 {
                self.expect(',')?;
            }
            arguments.push(match index < function.texts {
                true => Argument::Text(self.text(function)?),
                false => Argument::Value(self.level(0)?),
            });
        }
        Ok(arguments)
    }

    /// Reads a text in double quotes; there is no way to write a quote inside one.
    fn text(&mut self, function: &Function) -> Result<String, LessonError> {
        if self.peek() != Some('"') {
            let right = format!("a text in double quotes; `{}` takes {}", function.name, {
                function.texts
            });
            return Err(self.wrong(right));
        }
        self.next += 1;
        let text = self.take(|c| c != '"');
        self.expect('"')?;
        Ok(text)
    }

    fn expect(&mut self, sign: char) -> Result<(), LessonError> {
        if self.peek() != Some(sign) {
            return Err(self.wrong(format!("`{sign}`")));
        }
        self.next += 1;
        Ok(())
    }

    /// Goes one level deeper, so that a hostile file cannot exhaust the stack.
    fn deeper(&mut self) -> Result<(), LessonError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.wrong(format!("at most {MAX_DEPTH} levels of nesting")));
        }
        Ok(())
    }

    /// The next character that is not white space, which is skipped.
    fn peek(&mut self) -> Option<char> {
        self.skip_space();
        self.chars.get(self.next).copied()
    }

    fn skip_space(&mut self) {
        while self.chars.get(self.next).is_some_and(|c| c.is_whitespace()) {
            self.next += 1;
        }
    }

    fn starts_with(&self, sign: &str) -> bool {
        let rest = self.chars.get(self.next..).unwrap_or_default();
        sign.chars().enumerate().all(|(index, c)| rest.get(index) == Some(&c))
    }

    fn take(&mut self, fits: impl Fn(char) -> bool) -> String {
        let rest = self.chars.get(self.next..).unwrap_or_default();
        let text: String = rest.iter().copied().take_while(|c| fits(*c)).collect();
        self.next += text.chars().count();
        text
    }

    /// An error about what stands next.
    fn wrong(&self, right: impl Into<String>) -> LessonError {
        let rest = self.chars.get(self.next..).unwrap_or_default();
        let found = match rest.iter().take(SHOWN).collect::<String>().as_str() {
            "" => "the end of the line".to_string(),
            text => format!("`{text}`"),
        };
        LessonError::new(self.start.right(self.next), found, right)
    }
}

/// The operators, from loose to tight. A sign that begins another comes after it.
const LEVELS: &[&[(&str, Operator)]] = &[
    &[("and", Operator::And)],
    &[
        ("<=", Operator::BelowOrEqual),
        (">=", Operator::AboveOrEqual),
        ("==", Operator::Equal),
        ("!=", Operator::Unequal),
        ("<", Operator::Below),
        (">", Operator::Above),
    ],
    &[("+", Operator::Plus), ("-", Operator::Minus)],
    &[("*", Operator::Times), ("/", Operator::Over)],
];

/// Deeper nesting than this is a mistake: no formula of a textbook comes near.
const MAX_DEPTH: usize = 32;

/// How many characters of the rest of a line an error shows.
const SHOWN: usize = 16;
