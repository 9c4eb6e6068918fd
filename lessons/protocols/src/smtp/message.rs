//! Commands and replies as values.

use core::fmt;

use super::{ForwardPath, ReversePath};

/// A command of a client (RFC 5321 section 4.1.1).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// Says who the client is and asks what the server can do beyond the minimum.
    Ehlo {
        /// The client's domain or address literal.
        client: String,
    },
    /// Says who the client is, and no more: the greeting from before there were extensions.
    Helo {
        /// The client's domain.
        client: String,
    },
    /// Begins a mail transaction.
    Mail {
        /// Whom to tell if the mail cannot be delivered.
        from: ReversePath,
        /// What is said about the mail beforehand.
        parameters: Parameters,
    },
    /// Names one recipient.
    Rcpt {
        /// The recipient.
        to: ForwardPath,
    },
    /// Asks leave to send the mail itself.
    Data,
    /// Takes the transaction back.
    Rset,
    /// Asks whether a text names a user.
    Vrfy {
        /// A user's name or mailbox.
        user: String,
    },
    /// Asks who is on a mailing list.
    Expn {
        /// The list's name.
        list: String,
    },
    /// Asks what may be said.
    Help {
        /// About what; empty for everything.
        about: String,
    },
    /// Asks for nothing but a reply.
    Noop {
        /// A text that means nothing; mostly empty.
        text: String,
    },
    /// Asks for the end of the session.
    Quit,
}

/// The name of a command.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Verb {
    /// See [`Command::Ehlo`].
    Ehlo,
    /// See [`Command::Helo`].
    Helo,
    /// See [`Command::Mail`].
    Mail,
    /// See [`Command::Rcpt`].
    Rcpt,
    /// See [`Command::Data`].
    Data,
    /// See [`Command::Rset`].
    Rset,
    /// See [`Command::Vrfy`].
    Vrfy,
    /// See [`Command::Expn`].
    Expn,
    /// See [`Command::Help`].
    Help,
    /// See [`Command::Noop`].
    Noop,
    /// See [`Command::Quit`].
    Quit,
}

/// What MAIL may say about the mail beforehand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Parameters {
    /// How many octets the mail has, line ends and all, before dots are stuffed (RFC 1870).
    pub size: Option<u64>,
    /// Whether octets above 127 may be among them (RFC 6152).
    pub body: Option<Body>,
}

/// What kind of octets a mail consists of (RFC 6152 section 3).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Body {
    /// Octets up to 127 alone, as RFC 5321 has it.
    SevenBit,
    /// Any octets, still in lines.
    EightBitMime,
}

/// A server's reply, one line or several (RFC 5321 section 4.2).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reply {
    /// Three digits; the first says success (2), go on (3), not now (4) or never (5).
    pub code: u16,
    /// The text of each line, an enhanced code (RFC 3463) at its front included. At least one.
    pub lines: Vec<String>,
}

/// What the first digit of a reply's code says (RFC 5321 section 4.2.1). A client needs no more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Severity {
    /// 2yz: done.
    Completion,
    /// 3yz: go on.
    Intermediate,
    /// 4yz: not now; the same command may succeed later.
    Transient,
    /// 5yz: not ever.
    Permanent,
}

impl Command {
    /// Its name.
    pub const fn verb(&self) -> Verb {
        match self {
            Command::Ehlo { .. } => Verb::Ehlo,
            Command::Helo { .. } => Verb::Helo,
            Command::Mail { .. } => Verb::Mail,
            Command::Rcpt { .. } => Verb::Rcpt,
            Command::Data => Verb::Data,
            Command::Rset => Verb::Rset,
            Command::Vrfy { .. } => Verb::Vrfy,
            Command::Expn { .. } => Verb::Expn,
            Command::Help { .. } => Verb::Help,
            Command::Noop { .. } => Verb::Noop,
            Command::Quit => Verb::Quit,
        }
    }
}

