//! Whose fault it is, as a type: only the peer can violate, only we can misuse.

use core::fmt;

use super::{Rule, Span};

/// The peer broke a rule.
#[derive(Clone, PartialEq, Debug)]
pub struct Violation {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// Which bytes broke it, counted from the start of the peer's stream or datagram.
    pub span: Span,
    /// What was found, as a sentence for the student.
    pub found: String,
    /// What would have been legal here.
    pub legal: String,
    /// The protocol's own code to answer with (an HTTP status, an SMTP reply); 0 for none.
    pub code: u16,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} Legal here: {}. ({})", self.found, self.legal, self.rule.source)
    }
}

impl std::error::Error for Violation {}

/// Our own side asked for something that the protocol does not allow now.
#[derive(Clone, PartialEq, Debug)]
pub struct Misuse {
    /// The rule that forbids it.
    pub rule: &'static Rule,
    /// What was asked and why it cannot be, as a sentence.
    pub says: String,
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.says, self.rule.source)
    }
}

impl std::error::Error for Misuse {}
