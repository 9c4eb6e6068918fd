//! Conversations read back: every byte in one message, whatever is in them and however it was cut.

use bytes::Bytes;
use protocols::pop3::dissect;
use protocols::wire::{Chunk, Message, Side};

fn ask(text: &str) -> Chunk {
    Chunk { side: Side::Initiator, bytes: Bytes::copy_from_slice(text.as_bytes()) }
}

fn answer(text: &str) -> Chunk {
    Chunk { side: Side::Responder, bytes: Bytes::copy_from_slice(text.as_bytes()) }
}

/// What a message is in one line: side, title, detail, and what is wrong or missing.
fn line(message: &Message) -> String {
    let arrow = match message.side {
        Side::Initiator => '>',
        Side::Responder => '<',
    };
    let end = match (&message.fault, message.complete) {
        (Some(fault), _) => format!(" ! {}", fault.rule.id),
        (None, true) => String::new(),
        (None, false) => " ...".into(),
    };
    format!("{arrow} {} | {}{end}", message.title, message.detail)
}

fn lines(chunks: &[Chunk]) -> Vec<String> {
    let messages = dissect(chunks);
    every_byte_is_explained_once(chunks, &messages);
    messages.iter().map(line).collect()
}

/// The spans of each side's messages tile its stream, and the notes of depth 0 tile each message.
fn every_byte_is_explained_once(chunks: &[Chunk], messages: &[Message]) {
    for side in [Side::Initiator, Side::Responder] {
        let sent: usize = chunks.iter().filter(|c| c.side == side).map(|c| c.bytes.len()).sum();
        let mut at = 0;
        for message in messages.iter().filter(|m| m.side == side) {
            assert_eq!(message.span.start, at, "{message:?}");
            at = message.span.end;
            let mut note_at = 0;
            for note in message.notes.iter().filter(|note| note.depth == 0) {
                assert_eq!(note.span.start, note_at, "{note:?} in {message:?}");
                note_at = note.span.end;
            }
            assert_eq!(note_at, message.span.len(), "{message:?}");
            assert!(message.notes.iter().all(|n| n.span.end <= message.span.len()), "{message:?}");
        }
        assert_eq!(at, sent, "{messages:?}");
    }
}

const MAIL: &str = "+OK 30 octets\r\nSubject: hi\r\nTo: b\r\n\r\n..\r\nbye\r\n.\r\n";

fn session() -> Vec<Chunk> {
    vec![
        answer("+OK ready\r\n"),
        ask("USER bob\r\n"),
        answer("+OK\r\n"),
        ask("PASS x y\r\n"),
        answer("+OK\r\n"),
        ask("LIST\r\n"),
        answer("+OK\r\n1 30\r\n2 99 more\r\n.\r\n"),
        ask("RETR 1\r\n"),
        answer(MAIL),
        ask("RETR 9\r\n"),
        answer("-ERR [SYS/TEMP] no\r\n"),
        ask("QUIT\r\n"),
        answer("+OK bye\r\n"),
    ]
}

#[test]
fn a_session_is_titled_by_what_it_says() {
    let expected = [
        "< +OK ready | greeting",
        "> USER bob | command",
        "< +OK | reply to USER bob",
        "> PASS x y | command",
        "< +OK | reply to PASS",
        "> LIST | command",
        "< +OK | LIST: 25 B",
        "> RETR 1 | command",
        "< +OK 30 octets | RETR 1: 49 B",
        "> RETR 9 | command",
        "< -ERR [SYS/TEMP] no | RETR 9: 20 B",
        "> QUIT | command",
        "< +OK bye | reply to QUIT",
    ];
    assert_eq!(lines(&session()), expected);
}

#[test]
fn a_message_shows_its_header_fields_and_its_stuffed_dot_in_place() {
    let messages = dissect(&session());
    let retr = &messages[8];
    let shown = |name: &str| {
        let note = retr.notes.iter().find(|note| note.name == name).unwrap();
        &MAIL[note.span.start..note.span.end]
    };
    assert_eq!(shown("stuffed dot"), ".");
    assert_eq!(shown("Subject"), "Subject: hi\r\n");
    assert_eq!(shown("To"), "To: b\r\n");
    assert_eq!(shown("termination octet"), ".");
    let code = messages[10].notes.iter().find(|note| note.name == "resp-code").unwrap();
    assert_eq!(code.value, "SYS/TEMP");
}

#[test]
fn faults_stand_in_the_message_that_has_them() {
    let chunks = [
        answer("+OK\r\n"),
        ask("STAT\r\nUSER  bob\r\n"),
        answer("-ERR\r\n-ERR\r\n"),
        ask("QUIT\r\nmore"),
        answer("+OK\r\n+OK\r\n"),
    ];
    let expected = [
        "< +OK | greeting",
        "> STAT | against RFC 1939 section 3 ! pop3.wrong-state",
        "> USER bob | against RFC 1939 section 3 ! pop3.arguments",
        "< -ERR | reply to no command",
        "< -ERR | reply to no command",
        "> QUIT | command",
        "> bytes after QUIT | 4 B so far",
        "< +OK | reply to QUIT",
        "< not POP3 | against RFC 1939 section 3 ! pop3.unasked",
    ];
    assert_eq!(lines(&chunks), expected);
}

#[test]
fn what_is_not_complete_says_so() {
    assert_eq!(lines(&[answer("+OK rea")]), ["< beginning of a reply | 7 B so far ..."]);
    let chunks = [answer("+OK\r\n"), ask("USER bob\r\nPASS x\r\nLIST\r\nRE")];
    assert_eq!(lines(&chunks).last().unwrap(), "> beginning of a command | 2 B so far ...");
    let endless = "x".repeat(9000);
    let shown = lines(&[answer("+OK\r\n"), ask(&endless), answer("-ERR too long\r\n")]);
    assert_eq!(shown[1], "> not POP3 | against RFC 2449 section 4 ! pop3.command-limit");
    assert_eq!(shown[2], "< -ERR too long | reply to no command");
}

#[test]
fn messages_do_not_depend_on_how_the_bytes_were_cut() {
    let whole = dissect(&session());
    for size in [1, 2, 3, 7, 50] {
        let mut chunks: Vec<Chunk> = Vec::new();
        for Chunk { side, bytes } in session() {
            let piece = |cut: &[u8]| Chunk { side, bytes: Bytes::copy_from_slice(cut) };
            chunks.extend(bytes.chunks(size).map(piece));
        }
        let mut cut = dissect(&chunks);
        every_byte_is_explained_once(&chunks, &cut);
        for (message, expected) in cut.iter_mut().zip(&whole) {
            message.chunk = expected.chunk;
        }
        assert_eq!(cut, whole, "in pieces of {size}");
    }
}
