//! What a node may be asked by its user, and what it tells.

use core::fmt;
use core::net::SocketAddrV4;
use core::str::FromStr;

use crate::chord::message::Short;
use crate::chord::{Contact, MAX_VALUE};
use crate::endpoint::CommandError;
use crate::overlay::Key;
use crate::wire::counted;

/// What the user of a node may ask.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// `create`: makes a ring of its own.
    Create,
    /// `join ADDRESS:PORT`: joins the ring of this member.
    Join(SocketAddrV4),
    /// `leave`: gives the keys away and leaves.
    Leave,
    /// `stabilise`: asks the successor for its predecessor now, and not when the alarm rings.
    Stabilise,
    /// `fix finger`: looks the next finger up anew.
    FixFinger,
    /// `check predecessor`: asks it whether it is there.
    CheckPredecessor,
    /// `lookup KEY`: finds the node that owns a key.
    Lookup(KeyText),
    /// `put KEY VALUE`: stores a value.
    Put {
        /// Under this key.
        key: KeyText,
        /// At most [`MAX_VALUE`] bytes of text.
        value: String,
    },
    /// `get KEY`: asks for a value.
    Get(KeyText),
}

/// A key as its user writes it: a text that is hashed; or, after `#`, the identifier itself, as a
/// decimal number or as 40 hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum KeyText {
    /// A name, without spaces.
    Name(String),
    /// A small identifier.
    Number(u64),
    /// A whole identifier.
    Whole(Key),
}

impl KeyText {
    /// The key in an identifier space of this many bits.
    pub fn key(&self, bits: u8) -> Key {
        let whole = match self {
            KeyText::Name(name) => Key::hash(name.as_bytes()),
            KeyText::Number(number) => Key::from_value(*number),
            KeyText::Whole(key) => *key,
        };
        whole.modulo(bits)
    }
}

impl fmt::Display for KeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyText::Name(name) => f.write_str(name),
            KeyText::Number(number) => write!(f, "#{number}"),
            KeyText::Whole(key) => write!(f, "#{key}"),
        }
    }
}

impl FromStr for KeyText {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<KeyText, CommandError> {
        let wrong = |why: &str| Err(CommandError(format!("`{text}` is no key: {why}.")));
        match text.strip_prefix('#') {
            None if text.is_empty() => wrong("it is empty"),
            None if text.contains(char::is_whitespace) => wrong("a name has no spaces"),
            None => Ok(KeyText::Name(text.to_string())),
            Some(digits) => match (digits.parse(), digits.parse()) {
                (_, Ok(key)) => Ok(KeyText::Whole(key)),
                (Ok(number), _) if !digits.starts_with('+') => Ok(KeyText::Number(number)),
                (Ok(_) | Err(_), Err(_)) => {
                    wrong("after # comes a number, or 40 hexadecimal digits")
                }
            },
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Command::Create => f.write_str("create"),
            Command::Join(address) => write!(f, "join {address}"),
            Command::Leave => f.write_str("leave"),
            Command::Stabilise => f.write_str("stabilise"),
            Command::FixFinger => f.write_str("fix finger"),
            Command::CheckPredecessor => f.write_str("check predecessor"),
            Command::Lookup(key) => write!(f, "lookup {key}"),
            Command::Put { key, value } => write!(f, "put {key} {value}"),
            Command::Get(key) => write!(f, "get {key}"),
        }
    }
}

impl FromStr for Command {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<Command, CommandError> {
        let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
        match (verb, rest) {
            ("create", "") => Ok(Command::Create),
            ("leave", "") => Ok(Command::Leave),
            ("stabilise", "") => Ok(Command::Stabilise),
            ("fix", "finger") => Ok(Command::FixFinger),
            ("check", "predecessor") => Ok(Command::CheckPredecessor),
            ("join", address) => address.parse().map(Command::Join).map_err(|_| {
                let says = "`join` takes an address and port, such as `join 10.0.0.1:4000`.";
                CommandError(says.to_string())
            }),
            ("lookup", key) => key.parse().map(Command::Lookup),
            ("get", key) => key.parse().map(Command::Get),
            ("put", rest) => put(rest),
            _ => Err(CommandError(format!(
                "A Chord node does not know `{text}`; try `lookup song.mp3` or `lookup #54`."
            ))),
        }
    }
}

