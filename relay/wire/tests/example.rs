//! The example of PROTOCOL.md is what two real ends say.

use bytes::Bytes;
use relay_wire::{Event, Frame, Hello, Session};

#[test]
fn the_example_in_the_document_is_what_the_sessions_say() {
    let document = include_str!("../../PROTOCOL.md");
    let (_, rest) = document.split_once("```hex\n").expect("the example begins");
    let (written, _) = rest.split_once("```").expect("the example ends");
    let written: Vec<String> = written.lines().map(without_comment).collect();
    let spoken = conversation();
    assert_eq!(written, spoken, "the document should say:\n{}\n", spoken.join("\n"));
}

#[test]
fn every_code_of_the_document_is_a_code_of_the_crate() {
    let document = include_str!("../../PROTOCOL.md");
    let (_, codes) = document.split_once("## 7. Codes").expect("the table of codes");
    for number in 0..=19u16 {
        assert!(codes.contains(&format!("\n| {number} | ")), "code {number} is not described");
        assert_eq!(relay_wire::Code::from_u16(number).to_u16(), number);
    }
}

fn conversation() -> Vec<String> {
    let mut spoken = Vec::new();
    let mut client = Session::client("");
    let mut relay = Session::relay(Hello {
        max_streams: 32,
        max_sockets: 16,
        stream_idle_s: 600,
        socket_idle_s: 60,
        policy: "Local servers.".into(),
        ..Hello::default()
    });
    let stream = client.open("localhost", 8000).unwrap();
    client.send(stream, Bytes::from_static(b"hi")).unwrap();
    client.finish(stream).unwrap();
    say(&mut spoken, "c>s", &mut client, &mut relay);
    let local = "127.0.0.1:40000".parse().unwrap();
    let remote = "127.0.0.1:8000".parse().unwrap();
    relay.accept(stream, local, remote, 65).unwrap();
    say(&mut spoken, "s>c", &mut relay, &mut client);
    say(&mut spoken, "c>s", &mut client, &mut relay);
    relay.consumed(stream, 2);
    relay.send(stream, Bytes::from_static(b"hello")).unwrap();
    relay.finish(stream).unwrap();
    say(&mut spoken, "s>c", &mut relay, &mut client);
    client.consumed(stream, 5);
    for session in [&mut client, &mut relay] {
        let last = std::iter::from_fn(|| session.next_event()).last();
        assert_eq!(last, Some(Event::Closed { stream }), "both ends are through");
    }
    spoken
}

fn say(spoken: &mut Vec<String>, direction: &str, from: &mut Session, to: &mut Session) {
    while let Some(message) = from.next_message() {
        let frame = Frame::decode(message.clone()).unwrap();
        let payload: String = message.iter().skip(6).map(|octet| format!("{octet:02x}")).collect();
        let line =
            format!("{direction} {:02x}00 {:08x} {payload}", frame.body.kind(), frame.stream);
        spoken.push(line.trim_end().to_owned());
        to.receive(message).unwrap();
    }
}

/// A line of the document without the spaces inside its payload and without its comment.
fn without_comment(line: &str) -> String {
    let hex = line.split_once(';').map_or(line, |(hex, _)| hex);
    let mut words = hex.split_whitespace();
    let head: Vec<&str> = words.by_ref().take(3).collect();
    let payload: String = words.collect();
    format!("{} {payload}", head.join(" ")).trim_end().to_owned()
}
