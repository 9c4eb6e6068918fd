//! DNS messages as values (RFC 1035 section 4).

use core::fmt;
use core::net::IpAddr;

use bytes::Bytes;

use super::{Class, Data, Name, Opcode, RecordType, ResponseCode};

/// A message: a query or the response to one (RFC 1035 section 4.1).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Message {
    /// What it is, and how it went.
    pub header: Header,
    /// What is asked; in practice one question.
    pub questions: Vec<Question>,
    /// Records that answer it.
    pub answers: Vec<Record>,
    /// Records that say who has authority: a referral, or the SOA of a negative answer.
    pub authorities: Vec<Record>,
    /// Records that may save another question.
    pub additionals: Vec<Record>,
    /// What its sender says about itself, from the OPT record among the additional ones; none
    /// from a sender without EDNS (RFC 6891).
    pub edns: Option<Edns>,
}

/// The header, but for the counts, which follow from the sections (RFC 1035 section 4.1.1).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Header {
    /// The number that the asker chose and the answer repeats.
    pub id: u16,
    /// QR: whether it is a response.
    pub response: bool,
    /// What kind of query.
    pub opcode: Opcode,
    /// AA: the responder has authority for the name asked for.
    pub authoritative: bool,
    /// TC: the message was cut short, as it was too long for its transport.
    pub truncated: bool,
    /// RD: the asker wants the server to ask on.
    pub recursion_desired: bool,
    /// RA: the server would.
    pub recursion_available: bool,
    /// Z: the bit that must be zero, and that readers ignore.
    pub reserved: bool,
    /// AD: the data is authentic (RFC 4035 section 3.2.3); we do not check it.
    pub authentic_data: bool,
    /// CD: the asker checks for itself (RFC 4035 section 3.2.2).
    pub checking_disabled: bool,
    /// How it went, with the upper bits of the OPT record, if any.
    pub code: ResponseCode,
}

/// A question (RFC 1035 section 4.1.2).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Question {
    /// The name asked about (QNAME).
    pub name: Name,
    /// The type asked for (QTYPE).
    pub kind: RecordType,
    /// The class asked for (QCLASS).
    pub class: Class,
}

/// A resource record (RFC 1035 section 4.1.3). Its type is that of its data.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// Whom it is about: the owner.
    pub name: Name,
    /// The class.
    pub class: Class,
    /// How many seconds it may be remembered. A value with the first bit set is read as 0
    /// (RFC 2181 section 8).
    pub ttl: u32,
    /// What it says.
    pub data: Data,
}

/// What the OPT record says (RFC 6891 section 6.1). The upper bits of the response code, which it
/// also holds, are in [`Header::code`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edns {
    /// The largest datagram that its sender can take, in bytes; below 512 means 512.
    pub payload_size: u16,
    /// The version of EDNS; only 0 is defined.
    pub version: u8,
    /// The flags: the first bit is DO (RFC 3225), the others are reserved.
    pub flags: u16,
    /// The options, in order.
    pub options: Vec<EdnsOption>,
}

/// An option of EDNS, which we keep and do not read (RFC 6891 section 6.1.2).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EdnsOption {
    /// Which option.
    pub code: u16,
    /// What it says.
    pub bytes: Bytes,
}

impl Message {
    /// A query with one question for class IN.
    pub fn query(id: u16, name: Name, kind: RecordType) -> Message {
        Message {
            header: Header { id, ..Header::default() },
            questions: vec![Question::new(name, kind)],
            ..Message::default()
        }
    }

    /// A response without records to this message: its id, opcode, questions and the bits that
    /// a response repeats (RFC 1035 section 4.1.1).
    pub fn response(&self, code: ResponseCode) -> Message {
        Message {
            header: self.header.response(code),
            questions: self.questions.clone(),
            ..Message::default()
        }
    }

    /// The question, if there is just one.
    pub fn question(&self) -> Option<&Question> {
        match self.questions.as_slice() {
            [question] => Some(question),
            _ => None,
        }
    }

    /// All records, section after section.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.answers.iter().chain(&self.authorities).chain(&self.additionals)
    }
}

impl Header {
    /// The header of a response to a message with this header.
    pub fn response(&self, code: ResponseCode) -> Header {
        Header {
            id: self.id,
            response: true,
            opcode: self.opcode,
            recursion_desired: self.recursion_desired,
            checking_disabled: self.checking_disabled,
            code,
            ..Header::default()
        }
    }
}

impl Question {
    /// A question for class IN.
    pub fn new(name: Name, kind: RecordType) -> Question {
        Question { name, kind, class: Class::In }
    }
}

impl Record {
    /// A record of class IN.
    pub fn new(name: Name, ttl: u32, data: Data) -> Record {
        Record { name, class: Class::In, ttl, data }
    }

    /// Its type.
    pub fn kind(&self) -> RecordType {
        self.data.kind()
    }

    /// The address that it gives, if it gives one.
    pub fn address(&self) -> Option<IpAddr> {
        match &self.data {
            Data::A(address) => Some(IpAddr::V4(*address)),
            Data::Aaaa(address) => Some(IpAddr::V6(*address)),
            Data::Ns(_)
            | Data::Cname(_)
            | Data::Soa(_)
            | Data::Ptr(_)
            | Data::Mx { .. }
            | Data::Txt(_)
            | Data::Srv { .. }
            | Data::Unknown { .. } => None,
        }
    }

    /// The host whose address whoever asked for this record will want next: a name server, a mail
    /// exchange, or where a service is.
    pub fn host(&self) -> Option<&Name> {
        match &self.data {
            Data::Ns(host) | Data::Mx { exchange: host, .. } | Data::Srv { target: host, .. } => {
                Some(host)
            }
            Data::A(_)
            | Data::Aaaa(_)
            | Data::Cname(_)
            | Data::Soa(_)
            | Data::Ptr(_)
            | Data::Txt(_)
            | Data::Unknown { .. } => None,
        }
    }

    /// The name server that it names, if it is an NS record.
    pub fn name_server(&self) -> Option<&Name> {
        self.host().filter(|_| self.kind() == RecordType::Ns)
    }

    /// The name that it leads to, if it is a CNAME record.
    pub fn canonical(&self) -> Option<&Name> {
        match &self.data {
            Data::Cname(name) => Some(name),
            Data::A(_)
            | Data::Aaaa(_)
            | Data::Ns(_)
            | Data::Soa(_)
            | Data::Ptr(_)
            | Data::Mx { .. }
            | Data::Txt(_)
            | Data::Srv { .. }
            | Data::Unknown { .. } => None,
        }
    }
}

impl Edns {
    /// Version 0 without flags and options, for datagrams of this many bytes.
    pub fn new(payload_size: u16) -> Edns {
        Edns { payload_size, version: 0, flags: 0, options: Vec::new() }
    }
}

impl fmt::Display for Question {
    /// As `dig` asks: `www.example.com A`; a class only where it is not IN.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.class {
            Class::In => write!(f, "{} {}", self.name, self.kind),
            Class::Ch | Class::Any | Class::Other(_) => {
                write!(f, "{} {} {}", self.name, self.class, self.kind)
            }
        }
    }
}

impl fmt::Display for Record {
    /// As a line of a master file: `www.example.com 3600 IN A 192.0.2.1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {} {}", self.name, self.ttl, self.class, self.kind(), self.data)
    }
}
