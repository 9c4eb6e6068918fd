//! The little language in which lessons count, compare and calculate.
//!
//! One language serves goals (`measured <= 3 * rtt`), formulas (`(objects + 1) * 2 * rtt`),
//! predictions and the numbers in the prose (`{{messages("www.cs.test", "304 *")}}`). It has no
//! loops and no names of its own, so evaluating an expression always ends.

use super::functions::{Asks, Function};
use super::{Facts, parse};
use crate::reader::{LessonError, Place};

/// An expression over the facts of a run and the parameters of its stage.
#[derive(Clone, PartialEq, Debug)]
pub struct Expr {
    text: String,
    pub(super) node: Node,
}

/// One part of an expression.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Node {
    /// A number, in base units.
    Number(f64),
    /// A parameter of the stage, or one of the names in [`super::NAMES`].
    Name(String),
    /// Something that is looked up in the run or calculated, with its arguments.
    Call(Function, Vec<Argument>),
    /// Two parts and what joins them.
    Join(Box<Node>, Operator, Box<Node>),
    /// A part with its sign turned.
    Minus(Box<Node>),
}

/// An argument of a function.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Argument {
    /// A host's name, a pattern, an id.
    Text(String),
    /// A calculated number.
    Value(Node),
}

/// What joins two parts of an expression, from loose to tight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Operator {
    And,
    Below,
    BelowOrEqual,
    Equal,
    Unequal,
    AboveOrEqual,
    Above,
    Plus,
    Minus,
    Times,
    Over,
}

impl Expr {
    /// Reads an expression that stands at a place of a lesson file.
    ///
    /// # Errors
    /// What cannot be read, with the column and what would be right.
    pub fn read(text: &str, at: Place) -> Result<Expr, LessonError> {
        Ok(Expr { text: text.trim().to_string(), node: parse::expression(text, at)? })
    }

    /// The expression as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names that it uses, for checking them against the stage.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.node.names(&mut names);
        names
    }

    /// Whether it asks how hosts and links stand, beside what has happened: of ten thousand of them
    /// that is much to find out ([`Run::survey`](crate::Run::survey)).
    pub fn surveys(&self) -> bool {
        self.node.any_call(&|function| function.asks == Asks::Present)
    }

    /// Whether it counts something that happens in the run, or that the student does.
    pub fn counts(&self) -> bool {
        self.node.any_call(&|function| function.asks != Asks::Nothing)
    }

    /// Its value where it is a number alone, perhaps with a unit.
    pub fn constant(&self) -> Option<f64> {
        self.node.constant()
    }

    /// Its value in base units, as far as the facts give one: what has not happened yet (a total
    /// that is not measured) has no value, and neither has anything that depends on it.
    pub fn value(&self, facts: &Facts<'_>) -> Option<f64> {
        self.node.value(facts).filter(|value| value.is_finite())
    }

    /// Whether it holds: it has a value, and that is not zero.
    pub fn holds(&self, facts: &Facts<'_>) -> bool {
        self.value(facts).is_some_and(|value| value != 0.0)
    }
}

impl Node {
    /// Its value where it is a number alone.
    pub(super) fn constant(&self) -> Option<f64> {
        match self {
            Node::Number(number) => Some(*number),
            Node::Name(_) | Node::Call(..) | Node::Join(..) | Node::Minus(_) => None,
        }
    }

    /// Whether any function in it is such a one.
    fn any_call(&self, is_it: &impl Fn(&Function) -> bool) -> bool {
        match self {
            Node::Number(_) | Node::Name(_) => false,
            Node::Call(function, arguments) => {
                let deep = |argument: &Argument| match argument {
                    Argument::Text(_) => false,
                    Argument::Value(node) => node.any_call(is_it),
                };
                is_it(function) || arguments.iter().any(deep)
            }
            Node::Join(left, _, right) => left.any_call(is_it) || right.any_call(is_it),
            Node::Minus(part) => part.any_call(is_it),
        }
    }

    fn names<'a>(&'a self, names: &mut Vec<&'a str>) {
        match self {
            Node::Number(_) => {}
            Node::Name(name) => names.push(name),
            Node::Call(_, arguments) => {
                for argument in arguments {
                    match argument {
                        Argument::Text(_) => {}
                        Argument::Value(node) => node.names(names),
                    }
                }
            }
            Node::Join(left, _, right) => {
                left.names(names);
                right.names(names);
            }
            Node::Minus(part) => part.names(names),
        }
    }

    pub(super) fn value(&self, facts: &Facts<'_>) -> Option<f64> {
        match self {
            Node::Number(number) => Some(*number),
            Node::Name(name) => facts.named(name),
            Node::Call(function, arguments) => {
                let mut texts = Vec::new();
                let mut numbers = Vec::new();
                for argument in arguments {
                    match argument {
                        Argument::Text(text) => texts.push(text.as_str()),
                        Argument::Value(node) => numbers.push(node.value(facts)?),
                    }
                }
                call(*function, &texts, &numbers, facts)
            }
            Node::Join(left, operator, right) => {
                Some(operator.join(left.value(facts)?, right.value(facts)?))
            }
            Node::Minus(part) => Some(-part.value(facts)?),
        }
    }
}

impl Operator {
    fn join(self, left: f64, right: f64) -> f64 {
        let truth = |holds: bool| if holds { 1.0 } else { 0.0 };
        let near = (left - right).abs() <= EQUAL_WITHIN * left.abs().max(right.abs());
        match self {
            Operator::And => truth(left != 0.0 && right != 0.0),
            Operator::Below => truth(left < right && !near),
            Operator::BelowOrEqual => truth(left < right || near),
            Operator::Equal => truth(near),
            Operator::Unequal => truth(!near),
            Operator::AboveOrEqual => truth(left > right || near),
            Operator::Above => truth(left > right && !near),
            Operator::Plus => left + right,
            Operator::Minus => left - right,
            Operator::Times => left * right,
            Operator::Over => left / right,
        }
    }
}

/// What a function gives for its arguments; the parser has checked how many there are.
fn call(function: Function, texts: &[&str], numbers: &[f64], facts: &Facts<'_>) -> Option<f64> {
    match (function.name, texts, numbers) {
        ("ceil", [], [a]) => Some(a.ceil()),
        ("floor", [], [a]) => Some(a.floor()),
        ("min", [], [a, b]) => Some(a.min(*b)),
        ("max", [], [a, b]) => Some(a.max(*b)),
        (name, texts, numbers) => facts.seen(name, texts, numbers),
    }
}

/// Two results of arithmetic this close, relative to their size, count as equal: a nanosecond in
/// a second, the resolution of the simulated clock.
const EQUAL_WITHIN: f64 = 1e-9;
