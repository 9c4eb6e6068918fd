//! What a zone says to a question.

use crate::dns::{Message, Record, ResponseCode};
use crate::wire::Rule;

/// What a zone says to a question: the sections of a response, and why they are so.
#[derive(Clone, PartialEq, Debug)]
pub struct Answer {
    /// How the lookup ended.
    pub outcome: Outcome,
    /// The answer section: CNAME records on the way, then what was asked for.
    pub answers: Vec<Record>,
    /// The authority section: NS records of a referral, or the SOA record of a no.
    pub authorities: Vec<Record>,
    /// The additional section: glue, and addresses of hosts that are named above.
    pub additionals: Vec<Record>,
    /// The rules that led there, in the order in which they were met.
    pub why: Vec<&'static Rule>,
}

/// How a lookup in a zone ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// With records of the type asked for, or with an alias of something outside the zone.
    Found,
    /// With a name that has no record of the type.
    NoData,
    /// With no such name.
    NoSuchName,
    /// With a part of the tree that is given away.
    Referral,
}

impl Answer {
    pub(super) fn new() -> Answer {
        Answer {
            outcome: Outcome::Found,
            answers: Vec::new(),
            authorities: Vec::new(),
            additionals: Vec::new(),
            why: Vec::new(),
        }
    }

    /// Cites a rule, once.
    pub(super) fn because(&mut self, rule: &'static Rule) {
        if !self.why.contains(&rule) {
            self.why.push(rule);
        }
    }

    /// The response code that says so.
    pub fn code(&self) -> ResponseCode {
        match self.outcome {
            Outcome::Found | Outcome::NoData | Outcome::Referral => ResponseCode::NoError,
            Outcome::NoSuchName => ResponseCode::NxDomain,
        }
    }

    /// Whether the zone has authority for the first name of the answer: not for what it has given
    /// away (RFC 1035 section 4.1.1).
    pub fn is_authoritative(&self) -> bool {
        match self.outcome {
            Outcome::Found | Outcome::NoData | Outcome::NoSuchName => true,
            Outcome::Referral => !self.answers.is_empty(),
        }
    }

    /// The response to a query that says all this.
    pub fn to_response(&self, query: &Message) -> Message {
        let mut response = query.response(self.code());
        response.header.authoritative = self.is_authoritative();
        response.answers.clone_from(&self.answers);
        response.authorities.clone_from(&self.authorities);
        response.additionals.clone_from(&self.additionals);
        response
    }
}
