//! Which command may come where (RFC 5321 section 4.1.4).

use super::Server;
use crate::smtp::machine::ServerState;
use crate::smtp::{Command, Extensions, Parameters, Verb, rules};
use crate::wire::{Rule, Span, Violation};

impl Server {
    /// Whether a command may come here. Of somebody else's session that server is the judge; what
    /// we think of it is kept for [`Server::take_misplaced`].
    pub(super) fn check(&mut self, command: &Command, span: Span) -> Result<(), Violation> {
        let ordered = self.order(command, span);
        if self.observes {
            self.misplaced = ordered.err();
            return Ok(());
        }
        ordered?;
        match command {
            Command::Mail { parameters, .. } => self.check_parameters(*parameters, span),
            _ => Ok(()),
        }
    }

    /// Whether a command stands where it may (RFC 5321 section 4.1.4).
    fn order(&self, command: &Command, span: Span) -> Result<(), Violation> {
        let wrong = |rule: &'static Rule, found: &str, legal: &str, code| {
            Err(Violation { rule, span, found: found.into(), legal: legal.into(), code })
        };
        use ServerState::{Greeted, Mail, Ready, Recipients, Refusing};
        match (self.state(), command.verb()) {
            (Refusing, Verb::Quit) => Ok(()),
            (Refusing, _) => {
                wrong(&rules::REFUSED_SESSION, "This server takes no mail.", "QUIT", 503)
            }
            (Greeted, Verb::Mail | Verb::Rcpt | Verb::Data) => {
                wrong(&rules::HELLO_FIRST, "Nobody has said who is calling.", "EHLO or HELO", 503)
            }
            (Mail, Verb::Mail) => wrong(&rules::NESTED_MAIL, OPEN_ALREADY, BEFORE_RCPT, 503),
            (Recipients, Verb::Mail) => {
                wrong(&rules::NESTED_MAIL, OPEN_ALREADY, "RCPT, DATA, RSET or QUIT", 503)
            }
            (Ready, Verb::Rcpt | Verb::Data) => {
                wrong(&rules::IN_ORDER, "No transaction is open.", "MAIL", 503)
            }
            (Mail, Verb::Data) => {
                let found = "No recipient has been accepted.";
                wrong(&rules::NO_RECIPIENTS, found, BEFORE_RCPT, 554)
            }
            _ => Ok(()),
        }
    }

    /// Whether what MAIL says was offered, and is within the limit.
    fn check_parameters(&self, said: Parameters, span: Span) -> Result<(), Violation> {
        let offered = if self.extended { self.offered } else { Extensions::default() };
        let not_offered = (said.size.is_some() && offered.size.is_none())
            || (said.body.is_some() && !offered.eight_bit);
        if not_offered {
            return Err(Violation {
                rule: &rules::UNKNOWN_PARAMETER,
                span,
                found: "A parameter belongs to an extension that was not offered.".into(),
                legal: "parameters of what the reply to EHLO listed, and none after HELO".into(),
                code: 555,
            });
        }
        let limit = offered.size.filter(|limit| *limit > 0).unwrap_or(u64::MAX);
        match said.size {
            Some(size) if size > limit => Err(Violation {
                rule: &rules::SIZE_LIMIT,
                span,
                found: format!("A mail of {size} octets is announced."),
                legal: format!("at most {limit} octets"),
                code: 552,
            }),
            Some(_) | None => Ok(()),
        }
    }
}

/// What is wrong with a second MAIL.
const OPEN_ALREADY: &str = "A transaction is open already.";

/// What takes a transaction further, or ends it, that has no recipient yet.
const BEFORE_RCPT: &str = "RCPT, RSET or QUIT";
