//! What a user agent may be asked, and how that is written.

use core::fmt;
use core::str::FromStr;

use super::Login;
use crate::endpoint::CommandError;
use crate::mime::{Attachment, decode_base64, encode_base64};
use crate::wire::Span;

/// What the user may ask of a mail program.
#[derive(Clone, PartialEq, Debug)]
pub enum Command {
    /// `send FROM TO "SUBJECT" "TEXT" FILE ...`: writes a mail and hands it over. Several
    /// recipients stand between commas; within quotes `\n` is a new line, `\"` a quote and `\\` a
    /// backslash.
    Send {
        /// Who writes.
        from: String,
        /// To whom.
        to: Vec<String>,
        /// What about.
        subject: String,
        /// The text.
        text: String,
        /// Names of files to attach.
        files: Vec<String>,
    },
    /// `submit`: tries the outbox now.
    Submit,
    /// `open`: opens the maildrop.
    Open,
    /// `check`: opens the maildrop, fetches what is new, and closes it.
    Check,
    /// One step in an open maildrop.
    Step(Step),
    /// `leave on` or `leave off`: whether fetched mail stays on the server.
    Leave(bool),
    /// `login plain` or `login apop`.
    Login(Login),
    /// `account USER PASSWORD SERVER SUBMISSION-PORT POP-PORT`: whose mail it is from now on, and
    /// where; connections that are open go on as they are.
    Account(Account),
    /// `file NAME TYPE BASE64`: puts a file at hand, which mail can then carry; another of its
    /// name is forgotten. Its bytes stand in the command, so that a run with it can be made again.
    File(Attachment),
}

/// Whose mail it is, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    /// The user's name on the server.
    pub user: String,
    /// The user's password there.
    pub password: String,
    /// The name (or address) of the server.
    pub server: String,
    /// The port at which it takes new mail.
    pub submission_port: u16,
    /// The port of its POP3.
    pub pop_port: u16,
}

/// One step in an open maildrop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// `stat`: how much there is.
    Stat,
    /// `list`: sizes and unique-ids of all.
    List,
    /// `fetch`: all that is new.
    Fetch,
    /// `retr N`: one mail.
    Retr(u32),
    /// `top N LINES`: the header and so many lines of one mail.
    Top {
        /// Which.
        number: u32,
        /// How many lines of its body.
        lines: u32,
    },
    /// `dele N`: marks one mail.
    Dele(u32),
    /// `reset`: takes all marks away.
    Reset,
    /// `noop`: asks whether the server is there.
    Noop,
    /// `quit`: removes what is marked and closes.
    Quit,
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Command::Send { from, to, subject, text, files } => {
                let (subject, text) = (quoted(subject), quoted(text));
                write!(f, "send {from} {} {subject} {text}", to.join(","))?;
                files.iter().try_for_each(|file| match needs_quotes(file) {
                    true => write!(f, " {}", quoted(file)),
                    false => write!(f, " {file}"),
                })
            }
            Command::Submit => f.write_str("submit"),
            Command::Open => f.write_str("open"),
            Command::Check => f.write_str("check"),
            Command::Step(step) => step.fmt(f),
            Command::Leave(true) => f.write_str("leave on"),
            Command::Leave(false) => f.write_str("leave off"),
            Command::Login(login) => write!(f, "login {login}"),
            Command::Account(account) => {
                let Account { user, password, server, submission_port, pop_port } = account;
                let (user, password) = (quoted(user), quoted(password));
                write!(f, "account {user} {password} {server} {submission_port} {pop_port}")
            }
            Command::File(Attachment { name, media_type, bytes }) => {
                let mut letters = encode_base64(bytes);
                letters.retain(|letter| !letter.is_ascii_whitespace());
                let letters = String::from_utf8_lossy(&letters);
                write!(f, "file {} {} {}", quoted(name), quoted(media_type), quoted(&letters))
            }
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Stat => f.write_str("stat"),
            Step::List => f.write_str("list"),
            Step::Fetch => f.write_str("fetch"),
            Step::Retr(number) => write!(f, "retr {number}"),
            Step::Top { number, lines } => write!(f, "top {number} {lines}"),
            Step::Dele(number) => write!(f, "dele {number}"),
            Step::Reset => f.write_str("reset"),
            Step::Noop => f.write_str("noop"),
            Step::Quit => f.write_str("quit"),
        }
    }
}