impl Verb {
    /// Every verb.
    pub const ALL: [Verb; 11] = [
        Verb::Ehlo,
        Verb::Helo,
        Verb::Mail,
        Verb::Rcpt,
        Verb::Data,
        Verb::Rset,
        Verb::Vrfy,
        Verb::Expn,
        Verb::Help,
        Verb::Noop,
        Verb::Quit,
    ];

    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Verb::Ehlo => "EHLO",
            Verb::Helo => "HELO",
            Verb::Mail => "MAIL",
            Verb::Rcpt => "RCPT",
            Verb::Data => "DATA",
            Verb::Rset => "RSET",
            Verb::Vrfy => "VRFY",
            Verb::Expn => "EXPN",
            Verb::Help => "HELP",
            Verb::Noop => "NOOP",
            Verb::Quit => "QUIT",
        }
    }

    /// The verb of this name, in any case (RFC 5321 section 2.4).
    pub fn named(name: &[u8]) -> Option<Verb> {
        Verb::ALL.into_iter().find(|verb| name.eq_ignore_ascii_case(verb.name().as_bytes()))
    }

    /// Whether a client that pipelines must hear the reply before it sends anything more (RFC
    /// 2920 section 3.1).
    pub const fn ends_group(self) -> bool {
        match self {
            Verb::Mail | Verb::Rcpt | Verb::Rset => false,
            Verb::Ehlo | Verb::Helo | Verb::Data | Verb::Vrfy | Verb::Expn => true,
            Verb::Help | Verb::Noop | Verb::Quit => true,
        }
    }
}

impl Body {
    /// As the BODY parameter has it.
    pub const fn name(self) -> &'static str {
        match self {
            Body::SevenBit => "7BIT",
            Body::EightBitMime => "8BITMIME",
        }
    }
}

impl Reply {
    /// A reply of one line.
    pub fn new(code: u16, text: impl Into<String>) -> Reply {
        Reply { code, lines: vec![text.into()] }
    }

    /// What the first digit says. A code that is none of the four counts as a refusal for good.
    pub const fn severity(&self) -> Severity {
        match self.code / 100 {
            2 => Severity::Completion,
            3 => Severity::Intermediate,
            4 => Severity::Transient,
            _ => Severity::Permanent,
        }
    }

    /// Whether what was asked is done.
    pub fn is_positive(&self) -> bool {
        self.severity() == Severity::Completion
    }

    /// The enhanced status code at the front of its text, such as `5.7.1` (RFC 3463 section 2).
    pub fn enhanced(&self) -> Option<&str> {
        let word = self.lines.first()?.split(' ').next()?;
        let mut parts = word.split('.');
        let class = parts.next().filter(|class| matches!(*class, "2" | "4" | "5"));
        let number = |part: Option<&str>| {
            part.is_some_and(|p| {
                (1..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit())
            })
        };
        let whole = class.is_some() && number(parts.next()) && number(parts.next());
        (whole && parts.next().is_none()).then_some(word)
    }
}

impl fmt::Display for Reply {
    /// On one line, such as `550 5.1.1 No such user`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.lines.join(" / "))
    }
}

impl fmt::Display for Command {
    /// As it stands on the wire, without its CRLF.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.verb().name())?;
        match self {
            Command::Ehlo { client } | Command::Helo { client } => write!(f, " {client}"),
            Command::Mail { from, parameters } => write!(f, " FROM:{from}{parameters}"),
            Command::Rcpt { to } => write!(f, " TO:{to}"),
            Command::Vrfy { user: text } | Command::Expn { list: text } => write!(f, " {text}"),
            Command::Help { about: text } | Command::Noop { text } if text.is_empty() => Ok(()),
            Command::Help { about: text } | Command::Noop { text } => write!(f, " {text}"),
            Command::Data | Command::Rset | Command::Quit => Ok(()),
        }
    }
}

impl fmt::Display for Parameters {
    /// With a space before each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(size) = self.size {
            write!(f, " SIZE={size}")?;
        }
        match self.body {
            Some(body) => write!(f, " BODY={}", body.name()),
            None => Ok(()),
        }
    }
}
