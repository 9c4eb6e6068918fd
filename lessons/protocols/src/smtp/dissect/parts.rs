//! The parts of a mail on the wire: what the message format sees in it, where it was sent.

use bytes::Bytes;

use crate::mime;
use crate::wire::{Note, Notes, Span};

/// The notes of a mail with its parts in the place of its outline. The dots that were stuffed and
/// the end of the mail data stay as they are.
pub(super) fn with_parts(outline: Vec<Note>, octets: &Bytes) -> Vec<Note> {
    let (dots, rest): (Vec<Note>, Vec<Note>) =
        outline.into_iter().partition(|note| note.name == STUFFED);
    let end = rest.into_iter().skip_while(|note| note.name != END);
    let mut parts = Notes::on();
    mime::note_mail(octets, &mut parts);
    let starts = unstuffed(&dots);
    let mut notes: Vec<Note> = Vec::new();
    for mut note in parts.take() {
        note.span = Span::new(sent_at(&starts, note.span.start), sent_at(&starts, note.span.end));
        notes.push(note);
    }
    for mut dot in dots {
        let holds =
            |note: &Note| note.span.start <= dot.span.start && dot.span.end <= note.span.end;
        if let Some(at) = notes.iter().rposition(holds) {
            dot.depth = notes.get(at).map_or(1, |note| note.depth + 1);
            notes.insert(at + 1, dot);
        }
    }
    notes.extend(end);
    notes
}

/// Where, in the mail without its stuffed dots, each line begins before which one stood.
fn unstuffed(dots: &[Note]) -> Vec<usize> {
    dots.iter()
        .enumerate()
        .map(|(before, dot)| dot.span.start - before.min(dot.span.start))
        .collect()
}

/// Where an octet of the mail was sent. A dot that was stuffed before a line belongs to it.
fn sent_at(starts: &[usize], at: usize) -> usize {
    at + starts.partition_point(|start| *start < at)
}

const STUFFED: &str = "stuffed dot";
const END: &str = "end of mail data";

#[cfg(test)]
mod tests {
    use crate::smtp::dissect;
    use crate::wire::{Chunk, Side};

    #[test]
    fn the_parts_of_a_mail_are_where_they_were_sent_whatever_dots_were_stuffed() {
        let mail = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
                    ..intro\r\n--b\r\n\r\n..one\r\n--b\r\nContent-Type: image/gif\r\n\r\nR0lG\r\n\
                    --b--\r\n.\r\n";
        let head = "EHLO a\r\nMAIL FROM:<a@a>\r\nRCPT TO:<b@b>\r\nDATA\r\n";
        let chunk = |bytes: String| Chunk { side: Side::Initiator, bytes: bytes.into() };
        let messages = dissect(&[chunk(head.into()), chunk(mail.into())]);
        let read = messages.last().unwrap();
        assert_eq!(read.span.len(), mail.len());
        let shown = |name: &str, nth: usize| {
            let note = read.notes.iter().filter(|note| note.name == name).nth(nth).unwrap();
            &mail[note.span.start..note.span.end]
        };
        assert_eq!(shown("part", 1), "Content-Type: image/gif\r\n\r\nR0lG");
        assert_eq!(shown("preamble", 0).trim_end(), "..intro", "RFC 2046 section 5.1.1");
        assert!(shown("part", 0).contains("..one"), "{:?}", shown("part", 0));
        assert_eq!((shown("stuffed dot", 0), shown("stuffed dot", 1)), (".", "."));
        let mut at = 0;
        for note in read.notes.iter().filter(|note| note.depth == 0) {
            assert_eq!(note.span.start, at, "notes of depth 0 tile the mail: {note:?}");
            at = note.span.end;
        }
        assert_eq!(at, mail.len());
    }
}
