//! What the reader of Chord must hold, whatever it is given.

use bytes::Bytes;
use protocols::chord::{CHORD, codec};
use protocols::wire::{Chunk, Notes, Side};

/// No panic; notes that tile the datagram; what was taken is the only way to write what it says,
/// and a header that can be read is that of the message.
pub fn message(bytes: &[u8]) {
    let bytes = Bytes::copy_from_slice(bytes);
    let read = codec::read(&bytes, &mut Notes::off());
    assert_eq!(read, codec::read(&bytes, &mut Notes::on()), "notes change nothing");
    let chunk = Chunk { side: Side::Initiator, bytes: bytes.clone() };
    let mut at = 0;
    for shown in CHORD.dissect(&[chunk]) {
        assert_eq!(shown.complete, read.is_ok());
        for note in shown.notes.iter().filter(|note| note.depth == 0) {
            assert_eq!(note.span.start, at);
            at = note.span.end;
        }
    }
    assert_eq!(at, bytes.len());
    if let Ok(message) = read {
        assert_eq!(codec::write(&message), bytes);
        let header = codec::read_header(&bytes).expect("a whole message has one");
        assert_eq!((header.transaction, header.sender), (message.transaction, message.sender));
        assert_eq!(header.kind & codec::ANSWER != 0, message.body.is_answer());
    }
}
