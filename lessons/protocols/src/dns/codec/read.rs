//! Reads messages (RFC 1035 section 4.1).

use super::HEADER_LEN;
use super::cursor::{Cursor, FORMERR, Field};
use super::name::read_name;
use super::opt::{Opt, read_opt};
use super::rdata::read_data;
use crate::dns::{
    Class, Header, Message, Opcode, Question, Record, RecordType, ResponseCode, rules,
};
use crate::wire::{Notes, Rule, Span, Violation};

/// Reads the bytes of one message: a whole datagram, or a frame of a stream.
///
/// # Errors
/// What breaks a rule of names, records or messages, with the code to answer (FORMERR). The notes
/// reach as far as could be read.
pub fn read(bytes: &[u8], notes: &mut Notes) -> Result<Message, Violation> {
    let mut cursor = Cursor::new(bytes, notes);
    let outcome = read_message(&mut cursor);
    *notes = cursor.into_notes();
    outcome
}

/// The header alone, from a message that need not be readable behind it: its id, opcode and RD are
/// what the answer to it repeats. None where not even twelve bytes came.
pub fn read_header(bytes: &[u8]) -> Option<Header> {
    let mut cursor = Cursor::new(bytes.get(..HEADER_LEN)?, &mut Notes::off());
    header(&mut cursor).ok().map(|(header, _)| header)
}

fn read_message(cursor: &mut Cursor<'_>) -> Result<Message, Violation> {
    let says = |(header, _): &(Header, Counts)| summary(header);
    let (header, counts) = cursor.group("header", &rules::HEADER, says, header)?;
    let mut message = Message { header, ..Message::default() };
    for index in 0..counts.questions {
        counts.check(cursor, Section::Question, index)?;
        let question = cursor.group("question", &rules::QUESTION, Question::to_string, question)?;
        message.questions.push(question);
    }
    for section in [Section::Answer, Section::Authority, Section::Additional] {
        for index in 0..counts.of(section) {
            counts.check(cursor, section, index)?;
            let says = |read: &Resource| read.to_string();
            let read = cursor
                .group(section.name(), &rules::RECORD, says, |cursor| resource(cursor, section))?;
            place(&mut message, section, read)?;
        }
    }
    if cursor.left() > 0 {
        let (from, left) = (cursor.at(), cursor.left());
        return Err(Violation {
            rule: &rules::NOTHING_AFTER,
            span: Span::new(from, from + left),
            found: format!("{left} bytes follow the last record that the header counts."),
            legal: "a message that ends with its last record".into(),
            code: FORMERR,
        });
    }
    Ok(message)
}

/// A record, or the pseudo-record of EDNS with the place where it stands.
enum Resource {
    Record(Record),
    Opt(Opt, Span),
}

impl core::fmt::Display for Resource {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Resource::Record(record) => write!(f, "{record}"),
            Resource::Opt(opt, _) => write!(f, "{opt}"),
        }
    }
}

/// Puts a record into its section, and what the OPT record says into its place.
fn place(message: &mut Message, section: Section, read: Resource) -> Result<(), Violation> {
    match read {
        Resource::Record(record) => {
            match section {
                Section::Question => {}
                Section::Answer => message.answers.push(record),
                Section::Authority => message.authorities.push(record),
                Section::Additional => message.additionals.push(record),
            }
            Ok(())
        }
        Resource::Opt(opt, span) => {
            if message.edns.is_some() {
                return Err(Violation {
                    rule: &rules::ONE_OPT,
                    span,
                    found: "The message has a second OPT record.".into(),
                    legal: "one OPT record, or none".into(),
                    code: FORMERR,
                });
            }
            let low = message.header.code.code() & 0xf;
            let code = u16::from(opt.upper_code) << 4 | low;
            message.header.code = ResponseCode::from_code(code);
            message.edns = Some(opt.edns);
            Ok(())
        }
    }
}

fn question(cursor: &mut Cursor<'_>) -> Result<Question, Violation> {
    let name = read_name(cursor, "QNAME", &rules::QUESTION)?;
    let kind = cursor.u16(Field { name: "QTYPE", rule: &rules::QUESTION, says: type_text })?;
    let class = cursor.u16(Field { name: "QCLASS", rule: &rules::CLASS, says: class_text })?;
    let (kind, class) = (RecordType::from_code(kind), Class::from_code(class));
    Ok(Question { name, kind, class })
}

fn resource(cursor: &mut Cursor<'_>, section: Section) -> Result<Resource, Violation> {
    let start = cursor.at();
    let name = read_name(cursor, "NAME", &rules::RECORD)?;
    let kind = cursor.u16(Field { name: "TYPE", rule: &rules::RECORD, says: type_text })?;
    let kind = RecordType::from_code(kind);
    if kind == RecordType::Opt {
        let opt = read_opt(cursor, &name, section == Section::Additional, start)?;
        return Ok(Resource::Opt(opt, Span::new(start, cursor.at())));
    }
    let class = cursor.u16(Field { name: "CLASS", rule: &rules::CLASS, says: class_text })?;
    let class = Class::from_code(class);
    let ttl = cursor.u32(Field { name: "TTL", rule: &rules::TTL, says: ttl_text })?;
    let len = cursor.u16(Field {
        name: "RDLENGTH",
        rule: &rules::RDLENGTH,
        says: |len| format!("{len} B"),
    })?;
    let data = cursor.bounded(usize::from(len), |cursor| read_data(cursor, kind, class))?;
    Ok(Resource::Record(Record { name, class, ttl: ttl_of(ttl), data }))
}

/// RFC 2181 section 8: what has the first bit set is taken for zero.
fn ttl_of(read: u32) -> u32 {
    if read > MAX_TTL { 0 } else { read }
}

