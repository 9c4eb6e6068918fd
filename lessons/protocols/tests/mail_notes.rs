//! A mail in the inspector: SMTP and POP3 show the same one field by field and part by part, with
//! spans that count in the bytes of the wire, stuffed dots and all.

#[path = "pop3_common/odd.rs"]
mod odd;

use bytes::Bytes;
use odd::odd_messages;
use protocols::pop3::codec::{as_lines, stuff};
use protocols::wire::{Chunk, Message, Note, Side};
use protocols::{pop3, smtp};

/// Two parts, one encoded, and lines that begin with dots wherever they may.
const MAIL: &str = ".Odd: dotted\r\n\
    Subject: =?utf-8?Q?gr=C3=BC=C3=9Fe?= to you\r\n\
    Content-Type: multipart/mixed; boundary=b\r\n\r\n\
    .before\r\n\
    --b\r\n\r\n\
    .first\r\n..\r\n\
    --b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n\
    aGVsbG8=\r\n\
    --b--\r\n\
    .behind\r\n";

fn chunk(side: Side, bytes: impl AsRef<[u8]>) -> Chunk {
    Chunk { side, bytes: Bytes::copy_from_slice(bytes.as_ref()) }
}

/// The mail as SMTP's dissection shows it, with its bytes.
fn pushed(mail: &[u8]) -> (Message, Vec<u8>) {
    use Side::{Initiator, Responder};
    let data = [&stuff(mail), &b".\r\n"[..]].concat();
    let chunks = [
        chunk(Responder, "220 b\r\n"),
        chunk(Initiator, "EHLO a.test\r\n"),
        chunk(Responder, "250-b\r\n250 8BITMIME\r\n"),
        chunk(Initiator, "MAIL FROM:<> BODY=8BITMIME\r\nRCPT TO:<b@b.test>\r\nDATA\r\n"),
        chunk(Responder, "250 ok\r\n250 ok\r\n354 go\r\n"),
        chunk(Initiator, &data),
    ];
    let message = smtp::dissect(&chunks).pop().expect("a mail");
    assert_eq!(message.span.len(), data.len());
    (message, data)
}

/// The mail as POP3's dissection shows it, with its bytes.
fn pulled(mail: &[u8]) -> (Message, Vec<u8>) {
    use Side::{Initiator, Responder};
    let data = [b"+OK\r\n", &stuff(mail)[..], b".\r\n"].concat();
    let chunks = [
        chunk(Responder, "+OK ready\r\n"),
        chunk(Initiator, "USER b\r\nPASS x\r\nRETR 1\r\n"),
        chunk(Responder, "+OK\r\n+OK\r\n"),
        chunk(Responder, &data),
    ];
    let message = pop3::dissect(&chunks).pop().expect("a mail");
    assert_eq!(message.span.len(), data.len());
    (message, data)
}

fn shown<'a>(notes: &'a [Note], wire: &'a [u8], name: &str) -> Vec<(u8, String, &'a str)> {
    let named = notes.iter().filter(|note| note.name == name);
    named
        .map(|note| {
            let bytes = core::str::from_utf8(note.span.of(wire)).expect("a test's own text");
            (note.depth, bytes.to_string(), note.value.as_str())
        })
        .collect()
}

#[test]
fn both_protocols_nest_fields_parts_and_encodings_in_the_mail() {
    for (message, wire) in [pushed(MAIL.as_bytes()), pulled(MAIL.as_bytes())] {
        let of = |name| shown(&message.notes, &wire, name);
        assert_eq!(of(".Odd"), [(1, "..Odd: dotted\r\n".into(), "dotted")]);
        assert_eq!(of("Subject")[0].2, "grüße to you");
        assert_eq!(of("encoded-word")[0].1, "=?utf-8?Q?gr=C3=BC=C3=9Fe?=");
        assert_eq!(of("preamble")[0].1, "..before");
        let delimiters: Vec<String> = of("delimiter").into_iter().map(|found| found.1).collect();
        assert_eq!(delimiters, ["\r\n--b\r\n", "\r\n--b\r\n"]);
        assert_eq!(of("close-delimiter")[0].1, "\r\n--b--\r\n");
        assert_eq!(of("epilogue")[0].1, "..behind\r\n");
        assert_eq!(of("part")[0].1, "\r\n..first\r\n...");
        assert_eq!(of("base64"), [(4, "aGVsbG8=".into(), "5 B: hello")]);
        let dots: Vec<(u8, String, &str)> = of("stuffed dot");
        let depths: Vec<u8> = dots.iter().map(|dot| dot.0).collect();
        assert_eq!(depths, [3, 3, 4, 4, 3], "each within the deepest field around it");
        assert!(dots.iter().all(|dot| dot.1 == "."));
    }
}

#[test]
fn the_notes_of_odd_mails_stay_within_each_other_and_tile_what_is_sent() {
    for mail in odd_messages() {
        let mail = as_lines(&mail);
        let mut shown = vec![pulled(&mail)];
        // SMTP ends at a bare CR or LF; those mails never get into a POP3 maildrop by it.
        if !mail.windows(2).any(|two| two[0] == b'\r' && two[1] != b'\n') {
            shown.push(pushed(&mail));
        }
        for (message, wire) in shown {
            tiled(&message.notes, 0, 0, wire.len());
            let data = message
                .notes
                .iter()
                .find(|note| note.depth == 0 && matches!(&*note.name, "mail data" | "message"));
            if let Some(data) = data {
                tiled(&message.notes, 1, data.span.start, data.span.end);
            }
            within(&message.notes);
        }
    }
}

/// The notes of a depth join, from here to there.
fn tiled(notes: &[Note], depth: u8, from: usize, to: usize) {
    let mut at = from;
    for note in notes.iter().filter(|note| note.depth == depth) {
        assert_eq!(note.span.start, at, "{note:?} of {notes:#?}");
        at = note.span.end;
    }
    assert_eq!(at, to, "{notes:#?}");
}

/// Each note lies within the last one before it that is less deep.
fn within(notes: &[Note]) {
    let mut open: Vec<&Note> = Vec::new();
    for note in notes {
        open.retain(|outer| outer.depth < note.depth);
        if let Some(outer) = open.last() {
            let inside = outer.span.start <= note.span.start && note.span.end <= outer.span.end;
            assert!(inside, "{note:?} is not within {outer:?}");
        }
        open.push(note);
    }
}
