//! Both ends of a POP3 session, from any bytes, whole and byte by byte; and the conversation that
//! the two halves make, dissected.

use bytes::Bytes;
use protocols::pop3::{
    ClientEvent, ClientSession, Command, Limits, Reply, ServerEvent, ServerSession, dissect,
};
use protocols::wire::{Chunk, Side, Violation};

/// Holds for these bytes, or panics.
pub fn hold(bytes: &[u8]) {
    assert_eq!(asked(bytes, 1), asked(bytes, bytes.len().max(1)), "cut byte by byte");
    assert_eq!(answered(bytes, 1), answered(bytes, bytes.len().max(1)), "cut byte by byte");
    let (ask, answer) = bytes.split_at(bytes.len() / 2);
    let chunk = |side, bytes| Chunk { side, bytes: Bytes::copy_from_slice(bytes) };
    let chunks = [chunk(Side::Responder, answer), chunk(Side::Initiator, ask)];
    let explained: usize = dissect(&chunks).iter().map(|message| message.span.len()).sum();
    assert_eq!(explained, bytes.len(), "every byte is in one message");
}

/// What a server hears that grants everything.
fn asked(bytes: &[u8], size: usize) -> (Vec<ServerEvent>, Option<Violation>) {
    let mut session = ServerSession::new(Limits::default());
    session.greet("ready").unwrap();
    let mut heard = Vec::new();
    for piece in bytes.chunks(size) {
        session.receive(piece);
        loop {
            let event = match session.next_event() {
                Ok(Some(event)) => event,
                Ok(None) => break,
                Err(violation) => return (heard, Some(violation)),
            };
            let reply = match &event {
                ServerEvent::Command(command) if command.is_multi_line() => Reply::ok("").with(""),
                ServerEvent::Command(_) => Reply::ok(""),
                ServerEvent::Fault(_) | ServerEvent::Closed => Reply::err(""),
            };
            session.reply(&reply).unwrap();
            heard.push(event);
        }
    }
    (heard, None)
}

/// What a client hears that has asked for a message and the list of them.
fn answered(bytes: &[u8], size: usize) -> (Vec<ClientEvent>, Option<Violation>) {
    let mut session = ClientSession::new(Limits::default());
    let mut heard = Vec::new();
    let apop = Command::Apop { name: "a".into(), digest: "d".into() };
    for (ready, command) in [
        ("+OK\r\n", Command::Capa),
        ("+OK\r\nPIPELINING\r\n.\r\n", apop),
        ("+OK\r\n", Command::Retr(1)),
    ] {
        session.receive(ready.as_bytes());
        session.next_event().unwrap();
        session.send(command).unwrap();
    }
    session.send(Command::List(None)).unwrap();
    for piece in bytes.chunks(size) {
        session.receive(piece);
        loop {
            match session.next_event() {
                Ok(Some(event)) => heard.push(event),
                Ok(None) => break,
                Err(violation) => return (heard, Some(violation)),
            }
        }
    }
    (heard, None)
}
