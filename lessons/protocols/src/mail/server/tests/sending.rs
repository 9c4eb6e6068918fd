//! Where the server sends mail, what it keeps, when it tries again, and whom it tells.

use super::{Visit, config};
use crate::endpoint::{Loss, Stimulus};

const OFFER: &str = "250-far\r\n250-PIPELINING\r\n250-SIZE 2000\r\n250 8BITMIME\r\n";

fn send(visit: &mut Visit, to: &str) {
    visit.step(Stimulus::Command(format!("send bob@b.test {to} Hello")));
}

#[test]
fn a_mail_for_elsewhere_goes_out_in_one_group_and_leaves_the_queue_when_it_is_taken() {
    let mut visit = Visit::to(config());
    send(&mut visit, "dave@far.test");
    assert_eq!(visit.dialled()[0].1, "mail.far.test:25");
    let conn = visit.answer("220 far\r\n");
    visit.hear(conn, OFFER);
    let said = visit.said(conn);
    assert!(said.starts_with("EHLO mail.b.test\r\nMAIL FROM:<bob@b.test> SIZE="), "{said}");
    assert!(said.ends_with("RCPT TO:<dave@far.test>\r\nDATA\r\n"), "RFC 2920 section 3.1: {said}");
    visit.hear(conn, "250 ok\r\n250 ok\r\n354 go\r\n");
    assert!(visit.said(conn).ends_with("\r\nHello\r\n.\r\n"));
    assert_eq!(visit.armed("reply to the final dot").unwrap().as_secs(), 600, "4.5.3.2.6");
    assert_eq!(visit.waiting(), 1, "it is kept until it is taken");
    visit.hear(conn, "250 stored\r\n");
    assert_eq!(visit.waiting(), 0);
    assert!(visit.said(conn).ends_with("QUIT\r\n"));
    visit.hear(conn, "221 bye\r\n");
    assert!(visit.closed(conn));
    assert!(visit.told().contains(&"sent Q1 to dave@far.test by way of mail.far.test"));
}

#[test]
fn without_pipelining_each_reply_is_awaited_and_without_ehlo_nothing_is_declared() {
    let mut visit = Visit::to(config());
    send(&mut visit, "dave@far.test");
    let conn = visit.answer("220 far\r\n");
    for (reply, then) in [
        ("502 what\r\n", "HELO mail.b.test\r\n"),
        ("250 far\r\n", "MAIL FROM:<bob@b.test>\r\n"),
        ("250 ok\r\n", "RCPT TO:<dave@far.test>\r\n"),
        ("250 ok\r\n", "DATA\r\n"),
    ] {
        visit.hear(conn, reply);
        assert!(visit.said(conn).ends_with(then), "RFC 5321 section 3.2: {}", visit.said(conn));
    }
}

#[test]
fn several_mails_go_over_one_connection() {
    let mut visit = Visit::to(config());
    for user in ["dave", "erin", "fred"] {
        send(&mut visit, &format!("{user}@far.test"));
    }
    assert_eq!(visit.dialled().len(), 1, "RFC 5321 section 4.5.4.1");
    let conn = visit.answer("220 far\r\n");
    visit.hear(conn, OFFER);
    for _ in 0..3 {
        visit.hear(conn, "250 ok\r\n250 ok\r\n354 go\r\n");
        visit.hear(conn, "250 stored\r\n");
    }
    assert_eq!((visit.waiting(), visit.dialled().len()), (0, 1));
    assert_eq!(visit.said(conn).matches("MAIL FROM").count(), 3);
}

