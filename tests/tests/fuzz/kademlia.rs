//! Kademlia: bencode, its messages, and a node that is sent them.

use bolero::check;
use bytes::Bytes;
use protocols::endpoint::{Host, Output, Running, Stimulus};
use protocols::kademlia::bencode::{Limits, read_strict, write};
use protocols::kademlia::node::{Config, Node};
use protocols::kademlia::{Body, codec};
use protocols::overlay::Key;
use protocols::wire::{Notes, Time};

use crate::damage::Damage;

#[test]
fn damaged_bencode_is_refused_or_is_the_only_way_to_write_what_it_says() {
    check!().with_type::<Damage>().for_each(|damage| {
        let bytes = damage.of(&MESSAGES, &WORDS);
        if let Ok(item) = read_strict(&bytes, &Limits { depth: 32, items: 1000 }) {
            assert_eq!(write(&item), bytes);
        }
    });
}

#[test]
fn a_damaged_message_is_read_or_refused_and_writes_back_as_it_was_read() {
    check!().with_type::<Damage>().for_each(|damage| {
        let bytes = Bytes::from(damage.of(&MESSAGES, &WORDS));
        if let Ok(message) = codec::read(&bytes, &mut Notes::off()) {
            let written = Bytes::from(codec::write(&message));
            let again = codec::read(&written, &mut Notes::off());
            assert_eq!(again.as_ref(), Ok(&message), "{bytes:?}");
        }
    });
}

#[test]
fn a_node_answers_a_damaged_query_with_its_transaction_id_or_not_at_all() {
    let node = Node::new(Config::default().into(), Key::hash(b"node"));
    let mut host = Running::new(node, 1);
    host.step(Time::EPOCH, Stimulus::Start).expect("a start is no command");
    check!().with_type::<Damage>().for_each(|damage| {
        let bytes = Bytes::from(damage.of(&MESSAGES, &WORDS));
        let from = ([192, 0, 2, 1], 4_000).into();
        let datagram = Stimulus::Datagram { port: 6881, from, bytes: bytes.clone() };
        let step = host.duplicate().step(Time::EPOCH, datagram).expect("no command");
        let sent: Vec<_> = step.outputs.iter().filter_map(sent).collect();
        assert!(sent.len() <= 2, "an answer, and a ping to see whether the sender lives");
        for reply in sent {
            let reply = codec::read(&reply, &mut Notes::off()).expect("an answer can be read");
            match reply.body {
                Body::Query(_) => {}
                Body::Response(_) | Body::Error(_) => {
                    let t = &reply.transaction[..];
                    let is_in = bytes.windows(t.len().max(1)).any(|window| window == t);
                    assert!(is_in || t.is_empty(), "{reply:?} to {bytes:?}");
                }
            }
        }
    });
}

fn sent(output: &Output) -> Option<Bytes> {
    match output {
        Output::SendTo { bytes, .. } => Some(bytes.clone()),
        _ => None,
    }
}

const MESSAGES: [&str; 6] = [
    "d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe",
    "d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz123456e1:q9:find_node1:t2:aa1:y1:qe",
    "d1:ad2:id20:abcdefghij012345678912:implied_porti1e9:info_hash20:mnopqrstuvwxyz1234564:porti68\
     81e5:token8:aoeusnthe1:q13:announce_peer1:t2:aa1:y1:qe",
    "d1:rd2:id20:abcdefghij01234567895:nodes26:mnopqrstuvwxyz123456axje.u5:token8:aoeusnth6:values\
     l6:axje.u6:idhtnmee1:t2:aa1:y1:re",
    "d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee",
    "d2:ip6:axje.u1:rd2:id20:mnopqrstuvwxyz123456e2:roi1e1:t2:aa1:v4:LT011:y1:re",
];

const WORDS: [&str; 10] = ["d", "l", "e", "i0e", "i-0e", "0:", "1:a", "1:y1:q", "999:", "2:id"];
