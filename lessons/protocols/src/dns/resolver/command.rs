//! What a recursive name server may be asked by its user, and what it tells.

use core::fmt;
use core::str::FromStr;

use crate::dns::Message;
use crate::dns::walk::Notice;
use crate::endpoint::CommandError;

/// What the user may ask of a recursive name server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// `forget`: the cache is emptied.
    Forget,
}

/// What a recursive name server tells its user.
#[derive(Clone, PartialEq, Debug)]
pub enum Event {
    /// What a search came upon, in the words of [`Notice`].
    Walked(Notice),
    /// `answered NAME TYPE CODE RECORDS`: a client has its answer.
    Answered(Message),
    /// `forgotten`: the cache is empty.
    Forgotten,
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Command::Forget => write!(f, "forget"),
        }
    }
}

impl FromStr for Command {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<Command, CommandError> {
        match text {
            "forget" => Ok(Command::Forget),
            other => Err(CommandError(format!(
                "A recursive name server does not know `{other}`; try `forget`."
            ))),
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Walked(notice) => notice.fmt(f),
            Event::Answered(message) => {
                let (code, count) = (message.header.code, message.answers.len());
                match message.question() {
                    Some(question) => write!(f, "answered {question} {code} {count}"),
                    None => write!(f, "answered {code}"),
                }
            }
            Event::Forgotten => write!(f, "forgotten"),
        }
    }
}
