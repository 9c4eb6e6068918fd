//! Reading mail over POP3 from the mailboxes that SMTP fills.

use bytes::Bytes;

use super::*;
use crate::endpoint::Loss;
use crate::mail::Uid;
use crate::pop3::{digest, timestamp};

/// A server with two mails for bob, and somebody who reads them.
fn stored() -> Visit {
    let mut server = MailServer::new(config());
    let bob = server.mailboxes_mut().of_user_mut("bob").unwrap();
    bob.store("Subject: one\r\n\r\n1\r\n", NOW);
    bob.store("Subject: two\r\n\r\n.2\n", NOW);
    let mut visit = Visit { host: Running::new(server, 1), outputs: Vec::new(), now: NOW };
    visit.step(Stimulus::Start);
    visit
}

const ANYWHERE: [u8; 4] = [198, 51, 100, 7];

impl Visit {
    fn reader(&mut self) -> Conn {
        let conn = self.call(ANYWHERE, 110);
        self.hear(conn, "USER bob\r\nPASS bob-secret\r\n");
        conn
    }

    fn uids(&self) -> Vec<Uid> {
        let mailboxes = self.host.endpoint().mailboxes();
        mailboxes.of_user("bob").unwrap().mails().iter().map(|mail| mail.uid).collect()
    }
}

#[test]
fn what_smtp_stored_is_read_over_pop3_and_gone_after_quit() {
    let mut visit = stored();
    let conn = visit.reader();
    visit.hear(conn, "STAT\r\nRETR 2\r\nDELE 1\r\nUIDL\r\nQUIT\r\n");
    let said = visit.said(conn);
    // RFC 1939 section 11: the line end that the second mail lacks is counted and sent.
    assert!(said.contains("+OK 2 39\r\n"), "{said}");
    assert!(said.contains("Subject: two\r\n\r\n..2\r\n.\r\n"), "{said}");
    assert!(said.ends_with("+OK\r\n2 uid-2\r\n.\r\n+OK bye, 1 left\r\n"), "{said}");
    assert_eq!(visit.uids().len(), 1);
    assert_eq!(
        visit.told(),
        ["maildrop of bob open, 2 messages", "maildrop of bob closed, 1 removed"]
    );
}

/// RFC 1939 section 6: only QUIT removes anything.
#[test]
fn a_session_that_ends_in_any_other_way_removes_nothing_and_unlocks() {
    type End = fn(&mut Visit, Conn);
    let ends: [(&str, End); 5] = [
        ("reset", |visit, conn| visit.step(Stimulus::Lost { conn, why: Loss::Reset })),
        ("FIN", |visit, conn| visit.step(Stimulus::Finished { conn })),
        ("autologout", |visit, _| visit.ring("autologout")),
        ("endless line", |visit, conn| visit.hear(conn, Bytes::from(vec![b'x'; 10_000]))),
        ("power", |visit, _| visit.step(Stimulus::Start)),
    ];
    for (name, end) in ends {
        let mut visit = stored();
        let conn = visit.reader();
        visit.hear(conn, "DELE 1\r\nDELE 2\r\n");
        let marked = |visit: &Visit| {
            let mailboxes = visit.host.endpoint().mailboxes();
            mailboxes.of_user("bob").unwrap().mails().iter().filter(|m| m.deleted).count()
        };
        assert_eq!(marked(&visit), 2, "{name}");
        end(&mut visit, conn);
        assert_eq!((marked(&visit), visit.uids().len()), (0, 2), "{name}");
        let again = visit.reader();
        assert!(visit.said(again).contains("bob has 2 messages"), "{name}");
        visit.hear(conn, "QUIT\r\n");
        assert_eq!(visit.uids().len(), 2, "{name}: the old session is over");
    }
}

