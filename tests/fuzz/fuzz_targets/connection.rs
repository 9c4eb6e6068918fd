//! Whole connections, from any bytes, read as a server and as a client; and both sides of a
//! conversation, dissected.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use protocols::http::{Role, dissect};
use protocols::wire::{Chunk, Side};

fuzz_target!(|bytes: &[u8]| {
    fuzz::connection(Role::Server, &[], bytes);
    fuzz::connection(Role::Client, &["GET", "HEAD", "GET"], bytes);
    fuzz::connection(Role::Client, &["CONNECT"], bytes);
    let (ask, answer) = bytes.split_at(bytes.len() / 2);
    let chunk = |side, bytes| Chunk { side, bytes: Bytes::copy_from_slice(bytes) };
    let chunks = [chunk(Side::Initiator, ask), chunk(Side::Responder, answer)];
    let explained: usize = dissect(&chunks).iter().map(|message| message.span.len()).sum();
    assert_eq!(explained, bytes.len(), "every byte is in one message");
});
