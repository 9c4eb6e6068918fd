//! What the server answers to those who send to it, and what it keeps.

use super::{Visit, config};
use crate::endpoint::Stimulus;

const STRANGER: [u8; 4] = [203, 0, 113, 7];
const FRIEND: [u8; 4] = [10, 1, 2, 3];

fn deliver(visit: &mut Visit, from: &str, to: &[&str], text: &str) -> Vec<u16> {
    let conn = visit.call(STRANGER, 25);
    let mut said = format!("EHLO a.test\r\nMAIL FROM:<{from}>\r\n");
    for to in to {
        said.push_str(&format!("RCPT TO:<{to}>\r\n"));
    }
    said.push_str("DATA\r\n");
    visit.hear(conn, said);
    visit.hear(conn, format!("{text}.\r\n"));
    visit.hear(conn, "QUIT\r\n");
    assert!(visit.closed(conn));
    visit.codes(conn)
}

#[test]
fn a_mail_lies_in_the_mailbox_with_its_way_above_it_and_its_octets_as_they_were() {
    let mut visit = Visit::to(config());
    let text = "Subject: hi\r\n\r\n..dot\r\n";
    let codes = deliver(&mut visit, "alice@a.test", &["bob@b.test", "CAROL@B.test"], text);
    assert_eq!(codes, [220, 250, 250, 250, 250, 354, 250, 221]);
    let kept = visit.mails("bob").remove(0);
    assert!(kept.starts_with(
        "Return-Path: <alice@a.test>\r\nReceived: from a.test ([203.0.113.7])\r\n\tby mail.b.test \
         with ESMTP id Q1;\r\n\tTue, 14 Nov 2023 22:13:20 +0000\r\nSubject: hi\r\n"
    ), "RFC 5321 section 4.4: {kept}");
    assert!(kept.ends_with("\r\n\r\n.dot\r\n"), "RFC 5321 section 4.5.2: {kept}");
    assert_eq!(visit.mails("carol").len(), 1);
    assert_eq!(visit.waiting(), 0);
}

#[test]
fn the_replies_to_a_group_go_out_together() {
    let mut visit = Visit::to(config());
    let conn = visit.call(STRANGER, 25);
    visit.hear(conn, "EHLO a.test\r\n");
    let before = visit.outputs.len();
    visit.hear(conn, "MAIL FROM:<a@a.test>\r\nRCPT TO:<bob@b.test>\r\nDATA\r\n");
    let sends = visit.outputs[before..]
        .iter()
        .filter(|output| matches!(output, crate::endpoint::Output::Send { .. }))
        .count();
    assert_eq!(sends, 1, "RFC 2920 section 3.2 (2)");
}

/// Who may send to whom, by port and address.
#[test]
fn a_table_of_recipients_is_accepted_or_refused_for_the_right_reason() {
    for (peer, port, from, to, code, rule) in [
        (STRANGER, 25, "a@a.test", "bob@b.test", 250, ""),
        (STRANGER, 25, "a@a.test", "Bob@B.TEST", 250, ""),
        (STRANGER, 25, "", "bob@b.test", 250, "RFC 5321 section 4.5.5"),
        (STRANGER, 25, "a@a.test", "postmaster@b.test", 250, "RFC 5321 section 4.5.1"),
        (STRANGER, 25, "a@a.test", "Postmaster", 250, "RFC 5321 section 4.5.1"),
        (STRANGER, 25, "a@a.test", "@x.test,@y.test:bob@b.test", 250, "RFC 5321 section 3.6.1"),
        (STRANGER, 25, "a@a.test", "nobody@b.test", 550, "smtp.no-such-user"),
        (STRANGER, 25, "a@a.test", "dave@c.test", 550, "smtp.relay-denied"),
        (STRANGER, 25, "bob@b.test", "dave@c.test", 550, "smtp.relay-denied"),
        (STRANGER, 25, "a@a.test", "@b.test:dave@c.test", 550, "smtp.relay-denied"),
        (STRANGER, 25, "a@a.test", "\"dave@c.test\"@b.test", 550, "smtp.no-such-user"),
        (STRANGER, 25, "a@a.test", "dave%c.test@b.test", 550, "smtp.no-such-user"),
        (FRIEND, 25, "a@a.test", "dave@c.test", 250, ""),
        (FRIEND, 587, "bob@b.test", "dave@c.test", 250, ""),
    ] {
        let mut visit = Visit::to(config());
        let conn = visit.call(peer, port);
        visit.hear(conn, format!("EHLO a.test\r\nMAIL FROM:<{from}>\r\nRCPT TO:<{to}>\r\n"));
        assert_eq!(visit.codes(conn), [220, 250, 250, code], "{to} {rule}");
        assert!(code == 250 || visit.cited(rule), "{to} {rule}");
    }
}

