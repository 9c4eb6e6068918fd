//! Our codec against simple-dns 0.13, on messages that are right and on damaged ones.
//!
//! Where they differ, and why. Anything else is a failure.
//!
//! We refuse what simple-dns takes:
//! 1. Bytes behind the last record.
//! 2. A pointer into the header, or to labels that do not end before the pointer's own name; it
//!    asks only that a pointer leads to before itself.
//! 3. More than 127 pointers for one name.
//! 4. A second OPT record, one outside of the additional section, or one whose owner is not the
//!    root (RFC 6891 section 6.1).
//! 5. Data that is longer than its type needs, and no data at all.
//!
//! We take what simple-dns refuses:
//! 6. A message in which the bit Z is set, which readers are to ignore.
//! 7. Questions for types, and questions and records of classes, that it does not know.
//! 8. Data that is wrong for a type that we do not know, or in a class where we do not read it:
//!    we keep the bytes.
//!
//! We read differently:
//! 9. The upper bits of the response code and the version of EDNS: it takes them from the lower
//!    half of the OPT record's time to live, where the flags are (RFC 6891 section 6.1.3).
//! 10. A time to live with its first bit set is zero for us (RFC 2181 section 8).
//! 11. The first bit of a class is a flag of its own for it, as in multicast DNS.

use proptest::prelude::*;
use protocols::dns::codec::{read, write};
use protocols::dns::{Class, Data, Message, Name, Record};
use protocols::wire::{Notes, Violation};
use simple_dns::rdata::RData;
use simple_dns::{Packet, PacketFlag, QTYPE, RCODE, ResourceRecord};

use crate::common::{damage, damaged, message};

/// The number of the known difference that explains why only one of the two takes the bytes.
fn difference(bytes: &[u8], ours: &Result<Message, Violation>, theirs: bool) -> Option<u8> {
    match (ours, theirs) {
        (Err(violation), true) => match violation.rule.id {
            "dns.nothing-after" => Some(1),
            "dns.pointer-back" => Some(2),
            "dns.pointer-chain" => Some(3),
            "dns.one-opt" | "dns.opt" => Some(4),
            "dns.rdlength" => Some(5),
            _ => None,
        },
        (Ok(message), false) => {
            let odd = |class: Class| !matches!(class.code() & 0x7fff, 1..=4 | 254);
            let odd_question = message.questions.iter().any(|question| {
                let unknown = QTYPE::try_from(question.kind.code()).is_err();
                unknown || (odd(question.class) && question.class.code() & 0x7fff != 255)
            });
            let kept = |record: &Record| matches!(record.data, Data::Unknown { .. });
            if bytes.get(3).is_some_and(|flags| flags & 0x40 != 0) {
                Some(6)
            } else if odd_question || message.records().any(|record| odd(record.class)) {
                Some(7)
            } else {
                message.records().any(kept).then_some(8)
            }
        }
        _ => None,
    }
}

fn same_name(ours: &Name, theirs: &simple_dns::Name<'_>) -> bool {
    ours.labels().eq(theirs.as_bytes())
}

fn same_data(ours: &Data, theirs: &RData<'_>) -> bool {
    match (ours, theirs) {
        (Data::A(a), RData::A(b)) => a.to_bits() == b.address,
        (Data::Aaaa(a), RData::AAAA(b)) => a.to_bits() == b.address,
        (Data::Ns(a), RData::NS(b)) => same_name(a, &b.0),
        (Data::Cname(a), RData::CNAME(b)) => same_name(a, &b.0),
        (Data::Ptr(a), RData::PTR(b)) => same_name(a, &b.0),
        (Data::Mx { preference, exchange }, RData::MX(b)) => {
            *preference == b.preference && same_name(exchange, &b.exchange)
        }
        (Data::Soa(a), RData::SOA(b)) => {
            let seconds = [b.refresh, b.retry, b.expire].map(|signed| signed as u32);
            same_name(&a.primary, &b.mname)
                && same_name(&a.mailbox, &b.rname)
                && (a.serial, a.minimum) == (b.serial, b.minimum)
                && [a.refresh, a.retry, a.expire] == seconds
        }
        (Data::Txt(a), RData::TXT(b)) => {
            let mut bytes = Vec::new();
            for string in a {
                bytes.push(string.bytes().len() as u8);
                bytes.extend_from_slice(string.bytes());
            }
            let mut packet = Packet::new_query(0);
            let owner = simple_dns::Name::new_with_labels(&[]);
            let data = RData::TXT(b.clone());
            packet.answers.push(ResourceRecord::new(owner, simple_dns::CLASS::IN, 0, data));
            packet.build_bytes_vec().is_ok_and(|all| all.ends_with(&bytes))
        }
        (Data::Srv { priority, weight, port, target }, RData::SRV(b)) => {
            (*priority, *weight, *port) == (b.priority, b.weight, b.port)
                && same_name(target, &b.target)
        }
        // We keep the bytes of what we do not read, and it reads more types than we do.
        (Data::Unknown { kind, .. }, other) => kind.code() == u16::from(other.type_code()),
        _ => false,
    }
}

fn same_record(ours: &Record, theirs: &ResourceRecord<'_>) -> bool {
    let ttl = if theirs.ttl >> 31 == 1 { 0 } else { theirs.ttl };
    same_name(&ours.name, &theirs.name)
        && ours.class.code() & 0x7fff == theirs.class as u16
        && ours.ttl == ttl
        && same_data(&ours.data, &theirs.rdata)
}

