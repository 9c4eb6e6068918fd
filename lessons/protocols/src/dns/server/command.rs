//! What a name server may be asked by its keeper, and what it tells.

use core::fmt;
use core::net::IpAddr;
use core::str::FromStr;

use super::Unchanged;
use crate::dns::zone::read_record;
use crate::dns::{Name, Question, Record, RecordType, ResponseCode};
use crate::endpoint::{CommandError, Conn};
use crate::wire::counted;

/// What the keeper of a name server may ask. Names are absolute, with or without a last dot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// `set RECORD`: puts a record in the place of all of its name and type, such as
    /// `set www.example.com 60 A 192.0.2.7`.
    Set(Record),
    /// `add RECORD`: puts a record beside those of its name and type.
    Add(Record),
    /// `move NAME ADDRESS`: puts an address in the place of those that the name has of its kind,
    /// with the time to live that they had.
    Move {
        /// The owner.
        name: Name,
        /// Its new address.
        to: IpAddr,
    },
    /// `remove NAME TYPE`: takes all records of a name and type away.
    Remove {
        /// The owner.
        name: Name,
        /// The type, or ANY for all.
        kind: RecordType,
    },
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Command::Set(record) => write!(f, "set {record}"),
            Command::Add(record) => write!(f, "add {record}"),
            Command::Move { name, to } => write!(f, "move {name} {to}"),
            Command::Remove { name, kind } => write!(f, "remove {name} {kind}"),
        }
    }
}

impl FromStr for Command {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<Command, CommandError> {
        let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
        let record = || {
            read_record(rest.trim_start(), &Name::root())
                .map_err(|error| CommandError(format!("`{rest}` is no record: {}.", error.why)))
        };
        match verb {
            "set" => Ok(Command::Set(record()?)),
            "add" => Ok(Command::Add(record()?)),
            "move" => relocation(rest).ok_or_else(|| {
                let says =
                    "`move` takes a name and an address, such as `move www.example 192.0.2.7`.";
                CommandError(says.to_string())
            }),
            "remove" => removal(rest).ok_or_else(|| {
                let says = "`remove` takes a name and a type, such as `remove www.example A`.";
                CommandError(says.to_string())
            }),
            _ => Err(CommandError(format!(
                "A name server does not know `{text}`; try `set www.example.com 60 A 192.0.2.7`."
            ))),
        }
    }
}

fn relocation(text: &str) -> Option<Command> {
    let (name, to) = text.trim().split_once(' ')?;
    Some(Command::Move { name: name.parse().ok()?, to: to.trim().parse().ok()? })
}

fn removal(text: &str) -> Option<Command> {
    let (name, kind) = text.trim().split_once(' ')?;
    Some(Command::Remove { name: name.parse().ok()?, kind: kind.trim().parse().ok()? })
}

/// What a name server tells.
#[derive(Clone, PartialEq, Debug)]
pub enum Event {
    /// `answered NAME TYPE: CODE, N records`, perhaps with `, truncated`.
    Answered {
        /// What was asked.
        question: Question,
        /// How it went.
        code: ResponseCode,
        /// How many records there are in all sections.
        records: usize,
        /// Whether the answer was cut short.
        truncated: bool,
    },
    /// `bad query, answered CODE: WHY`: a query broke a rule, or is of a kind that is not served.
    Bad {
        /// The code of the answer.
        code: ResponseCode,
        /// What was found.
        why: String,
    },
    /// `dropped: WHY`: something that is no query gets no answer.
    Dropped {
        /// What it was.
        why: &'static str,
    },
    /// `timed out #N`: nothing whole came on a connection for too long.
    TimedOut {
        /// Which.
        conn: Conn,
    },
    /// `changed: COMMAND`: the keeper's change was made.
    Changed(Command),
    /// `not changed: COMMAND: WHY`.
    Unchanged {
        /// What was asked.
        command: Command,
        /// Why it was not done.
        why: Unchanged,
    },
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Answered { question, code, records, truncated } => {
                let cut = if *truncated { ", truncated" } else { "" };
                let records = counted(*records, "record");
                write!(f, "answered {question}: {code}, {records}{cut}")
            }
            Event::Bad { code, why } => write!(f, "bad query, answered {code}: {why}"),
            Event::Dropped { why } => write!(f, "dropped: {why}"),
            Event::TimedOut { conn } => write!(f, "timed out {conn}"),
            Event::Changed(command) => write!(f, "changed: {command}"),
            Event::Unchanged { command, why } => write!(f, "not changed: {command}: {why}"),
        }
    }
}
