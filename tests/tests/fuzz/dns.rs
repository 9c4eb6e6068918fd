//! DNS: messages, streams of them, and zones.

use bolero::check;
use protocols::dns::codec::{MAX_MESSAGE, read, write, write_within};
use protocols::dns::server::{Config, Server};
use protocols::dns::{Edns, Message, Name, RecordType, Zone, dissect_stream};
use protocols::endpoint::{Host, Output, Running, Stimulus};
use protocols::wire::{Chunk, Notes, Side, Time};

use crate::damage::Damage;

#[test]
fn a_damaged_message_is_read_or_refused_and_writes_back_as_it_was_read() {
    check!().with_type::<(Damage, Vec<(u16, u8)>)>().for_each(|(damage, bytes)| {
        let bytes = message(damage, bytes);
        if let Ok(message) = read(&bytes, &mut Notes::off()) {
            let written = write_within(&message, MAX_MESSAGE);
            let again = read(&written.bytes, &mut Notes::off());
            assert_eq!(again.as_ref(), Ok(&message), "{bytes:02x?}");
        }
    });
}

#[test]
fn a_server_answers_a_damaged_message_with_its_id_or_not_at_all() {
    let mut host = Running::new(Server::new(Config::default(), [zone()]), 1);
    host.step(Time::EPOCH, Stimulus::Start).expect("a start is no command");
    check!().with_type::<(Damage, Vec<(u16, u8)>)>().for_each(|(damage, places)| {
        let bytes = message(damage, places);
        let from = ([192, 0, 2, 1], 4_000).into();
        let datagram = Stimulus::Datagram { port: 53, from, bytes: bytes.clone().into() };
        let step = host.duplicate().step(Time::EPOCH, datagram).expect("no command");
        for output in step.outputs {
            if let Output::SendTo { bytes: reply, .. } = output {
                assert_eq!(reply.get(..2), bytes.get(..2), "the id");
                assert_eq!(reply[2] >> 7, 1, "QR");
                read(&reply, &mut Notes::off()).expect("an answer can be read");
            }
        }
    });
}

#[test]
fn every_byte_of_a_damaged_stream_is_explained_however_it_is_cut() {
    check!().with_type::<Damage>().for_each(|damage| {
        let bytes = damage.of(&STREAMS, &WORDS);
        let side = Side::Initiator;
        let pieces = damage.pieces(&bytes);
        let chunks: Vec<Chunk> =
            pieces.iter().map(|piece| Chunk { side, bytes: piece.to_vec().into() }).collect();
        let mut at = 0;
        for shown in dissect_stream(&chunks) {
            assert_eq!(shown.span.start, at);
            let mut inside = 0;
            for note in shown.notes.iter().filter(|note| note.depth == 0) {
                assert_eq!(note.span.start, inside);
                inside = note.span.end;
            }
            assert_eq!(inside, shown.span.len());
            at = shown.span.end;
        }
        assert_eq!(at, bytes.len());
    });
}

#[test]
fn a_damaged_zone_is_read_or_refused_and_reads_back_from_its_own_text() {
    check!().with_type::<Damage>().for_each(|damage| {
        let text = damage.text_of(&[ZONE], &LINES);
        if let Ok(zone) = Zone::parse(&text, &Name::root()) {
            let lines: String = zone.records().map(|record| format!("{record}\n")).collect();
            assert_eq!(Zone::parse(&lines, &Name::root()).as_ref(), Ok(&zone), "from {text:?}");
            for record in zone.records() {
                let _ = zone.look_up(&record.name, record.kind());
            }
        }
    });
}

fn zone() -> Zone {
    Zone::parse(ZONE, &Name::root()).expect("it is a zone")
}

/// A query, or what our server answers to one, with some of its bytes replaced and then damaged.
fn message(damage: &Damage, places: &[(u16, u8)]) -> Vec<u8> {
    let names = ["www.a.test", "a.test", "nothing.a.test", "x.sub.a.test"];
    let kinds = [RecordType::A, RecordType::Mx, RecordType::Txt, RecordType::Any];
    let pick = places.first().map_or(0, |(at, _)| usize::from(*at));
    let name: Name = names[pick % names.len()].parse().expect("a name");
    let kind = kinds[pick / names.len() % kinds.len()];
    let mut query = Message::query(7, name.clone(), kind);
    query.edns = pick.is_multiple_of(2).then(|| Edns::new(1232));
    let whole = match pick / 16 % 3 {
        0 => write(&query),
        _ => write(&zone().look_up(&name, kind).to_response(&query)),
    };
    let mut bytes = whole;
    for (at, byte) in places.iter().skip(1).take(6) {
        let at = usize::from(*at) % bytes.len();
        bytes[at] = *byte;
    }
    // Samples are text, and a message is not: only a short one is damaged as text may be.
    match bytes.iter().all(u8::is_ascii) {
        true => {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            damage.of(&[&text], &WORDS)
        }
        false => bytes,
    }
}

const STREAMS: [&str; 2] = [
    "\0\x1c\0\x07\x01\0\0\x01\0\0\0\0\0\0\x03www\x01a\x04test\0\0\x01\0\x01",
    "\0\x11\0\x07\x01\0\0\x01\0\0\0\0\0\0\0\0\x06\0\x01\
     \0\x11\0\x08\x01\0\0\x01\0\0\0\0\0\0\0\0\x06\0\x01",
];

const WORDS: [&str; 6] = ["\0", "\x01a", "\0\x01\0\x01", "\0\0\x29\0\0", "\x3f", "\0\x0c"];

const LINES: [&str; 10] =
    ["\n", "\"", "(", ")", ";", "\\", "$TTL 1h\n", "@ ", " 60 IN ", "x CNAME y\n"];

const ZONE: &str = "$ORIGIN a.test.\n@ 60 SOA ns h ( 1 2 3 4 5 )\n@ 60 NS ns\n@ 60 MX 5 mail\n\
    ns 60 A 192.0.2.1\nwww 60 CNAME web ; alias\nweb 60 A 192.0.2.80\n\
    *.wild 5 TXT \"a \\\"b\" c\nsub 60 NS ns.sub\nns.sub 60 AAAA ::1\n_s._tcp 9 SRV 1 2 3 web\n";
