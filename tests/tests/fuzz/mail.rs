//! Mail: both ends of POP3, the parts of a mail, and the commands of a mail program.

use bolero::check;
use bytes::Bytes;
use protocols::mail::agent;
use protocols::mime::{Limits as Depth, note_mail, parse_addresses, parse_date, read};
use protocols::pop3::{ClientSession, Command, Limits, Reply, ServerEvent, ServerSession, dissect};
use protocols::wire::{Chunk, Notes, Side};

use crate::damage::Damage;

#[test]
fn pop3_commands_are_heard_alike_however_they_are_cut() {
    check!().with_type::<Damage>().for_each(|damage| {
        let bytes = damage.of(&SESSIONS, &WORDS);
        let whole = asked(&[&bytes]);
        assert_eq!(asked(&damage.pieces(&bytes)), whole);
    });
}

#[test]
fn pop3_replies_are_heard_alike_however_they_are_cut() {
    check!().with_type::<Damage>().for_each(|damage| {
        let bytes = damage.of(&REPLIES, &WORDS);
        let whole = answered(&[&bytes]);
        assert_eq!(answered(&damage.pieces(&bytes)), whole);
    });
}

#[test]
fn every_byte_of_a_pop3_session_is_in_one_message() {
    check!().with_type::<Damage>().for_each(|damage| {
        let (ask, answer) = (damage.of(&SESSIONS, &WORDS), damage.of(&REPLIES, &WORDS));
        let chunk = |side, bytes: &[u8]| Chunk { side, bytes: Bytes::copy_from_slice(bytes) };
        let greeting = chunk(Side::Responder, b"+OK\r\n");
        let pieces = damage.pieces(&ask).into_iter().map(|piece| chunk(Side::Initiator, piece));
        let mut chunks: Vec<Chunk> = std::iter::once(greeting).chain(pieces).collect();
        chunks.extend(damage.pieces(&answer).into_iter().map(|p| chunk(Side::Responder, p)));
        chunks.retain(|chunk| !chunk.bytes.is_empty());
        let explained: usize = dissect(&chunks).iter().map(|message| message.span.len()).sum();
        assert_eq!(explained, ask.len() + answer.len() + 5);
    });
}

#[test]
fn the_notes_of_a_mail_tile_it_and_its_parts_stay_within() {
    check!().with_type::<Damage>().for_each(|damage| {
        let bytes = Bytes::from(damage.of(&MAILS, &WORDS));
        let mail = read(bytes.clone(), Depth::default());
        assert!(mail.leaves().iter().all(|leaf| leaf.span.end <= bytes.len()));
        assert!(mail.oddities.iter().all(|odd| odd.span.end <= bytes.len()));
        for leaf in mail.leaves() {
            let decoded = leaf.decoded(&bytes);
            assert!(decoded.bytes.len() <= leaf.body.len());
        }
        let mut notes = Notes::on();
        note_mail(&bytes, &mut notes);
        let mut at = 0;
        for note in notes.take().iter().filter(|note| note.depth == 0) {
            assert_eq!(note.span.start, at, "a gap or an overlap before {note:?}");
            at = note.span.end;
        }
        assert_eq!(at, bytes.len());
    });
}

#[test]
fn whatever_stands_in_a_field_is_read_or_is_left() {
    check!().with_type::<Damage>().for_each(|damage| {
        let text = damage.text_of(&FIELDS, &WORDS);
        let _ = parse_date(&text);
        assert!(parse_addresses(&text).len() <= text.len());
    });
}

#[test]
fn a_command_of_a_mail_program_reads_back_as_itself() {
    check!().with_type::<Damage>().for_each(|damage| {
        let text = damage.text_of(&COMMANDS, &WORDS);
        if let Ok(command) = text.parse::<agent::Command>() {
            let again = command.to_string().parse::<agent::Command>();
            assert_eq!(again, Ok(command), "from {text:?}");
        }
    });
}

