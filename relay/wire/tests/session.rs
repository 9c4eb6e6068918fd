//! The rules of a session, one by one, between a client and a relay joined by hand.

use bytes::Bytes;
use relay_wire::{
    Body, Code, Detail, Event, Frame, Hello, MAX_CLIENT_WINDOW, Misuse, Reset, SESSION_WINDOW,
    STREAM_WINDOW, Session,
};

#[test]
fn bytes_before_opened_wait_and_then_arrive_in_order() {
    let (mut client, mut relay) = pair();
    let stream = client.open("127.0.0.1", 80).unwrap();
    client.send(stream, Bytes::from_static(b"GET ")).unwrap();
    client.send(stream, Bytes::from_static(b"/")).unwrap();
    client.finish(stream).unwrap();
    pump(&mut client, &mut relay);
    assert!(matches!(relay.next_event(), Some(Event::Open { stream: 1, .. })));
    assert_eq!(relay.next_event(), None, "nothing may arrive before the stream stands");
    accept(&mut relay, stream);
    pump(&mut relay, &mut client);
    pump(&mut client, &mut relay);
    let bytes = Bytes::from_static(b"GET /");
    assert_eq!(relay.next_event(), Some(Event::Data { stream, bytes }));
    assert_eq!(relay.next_event(), Some(Event::Finished { stream }));
}

#[test]
fn a_sender_stops_at_the_credit_and_goes_on_when_half_is_consumed() {
    let (mut client, mut relay, stream) = opened();
    let window = STREAM_WINDOW as usize;
    client.send(stream, Bytes::from(vec![7; window + 1])).unwrap();
    pump(&mut client, &mut relay);
    assert_eq!(received(&mut relay, stream), window);
    assert_eq!(client.room(stream), 0);
    relay.consumed(stream, window / 2 - 1);
    assert!(!relay.has_output(), "less than half the window is not worth a frame");
    relay.consumed(stream, 1);
    pump(&mut relay, &mut client);
    pump(&mut client, &mut relay);
    assert_eq!(received(&mut relay, stream), 1);
}

#[test]
fn a_client_that_consumes_earns_a_larger_window_up_to_its_limit() {
    let (mut client, mut relay, stream) = opened();
    let mut rooms = vec![relay.room(stream)];
    for _ in 0..12 {
        relay.send(stream, Bytes::from(vec![7; relay.room(stream)])).unwrap();
        pump(&mut relay, &mut client);
        let count = received(&mut client, stream);
        client.consumed(stream, count);
        pump(&mut client, &mut relay);
        rooms.push(relay.room(stream));
    }
    assert_eq!(rooms.first(), Some(&(STREAM_WINDOW as usize)));
    assert_eq!(rooms.last(), Some(&(MAX_CLIENT_WINDOW as usize)));
}

#[test]
fn the_session_total_holds_back_all_streams_together() {
    let (mut client, mut relay) = pair();
    let count = (SESSION_WINDOW / STREAM_WINDOW) as usize + 2;
    let streams: Vec<u32> = (0..count).map(|_| client.open("127.0.0.1", 80).unwrap()).collect();
    pump(&mut client, &mut relay);
    streams.iter().for_each(|stream| accept(&mut relay, *stream));
    pump(&mut relay, &mut client);
    for stream in &streams {
        client.send(*stream, Bytes::from(vec![7; STREAM_WINDOW as usize])).unwrap();
    }
    pump(&mut client, &mut relay);
    assert_eq!(relay.held_bytes(), u64::from(SESSION_WINDOW));
    let Some(first) = streams.first() else { return };
    relay.consumed(*first, STREAM_WINDOW as usize);
    pump(&mut relay, &mut client);
    pump(&mut client, &mut relay);
    assert!(relay.held_bytes() <= u64::from(SESSION_WINDOW));
}

#[test]
fn an_overrun_of_the_credit_resets_that_stream_only() {
    let (mut client, mut relay, stream) = opened();
    for _ in 0..=STREAM_WINDOW / 16_384 {
        let body = Body::Data(Bytes::from(vec![0; 16_384]));
        relay.receive(Frame { stream, body }.encode()).unwrap();
    }
    let reset = relay_reset(&mut relay).expect("the stream is reset");
    assert_eq!(reset.code, Code::FlowControl);
    assert_eq!(relay.held_bytes(), 0, "what waited is given back to the session");
    pump(&mut relay, &mut client);
    let other = client.open("127.0.0.1", 80).unwrap();
    pump(&mut client, &mut relay);
    assert!(matches!(relay.next_event(), Some(Event::Open { stream, .. }) if stream == other));
}

#[test]
fn a_final_offset_that_does_not_match_resets_the_stream() {
    let (_, mut relay, stream) = opened();
    relay.receive(Frame { stream, body: Body::Data(Bytes::from_static(b"abc")) }.encode()).unwrap();
    relay.receive(Frame { stream, body: Body::Fin(4) }.encode()).unwrap();
    let reset = relay_reset(&mut relay).expect("the stream is reset");
    assert_eq!(reset.text, "The sender counted 4 bytes, but 3 arrived.");
}

#[test]
fn bytes_after_fin_reset_the_stream() {
    let (_, mut relay, stream) = opened();
    relay.receive(Frame { stream, body: Body::Fin(0) }.encode()).unwrap();
    relay.receive(Frame { stream, body: Body::Data(Bytes::from_static(b"x")) }.encode()).unwrap();
    assert_eq!(relay_reset(&mut relay).map(|reset| reset.code), Some(Code::Protocol));
}

