//! KRPC messages: what is written reads back as it was, every byte is noted, and no datagram, right
//! or damaged, does more than be refused.

use core::net::{Ipv4Addr, SocketAddrV4};

use bytes::Bytes;
use proptest::prelude::*;
use protocols::kademlia::codec::{read, write};
use protocols::kademlia::{
    Announce, Ask, Body, Contact, Message, Query, Refusal, Response, dissect,
};
use protocols::overlay::Key;
use protocols::wire::{Chunk, Notes, Side};

use crate::tile;

fn key() -> impl Strategy<Value = Key> {
    any::<[u8; 20]>().prop_map(Key::new)
}

fn peer() -> impl Strategy<Value = SocketAddrV4> {
    (any::<u32>(), 1u16..).prop_map(|(ip, port)| SocketAddrV4::new(Ipv4Addr::from(ip), port))
}

fn short_bytes() -> impl Strategy<Value = Bytes> {
    prop::collection::vec(any::<u8>(), 0..12).prop_map(Bytes::from)
}

fn ask() -> impl Strategy<Value = Ask> {
    let announce = (key(), 1u16.., any::<bool>(), short_bytes());
    prop_oneof![
        Just(Ask::Ping),
        key().prop_map(|target| Ask::FindNode { target }),
        key().prop_map(|info_hash| Ask::GetPeers { info_hash }),
        announce.prop_map(|(info_hash, port, implied_port, token)| {
            Ask::AnnouncePeer(Announce { info_hash, port, implied_port, token })
        }),
    ]
}

fn response() -> impl Strategy<Value = Response> {
    let contact = (key(), peer()).prop_map(|(id, address)| Contact { id, address });
    let nodes = prop::option::of(prop::collection::vec(contact, 0..10));
    let values = prop::option::of(prop::collection::vec(peer(), 0..10));
    (key(), nodes, values, prop::option::of(short_bytes()))
        .prop_map(|(id, nodes, values, token)| Response { id, nodes, values, token })
}

fn message() -> impl Strategy<Value = Message> {
    let refusal = (any::<i64>(), ".{0,20}").prop_map(|(code, text)| Refusal { code, text });
    let body = prop_oneof![
        (key(), ask()).prop_map(|(id, ask)| Body::Query(Query { id, ask })),
        response().prop_map(Body::Response),
        refusal.prop_map(Body::Error),
    ];
    let rest = (prop::option::of(short_bytes()), any::<bool>(), prop::option::of(peer()));
    (short_bytes(), body, rest).prop_map(|(transaction, body, rest)| {
        let (version, read_only, your_address) = rest;
        Message { transaction, body, version, read_only, your_address }
    })
}

fn damage() -> impl Strategy<Value = Vec<(u16, u8)>> {
    prop::collection::vec((any::<u16>(), any::<u8>()), 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn a_message_reads_back_as_it_was_and_its_notes_tile_it(message in message()) {
        let bytes = Bytes::from(write(&message));
        let mut notes = Notes::on();
        let again = read(&bytes, &mut notes);
        prop_assert_eq!(again.as_ref(), Ok(&message));
        prop_assert!(tile(notes.list(), bytes.len()), "{:#?}", notes.list());
    }

    #[test]
    fn every_byte_of_a_damaged_datagram_is_explained_and_notes_change_nothing(
        message in message(),
        damage in damage(),
        end in any::<u16>(),
    ) {
        let mut bytes = write(&message);
        for (at, byte) in damage {
            let at = usize::from(at) % bytes.len();
            bytes[at] = byte;
        }
        bytes.truncate(usize::from(end) % (2 * bytes.len()));
        let bytes = Bytes::from(bytes);
        prop_assert_eq!(read(&bytes, &mut Notes::off()), read(&bytes, &mut Notes::on()));
        let before = Chunk { side: Side::Initiator, bytes: Bytes::from_static(b"before") };
        let shown = dissect(&[before, Chunk { side: Side::Initiator, bytes: bytes.clone() }]);
        prop_assert_eq!(shown.len(), 2);
        prop_assert_eq!((shown[1].span.start, shown[1].span.len()), (6, bytes.len()));
        prop_assert!(tile(&shown[1].notes, bytes.len()), "{:#?}", shown[1].notes);
        if let Some(fault) = &shown[1].fault {
            prop_assert!(fault.span.start >= 6 && fault.span.end <= 6 + bytes.len());
        }
    }

    #[test]
    fn only_a_query_with_its_transaction_id_is_answered_with_an_error(
        message in message(),
        damage in damage(),
    ) {
        let mut bytes = write(&message);
        for (at, byte) in damage {
            let at = usize::from(at) % bytes.len();
            bytes[at] = byte;
        }
        if let Err(unread) = read(&Bytes::from(bytes), &mut Notes::off()) {
            let code = unread.violation.code;
            prop_assert_eq!(unread.answer_to.is_some(), matches!(code, 203 | 204));
            prop_assert!(unread.answer_to.is_some() || code == 0);
        }
    }
}

#[test]
fn titles_say_what_was_asked_and_what_an_answer_answers() {
    let (asker, other) = (Key::new([0x2c; 20]), Key::new([0x7f; 20]));
    let contact = Contact { id: other, address: "192.0.2.1:6881".parse().unwrap() };
    let query = |t: &'static [u8], ask| (Side::Initiator, Message::query(t, asker, ask));
    let answer =
        |t: &'static [u8], response| (Side::Responder, Message::of(t, Body::Response(response)));
    let announce = Announce {
        info_hash: other,
        port: 6881,
        implied_port: false,
        token: Bytes::from_static(b"tt"),
    };
    let refusal = Refusal { code: 203, text: "bad token".into() };
    let conversation = [
        query(b"aa", Ask::Ping),
        query(b"ab", Ask::FindNode { target: asker }),
        answer(b"ab", Response { nodes: Some(vec![contact; 8]), ..Response::of(other) }),
        answer(b"aa", Response::of(other)),
        query(b"ac", Ask::AnnouncePeer(announce)),
        answer(b"ac", Response::of(other)),
        (Side::Responder, Message::of(&b"ac"[..], Body::Error(refusal))),
    ];
    let chunks: Vec<Chunk> = conversation
        .iter()
        .map(|(side, message)| Chunk { side: *side, bytes: write(message).into() })
        .collect();
    let shown = dissect(&chunks);
    let titles: Vec<&str> = shown.iter().map(|message| message.title.as_str()).collect();
    let expected = [
        "ping",
        "find_node(2c2c2c2c…)",
        "8 nodes",
        "pong",
        "announce_peer(7f7f7f7f…, port 6881)",
        "announced",
        "error 203 Protocol Error: bad token",
    ];
    assert_eq!(titles, expected);
    assert_eq!(shown[2].detail, "from 7f7f7f7f…, transaction \"ab\"");
}
