//! What a session may cost in memory that no counter of ours sees. These tests measure their own
//! process, so they are apart from the others and run one after the other.

mod common;

use std::time::Duration;

use bytes::Bytes;
use common::{Client, eventually, resident_bytes, settings, start, stingy_target};
use futures_util::SinkExt;
use relay_wire::{Body, Event, Frame, STREAM_WINDOW};
use tokio::sync::Mutex;
use tokio_tungstenite::tungstenite::Message;

/// Held by the test that measures.
static ALONE: Mutex<()> = Mutex::const_new(());

#[tokio::test]
async fn a_flood_of_single_bytes_is_held_as_bytes_and_not_as_frames() {
    let _alone = ALONE.lock().await;
    let lab = start(settings()).await;
    let (listener, address) = stingy_target();
    let mut client = Client::connect(lab.address).await;
    let stream = client.open(address).await;
    let _accepted = listener.accept().await.unwrap();
    let before = resident_bytes();
    let frame = Frame { stream, body: Body::Data(Bytes::from_static(b"x")) }.encode();
    for _ in 0..STREAM_WINDOW {
        client.ws.feed(Message::Binary(frame.clone())).await.unwrap();
    }
    client.session.ping(*b"all here");
    while client.event().await != (Event::Pong { payload: *b"all here" }) {}
    let grown = resident_bytes().saturating_sub(before);
    assert!(grown < 8 << 20, "{grown} bytes for {STREAM_WINDOW} single ones");
}

#[tokio::test]
async fn answers_that_nobody_reads_do_not_pile_up() {
    let _alone = ALONE.lock().await;
    let lab = start(settings()).await;
    let mut client = Client::connect(lab.address).await;
    let before = resident_bytes();
    let ping = Frame { stream: 0, body: Body::Ping([0; 8]) }.encode();
    let flood = async {
        loop {
            client.ws.feed(Message::Binary(ping.clone())).await.unwrap();
        }
    };
    // The relay stops reading, so the flood gets stuck in the kernel's buffers.
    let _ = tokio::time::timeout(Duration::from_secs(1), flood).await;
    let grown = resident_bytes().saturating_sub(before);
    assert!(grown < 16 << 20, "{grown} bytes");
}

#[tokio::test]
async fn five_hundred_idle_sessions_fit_into_a_few_megabytes() {
    let _alone = ALONE.lock().await;
    let lab = start(settings()).await;
    let mut clients = vec![Client::connect(lab.address).await];
    let before = resident_bytes();
    for _ in 1..500 {
        clients.push(Client::connect(lab.address).await);
    }
    assert_eq!(lab.gauges.sessions.value(), 500);
    // Both ends live in this process, and an unoptimised build is somewhat larger: the figure of
    // the relay alone is in README.md.
    let each = resident_bytes().saturating_sub(before) / 499;
    println!("{each} bytes for each session, client included");
    assert!(each < 80 * 1024, "{each} bytes for each session");
    drop(clients);
    let sessions = lab.gauges.sessions.clone();
    eventually("the end of all sessions", || sessions.value() == 0).await;
}
