//! What a server says to commands and mistakes, with enhanced codes (RFC 3463).

use crate::smtp::{Command, Reply, Verb, rules};
use crate::wire::Violation;

/// The reply to what broke a rule: its code, and what was found.
pub(super) fn to_violation(violation: &Violation) -> Reply {
    let class = violation.code / 100;
    let detail = match violation.code {
        500 => "5.2",
        501 | 504 | 555 => "5.4",
        503 => "5.1",
        552 => "3.4",
        554 if violation.rule.id == rules::NO_RECIPIENTS.id => "5.1",
        _ => "6.0",
    };
    let found: String = violation.found.chars().filter(is_printable).take(TEXT_MAX).collect();
    Reply::new(violation.code, format!("{class}.{detail} {found}"))
}

/// The reply to commands that need no judgement.
pub(super) fn to_plain(command: &Command, host: &str) -> Reply {
    match command {
        Command::Rset => Reply::new(250, "2.0.0 Forgotten"),
        Command::Noop { .. } => Reply::new(250, "2.0.0 Still here"),
        Command::Quit => Reply::new(221, format!("2.0.0 {host} closes")),
        Command::Vrfy { .. } => Reply::new(252, "2.5.0 Cannot say, but will take mail and try"),
        Command::Expn { .. } => Reply::new(502, "5.5.1 Lists are not shown"),
        Command::Help { about } => help(about),
        Command::Data => Reply::new(354, "End with a dot on a line of its own"),
        Command::Ehlo { .. } | Command::Helo { .. } => Reply::new(250, host),
        Command::Mail { .. } => Reply::new(250, "2.1.0 Sender noted"),
        Command::Rcpt { .. } => Reply::new(250, "2.1.5 Recipient noted"),
    }
}

fn help(about: &str) -> Reply {
    let topic = Verb::named(about.as_bytes());
    match (about, topic) {
        ("", _) => {
            let names = Verb::ALL.map(Verb::name).join(" ");
            let lines = vec!["2.0.0 These commands are known:".into(), names];
            Reply { code: 214, lines }
        }
        (_, Some(verb)) => Reply::new(214, format!("2.0.0 {} is in RFC 5321", verb.name())),
        (_, None) => Reply::new(504, "5.5.4 Nobody has written about that"),
    }
}

/// A reply as a sentence for queues and notices: one line of ASCII that fits.
pub(super) fn said(reply: &Reply) -> String {
    reply.to_string().chars().filter(is_printable).take(TEXT_MAX).collect()
}

fn is_printable(c: &char) -> bool {
    matches!(c, ' '..='~')
}

/// A reply line has at most 512 octets (RFC 5321 section 4.5.3.1.5); this leaves room.
const TEXT_MAX: usize = 400;
