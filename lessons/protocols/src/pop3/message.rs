//! The messages of POP3 as values: commands of a client, replies of a server (RFC 1939 section 3).

use core::fmt;

use bytes::Bytes;

/// What a client asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// `USER name`: whose maildrop is wanted (RFC 1939 section 7).
    User(String),
    /// `PASS string`: the password, spaces and all (RFC 1939 section 7).
    Pass(String),
    /// `APOP name digest`: both at once, with a digest in place of the password (RFC 1939
    /// section 7).
    Apop {
        /// Whose maildrop is wanted.
        name: String,
        /// MD5 of the greeting's timestamp and the shared secret, in hexadecimal digits.
        digest: String,
    },
    /// `STAT`: how many messages there are, and how large they are together.
    Stat,
    /// `LIST [msg]`: the sizes of all messages, or of one.
    List(Option<u32>),
    /// `RETR msg`: a whole message.
    Retr(u32),
    /// `TOP msg n`: the header of a message and so many lines of its body.
    Top {
        /// The message.
        number: u32,
        /// How many lines of the body.
        lines: u32,
    },
    /// `UIDL [msg]`: the unique-ids of all messages, or of one.
    Uidl(Option<u32>),
    /// `DELE msg`: marks a message as deleted.
    Dele(u32),
    /// `RSET`: takes all such marks away.
    Rset,
    /// `NOOP`: nothing.
    Noop,
    /// `QUIT`: the end of the session; what is marked is removed.
    Quit,
    /// `CAPA`: what the server can do beyond RFC 1939 (RFC 2449 section 5).
    Capa,
}

impl Command {
    /// The keyword, in capitals.
    pub const fn keyword(&self) -> &'static str {
        match self {
            Command::User(_) => "USER",
            Command::Pass(_) => "PASS",
            Command::Apop { .. } => "APOP",
            Command::Stat => "STAT",
            Command::List(_) => "LIST",
            Command::Retr(_) => "RETR",
            Command::Top { .. } => "TOP",
            Command::Uidl(_) => "UIDL",
            Command::Dele(_) => "DELE",
            Command::Rset => "RSET",
            Command::Noop => "NOOP",
            Command::Quit => "QUIT",
            Command::Capa => "CAPA",
        }
    }

    /// Whether a positive reply to it has several lines (RFC 1939 section 3).
    pub const fn is_multi_line(&self) -> bool {
        match self {
            Command::List(None)
            | Command::Uidl(None)
            | Command::Retr(_)
            | Command::Top { .. }
            | Command::Capa => true,
            Command::User(_)
            | Command::Pass(_)
            | Command::Apop { .. }
            | Command::Stat
            | Command::List(Some(_))
            | Command::Uidl(Some(_))
            | Command::Dele(_)
            | Command::Rset
            | Command::Noop
            | Command::Quit => false,
        }
    }
}

impl fmt::Display for Command {
    /// The command line without its CRLF.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.keyword())?;
        match self {
            Command::User(text) | Command::Pass(text) => write!(f, " {text}"),
            Command::Apop { name, digest } => write!(f, " {name} {digest}"),
            Command::Retr(number)
            | Command::Dele(number)
            | Command::List(Some(number))
            | Command::Uidl(Some(number)) => write!(f, " {number}"),
            Command::Top { number, lines } => write!(f, " {number} {lines}"),
            Command::Stat
            | Command::List(None)
            | Command::Uidl(None)
            | Command::Rset
            | Command::Noop
            | Command::Quit
            | Command::Capa => Ok(()),
        }
    }
}

/// The status indicator of a reply (RFC 1939 section 3).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// `+OK`.
    Ok,
    /// `-ERR`.
    Err,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Status::Ok => "+OK",
            Status::Err => "-ERR",
        })
    }
}

/// What a server answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reply {
    /// Whether it worked.
    pub status: Status,
    /// The rest of the first line.
    pub text: String,
    /// The lines of a multi-line reply, each with its CRLF, without the dots that were stuffed in
    /// and without the line that ends them; none for a reply of one line.
    pub content: Option<Bytes>,
}

impl Reply {
    /// `+OK text`.
    pub fn ok(text: impl Into<String>) -> Reply {
        Reply { status: Status::Ok, text: text.into(), content: None }
    }

    /// `-ERR text`.
    pub fn err(text: impl Into<String>) -> Reply {
        Reply { status: Status::Err, text: text.into(), content: None }
    }

    /// The same reply with lines after the first.
    pub fn with(mut self, content: impl Into<Bytes>) -> Reply {
        self.content = Some(content.into());
        self
    }

    /// Whether it is positive.
    pub fn is_ok(&self) -> bool {
        self.status == Status::Ok
    }
}
