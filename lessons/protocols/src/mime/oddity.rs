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

/// Remembers that something is odd, unless so much is that nobody reads it all.
pub(super) fn odd(oddities: &mut Vec<Oddity>, rule: &'static Rule, span: Span, found: &str) {
    if oddities.len() < ODDITIES_MAX {
        oddities.push(Oddity { rule, span, found: found.into() });
    }
}

/// More than anybody reads. A mail of nothing but oddities would cost a hundred times its size.
const ODDITIES_MAX: usize = 1_000;
