//! What an operator may write after `--allow`, and the profiles to choose from.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use relay_wire::Host;

use super::{name, ranges};

/// What is allowed besides the operator's own list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Profile {
    /// Any server on loopback from port 1024 up, except well-known local services.
    Local,
    /// The practice servers and what the operator names, nothing else.
    #[default]
    Listed,
}

/// One allowed target: a host by name or by address, and a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    host: Host,
    port: u16,
}

/// A rule that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRule(String);

impl fmt::Display for BadRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadRule {}

impl Rule {
    /// True if this rule names the address, or names the name that resolved to it. A name may
    /// lead only to public addresses: where it leads is not up to the operator but to whoever
    /// holds the name, so a private address has to be named itself.
    pub(super) fn allows(&self, name: Option<&str>, address: SocketAddr) -> bool {
        if self.port != address.port() {
            return false;
        }
        match &self.host {
            Host::Address(ip) => *ip == address.ip(),
            Host::Name(own) => {
                let by_name = name.is_some_and(|name| name == own);
                let at_home = name::is_localhost(own) && address.ip().is_loopback();
                (by_name && ranges::is_public(address.ip())) || at_home
            }
        }
    }

    pub(super) fn is_for(&self, name: &str, port: u16) -> bool {
        self.port == port && matches!(&self.host, Host::Name(own) if own == name)
    }

    /// True if this rule is for the next port of the same host.
    pub(super) fn follows(&self, before: &Rule) -> bool {
        self.host == before.host && before.port.checked_add(1) == Some(self.port)
    }

    pub(super) fn is_loopback(&self) -> bool {
        match &self.host {
            Host::Address(ip) => ip.is_loopback(),
            Host::Name(name) => name::is_localhost(name),
        }
    }
}

/// Rules of which each follows on the one before, as one phrase.
pub(super) fn in_words(run: &[Rule]) -> String {
    match run {
        [first, .., last] => format!("{first} to {}", last.port),
        [only] => only.to_string(),
        [] => String::new(),
    }
}

impl From<SocketAddr> for Rule {
    fn from(address: SocketAddr) -> Rule {
        Rule { host: Host::Address(address.ip().to_canonical()), port: address.port() }
    }
}

impl FromStr for Rule {
    type Err = BadRule;

    fn from_str(text: &str) -> Result<Rule, BadRule> {
        let (host, port) = text
            .rsplit_once(':')
            .ok_or_else(|| BadRule(format!("{text} lacks a port, as in localhost:8000")))?;
        let port = match port.parse() {
            Ok(0) | Err(_) => return Err(BadRule(format!("{port} is not a port"))),
            Ok(port) => port,
        };
        let host = match Host::parse(host) {
            Host::Address(ip) => Host::Address(ip.to_canonical()),
            Host::Name(text) => {
                Host::Name(name::parse(&text).map_err(|refusal| BadRule(refusal.text))?)
            }
        };
        if let Host::Address(ip) = host
            && let Some(range) = ranges::always_denied(ip)
        {
            return Err(BadRule(format!("{ip} lies in {range}, which is never allowed")));
        }
        Ok(Rule { host, port })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}
