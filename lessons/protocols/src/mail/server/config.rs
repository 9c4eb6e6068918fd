//! How a mail server is set up.

use core::net::IpAddr;
use core::time::Duration;

use crate::endpoint::Target;
use crate::pop3::POP3_PORT;
use crate::smtp::{Extensions, Limits, SMTP_PORT, SUBMISSION_PORT};

/// How a mail server is set up.
#[derive(Clone, PartialEq, Debug)]
pub struct Config {
    /// What the host calls itself.
    pub host: String,
    /// The domains whose mail ends here.
    pub domains: Vec<String>,
    /// Who has a mailbox here. Postmaster has one in any case (RFC 5321 section 4.5.1).
    pub users: Vec<User>,
    /// Whose mail is passed on to other domains.
    pub networks: Vec<Network>,
    /// Where the mail of certain domains goes without a look at their MX records; the first that
    /// fits is taken.
    pub routes: Vec<Route>,
    /// The TCP port for mail from other servers; none to take none.
    pub smtp_port: Option<u16>,
    /// The TCP port for new mail of its users; none to take none there.
    pub submission_port: Option<u16>,
    /// The TCP port at which its users read mail; none if they cannot.
    pub pop_port: Option<u16>,
    /// What EHLO offers.
    pub extensions: Extensions,
    /// Whether it groups commands when it sends and the other side offers to take them so.
    pub pipelines: bool,
    /// How many recipients a mail may have.
    pub max_recipients: usize,
    /// How many sessions it has at a time with those who send to it.
    pub max_sessions: usize,
    /// How many mistakes a session may have.
    pub max_errors: u32,
    /// How much it reads.
    pub limits: Limits,
    /// How long it waits for what.
    pub times: Times,
}

/// A user of a mail server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct User {
    /// The local part of the user's address at each of the domains.
    pub name: String,
    /// The password for reading mail.
    pub password: String,
}

/// A network: all addresses whose first bits are these.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Network {
    /// An address of it.
    pub address: IpAddr,
    /// How many bits at the front all its addresses share.
    pub prefix: u8,
}

/// Where the mail of a domain goes.
#[derive(Clone, PartialEq, Debug)]
pub struct Route {
    /// The domain; none for every domain that has no route of its own.
    pub domain: Option<String>,
    /// The host and port that take it.
    pub to: Target,
}

/// How long a mail server waits for what (RFC 5321 sections 4.5.3.2 and 4.5.4.1).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Times {
    /// For the greeting.
    pub greeting: Duration,
    /// For the reply to EHLO, HELO, MAIL, RSET or QUIT.
    pub mail: Duration,
    /// For the reply to RCPT.
    pub rcpt: Duration,
    /// For the reply to DATA.
    pub data: Duration,
    /// For the reply to the final dot.
    pub end_of_data: Duration,
    /// For the client's next command or piece of mail.
    pub command: Duration,
    /// For the next command over POP3: at least ten minutes (RFC 1939 section 3).
    pub autologout: Duration,
    /// For the other side to close after we have.
    pub linger: Duration,
    /// Before the first retry; each later wait is twice as long.
    pub first_retry: Duration,
    /// The longest wait between two tries.
    pub longest_retry: Duration,
    /// After which a mail is returned.
    pub give_up: Duration,
}

impl Config {
    /// A server of this name for one domain and its users, with everything else as usual.
    pub fn new(host: &str, domain: &str, users: &[&str]) -> Config {
        let user = |name: &&str| User { name: (*name).into(), password: format!("{name}-secret") };
        let limits = Limits::default();
        Config {
            host: host.into(),
            domains: vec![domain.into()],
            users: users.iter().map(user).collect(),
            networks: Vec::new(),
            routes: Vec::new(),
            smtp_port: Some(SMTP_PORT),
            submission_port: Some(SUBMISSION_PORT),
            pop_port: Some(POP3_PORT),
            extensions: Extensions::all(limits.mail_max),
            pipelines: true,
            max_recipients: MAX_RECIPIENTS,
            max_sessions: MAX_SESSIONS,
            max_errors: MAX_ERRORS,
            limits,
            times: Times::standard(),
        }
    }

    /// Whether mail for this domain ends here.
    pub fn is_ours(&self, domain: &str) -> bool {
        self.domains.iter().any(|ours| ours.eq_ignore_ascii_case(domain))
    }

    /// Whether mail from this address is passed on to other domains.
    pub fn relays_for(&self, peer: IpAddr) -> bool {
        self.networks.iter().any(|network| network.has(peer))
    }

    /// Where the mail of a domain goes without a look at its MX records.
    pub fn route(&self, domain: &str) -> Option<&Target> {
        let fits = |route: &&Route| {
            route.domain.as_ref().is_none_or(|named| named.eq_ignore_ascii_case(domain))
        };
        self.routes.iter().find(fits).map(|route| &route.to)
    }
}

impl Network {
    /// Whether an address belongs to it.
    pub fn has(&self, address: IpAddr) -> bool {
        let (ours, theirs, width) = match (self.address, address) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                (u128::from(ours.to_bits()), u128::from(theirs.to_bits()), 32)
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => (ours.to_bits(), theirs.to_bits(), 128),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => return false,
        };
        let free = width - u32::from(self.prefix).min(width);
        (ours ^ theirs).checked_shr(free).unwrap_or(0) == 0
    }
}

impl Times {
    /// What the standard asks for.
    pub const fn standard() -> Times {
        Times {
            greeting: minutes(5),
            mail: minutes(5),
            rcpt: minutes(5),
            data: minutes(2),
            end_of_data: minutes(10),
            command: minutes(5),
            autologout: minutes(10),
            linger: Duration::from_secs(30),
            first_retry: minutes(30),
            longest_retry: minutes(4 * 60),
            give_up: minutes(5 * 24 * 60),
        }
    }

    /// The same, so many times faster: for lessons, in which nobody waits for days.
    pub fn faster(&self, by: u32) -> Times {
        let by = by.max(1);
        Times {
            greeting: self.greeting / by,
            mail: self.mail / by,
            rcpt: self.rcpt / by,
            data: self.data / by,
            end_of_data: self.end_of_data / by,
            command: self.command / by,
            autologout: self.autologout / by,
            linger: self.linger / by,
            first_retry: self.first_retry / by,
            longest_retry: self.longest_retry / by,
            give_up: self.give_up / by,
        }
    }

    /// How long to wait after so many tries: twice as long each time (RFC 5321 section 4.5.4.1
    /// asks for at least 30 minutes).
    pub fn retry(&self, tries: u32) -> Duration {
        let doublings = tries.saturating_sub(1).min(MAX_DOUBLINGS);
        self.first_retry.saturating_mul(1 << doublings).min(self.longest_retry)
    }
}

const fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

/// RFC 5321 section 4.5.3.1.8: a server takes at least 100.
const MAX_RECIPIENTS: usize = 100;

/// More than a class of students opens, and little enough to hold.
const MAX_SESSIONS: usize = 100;

/// A person who types commands makes some mistakes; a program that makes twenty is lost.
const MAX_ERRORS: u32 = 20;

/// By then the longest wait is reached, whatever the first one is.
const MAX_DOUBLINGS: u32 = 16;
