//! What a client at the command line may be asked, and what it tells.

use core::fmt;
use core::net::SocketAddr;
use core::str::FromStr;

use crate::dns::outstanding::{Reply, Unanswered};
use crate::dns::walk::Notice;
use crate::dns::{DNS_PORT, Question, Record, RecordType};
use crate::endpoint::{CommandError, LookupError};

/// What the user may ask of a client.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// `lookup NAME [TYPE] [@SERVER]`: one question, to the host's resolver or to a server.
    Lookup {
        /// What to ask; the type is A where none is given.
        question: Question,
        /// Whom to ask, if not the resolver.
        server: Option<SocketAddr>,
    },
    /// `watch NAME [TYPE] every N s M times`: the same question to the host's resolver again and
    /// again, past what the client remembers itself.
    Watch(Watch),
    /// `trace NAME [TYPE]`: the way from the root, step by step.
    Trace(Question),
    /// `forget`: the caches are emptied.
    Forget,
}

/// A question that is asked again and again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Watch {
    /// What to ask.
    pub question: Question,
    /// Seconds from one time to the next, at least one.
    pub every_s: u32,
    /// How many times it is asked from now on.
    pub times: u32,
}

/// What a client tells its user.
#[derive(Clone, PartialEq, Debug)]
pub enum Event {
    /// `answer NAME TYPE: DATA, …` or `nothing for NAME TYPE: WHY`: what the resolver said.
    Told {
        /// The question.
        question: Question,
        /// The aliases and records, or why there are none.
        answer: Result<Vec<Record>, LookupError>,
    },
    /// `SERVER says CODE to NAME TYPE: DATA, …`: what a server said that was asked directly.
    Said {
        /// The question.
        question: Question,
        /// The response, or why there is none.
        outcome: Result<Reply, Unanswered>,
    },
    /// A step of a trace, in the words of [`Notice`].
    Walked(Notice),
    /// `forgotten`: the caches are empty.
    Forgotten,
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Command::Lookup { question, server: None } => write!(f, "lookup {question}"),
            Command::Lookup { question, server: Some(server) } => {
                write!(f, "lookup {question} @{server}")
            }
            Command::Watch(Watch { question, every_s, times }) => {
                write!(f, "watch {question} every {every_s} s {times} times")
            }
            Command::Trace(question) => write!(f, "trace {question}"),
            Command::Forget => write!(f, "forget"),
        }
    }
}

impl FromStr for Command {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<Command, CommandError> {
        let words: Vec<&str> = text.split(' ').collect();
        let (words, server) = match words.split_last() {
            Some((last, before)) if last.starts_with('@') => (before, Some(server(last)?)),
            Some(_) | None => (words.as_slice(), None),
        };
        match (words, server) {
            (["forget"], None) => Ok(Command::Forget),
            (["watch", rest @ .., "every", every, "s", times, "times"], None) => {
                Ok(Command::Watch(watch(rest, every, times)?))
            }
            (["trace", rest @ ..], None) => Ok(Command::Trace(question(rest)?)),
            (["lookup", rest @ ..], server) => {
                Ok(Command::Lookup { question: question(rest)?, server })
            }
            _ => Err(CommandError(format!(
                "A DNS client does not know `{text}`; try `lookup www.cs.test`."
            ))),
        }
    }
}

fn question(words: &[&str]) -> Result<Question, CommandError> {
    let (name, kind) = match words {
        [name] => (name, RecordType::A),
        [name, kind] => {
            let kind = kind.parse().map_err(|error| CommandError(format!("{error}.")))?;
            (name, kind)
        }
        _ => return Err(CommandError("Give a name and perhaps a type: `www.cs.test MX`.".into())),
    };
    let name = name.parse().map_err(|why| CommandError(format!("`{name}` is no name: {why}.")))?;
    Ok(Question::new(name, kind))
}

fn watch(words: &[&str], every: &str, times: &str) -> Result<Watch, CommandError> {
    let number = |text: &str, most: u32| {
        text.parse::<u32>().ok().filter(|number| (1..=most).contains(number))
    };
    match (number(every, MAX_EVERY_S), number(times, MAX_TIMES)) {
        (Some(every_s), Some(times)) => Ok(Watch { question: question(words)?, every_s, times }),
        _ => Err(CommandError(format!(
            "Watch every 1 to {MAX_EVERY_S} s, 1 to {MAX_TIMES} times: `watch a.test every 20 s 4 \
             times`."
        ))),
    }
}

fn server(word: &str) -> Result<SocketAddr, CommandError> {
    let text = word.trim_start_matches('@');
    let bare = text.parse().map(|ip| SocketAddr::new(ip, DNS_PORT));
    let server = text.parse().or(bare);
    server.map_err(|_| {
        CommandError(format!("`{word}` is no server; give an address, as @192.0.2.1."))
    })
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Told { question, answer: Ok(records) } => {
                write!(f, "answer {question}: {}", list(records))
            }
            Event::Told { question, answer: Err(why) } => {
                write!(f, "nothing for {question}: {why}")
            }
            Event::Said { question, outcome: Ok(Reply { from, message }) } => {
                let records: Vec<Record> = message.records().cloned().collect();
                let code = message.header.code;
                write!(f, "{from} says {code} to {question}: {}", list(&records))
            }
            Event::Said { question, outcome: Err(Unanswered::TimedOut) } => {
                write!(f, "no answer to {question}")
            }
            Event::Said { question, outcome: Err(Unanswered::Failed) } => {
                write!(f, "the server cannot say {question}")
            }
            Event::Walked(notice) => notice.fmt(f),
            Event::Forgotten => write!(f, "forgotten"),
        }
    }
}

/// Records in a row: type and data of each.
fn list(records: &[Record]) -> String {
    let record = |record: &Record| format!("{} {}", record.kind(), record.data);
    records.iter().map(record).collect::<Vec<_>>().join(", ")
}

/// The commands as templates to fill in.
pub(super) const TEMPLATES: &[&str] = &[
    "lookup NAME",
    "lookup NAME TYPE",
    "lookup NAME TYPE @SERVER",
    "watch NAME every 20 s 4 times",
    "trace NAME",
    "trace NAME TYPE",
    "forget",
];

/// A day: nobody waits longer for the next time.
const MAX_EVERY_S: u32 = 86_400;

/// More would only fill the screen.
const MAX_TIMES: u32 = 100;
