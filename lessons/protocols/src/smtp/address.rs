//! Whom mail is for and from: mailboxes as addresses, and the paths of an envelope.

use core::fmt;
use core::str::FromStr;

use super::codec::read_address;

/// An address: `Mailbox` in RFC 5321 section 4.1.2.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Address {
    /// The part before the `@` as its host understands it, without quotes and backslashes.
    pub local: String,
    /// The domain, or an address literal in its brackets.
    pub domain: String,
}

/// Whom to tell when a mail cannot be delivered (RFC 5321 section 4.1.1.2).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ReversePath {
    /// `<>`: nobody. The mail is itself such a notice (RFC 5321 section 4.5.5).
    Null,
    /// The sender.
    Address(Address),
}

/// Whom a mail is for (RFC 5321 section 4.1.1.3).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ForwardPath {
    /// `<Postmaster>` without a domain: whoever looks after this server.
    Postmaster,
    /// The recipient.
    Address(Address),
}

/// A text that is no address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AddressError {
    /// What is wrong with it.
    pub says: String,
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says)
    }
}

impl std::error::Error for AddressError {}

impl Address {
    /// Whether its domain is this one; the case of letters does not count (RFC 5321 section 2.4).
    pub fn is_at(&self, domain: &str) -> bool {
        self.domain.eq_ignore_ascii_case(domain)
    }
}

impl fmt::Display for Address {
    /// With as little quoting as can be (RFC 5321 section 4.1.2).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bare = !self.local.is_empty() && self.local.split('.').all(is_atom);
        if bare {
            return write!(f, "{}@{}", self.local, self.domain);
        }
        f.write_str("\"")?;
        for c in self.local.chars() {
            if matches!(c, '"' | '\\') {
                f.write_str("\\")?;
            }
            write!(f, "{c}")?;
        }
        write!(f, "\"@{}", self.domain)
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Address, AddressError> {
        read_address(text.as_bytes()).map_err(|fault| AddressError { says: fault.found })
    }
}

impl fmt::Display for ReversePath {
    /// In its angle brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReversePath::Null => f.write_str("<>"),
            ReversePath::Address(address) => write!(f, "<{address}>"),
        }
    }
}

impl fmt::Display for ForwardPath {
    /// In its angle brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ForwardPath::Postmaster => f.write_str("<Postmaster>"),
            ForwardPath::Address(address) => write!(f, "<{address}>"),
        }
    }
}

fn is_atom(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_atext)
}

/// Whether a byte may stand in an atom (RFC 5322 section 3.2.3).
pub(super) const fn is_atext(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'/' | b'=' | b'?'
        )
        || matches!(byte, b'^' | b'_' | b'`' | b'{' | b'|' | b'}' | b'~')
}
