//! Handing mail over, line by line.

use core::time::Duration;

use super::*;
use crate::endpoint::{Loss, Target};
use crate::mail::agent::Standing;

#[test]
fn mail_is_handed_over_line_by_line_where_the_server_offers_nothing() {
    let mut desk = Desk::new(|_| {});
    desk.command(SEND);
    let dialled = desk.done.iter().find_map(|output| match output {
        Output::Dial { to, .. } => Some(to.clone()),
        _ => None,
    });
    assert_eq!(dialled, Some(Target::Name { host: "mail.a.test".into(), port: 587 }));
    let view = desk.agent.view(desk.now);
    assert_eq!((view.state.as_str(), view.machines.len()), ("Connecting", 0), "no session yet");
    let conn = desk.opened();
    assert_eq!(desk.armed("reply"), Duration::from_secs(300), "RFC 5321 section 4.5.3.2.1");
    desk.dialogue(
        conn,
        &[
            ("220 mail.a.test\r\n", "EHLO laptop.a.test\r\n"),
            ("502 what\r\n", "HELO laptop.a.test\r\n"),
            ("250 mail.a.test\r\n", "MAIL FROM:<alice@a.test>\r\n"),
            ("250 ok\r\n", "RCPT TO:<bob@b.test>\r\n"),
            ("250 ok\r\n", "RCPT TO:<carol@c.test>\r\n"),
            ("250 ok\r\n", "DATA\r\n"),
        ],
    );
    let mail = desk.hears(conn, "354 go on\r\n");
    assert!(mail.ends_with("--\r\n.\r\n") && mail.contains("\r\n..\r\n"), "{mail}");
    assert_eq!(desk.armed("reply"), Duration::from_secs(600), "RFC 5321 section 4.5.3.2.6");
    assert_eq!(desk.agent().outbox().mails().len(), 1, "250 has not come");
    desk.dialogue(conn, &[("250 mine\r\n", "QUIT\r\n"), ("221 bye\r\n", "")]);
    assert!(desk.agent().outbox().mails().is_empty());
    assert_eq!(desk.told(), ["written mail 1 to bob@b.test,carol@c.test", "submitted mail 1"]);
    assert!(matches!(desk.done.iter().rev().nth(1), Some(Output::Finish { .. })));
}

const OFFERS: &str = "250-mail.a.test\r\n250-PIPELINING\r\n250-SIZE 1000000\r\n250 8BITMIME\r\n";

#[test]
fn what_the_server_offers_is_used_and_two_mails_share_a_connection() {
    let mut desk = Desk::new(|_| {});
    desk.command("send alice@a.test bob@b.test \"One\" \"Gr\u{fc}\u{df}e\"");
    desk.command("send alice@a.test bob@b.test \"Two\" \"plain\"");
    let conn = desk.opened();
    desk.hears(conn, "220 hi\r\n");
    let group = desk.hears(conn, OFFERS);
    let expected = "BODY=8BITMIME\r\nRCPT TO:<bob@b.test>\r\nDATA\r\n";
    assert!(group.starts_with("MAIL FROM:<alice@a.test> SIZE="), "{group}");
    assert!(group.ends_with(expected), "RFC 2920: {group}");
    let mail = desk.hears(conn, "250 ok\r\n250 ok\r\n354 go\r\n");
    assert!(mail.contains("Gr\u{fc}\u{df}e"), "{mail}");
    let second = desk.hears(conn, "250 mine\r\n");
    assert!(second.contains("DATA\r\n") && !second.contains("BODY"), "{second}");
    desk.hears(conn, "250 ok\r\n250 ok\r\n354 go\r\n");
    desk.dialogue(conn, &[("250 mine\r\n", "QUIT\r\n")]);
    assert!(desk.cited("mail.eight-bit") && desk.agent().outbox().mails().is_empty());
}

/// What the server says to MAIL, RCPT, RCPT, DATA and the mail, and what becomes of it.
const OUTCOMES: [(&[&str], &str, usize); 6] = [
    (&["451 later"], "kept mail 1: 451 later", 1),
    (&["550 never"], "refused mail 1: 550 never", 1),
    (&["250 ok", "550 no", "550 no"], "refused mail 1: 550 no", 1),
    (&["250 ok", "550 no", "450 full"], "kept mail 1: 450 full", 1),
    (&["250 ok", "250 ok", "250 ok", "554 no"], "refused mail 1: 554 no", 1),
    (&["250 ok", "250 ok", "550 no", "354 go", "250 ok"], "submitted mail 1", 0),
];

