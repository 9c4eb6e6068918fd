//! Writes messages, with names compressed and within the size that the transport takes.

use std::collections::BTreeMap;

use super::read::MAX_TTL;
use super::{HEADER_LEN, MAX_MESSAGE};
use crate::dns::{Data, Edns, Header, Message, Name, Record, RecordType};

/// A message on the wire.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether records of the answer or of the authority section were left out, and TC set.
    pub truncated: bool,
}

/// Writes a message, of whatever length a message can have.
pub fn write(message: &Message) -> Vec<u8> {
    write_within(message, MAX_MESSAGE).bytes
}

/// Writes a message in at most `limit` bytes, and never more than 65535.
///
/// Records that do not fit are left out whole, with all that follow. If any is missing from the
/// answer or authority section, TC is set; an additional record that does not fit is left out with
/// all of its name and type, and nothing is said (RFC 2181 section 9). The header, the questions
/// and the OPT record without its options are always written.
pub fn write_within(message: &Message, limit: usize) -> Written {
    let mut writer = Writer::default();
    let options = options(message.edns.as_ref());
    let room = limit.min(MAX_MESSAGE);
    writer.bytes.resize(HEADER_LEN, 0);
    for question in &message.questions {
        writer.name(&question.name, Compress::Yes);
        writer.u16(question.kind.code());
        writer.u16(question.class.code());
    }
    let bare = if message.edns.is_some() { OPT_LEN } else { 0 };
    let kept = writer.bytes.len() + bare + options.len() <= room;
    let reserved = bare + if kept { options.len() } else { 0 };
    let room = room.saturating_sub(reserved);
    let answers = writer.records(&message.answers, room);
    let authorities = match answers == message.answers.len() {
        true => writer.records(&message.authorities, room),
        false => 0,
    };
    let truncated = answers < message.answers.len() || authorities < message.authorities.len();
    let mut additionals = match truncated {
        false => writer.sets(&message.additionals, room),
        true => 0,
    };
    if let Some(edns) = &message.edns {
        writer.opt(edns, message.header, if kept { &options } else { &[] });
        additionals += 1;
    }
    let counts = [message.questions.len(), answers, authorities, additionals];
    writer.header(&message.header, truncated, counts);
    Written { bytes: writer.bytes, truncated }
}

/// Whether a name may be written as a pointer, and be pointed to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compress {
    Yes,
    /// In the data of types younger than RFC 1035 (RFC 3597 section 4).
    No,
}

#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    /// Where each name and each end of one stands, by its bytes: a pointer keeps the case.
    places: BTreeMap<Vec<u8>, u16>,
}

impl Writer {
    fn u16(&mut self, value: u16) {
        self.bytes.extend_from_slice(&value.to_be_bytes());
    }

    fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_be_bytes());
    }

    fn name(&mut self, name: &Name, compress: Compress) {
        for part in name.ancestors().take_while(|part| !part.is_root()) {
            let place = self.places.get(part.wire()).filter(|_| compress == Compress::Yes);
            if let Some(place) = place {
                return self.u16(POINTER | place);
            }
            let at = u16::try_from(self.bytes.len()).ok().filter(|at| *at <= MAX_POINTED);
            if let (Some(at), Compress::Yes) = (at, compress) {
                self.places.insert(part.wire().to_vec(), at);
            }
            if let Some(label) = part.labels().next() {
                // A label has at most 63 bytes.
                self.bytes.push(label.len() as u8);
                self.bytes.extend_from_slice(label);
            }
        }
        self.bytes.push(0);
    }

    /// Writes as many of the records as fit; how many those are.
    fn records(&mut self, records: &[Record], room: usize) -> usize {
        records.iter().take_while(|record| self.fits(core::slice::from_ref(record), room)).count()
    }

    /// Writes those sets of the records that fit whole; how many records those are. A set is a run
    /// with one owner and type.
    fn sets(&mut self, records: &[Record], room: usize) -> usize {
        let sets = records.chunk_by(|a, b| a.name == b.name && a.kind() == b.kind());
        sets.filter(|set| self.fits(set, room)).map(<[Record]>::len).sum()
    }

    /// Writes all of these, or none.
    fn fits(&mut self, records: &[Record], room: usize) -> bool {
        let before = self.bytes.len();
        let whole = records.iter().all(|record| self.record(record));
        let fits = whole && self.bytes.len() <= room;
        if !fits {
            self.bytes.truncate(before);
            self.places.retain(|_, place| usize::from(*place) < before);
        }
        fits
    }

    /// Writes a record; false where its data is longer than any message.
    fn record(&mut self, record: &Record) -> bool {
        self.name(&record.name, Compress::Yes);
        self.u16(record.kind().code());
        self.u16(record.class.code());
        self.u32(record.ttl.min(MAX_TTL));
        let length = self.bytes.len();
        self.u16(0);
        self.data(&record.data);
        let len = u16::try_from(self.bytes.len() - length - 2);
        self.patch(length, len.unwrap_or_default());
        len.is_ok()
    }

    fn patch(&mut self, at: usize, value: u16) {
        for (byte, new) in self.bytes.iter_mut().skip(at).zip(value.to_be_bytes()) {
            *byte = new;
        }
    }

    fn data(&mut self, data: &Data) {
        match data {
            Data::A(address) => self.bytes.extend_from_slice(&address.octets()),
            Data::Aaaa(address) => self.bytes.extend_from_slice(&address.octets()),
            Data::Ns(name) | Data::Cname(name) | Data::Ptr(name) => {
                self.name(name, Compress::Yes);
            }
            Data::Soa(soa) => {
                self.name(&soa.primary, Compress::Yes);
                self.name(&soa.mailbox, Compress::Yes);
                for number in [soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum] {
                    self.u32(number);
                }
            }
            Data::Mx { preference, exchange } => {
                self.u16(*preference);
                self.name(exchange, Compress::Yes);
            }
            Data::Txt(strings) => {
                for string in strings {
                    // A string has at most 255 bytes.
                    self.bytes.push(string.bytes().len() as u8);
                    self.bytes.extend_from_slice(string.bytes());
                }
            }
            Data::Srv { priority, weight, port, target } => {
                for number in [priority, weight, port] {
                    self.u16(*number);
                }
                self.name(target, Compress::No);
            }
            Data::Unknown { bytes, .. } => self.bytes.extend_from_slice(bytes),
        }
    }

    fn opt(&mut self, edns: &Edns, header: Header, options: &[u8]) {
        self.bytes.push(0);
        self.u16(RecordType::Opt.code());
        self.u16(edns.payload_size);
        // Twelve bits in all, of which the header has four.
        self.bytes.push((header.code.code() >> 4) as u8);
        self.bytes.push(edns.version);
        self.u16(edns.flags);
        // They fit into the message, so their length fits into two bytes.
        self.u16(options.len() as u16);
        self.bytes.extend_from_slice(options);
    }

    fn header(&mut self, header: &Header, truncated: bool, counts: [usize; 4]) {
        let flag = |set: bool, bit: u16| u16::from(set) << bit;
        let flags = flag(header.response, 15)
            | u16::from(header.opcode.code()) << 11
            | flag(header.authoritative, 10)
            | flag(header.truncated || truncated, 9)
            | flag(header.recursion_desired, 8)
            | flag(header.recursion_available, 7)
            | flag(header.reserved, 6)
            | flag(header.authentic_data, 5)
            | flag(header.checking_disabled, 4)
            | header.code.code() & 0xf;
        self.patch(0, header.id);
        self.patch(2, flags);
        for (index, count) in counts.into_iter().enumerate() {
            // A message of 65535 bytes has room for fewer entries than that.
            self.patch(4 + 2 * index, u16::try_from(count).unwrap_or(u16::MAX));
        }
    }
}

/// The options of EDNS on the wire; one that is too long for a length is left out.
fn options(edns: Option<&Edns>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for option in edns.iter().flat_map(|edns| &edns.options) {
        if let Ok(len) = u16::try_from(option.bytes.len()) {
            bytes.extend_from_slice(&option.code.to_be_bytes());
            bytes.extend_from_slice(&len.to_be_bytes());
            bytes.extend_from_slice(&option.bytes);
        }
    }
    bytes
}

/// An OPT record without options: owner, type, and the nine bytes that follow.
const OPT_LEN: usize = 11;

/// The two bits that mark a pointer.
const POINTER: u16 = 0xc000;

/// The furthest place that fourteen bits can point to.
const MAX_POINTED: u16 = 0x3fff;