fn ttl_text(ttl: u32) -> String {
    match ttl {
        0..=MAX_TTL => format!("{ttl} s"),
        _ => format!("{ttl}, taken for 0"),
    }
}

fn type_text(code: u16) -> String {
    RecordType::from_code(code).to_string()
}

fn class_text(code: u16) -> String {
    Class::from_code(code).to_string()
}

/// How many questions and records the header promises.
#[derive(Clone, Copy)]
struct Counts {
    questions: u16,
    answers: u16,
    authorities: u16,
    additionals: u16,
}

/// The four sections, in their order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Question,
    Answer,
    Authority,
    Additional,
}

impl Section {
    /// What one of its entries is called.
    fn name(self) -> &'static str {
        match self {
            Section::Question => "question",
            Section::Answer => "answer",
            Section::Authority => "authority",
            Section::Additional => "additional",
        }
    }

    /// Where its count stands in the header.
    fn count(self) -> Span {
        let at = match self {
            Section::Question => 4,
            Section::Answer => 6,
            Section::Authority => 8,
            Section::Additional => 10,
        };
        Span::new(at, at + 2)
    }
}

impl Counts {
    fn of(self, section: Section) -> u16 {
        match section {
            Section::Question => self.questions,
            Section::Answer => self.answers,
            Section::Authority => self.authorities,
            Section::Additional => self.additionals,
        }
    }

    /// Whether there is anything left where the entry with this index should begin.
    fn check(self, cursor: &Cursor<'_>, section: Section, index: u16) -> Result<(), Violation> {
        if cursor.left() > 0 {
            return Ok(());
        }
        let (name, promised) = (section.name(), self.of(section));
        Err(Violation {
            rule: &rules::COUNTS,
            span: section.count(),
            found: format!("The header counts {promised} of kind {name}; {index} are there."),
            legal: format!("a count of {index}"),
            code: FORMERR,
        })
    }
}

fn header(cursor: &mut Cursor<'_>) -> Result<(Header, Counts), Violation> {
    let decimal: fn(u16) -> String = |value| value.to_string();
    let id = cursor.u16(Field {
        name: "ID",
        rule: &rules::ID,
        says: |id| format!("{id} ({id:#06x})"),
    })?;
    let header = flags(cursor, id)?;
    let mut count = |name| cursor.u16(Field { name, rule: &rules::COUNTS, says: decimal });
    let counts = Counts {
        questions: count("QDCOUNT")?,
        answers: count("ANCOUNT")?,
        authorities: count("NSCOUNT")?,
        additionals: count("ARCOUNT")?,
    };
    Ok((header, counts))
}

/// The sixteen bits of flags, which are noted as one field with a note for each part below it.
fn flags(cursor: &mut Cursor<'_>, id: u16) -> Result<Header, Violation> {
    let bits = cursor.u16(Field {
        name: "flags",
        rule: &rules::HEADER,
        says: |bits| format!("{bits:#06x}"),
    })?;
    let set = |bit: u16| bits & 1 << bit != 0;
    let [high, low] = bits.to_be_bytes();
    let header = Header {
        id,
        response: set(15),
        opcode: Opcode::from_code(high >> 3),
        authoritative: set(10),
        truncated: set(9),
        recursion_desired: set(8),
        recursion_available: set(7),
        reserved: set(6),
        authentic_data: set(5),
        checking_disabled: set(4),
        code: ResponseCode::from_code(u16::from(low & 0xf)),
    };
    note_flags(cursor, &header);
    Ok(header)
}

fn note_flags(cursor: &mut Cursor<'_>, header: &Header) {
    let at = cursor.at();
    let (high, low) = (Span::new(at - 2, at - 1), Span::new(at - 1, at));
    let qr = if header.response { "1, response" } else { "0, query" };
    cursor.note_below(high, "QR", &rules::QR, || qr.into());
    let opcode = header.opcode;
    cursor.note_below(high, "OPCODE", &rules::OPCODE, || format!("{} {opcode}", opcode.code()));
    let bits: [(Span, &'static str, &'static Rule, bool); 7] = [
        (high, "AA", &rules::AUTHORITATIVE, header.authoritative),
        (high, "TC", &rules::TRUNCATED, header.truncated),
        (high, "RD", &rules::RECURSION, header.recursion_desired),
        (low, "RA", &rules::RECURSION, header.recursion_available),
        (low, "Z", &rules::RESERVED, header.reserved),
        (low, "AD", &rules::SECURITY_BITS, header.authentic_data),
        (low, "CD", &rules::SECURITY_BITS, header.checking_disabled),
    ];
    for (span, name, rule, set) in bits {
        cursor.note_below(span, name, rule, || u8::from(set).to_string());
    }
    let code = header.code;
    cursor.note_below(low, "RCODE", &rules::RCODE, || format!("{} {code}", code.code()));
}

/// `query 4711, RD` or `response 4711, AA, NXDOMAIN`.
fn summary(header: &Header) -> String {
    let kind = if header.response { "response" } else { "query" };
    let mut says = format!("{kind} {}", header.id);
    let flags = [
        ("AA", header.authoritative),
        ("TC", header.truncated),
        ("RD", header.recursion_desired),
        ("RA", header.recursion_available),
    ];
    for (name, _) in flags.into_iter().filter(|(_, set)| *set) {
        says.push_str(", ");
        says.push_str(name);
    }
    if header.response {
        says.push_str(&format!(", {}", header.code));
    }
    says
}

/// The longest time to live, in seconds (RFC 2181 section 8).
pub(super) const MAX_TTL: u32 = 0x7fff_ffff;