#[test]
fn each_refusal_leaves_the_mail_where_it_belongs() {
    for (replies, told, left) in OUTCOMES {
        let mut desk = Desk::new(|_| {});
        desk.command("send alice@a.test bob@b.test,carol@c.test \"S\" \"T\"");
        let conn = desk.opened();
        desk.hears(conn, "220 hi\r\n");
        desk.hears(conn, "250 mail.a.test\r\n");
        for reply in replies {
            desk.hears(conn, &format!("{reply}\r\n"));
        }
        assert!(desk.told().contains(&told.to_string()), "{replies:?}: {:?}", desk.told());
        assert_eq!(desk.agent().outbox().mails().len(), left, "{replies:?}");
        let last = desk.sent_since(0);
        let ends = last.ends_with("QUIT\r\n") || last.ends_with("RSET\r\n");
        assert!(ends, "{replies:?}: {last}");
    }
}

#[test]
fn a_refusal_of_mail_is_told_though_the_rest_of_its_group_is_refused_too() {
    for (refusal, told) in [
        ("552 too large", "refused mail 1: 552 too large"),
        ("451 later", "kept mail 1: 451 later"),
    ] {
        let mut desk = Desk::new(|_| {});
        desk.command("send alice@a.test bob@b.test,carol@c.test \"S\" \"T\"");
        let conn = desk.opened();
        desk.hears(conn, "220 hi\r\n");
        desk.hears(conn, OFFERS);
        // RFC 2920 section 3.1: each command of the group gets its own reply.
        desk.hears(conn, &format!("{refusal}\r\n503 none\r\n503 none\r\n503 none\r\n"));
        assert_eq!(desk.told()[1..], [told], "{refusal}");
        assert_eq!(desk.agent().outbox().mails().len(), 1, "it is not lost: {refusal}");
    }
}

#[test]
fn mail_that_cannot_be_handed_over_stays_and_is_tried_again_even_after_power_was_off() {
    let mut desk = Desk::new(|_| {});
    desk.command("send alice@a.test bob@b.test \"S\" \"T\"");
    desk.step(Stimulus::Lost { conn: Conn(0), why: Loss::Refused });
    assert_eq!(desk.told()[1], "unreachable: refused");
    assert!(matches!(desk.agent().outbox().mails()[0].standing, Standing::Later(_)));
    desk.ring("retry");
    let conn = desk.opened();
    desk.hears(conn, "220 hi\r\n");
    desk.hears(conn, OFFERS);
    let mut again = desk.agent.duplicate();
    let dialled = again.step(desk.now, Stimulus::Start).unwrap().outputs;
    assert!(dialled.iter().any(|output| matches!(output, Output::Dial { .. })), "{dialled:?}");
    desk.ring("reply");
    assert_eq!(desk.told().last().unwrap(), "kept mail 1: the server does not answer");
    assert!(desk.cited("mail.no-reply"));
}

#[test]
fn the_same_mail_has_the_same_message_id_at_each_try() {
    let mut desk = Desk::new(|_| {});
    desk.command("send alice@a.test bob@b.test \"S\" \"T\"");
    let mut ids = Vec::new();
    for _ in 0..2 {
        let conn = desk.opened();
        for line in ["220 hi", "250 hi", "250 ok", "250 ok"] {
            desk.hears(conn, &format!("{line}\r\n"));
        }
        let mail = desk.hears(conn, "354 go\r\n");
        ids.extend(mail.lines().find(|l| l.starts_with("Message-ID")).map(str::to_string));
        desk.step(Stimulus::Lost { conn, why: Loss::Reset });
        desk.ring("retry");
    }
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1], "RFC 5322 section 3.6.4: a receiver can tell that it is the same");
}

#[test]
fn a_file_that_was_put_at_hand_goes_with_the_mail() {
    let mut desk = Desk::new(|_| {});
    desk.command("file dot.gif text/plain aGVsbG8=");
    desk.command("send a@a.test b@b.test \"S\" \"T\" dot.gif");
    let draft = &desk.agent().outbox().mails()[0].draft;
    let [file] = &draft.attachments[..] else { panic!("{:?}", draft.attachments) };
    assert_eq!((file.media_type.as_str(), &file.bytes[..]), ("text/plain", &b"hello"[..]));
}

#[test]
fn an_unknown_file_is_named_and_nothing_is_written() {
    let mut desk = Desk::new(|_| {});
    desk.command("send a@a.test b@b.test \"S\" \"T\" none.gif");
    assert_eq!(desk.told(), ["no file none.gif"]);
    assert!(desk.agent().outbox().mails().is_empty());
}
