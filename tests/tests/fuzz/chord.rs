//! Chord: its messages, and a node that is sent them.

use bolero::check;
use bytes::Bytes;
use protocols::chord::node::{Config, Node};
use protocols::chord::{Body, Contact, Fault, Item, Message, codec};
use protocols::endpoint::{Host, Output, Running, Stimulus};
use protocols::overlay::Key;
use protocols::wire::{Notes, Time};

use crate::damage::Damage;
use crate::targets::fuzz;

#[test]
fn a_damaged_message_is_refused_or_is_the_only_way_to_write_what_it_says() {
    let samples = samples();
    check!().with_type::<Damage>().for_each(|damage| {
        fuzz::chord::message(&damage.of(&samples, &WORDS));
    });
}

#[test]
fn each_kind_of_message_undamaged_is_read_as_it_was_written() {
    for sample in samples() {
        fuzz::chord::message(&sample);
        assert!(codec::read(&sample, &mut Notes::off()).is_ok(), "{sample:?}");
    }
}

/// The node is in the middle of a lookup, so that an answer could be meant.
#[test]
fn a_node_answers_a_damaged_request_under_its_number_and_an_answer_not_at_all() {
    let ring = [1, 8, 14, 21, 32].map(contact);
    let config = Config { bits: 6, ..Config::default() };
    let node = Node::settled(&config.into(), &ring, 1).expect("there are five");
    let mut host = Running::new(node, 1);
    host.step(Time::EPOCH, Stimulus::Start).expect("a start is no command");
    let lookup = Stimulus::Command("lookup #30".to_string());
    let asked = sent(&host.step(Time::EPOCH, lookup).expect("it knows lookups").outputs);
    let asked = codec::read(&asked[0], &mut Notes::off()).expect("a node sends whole messages");
    let samples: Vec<Bytes> = samples().into_iter().chain(answers_to(asked.transaction)).collect();
    check!().with_type::<Damage>().for_each(|damage| {
        let bytes = Bytes::from(damage.of(&samples, &WORDS));
        let from = contact(21).address.into();
        let datagram = Stimulus::Datagram { port: PORT, from, bytes: bytes.clone() };
        let step = host.duplicate().step(Time::EPOCH, datagram).expect("no command");
        let header = codec::read_header(&bytes);
        for reply in sent(&step.outputs) {
            let reply = codec::read(&reply, &mut Notes::off()).expect("a reply can be read");
            let header = header.expect("what has no header is not answered");
            match reply.body.is_answer() {
                true => assert_eq!(header.kind & codec::ANSWER, 0, "{reply:?} to {bytes:?}"),
                // It asks on, passes on, or gives keys away.
                false => continue,
            }
            let is_own = reply.transaction == header.transaction;
            let is_passed = matches!(reply.body, Body::Successor { .. } | Body::Failed(_));
            assert!(is_own || is_passed, "{reply:?} to {bytes:?}");
        }
    });
}

fn sent(outputs: &[Output]) -> Vec<Bytes> {
    let sent = outputs.iter().filter_map(|output| match output {
        Output::SendTo { bytes, .. } => Some(bytes.clone()),
        _ => None,
    });
    sent.collect()
}

fn contact(id: u8) -> Contact {
    let address = core::net::SocketAddrV4::new([10, 0, 0, id].into(), PORT);
    Contact { id: Key::from_value(id.into()), address }
}

fn written(transaction: u32, body: Body) -> Bytes {
    codec::write(&Message { transaction, sender: Key::from_value(21), body })
}

/// What could be meant as the answer to the question under this number.
fn answers_to(transaction: u32) -> [Bytes; 2] {
    let contacts = vec![contact(32), contact(1)];
    [Body::Closer { contact: contact(21) }, Body::Successor { hops: 0, contacts }]
        .map(|body| written(transaction, body))
}

/// A message of each kind.
fn samples() -> Vec<Bytes> {
    let key = Key::from_value(30);
    let value = Bytes::from_static(b"a value");
    let (predecessor, successors) = (Some(contact(14)), vec![contact(32), contact(1)]);
    let asker = contact(14).address;
    let bodies = [
        Body::Ping,
        Body::FindSuccessor { key, avoid: vec![Key::from_value(32)] },
        Body::Forward { key, asker, token: 9, hops: 1 },
        Body::GetPredecessor,
        Body::Notify,
        Body::Put { key, value: value.clone() },
        Body::Get { key },
        Body::Transfer { items: vec![Item { key, version: 1, value: value.clone() }] },
        Body::Leave { predecessor, successors: successors.clone() },
        Body::Pong,
        Body::Successor { hops: 2, contacts: successors.clone() },
        Body::Closer { contact: contact(32) },
        Body::Neighbours { predecessor, successors },
        Body::Taken,
        Body::Stored { version: 1 },
        Body::Value { version: 1, value },
        Body::Missing,
        Body::Received,
        Body::Goodbye,
        Body::Failed(Fault::NobodyNearer),
    ];
    bodies.map(|body| written(7, body)).to_vec()
}

const PORT: u16 = 4000;

/// Counts and lengths that promise too much, an address, a few zeros.
const WORDS: [&str; 6] = ["\x01", "\x21", "\x02\x01", "\x7f\x7f", "\x0a\0\0\x20\x0f\x60", "\0\0\0"];