#[test]
fn a_host_that_is_down_is_tried_again_later_each_time_and_then_the_mail_is_returned() {
    let mut visit = Visit::to(config());
    send(&mut visit, "dave@far.test");
    let mut waits = Vec::new();
    while visit.waiting() > 0 {
        let conn = visit.dialled().last().unwrap().0;
        visit.step(Stimulus::Lost { conn, why: Loss::Refused });
        if visit.waiting() > 0 {
            waits.push(visit.armed("retry").unwrap().as_secs() / 60);
            visit.ring("retry");
        }
    }
    assert_eq!(waits[..5], [30, 60, 120, 240, 240], "RFC 5321 section 4.5.4.1");
    let days = waits.iter().sum::<u64>() as f64 / 60.0 / 24.0;
    assert!((4.0..=5.0).contains(&days), "given up after {days} days");
    let notice = visit.mails("bob").remove(0);
    assert!(notice.starts_with("Return-Path: <>\r\n"), "RFC 5321 section 4.5.5: {notice}");
    assert!(notice.contains("\r\n<dave@far.test>\r\n    554 5.4.7 Given up."), "{notice}");
    assert!(notice.contains("Status: 5.4.7\r\n"), "RFC 3464 section 2.3.4: {notice}");
    assert!(notice.contains("text/rfc822-headers\r\n\r\nReceived: from"), "{notice}");
    assert!(notice.contains("Subject: Hello\r\n") && !notice.contains("\r\n\r\nHello\r\n"));
}

/// What the far server answers, what is told, and whether anything is still waiting.
#[test]
fn refusals_for_now_are_kept_and_refusals_for_good_are_returned() {
    for (replies, waiting, returned) in [
        ("250 ok\r\n550 5.1.1 no dave\r\n503 no\r\n", 0, true),
        ("250 ok\r\n450 4.2.1 later\r\n503 no\r\n", 1, false),
        ("550 5.7.1 not you\r\n503 no\r\n503 no\r\n", 0, true),
        ("451 later\r\n503 no\r\n503 no\r\n", 1, false),
        ("250 ok\r\n250 ok\r\n451 full\r\n", 1, false),
        ("250 ok\r\n250 ok\r\n354 go\r\n552 too large\r\n", 0, true),
        ("250 ok\r\n250 ok\r\n354 go\r\n452 full\r\n", 1, false),
        ("250 ok\r\n550 no\r\n354 go\r\n554 nobody\r\n", 0, true),
        ("421 going down\r\n", 1, false),
        ("hello\r\n", 1, false),
    ] {
        let mut visit = Visit::to(config());
        send(&mut visit, "dave@far.test");
        let conn = visit.answer("220 far\r\n");
        visit.hear(conn, OFFER);
        visit.hear(conn, replies);
        assert_eq!(visit.waiting(), waiting, "{replies}");
        assert_eq!(visit.mails("bob").len(), usize::from(returned), "{replies}");
    }
}

#[test]
fn when_nobody_is_accepted_but_354_comes_only_the_dot_is_sent() {
    let mut visit = Visit::to(config());
    send(&mut visit, "dave@far.test");
    let conn = visit.answer("220 far\r\n");
    visit.hear(conn, OFFER);
    visit.hear(conn, "250 ok\r\n550 no\r\n354 go\r\n");
    assert!(visit.said(conn).ends_with("DATA\r\n.\r\n"), "RFC 2920 section 3.1");
}

#[test]
fn a_connection_that_breaks_after_the_dot_means_another_try_and_one_before_it_the_next_host() {
    let mut visit = Visit::to(config());
    send(&mut visit, "dave@far.test");
    let conn = visit.answer("220 far\r\n");
    visit.hear(conn, OFFER);
    visit.hear(conn, "250 ok\r\n250 ok\r\n354 go\r\n");
    visit.step(Stimulus::Lost { conn, why: Loss::Reset });
    assert!(visit.cited("smtp.twice"), "RFC 1047");
    assert_eq!((visit.waiting(), visit.armed("retry").unwrap().as_secs()), (1, 1800));
}

