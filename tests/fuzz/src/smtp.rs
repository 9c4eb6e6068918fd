//! Whole sessions of SMTP, from any bytes, as a server and as a client hear them; and both sides
//! of a session, dissected.

use bytes::Bytes;
use protocols::smtp::{Client, Extensions, Limits, Reply, Server, dissect};
use protocols::wire::{Chunk, Side};

/// Holds for these bytes, or panics.
pub fn hold(bytes: &[u8]) {
    let (ask, answer) = bytes.split_at(bytes.len() / 2);
    let cut: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(server(&cut), server(&[bytes]), "cut byte by byte");
    assert_eq!(client(&cut), client(&[bytes]), "cut byte by byte");
    let chunk = |side, bytes| Chunk { side, bytes: Bytes::copy_from_slice(bytes) };
    let chunks = [chunk(Side::Responder, answer), chunk(Side::Initiator, ask)];
    let explained: usize = dissect(&chunks).iter().map(|message| message.span.len()).sum();
    assert_eq!(explained, bytes.len(), "every byte is in one message");
}

fn server(pieces: &[&[u8]]) -> Vec<String> {
    let limits = Limits { waiting_max: usize::MAX, ..Limits::default() };
    let mut server = Server::new(Extensions::all(500), limits);
    server.send(&Reply::new(220, "hello")).unwrap();
    let mut told = Vec::new();
    for piece in pieces {
        server.receive(piece);
        loop {
            match server.next_event() {
                Ok(None) => break,
                Ok(Some(event)) => {
                    told.push(format!("{event:?}"));
                    server.send(&Reply::new(server.likely_reply(), "answer")).unwrap();
                }
                Err(violation) => {
                    told.push(violation.to_string());
                    return told;
                }
            }
        }
    }
    told
}

fn client(pieces: &[&[u8]]) -> Vec<String> {
    let mut client = Client::new(Limits::default());
    let mut told = Vec::new();
    for piece in pieces {
        client.receive(piece);
        loop {
            match client.next_event() {
                Ok(None) => break,
                Ok(Some(event)) => told.push(format!("{event:?}")),
                Err(violation) => {
                    told.push(violation.to_string());
                    return told;
                }
            }
        }
    }
    told
}