/// What a server makes of the pieces, granting everything.
fn asked(pieces: &[&[u8]]) -> Vec<String> {
    let mut session = ServerSession::new(Limits::default());
    let _ = session.greet("ready");
    let mut heard = Vec::new();
    for piece in pieces {
        session.receive(piece);
        loop {
            let event = session.next_event();
            let reply = match &event {
                Ok(Some(ServerEvent::Command(command))) if command.is_multi_line() => {
                    Reply::ok("").with("")
                }
                Ok(Some(ServerEvent::Command(_))) => Reply::ok(""),
                Ok(Some(ServerEvent::Fault(_))) => Reply::err(""),
                Ok(Some(ServerEvent::Closed) | None) => break,
                Err(violation) => {
                    heard.push(format!("{violation:?}"));
                    return heard;
                }
            };
            heard.push(format!("{event:?}"));
            session.reply(&reply).expect("what was read can be answered");
        }
    }
    heard
}

/// What a client makes of the pieces, which has asked for a message and the list of them.
fn answered(pieces: &[&[u8]]) -> Vec<String> {
    let mut session = ClientSession::new(Limits::default());
    session.receive(b"+OK\r\n");
    let _ = session.next_event();
    for (command, reply) in [
        (Command::Capa, "+OK\r\nPIPELINING\r\n.\r\n"),
        (Command::Apop { name: "a".into(), digest: "d".into() }, "+OK\r\n"),
    ] {
        session.send(command).expect("it belongs here");
        session.receive(reply.as_bytes());
        let _ = session.next_event();
    }
    for command in [Command::Retr(1), Command::List(None), Command::Stat] {
        session.send(command).expect("it belongs here");
    }
    let mut heard = Vec::new();
    for piece in pieces {
        session.receive(piece);
        loop {
            match session.next_event() {
                Ok(Some(event)) => heard.push(format!("{event:?}")),
                Ok(None) => break,
                Err(violation) => {
                    heard.push(format!("{violation:?}"));
                    return heard;
                }
            }
        }
    }
    heard
}

const SESSIONS: [&str; 2] = [
    "USER bob\r\nPASS a b\r\nSTAT\r\nLIST\r\nRETR 1\r\nDELE 1\r\nTOP 2 10\r\nUIDL 2\r\nQUIT\r\n",
    "CAPA\r\nAPOP bob c4c9334bac560ecc979e58001b3e22fb\r\nNOOP\r\nRSET\r\nRETR -1\r\nQUIT\r\n",
];

const REPLIES: [&str; 2] = [
    "+OK 5 octets\r\nSubject: x\r\n\r\n..\r\nbye\r\n.\r\n+OK\r\n1 5\r\n2 7\r\n.\r\n+OK 2 12\r\n",
    "-ERR [IN-USE] no\r\n+OK\r\n.\r\n+OK 0 0\r\n",
];

const MAILS: [&str; 2] = [
    "From: A <a@a.test>\r\nSubject: =?utf-8?Q?caf=C3=A9?=\r\n folded\r\n\
     Content-Type: multipart/mixed;\r\n boundary=\"b\"\r\n\r\npre\r\n--b\r\n\
     Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--b\r\n\
     Content-Type: message/rfc822\r\n\r\nTo: x\r\n\r\nin\r\n--b--\r\npost\r\n",
    "Content-Transfer-Encoding: quoted-printable\r\n\r\ncaf=C3=A9 =\r\nsoft=20\r\n",
];

const FIELDS: [&str; 3] = [
    "Tue, 14 Nov 2023 22:13:20 +0100 (CET)",
    "A <a@a.test>, \"B, C\" <b@b.test>, G: c@c, d@d;, (x) <@r:e@e>",
    "=?utf-8?B?w6k=?= <f@f>",
];

const COMMANDS: [&str; 3] =
    ["send a@a.test b@b.test,c@c \"S \\\"q\\\"\" \"T\\n\" f.gif \"g h\"", "top 1 10", "login apop"];

const WORDS: [&str; 20] = [
    "\r\n",
    "\n",
    "\r",
    "\0",
    ".",
    "..",
    "\r\n.\r\n",
    " ",
    "\t",
    "-1",
    "0",
    "100000000000000000000",
    "--b",
    "--b--",
    "=",
    "=?",
    "?=",
    "\"",
    "\u{e9}",
    ":",
];
