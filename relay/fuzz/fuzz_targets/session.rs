//! Any messages at all, cut from the input by a length octet each, to both ends of a session.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use relay_wire::{Event, Frame, Hello, Session};

fuzz_target!(|input: &[u8]| {
    let limits = Hello { max_streams: 4, max_sockets: 2, ..Hello::default() };
    for mut session in [Session::client(""), Session::relay(limits)] {
        let greeting = Frame { stream: 0, body: relay_wire::Body::Hello(Hello::default()) };
        session.receive(greeting.encode()).expect("HELLO is welcome");
        let _ = session.open("localhost", 80);
        let mut rest = input;
        while let Some((len, after)) = rest.split_first() {
            let (message, after) = after.split_at(after.len().min(usize::from(*len)));
            rest = after;
            if session.receive(Bytes::copy_from_slice(message)).is_err() {
                break;
            }
            while let Some(event) = session.next_event() {
                if let Event::Data { stream, bytes } = event {
                    session.consumed(stream, bytes.len());
                }
            }
            while let Some(message) = session.next_message() {
                Frame::decode(message).expect("what we write can be read");
            }
        }
    }
});
