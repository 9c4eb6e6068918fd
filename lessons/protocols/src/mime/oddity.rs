//! What is odd about a mail.

use crate::wire::{Rule, Span};

/// Something in a mail that breaks a rule and is kept all the same.
#[derive(Clone, PartialEq, Debug)]
pub struct Oddity {
    /// The rule that it breaks.
    pub rule: &'static Rule,
    /// Where it stands in the mail.
    pub span: Span,
    /// What was found and what is made of it, as a sentence.
    pub found: String,
}

impl Oddity {
    pub(super) fn new(rule: &'static Rule, span: Span, found: impl Into<String>) -> Oddity {
        Oddity { rule, span, found: found.into() }
    }
}
