//! Ordinary messages pass through the codec as they are.

use super::*;
use crate::dns::{Data, Edns, Message, Name, Record, RecordType, ResponseCode};
use crate::wire::Notes;

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn answer() -> Message {
    let query = Message::query(0x1234, name("www.example.com"), RecordType::A);
    let mut answer = query.response(ResponseCode::NoError);
    answer.header.authoritative = true;
    answer.answers = vec![
        Record::new(name("www.example.com"), 300, Data::Cname(name("web.example.com"))),
        Record::new(name("web.example.com"), 60, Data::A([192, 0, 2, 7].into())),
    ];
    answer.authorities =
        vec![Record::new(name("example.com"), 3600, Data::Ns(name("ns1.example.com")))];
    answer.additionals =
        vec![Record::new(name("ns1.example.com"), 3600, Data::A([192, 0, 2, 1].into()))];
    answer.edns = Some(Edns::new(1232));
    answer
}

#[test]
fn an_answer_reads_back_as_it_was_and_its_names_are_compressed() {
    let bytes = write(&answer());
    assert_eq!(read(&bytes, &mut Notes::off()).unwrap(), answer());
    let www = bytes.windows(3).filter(|window| window == b"www").count();
    assert_eq!(www, 1, "RFC 1035 section 4.1.4");
}

#[test]
fn the_notes_of_depth_0_tile_the_message_and_a_pointer_says_where_it_leads() {
    let bytes = write(&answer());
    let mut notes = Notes::on();
    read(&bytes, &mut notes).unwrap();
    let mut at = 0;
    for note in notes.list().iter().filter(|note| note.depth == 0) {
        assert_eq!(note.span.start, at, "{note:?}");
        at = note.span.end;
    }
    assert_eq!(at, bytes.len());
    let pointer = notes.list().iter().find(|note| note.name == "compression pointer").unwrap();
    assert_eq!(pointer.value, "to byte 12: www.example.com");
}

#[test]
fn what_does_not_fit_is_left_out_whole_and_tc_is_set_for_answers_alone() {
    let whole = write(&answer()).len();
    let cut = write_within(&answer(), whole - 1);
    assert!(!cut.truncated, "RFC 2181 section 9: glue is a courtesy");
    let read_cut = read(&cut.bytes, &mut Notes::off()).unwrap();
    assert_eq!((read_cut.additionals.len(), read_cut.answers.len()), (0, 2));
    let cut = write_within(&answer(), 70);
    assert!(cut.truncated && cut.bytes.len() <= 70);
    let read_cut = read(&cut.bytes, &mut Notes::off()).unwrap();
    assert!(read_cut.header.truncated);
    assert_eq!((read_cut.answers.len(), read_cut.edns), (1, Some(Edns::new(1232))));
}

#[test]
fn a_stream_gives_whole_messages_however_it_is_cut() {
    let stream = [frame(b"one"), frame(b""), frame(b"three")].concat();
    let mut frames = Frames::default();
    let mut seen = Vec::new();
    for byte in stream {
        frames.receive(&[byte]);
        seen.extend(core::iter::from_fn(|| frames.next_frame()));
    }
    assert_eq!(seen, [&b"one"[..], b"", b"three"]);
    assert_eq!(frames.waiting(), 0);
}

#[test]
fn a_time_to_live_with_its_first_bit_set_is_read_as_0_rfc_2181_section_8() {
    let mut message = answer();
    message.edns = None;
    // Behind header and question: a pointer, type and class of the first record.
    let ttl_at = 12 + 17 + 4 + 2 + 4;
    for (first, expected) in [(0x7f, 0x7f00_012c), (0x80, 0), (0xff, 0)] {
        let mut bytes = write(&message);
        bytes[ttl_at] = first;
        let read = read(&bytes, &mut Notes::off()).unwrap();
        assert_eq!(read.answers[0].ttl, expected, "{first:#x}");
    }
}
