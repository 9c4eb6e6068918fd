//! Whole sessions of SMTP, from any bytes, as a server and as a client hear them; and both sides
//! of a session, dissected.

use bytes::Bytes;
use protocols::smtp::{Client, ClientEvent, Command, Extensions, Limits, Reply, Server, dissect};
use protocols::wire::{Chunk, Side};

/// Holds for these bytes, or panics.
pub fn hold(bytes: &[u8]) {
    let (ask, answer) = bytes.split_at(bytes.len() / 2);
    let cut: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(heard_by_server(&cut), heard_by_server(&[bytes]), "cut byte by byte");
    assert_eq!(heard_by_client(&cut), heard_by_client(&[bytes]), "cut byte by byte");
    let chunk = |side, bytes| Chunk { side, bytes: Bytes::copy_from_slice(bytes) };
    let chunks = [chunk(Side::Responder, answer), chunk(Side::Initiator, ask)];
    let explained: usize = dissect(&chunks).iter().map(|message| message.span.len()).sum();
    assert_eq!(explained, bytes.len(), "every byte is in one message");
}

/// What a server hears that answers everything as if it were fine, and how it ended.
pub fn heard_by_server(pieces: &[&[u8]]) -> Vec<String> {
    let limits = Limits { waiting_max: usize::MAX, ..Limits::default() };
    let mut server = Server::new(Extensions::all(500), limits);
    server.send(&Reply::new(220, "hello")).expect("the greeting is owed");
    let mut told = Vec::new();
    for piece in pieces {
        server.receive(piece);
        loop {
            match server.next_event() {
                Ok(None) => break,
                Ok(Some(event)) => {
                    told.push(format!("{event:?}"));
                    let reply = Reply::new(server.likely_reply(), "answer");
                    server.send(&reply).expect("a likely reply is legal");
                }
                Err(violation) => {
                    told.push(format!("{violation:?}"));
                    let _ = server.send(&Reply::new(violation.code, "last"));
                    return told;
                }
            }
        }
    }
    told
}

/// What a client hears that says EHLO after each reply, where it may.
pub fn heard_by_client(pieces: &[&[u8]]) -> Vec<String> {
    let mut client = Client::new(Limits::default());
    let mut told = Vec::new();
    for piece in pieces {
        client.receive(piece);
        loop {
            match client.next_event() {
                Ok(None) => break,
                Ok(Some(event)) => {
                    if let ClientEvent::Reply { .. } = &event {
                        let _ = client.send(&Command::Ehlo { client: "a.test".to_owned() });
                    }
                    told.push(format!("{event:?}"));
                }
                Err(violation) => {
                    told.push(format!("{violation:?}"));
                    return told;
                }
            }
        }
    }
    told
}
