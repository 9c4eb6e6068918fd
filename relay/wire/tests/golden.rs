//! The bytes of the frames as PROTOCOL.md gives them: a client in another language can use the
//! same table. Changing a line here is changing the protocol.

use bytes::Bytes;
use relay_wire::{
    Accepted, Body, Code, Datagram, Detail, Frame, GoAway, Hello, Listen, Malformed, Membership,
    Open, Opened, Reset, Resolve, Resolved, Target, TcpInfo, UdpOpen, UdpOpened,
};

#[test]
fn every_type_of_frame_has_exactly_these_bytes() {
    for (hex, stream, body) in vectors() {
        let frame = Frame { stream, body };
        assert_eq!(to_hex(&frame.encode()), hex.replace(' ', ""), "writing {frame:?}");
        assert_eq!(Frame::decode(from_hex(hex)), Ok(frame), "reading {hex}");
    }
}

#[test]
fn every_cut_of_a_frame_is_refused_or_another_whole_frame_but_never_a_panic() {
    for (hex, _, _) in vectors() {
        let whole = from_hex(hex);
        for len in 0..whole.len() {
            if let Ok(frame) = Frame::decode(whole.slice(..len)) {
                assert_eq!(frame.encode(), whole.slice(..len));
            }
        }
    }
}

#[test]
fn a_fixed_frame_with_bytes_left_over_is_refused() {
    let cases = ["0c00 00000001 0000000000000001 00", "0e00 00000001 00", "1000 00000000 000000"];
    let want = [Malformed::Long, Malformed::Long, Malformed::Short];
    for (hex, want) in cases.into_iter().zip(want) {
        assert_eq!(Frame::decode(from_hex(hex)), Err(want), "{hex}");
    }
}

#[test]
fn an_unknown_type_is_ignored_only_if_its_high_bit_is_set() {
    assert_eq!(Frame::decode(from_hex("1600 00000000")), Err(Malformed::Kind(0x16)));
    let kind = 0x96;
    let body = Body::Unknown { kind, payload: Bytes::from_static(&[7]) };
    assert_eq!(Frame::decode(from_hex("9600 00000000 07")), Ok(Frame { stream: 0, body }));
}

fn vectors() -> Vec<(&'static str, u32, Body)> {
    let mut all = session_vectors();
    all.extend(opening_vectors());
    all.extend(stream_vectors());
    all
}

fn session_vectors() -> Vec<(&'static str, u32, Body)> {
    vec![
        (
            "0100 00000000 0001 00000000 0000 0000 0000 00004000 00040000 00400000 00000000 \
             00000000 0002 6162 0000",
            0,
            Body::Hello(Hello { token: "ab".into(), ..Hello::default() }),
        ),
        ("1000 00000000 0102030405060708", 0, Body::Ping([1, 2, 3, 4, 5, 6, 7, 8])),
        ("1100 00000000 0102030405060708", 0, Body::Pong([1, 2, 3, 4, 5, 6, 7, 8])),
        (
            "1200 00000000 0012 00007530 000003e8 0003 627965",
            0,
            Body::GoAway(GoAway {
                code: Code::ShuttingDown,
                deadline_ms: 30_000,
                retry_after_ms: 1000,
                text: "bye".into(),
            }),
        ),
        (
            "1300 00000007 03 01 61 0000",
            7,
            Body::Resolve(Resolve { host: Target::new("a", 0).host }),
        ),
        (
            "1400 00000007 01 7f000001 04 00000000000000000000000000000001",
            7,
            Body::Resolved(Resolved {
                addresses: vec!["127.0.0.1".parse().unwrap(), "::1".parse().unwrap()],
            }),
        ),
        (
            "1500 00000001 01 00000001 00000002 00000003 00000004 00000005 00000006",
            1,
            Body::TcpInfo(TcpInfo {
                known: true,
                rtt_us: 1,
                rtt_var_us: 2,
                cwnd: 3,
                ssthresh: 4,
                mss: 5,
                retransmits: 6,
            }),
        ),
    ]
}

fn opening_vectors() -> Vec<(&'static str, u32, Body)> {
    let local = "127.0.0.1:8081".parse().unwrap();
    let peer = "127.0.0.1:9000".parse().unwrap();
    vec![
        (
            "0200 00000001 01 03 09 6c6f63616c686f7374 1f91 00040000 00000000 01 00",
            1,
            Body::Open(Open {
                target: Target::new("localhost", 8081),
                credit: 262_144,
                timeout_ms: 0,
                nodelay: true,
                local: None,
            }),
        ),
        (
            "0300 00000001 01 7f000001 2328 01 7f000001 1f91 00040000 00000041",
            1,
            Body::Opened(Opened { local: peer, remote: local, credit: 262_144, connect_us: 65 }),
        ),
        (
            "0400 00000003 01 7f000001 1f91 0010",
            3,
            Body::Listen(Listen { address: local, backlog: 16 }),
        ),
        ("0500 00000003 01 7f000001 1f91", 3, Body::Listening(local)),
        (
            "0600 00000002 00000003 01 7f000001 2328 01 7f000001 1f91 00040000",
            2,
            Body::Accepted(Accepted { listener: 3, peer, local, credit: 262_144 }),
        ),
        (
            "0700 00000005 00 04 00000000000000000000000000000001 0035",
            5,
            Body::UdpOpen(UdpOpen { bind: None, connect: Some(Target::new("[::1]", 53)) }),
        ),
        (
            "0800 00000005 01 7f000001 1f91 00",
            5,
            Body::UdpOpened(UdpOpened { local, remote: None }),
        ),
        (
            "0900 00000005 01 7f000001 2328 0002 6869",
            5,
            Body::Datagram(Datagram { peer, dropped: 2, bytes: Bytes::from_static(b"hi") }),
        ),
        (
            "0a00 00000005 01 01 01 efc00001 00 00",
            5,
            Body::Membership(Membership {
                join: true,
                looped: false,
                ttl: 1,
                group: "239.192.0.1".parse().unwrap(),
                source: None,
                interface: None,
            }),
        ),
    ]
}

fn stream_vectors() -> Vec<(&'static str, u32, Body)> {
    vec![
        ("0b00 00000001 474554", 1, Body::Data(Bytes::from_static(b"GET"))),
        ("0c00 00000001 0000000000060000", 1, Body::Credit(393_216)),
        ("0d00 00000001 0000000000000003", 1, Body::Fin(3)),
        ("0e00 00000001", 1, Body::Stop),
        (
            "0f00 00000001 0002 02 0000006f 0002 6e6f",
            1,
            Body::Reset(Reset::new(Code::Policy, "no").detail(Detail::Port).errno(111)),
        ),
    ]
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(hex: &str) -> Bytes {
    let digits: Vec<u8> = hex.bytes().filter(|byte| *byte != b' ').collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}
