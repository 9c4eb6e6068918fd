//! Whatever two honest ends do and in whatever order it arrives, bytes out equal the final offset;
//! whatever a dishonest one sends, nothing panics and nothing is held beyond the windows.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use proptest::prelude::*;
use relay_wire::{
    Body, Code, Datagram, Event, Frame, GoAway, Hello, Misuse, Open, Reset, Session, Target,
};

#[derive(Clone, Debug)]
enum Act {
    Open,
    Send { relay: bool, stream: usize, count: usize },
    Finish { relay: bool, stream: usize },
    Stop { relay: bool, stream: usize },
    Reset { relay: bool, stream: usize },
    Consume { relay: bool, stream: usize, count: usize },
    Deliver { relay: bool, messages: usize },
}

/// What one end knows of one direction of a stream, kept apart from the session's own books.
#[derive(Default)]
struct Half {
    queued: u64,
    arrived: u64,
    unread: usize,
    stopped: bool,
}

struct End {
    session: Session,
    inbox: VecDeque<Bytes>,
    halves: BTreeMap<u32, Half>,
    window: u64,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn honest_ends_lose_nothing_and_hold_no_more_than_a_window(
        acts in proptest::collection::vec(act(), 1..120)
    ) {
        let mut ends = [
            end(Session::client(""), u64::from(relay_wire::MAX_CLIENT_WINDOW)),
            end(Session::relay(hello()), WINDOW),
        ];
        let mut streams = Vec::new();
        deliver(&mut ends, false, usize::MAX);
        deliver(&mut ends, true, usize::MAX);
        for act in acts {
            play(&mut ends, &mut streams, act);
        }
        settle(&mut ends);
        for (at, end) in ends.iter().enumerate() {
            for (stream, half) in &end.halves {
                let sent = ends[1 - at].halves.get(stream).map_or(0, |other| other.queued);
                prop_assert_eq!(half.arrived, sent, "stream {} at end {}", stream, at);
            }
            prop_assert_eq!(end.session.held_bytes(), 0);
        }
        prop_assert_eq!(ends[0].session.stream_count(), ends[1].session.stream_count());
    }

    #[test]
    fn arbitrary_bytes_never_panic(
        messages in proptest::collection::vec(
            proptest::collection::vec(any::<u8>(), 0..60), 1..20)
    ) {
        for mut session in [Session::client(""), Session::relay(hello())] {
            for message in &messages {
                let _ = Frame::decode(message.clone().into());
                let _ = session.receive(message.clone().into());
                while session.next_event().is_some() {}
                while session.next_message().is_some() {}
            }
        }
    }

    #[test]
    fn arbitrary_frames_never_panic_and_never_hold_more_than_the_session_window(
        frames in proptest::collection::vec((0u32..8, 0u8..14, any::<u32>()), 1..200)
    ) {
        let mut session = Session::relay(hello());
        let greeting = Frame { stream: 0, body: Body::Hello(Hello::default()) };
        session.receive(greeting.encode()).unwrap();
        for (stream, kind, value) in frames {
            if session.receive(frame(stream, kind, value).encode()).is_err() {
                break;
            }
            while let Some(event) = session.next_event() {
                if let Event::Open { stream, .. } = event {
                    let address = "127.0.0.1:1".parse().unwrap();
                    session.accept(stream, address, address, 0).unwrap();
                }
            }
            prop_assert!(session.held_bytes() <= u64::from(hello().session_window));
            if value % 3 == 0 {
                while session.next_message().is_some() {}
            }
        }
    }
}

const WINDOW: u64 = 4096;

fn hello() -> Hello {
    Hello {
        max_streams: 6,
        max_sockets: 1,
        stream_window: WINDOW as u32,
        session_window: 3 * WINDOW as u32,
        ..Hello::default()
    }
}

fn end(session: Session, window: u64) -> End {
    End { session, inbox: VecDeque::new(), halves: BTreeMap::new(), window }
}

fn act() -> impl Strategy<Value = Act> {
    let at = || (any::<bool>(), 0usize..6);
    prop_oneof![
        2 => Just(Act::Open),
        6 => (at(), 0usize..9000)
            .prop_map(|((relay, stream), count)| Act::Send { relay, stream, count }),
        1 => at().prop_map(|(relay, stream)| Act::Finish { relay, stream }),
        1 => at().prop_map(|(relay, stream)| Act::Stop { relay, stream }),
        1 => at().prop_map(|(relay, stream)| Act::Reset { relay, stream }),
        4 => (at(), 0usize..9000)
            .prop_map(|((relay, stream), count)| Act::Consume { relay, stream, count }),
        8 => (any::<bool>(), 1usize..9)
            .prop_map(|(relay, messages)| Act::Deliver { relay, messages }),
    ]
}