fn put(rest: &str) -> Result<Command, CommandError> {
    let Some((key, value)) = rest.split_once(' ').filter(|(_, value)| !value.is_empty()) else {
        let says = "`put` takes a key and a value, such as `put song.mp3 here it is`.";
        return Err(CommandError(says.to_string()));
    };
    if value.len() > MAX_VALUE {
        return Err(CommandError(format!("A value has at most {MAX_VALUE} bytes.")));
    }
    Ok(Command::Put { key: key.parse()?, value: value.to_string() })
}

/// What a node tells its user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// `created a ring`.
    Created,
    /// `joined: the successor is N`.
    Joined(Contact),
    /// `not joined: WHY`; it will be tried again.
    NotJoined(&'static str),
    /// `left the ring`.
    Left,
    /// `cut off: no successor is left`.
    CutOff,
    /// `the predecessor is N now`.
    PredecessorIs(Contact),
    /// `the successor is N now`.
    SuccessorIs(Contact),
    /// `N does not answer`: a node that was in its tables is taken for dead.
    Dead(Contact),
    /// `keys moved to N: COUNT`.
    Moved {
        /// How many.
        count: usize,
        /// The node that has them now.
        to: Contact,
    },
    /// `K is at N: HOPS hops, TIMEOUTS time-outs`: a lookup has ended.
    Found {
        /// The key.
        key: Key,
        /// Who owns it.
        owner: Contact,
        /// How many nodes were asked.
        hops: u16,
        /// How many of those that were tried did not answer.
        time_outs: u16,
    },
    /// `stored K at N`.
    Stored {
        /// The key.
        key: Key,
        /// Who holds it.
        owner: Contact,
    },
    /// `K holds VALUE, from N`.
    Value {
        /// The key.
        key: Key,
        /// What is stored under it.
        value: String,
        /// Who said so.
        owner: Contact,
    },
    /// `nothing is stored under K`.
    Missing {
        /// The key.
        key: Key,
    },
    /// `failed: K: WHY`: a lookup, or what it was for, came to nothing.
    Failed {
        /// The key.
        key: Key,
        /// Why.
        why: Why,
    },
    /// `not done: WHY`: the command does not fit the node's state.
    Refused(&'static str),
}

/// Why a lookup has failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// Nobody is left to ask.
    NobodyKnown,
    /// This node named another that is no nearer to the key.
    NotNearer(Contact),
    /// None of those that should own the key answers.
    OwnerSilent,
    /// No answer came from a recursive lookup.
    Silence,
    /// More nodes have been met than a lookup may meet.
    TooMany,
    /// The owner has no room, or will not take it.
    NoRoom,
    /// Too much is going on at once.
    Busy,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Created => f.write_str("created a ring"),
            Event::Joined(successor) => write!(f, "joined: the successor is {successor}"),
            Event::NotJoined(why) => write!(f, "not joined: {why}"),
            Event::Left => f.write_str("left the ring"),
            Event::CutOff => f.write_str("cut off: no successor is left"),
            Event::PredecessorIs(node) => write!(f, "the predecessor is {node} now"),
            Event::SuccessorIs(node) => write!(f, "the successor is {node} now"),
            Event::Dead(node) => write!(f, "{node} does not answer"),
            Event::Moved { count, to } => write!(f, "keys moved to {to}: {count}"),
            Event::Found { key, owner, hops, time_outs } => {
                write!(f, "K{} is at {owner}: {}", Short(*key), counted(*hops, "hop"))?;
                match time_outs {
                    0 => Ok(()),
                    some => write!(f, ", {}", counted(*some, "time-out")),
                }
            }
            Event::Stored { key, owner } => write!(f, "stored K{} at {owner}", Short(*key)),
            Event::Value { key, value, owner } => {
                write!(f, "K{} holds {value}, from {owner}", Short(*key))
            }
            Event::Missing { key } => write!(f, "nothing is stored under K{}", Short(*key)),
            Event::Failed { key, why } => write!(f, "failed: K{}: {why}", Short(*key)),
            Event::Refused(why) => write!(f, "not done: {why}"),
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::NobodyKnown => f.write_str("nobody is left to ask"),
            Why::NotNearer(node) => write!(f, "{node} names a node that is no nearer"),
            Why::OwnerSilent => f.write_str("no node that should have it answers"),
            Why::Silence => f.write_str("no answer came back"),
            Why::TooMany => f.write_str("too many nodes on the way"),
            Why::NoRoom => f.write_str("the owner does not take it"),
            Why::Busy => f.write_str("too much is going on at once"),
        }
    }
}
