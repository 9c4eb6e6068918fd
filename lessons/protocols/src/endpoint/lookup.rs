//! Looking names up: the number of a lookup, and what comes of it.

use core::fmt;
use core::net::IpAddr;

use serde::{Deserialize, Serialize};

/// The number of one lookup at one host; never used twice there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Lookup(pub u32);

/// One thing that a name has in the DNS. Host names are in text form without the last dot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// An address (A or AAAA; RFC 1035 section 3.4.1, RFC 3596 section 2.2).
    Address(IpAddr),
    /// A host that takes the mail of the name (MX; RFC 1035 section 3.3.9).
    Exchange {
        /// Hosts with lower numbers are tried first.
        preference: u16,
        /// The host; empty where the domain says that it takes no mail (RFC 7505).
        host: String,
    },
    /// Another name: of a name server (NS), of an address (PTR), the true one (CNAME).
    Host(String),
    /// Text (TXT; RFC 1035 section 3.3.14): its strings joined, each byte that is no UTF-8
    /// replaced.
    Text(String),
    /// Where a service of the name is (SRV; RFC 2782).
    Service {
        /// Hosts with lower numbers are tried first.
        priority: u16,
        /// Among equal priorities, the share of each.
        weight: u16,
        /// The port.
        port: u16,
        /// The host.
        host: String,
    },
    /// Any other record, as its data is written in a master file.
    Other(String),
}

impl Found {
    /// The address, if it is one.
    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Found::Address(ip) => Some(*ip),
            Found::Exchange { .. }
            | Found::Host(_)
            | Found::Text(_)
            | Found::Service { .. }
            | Found::Other(_) => None,
        }
    }
}

/// Why a lookup gives nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum LookupError {
    /// What was asked for is no domain name (RFC 1035 section 2.3.4).
    BadName,
    /// The name does not exist (NXDOMAIN; RFC 2308 section 2.1).
    NoSuchName,
    /// The name exists, but has no record of this type (RFC 2308 section 2.2).
    NoSuchRecord,
    /// Every server that could be asked answered that it cannot say.
    ServerFailure,
    /// No server has answered.
    TimedOut,
    /// The host has nobody to ask.
    NoResolver,
}

impl LookupError {
    /// Whether asking again later may give something else: nobody said that there is nothing.
    pub fn is_temporary(self) -> bool {
        match self {
            LookupError::ServerFailure | LookupError::TimedOut => true,
            LookupError::BadName
            | LookupError::NoSuchName
            | LookupError::NoSuchRecord
            | LookupError::NoResolver => false,
        }
    }
}

impl fmt::Display for LookupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LookupError::BadName => "this is no domain name",
            LookupError::NoSuchName => "no such name",
            LookupError::NoSuchRecord => "the name has no such record",
            LookupError::ServerFailure => "the name servers cannot say",
            LookupError::TimedOut => "no name server answered",
            LookupError::NoResolver => "there is no name server to ask",
        })
    }
}

impl std::error::Error for LookupError {}
