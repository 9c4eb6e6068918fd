//! How a user agent is set up.

use core::fmt;
use core::str::FromStr;
use core::time::Duration;

use super::Account;
use crate::endpoint::CommandError;
use crate::mime::Attachment;
use crate::pop3::{self, POP3_PORT};
use crate::smtp::{Asked, SUBMISSION_PORT};

/// How a user agent is set up.
#[derive(Clone, PartialEq, Debug)]
pub struct Config {
    /// What the laptop calls itself towards its server.
    pub host: String,
    /// The name (or address) of the server that takes its mail and keeps that of its user.
    pub server: String,
    /// The port at which the server takes new mail.
    pub submission_port: u16,
    /// The port of the server's POP3.
    pub pop_port: u16,
    /// The user's name on the server.
    pub user: String,
    /// The user's password there.
    pub password: String,
    /// How it says who it is.
    pub login: Login,
    /// Whether fetched mail stays on the server.
    pub leave_on_server: bool,
    /// Files that can be attached.
    pub files: Vec<Attachment>,
    /// How long after a failure the outbox is tried again.
    pub retry: Duration,
    /// How long it waits for a reply, but for the one to a whole mail.
    pub patience: Duration,
    /// How long it waits for the reply to the final dot of a mail (RFC 5321 section 4.5.3.2.6).
    pub end_of_data: Duration,
    /// How long it waits for the server to close.
    pub linger: Duration,
    /// How often it looks for new mail by itself; none for only when asked.
    pub check_every: Option<Duration>,
    /// How much of the server's replies it reads.
    pub limits: pop3::Limits,
}

/// How a user agent says who it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Login {
    /// USER and PASS: the password as it is.
    Plain,
    /// APOP where the greeting offers it, else USER and PASS.
    Apop,
}

impl Config {
    /// The agent of a user at this server.
    pub fn new(host: &str, server: &str, user: &str) -> Config {
        Config {
            host: host.into(),
            server: server.into(),
            submission_port: SUBMISSION_PORT,
            pop_port: POP3_PORT,
            user: user.into(),
            password: format!("{user}-secret"),
            login: Login::Plain,
            leave_on_server: false,
            files: Vec::new(),
            retry: RETRY,
            patience: PATIENCE,
            end_of_data: END_OF_DATA,
            linger: LINGER,
            check_every: None,
            limits: pop3::Limits::default(),
        }
    }

    /// How long it waits for the reply to this.
    pub(super) fn patience_for(&self, asked: Asked) -> Duration {
        match asked {
            Asked::Mail => self.end_of_data,
            Asked::Greeting | Asked::Command(_) | Asked::Nothing => self.patience,
        }
    }

    /// The same agent for another account.
    pub(super) fn take(&mut self, account: Account) {
        let Account { user, password, server, submission_port, pop_port } = account;
        (self.user, self.password, self.server) = (user, password, server);
        (self.submission_port, self.pop_port) = (submission_port, pop_port);
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Login::Plain => "plain",
            Login::Apop => "apop",
        })
    }
}

impl FromStr for Login {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<Login, CommandError> {
        match text {
            "plain" => Ok(Login::Plain),
            "apop" => Ok(Login::Apop),
            other => Err(CommandError(format!("`{other}` is neither `plain` nor `apop`."))),
        }
    }
}

/// Often enough that nobody wonders, seldom enough for a server that is down.
const RETRY: Duration = Duration::from_secs(60);

/// RFC 5321 section 4.5.3.2 gives five minutes to most replies.
const PATIENCE: Duration = Duration::from_secs(300);

/// RFC 5321 section 4.5.3.2.6 gives ten minutes to the reply to the final dot: a client that gives
/// up while the server still stores the mail sends it a second time.
const END_OF_DATA: Duration = Duration::from_secs(600);

/// A server that has said goodbye has nothing to do but close.
const LINGER: Duration = Duration::from_secs(30);