#[test]
fn stop_ends_one_half_and_leaves_the_other() {
    let (mut client, mut relay, stream) = opened();
    relay.send(stream, Bytes::from_static(b"unwanted")).unwrap();
    client.stop(stream).unwrap();
    pump(&mut client, &mut relay);
    assert_eq!(relay.next_event(), Some(Event::Stopped { stream }));
    assert_eq!(relay.send(stream, Bytes::new()), Err(Misuse::Finished));
    pump(&mut relay, &mut client);
    assert_eq!(client.next_event(), Some(Event::Finished { stream }));
    client.send(stream, Bytes::from_static(b"still going")).unwrap();
    pump(&mut client, &mut relay);
    assert_eq!(received(&mut relay, stream), 11);
}

#[test]
fn a_number_that_was_never_opened_ends_the_session_and_a_forgotten_one_does_not() {
    let (mut client, mut relay, stream) = opened();
    client.reset(stream, Reset::new(Code::Cancelled, ""));
    pump(&mut client, &mut relay);
    let late = Frame { stream, body: Body::Data(Bytes::from_static(b"late")) };
    assert_eq!(relay.receive(late.encode()), Ok(()));
    let never = Frame { stream: 99, body: Body::Stop };
    assert_eq!(relay.receive(never.encode()).map_err(|v| v.code), Err(Code::Protocol));
    let goaway = relay.next_message().map(Frame::decode);
    assert!(matches!(goaway, Some(Ok(Frame { body: Body::GoAway(_), .. }))));
}

#[test]
fn more_streams_than_hello_allows_are_refused_with_the_limit() {
    let (mut client, mut relay) = pair();
    for _ in 0..=MAX_STREAMS {
        client.open("127.0.0.1", 80).unwrap();
    }
    pump(&mut client, &mut relay);
    pump(&mut relay, &mut client);
    let reset = std::iter::from_fn(|| client.next_event()).find_map(reset_of);
    assert_eq!(reset.map(|reset| reset.detail), Some(Detail::Streams));
}

#[test]
fn what_is_not_built_yet_is_refused_with_a_sentence() {
    let (_, mut relay) = pair();
    let body =
        Body::Listen(relay_wire::Listen { address: "127.0.0.1:0".parse().unwrap(), backlog: 1 });
    relay.receive(Frame { stream: 1, body }.encode()).unwrap();
    let reply = relay.next_message().map(|message| Frame::decode(message).unwrap().body);
    let Some(Body::Reset(reset)) = reply else { panic!("a RESET, not {reply:?}") };
    assert_eq!(reset.text, "This relay does not support listening yet.");
}

#[test]
fn datagrams_that_do_not_fit_the_queue_are_dropped_and_counted() {
    let (mut client, mut relay) = pair();
    let socket = client.udp_open(None, None).unwrap();
    pump(&mut client, &mut relay);
    let local = "127.0.0.1:5000".parse().unwrap();
    let opened = relay_wire::UdpOpened { local, remote: None };
    relay.udp_accept(socket, opened).unwrap();
    let taken = (0..100)
        .filter(|_| relay.send_to(socket, local, Bytes::from_static(b"x")).unwrap())
        .count();
    assert_eq!(taken, relay_wire::MAX_QUEUED_DATAGRAMS);
    pump(&mut relay, &mut client);
    let dropped: Vec<u16> = std::iter::from_fn(|| client.next_event())
        .filter_map(|event| match event {
            Event::Datagram { dropped, .. } => Some(dropped),
            _ => None,
        })
        .collect();
    assert_eq!(dropped.len(), taken);
    assert_eq!(dropped.iter().sum::<u16>(), 36, "every loss is told once");
}

const MAX_STREAMS: u16 = 20;

fn pair() -> (Session, Session) {
    let mut client = Session::client("");
    let mut relay =
        Session::relay(Hello { max_streams: MAX_STREAMS, max_sockets: 2, ..Hello::default() });
    pump(&mut client, &mut relay);
    pump(&mut relay, &mut client);
    assert!(matches!(relay.next_event(), Some(Event::Hello(_))));
    assert!(matches!(client.next_event(), Some(Event::Hello(_))));
    (client, relay)
}

fn opened() -> (Session, Session, u32) {
    let (mut client, mut relay) = pair();
    let stream = client.open("127.0.0.1", 80).unwrap();
    pump(&mut client, &mut relay);
    assert!(matches!(relay.next_event(), Some(Event::Open { .. })));
    accept(&mut relay, stream);
    pump(&mut relay, &mut client);
    assert!(matches!(client.next_event(), Some(Event::Opened { .. })));
    (client, relay, stream)
}

fn accept(relay: &mut Session, stream: u32) {
    let local = "127.0.0.1:5000".parse().unwrap();
    let remote = "127.0.0.1:80".parse().unwrap();
    relay.accept(stream, local, remote, 10).unwrap();
}

fn pump(from: &mut Session, to: &mut Session) {
    while let Some(message) = from.next_message() {
        to.receive(message).unwrap();
    }
}

fn received(session: &mut Session, wanted: u32) -> usize {
    let mut count = 0;
    while let Some(event) = session.next_event() {
        if let Event::Data { stream, bytes } = event {
            assert_eq!(stream, wanted);
            count += bytes.len();
        }
    }
    count
}

fn relay_reset(relay: &mut Session) -> Option<Reset> {
    std::iter::from_fn(|| relay.next_event()).find_map(reset_of)
}

fn reset_of(event: Event) -> Option<Reset> {
    match event {
        Event::Reset { reset, .. } => Some(reset),
        _ => None,
    }
}
