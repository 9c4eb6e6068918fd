//! Fetching mail, step by step and as a whole.

use super::*;
use crate::endpoint::Loss;
use crate::mail::agent::Login;

const MAIL: &str = "From: bob@b.test\r\nSubject: Re\r\n\r\n..\r\nbye\r\n";

#[test]
fn a_check_fetches_what_is_new_keeps_it_then_removes_it() {
    let mut desk = Desk::new(|_| {});
    desk.command("check");
    let conn = desk.opened();
    desk.dialogue(
        conn,
        &[
            ("+OK ready\r\n", "CAPA\r\n"),
            ("-ERR what\r\n", "USER alice\r\n"),
            ("+OK\r\n", "PASS alice-secret\r\n"),
            ("+OK\r\n", "STAT\r\n"),
            ("+OK 1 44\r\n", "UIDL\r\n"),
            ("+OK\r\n1 x7\r\n.\r\n", "LIST\r\n"),
            ("+OK\r\n1 44\r\n.\r\n", "RETR 1\r\n"),
            (&format!("+OK\r\n{MAIL}.\r\n"), "DELE 1\r\n"),
            ("+OK\r\n", "QUIT\r\n"),
            ("+OK bye\r\n", ""),
        ],
    );
    let told = [
        "maildrop 1 message of 44 octets",
        "listed 1",
        "fetched 1, 41 octets, from bob@b.test: Re",
        "marked 1",
        "maildrop closed, 1 new, 1 removed",
    ];
    assert_eq!(desk.told(), told);
    assert_eq!(desk.agent().inbox()[0].octets, MAIL.replace("..", ".").as_bytes());
    assert!(desk.cited("pop3.kept-before-deleted"));
}

#[test]
fn pipelining_is_used_where_it_is_announced_and_apop_where_it_is_offered() {
    let mut desk = Desk::new(|config| config.login = Login::Apop);
    desk.command("check");
    let conn = desk.opened();
    desk.hears(conn, "+OK ready <1@mail.a.test>\r\n");
    let asked = desk.hears(conn, "+OK\r\nPIPELINING\r\n.\r\n");
    let digest = crate::pop3::digest("<1@mail.a.test>", "alice-secret");
    assert_eq!(asked, format!("APOP alice {digest}\r\nSTAT\r\nUIDL\r\nLIST\r\n"));
    let asked = desk.hears(conn, "+OK\r\n+OK 0 0\r\n+OK\r\n.\r\n+OK\r\n.\r\n");
    assert_eq!(asked, "QUIT\r\n");
}

#[test]
fn a_session_that_breaks_removes_nothing_and_what_was_kept_is_not_fetched_twice() {
    let mut desk = Desk::new(|_| {});
    let (conn, asked) = listing(&mut desk, &["x", "y"]);
    assert_eq!(asked, "RETR 1\r\nRETR 2\r\n");
    desk.hears(conn, &format!("+OK\r\n{MAIL}.\r\n"));
    desk.step(Stimulus::Lost { conn, why: Loss::Reset });
    assert_eq!(desk.told().last().unwrap(), "maildrop lost: reset");
    assert!(desk.cited("pop3.no-update"));
    let (_, asked) = listing(&mut desk, &["x", "y"]);
    assert_eq!(asked, "DELE 1\r\nRETR 2\r\n");
    assert_eq!(desk.agent().inbox().len(), 1);
}

#[test]
fn mail_that_is_left_on_the_server_is_known_again_by_its_unique_id() {
    let mut desk = Desk::new(|config| config.leave_on_server = true);
    let (conn, _) = listing(&mut desk, &["x"]);
    desk.hears(conn, &format!("+OK\r\n{MAIL}.\r\n"));
    desk.hears(conn, "+OK bye\r\n");
    desk.step(Stimulus::Finished { conn });
    // The number is another now; the unique-id is not.
    let (conn, asked) = listing(&mut desk, &["new", "x"]);
    assert_eq!(asked, "RETR 1\r\n");
    desk.hears(conn, &format!("+OK\r\n{MAIL}.\r\n"));
    assert_eq!(desk.agent().inbox().len(), 2);
    assert!(desk.cited("pop3.leave-on-server"));
}

#[test]
fn single_steps_are_told_one_by_one_and_refusals_too() {
    let mut desk = Desk::new(|_| {});
    desk.command("list");
    desk.command("open");
    desk.command("open");
    let conn = desk.opened();
    desk.hears(conn, "+OK ready\r\n");
    for reply in ["-ERR\r\n", "+OK\r\n", "+OK\r\n", "+OK 2 30\r\n"] {
        desk.hears(conn, reply);
    }
    let turns = [
        ("list", "+OK\r\n1 a\r\n2 b\r\n.\r\n+OK\r\n1 10\r\n2 20\r\n.\r\n"),
        ("dele 1", "+OK\r\n"),
        ("dele 1", "-ERR already deleted\r\n"),
        ("retr 9", "-ERR no such message\r\n"),
        ("top 2 0", "+OK\r\nSubject: two\r\n\r\n.\r\n"),
        ("reset", "+OK\r\n"),
        ("noop", "+OK\r\n"),
        ("stat", "+OK 2 30\r\n"),
        ("quit", "+OK\r\n"),
    ];
    for (command, reply) in turns {
        desk.command(command);
        for line in reply.split_inclusive(".\r\n") {
            desk.hears(conn, line);
        }
    }
    let told = [
        "maildrop is not open",
        "maildrop is open already",
        "maildrop 2 messages of 30 octets",
        "listed 2",
        "marked 1",
        "refused DELE: already deleted",
        "refused RETR: no such message",
        "top 2: two",
        "unmarked all",
        "server is there",
        "maildrop 2 messages of 30 octets",
        "maildrop closed, 0 new, 0 removed",
    ];
    assert_eq!(desk.told(), told);
}

#[test]
fn a_wrong_password_ends_the_session_politely() {
    let mut desk = Desk::new(|_| {});
    desk.command("check");
    let conn = desk.opened();
    desk.dialogue(
        conn,
        &[
            ("+OK\r\n", "CAPA\r\n"),
            ("-ERR\r\n", "USER alice\r\n"),
            ("+OK\r\n", "PASS alice-secret\r\n"),
            ("-ERR [IN-USE] locked\r\n", "QUIT\r\n"),
        ],
    );
    assert_eq!(desk.told(), ["refused PASS: [IN-USE] locked"]);
}

#[test]
fn a_server_that_breaks_the_rules_is_left_and_the_rule_cited() {
    let mut desk = Desk::new(|_| {});
    desk.command("check");
    let conn = desk.opened();
    desk.hears(conn, "220 this is SMTP\r\n");
    assert!(desk.cited("pop3.status"));
    assert!(desk.told()[0].starts_with("maildrop lost: The reply begins with"));
    assert!(desk.done.iter().any(|output| matches!(output, Output::Abort { .. })));
}
