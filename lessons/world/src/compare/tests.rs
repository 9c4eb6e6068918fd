//! Two runs that differ in one thing give one difference, named and put in a sentence.

use core::time::Duration;

use bytes::Bytes;
use std::rc::Rc;

use protocols::endpoint::{Conn, Stimulus};
use protocols::http::HTTP;
use protocols::overlay::Key;
use protocols::wire::{Protocol, Time};
use protocols::{chord, dns, kademlia};

use super::*;
use crate::entry::{Dialled, Entry, EntryId, Fate, Flight, HostId, Load, StreamId, What};
use crate::{Party, Recording};

const GET: &str = "GET / HTTP/1.1\r\nHost: a.test\r\nAccept: */*\r\n\r\n";
const OK: &str = "HTTP/1.1 200 OK\r\nServer: one\r\nContent-Length: 5\r\n\r\nhello";

/// One segment of a made-up run, and how often it was sent before.
struct Segment(Side, Vec<u8>, u8);

fn ask(text: impl Into<Vec<u8>>) -> Segment {
    Segment(Side::Initiator, text.into(), 0)
}

fn answer(text: impl Into<Vec<u8>>) -> Segment {
    Segment(Side::Responder, text.into(), 0)
}

/// A run in which these segments go over one connection, each a millisecond after the one before.
fn run(protocol: &'static Protocol, segments: &[Segment]) -> Recording {
    let epoch = Time::from_secs(1_000);
    let mut recording =
        Recording::new(epoch, Party { name: "tab".into(), address: None, column: 0 });
    recording.join(Party { name: "server".into(), address: None, column: 0 });
    let stream = StreamId(0);
    let (mut sent, mut last) = ([(0, 0); 2], [(0, 0); 2]);
    for (index, Segment(side, text, attempt)) in segments.iter().enumerate() {
        let own = match side {
            Side::Initiator => 0,
            Side::Responder => 1,
        };
        let (number, offset) = if *attempt > 0 { last[own] } else { sent[own] };
        last[own] = (number, offset);
        if *attempt == 0 {
            sent[own] = (number + 1, offset + text.len() as u64);
        }
        let at = epoch + Duration::from_millis(index as u64);
        let (from, to) = (HostId(own as u32), HostId(1 - own as u32));
        let bytes = Bytes::copy_from_slice(text);
        let flight = Flight {
            id: crate::FlightId(index as u64),
            from,
            to,
            load: Load::Data { stream, side: *side, number, offset, bytes },
            depart: at,
            sent: at,
            arrive: at,
            fate: Fate::Arrives,
            attempt: *attempt,
            doubled: false,
        };
        let dialled = Dialled { stream, conn: Conn(0), to: None, protocol };
        recording.push(Entry {
            id: EntryId(index as u32),
            at,
            host: from,
            cause: None,
            landed: None,
            what: What::Step(protocols::endpoint::Step {
                at,
                stimulus: Stimulus::Start,
                outputs: Vec::new(),
            }),
            dialled: if index == 0 { vec![dialled] } else { Vec::new() },
            flights: [Rc::new(flight)].into_iter().collect(),
            state: "".into(),
        });
    }
    recording
}

fn compared(first: &[Segment], second: &[Segment]) -> Comparison {
    compared_in(&HTTP, first, second)
}

fn compared_in(protocol: &'static Protocol, first: &[Segment], second: &[Segment]) -> Comparison {
    let (one, other) = (run(protocol, first), run(protocol, second));
    let stories = [&one, &other].map(|recording| Story::of(recording.trace()));
    Comparison::of(
        Run { name: "the live run", trace: one.trace(), story: &stories[0] },
        Run { name: "the simulation", trace: other.trace(), story: &stories[1] },
    )
}

/// All differences, as kinds and sentences.
fn told(comparison: &Comparison) -> Vec<(Kind, &str)> {
    let all = comparison.rows.iter().flat_map(|row| &row.differences);
    all.map(|difference| (difference.kind, difference.says.as_str())).collect()
}

#[test]
fn identical_runs_do_not_differ() {
    let same = || vec![ask(GET), answer(OK)];
    let comparison = compared(&same(), &same());
    assert_eq!(told(&comparison), []);
    assert!(comparison.is_alike());
    assert_eq!(comparison.rows.len(), 2);
    assert_eq!(
        comparison.to_string(),
        "1 is the live run, 2 is the simulation.\n\
         = tab -> server  GET / (HTTP/1.1)\n\
         = server -> tab  200 OK (5 B)\n\
         Nothing differs.\n"
    );
}

