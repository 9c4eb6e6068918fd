//! Input that is wrong or meant to harm: each is refused by its rule, at its bytes, and our server
//! answers with FORMERR and the asker's id. Sources: RFC 1035, and RFC 9267, which collects what
//! real implementations got wrong (NAME:WRECK, AMNESIA:33, INFRA:HALT, Ripple20).

use bytes::Bytes;
use protocols::dns::codec::{read, write};
use protocols::dns::server::{Config, Server};
use protocols::dns::{Message, Name, RecordType, ResponseCode, Zone};
use protocols::endpoint::{Host, Output, Running, Stimulus};
use protocols::wire::{Notes, Span, Time};

/// A query with these counts, and behind the header these bytes.
fn query(counts: [u16; 4], body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0xbe, 0xef, 0x01, 0x00];
    bytes.extend(counts.iter().flat_map(|count| count.to_be_bytes()));
    bytes.extend_from_slice(body);
    bytes
}

/// A question whose name is these bytes.
fn asked(name: &[u8]) -> Vec<u8> {
    query([1, 0, 0, 0], &[name, b"\0\x01\0\x01"].concat())
}

/// A question for `a`, and behind it a record of `a` with this type, length and data.
fn with_record(kind: u16, len: u16, data: &[u8]) -> Vec<u8> {
    let question = b"\x01a\0\0\x01\0\x01";
    let frame = [&[0xc0, 12][..], &kind.to_be_bytes(), b"\0\x01\0\0\0\x3c", &len.to_be_bytes()];
    query([1, 1, 0, 0], &[&question[..], &frame.concat(), data].concat())
}

/// Both ends refuse it: the reader by this rule at these bytes, the server with FORMERR.
fn refused(bytes: &[u8], rule: &str, span: (usize, usize), source: &str) {
    let violation = read(bytes, &mut Notes::off()).expect_err(source);
    assert_eq!(violation.rule.id, rule, "{source}: {violation}");
    assert_eq!(violation.span, Span::new(span.0, span.1), "{source}: {violation}");
    assert_eq!(violation.code, 1, "{source}");
    let answer = served(bytes).unwrap_or_else(|| panic!("{source}: no answer"));
    assert_eq!(answer.header.code, ResponseCode::FormErr, "{source}");
    assert_eq!(answer.header.id, 0xbeef, "{source}");
    assert!(answer.header.response && answer.questions.is_empty(), "{source}");
}

/// What our server answers to a datagram.
fn served(bytes: &[u8]) -> Option<Message> {
    let text = "a. 60 SOA ns.a. h.a. 1 2 3 4 5\na. 60 NS ns.a.\na. 60 A 192.0.2.1\n";
    let zone = Zone::parse(text, &Name::root()).unwrap();
    let mut host = Running::new(Server::new(Config::default(), [zone]), 1);
    host.step(Time::EPOCH, Stimulus::Start).unwrap();
    let from = ([192, 0, 2, 9], 4_000).into();
    let bytes = Bytes::copy_from_slice(bytes);
    let step = host.step(Time::EPOCH, Stimulus::Datagram { port: 53, from, bytes }).unwrap();
    step.outputs.into_iter().find_map(|output| match output {
        Output::SendTo { bytes, .. } => Some(read(&bytes, &mut Notes::off()).unwrap()),
        _ => None,
    })
}

#[test]
fn a_right_query_of_this_making_is_answered() {
    let answer = served(&asked(b"\x01a\0")).unwrap();
    assert_eq!((answer.header.code, answer.answers.len()), (ResponseCode::NoError, 1));
}

#[test]
fn pointers_that_do_not_lead_back_are_refused() {
    let source = "RFC 9267 section 2, RFC 1035 section 4.1.4";
    refused(&asked(b"\xc0\x0c"), "dns.pointer-back", (12, 14), source);
    refused(&asked(b"\x01a\xc0\x0c"), "dns.pointer-back", (14, 16), source);
    refused(&asked(b"\xc0\x0e\x01a\0"), "dns.pointer-back", (12, 14), source);
    refused(&asked(b"\xff\xff"), "dns.pointer-back", (12, 14), source);
    refused(&asked(b"\x01a\xc0\x00"), "dns.pointer-back", (14, 16), source);
}

#[test]
fn two_pointers_that_lead_to_each_other_are_refused() {
    // The first question's name is the pointer at 12, the second's at 18 leads to it.
    let body = b"\xc0\x12\0\x01\0\x01\xc0\x0c\0\x01\0\x01";
    let source = "RFC 9267 section 2: the loop of CVE-2020-27738 and its kin";
    refused(&query([2, 0, 0, 0], body), "dns.pointer-back", (12, 14), source);
}

#[test]
fn a_pointer_to_labels_that_run_into_itself_is_refused() {
    // At 12 a label of 9 bytes that spans the question; the second name points into its middle.
    let body = b"\x01a\0\0\x01\0\x01\x01b\xc0\x12\0\x01\0\x01";
    let source = "RFC 9267 section 2";
    refused(&query([2, 0, 0, 0], body), "dns.pointer-back", (21, 23), source);
}

#[test]
fn a_long_chain_of_pointers_is_refused() {
    let mut body = b"\x01a\0\0\x01\0\x01".to_vec();
    for index in 0..200u16 {
        let before = if index == 0 { 12 } else { 19 + 6 * (index - 1) };
        body.extend((0xc000 | before).to_be_bytes());
        body.extend(b"\0\x01\0\x01");
    }
    let source = "RFC 9267 section 2: work without end from few bytes";
    let last = 19 + 6 * 127;
    refused(&query([201, 0, 0, 0], &body), "dns.pointer-chain", (last, last + 2), source);
}

