//! The numbers of the header and of records, as the field names them.

use core::fmt;
use core::str::FromStr;

/// The type of a record, or what a question asks for (RFC 1035 sections 3.2.2 and 3.2.3).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RecordType {
    /// An IPv4 address (RFC 1035 section 3.4.1).
    A,
    /// A name server of a zone (RFC 1035 section 3.3.11).
    Ns,
    /// The name that this one is another name for (RFC 1035 section 3.3.1).
    Cname,
    /// The start of a zone's authority (RFC 1035 section 3.3.13).
    Soa,
    /// A pointer to another name, for addresses read backwards (RFC 1035 section 3.3.12).
    Ptr,
    /// A host that takes mail for the name (RFC 1035 section 3.3.9).
    Mx,
    /// Text (RFC 1035 section 3.3.14).
    Txt,
    /// An IPv6 address (RFC 3596 section 2.1).
    Aaaa,
    /// Where a service is (RFC 2782).
    Srv,
    /// The pseudo-record of EDNS (RFC 6891 section 6.1).
    Opt,
    /// A whole zone, in questions only (RFC 1035 section 3.2.3).
    Axfr,
    /// Whatever there is, written `ANY`, in questions only (RFC 1035 section 3.2.3).
    Any,
    /// Another type by its number, written `TYPE65` (RFC 3597 section 5).
    Other(u16),
}

/// The class of a record or question (RFC 1035 section 3.2.4).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Class {
    /// The Internet.
    In,
    /// Chaosnet; name servers tell of themselves in it.
    Ch,
    /// Any class, in questions only.
    Any,
    /// Another class by its number, written `CLASS4` (RFC 3597 section 5).
    Other(u16),
}

/// What kind of question a message is (RFC 1035 section 4.1.1).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Opcode {
    /// A standard query.
    #[default]
    Query,
    /// An inverse query, long obsolete (RFC 3425).
    IQuery,
    /// A question for the server's own state.
    Status,
    /// Another by its number, 3 to 15.
    Other(u8),
}

/// How it went (RFC 1035 section 4.1.1); twelve bits with EDNS (RFC 6891 section 6.1.3).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum ResponseCode {
    /// No error.
    #[default]
    NoError,
    /// The server could not read the query.
    FormErr,
    /// The server could not find out.
    ServFail,
    /// The name does not exist.
    NxDomain,
    /// The server does not know this kind of query.
    NotImp,
    /// The server will not answer.
    Refused,
    /// The server does not know this version of EDNS (RFC 6891 section 6.1.3).
    BadVers,
    /// Another by its number, up to 4095.
    Other(u16),
}

impl RecordType {
    /// The number on the wire.
    pub fn code(self) -> u16 {
        match self {
            RecordType::Other(code) => code,
            named => TYPES.iter().find(|(kind, ..)| *kind == named).map_or(0, |(_, code, _)| *code),
        }
    }

    /// The type with this number.
    pub fn from_code(code: u16) -> RecordType {
        let named = TYPES.iter().find(|(_, known, _)| *known == code);
        named.map_or(RecordType::Other(code), |(kind, ..)| *kind)
    }

    /// Whether it is about questions or messages and no zone can hold it: OPT, and the numbers
    /// 128 to 255 (RFC 6895 section 3.1).
    pub fn is_meta(self) -> bool {
        matches!(self.code(), 41 | 128..=255)
    }
}

impl Class {
    /// The number on the wire.
    pub fn code(self) -> u16 {
        match self {
            Class::In => 1,
            Class::Ch => 3,
            Class::Any => 255,
            Class::Other(code) => code,
        }
    }

    /// The class with this number.
    pub fn from_code(code: u16) -> Class {
        match code {
            1 => Class::In,
            3 => Class::Ch,
            255 => Class::Any,
            other => Class::Other(other),
        }
    }
}

impl Opcode {
    /// The number on the wire, four bits.
    pub fn code(self) -> u8 {
        match self {
            Opcode::Query => 0,
            Opcode::IQuery => 1,
            Opcode::Status => 2,
            Opcode::Other(code) => code & 0xf,
        }
    }

    /// The opcode in the lower four bits.
    pub fn from_code(code: u8) -> Opcode {
        match code & 0xf {
            0 => Opcode::Query,
            1 => Opcode::IQuery,
            2 => Opcode::Status,
            other => Opcode::Other(other),
        }
    }
}

