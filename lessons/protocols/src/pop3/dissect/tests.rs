//! Dialogues that our programs do not speak, and what reading a reply that grows costs.

use bytes::Bytes;

use super::{Conversation, dissect};
use crate::wire::{Chunk, Message, Reading, Side, Speaks};

fn said(side: Side, text: &str) -> Chunk {
    Chunk { side, bytes: Bytes::from(text.to_string()) }
}

fn read(talk: &[(Side, &str)]) -> Vec<Message> {
    let chunks: Vec<Chunk> = talk.iter().map(|(side, text)| said(*side, text)).collect();
    dissect(&chunks)
}

fn faults(messages: &[Message]) -> Vec<&str> {
    messages.iter().filter(|m| m.fault.is_some()).map(|m| m.title.as_str()).collect()
}

const ASKS: Side = Side::Initiator;
const ANSWERS: Side = Side::Responder;

#[test]
fn auth_is_a_dialogue_of_challenges_and_responses_and_opens_the_maildrop_rfc_5034() {
    let messages = read(&[
        (ANSWERS, "+OK ready\r\n"),
        (ASKS, "AUTH LOGIN\r\n"),
        (ANSWERS, "+ VXNlcm5hbWU6\r\n"),
        (ASKS, "UVVJVA==\r\n"),
        (ANSWERS, "+ UGFzc3dvcmQ6\r\n"),
        (ASKS, "QUIT\r\n"),
        (ANSWERS, "+OK in\r\n"),
        (ASKS, "STAT\r\n"),
        (ANSWERS, "+OK 1 20\r\n"),
    ]);
    assert_eq!(faults(&messages), [""; 0], "{messages:#?}");
    let titles: Vec<&str> = messages.iter().map(|message| message.title.as_str()).collect();
    assert_eq!(
        titles[2..5],
        ["+ base64 of `Username:`", "base64 of `QUIT`", "+ base64 of `Password:`"]
    );
    assert_eq!(messages[5].detail, "AUTH response", "a response that looks like a command");
    assert_eq!(messages[6].detail, "reply to AUTH");
}

#[test]
fn a_client_may_give_auth_up_and_a_server_may_refuse_it() {
    let messages = read(&[
        (ANSWERS, "+OK ready\r\n"),
        (ASKS, "AUTH PLAIN\r\n"),
        (ANSWERS, "+ \r\n"),
        (ASKS, "*\r\n"),
        (ANSWERS, "-ERR cancelled\r\n"),
        (ASKS, "AUTH PLAIN AGEAYg==\r\n"),
        (ANSWERS, "-ERR no\r\n"),
        (ASKS, "USER a\r\nSTAT\r\n"),
        (ANSWERS, "+OK\r\n-ERR\r\n"),
    ]);
    assert_eq!(faults(&messages), ["STAT"], "it does not belong before the login");
    assert_eq!(messages[3].notes[0].value, "the client gives up");
    let response = messages[5].notes.iter().find(|note| note.name == "initial response");
    assert_eq!(response.unwrap().value, "base64 of `\\0a\\0b`");
}

#[test]
fn what_follows_stls_is_shown_as_encrypted_and_is_no_fault_rfc_2595() {
    let messages = read(&[
        (ANSWERS, "+OK ready\r\n"),
        (ASKS, "STLS\r\n"),
        (ANSWERS, "+OK begin\r\n"),
        (ASKS, "\u{16}\u{3}\u{1}\nhello"),
        (ANSWERS, "\u{16}\u{3}\u{3}"),
        (ASKS, "more"),
    ]);
    assert_eq!(faults(&messages), [""; 0]);
    let tls: Vec<(&str, &str, bool)> =
        messages[3..].iter().map(|m| (&*m.title, &*m.detail, m.complete)).collect();
    assert_eq!(tls, [("TLS", "9 B", true), ("TLS", "3 B", true), ("TLS", "4 B", true)]);
    assert_eq!(messages[3].notes[0].rule.unwrap().id, "pop3.stls");
}

/// What is told so far is told by a copy; the reply itself must not be in it.
#[test]
fn a_reply_that_grows_is_never_copied() {
    let mut talk = Conversation::begin(Speaks { initiator: true, responder: true });
    let begin = [
        said(ANSWERS, "+OK ready\r\n"),
        said(ASKS, "USER a\r\nPASS b\r\nRETR 1\r\nDELE 1\r\nQUIT\r\n"),
        said(ANSWERS, "+OK\r\n+OK\r\n+OK 100000 octets\r\n"),
    ];
    for (index, chunk) in begin.iter().enumerate() {
        talk.take(index, chunk);
    }
    talk.settled();
    let at = std::rc::Rc::as_ptr(&talk.client);
    let mut copies = 0;
    for index in 0..1_000 {
        talk.take(3 + index, &said(ANSWERS, &"line\r\n".repeat(100)));
        assert!(talk.settled().is_empty());
        assert!(!talk.clone().finish().is_empty());
        copies += usize::from(std::rc::Rc::as_ptr(&talk.client) != at);
    }
    assert_eq!(copies, 0, "600 000 bytes in 1000 pieces");
    talk.take(1_003, &said(ANSWERS, ".\r\n"));
    let settled = talk.settled();
    let reply = settled.iter().find(|message| message.side == ANSWERS).unwrap();
    assert_eq!(reply.span.len(), 600_000 + "+OK 100000 octets\r\n.\r\n".len());
}