#[test]
fn an_extra_field_is_named_with_its_value_and_its_rule() {
    let more = "HTTP/1.1 200 OK\r\nServer: one\r\nContent-Length: 5\r\nAge: 7\r\n\r\nhello";
    let comparison = compared(&[ask(GET), answer(more)], &[ask(GET), answer(OK)]);
    assert_eq!(told(&comparison), [(Kind::ExtraField, "Only the live run has Age: 7.")]);
    assert!(comparison.rows[1].differences[0].rule.is_some());
    let back = compared(&[ask(GET), answer(OK)], &[ask(GET), answer(more)]);
    assert_eq!(told(&back), [(Kind::ExtraField, "Only the simulation has Age: 7.")]);
}

#[test]
fn a_field_of_which_there_are_more_is_extra_from_the_first_that_has_no_partner() {
    let one = "HTTP/1.1 200 OK\r\nVary: a\r\nContent-Length: 0\r\n\r\n";
    let two = "HTTP/1.1 200 OK\r\nVary: a\r\nVary: b\r\nContent-Length: 0\r\n\r\n";
    let comparison = compared(&[ask(GET), answer(one)], &[ask(GET), answer(two)]);
    assert_eq!(told(&comparison), [(Kind::ExtraField, "Only the simulation has Vary: b.")]);
}

#[test]
fn fields_in_another_order_are_told_by_their_places() {
    let turned = "GET / HTTP/1.1\r\nAccept: */*\r\nHost: a.test\r\n\r\n";
    let comparison = compared(&[ask(GET)], &[ask(turned)]);
    let [(kind, says)] = told(&comparison)[..] else { panic!("{:?}", told(&comparison)) };
    assert_eq!(kind, Kind::OtherOrder);
    assert!(says.contains("in the live run and at place"), "{says}");
}

#[test]
fn another_value_is_told_with_both() {
    let other = "HTTP/1.1 200 OK\r\nServer: two\r\nContent-Length: 5\r\n\r\nhello";
    let comparison = compared(&[ask(GET), answer(OK)], &[ask(GET), answer(other)]);
    let says = "Server is one in the live run and two in the simulation.";
    assert_eq!(told(&comparison), [(Kind::OtherValue, says)]);
}

#[test]
fn another_text_after_the_same_code_is_for_people_only() {
    let fine = "HTTP/1.1 200 Fine\r\nServer: one\r\nContent-Length: 5\r\n\r\nhello";
    let comparison = compared(&[ask(GET), answer(OK)], &[ask(GET), answer(fine)]);
    let says = "The text after 200 is for people, and any will do: \u{201c}OK\u{201d} in the live \
                run, \u{201c}Fine\u{201d} in the simulation.";
    assert_eq!(told(&comparison), [(Kind::OtherText, says)]);
}

#[test]
fn another_code_is_the_same_step_with_another_outcome() {
    let gone = "HTTP/1.1 404 Not Found\r\nServer: one\r\nContent-Length: 5\r\n\r\nhello";
    let comparison = compared(&[ask(GET), answer(OK)], &[ask(GET), answer(gone)]);
    assert_eq!(comparison.rows.len(), 2, "still matched: {comparison}");
    let told = told(&comparison);
    assert_eq!(told[0].0, Kind::OtherCode);
    assert_eq!(told[0].1, "The reply is 200 in the live run and 404 in the simulation.");
    assert_eq!(told[1].0, Kind::OtherText);
}

#[test]
fn a_message_that_only_one_run_has_leaves_the_others_matched() {
    let more = "GET /more HTTP/1.1\r\nHost: a.test\r\n\r\n";
    let comparison =
        compared(&[ask(GET), answer(OK)], &[ask(GET), answer(OK), ask(more), answer(OK)]);
    assert_eq!(comparison.rows.len(), 4);
    assert_eq!(
        told(&comparison),
        [
            (Kind::OnlyHere, "Only in the simulation."),
            (Kind::OnlyHere, "Only in the simulation."),
            (Kind::SentAgain, "It is message 2 once more, byte for byte."),
        ]
    );
    assert!(comparison.rows[2].cells[0].is_none());
}

#[test]
fn the_message_that_is_missing_in_front_does_not_shift_what_follows() {
    let more = "GET /more HTTP/1.1\r\nHost: a.test\r\n\r\n";
    let first = [ask(more), answer(OK), ask(GET), answer(OK)];
    let comparison = compared(&first, &[ask(GET), answer(OK)]);
    let matched: Vec<bool> =
        comparison.rows.iter().map(|row| row.cells.iter().all(Option::is_some)).collect();
    assert_eq!(matched.iter().filter(|both| **both).count(), 2, "{comparison}");
    assert!(matched[2], "GET / is GET /, not GET /more: {comparison}");
}