#[test]
fn recipients_beyond_the_far_server_s_limit_follow_at_once() {
    let mut visit = Visit::to(config());
    let conn = visit.call([10, 0, 0, 1], 25);
    visit.hear(
        conn,
        "EHLO a.test\r\nMAIL FROM:<a@a.test>\r\nRCPT TO:<d@far.test>\r\nRCPT TO:<e@far.test>\r\n\
         DATA\r\n",
    );
    visit.hear(conn, "x\r\n.\r\n");
    let out = visit.answer("220 far\r\n");
    visit.hear(out, OFFER);
    visit.hear(out, "250 ok\r\n250 ok\r\n452 too many\r\n354 go\r\n250 stored\r\n");
    let said = visit.said(out);
    assert!(said.ends_with("RCPT TO:<e@far.test>\r\nDATA\r\n"), "RFC 5321 4.5.3.1.10: {said}");
    assert_eq!(said.matches("RCPT TO:<d@far.test>").count(), 1, "delivered once: {said}");
    visit.hear(out, "250 ok\r\n250 ok\r\n354 go\r\n250 stored\r\n");
    assert_eq!(visit.waiting(), 0);
}

#[test]
fn a_notice_that_cannot_be_delivered_is_dropped() {
    let mut visit = Visit::to(config());
    let conn = visit.call([10, 0, 0, 1], 25);
    visit.hear(conn, "EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<d@far.test>\r\nDATA\r\n");
    visit.hear(conn, "x\r\n.\r\n");
    let out = visit.answer("220 far\r\n");
    visit.hear(out, OFFER);
    visit.hear(out, "250 ok\r\n550 no\r\n503 no\r\n250 reset\r\n");
    assert!(visit.cited("smtp.double-bounce"), "RFC 5321 section 6.1");
    assert_eq!(visit.waiting(), 0);
}

#[test]
fn mail_that_the_next_host_cannot_take_is_not_sent_to_it() {
    for (offer, text, rule) in [
        ("250-far\r\n250 SIZE 100\r\n", "plain\r\n", "smtp.size-declared"),
        ("250 far\r\n", "caf\u{e9}\r\n", "smtp.eight-bit-kept"),
    ] {
        let mut visit = Visit::to(config());
        let conn = visit.call([10, 0, 0, 1], 25);
        visit.hear(
            conn,
            "EHLO a\r\nMAIL FROM:<bob@b.test> BODY=8BITMIME\r\nRCPT TO:<d@far.test>\r\nDATA\r\n",
        );
        visit.hear(conn, format!("{text}.\r\n"));
        let out = visit.answer("220 far\r\n");
        visit.hear(out, offer);
        assert!(visit.cited(rule), "{rule}");
        assert!(!visit.said(out).contains("MAIL"), "{}", visit.said(out));
        assert_eq!((visit.waiting(), visit.mails("bob").len()), (0, 1));
    }
}

#[test]
fn queue_and_mailboxes_outlive_the_host_being_switched_off() {
    let mut visit = Visit::to(config());
    send(&mut visit, "dave@far.test");
    send(&mut visit, "carol@b.test");
    let conn = visit.answer("220 far\r\n");
    visit.hear(conn, OFFER);
    visit.hear(conn, "250 ok\r\n");
    visit.outputs.clear();
    visit.step(Stimulus::Start);
    assert_eq!((visit.waiting(), visit.mails("carol").len()), (1, 1), "RFC 5321 section 6.1");
    visit.ring("retry");
    let again = visit.answer("220 far\r\n");
    assert_ne!(again, conn);
    visit.hear(again, OFFER);
    visit.hear(again, "250 ok\r\n250 ok\r\n354 go\r\n250 stored\r\n");
    assert_eq!(visit.waiting(), 0);
}

#[test]
fn a_server_that_does_not_greet_is_left_after_five_minutes() {
    let mut visit = Visit::to(config());
    send(&mut visit, "dave@far.test");
    visit.answer("220-half a greeting\r\n");
    assert_eq!(visit.armed("greeting").unwrap().as_secs(), 300, "RFC 5321 section 4.5.3.2.1");
    visit.ring("greeting");
    assert_eq!(visit.waiting(), 1);
    assert!(visit.cited("smtp.client-timeout"));
    visit.step(Stimulus::Command("flush".into()));
    assert_eq!(visit.dialled().len(), 2);
}