fn same_section(ours: &[Record], theirs: &[ResourceRecord<'_>]) -> bool {
    ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| same_record(a, b))
}

fn same_header(ours: &Message, theirs: &Packet<'_>) -> bool {
    let header = &ours.header;
    let flags = [
        (header.response, PacketFlag::RESPONSE),
        (header.authoritative, PacketFlag::AUTHORITATIVE_ANSWER),
        (header.truncated, PacketFlag::TRUNCATION),
        (header.recursion_desired, PacketFlag::RECURSION_DESIRED),
        (header.recursion_available, PacketFlag::RECURSION_AVAILABLE),
        (header.authentic_data, PacketFlag::AUTHENTIC_DATA),
        (header.checking_disabled, PacketFlag::CHECKING_DISABLED),
    ];
    let code = match (theirs.opt(), theirs.rcode()) {
        (Some(_), _) | (None, RCODE::Reserved) => true,
        (None, code) => header.code.code() == code as u16,
    };
    header.id == theirs.id() && code && flags.iter().all(|(set, f)| *set == theirs.has_flags(*f))
}

fn same_message(ours: &Message, theirs: &Packet<'_>) -> bool {
    let questions = ours.questions.iter().zip(&theirs.questions).all(|(a, b)| {
        same_name(&a.name, &b.qname)
            && a.kind.code() == u16::from(b.qtype)
            && a.class.code() & 0x7fff == u16::from(b.qclass) & 0x7fff
    });
    let edns = match (&ours.edns, theirs.opt()) {
        (None, None) => true,
        (Some(a), Some(b)) => {
            let options = a.options.iter().map(|option| (option.code, &option.bytes[..]));
            a.payload_size == b.udp_packet_size
                && options.eq(b.opt_codes.iter().map(|option| (option.code, &option.data[..])))
        }
        _ => false,
    };
    same_header(ours, theirs)
        && ours.questions.len() == theirs.questions.len()
        && questions
        && edns
        && same_section(&ours.answers, &theirs.answers)
        && same_section(&ours.authorities, &theirs.name_servers)
        && same_section(&ours.additionals, &theirs.additional_records)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn both_read_the_same_or_differ_as_listed(message in message(), damage in damage()) {
        let bytes = damaged(write(&message), &damage);
        let ours = read(&bytes, &mut Notes::off());
        match (&ours, Packet::parse(&bytes)) {
            (Ok(ours), Ok(theirs)) => {
                prop_assert!(same_message(ours, &theirs), "{ours:#?}\n{theirs:#?}");
            }
            (Err(_), Err(_)) => {}
            (_, theirs) => {
                let known = difference(&bytes, &ours, theirs.is_ok());
                prop_assert!(known.is_some(), "{ours:#?}\n{theirs:#?}\n{bytes:02x?}");
            }
        }
    }

    #[test]
    fn we_read_what_simple_dns_compresses(message in message()) {
        let plain = write(&message);
        if let Ok(packet) = Packet::parse(&plain) {
            let theirs = packet.build_bytes_vec_compressed().unwrap();
            let again = read(&theirs, &mut Notes::off()).unwrap();
            prop_assert_eq!(&again.answers, &message.answers);
            prop_assert_eq!(&again.questions, &message.questions);
            prop_assert_eq!(&again.authorities, &message.authorities);
        }
    }
}

/// What only one of the two takes, with the number of the difference.
#[test]
fn the_listed_differences_are_there() {
    let message = |flags: u16, counts: [u16; 4], body: &[u8]| {
        let words = [0, flags, counts[0], counts[1], counts[2], counts[3]];
        let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        bytes.extend_from_slice(body);
        bytes
    };
    let opt = b"\0\0\x29\x04\xd0\0\0\0\0\0\0";
    let samples = [
        (1, message(0, [0; 4], b"x")),
        (2, message(0, [1, 0, 0, 0], b"\xc0\x00\0\x01\0\x01")),
        (4, message(0, [0, 0, 0, 2], &opt.repeat(2))),
        (5, message(0, [0, 1, 0, 0], b"\0\0\x01\0\x01\0\0\0\0\0\x05abcde")),
        (6, message(0x40, [0; 4], b"")),
        (7, message(0, [1, 0, 0, 0], b"\0\xff\0\0\x01")),
        (8, message(0, [0, 1, 0, 0], b"\0\0\x0d\0\x01\0\0\0\0\0\x01\xff")),
    ];
    for (number, bytes) in samples {
        let ours = read(&bytes, &mut Notes::off());
        let theirs = Packet::parse(&bytes);
        assert_ne!(ours.is_ok(), theirs.is_ok(), "{number}: {ours:?} {theirs:?}");
        assert_eq!(difference(&bytes, &ours, theirs.is_ok()), Some(number), "{ours:?}");
    }
}

#[test]
fn a_set_of_damaged_messages_reaches_both_verdicts() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..500 {
        let tree = (message(), damage()).new_tree(&mut runner).unwrap();
        let (message, damage) = tree.current();
        match read(&damaged(write(&message), &damage), &mut Notes::off()) {
            Ok(_) => taken += 1,
            Err(_) => refused += 1,
        }
    }
    assert!(taken > 50 && refused > 50, "{taken} taken, {refused} refused");
}