#[test]
fn labels_over_63_and_names_over_255_are_refused() {
    let source = "RFC 1035 section 2.3.4, RFC 9267 section 3";
    let label = [&[64][..], &[b'a'; 64], b"\0"].concat();
    refused(&asked(&label), "dns.label-limit", (12, 13), source);
    refused(&asked(b"\x80aaaa\0"), "dns.label-kind", (12, 13), "RFC 1035 section 4.1.4");
    let long = [&[&[63][..], &[b'a'; 63]].concat().repeat(4)[..], b"\0"].concat();
    refused(&asked(&long), "dns.name-limit", (204, 268), source);
    let most = [&long[..192], &[61], &[b'b'; 61], b"\0"].concat();
    assert_eq!(most.len(), 255);
    assert!(served(&asked(&most)).is_some_and(|a| a.header.code == ResponseCode::Refused));
}

#[test]
fn a_name_grown_beyond_255_by_a_pointer_is_refused() {
    let label = [&[63][..], &[b'a'; 63]].concat();
    let first = [&label.repeat(3)[..], b"\0\0\x01\0\x01"].concat();
    let at = 12 + first.len();
    let body = [&first[..], &label, &[0xc0, 12, 0, 1, 0, 1]].concat();
    let pointer = (at + 64, at + 66);
    let source = "RFC 9267 section 3: bytes that unfold";
    refused(&query([2, 0, 0, 0], &body), "dns.name-limit", pointer, source);
}

#[test]
fn a_name_without_an_end_is_refused() {
    let source = "RFC 9267 section 4: the zero is missing";
    refused(&query([1, 0, 0, 0], b"\x01a"), "dns.message", (14, 14), source);
    refused(&query([1, 0, 0, 0], b"\x05ab"), "dns.message", (13, 15), source);
}

#[test]
fn counts_that_lie_are_refused() {
    let question = b"\x01a\0\0\x01\0\x01";
    let source = "RFC 9267 section 6, RFC 1035 section 4.1.1";
    refused(&query([2, 0, 0, 0], question), "dns.counts", (4, 6), source);
    refused(&query([1, 1, 0, 0], question), "dns.counts", (6, 8), source);
    refused(&query([1, 0, 1, 0], question), "dns.counts", (8, 10), source);
    refused(&query([1, 0, 0, 0xffff], question), "dns.counts", (10, 12), source);
    refused(&query([0, 0, 0, 0], question), "dns.nothing-after", (12, 19), source);
    refused(
        &query([1, 0, 0, 0], &[&question[..], b"xy"].concat()),
        "dns.nothing-after",
        (19, 21),
        source,
    );
}

#[test]
fn lengths_of_data_that_lie_are_refused() {
    let source = "RFC 9267 section 5, RFC 1035 section 4.1.3";
    let at = 31;
    refused(&with_record(1, 4, b"abc"), "dns.rdlength", (at - 2, at), source);
    refused(&with_record(1, 3, b"abc"), "dns.rdlength", (at, at + 3), source);
    refused(&with_record(1, 5, b"abcde"), "dns.rdlength", (at + 4, at + 5), source);
    refused(&with_record(1, 0, b""), "dns.rdlength", (at, at), source);
    refused(&with_record(5, 1, b"\xc0\x0c"), "dns.rdlength", (at + 1, at + 1), source);
    refused(&with_record(16, 3, b"\x05ab"), "dns.rdlength", (at + 1, at + 3), source);
    refused(&with_record(15, 2, b"\0\x0a"), "dns.rdlength", (at + 2, at + 2), source);
}

#[test]
fn opt_records_in_the_wrong_place_or_number_are_refused() {
    let opt = b"\0\0\x29\x04\xd0\0\0\0\0\0\0";
    let twice = query([0, 0, 0, 2], &opt.repeat(2));
    refused(&twice, "dns.one-opt", (23, 34), "RFC 6891 section 6.1.1");
    refused(&query([0, 1, 0, 0], opt), "dns.one-opt", (12, 15), "RFC 6891 section 6.1.1");
    let owned = [b"\x01a", &opt[..]].concat();
    refused(&query([0, 0, 0, 1], &owned), "dns.opt", (12, 17), "RFC 6891 section 6.1.2");
}

#[test]
fn a_response_to_a_server_is_dropped_whatever_it_holds() {
    let mut bytes = asked(b"\xc0\x0c");
    bytes[2] |= 0x80;
    assert_eq!(served(&bytes), None, "RFC 1035 section 4.1.1: two servers must not talk for ever");
    bytes[2] = 0x28;
    let answer = served(&bytes).unwrap();
    assert_eq!(answer.header.code, ResponseCode::NotImp, "an opcode comes before a format error");
}

#[test]
fn every_cut_of_a_message_is_refused_or_dropped_and_none_is_answered_as_if_whole() {
    let mut message = Message::query(0xbeef, "www.example.com".parse().unwrap(), RecordType::A);
    message.edns = Some(protocols::dns::Edns::new(1232));
    let bytes = write(&message);
    for end in 0..bytes.len() {
        let answer = served(&bytes[..end]);
        let code = answer.map(|answer| answer.header.code);
        let expected = (end >= 12).then_some(ResponseCode::FormErr);
        assert_eq!(code, expected, "{end} bytes");
    }
}