#[test]
fn submission_is_for_users_of_the_server_alone() {
    for (peer, from, code) in [
        (FRIEND, "bob@b.test", 250),
        (FRIEND, "eve@a.test", 550),
        (FRIEND, "nobody@b.test", 550),
        (FRIEND, "", 550),
        (STRANGER, "bob@b.test", 550),
    ] {
        let mut visit = Visit::to(config());
        let conn = visit.call(peer, 587);
        visit.hear(conn, format!("EHLO a.test\r\nMAIL FROM:<{from}>\r\n"));
        assert_eq!(visit.codes(conn), [220, 250, code], "RFC 6409 section 3: {from}");
    }
}

#[test]
fn recipients_beyond_the_limit_get_452_and_the_mail_goes_to_the_others() {
    let mut settings = config();
    settings.max_recipients = 1;
    let mut visit = Visit::to(settings);
    let codes = deliver(&mut visit, "a@a.test", &["bob@b.test", "carol@b.test"], "x\r\n");
    assert_eq!(codes, [220, 250, 250, 250, 452, 354, 250, 221], "RFC 5321 section 4.5.3.1.10");
    assert_eq!((visit.mails("bob").len(), visit.mails("carol").len()), (1, 0));
}

#[test]
fn a_mail_with_a_hundred_received_lines_is_in_a_loop() {
    let mut visit = Visit::to(config());
    for (count, code) in [(99, 250), (100, 554)] {
        let text = format!("{}\r\nReceived: body\r\n", "received: by x\r\n".repeat(count));
        let codes = deliver(&mut visit, "a@a.test", &["bob@b.test"], &text);
        assert_eq!(codes[5], code, "RFC 5321 section 6.3");
    }
    assert_eq!(visit.mails("bob").len(), 1);
}

#[test]
fn a_connection_that_ends_before_the_final_dot_delivers_nothing() {
    let mut visit = Visit::to(config());
    let conn = visit.call(STRANGER, 25);
    visit.hear(conn, "EHLO a.test\r\nMAIL FROM:<a@a.test>\r\nRCPT TO:<bob@b.test>\r\nDATA\r\n");
    visit.hear(conn, "half\r\n.");
    visit.step(Stimulus::Finished { conn });
    assert_eq!(visit.mails("bob"), Vec::<String>::new(), "RFC 5321 section 4.1.1.10");
    assert!(visit.closed(conn));
}

#[test]
fn a_smuggled_second_mail_gets_one_refusal_and_a_closed_connection() {
    let mut visit = Visit::to(config());
    let conn = visit.call(STRANGER, 25);
    visit.hear(conn, "EHLO a.test\r\nMAIL FROM:<a@a.test>\r\nRCPT TO:<bob@b.test>\r\nDATA\r\n");
    visit.hear(
        conn,
        "one\r\n\n.\r\nMAIL FROM:<x@b.test>\r\nRCPT TO:<bob@b.test>\r\nDATA\r\ntwo\r\n.\r\n",
    );
    visit.hear(conn, "RSET\r\nMAIL FROM:<x@b.test>\r\n");
    assert_eq!(visit.codes(conn), [220, 250, 250, 250, 354, 554]);
    assert!(visit.closed(conn) && visit.cited("smtp.bare-lf"));
    assert_eq!(visit.mails("bob"), Vec::<String>::new());
}

#[test]
fn a_silent_client_is_sent_away_after_five_minutes_and_a_babbling_one_after_its_mistakes() {
    let mut visit = Visit::to(config());
    let conn = visit.call(STRANGER, 25);
    assert_eq!(visit.armed("next command").unwrap().as_secs(), 300, "RFC 5321 section 4.5.3.2.7");
    visit.ring("next command");
    assert_eq!(visit.codes(conn), [220, 421]);
    assert!(visit.closed(conn));
    let conn = visit.call(STRANGER, 25);
    visit.hear(conn, "BREW\r\n".repeat(30));
    let codes = visit.codes(conn);
    assert_eq!((codes.len(), codes.last()), (22, Some(&421)));
    assert!(visit.closed(conn) && visit.cited("smtp.too-many-errors"));
}

#[test]
fn a_server_that_is_full_says_so_and_closes() {
    let mut settings = config();
    settings.max_sessions = 1;
    let mut visit = Visit::to(settings);
    visit.call(STRANGER, 25);
    let second = visit.call(STRANGER, 25);
    assert_eq!(visit.codes(second), [421]);
    assert!(visit.closed(second));
}

#[test]
fn the_commands_around_mail_are_answered() {
    let mut visit = Visit::to(config());
    let conn = visit.call(STRANGER, 25);
    visit.hear(conn, "VRFY bob\r\nEXPN list\r\nHELP\r\nHELP data\r\nHELP tea\r\nNOOP\r\nRSET\r\n");
    assert_eq!(visit.codes(conn), [220, 252, 502, 214, 214, 504, 250, 250]);
    visit.hear(conn, "EHLO a.test\r\n");
    let offer = "250-PIPELINING\r\n250-SIZE 8388608\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n";
    assert!(visit.said(conn).contains(offer), "{}", visit.said(conn));
    let helo = visit.call(STRANGER, 25);
    visit.hear(helo, "HELO a.test\r\nMAIL FROM:<a@a.test> BODY=8BITMIME\r\n");
    assert_eq!(visit.codes(helo), [220, 250, 555], "RFC 5321 section 3.2");
}