#[test]
fn messages_in_another_order_are_matched_and_told_by_their_numbers() {
    let (a, b) =
        ("GET /a HTTP/1.1\r\nHost: a.test\r\n\r\n", "GET /b HTTP/1.1\r\nHost: a.test\r\n\r\n");
    let comparison = compared(&[ask(a), ask(b)], &[ask(b), ask(a)]);
    assert_eq!(comparison.rows.len(), 2, "{comparison}");
    let [(kind, says)] = told(&comparison)[..] else { panic!("{comparison}") };
    assert_eq!(kind, Kind::OtherOrder);
    assert!(says.starts_with("It is message "), "{says}");
}

#[test]
fn a_message_that_is_cut_into_other_segments_says_the_same() {
    let (head, tail) = OK.split_at(20);
    let comparison = compared(&[ask(GET), answer(head), answer(tail)], &[ask(GET), answer(OK)]);
    let says = "It came in 2 pieces in the live run and in 1 piece in the simulation. Where a \
                stream is cut means nothing.";
    assert_eq!(told(&comparison), [(Kind::OtherSegments, says)]);
}

#[test]
fn a_retransmission_is_told_of_the_run_that_has_it() {
    let again = [ask(GET), Segment(Side::Initiator, GET.into(), 1), answer(OK)];
    let comparison = compared(&[ask(GET), answer(OK)], &again);
    let says = "It was sent once more (one time) in the simulation only.";
    assert_eq!(told(&comparison), [(Kind::SentAgain, says)]);
}

#[test]
fn as_many_bytes_of_content_but_other_ones_are_no_secret() {
    let other = "HTTP/1.1 200 OK\r\nServer: one\r\nContent-Length: 5\r\n\r\nworld";
    let comparison = compared(&[ask(GET), answer(OK)], &[ask(GET), answer(other)]);
    assert_eq!(told(&comparison)[0].0, Kind::OtherContent, "{comparison}");
}

#[test]
fn what_is_only_written_differently_is_told_too() {
    let spaced = "GET / HTTP/1.1\r\nhost:   a.test\r\nAccept: */*\r\n\r\n";
    let comparison = compared(&[ask(GET)], &[ask(spaced)]);
    let [(kind, says)] = told(&comparison)[..] else { panic!("{comparison}") };
    assert_eq!(kind, Kind::OtherSpelling);
    assert!(says.contains("from byte 17 on"), "{says}");
}

#[test]
fn what_each_side_makes_up_is_neither_another_text_nor_another_value() {
    use super::chosen::differ_by_choice;
    for (name, one, other) in [
        ("ID", "4711", "9"),
        ("message-id", "<1@a>", "<2@a>"),
        ("text", "ready <1.2@mail.cs.test>", "ready <3.4@mail.cs.test>"),
        ("text", "2.0.0 Ok: queued as 4F3A", "2.0.0 Ok: queued as 9C01"),
        ("text", "OK id=1rAbcd-0001", "OK id=1rEfgh-0002"),
        ("Content-Type", "multipart/mixed; boundary=\"a1\"", "multipart/mixed; boundary=\"b2\""),
    ] {
        assert!(differ_by_choice(name, one, other), "{name}: {one} and {other}");
    }
    for (name, one, other) in [
        ("text", "ready <1.2@mail.cs.test>", "hello <3.4@mail.cs.test>"),
        ("text", "queued as 4F3A", "queued as 4F3A again"),
        ("text", "known as one", "known as two"),
        ("Server", "one", "two"),
    ] {
        assert!(!differ_by_choice(name, one, other), "{name}: {one} and {other}");
    }
}

