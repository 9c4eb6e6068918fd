//! What a record says: its data, typed where the lab knows the type.

use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};

use bytes::Bytes;

use super::{Name, RecordType};

/// The data of a record (RDATA), by the type that it belongs to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Data {
    /// An IPv4 address.
    A(Ipv4Addr),
    /// An IPv6 address.
    Aaaa(Ipv6Addr),
    /// A name server of the zone that begins at the owner.
    Ns(Name),
    /// The canonical name of the owner.
    Cname(Name),
    /// The start of a zone.
    Soa(Soa),
    /// Another name.
    Ptr(Name),
    /// A mail exchange.
    Mx {
        /// Lower is tried first.
        preference: u16,
        /// The host that takes mail.
        exchange: Name,
    },
    /// One or more strings.
    Txt(Vec<CharacterString>),
    /// Where a service is (RFC 2782).
    Srv {
        /// Lower is tried first.
        priority: u16,
        /// Share among those of the same priority.
        weight: u16,
        /// The port of the service.
        port: u16,
        /// The host that offers it.
        target: Name,
    },
    /// A type that the lab does not know, or of a class where it means something else; its bytes
    /// are kept as they are (RFC 3597 section 3).
    Unknown {
        /// The type.
        kind: RecordType,
        /// The bytes, at most 65535 on the wire.
        bytes: Bytes,
    },
}

/// The start of a zone's authority (RFC 1035 section 3.3.13).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Soa {
    /// The primary name server (MNAME).
    pub primary: Name,
    /// The mailbox of whoever is responsible, its @ written as a dot (RNAME).
    pub mailbox: Name,
    /// The version of the zone.
    pub serial: u32,
    /// Seconds until a secondary server looks for a new version.
    pub refresh: u32,
    /// Seconds until it tries again after a failure.
    pub retry: u32,
    /// Seconds after which it no longer answers from an old version.
    pub expire: u32,
    /// Seconds that "there is no such thing" may be remembered (RFC 2308 section 4).
    pub minimum: u32,
}

/// Up to 255 bytes of text (RFC 1035 section 3.3).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct CharacterString(Bytes);

impl CharacterString {
    /// The string of these bytes; none if there are more than 255 of them.
    pub fn new(bytes: impl Into<Bytes>) -> Option<CharacterString> {
        let bytes = bytes.into();
        (bytes.len() <= MAX_CHARACTER_STRING).then_some(CharacterString(bytes))
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Data {
    /// The type that it belongs to.
    pub fn kind(&self) -> RecordType {
        match self {
            Data::A(_) => RecordType::A,
            Data::Aaaa(_) => RecordType::Aaaa,
            Data::Ns(_) => RecordType::Ns,
            Data::Cname(_) => RecordType::Cname,
            Data::Soa(_) => RecordType::Soa,
            Data::Ptr(_) => RecordType::Ptr,
            Data::Mx { .. } => RecordType::Mx,
            Data::Txt(_) => RecordType::Txt,
            Data::Srv { .. } => RecordType::Srv,
            Data::Unknown { kind, .. } => *kind,
        }
    }

    /// The data of a TXT record with this text, in strings of up to 255 bytes.
    pub fn text(text: &str) -> Data {
        let mut strings: Vec<CharacterString> = text
            .as_bytes()
            .chunks(MAX_CHARACTER_STRING)
            .map(|chunk| CharacterString(Bytes::copy_from_slice(chunk)))
            .collect();
        if strings.is_empty() {
            strings.push(CharacterString::default());
        }
        Data::Txt(strings)
    }
}

impl fmt::Display for Data {
    /// As in a master file (RFC 1035 section 5.1), names without their last dot; unknown types as
    /// in RFC 3597 section 5.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Data::A(address) => write!(f, "{address}"),
            Data::Aaaa(address) => write!(f, "{address}"),
            Data::Ns(name) | Data::Cname(name) | Data::Ptr(name) => write!(f, "{name}"),
            Data::Soa(soa) => write!(f, "{soa}"),
            Data::Mx { preference, exchange } => write!(f, "{preference} {exchange}"),
            Data::Txt(strings) => {
                for (index, string) in strings.iter().enumerate() {
                    write!(f, "{}{string}", if index == 0 { "" } else { " " })?;
                }
                Ok(())
            }
            Data::Srv { priority, weight, port, target } => {
                write!(f, "{priority} {weight} {port} {target}")
            }
            Data::Unknown { bytes, .. } => {
                write!(f, "\\# {}", bytes.len())?;
                for (index, byte) in bytes.iter().enumerate() {
                    write!(f, "{}{byte:02x}", if index == 0 { " " } else { "" })?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for Soa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Soa { primary, mailbox, serial, refresh, retry, expire, minimum } = self;
        write!(f, "{primary} {mailbox} {serial} {refresh} {retry} {expire} {minimum}")
    }
}

impl fmt::Display for CharacterString {
    /// In quotation marks, with what could be mistaken escaped (RFC 1035 section 5.1).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for byte in &self.0 {
            match byte {
                b'"' | b'\\' => write!(f, "\\{}", char::from(*byte))?,
                b' '..=b'~' => write!(f, "{}", char::from(*byte))?,
                other => write!(f, "\\{other:03}")?,
            }
        }
        f.write_str("\"")
    }
}

/// One byte gives the length (RFC 1035 section 3.3).
pub const MAX_CHARACTER_STRING: usize = 255;
