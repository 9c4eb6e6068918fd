//! How a client is set up, in the words of its commands.

use core::fmt;
use core::str::FromStr;
use core::time::Duration;

use crate::endpoint::CommandError;
use crate::http::{Limits, Version};

/// How a client is set up.
#[derive(Clone, PartialEq, Debug)]
pub struct Config {
    /// How it uses connections.
    pub mode: Mode,
    /// The version that it speaks.
    pub version: Version,
    /// The proxy that it sends everything to, if any.
    pub proxy: Option<ProxyAddress>,
    /// The value of Accept-Language, if it sends one.
    pub language: Option<String>,
    /// Whether it keeps and asks a cache. Off for lessons that count round trips.
    pub cache: bool,
    /// Whether it keeps and sends cookies.
    pub cookies: bool,
    /// Content of more bytes than this is announced with Expect: 100-continue; none for never.
    pub expect_above: Option<usize>,
    /// How long it waits for an answer.
    pub answer_within: Duration,
    /// How long it waits for 100 before it sends the content all the same.
    pub continue_within: Duration,
    /// How long it keeps an idle connection.
    pub idle: Duration,
    /// How much of a response it reads.
    pub limits: Limits,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            mode: Mode::Persistent(1),
            version: Version::Http11,
            proxy: None,
            language: None,
            cache: false,
            cookies: true,
            expect_above: None,
            answer_within: ANSWER_WITHIN,
            continue_within: CONTINUE_WITHIN,
            idle: IDLE,
            limits: Limits::default(),
        }
    }
}

/// How a client uses connections to one origin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// `serial`: a new connection for each object, one after another.
    Serial,
    /// `parallel N`: a new connection for each object, up to N at a time.
    Parallel(usize),
    /// `persistent` or `persistent N`: connections kept, N at most, one request at a time on each.
    Persistent(usize),
    /// `pipelined`: one connection, on which requests do not wait for answers.
    Pipelined,
}

impl Mode {
    /// How many connections to one origin may be in use at a time.
    pub const fn connections(self) -> usize {
        match self {
            Mode::Serial | Mode::Pipelined => 1,
            Mode::Parallel(n) | Mode::Persistent(n) => n,
        }
    }

    /// Whether connections are kept for the next request.
    pub const fn persists(self) -> bool {
        match self {
            Mode::Serial | Mode::Parallel(_) => false,
            Mode::Persistent(_) | Mode::Pipelined => true,
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mode::Serial => write!(f, "serial"),
            Mode::Parallel(n) => write!(f, "parallel {n}"),
            Mode::Persistent(1) => write!(f, "persistent"),
            Mode::Persistent(n) => write!(f, "persistent {n}"),
            Mode::Pipelined => write!(f, "pipelined"),
        }
    }
}

impl FromStr for Mode {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<Mode, CommandError> {
        let (name, count) = match text.split_once(' ') {
            Some((name, count)) => (name, Some(count)),
            None => (text, None),
        };
        let count = match count.map(str::parse) {
            None => None,
            Some(Ok(n)) if (1..=MAX_CONNECTIONS).contains(&n) => Some(n),
            Some(_) => {
                return Err(CommandError(format!(
                    "The number of connections is from 1 to {MAX_CONNECTIONS}."
                )));
            }
        };
        match (name, count) {
            ("serial", None) => Ok(Mode::Serial),
            ("parallel", Some(n)) => Ok(Mode::Parallel(n)),
            ("persistent", n) => Ok(Mode::Persistent(n.unwrap_or(1))),
            ("pipelined", None) => Ok(Mode::Pipelined),
            _ => Err(CommandError(format!(
                "No mode `{text}`; there are `serial`, `parallel 5`, `persistent`, \
                 `persistent 6` and `pipelined`."
            ))),
        }
    }
}

/// The proxy that a client sends its requests to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProxyAddress {
    /// Its host, a name or an address.
    pub host: String,
    /// Its port.
    pub port: u16,
}

impl fmt::Display for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl FromStr for ProxyAddress {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<ProxyAddress, CommandError> {
        let wrong = || CommandError(format!("`{text}` is no proxy; give `proxy.test:3128`."));
        let (_, port) = text.rsplit_once(':').ok_or_else(wrong)?;
        let url: crate::http::Url = format!("http://{text}").parse().map_err(|_| wrong())?;
        if port.is_empty() || url.to_string() != format!("http://{}/", url.authority()) {
            return Err(wrong());
        }
        Ok(ProxyAddress { host: url.host().to_string(), port: url.port() })
    }
}

/// The most connections to one origin that a mode may ask for: twice what browsers open, and
/// enough to see that more do not help (RFC 9112 section 9.4).
pub const MAX_CONNECTIONS: usize = 16;

/// As long as people wait for a page.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// What curl waits; servers that know Expect answer within one round trip.
const CONTINUE_WITHIN: Duration = Duration::from_secs(1);

/// Longer than servers keep a connection, so that they mostly close first.
const IDLE: Duration = Duration::from_secs(90);
