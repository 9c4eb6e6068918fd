//! What the readers of DNS must hold, whatever they are given.

use protocols::dns::codec::{MAX_MESSAGE, read, write_within};
use protocols::dns::{Name, Zone, dissect};
use protocols::wire::{Chunk, Notes, Side};

/// No panic; notes that tile the datagram; what was read writes back to something that reads the
/// same, as far as it fits.
pub fn message(bytes: &[u8]) {
    let read_once = read(bytes, &mut Notes::off());
    assert_eq!(read_once, read(bytes, &mut Notes::on()), "notes change nothing");
    let chunk = Chunk { side: Side::Initiator, bytes: bytes.to_vec().into() };
    let mut at = 0;
    for shown in dissect(&[chunk]) {
        for note in shown.notes.iter().filter(|note| note.depth == 0) {
            assert_eq!(note.span.start, at);
            at = note.span.end;
        }
    }
    assert_eq!(at, bytes.len());
    if let Ok(message) = read_once {
        let written = write_within(&message, MAX_MESSAGE);
        let again = read(&written.bytes, &mut Notes::off()).expect("we read what we write");
        // What unfolds to more than any message holds is cut short.
        if again.records().count() == message.records().count() {
            assert_eq!(again, message);
        }
    }
}

/// No panic; a zone written as text reads back as the same zone.
pub fn zone(text: &str) {
    let Ok(zone) = Zone::parse(text, &Name::root()) else { return };
    let lines: String = zone.records().map(|record| format!("{record}\n")).collect();
    assert_eq!(Zone::parse(&lines, &Name::root()), Ok(zone));
}
