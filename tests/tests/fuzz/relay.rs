//! The framing of the relay: what comes out of a WebSocket is any message at all.

use bolero::check;
use bytes::Bytes;
use relay_wire::{Body, Frame, Session};

use crate::damage::Damage;
use crate::targets::fuzz;

#[test]
fn a_frame_that_is_read_is_written_as_it_was() {
    let samples = samples();
    check!().with_type::<Damage>().for_each(|damage| {
        fuzz::relay::frame(&damage.of(&samples, &WORDS));
    });
    check!().for_each(|bytes: &[u8]| fuzz::relay::frame(bytes));
}

#[test]
fn each_end_of_a_session_takes_or_refuses_whatever_comes() {
    // Each message after its length, one after the other.
    let several = [samples(), samples()].concat();
    let several: Vec<u8> =
        several.iter().flat_map(|one| [&[one.len() as u8][..], one].concat()).collect();
    check!().with_type::<Damage>().for_each(|damage| {
        fuzz::relay::session(&damage.of(&[&several], &WORDS));
    });
    check!().for_each(|bytes: &[u8]| fuzz::relay::session(bytes));
}

#[test]
fn a_typed_host_that_is_an_address_reads_back_as_itself() {
    check!().with_type::<Damage>().for_each(|damage| {
        let hosts = ["127.0.0.1", "[::ffff:127.0.0.1]", "fe80::1%eth0", "www.cs.test."];
        fuzz::relay::host(&damage.text_of(&hosts, &["::", "[", ".", "0x7f"]));
    });
}

/// HELLO with a token, OPEN by name and by address, and what follows on them.
fn samples() -> Vec<Bytes> {
    let mut client = Session::client("0123456789abcdefghijkl");
    client.open("www.cs.test", 80).expect("a new session has room");
    client.open("::1", 80).expect("a new session has room");
    client.udp_open(None, Some(relay_wire::Target::new("127.0.0.1", 53))).expect("room");
    let mut samples: Vec<Bytes> = std::iter::from_fn(|| client.next_message()).collect();
    let bodies = [Body::Data(Bytes::from_static(b"hi")), Body::Credit(1 << 20), Body::Fin(2)];
    samples.extend(bodies.map(|body| Frame { stream: 1, body }.encode()));
    assert!(samples.iter().all(|sample| Frame::decode(sample.clone()).is_ok()));
    samples
}

const WORDS: [&str; 4] = ["\0\0\0\x01", "\x7f\x7f", "\x03\x09localhost", "\x0b\0"];
