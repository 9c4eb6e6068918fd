//! Whoever asks for too much, reads too slowly or falls silent costs the relay no more than its
//! limits say, and costs the others nothing.

mod common;

use std::time::{Duration, Instant};

use bytes::Bytes;
use common::{
    Client, Lab, echo, eventually, pattern, refused_port, settings, start, stingy_target, target,
};
use futures_util::SinkExt;
use relay_wire::{Body, Code, Detail, Event, Frame, SESSION_WINDOW, STREAM_WINDOW};
use tokio::io::AsyncWriteExt;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn a_stalled_target_holds_one_window_and_leaves_the_other_streams_alone() {
    let lab = start(settings()).await;
    let (listener, stalled) = target().await;
    let quick = echo().await;
    let mut client = Client::connect(lab.address).await;
    let stuck = client.open(stalled).await;
    let _accepted = listener.accept().await.unwrap();
    client.session.send(stuck, pattern(64_000_000, 1)).unwrap();
    client.flush().await;
    let other = client.open(quick).await;
    for round in 0..50 {
        let start = Instant::now();
        client.session.send(other, pattern(64, round)).unwrap();
        let mut left = 64;
        while left > 0 {
            if let Event::Data { stream, bytes } = client.event().await {
                assert_eq!(stream, other);
                client.session.consumed(other, bytes.len());
                left -= bytes.len();
            }
        }
        assert!(start.elapsed() < Duration::from_secs(3), "round {round} had to wait");
    }
    let held = lab.gauges.held_bytes.value();
    assert!(held > 0 && held <= u64::from(STREAM_WINDOW), "{held} bytes wait");
}

#[tokio::test]
async fn a_client_that_stops_reading_holds_one_read_of_each_stream() {
    let lab = start(settings()).await;
    let (listener, address) = target().await;
    let flood = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move { stream.write_all(&vec![1; 64_000_000]).await });
        }
    });
    let mut client = Client::connect(lab.address).await;
    for _ in 0..8 {
        client.open(address).await;
    }
    // Grants without end and reads nothing: only the WebSocket itself can hold the relay back.
    for stream in (0..8).map(|n| 2 * n + 1).chain([0]) {
        let frame = Frame { stream, body: Body::Credit(u64::MAX) };
        client.ws.send(Message::Binary(frame.encode())).await.unwrap();
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let held = lab.gauges.held_bytes.value();
    assert!(held <= 8 * 64 * 1024, "{held} bytes wait");
    flood.abort();
}

#[tokio::test]
async fn three_hundred_stalled_streams_hold_no_more_than_the_session_window() {
    let mut settings = settings();
    settings.limits.streams = 300;
    settings.limits.opens_burst = 300;
    let lab = start(settings).await;
    let (listener, address) = stingy_target();
    let keep = tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            kept.push(stream);
        }
    });
    let mut client = Client::connect(lab.address).await;
    let bytes = Bytes::from(vec![0; 3_000_000]);
    for _ in 0..300 {
        let stream = client.open(address).await;
        client.session.send(stream, bytes.clone()).unwrap();
    }
    let held = lab.gauges.held_bytes.clone();
    let (mut most, start) = (0, Instant::now());
    while start.elapsed() < Duration::from_secs(2) {
        let quiet = tokio::time::timeout(Duration::from_millis(20), client.event()).await;
        most = held.value().max(most);
        if quiet.is_err() && most > 0 {
            break;
        }
    }
    // Credit for the session is given again when half of it is used up.
    assert!(most >= u64::from(SESSION_WINDOW) / 2, "only {most} bytes wait");
    assert!(most <= u64::from(SESSION_WINDOW), "{most} bytes wait");
    drop(client);
    eventually("release of what waited", || held.value() == 0).await;
    keep.abort();
}

#[tokio::test]
async fn a_rogue_client_that_overruns_its_credit_loses_that_stream() {
    let lab = start(settings()).await;
    let (listener, address) = stingy_target();
    let mut client = Client::connect(lab.address).await;
    let stream = client.open(address).await;
    let _accepted = listener.accept().await.unwrap();
    // Below the session's credit, far above the stream's and what the kernel takes.
    for _ in 0..250 {
        let frame = Frame { stream, body: Body::Data(Bytes::from(vec![0; 16_384])) };
        client.ws.feed(Message::Binary(frame.encode())).await.unwrap();
    }
    let reset = client.reset_of(stream).await;
    assert_eq!(reset.code, Code::FlowControl);
    assert_eq!(lab.gauges.held_bytes.value(), 0);
    client.open(echo().await).await;
}

