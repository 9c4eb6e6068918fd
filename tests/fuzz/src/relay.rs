//! What both ends of the relay's framing must hold, whatever message the other one sends.

use bytes::Bytes;
use relay_wire::{Frame, Hello, Host, MAX_MESSAGE, Session};

/// One message: no panic, and what was read is written as something that reads the same.
pub fn frame(bytes: &[u8]) {
    if let Ok(frame) = Frame::decode(Bytes::copy_from_slice(bytes)) {
        let written = frame.encode();
        assert!(bytes.len() > MAX_MESSAGE || written.len() <= MAX_MESSAGE, "{frame:?}");
        assert_eq!(Frame::decode(written), Ok(frame));
    }
}

/// Several messages, each after its length in one octet, to a client and to a relay, before HELLO
/// and after it: each is taken or ends the session, and what waits stays within what came.
pub fn session(bytes: &[u8]) {
    let hello = || Hello { max_streams: 4, max_sockets: 2, ..Hello::default() };
    let ends: [fn(Hello) -> Session; 2] = [|_| Session::client("token"), Session::relay];
    for end in ends {
        for greeted in [false, true] {
            let mut session = end(hello());
            if greeted {
                let greeting = Session::relay(hello()).next_message().unwrap_or_default();
                let _ = session.receive(greeting);
            }
            receive(&mut session, bytes);
        }
    }
}

/// What a user types as a host is a name or an address, and an address reads back as itself.
pub fn host(text: &str) {
    let host = Host::parse(text);
    match &host {
        Host::Name(name) => assert_eq!(name, text),
        Host::Address(_) => assert_eq!(Host::parse(&host.to_string()), host),
    }
}

fn receive(session: &mut Session, bytes: &[u8]) {
    let mut rest = bytes;
    while let Some((len, after)) = rest.split_first() {
        let (message, after) = after.split_at(after.len().min(usize::from(*len)));
        rest = after;
        let outcome = session.receive(Bytes::copy_from_slice(message));
        while session.next_event().is_some() {}
        while session.next_message().is_some() {}
        assert_eq!(session.held_bytes(), 0, "nothing was sent but answers, and they have left");
        if outcome.is_err() {
            return;
        }
    }
}
