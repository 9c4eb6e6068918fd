//! The example packets of BEP 5, byte for byte, and what the notes say of them.

use bytes::Bytes;

use super::*;
use crate::kademlia::{Announce, Ask, Body, Message, Query, Refusal, Response, code, read_peer};
use crate::overlay::Key;
use crate::wire::Notes;

const QUERYING: Key = Key::new(*b"abcdefghij0123456789");
const OTHER: Key = Key::new(*b"mnopqrstuvwxyz123456");

fn query(ask: Ask) -> Message {
    Message::query(&b"aa"[..], QUERYING, ask)
}

fn response(response: Response) -> Message {
    Message::of(&b"aa"[..], Body::Response(response))
}

/// Messages and the bytes that BEP 5 gives for them.
fn examples() -> Vec<(Message, &'static [u8])> {
    let token = Some(Bytes::from_static(b"aoeusnth"));
    let refusal = Refusal { code: 201, text: "A Generic Error Ocurred".into() };
    let peers = [b"axje.u", b"idhtnm"].map(|peer| read_peer(peer).unwrap()).to_vec();
    let announce = Announce {
        info_hash: OTHER,
        port: 6881,
        implied_port: true,
        token: token.clone().unwrap(),
    };
    vec![
        (
            Message::of(&b"aa"[..], Body::Error(refusal)),
            b"d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee",
        ),
        (query(Ask::Ping), b"d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe"),
        (response(Response::of(OTHER)), b"d1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re"),
        (
            query(Ask::FindNode { target: OTHER }),
            b"d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz123456e1:q9:find_node1:t2:\
              aa1:y1:qe",
        ),
        (
            query(Ask::GetPeers { info_hash: OTHER }),
            b"d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz123456e1:q9:get_peers1:\
              t2:aa1:y1:qe",
        ),
        (
            response(Response { values: Some(peers), token, ..Response::of(QUERYING) }),
            b"d1:rd2:id20:abcdefghij01234567895:token8:aoeusnth6:valuesl6:axje.u6:idhtnmee1:t2:aa\
              1:y1:re",
        ),
        (
            query(Ask::AnnouncePeer(announce)),
            b"d1:ad2:id20:abcdefghij012345678912:implied_porti1e9:info_hash20:mnopqrstuvwxyz12345\
              64:porti6881e5:token8:aoeusnthe1:q13:announce_peer1:t2:aa1:y1:qe",
        ),
    ]
}

#[test]
fn the_example_packets_of_bep_5_are_read_and_written_byte_for_byte() {
    for (message, bytes) in examples() {
        let text = String::from_utf8_lossy(bytes);
        let read = read(&Bytes::from_static(bytes), &mut Notes::off());
        assert_eq!(read.as_ref(), Ok(&message), "{text}");
        assert_eq!(String::from_utf8_lossy(&write(&message)), text);
    }
}

#[test]
fn the_shortened_examples_of_bep_5_are_read_as_answers_without_nodes() {
    // Where real answers have contacts of 26 bytes, these two have the nine bytes `def456...`.
    let found: &[u8] = b"d1:rd2:id20:0123456789abcdefghij5:nodes9:def456...e1:t2:aa1:y1:re";
    let with_token: &[u8] = b"d1:rd2:id20:abcdefghij01234567895:nodes9:def456...5:token8:aoeusnth\
                              e1:t2:aa1:y1:re";
    for (bytes, token) in [(found, None), (with_token, Some(&b"aoeusnth"[..]))] {
        let mut notes = Notes::on();
        let read = read(&Bytes::from_static(bytes), &mut notes).unwrap();
        let Body::Response(response) = read.body else { panic!("{read:?}") };
        assert_eq!(response.nodes, Some(Vec::new()));
        assert_eq!(response.token.as_deref(), token);
        let odd = notes.list().iter().find(|note| note.name == "not a node").unwrap();
        assert_eq!(odd.span.of(bytes), b"def456...");
    }
}

fn refused(bytes: &'static [u8]) -> (&'static str, u16, Option<Bytes>) {
    let unread = read(&Bytes::from_static(bytes), &mut Notes::off()).unwrap_err();
    (unread.violation.rule.id, unread.violation.code, unread.answer_to)
}

