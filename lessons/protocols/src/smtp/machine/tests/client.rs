//! A client on raw bytes: groups, replies, and mail that may not be sent.

use crate::smtp::ReversePath;
use crate::smtp::machine::{Client, ClientState};
use crate::smtp::{Address, Body, Command, Extensions, ForwardPath, Limits, Parameters};

fn address(text: &str) -> Address {
    text.parse().unwrap()
}

pub(super) fn mail() -> Command {
    let from = ReversePath::Address(address("a@a.test"));
    Command::Mail { from, parameters: Parameters::default() }
}

pub(super) fn rcpt() -> Command {
    Command::Rcpt { to: ForwardPath::Address(address("b@b.test")) }
}

pub(super) fn ehlo() -> Command {
    Command::Ehlo { client: "a.test".into() }
}

/// A client that has heard these replies, each to what it sent before it.
pub(super) fn client(script: &[(Option<Command>, &str)]) -> Client {
    let mut client = Client::new(Limits::default());
    for (command, reply) in script {
        if let Some(command) = command {
            client.send(command).unwrap();
        }
        client.receive(reply.as_bytes());
        while client.next_event().unwrap().is_some() {}
    }
    client
}

pub(super) const OFFER: &str = "250-b.test\r\n250-PIPELINING\r\n250-SIZE 1000\r\n250 8BITMIME\r\n";

#[test]
fn a_client_groups_commands_only_where_that_was_offered() {
    let mut plain = client(&[(None, "220 b\r\n"), (Some(ehlo()), "250 b.test\r\n")]);
    plain.send(&mail()).unwrap();
    assert_eq!(plain.send(&rcpt()).unwrap_err().rule.id, "smtp.one-at-a-time");
    let mut grouping = client(&[(None, "220 b\r\n"), (Some(ehlo()), OFFER)]);
    for command in [mail(), rcpt(), rcpt(), Command::Data] {
        grouping.send(&command).unwrap();
    }
    let late = grouping.send(&Command::Rset).unwrap_err();
    assert_eq!(late.rule.id, "smtp.in-order", "RFC 2920 section 3.1: DATA ends a group");
    grouping.receive(b"250 ok\r\n550 no\r\n550 no\r\n354 go\r\n");
    while grouping.next_event().unwrap().is_some() {}
    assert_eq!(grouping.state(), ClientState::Content);
    assert!(grouping.send_mail(b"text\r\n").is_err(), "RFC 2920 section 3.1: nobody to send it to");
    assert_eq!(grouping.send_mail(b"").unwrap(), ".\r\n".as_bytes());
}

#[test]
fn a_client_sends_no_mail_that_could_be_read_two_ways() {
    let leave = [
        (None, "220 b\r\n"),
        (Some(ehlo()), "250 b.test\r\n"),
        (Some(mail()), "250 ok\r\n"),
        (Some(rcpt()), "250 ok\r\n"),
        (Some(Command::Data), "354 go\r\n"),
    ];
    for (octets, rule) in [
        (b"a\nb\r\n".to_vec(), "smtp.bare-lf"),
        (b"a\rb\r\n".to_vec(), "smtp.bare-cr"),
        (b"a\r".to_vec(), "smtp.bare-cr"),
        (b"\xff\r\n".to_vec(), "smtp.eight-bit"),
        (b"x".repeat(999), "smtp.text-line-limit"),
    ] {
        assert_eq!(client(&leave).send_mail(&octets).unwrap_err().rule.id, rule);
    }
    let wire = client(&leave).send_mail(b".\r\n.x\r\nlast").unwrap();
    assert_eq!(wire, "..\r\n..x\r\nlast\r\n.\r\n".as_bytes(), "RFC 5321 section 4.5.2");
    let evil = Command::Vrfy { user: "a\r\nMAIL FROM:<b@b.test>".into() };
    assert!(client(&leave[..2]).send(&evil).is_err(), "a command of two lines");
}

#[test]
fn replies_that_are_none_and_replies_to_nothing_end_a_client_s_reading() {
    for (bytes, rule) in [
        ("hello\r\n", "smtp.reply-code"),
        ("22 hello\r\n", "smtp.reply-code"),
        ("199 hello\r\n", "smtp.reply-code"),
        ("220hello\r\n", "smtp.reply-code"),
        ("220-one\r\n250 two\r\n", "smtp.reply-same-code"),
        ("220 a\n", "smtp.bare-lf"),
        ("354 go\r\n", "smtp.reply-code"),
        ("220 a\r\n250 b\r\n", "smtp.unasked-reply"),
    ] {
        let mut whole = Client::new(Limits::default());
        whole.receive(bytes.as_bytes());
        let mut cut = Client::new(Limits::default());
        let mut broken = None;
        for byte in bytes.bytes() {
            cut.receive(&[byte]);
            while broken.is_none() {
                match cut.next_event() {
                    Ok(None) => break,
                    Ok(Some(_)) => {}
                    Err(violation) => broken = Some(violation),
                }
            }
        }
        let violation = loop {
            if let Err(violation) = whole.next_event() {
                break violation;
            }
        };
        assert_eq!(violation.rule.id, rule, "{bytes:?}");
        assert_eq!(Some(violation), broken, "{bytes:?}");
        assert!(whole.must_close());
    }
}

#[test]
fn a_refused_mail_of_an_older_group_does_not_end_the_newer_transaction() {
    let mut client = client(&[(None, "220 b\r\n"), (Some(ehlo()), OFFER)]);
    for command in [mail(), rcpt(), Command::Rset, mail(), rcpt()] {
        client.send(&command).unwrap();
    }
    client.receive(b"550 no\r\n503 no\r\n250 reset\r\n250 ok\r\n250 ok\r\n");
    while client.next_event().unwrap().is_some() {}
    assert_eq!((client.state(), client.accepted()), (ClientState::Recipients, 1));
}

#[test]
fn a_client_uses_nothing_that_was_not_offered() {
    let mut helo = client(&[
        (None, "220 b\r\n"),
        (Some(ehlo()), "502 what\r\n"),
        (Some(Command::Helo { client: "a.test".into() }), "250 b\r\n"),
    ]);
    assert_eq!(helo.offered(), Extensions::default(), "RFC 5321 section 3.2");
    let parameters = Parameters { size: Some(1), body: Some(Body::EightBitMime) };
    let with = Command::Mail { from: ReversePath::Null, parameters };
    assert_eq!(helo.send(&with).unwrap_err().rule.id, "smtp.parameter");
}
