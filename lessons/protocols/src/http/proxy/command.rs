//! What a proxy may be asked by its keeper, and what it tells.

use core::fmt;
use core::str::FromStr;

use crate::endpoint::CommandError;
use crate::http::Url;

/// What the keeper of a proxy may ask.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Command {
    /// `clear cache`.
    ClearCache,
    /// `cache on` or `cache off`.
    Cache(bool),
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Command::ClearCache => "clear cache",
            Command::Cache(true) => "cache on",
            Command::Cache(false) => "cache off",
        })
    }
}

impl FromStr for Command {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<Command, CommandError> {
        match text {
            "clear cache" => Ok(Command::ClearCache),
            "cache on" => Ok(Command::Cache(true)),
            "cache off" => Ok(Command::Cache(false)),
            _ => Err(CommandError(format!("A proxy does not know `{text}`; try `clear cache`."))),
        }
    }
}

/// What a proxy tells. Lessons match on these texts, so they stay as they are.
#[derive(Clone, PartialEq, Debug)]
pub enum Event {
    /// `hit URL`: answered from the cache, without asking.
    Hit {
        /// What was asked for.
        url: Url,
    },
    /// `miss URL`: nothing usable was stored.
    Miss {
        /// What was asked for.
        url: Url,
    },
    /// `revalidated URL`: the stored copy was checked and is good.
    Revalidated {
        /// What was asked for.
        url: Url,
    },
    /// `stale URL`: the origin cannot be reached, and an old copy was served.
    Stale {
        /// What was asked for.
        url: Url,
    },
    /// `forwarded METHOD URL STATUS BYTES`: the origin's answer was passed on.
    Forwarded {
        /// The method.
        method: String,
        /// What was asked for.
        url: Url,
        /// The status.
        status: u16,
        /// Bytes of content.
        bytes: usize,
    },
    /// `refused TARGET STATUS`: a request that cannot be forwarded.
    Refused {
        /// Its target.
        target: String,
        /// The status of the answer.
        status: u16,
    },
    /// `failed URL STATUS: WHY`: the origin did not answer as it should.
    Failed {
        /// What was asked for.
        url: Url,
        /// 502 or 504.
        status: u16,
        /// What happened.
        why: String,
    },
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Hit { url } => write!(f, "hit {url}"),
            Event::Miss { url } => write!(f, "miss {url}"),
            Event::Revalidated { url } => write!(f, "revalidated {url}"),
            Event::Stale { url } => write!(f, "stale {url}"),
            Event::Forwarded { method, url, status, bytes } => {
                write!(f, "forwarded {method} {url} {status} {bytes}")
            }
            Event::Refused { target, status } => write!(f, "refused {target} {status}"),
            Event::Failed { url, status, why } => write!(f, "failed {url} {status}: {why}"),
        }
    }
}
