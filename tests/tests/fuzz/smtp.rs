//! SMTP: sessions from both ends, and both sides of a session dissected.

use bolero::check;
use protocols::smtp::codec::{DataReader, stuffed};
use protocols::smtp::{Limits, dissect};
use protocols::wire::{Chunk, Notes, Side};

use crate::damage::Damage;
use crate::targets::fuzz::smtp::{heard_by_client, heard_by_server};

#[test]
fn a_client_is_heard_alike_however_its_bytes_are_cut() {
    check!().with_type::<Damage>().for_each(|damage| {
        let bytes = damage.of(&SESSIONS, &WORDS);
        let whole = heard_by_server(&[&bytes]);
        assert_eq!(heard_by_server(&damage.pieces(&bytes)), whole);
    });
}

#[test]
fn a_server_is_heard_alike_however_its_bytes_are_cut() {
    check!().with_type::<Damage>().for_each(|damage| {
        let bytes = damage.of(&REPLIES, &WORDS);
        let whole = heard_by_client(&[&bytes]);
        assert_eq!(heard_by_client(&damage.pieces(&bytes)), whole);
    });
}

#[test]
fn a_mail_with_a_bare_byte_never_comes_through() {
    check!().with_type::<Damage>().for_each(|damage| {
        let bytes = damage.of(&MAILS, &WORDS);
        let mut reader = DataReader::new(true);
        let Ok(progress) = reader.read(&bytes, &Limits::default(), &mut Notes::off()) else {
            return;
        };
        let Some(mail) = progress.mail.filter(|mail| mail.fault.is_none()) else { return };
        // A dot that nobody stuffed is taken off too (RFC 5321 section 4.5.2), so not the bytes but
        // what they say must come back.
        let wire = stuffed(&mail.octets, true, &Limits::default()).expect("it was read");
        let again = DataReader::new(true).read(&wire, &Limits::default(), &mut Notes::off());
        let again = again.expect("no byte is bare").mail.expect("it ends");
        assert_eq!(again.octets, mail.octets, "what is sent on is what was read");
        let text = mail.octets.to_vec();
        let bare = |at: usize| match text[at] {
            b'\n' => at == 0 || text[at - 1] != b'\r',
            b'\r' => text.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        assert!(!(0..text.len()).any(bare), "RFC 5321 section 2.3.8");
    });
}

#[test]
fn every_byte_of_a_session_is_in_one_message_and_one_note() {
    check!().with_type::<Damage>().for_each(|damage| {
        let (asked, answered) = (damage.of(&SESSIONS, &WORDS), damage.of(&REPLIES, &WORDS));
        let chunk = |side, bytes: &[u8]| Chunk { side, bytes: bytes.to_vec().into() };
        let mut chunks = Vec::new();
        for (one, other) in damage.pieces(&asked).iter().zip(damage.pieces(&answered)) {
            chunks.push(chunk(Side::Responder, other));
            chunks.push(chunk(Side::Initiator, one));
        }
        let sent: usize = chunks.iter().map(|chunk| chunk.bytes.len()).sum();
        let messages = dissect(&chunks);
        assert_eq!(messages.iter().map(|message| message.span.len()).sum::<usize>(), sent);
        for message in messages {
            let mut at = 0;
            for note in message.notes.iter().filter(|note| note.depth == 0) {
                assert_eq!(note.span.start, at, "a gap or an overlap before {note:?}");
                at = note.span.end;
            }
            assert_eq!(at, message.span.len(), "bytes at the end are not explained");
        }
    });
}

const SESSIONS: [&str; 4] = [
    "EHLO a.test\r\nMAIL FROM:<a@a.test> SIZE=10 BODY=8BITMIME\r\nRCPT TO:<b@b.test>\r\n\
     DATA\r\nSubject: x\r\n\r\n..dot\r\n.\r\nQUIT\r\n",
    "HELO a.test\r\nMAIL FROM:<>\r\nRCPT TO:<@x.test:\"b \\\" c\"@[192.0.2.1]>\r\nRSET\r\n\
     NOOP text\r\nVRFY bob\r\nEXPN list\r\nHELP data\r\n",
    "EHLO [IPv6:2001:db8::1]\r\nMAIL FROM:<a@a.test>\r\nRCPT TO:<Postmaster>\r\nDATA\r\n\
     x\r\n.\r\nMAIL FROM:<a@a.test> FOO=1\r\nBREW\r\nDATA\r\n",
    "EHLO a.test\r\nMAIL FROM:<a@a.test>\r\nRCPT TO:<b@b.test>\r\nDATA\r\n\n.\nMAIL\r\n.\r\n",
];

const REPLIES: [&str; 3] = [
    "220 mail.b.test ESMTP\r\n250-mail.b.test\r\n250-SIZE 1000\r\n250 PIPELINING\r\n",
    "220-one\r\n220 two\r\n250 2.1.0 ok\r\n354 go\r\n250 2.0.0 stored\r\n221 bye\r\n",
    "554 no\r\n421 4.3.2 closing\r\n",
];

const MAILS: [&str; 3] = [
    "Subject: x\r\nTo: <b@b.test>\r\n\r\ntext\r\n..\r\n...x\r\n.\r\n",
    ".\r\n",
    "a\r\n.\nb\r\n.\r\n",
];

const WORDS: [&str; 16] = [
    "\r\n.\r\n",
    "\n.\n",
    "\r.\r",
    "\n",
    "\r",
    "\r\n",
    ".",
    "DATA\r\n",
    "RSET\r\n",
    "QUIT\r\n",
    "<",
    ">",
    "\"",
    "\\",
    "\0",
    "250-",
];
