//! A mail, from any bytes: its notes tile it, its parts lie within it, and what decodes is never
//! longer than what it was decoded from.

use bytes::Bytes;
use protocols::mime::{Limits, decode_words, note_mail, parse_addresses, parse_date, read};
use protocols::wire::Notes;

/// Holds for these bytes, or panics.
pub fn hold(bytes: &[u8]) {
    let octets = Bytes::copy_from_slice(bytes);
    let mail = read(octets.clone(), Limits::default());
    for leaf in mail.leaves() {
        assert!(leaf.span.end <= bytes.len());
        assert!(leaf.decoded(&octets).bytes.len() <= leaf.body.len());
    }
    for field in &mail.root.header.fields {
        let _ = (parse_addresses(&field.value), parse_date(&field.value));
        let _ = decode_words(&field.value);
    }
    let mut notes = Notes::on();
    note_mail(&octets, &mut notes);
    let mut at = 0;
    for note in notes.take().iter().filter(|note| note.depth == 0) {
        assert_eq!(note.span.start, at, "a gap or an overlap before {note:?}");
        at = note.span.end;
    }
    assert_eq!(at, bytes.len());
}
