//! What the readers of bencode and KRPC must hold, whatever they are given.

use bytes::Bytes;
use protocols::kademlia::bencode::{Limits, read_strict, write};
use protocols::kademlia::{codec, dissect};
use protocols::wire::{Chunk, Notes, Side};

/// No panic; what is taken is the only way to write what it says.
pub fn bencode(bytes: &[u8]) {
    let limits = Limits { depth: 32, items: 1000 };
    if let Ok(item) = read_strict(bytes, &limits) {
        assert_eq!(write(&item), bytes);
    }
}

/// No panic; notes that tile the datagram; what was read writes back to something that reads the
/// same.
pub fn krpc(bytes: &[u8]) {
    let bytes = Bytes::copy_from_slice(bytes);
    let read = codec::read(&bytes, &mut Notes::off());
    assert_eq!(read, codec::read(&bytes, &mut Notes::on()), "notes change nothing");
    let chunk = Chunk { side: Side::Initiator, bytes: bytes.clone() };
    let mut at = 0;
    for shown in dissect(&[chunk]) {
        for note in shown.notes.iter().filter(|note| note.depth == 0) {
            assert_eq!(note.span.start, at);
            at = note.span.end;
        }
    }
    assert_eq!(at, bytes.len());
    if let Ok(message) = read {
        let written = Bytes::from(codec::write(&message));
        let again = codec::read(&written, &mut Notes::off()).expect("we read what we write");
        assert_eq!(again, message);
    }
}