#[tokio::test]
async fn a_burst_of_opens_passes_and_a_flood_is_refused_with_a_sentence() {
    let mut settings = settings();
    settings.limits.streams = 200;
    settings.limits.opens_per_second = 1;
    let lab = start(settings).await;
    let address = echo().await;
    let mut client = Client::connect(lab.address).await;
    let (mut opened, mut refused) = (0, 0);
    for _ in 0..100 {
        client.session.open("127.0.0.1", address.port()).unwrap();
    }
    while opened + refused < 100 {
        match client.event().await {
            Event::Opened { .. } => opened += 1,
            Event::Reset { reset, .. } => {
                assert_eq!(reset.code, Code::Rate);
                assert!(reset.text.ends_with("wait a little."), "{}", reset.text);
                refused += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!((30..40).contains(&opened), "{opened} of a burst of 30");
}

#[tokio::test]
async fn a_scan_is_braked_after_thirty_failures() {
    let mut settings = settings();
    settings.limits.opens_burst = 1000;
    let lab = start(settings).await;
    let closed = refused_port().await.port();
    let mut client = Client::connect(lab.address).await;
    let mut learnt = 0;
    while client.try_open("127.0.0.1", closed).await.unwrap_err().code == Code::Refused {
        learnt += 1;
    }
    // On a slow machine a few of the thirty come back meanwhile, one every two seconds.
    assert!((30..36).contains(&learnt), "{learnt} ports were learnt of");
    let reset = client.try_open("127.0.0.1", echo().await.port()).await.unwrap_err();
    assert_eq!(reset.code, Code::Rate, "even for a port that is open: it learns nothing more");
}

/// Nobody scans on by opening the next session.
#[tokio::test]
async fn sessions_in_turn_share_one_brake() {
    let mut settings = settings();
    settings.limits.opens_burst = 1000;
    let lab = start(settings).await;
    let closed = refused_port().await.port();
    let mut learnt = 0;
    for _ in 0..4 {
        let mut client = Client::connect(lab.address).await;
        for _ in 0..30 {
            let reset = client.try_open("127.0.0.1", closed).await.unwrap_err();
            learnt += usize::from(reset.code == Code::Refused);
        }
    }
    assert!((30..36).contains(&learnt), "{learnt} ports were learnt of");
}

#[tokio::test]
async fn sessions_side_by_side_share_what_may_be_opened_in_a_second() {
    let mut settings = settings();
    settings.limits.opens_per_second = 1;
    let lab = start(settings).await;
    let address = echo().await;
    let mut clients = Vec::new();
    let mut opened = 0;
    for _ in 0..4 {
        let mut client = Client::connect(lab.address).await;
        for _ in 0..20 {
            opened += usize::from(client.try_open("127.0.0.1", address.port()).await.is_ok());
        }
        clients.push(client);
    }
    assert!((30..40).contains(&opened), "{opened} of a burst of 30");
}

#[tokio::test]
async fn what_the_relay_itself_refuses_for_haste_is_no_failed_attempt() {
    let mut settings = settings();
    settings.limits.opens_burst = 1;
    settings.limits.opens_per_second = 10;
    let lab = start(settings).await;
    let address = echo().await;
    let mut client = Client::connect(lab.address).await;
    for _ in 0..60 {
        let _ = client.try_open("127.0.0.1", address.port()).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    client.open(address).await;
}

#[tokio::test]
async fn more_streams_than_allowed_are_refused_until_one_ends() {
    let mut settings = settings();
    settings.limits.streams = 2;
    let lab = start(settings).await;
    let address = echo().await;
    let mut client = Client::connect(lab.address).await;
    let first = client.open(address).await;
    client.open(address).await;
    let reset = client.try_open("127.0.0.1", address.port()).await.unwrap_err();
    assert_eq!((reset.code, reset.detail), (Code::Limit, Detail::Streams));
    client.exchange(first, Bytes::new()).await;
    client.open(address).await;
}

#[tokio::test]
async fn idle_streams_and_sockets_are_reset_and_say_so() {
    let mut settings = settings();
    settings.limits.stream_idle = Duration::from_millis(200);
    settings.limits.socket_idle = Duration::from_millis(200);
    let lab = start(settings).await;
    let mut client = Client::connect(lab.address).await;
    let stream = client.open(echo().await).await;
    assert_eq!(client.reset_of(stream).await.code, Code::Idle);
    let socket = client.session.udp_open(None, None).unwrap();
    assert_eq!(client.reset_of(socket).await.code, Code::Idle);
}

/// A node of a DHT that is asked and asks nobody itself is not idle.
#[tokio::test]
async fn a_socket_that_only_receives_is_not_idle() {
    let mut settings = settings();
    settings.limits.socket_idle = Duration::from_millis(400);
    let lab = start(settings).await;
    let mut client = Client::connect(lab.address).await;
    let socket = client.session.udp_open(None, None).unwrap();
    client.flush().await;
    let local = loop {
        match client.event().await {
            Event::UdpOpened { opened, .. } => break opened.local,
            other => assert!(!matches!(other, Event::Reset { .. }), "{other:?}"),
        }
    };
    let peer = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    for round in 0..20 {
        peer.send_to(&[round], local).await.unwrap();
        match client.event().await {
            Event::Datagram { socket: to, bytes, .. } => {
                assert_eq!((to, &bytes[..]), (socket, &[round][..]));
            }
            other => panic!("round {round}: {other:?}"),
        }
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    assert_eq!(client.reset_of(socket).await.code, Code::Idle, "silence is still noticed");
}

#[tokio::test]
async fn a_client_that_answers_no_ping_is_dropped() {
    let mut settings = settings();
    settings.limits.heartbeat = Duration::from_millis(100);
    let lab = start(settings).await;
    let client = Client::connect(lab.address).await;
    // The client library answers pings only while it is read.
    let sessions = lab.gauges.sessions.clone();
    eventually("the end of the session", || sessions.value() == 0).await;
    drop(client);
}

#[tokio::test]
async fn pings_keep_a_session_alive() {
    let mut settings = settings();
    settings.limits.heartbeat = Duration::from_millis(600);
    let lab = start(settings).await;
    let mut client = Client::connect(lab.address).await;
    let alive = tokio::time::timeout(Duration::from_millis(2500), client.event()).await;
    assert!(alive.is_err(), "nothing but pings: {alive:?}");
    client.open(echo().await).await;
}

#[tokio::test]
async fn a_stopped_relay_lets_streams_finish_and_refuses_new_ones() {
    let lab = start(settings()).await;
    let address = echo().await;
    let mut client = Client::connect(lab.address).await;
    let mut bystander = Client::connect(lab.address).await;
    let stream = client.open(address).await;
    lab.stopper.stop();
    loop {
        if let Event::GoAway(goaway) = client.event().await {
            assert_eq!((goaway.code, goaway.deadline_ms), (Code::ShuttingDown, 30_000));
            break;
        }
    }
    assert!(client.session.open("127.0.0.1", address.port()).is_err());
    assert_eq!(bystander.closed().await.0, 1012, "whoever has nothing open is let go at once");
    let answer =
        common::raw(lab.address, "GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert!(answer.await.starts_with("HTTP/1.1 503"));
    let bytes = pattern(500_000, 5);
    assert_eq!(client.exchange(stream, bytes.clone()).await, bytes);
    assert_eq!(client.closed().await.0, 1012);
    finished(lab).await;
}

#[tokio::test]
async fn a_stopped_relay_waits_no_longer_than_it_said() {
    let mut settings = settings();
    settings.limits.drain_time = Duration::from_millis(200);
    settings.limits.heartbeat = Duration::from_millis(200);
    let lab = start(settings).await;
    let mut client = Client::connect(lab.address).await;
    client.open(echo().await).await;
    lab.stopper.stop();
    assert_eq!(client.closed().await.0, 1012);
    finished(lab).await;
}

async fn finished(lab: Lab) {
    let limit = Duration::from_secs(5);
    tokio::time::timeout(limit, lab.task).await.expect("the relay ends").unwrap();
}