#[test]
fn a_wrong_query_is_refused_with_the_code_that_bep_5_gives_it_and_its_transaction_id() {
    let cases: [(&[u8], &str, u16); 11] = [
        (b"d1:ad2:id19:abcdefghij012345678e1:q4:ping1:t2:aa1:y1:qe", "krpc.node-id", 203),
        (b"d1:ad2:id21:abcdefghij01234567890e1:q4:ping1:t2:aa1:y1:qe", "krpc.node-id", 203),
        (b"d1:ade1:q4:ping1:t2:aa1:y1:qe", "krpc.node-id", 203),
        (b"d1:q4:ping1:t2:aa1:y1:qe", "krpc.query", 203),
        (b"d1:ale1:q4:ping1:t2:aa1:y1:qe", "krpc.query", 203),
        (b"d1:ad2:id20:abcdefghij0123456789e1:q4:pong1:t2:aa1:y1:qe", "krpc.method-unknown", 204),
        (b"d1:ad2:idi7ee1:q4:ping1:t2:aa1:y1:qe", "krpc.node-id", 203),
        (b"d1:q4:ping1:ad2:id20:abcdefghij0123456789e1:t2:aa1:y1:qe", "bencode.key-order", 203),
        (b"d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t02:aa1:y1:qe", "bencode.one-way", 203),
        (b"d1:ad2:id20:abcdefghij0123456789e1:q9:find_node1:t2:aa1:y1:qe", "krpc.find-node", 203),
        (
            b"d1:ad2:id20:abcdefghij01234567899:info_hash19:mnopqrstuvwxyz12345e1:q9:get_peers\
              1:t2:aa1:y1:qe",
            "krpc.infohash",
            203,
        ),
    ];
    for (bytes, rule, code) in cases {
        let expected = (rule, code, Some(Bytes::from_static(b"aa")));
        assert_eq!(refused(bytes), expected, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn a_port_that_is_none_is_refused_unless_the_port_is_implied() {
    let announce = |port: &str| {
        let text = format!(
            "d1:ad2:id20:abcdefghij0123456789{}9:info_hash20:mnopqrstuvwxyz123456{port}5:token2:xx\
             e1:q13:announce_peer1:t2:aa1:y1:qe",
            if port.is_empty() { "12:implied_porti1e" } else { "" }
        );
        read(&Bytes::from(text), &mut Notes::off()).map_err(|unread| unread.violation.code)
    };
    for port in ["4:porti0e", "4:porti65536e", "4:porti-1e", "4:port4:6881"] {
        assert_eq!(announce(port), Err(code::PROTOCOL), "{port}");
    }
    assert!(announce("4:porti65535e").is_ok());
    let implied = announce("").unwrap();
    assert!(matches!(
        implied.body,
        Body::Query(Query { ask: Ask::AnnouncePeer(Announce { implied_port: true, .. }), .. })
    ));
}

#[test]
fn nobody_is_told_of_what_is_no_query_or_has_no_transaction_id() {
    let cases: [(&[u8], &str); 8] = [
        (b"", "bencode.value"),
        (b"hello", "bencode.value"),
        (b"i1e", "krpc.message"),
        (b"d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:q", "bencode.dictionary"),
        (b"d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:y1:qe", "krpc.transaction"),
        (b"d1:rd2:id3:abce1:t2:aa1:y1:re", "krpc.node-id"),
        (b"d1:t2:aa1:y1:xe", "krpc.type"),
        (b"d1:ele1:t2:aa1:y1:ee", "krpc.error"),
    ];
    for (bytes, rule) in cases {
        assert_eq!(refused(bytes), (rule, 0, None), "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn keys_that_are_not_known_and_those_of_extensions_are_passed_over_or_read() {
    let bytes =
        b"d1:ad2:id20:abcdefghij01234567894:wantl2:n42:n6e5:extrad1:xleee2:ip6:\x7f\0\0\x01\
                  \x1a\xe11:q4:ping2:roi1e1:t2:aa1:v4:LT\x01\x021:y1:qe";
    let refused = read(&Bytes::from_static(bytes), &mut Notes::off()).unwrap_err();
    assert_eq!(refused.violation.rule.id, "bencode.key-order", "`want` stands before `extra`");
    let bytes = b"d1:ad2:id20:abcdefghij01234567894:wantl2:n42:n6ee2:ip6:\x7f\0\0\x01\x1a\xe11:q4:\
                  ping2:roi1e1:t2:aa1:v4:LT\x01\x021:y1:qe";
    let message = read(&Bytes::from_static(bytes), &mut Notes::off()).unwrap();
    assert!(message.read_only);
    assert_eq!(message.version.as_deref(), Some(&b"LT\x01\x02"[..]));
    assert_eq!(message.your_address, Some("127.0.0.1:6881".parse().unwrap()));
}

#[test]
fn every_node_and_peer_of_an_answer_is_noted_with_its_parts() {
    let contact =
        crate::kademlia::Contact { id: OTHER, address: "192.0.2.7:6881".parse().unwrap() };
    let peer = "198.51.100.1:80".parse().unwrap();
    let response =
        Response { nodes: Some(vec![contact]), values: Some(vec![peer]), ..Response::of(QUERYING) };
    let bytes = Bytes::from(write(&Message::of(&b"aa"[..], Body::Response(response))));
    let mut notes = Notes::on();
    read(&bytes, &mut notes).unwrap();
    let said = |name: &str| {
        notes.list().iter().filter(|n| n.name == name).map(|n| n.value.clone()).collect::<Vec<_>>()
    };
    assert_eq!(said("nodes (nodes)"), ["1 node"]);
    assert_eq!(said("node"), ["6d6e6f70… at 192.0.2.7:6881"]);
    assert_eq!(said("node ID"), [OTHER.to_string()]);
    assert_eq!(said("peer"), ["198.51.100.1:80"]);
    assert_eq!(said("IP address"), ["192.0.2.7", "198.51.100.1"]);
    assert_eq!(said("port"), ["6881", "80"]);
    assert_eq!(said("type of message (y)"), ["r, response"]);
}