/// Several fields of one name: equal ones are the same, and have an order; the others have none.
#[test]
fn nodes_of_an_answer_are_compared_one_by_one_and_its_transaction_is_a_chosen_mark() {
    use super::fields::contrasts;
    let answer = |transaction: &str, nodes: &[char]| {
        let nodes: String = nodes.iter().map(|node| node.to_string().repeat(26)).collect();
        let head = "d1:rd2:id20:abcdefghij01234567895:nodes";
        let text = format!("{head}{}:{nodes}e1:t2:{transaction}1:y1:re", nodes.len());
        Bytes::from(text)
    };
    let compared = |first: &Bytes, second: &Bytes| {
        let [one, other] = [first, second].map(|bytes| {
            let chunk = protocols::wire::Chunk { side: Side::Responder, bytes: bytes.clone() };
            protocols::kademlia::KADEMLIA.dissect(&[chunk]).remove(0)
        });
        let [one, other] = [(&one, first), (&other, second)];
        let [one, other] = [one, other].map(|(message, bytes)| Written { message, bytes });
        let found = contrasts(one, other);
        found.into_iter().map(|each| (each.kind, each.name, each.places)).collect::<Vec<_>>()
    };
    let same = answer("aa", &['m', 'n', 'o']);
    let marked = compared(&same, &answer("bb", &['m', 'n', 'o']));
    let [(Kind::Chosen, name, _)] = &marked[..] else { panic!("{marked:?}") };
    assert_eq!(name, "transaction ID (t)");
    let turned = compared(&same, &answer("aa", &['o', 'm', 'n']));
    let [(Kind::OtherOrder, name, [3, 1])] = &turned[..] else { panic!("{turned:?}") };
    assert!(name.starts_with("node 6f6f6f6f"), "{name}");
    let replaced = compared(&same, &answer("aa", &['p', 'm', 'n']));
    let [(Kind::OtherValue, name, [3, 1])] = &replaced[..] else { panic!("{replaced:?}") };
    assert_eq!(name, "node", "no word of its place");
    let more = compared(&same, &answer("aa", &['m', 'n', 'o', 'p']));
    let [(Kind::OtherValue, name, _)] = &more[..] else { panic!("{more:?}") };
    assert_eq!(name, "nodes (nodes)", "another count is told as a whole");
}

/// A question and two answers of a protocol in which both ends may ask.
struct Talk {
    protocol: &'static Protocol,
    question: Vec<u8>,
    answers: [Vec<u8>; 2],
}

fn talks() -> [Talk; 3] {
    let ping = "d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe";
    let pong = "d1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re";
    let error = "d1:eli202e12:Server errore1:t2:aa1:y1:ee";
    let chord = |body| {
        let (transaction, sender) = (7, Key::from_value(8));
        chord::codec::write(&chord::Message { transaction, sender, body }).to_vec()
    };
    let address = "10.0.0.42:4000".parse().unwrap();
    let contact = chord::Contact { id: Key::from_value(42), address };
    let dns = |flags: [u8; 2]| {
        [&[0x12, 0x34], &flags[..], b"\0\x01\0\0\0\0\0\0\x04test\0\0\x01\0\x01"].concat()
    };
    [
        Talk {
            protocol: &kademlia::KADEMLIA,
            question: ping.into(),
            answers: [pong.into(), error.into()],
        },
        Talk {
            protocol: &chord::CHORD,
            question: chord(chord::Body::GetPredecessor),
            answers: [
                chord(chord::Body::Closer { contact }),
                chord(chord::Body::Successor { hops: 0, contacts: vec![contact] }),
            ],
        },
        Talk {
            protocol: &dns::DNS,
            question: dns([1, 0]),
            answers: [dns([0x81, 0x83]), dns([0x81, 0x82])],
        },
    ]
}

#[test]
fn a_question_is_never_the_answer_of_the_other_run_whoever_asks_it() {
    for Talk { protocol, question, answers: [one, other] } in talks() {
        let asked = || ask(question.clone());
        let run = [asked(), answer(question.clone())];
        let comparison = compared_in(protocol, &run, &[asked(), answer(one.clone())]);
        assert_eq!(comparison.rows.len(), 3, "{}: {comparison}", protocol.name);
        let comparison = compared_in(protocol, &[asked(), answer(one)], &[asked(), answer(other)]);
        assert_eq!(comparison.rows.len(), 2, "{}: {comparison}", protocol.name);
        assert!(!comparison.rows[1].differences.is_empty(), "{}", protocol.name);
    }
}

#[test]
fn an_id_that_is_chosen_is_told_by_its_name_and_not_by_the_header_that_it_is_in() {
    let [_, _, Talk { question, .. }] = talks();
    let other = [&[0x43, 0x21], &question[2..]].concat();
    let comparison = compared_in(&dns::DNS, &[ask(question)], &[ask(other)]);
    let [(kind, says)] = told(&comparison)[..] else { panic!("{comparison}") };
    assert_eq!(kind, Kind::Chosen);
    assert!(says.starts_with("ID is 4660 (0x1234) in the live run and 17185"), "{says}");
}
