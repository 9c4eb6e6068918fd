//! What a cache decides, and by which rule.

use core::time::Duration;

use bytes::Bytes;

use super::Lifetime;
use crate::http::{Fields, Response};
use crate::wire::Rule;

/// What a cache says to a request.
#[derive(Clone, PartialEq, Debug)]
pub enum Decision {
    /// The stored response answers it, without asking anybody.
    Use {
        /// The stored response, with its Age.
        response: Response,
        /// Its content.
        body: Bytes,
        /// How old it is.
        age: Duration,
        /// How old it may become.
        lifetime: Duration,
        /// Why it may be used.
        rule: &'static Rule,
    },
    /// A stored response might do, but must be checked: send the request with these fields added.
    Validate {
        /// If-None-Match or If-Modified-Since, or both.
        conditions: Fields,
        /// Why it must be checked.
        rule: &'static Rule,
    },
    /// Nothing stored will do: send the request as it is.
    Forward {
        /// Why nothing stored will do.
        rule: &'static Rule,
    },
    /// The request forbids going to the origin, and nothing stored will do: answer 504.
    Unsatisfiable {
        /// The rule that says so.
        rule: &'static Rule,
    },
}

impl Decision {
    /// The rule that the decision was made by.
    pub fn rule(&self) -> &'static Rule {
        match self {
            Decision::Use { rule, .. }
            | Decision::Validate { rule, .. }
            | Decision::Forward { rule }
            | Decision::Unsatisfiable { rule } => rule,
        }
    }
}

/// Whether a response was stored, and by which rule.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Verdict {
    /// Whether it was stored.
    pub stored: bool,
    /// The rule that allows or forbids it.
    pub rule: &'static Rule,
    /// For how long it will be fresh, if it was stored.
    pub lifetime: Option<Lifetime>,
}

impl Verdict {
    pub(super) const fn yes(rule: &'static Rule) -> Verdict {
        Verdict { stored: true, rule, lifetime: None }
    }

    pub(super) const fn no(rule: &'static Rule) -> Verdict {
        Verdict { stored: false, rule, lifetime: None }
    }

    /// Every rule that it was made by, in order.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        [Some(self.rule), self.lifetime.map(|lifetime| lifetime.rule)].into_iter().flatten()
    }
}
