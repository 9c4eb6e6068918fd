//! What is written reads back as it was, notes tile it, and cuts of a stream mean nothing.

use proptest::prelude::*;
use protocols::dns::codec::{Frames, frame, read, read_header, write, write_within};
use protocols::dns::zone::read_record;
use protocols::dns::{Name, dissect, dissect_stream};
use protocols::wire::{Chunk, Note, Notes, Side};

use crate::common::{damage, damaged, message, name, record};

/// Whether the notes of depth 0 are these bytes, one after the other, and all others lie in them.
fn tile(notes: &[Note], len: usize) -> bool {
    let mut at = 0;
    for note in notes {
        if note.depth == 0 {
            if note.span.start != at || note.span.is_empty() {
                return false;
            }
            at = note.span.end;
        } else if note.span.end > at || note.span.is_empty() {
            return false;
        }
    }
    at == len
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_message_reads_back_as_it_was(message in message()) {
        let bytes = write(&message);
        let mut notes = Notes::on();
        let again = read(&bytes, &mut notes);
        prop_assert_eq!(again.as_ref(), Ok(&message));
        prop_assert!(tile(notes.list(), bytes.len()), "{:#?}", notes.list());
        let header = read_header(&bytes).unwrap();
        prop_assert_eq!(header.id, message.header.id);
    }

    #[test]
    fn a_message_within_a_limit_is_readable_and_says_what_is_missing(
        message in message(),
        limit in 0usize..900,
    ) {
        let whole = write(&message);
        let written = write_within(&message, limit);
        let cut = read(&written.bytes, &mut Notes::off()).unwrap();
        // RFC 2181 section 9: TC tells of the answer and authority sections alone.
        let missing = cut.answers != message.answers || cut.authorities != message.authorities;
        prop_assert_eq!(written.truncated, missing);
        prop_assert_eq!(cut.header.truncated, missing || message.header.truncated);
        prop_assert_eq!(&cut.questions, &message.questions);
        prop_assert_eq!(cut.edns.is_some(), message.edns.is_some());
        prop_assert!(message.answers.starts_with(&cut.answers));
        if whole.len() <= limit {
            prop_assert_eq!(written.bytes, whole);
        } else if cut.records().count() > 0 {
            prop_assert!(written.bytes.len() <= limit);
        }
    }

    #[test]
    fn every_byte_of_a_datagram_is_noted_whatever_it_holds(
        message in message(),
        damage in damage(),
    ) {
        let bytes = damaged(write(&message), &damage);
        let chunk = |bytes: &[u8]| Chunk { side: Side::Initiator, bytes: bytes.to_vec().into() };
        let seen = dissect(&[chunk(b"before"), chunk(&bytes)]);
        prop_assert_eq!(seen.len(), 2);
        prop_assert_eq!(seen[1].span.start, 6);
        prop_assert_eq!(seen[1].span.len(), bytes.len());
        prop_assert!(tile(&seen[1].notes, bytes.len()), "{:#?}", seen[1].notes);
        if let Some(fault) = &seen[1].fault {
            prop_assert_eq!(fault.code, 1, "FORMERR");
            prop_assert!(fault.span.start >= 6 && fault.span.end <= 6 + bytes.len());
        }
    }

    #[test]
    fn a_stream_is_read_alike_however_it_is_cut(
        messages in prop::collection::vec(message(), 1..4),
        cuts in prop::collection::vec(any::<u16>(), 0..8),
        end in any::<u16>(),
    ) {
        let mut stream: Vec<u8> = messages.iter().flat_map(|m| frame(&write(m))).collect();
        stream.truncate(stream.len() - usize::from(end) % stream.len().min(40));
        let mut places: Vec<usize> =
            cuts.iter().map(|cut| usize::from(*cut) % stream.len()).collect();
        places.extend([0, stream.len()]);
        places.sort_unstable();
        let pieces: Vec<&[u8]> = places.windows(2).map(|pair| &stream[pair[0]..pair[1]]).collect();
        let (mut frames, mut seen) = (Frames::default(), Vec::new());
        for piece in &pieces {
            frames.receive(piece);
            seen.extend(core::iter::from_fn(|| frames.next_frame()));
        }
        let mut whole = Frames::default();
        whole.receive(&stream);
        prop_assert_eq!(&seen, &core::iter::from_fn(|| whole.next_frame()).collect::<Vec<_>>());
        let side = Side::Responder;
        let chunks: Vec<Chunk> =
            pieces.iter().map(|piece| Chunk { side, bytes: piece.to_vec().into() }).collect();
        let shown = dissect_stream(&chunks);
        let mut at = 0;
        for message in &shown {
            prop_assert_eq!(message.span.start, at);
            prop_assert!(tile(&message.notes, message.span.len()));
            at = message.span.end;
        }
        prop_assert_eq!(at, stream.len());
        prop_assert_eq!(shown.iter().filter(|m| m.complete).count(), seen.len());
    }

    #[test]
    fn a_name_reads_back_from_its_text_and_is_ordered_without_case(a in name(), b in name()) {
        let again = a.to_string().parse::<Name>();
        prop_assert_eq!(again.as_ref(), Ok(&a));
        let upper = Name::from_labels(
            a.labels().map(<[u8]>::to_ascii_uppercase).collect::<Vec<_>>().iter().map(|l| &l[..]),
        );
        prop_assert_eq!(upper.as_ref(), Ok(&a), "RFC 1035 section 2.3.3");
        prop_assert_eq!(a.cmp(&b) == core::cmp::Ordering::Equal, a == b);
        if b.is_within(&a) {
            prop_assert!(a <= b, "a name stands before what is below it");
        }
    }

    #[test]
    fn a_record_reads_back_from_its_line_in_a_master_file(record in record()) {
        let line = record.to_string();
        prop_assert_eq!(read_record(&line, &Name::root()), Ok(record), "{}", line);
    }
}