#[test]
fn one_session_at_a_time_has_the_maildrop() {
    let mut visit = stored();
    let first = visit.reader();
    let second = visit.reader();
    assert!(
        visit.said(second).ends_with("-ERR [IN-USE] another session has this maildrop open\r\n")
    );
    assert!(visit.cited("pop3.in-use"));
    visit.hear(first, "QUIT\r\n");
    visit.hear(second, "USER bob\r\nPASS bob-secret\r\n");
    assert!(visit.said(second).contains("bob has 2 messages"));
}

#[test]
fn a_wrong_name_and_a_wrong_password_are_answered_alike_and_not_for_ever() {
    let mut visit = stored();
    let conn = visit.call(ANYWHERE, 110);
    visit.hear(conn, "USER nobody\r\nPASS x\r\nUSER bob\r\nPASS x\r\nUSER postmaster\r\nPASS \r\n");
    let said = visit.said(conn);
    let wrong = said.matches("-ERR wrong name or password\r\n").count();
    assert_eq!(wrong, 2, "{said}");
    visit.hear(conn, "USER bob\r\nPASS x\r\n".repeat(30));
    let said = visit.said(conn);
    assert_eq!(said.matches("-ERR").count(), 21, "twenty mistakes and no more");
    let closed =
        visit.outputs.iter().any(|o| matches!(o, Output::Finish { conn: c } if *c == conn));
    assert!(closed);
}

#[test]
fn apop_opens_the_maildrop_with_the_digest_of_this_very_greeting() {
    let mut visit = stored();
    let conn = visit.call(ANYWHERE, 110);
    let said = visit.said(conn);
    let stamp = timestamp(&said).unwrap();
    let login = format!("APOP bob {}\r\n", digest(stamp, "bob-secret"));
    let other = visit.call(ANYWHERE, 110);
    visit.hear(other, login.clone());
    assert!(visit.said(other).ends_with("-ERR wrong name or password\r\n"), "a replay");
    visit.hear(conn, login);
    assert!(visit.said(conn).contains("bob has 2 messages"));
}

/// RFC 1939 section 4: mail that arrives during a session waits for the next.
#[test]
fn mail_that_arrives_during_a_session_is_neither_numbered_nor_removed() {
    let mut visit = stored();
    let conn = visit.reader();
    visit.hear(conn, "DELE 1\r\nDELE 2\r\n");
    visit.step(Stimulus::Command("send carol@b.test bob@b.test Hello".into()));
    visit.hear(conn, "RETR 3\r\nQUIT\r\n");
    assert!(visit.said(conn).contains("-ERR no such message, only 2 here\r\n"));
    assert_eq!(visit.uids().len(), 1);
}

#[test]
fn commands_sent_ahead_are_answered_in_order_however_they_are_cut() {
    let asked =
        "CAPA\r\nUSER bob\r\nPASS bob-secret\r\nLIST\r\nLIST 9\r\nTOP 1 0\r\nNOPE\r\nQUIT\r\n";
    let mut whole = stored();
    let conn = whole.call(ANYWHERE, 110);
    whole.hear(conn, asked);
    for size in [1, 3, 10] {
        let mut cut = stored();
        let other = cut.call(ANYWHERE, 110);
        for piece in asked.as_bytes().chunks(size) {
            cut.hear(other, Bytes::copy_from_slice(piece));
        }
        assert_eq!(cut.said(other), whole.said(conn));
    }
}

#[test]
fn the_view_shows_the_session_on_its_chart_and_the_marks() {
    let mut visit = stored();
    let conn = visit.reader();
    visit.hear(conn, "DELE 1\r\n");
    let view = visit.host.view(NOW);
    assert_eq!(view.state, "Reading");
    assert_eq!(view.machines[0].chart.states[view.machines[0].at].name, "TRANSACTION");
    let mailboxes = view.tables.iter().find(|table| table.title == "mailboxes").unwrap();
    assert!(mailboxes.rows.iter().any(|row| row.cells.last().unwrap() == "marked as deleted"));
}