impl ResponseCode {
    /// The number: the lower four bits go into the header, the rest into the OPT record.
    pub fn code(self) -> u16 {
        match self {
            ResponseCode::NoError => 0,
            ResponseCode::FormErr => 1,
            ResponseCode::ServFail => 2,
            ResponseCode::NxDomain => 3,
            ResponseCode::NotImp => 4,
            ResponseCode::Refused => 5,
            ResponseCode::BadVers => 16,
            ResponseCode::Other(code) => code & 0xfff,
        }
    }

    /// The code in the lower twelve bits.
    pub fn from_code(code: u16) -> ResponseCode {
        match code & 0xfff {
            0 => ResponseCode::NoError,
            1 => ResponseCode::FormErr,
            2 => ResponseCode::ServFail,
            3 => ResponseCode::NxDomain,
            4 => ResponseCode::NotImp,
            5 => ResponseCode::Refused,
            16 => ResponseCode::BadVers,
            other => ResponseCode::Other(other),
        }
    }
}

impl fmt::Display for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match TYPES.iter().find(|(kind, ..)| kind == self) {
            Some((.., name)) => f.write_str(name),
            None => write!(f, "TYPE{}", self.code()),
        }
    }
}

impl FromStr for RecordType {
    type Err = UnknownWord;

    /// Reads a type's name in any case, or `TYPE` with a number (RFC 3597 section 5).
    fn from_str(text: &str) -> Result<RecordType, UnknownWord> {
        let named = TYPES.iter().find(|(.., name)| name.eq_ignore_ascii_case(text));
        match named {
            Some((kind, ..)) => Ok(*kind),
            None => numbered(text, "TYPE").map(RecordType::from_code),
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Class::In => f.write_str("IN"),
            Class::Ch => f.write_str("CH"),
            Class::Any => f.write_str("ANY"),
            Class::Other(code) => write!(f, "CLASS{code}"),
        }
    }
}

impl FromStr for Class {
    type Err = UnknownWord;

    /// Reads `IN`, `CH` or `ANY` in any case, or `CLASS` with a number (RFC 3597 section 5).
    fn from_str(text: &str) -> Result<Class, UnknownWord> {
        for class in [Class::In, Class::Ch, Class::Any] {
            if class.to_string().eq_ignore_ascii_case(text) {
                return Ok(class);
            }
        }
        numbered(text, "CLASS").map(Class::from_code)
    }
}

impl fmt::Display for Opcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Opcode::Query => f.write_str("QUERY"),
            Opcode::IQuery => f.write_str("IQUERY"),
            Opcode::Status => f.write_str("STATUS"),
            Opcode::Other(code) => write!(f, "OPCODE{code}"),
        }
    }
}

impl fmt::Display for ResponseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ResponseCode::NoError => f.write_str("NOERROR"),
            ResponseCode::FormErr => f.write_str("FORMERR"),
            ResponseCode::ServFail => f.write_str("SERVFAIL"),
            ResponseCode::NxDomain => f.write_str("NXDOMAIN"),
            ResponseCode::NotImp => f.write_str("NOTIMP"),
            ResponseCode::Refused => f.write_str("REFUSED"),
            ResponseCode::BadVers => f.write_str("BADVERS"),
            ResponseCode::Other(code) => write!(f, "RCODE{code}"),
        }
    }
}

/// A word that is no type and no class.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownWord(pub String);

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no record type or class", self.0)
    }
}

impl std::error::Error for UnknownWord {}

fn numbered(text: &str, prefix: &str) -> Result<u16, UnknownWord> {
    let unknown = || UnknownWord(text.to_string());
    let (head, number) = text.split_at_checked(prefix.len()).ok_or_else(unknown)?;
    match head.eq_ignore_ascii_case(prefix) && number.bytes().all(|byte| byte.is_ascii_digit()) {
        true => number.parse().map_err(|_| unknown()),
        false => Err(unknown()),
    }
}

/// The types that have a name here, with number and name as IANA lists them.
const TYPES: [(RecordType, u16, &str); 12] = [
    (RecordType::A, 1, "A"),
    (RecordType::Ns, 2, "NS"),
    (RecordType::Cname, 5, "CNAME"),
    (RecordType::Soa, 6, "SOA"),
    (RecordType::Ptr, 12, "PTR"),
    (RecordType::Mx, 15, "MX"),
    (RecordType::Txt, 16, "TXT"),
    (RecordType::Aaaa, 28, "AAAA"),
    (RecordType::Srv, 33, "SRV"),
    (RecordType::Opt, 41, "OPT"),
    (RecordType::Axfr, 252, "AXFR"),
    (RecordType::Any, 255, "ANY"),
];
