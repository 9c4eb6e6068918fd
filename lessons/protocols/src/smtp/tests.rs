//! Both machines talk to each other, and whole sessions are read back from their bytes.

use bytes::Bytes;

use super::*;
use crate::wire::{Chunk, Message, Side};

fn chunk(side: Side, text: &str) -> Chunk {
    Chunk { side, bytes: Bytes::copy_from_slice(text.as_bytes()) }
}

fn session() -> Vec<Chunk> {
    use Side::{Initiator, Responder};
    vec![
        chunk(Responder, "220 mail.b.test\r\n"),
        chunk(Initiator, "EHLO a.test\r\n"),
        chunk(Responder, "250-mail.b.test\r\n250-PIPELINING\r\n250 SIZE 1000\r\n"),
        chunk(Initiator, "MAIL FROM:<a@a.test> SIZE=40\r\nRCPT TO:<b@b.test>\r\nDATA\r\n"),
        chunk(Responder, "250 2.1.0 ok\r\n250 2.1.5 ok\r\n354 go\r\n"),
        chunk(Initiator, "Subject: hi\r\n\r\nMAIL FROM:<x@x.test>\r\n..dot\r\n."),
        chunk(Initiator, "\r\nQUIT\r\n"),
        chunk(Responder, "250 2.0.0 stored\r\n221 bye\r\n"),
    ]
}

fn titles(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.title.as_str()).collect()
}

/// Every byte of each side is in exactly one message, and in exactly one note of depth 0.
fn assert_tiled(chunks: &[Chunk], messages: &[Message]) {
    for side in [Side::Initiator, Side::Responder] {
        let len: usize = chunks.iter().filter(|c| c.side == side).map(|c| c.bytes.len()).sum();
        let mut at = 0;
        for message in messages.iter().filter(|message| message.side == side) {
            assert_eq!(message.span.start, at, "{message:?}");
            at = message.span.end;
            let mut inner = 0;
            for note in message.notes.iter().filter(|note| note.depth == 0) {
                assert_eq!(note.span.start, inner, "{message:#?}");
                inner = note.span.end;
            }
            assert_eq!(inner, message.span.len(), "{message:#?}");
        }
        assert_eq!(at, len, "{side:?}");
    }
}

#[test]
fn a_session_is_read_back_and_every_byte_is_named() {
    let messages = dissect(&session());
    assert_tiled(&session(), &messages);
    let told = titles(&messages);
    assert_eq!(
        told,
        [
            "220 mail.b.test",
            "EHLO a.test",
            "250 mail.b.test",
            "MAIL FROM:<a@a.test> SIZE=40",
            "RCPT TO:<b@b.test>",
            "DATA",
            "250 2.1.0 ok",
            "250 2.1.5 ok",
            "354 go",
            "mail: hi",
            "QUIT",
            "250 2.0.0 stored",
            "221 bye",
        ]
    );
    assert!(messages.iter().all(|message| message.complete && message.fault.is_none()));
}

#[test]
fn a_session_that_is_cut_anywhere_is_still_tiled() {
    let whole = session();
    for shown in 0..=whole.len() {
        let chunks = &whole[..shown];
        assert_tiled(chunks, &dissect(chunks));
    }
    let asked: Vec<Chunk> = whole.iter().filter(|c| c.side == Side::Initiator).cloned().collect();
    let messages = dissect(&asked);
    assert_tiled(&asked, &messages);
    assert_eq!(titles(&messages).last(), Some(&"QUIT"), "replies are not needed to read on");
    let bytes: Vec<Chunk> = whole
        .iter()
        .flat_map(|c| c.bytes.iter().map(|b| Chunk { side: c.side, bytes: vec![*b].into() }))
        .collect();
    assert_tiled(&bytes, &dissect(&bytes));
    assert_eq!(titles(&dissect(&bytes)), titles(&dissect(&whole)));
}

#[test]
fn a_reader_goes_by_what_the_real_server_accepted() {
    use Side::{Initiator, Responder};
    let chunks = [
        chunk(Responder, "220 b\r\n"),
        chunk(Initiator, "MAIL FROM:<a@a.test> FOO=1\r\n"),
        chunk(Responder, "250 fine\r\n"),
        chunk(Initiator, "RCPT TO:<b@b.test>\r\nDATA\r\n"),
        chunk(Responder, "250 fine\r\n354 go\r\n"),
        chunk(Initiator, "NOOP\r\n.\r\n"),
        chunk(Responder, "250 stored\r\n"),
    ];
    let messages = dissect(&chunks);
    assert_tiled(&chunks, &messages);
    let mail = messages.iter().find(|message| message.title == "mail").expect("a mail");
    assert_eq!(mail.span.len(), "NOOP\r\n.\r\n".len());
    let faults = messages.iter().filter(|message| message.fault.is_some()).count();
    assert_eq!(faults, 1, "MAIL with an unknown parameter: {messages:#?}");
}

