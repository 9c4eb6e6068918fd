//! The framing of the relay: what comes out of a WebSocket is any message at all.

use bolero::check;
use bytes::Bytes;
use relay_wire::{Frame, Session};

#[test]
fn a_frame_that_is_read_is_written_as_it_was() {
    check!().for_each(|bytes: &[u8]| {
        let message = Bytes::copy_from_slice(bytes);
        if let Ok(frame) = Frame::decode(message) {
            let again = Frame::decode(frame.encode());
            assert_eq!(again, Ok(frame));
        }
    });
}

#[test]
fn a_session_takes_or_refuses_whatever_comes() {
    check!().with_type::<Vec<Vec<u8>>>().for_each(|messages| {
        let mut session = Session::client("token");
        for message in messages {
            if session.receive(Bytes::copy_from_slice(message)).is_err() {
                return;
            }
            while session.next_event().is_some() {}
        }
    });
}
