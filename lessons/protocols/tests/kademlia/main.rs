//! Kademlia's messages as others see them: properties, a second opinion, and input that is meant
//! to harm.

mod bencode;
mod krpc;

use protocols::wire::{Note, Span};

/// Whether the notes of depth 0 are these bytes, one after the other, and each deeper one lies
/// within the one above it that came last.
fn tile(notes: &[Note], len: usize) -> bool {
    let mut above: Vec<Span> = Vec::new();
    let mut at = 0;
    for note in notes {
        above.truncate(usize::from(note.depth));
        let fits = match above.last() {
            None => {
                note.depth == 0 && note.span.start == core::mem::replace(&mut at, note.span.end)
            }
            Some(outer) => {
                above.len() == usize::from(note.depth)
                    && outer.start <= note.span.start
                    && note.span.end <= outer.end
            }
        };
        if !fits || note.span.is_empty() {
            return false;
        }
        above.push(note.span);
    }
    at == len
}