#[test]
fn what_cannot_be_read_is_one_message_with_what_is_wrong_with_it() {
    use Side::{Initiator, Responder};
    let chunks =
        [chunk(Responder, "220 b\r\nwhat\r\n250 x\r\n"), chunk(Initiator, "EHLO a.test\nMAIL\r\n")];
    let messages = dissect(&chunks);
    assert_tiled(&chunks, &messages);
    let faults: Vec<&str> =
        messages.iter().filter_map(|m| m.fault.as_ref()).map(|fault| fault.rule.id).collect();
    assert_eq!(faults, ["smtp.reply-code", "smtp.bare-lf"]);
}

#[test]
fn addresses_are_written_with_as_little_quoting_as_can_be() {
    for (text, written) in [
        ("bob@b.test", "bob@b.test"),
        ("\"bob\"@b.test", "bob@b.test"),
        ("\"b\\o b\"@b.test", "\"bo b\"@b.test"),
        ("\"a\\\"\\\\\"@[192.0.2.1]", "\"a\\\"\\\\\"@[192.0.2.1]"),
        ("\"\"@b.test", "\"\"@b.test"),
    ] {
        let address: Address = text.parse().unwrap();
        assert_eq!(address.to_string(), written, "RFC 5321 section 4.1.2");
        assert_eq!(written.parse(), Ok(address));
    }
    assert!("bob@b.test ".parse::<Address>().is_err());
}

fn faults(messages: &[Message]) -> Vec<&str> {
    messages.iter().filter(|m| m.fault.is_some()).map(|m| m.title.as_str()).collect()
}

#[test]
fn auth_is_a_dialogue_of_challenges_and_responses_rfc_4954() {
    use Side::{Initiator, Responder};
    let chunks = [
        chunk(Responder, "220 mx\r\n"),
        chunk(Initiator, "EHLO a.test\r\n"),
        chunk(Responder, "250-mx\r\n250 AUTH PLAIN LOGIN\r\n"),
        chunk(Initiator, "AUTH LOGIN\r\n"),
        chunk(Responder, "334 VXNlcm5hbWU6\r\n"),
        chunk(Initiator, "Ym9i\r\n"),
        chunk(Responder, "334 UGFzc3dvcmQ6\r\n"),
        // A response may look like a command.
        chunk(Initiator, "QUIT\r\n"),
        chunk(Responder, "535 no\r\n"),
        chunk(Initiator, "AUTH PLAIN AGJvYgBx\r\n"),
        chunk(Responder, "235 welcome\r\n"),
        chunk(Initiator, "MAIL FROM:<a@a.test>\r\n"),
        chunk(Responder, "250 ok\r\n"),
    ];
    let messages = dissect(&chunks);
    assert_tiled(&chunks, &messages);
    assert_eq!(faults(&messages), [""; 0]);
    let responses = messages.iter().filter(|message| message.title == "AUTH response");
    let said: Vec<&str> = responses.map(|message| message.notes[0].value.as_str()).collect();
    assert_eq!(said, ["base64 of `bob`", "3 B"], "QUIT is base64 of no text");
    let challenge = messages[4].notes.iter().find(|note| note.name == "text").unwrap();
    assert_eq!(challenge.value, "base64 of `Username:`");
    assert_eq!(messages[9].notes[4].value, "base64 of `\\0bob\\0q`");
    // Where the replies are not known, the mechanism tells how many lines are responses.
    let alone: Vec<Chunk> =
        chunks[..9].iter().filter(|chunk| chunk.side == Initiator).cloned().collect();
    let messages = dissect(&alone);
    assert_tiled(&alone, &messages);
    assert_eq!(titles(&messages)[2..], ["AUTH response", "AUTH response"]);
}

#[test]
fn what_follows_starttls_is_shown_as_encrypted_and_is_no_fault_rfc_3207() {
    use Side::{Initiator, Responder};
    let chunks = [
        chunk(Responder, "220 mx\r\n"),
        chunk(Initiator, "EHLO a.test\r\n"),
        chunk(Responder, "250-mx\r\n250 STARTTLS\r\n"),
        chunk(Initiator, "STARTTLS\r\n"),
        chunk(Responder, "220 go\r\n"),
        chunk(Initiator, "\u{16}\u{3}\n\u{1}"),
        chunk(Responder, "\u{16}\u{3}\u{3}"),
        chunk(Initiator, "more"),
    ];
    let messages = dissect(&chunks);
    assert_tiled(&chunks, &messages);
    assert_eq!(faults(&messages), [""; 0]);
    assert_eq!(titles(&messages)[5..], ["TLS", "TLS", "TLS"]);
    assert!(messages.iter().all(|message| message.complete));
    assert_eq!(messages[5].notes[0].rule.unwrap().id, "smtp.starttls");
    // Refused, it changes nothing; our own servers answer 502.
    let refused = [&chunks[..4], &[chunk(Responder, "502 no\r\n"), chunk(Initiator, "NOOP\r\n")]];
    let messages = dissect(&refused.concat());
    assert_eq!((faults(&messages), messages[5].title.as_str()), (vec![], "NOOP"));
}