impl FromStr for Command {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<Command, CommandError> {
        let words = words(text)?;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let step = match words.as_slice() {
            ["send", from, to, subject, text, files @ ..] => {
                return send(from, to, subject, text, files);
            }
            ["send", ..] => return Err(CommandError(SEND_FORM.into())),
            ["submit"] => return Ok(Command::Submit),
            ["open"] => return Ok(Command::Open),
            ["check"] => return Ok(Command::Check),
            ["leave", "on"] => return Ok(Command::Leave(true)),
            ["leave", "off"] => return Ok(Command::Leave(false)),
            ["login", login] => return Ok(Command::Login(login.parse()?)),
            ["account", user, password, server, submission, pop] => {
                return Ok(Command::Account(Account {
                    user: user.to_string(),
                    password: password.to_string(),
                    server: server.to_string(),
                    submission_port: port(submission)?,
                    pop_port: port(pop)?,
                }));
            }
            ["file", name, media_type, letters] => return file(name, media_type, letters),
            ["stat"] => Step::Stat,
            ["list"] => Step::List,
            ["fetch"] => Step::Fetch,
            ["retr", number] => Step::Retr(message(number)?),
            ["top", number, lines] => {
                Step::Top { number: message(number)?, lines: number_of(lines)? }
            }
            ["dele", number] => Step::Dele(message(number)?),
            ["reset"] => Step::Reset,
            ["noop"] => Step::Noop,
            ["quit"] => Step::Quit,
            _ => {
                let says = format!("A mail program does not know `{text}`; try `check`.");
                return Err(CommandError(says));
            }
        };
        Ok(Command::Step(step))
    }
}

fn send(
    from: &str,
    to: &str,
    subject: &str,
    text: &str,
    files: &[&str],
) -> Result<Command, CommandError> {
    let to: Vec<String> = to.split(',').map(str::to_string).collect();
    for address in to.iter().map(String::as_str).chain([from]) {
        address.parse::<crate::smtp::Address>().map_err(|error| {
            CommandError(format!("`{address}` is no address: {error} {SEND_FORM}"))
        })?;
    }
    Ok(Command::Send {
        from: from.to_string(),
        to,
        subject: subject.to_string(),
        text: text.to_string(),
        files: files.iter().map(|file| (*file).to_string()).collect(),
    })
}

fn file(name: &str, media_type: &str, letters: &str) -> Result<Command, CommandError> {
    let octets = letters.as_bytes();
    let decoded = decode_base64(octets, Span::new(0, octets.len()));
    let whole_type = media_type.split_once('/').is_some_and(|(kind, subtype)| {
        [kind, subtype].iter().all(|word| !word.is_empty() && word.bytes().all(is_token))
    });
    if name.is_empty() || !whole_type || !decoded.oddities.is_empty() {
        return Err(CommandError("Write `file NAME TYPE BASE64`.".into()));
    }
    let (name, media_type) = (name.to_string(), media_type.to_string());
    Ok(Command::File(Attachment { name, media_type, bytes: decoded.bytes.into() }))
}

/// Whether a byte may stand in a type or subtype (RFC 2045 section 5.1).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&byte)
}

fn message(text: &str) -> Result<u32, CommandError> {
    let number = number_of(text)?;
    match number {
        0 => Err(CommandError("Messages are numbered from 1.".into())),
        number => Ok(number),
    }
}

fn port(text: &str) -> Result<u16, CommandError> {
    text.parse().map_err(|_| CommandError(format!("`{text}` is no port.")))
}

fn number_of(text: &str) -> Result<u32, CommandError> {
    text.parse().map_err(|_| CommandError(format!("`{text}` is no number.")))
}

/// Whether a word would be read as another without quotes, or not at all.
fn needs_quotes(word: &str) -> bool {
    word.is_empty() || word.contains([' ', '"', '\\', '\n'])
}

/// A text between quotes, on one line.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{escaped}\"")
}

/// The words of a command; what stands between quotes is one.
fn words(text: &str) -> Result<Vec<String>, CommandError> {
    let mut words = Vec::new();
    let mut rest = text.chars().peekable();
    while rest.peek().is_some() {
        let mut word = String::new();
        if rest.next_if_eq(&'"').is_some() {
            loop {
                match rest.next() {
                    None => return Err(CommandError("A quote is not closed.".into())),
                    Some('"') => break,
                    Some('\\') => match rest.next() {
                        Some('n') => word.push('\n'),
                        Some(other) => word.push(other),
                        None => return Err(CommandError("A quote is not closed.".into())),
                    },
                    Some(c) => word.push(c),
                }
            }
            words.push(word);
        } else {
            while let Some(c) = rest.next_if(|c| *c != ' ') {
                word.push(c);
            }
            if !word.is_empty() {
                words.push(word);
            }
        }
        while rest.next_if_eq(&' ').is_some() {}
    }
    Ok(words)
}

const SEND_FORM: &str = "Write `send FROM TO \"SUBJECT\" \"TEXT\" FILE`.";

/// The commands as templates to fill in.
pub(super) const TEMPLATES: &[&str] = &[
    "send FROM TO \"SUBJECT\" \"TEXT\"",
    "send FROM TO \"SUBJECT\" \"TEXT\" FILE",
    "submit",
    "check",
    "open",
    "stat",
    "list",
    "fetch",
    "retr N",
    "top N LINES",
    "dele N",
    "reset",
    "noop",
    "quit",
    "leave on",
    "leave off",
    "login plain",
    "login apop",
    "account USER PASSWORD SERVER SUBMISSION-PORT POP-PORT",
    "file NAME TYPE BASE64",
];