fn play(ends: &mut [End; 2], streams: &mut Vec<u32>, act: Act) {
    match act {
        Act::Open => {
            if streams.len() < 6 {
                let stream = ends[0].session.open("127.0.0.1", 80).unwrap();
                streams.push(stream);
                ends[0].halves.entry(stream).or_default();
            }
        }
        Act::Deliver { relay, messages } => deliver(ends, relay, messages),
        Act::Send { relay, stream, count } => {
            let Some(stream) = streams.get(stream) else { return };
            let end = &mut ends[usize::from(relay)];
            let Some(half) = end.halves.get_mut(stream) else { return };
            let start = half.queued;
            let bytes: Vec<u8> = (start..start + count as u64).map(pattern).collect();
            if end.session.send(*stream, bytes.into()) == Ok(()) {
                half.queued += count as u64;
            }
        }
        Act::Finish { relay, stream } => {
            let Some(stream) = streams.get(stream) else { return };
            let known = ends[usize::from(relay)].halves.contains_key(stream);
            let outcome = ends[usize::from(relay)].session.finish(*stream);
            assert!(known || outcome == Err(Misuse::NoSuchStream));
        }
        Act::Stop { relay, stream } => {
            let Some(stream) = streams.get(stream) else { return };
            let end = &mut ends[usize::from(relay)];
            if end.session.stop(*stream) == Ok(()) {
                forget(ends, *stream);
            }
        }
        Act::Reset { relay, stream } => {
            let Some(stream) = streams.get(stream) else { return };
            let reset = Reset::new(Code::Cancelled, "");
            ends[usize::from(relay)].session.reset(*stream, reset);
            forget(ends, *stream);
        }
        Act::Consume { relay, stream, count } => {
            let Some(stream) = streams.get(stream) else { return };
            let end = &mut ends[usize::from(relay)];
            let Some(half) = end.halves.get_mut(stream) else { return };
            let count = count.min(half.unread);
            half.unread -= count;
            end.session.consumed(*stream, count);
        }
    }
}

/// After STOP or RESET the books of a stream need not balance: what was sent may be discarded.
fn forget(ends: &mut [End; 2], stream: u32) {
    for end in ends {
        end.halves.entry(stream).or_default().stopped = true;
    }
}

/// Lets messages that one end has to send arrive at the other.
fn deliver(ends: &mut [End; 2], relay: bool, messages: usize) {
    let from = usize::from(relay);
    for _ in 0..messages {
        let Some(message) = ends[from].session.next_message() else { break };
        ends[1 - from].inbox.push_back(message);
    }
    let end = &mut ends[1 - from];
    while let Some(message) = end.inbox.pop_front() {
        end.session.receive(message).expect("an honest end breaks no rule");
        while let Some(event) = end.session.next_event() {
            observe(end, event);
        }
    }
}

fn observe(end: &mut End, event: Event) {
    match event {
        Event::Open { stream, .. } => {
            let address = "127.0.0.1:1".parse().unwrap();
            end.session.accept(stream, address, address, 0).unwrap();
            end.halves.entry(stream).or_default();
        }
        Event::Data { stream, bytes } => {
            let half = end.halves.get_mut(&stream).expect("bytes of a known stream");
            let start = half.arrived;
            let wanted: Vec<u8> = (start..start + bytes.len() as u64).map(pattern).collect();
            assert_eq!(bytes, wanted, "bytes arrive in order and unchanged");
            half.arrived += bytes.len() as u64;
            half.unread += bytes.len();
            assert!(half.unread as u64 <= end.window, "more arrived than was granted");
        }
        Event::Reset { reset, .. } => assert_eq!(reset.code, Code::Cancelled, "{reset:?}"),
        _ => {}
    }
}

/// Delivers and consumes until nothing moves; what STOP and RESET cut off is left out of account.
fn settle(ends: &mut [End; 2]) {
    for _ in 0..2000 {
        deliver(ends, false, usize::MAX);
        deliver(ends, true, usize::MAX);
        for end in ends.iter_mut() {
            for (stream, half) in &mut end.halves {
                end.session.consumed(*stream, std::mem::take(&mut half.unread));
            }
        }
        if !ends.iter().any(|end| end.session.has_output()) {
            break;
        }
    }
    let cut: Vec<u32> = ends
        .iter()
        .flat_map(|end| end.halves.iter().filter(|(_, half)| half.stopped).map(|(id, _)| *id))
        .collect();
    for end in ends.iter_mut() {
        end.halves.retain(|stream, _| !cut.contains(stream));
    }
}

fn pattern(offset: u64) -> u8 {
    (offset % 251) as u8
}

fn frame(stream: u32, kind: u8, value: u32) -> Frame {
    let body = match kind {
        0..3 => Body::Open(Open {
            target: Target::new("127.0.0.1", 80),
            credit: value,
            timeout_ms: value,
            nodelay: true,
            local: None,
        }),
        3..7 => Body::Data(vec![0; (value % 17_000) as usize].into()),
        7 => Body::Credit(u64::from(value) << 20),
        8 => Body::Fin(u64::from(value % 3)),
        9 => Body::Stop,
        10 => Body::Reset(Reset::new(Code::Cancelled, "x")),
        11 => Body::Ping([0; 8]),
        12 => Body::Datagram(Datagram {
            peer: "127.0.0.1:9".parse().unwrap(),
            dropped: 0,
            bytes: Bytes::from_static(b"x"),
        }),
        _ => Body::GoAway(GoAway {
            code: Code::Internal,
            deadline_ms: 0,
            retry_after_ms: 0,
            text: String::new(),
        }),
    };
    Frame { stream, body }
}
