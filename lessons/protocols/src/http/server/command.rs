//! What a server may be asked by its keeper, and what it tells.

use core::fmt;
use core::str::FromStr;

use crate::endpoint::{CommandError, Conn};

/// What the keeper of a server may ask.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// `publish PATH TEXT`: puts new content at a path, changed now.
    Publish {
        /// The path, beginning with `/`.
        path: String,
        /// The new content.
        content: String,
    },
    /// `withdraw PATH`: takes a resource away.
    Withdraw {
        /// The path, beginning with `/`.
        path: String,
    },
    /// `keep-alive N` or `keep-alive unlimited`: how many requests a connection may carry.
    KeepAlive(Option<u32>),
    /// `close`: closes every connection on which no request is under way.
    Close,
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Command::Publish { path, content } => write!(f, "publish {path} {content}"),
            Command::Withdraw { path } => write!(f, "withdraw {path}"),
            Command::KeepAlive(Some(n)) => write!(f, "keep-alive {n}"),
            Command::KeepAlive(None) => write!(f, "keep-alive unlimited"),
            Command::Close => write!(f, "close"),
        }
    }
}

impl FromStr for Command {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<Command, CommandError> {
        let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
        match verb {
            "publish" => {
                let (path, content) = rest.split_once(' ').unwrap_or((rest, ""));
                Ok(Command::Publish { path: path_of(path)?, content: content.to_string() })
            }
            "withdraw" => Ok(Command::Withdraw { path: path_of(rest)? }),
            "keep-alive" if rest == "unlimited" => Ok(Command::KeepAlive(None)),
            "keep-alive" => match rest.parse() {
                Ok(n) if n > 0 => Ok(Command::KeepAlive(Some(n))),
                _ => Err(CommandError(
                    "`keep-alive` takes a number of requests from 1, or `unlimited`.".to_string(),
                )),
            },
            "close" if rest.is_empty() => Ok(Command::Close),
            _ => Err(CommandError(format!(
                "A server does not know `{text}`; try `publish /news.html New text`."
            ))),
        }
    }
}

fn path_of(text: &str) -> Result<String, CommandError> {
    match text.starts_with('/') && !text.contains(' ') {
        true => Ok(text.to_string()),
        false => Err(CommandError(format!("`{text}` is no path; a path begins with `/`."))),
    }
}

/// What a server tells.
#[derive(Clone, PartialEq, Debug)]
pub enum Event {
    /// `answered METHOD TARGET STATUS BYTES`: a request was answered with that much content.
    Answered {
        /// The request's method.
        method: String,
        /// Its target.
        target: String,
        /// The status.
        status: u16,
        /// Bytes of content in the answer.
        bytes: usize,
    },
    /// `bad request on #N, answered STATUS: WHY`: a request broke a rule.
    Bad {
        /// On this connection.
        conn: Conn,
        /// The status of the answer.
        status: u16,
        /// What was found.
        why: String,
    },
    /// `timed out #N`: a connection was idle for too long.
    TimedOut {
        /// Which.
        conn: Conn,
    },
    /// `published PATH`: the keeper changed a resource.
    Published {
        /// Where.
        path: String,
    },
    /// `withdrawn PATH`: the keeper took a resource away.
    Withdrawn {
        /// Where.
        path: String,
    },
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Answered { method, target, status, bytes } => {
                write!(f, "answered {method} {target} {status} {bytes}")
            }
            Event::Bad { conn, status, why } => {
                write!(f, "bad request on {conn}, answered {status}: {why}")
            }
            Event::TimedOut { conn } => write!(f, "timed out {conn}"),
            Event::Published { path } => write!(f, "published {path}"),
            Event::Withdrawn { path } => write!(f, "withdrawn {path}"),
        }
    }
}
