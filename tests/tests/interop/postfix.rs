//! Our SMTP client hands mail to Postfix: what waited in our queue while Postfix was down goes over
//! one connection, and lies in its maildirs byte for byte.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc::{self, Receiver};

use protocols::endpoint::{Output, Running, Step, Target};
use protocols::mail::MailServer;
use protocols::mail::server::{Config, Network, Route};
use tests::postfix::Postfix;
use tests::program::{PATIENCE, free_address, run};

use crate::native::Native;
use crate::{curl, text};

#[test]
fn what_waited_for_postfix_goes_over_one_connection_in_groups_and_lies_there_byte_for_byte() {
    let at = vacant();
    let ours = Ours::before(at);
    let (dots, eight_bit, long) = (dots(), eight_bit(), long());
    ours.queue("carol@far.test", &dots);
    ours.queue("carol@far.test,dave@far.test", &eight_bit);
    ours.queue("nobody@far.test,carol@far.test", &mail("for one of two", "Good day\r\n"));
    ours.queue("dave@far.test", &long);
    let mut postfix = Postfix::start(at, "");
    let sent = ours.flush();

    let carols = postfix.mails("carol", 3);
    let daves = postfix.mails("dave", 2);
    for (mails, whose, original) in [
        (&carols, "carol", &dots),
        (&carols, "carol", &eight_bit),
        (&carols, "carol", &mail("for one of two", "Good day\r\n")),
        (&daves, "dave", &eight_bit),
        (&daves, "dave", &long),
    ] {
        let lines = unix_lines(original);
        let same = mails.iter().filter(|mail| without_trace(mail, whose) == lines).count();
        assert_eq!(same, 1, "{} for {whose}", String::from_utf8_lossy(original));
    }

    let over = postfix.log_with("disconnect from ");
    assert!(over.contains(" ehlo=1 mail=4 rcpt=5/6 data=4 quit=1 commands=15/16"), "{over}");
    let log = postfix.log();
    assert_eq!(log.matches("]: connect from ").count(), 1, "RFC 5321 section 4.5.4.1\n{log}");
    assert!(!log.contains("improper command pipelining"), "RFC 2920 section 3.1\n{log}");
    assert!(!log.contains("warning:") && !log.contains("bare "), "{log}");
    let group = groups(&sent).into_iter().find(|group| group.contains("dave")).unwrap_or_default();
    let lines: Vec<&str> = group.lines().collect();
    assert!(lines[0].starts_with("MAIL FROM:<bob@b.test> SIZE="), "RFC 1870: {group}");
    assert!(lines[0].ends_with(" BODY=8BITMIME"), "RFC 6152 section 3: {group}");
    let rest = ["RCPT TO:<carol@far.test>", "RCPT TO:<dave@far.test>", "DATA"];
    assert_eq!(lines[1..], rest, "RFC 2920: one group");
    for (group, content) in groups(&sent).iter().zip(contents(&sent)) {
        let size = group.split([' ', '\r']).find_map(|word| word.strip_prefix("SIZE="));
        let length = unstuffed(&content).len().to_string();
        assert_eq!(size, Some(&*length), "RFC 1870 section 5: dots put in do not count\n{group}");
    }
}

#[test]
fn what_postfix_refuses_is_told_to_the_sender_and_what_is_too_large_is_not_even_offered() {
    let at = vacant();
    let ours = Ours::before(at);
    ours.queue("nobody@far.test", &mail("for nobody", "Good day\r\n"));
    ours.queue("carol@far.test", &long());
    ours.queue("carol@far.test", &mail("after the refused", "Good day\r\n"));
    let mut postfix = Postfix::start(at, "message_size_limit = 100000");
    let sent = ours.flush();
    let arrived = postfix.mails("carol", 1);
    assert_eq!(arrived.len(), 1);
    let expected = unix_lines(&mail("after the refused", "Good day\r\n"));
    assert_eq!(without_trace(&arrived[0], "carol"), expected);
    let notices = [ours.fetched(1), ours.fetched(2)];
    let unknown = "<nobody@far.test>: Recipient address rejected: User unknown in virtual mailbox";
    assert!(notices.iter().any(|notice| notice.contains(unknown)), "{notices:?}");
    let large = "552 5.3.4 The mail is too large for its next host";
    assert!(notices.iter().any(|notice| notice.contains(large)), "RFC 1870 section 3: {notices:?}");
    assert_eq!(groups(&sent).len(), 2, "the large one is never named");
    let over = postfix.log_with("disconnect from ");
    assert!(over.contains(" ehlo=1 mail=2 rcpt=1/2 data=1/2 rset=1 quit=1 "), "{over}");
}

#[test]
fn a_postfix_that_offers_little_gets_one_command_at_a_time_and_nothing_it_might_damage() {
    let at = vacant();
    let ours = Ours::before(at);
    ours.queue("carol@far.test", &dots());
    ours.queue("dave@far.test", &eight_bit());
    let less = "smtpd_discard_ehlo_keywords = pipelining, size, 8bitmime, smtputf8, chunking";
    let mut postfix = Postfix::start(at, less);
    let sent = ours.flush();
    let arrived = postfix.mails("carol", 1);
    assert_eq!(without_trace(&arrived[0], "carol"), unix_lines(&dots()));
    assert_eq!(groups(&sent), ["MAIL FROM:<bob@b.test>\r\n"], "RFC 5321 section 2.2.1");
    let alone = |line: &str| sent.iter().any(|bytes| bytes == line.as_bytes());
    assert!(alone("RCPT TO:<carol@far.test>\r\n") && alone("DATA\r\n"), "RFC 2920 section 3.1");
    let notice = ours.fetched(1);
    assert!(notice.contains("554 5.6.3 The next host takes no octets above 127"), "{notice}");
    let over = postfix.log_with("disconnect from ");
    assert!(over.contains(" ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5"), "{over}");
}

/// An address at which nobody listens until Postfix does: not even another test, which would be on
/// 127.0.0.1.
fn vacant() -> SocketAddr {
    SocketAddr::new(Ipv4Addr::new(127, 0, 2, 25).into(), free_address().port())
}

/// Our mail server, where bob has his mailbox, and what it does.
struct Ours {
    server: Native,
    steps: Receiver<Step>,
}

impl Ours {
    /// It sends everything to this address, where nobody listens yet.
    fn before(postfix: SocketAddr) -> Ours {
        let mut config = Config::new("mail.b.test", "b.test", &["bob"]);
        config.networks = vec![Network { address: [127, 0, 0, 0].into(), prefix: 8 }];
        config.routes = vec![Route { domain: None, to: Target::Address(postfix) }];
        let (seen, steps) = mpsc::channel();
        let host = Box::new(Running::new(MailServer::new(config), 1));
        let server = Native::watched(host, move |step| drop(seen.send(step.clone())));
        Ours { server, steps }
    }

    /// Takes a mail of bob's, and does not get rid of it.
    fn queue(&self, to: &str, mail: &[u8]) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("mail");
        std::fs::write(&file, mail).expect("a file in a new folder");
        let file = file.to_str().expect("a path in UTF-8");
        let port = self.server.address(25).port().to_string();
        text(&run("/usr/bin/python3", &["-c", HAND_IN, &port, to, file]));
        self.told("deferred Q");
    }

    /// Tries the queue now; what it has sent, write by write, until it said QUIT and was heard.
    fn flush(&self) -> Vec<Vec<u8>> {
        self.server.command("flush");
        let mut sent: Vec<Vec<u8>> = Vec::new();
        while !sent.iter().any(|bytes| bytes == b"QUIT\r\n") {
            for output in self.step("QUIT").outputs {
                if let Output::Send { bytes, .. } = output {
                    sent.push(bytes.to_vec());
                }
            }
        }
        sent
    }

    /// Waits for an event.
    fn told(&self, what: &str) {
        let is_it = |output: &Output| match output {
            Output::Emit(event) => event.to_string().starts_with(what),
            _ => false,
        };
        while !self.step(what).outputs.iter().any(is_it) {}
    }

    fn step(&self, awaited: &str) -> Step {
        let step = self.steps.recv_timeout(PATIENCE);
        step.unwrap_or_else(|_| panic!("our server never came to {awaited}"))
    }

    /// The mail of this number in bob's mailbox.
    fn fetched(&self, number: usize) -> String {
        let url = format!("pop3://{}/{number}", self.server.address(110));
        curl(&["--user", "bob:bob-secret", &url])
    }
}

/// Sends a file as it is, as a mail of octets up to 255 (RFC 6152).
const HAND_IN: &str = "\
import smtplib, sys
_, port, to, file = sys.argv
with smtplib.SMTP('127.0.0.1', int(port), 'a.test') as s, open(file, 'rb') as mail:
    s.sendmail('bob@b.test', to.split(','), mail.read(), ['BODY=8BITMIME'])
";

fn mail(subject: &str, body: &str) -> Vec<u8> {
    let header = "From: <bob@b.test>\r\nTo: <someone@far.test>\r\n\
        Date: Sun, 22 Nov 2026 12:00:00 +0000\r\nMessage-ID: <1@b.test>";
    format!("{header}\r\nSubject: {subject}\r\n\r\n{body}").into_bytes()
}

/// Every line begins with a dot or is one (RFC 5321 section 4.5.2), the first of the body too.
fn dots() -> Vec<u8> {
    mail("dots", ".\r\n..\r\n...three\r\n.dot\r\n\r\n.\r\n.\r\n")
}

/// Octets above 127, in UTF-8 and in no encoding at all.
fn eight_bit() -> Vec<u8> {
    let mut octets = mail("eight bits", "Gr\u{fc}\u{df}e \u{2014} \u{1f4ee}\r\n");
    octets.extend((128..=255).chain(*b"\r\n"));
    octets
}

/// 400 lines of 998 octets, the most that a line may have (RFC 5321 section 4.5.3.1.6), some with a
/// dot in front that is doubled on the way.
fn long() -> Vec<u8> {
    let line = |number: u32| {
        let dot = if number.is_multiple_of(3) { "." } else { "x" };
        format!("{dot}{number:0996}z\r\n")
    };
    mail("long", &(0..400).map(line).collect::<String>())
}

/// A mail in a maildir has the line ends of the system.
fn unix_lines(mail: &[u8]) -> Vec<u8> {
    mail.iter().copied().filter(|byte| *byte != b'\r').collect()
}

/// A mail in a maildir without what was written above it on the way: by Postfix, and by us.
fn without_trace(mail: &[u8], whose: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(mail);
    assert!(text.starts_with("Return-Path: <bob@b.test>\n"), "RFC 5321 section 4.4\n{text}");
    assert!(text.contains(&format!("\nDelivered-To: {whose}@far.test\n")), "{text}");
    let by_us = "Received: from a.test ([127.0.0.1])\n\tby mail.b.test with ESMTP id Q";
    assert!(text.contains(by_us), "{text}");
    let mut rest = mail;
    while TRACE.iter().any(|start| rest.starts_with(start.as_bytes())) {
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
        rest = &rest[end..];
    }
    rest.to_vec()
}

/// How the lines begin that those who pass a mail on write into it, and the lines that go on.
const TRACE: [&str; 6] =
    ["Return-Path:", "X-Original-To:", "Delivered-To:", "Received:", "\t", " "];

/// The writes that begin a transaction.
fn groups(sent: &[Vec<u8>]) -> Vec<String> {
    let texts = sent.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    texts.filter(|text| text.starts_with("MAIL FROM:")).collect()
}

/// The mails as they were sent, up to their final dots.
fn contents(sent: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let ends = b"\r\n.\r\n";
    let mails = sent.iter().filter_map(|bytes| bytes.strip_suffix(ends));
    mails.map(|mail| [mail, b"\r\n"].concat()).collect()
}

/// A mail without the dots that transparency put in (RFC 5321 section 4.5.2).
fn unstuffed(mail: &[u8]) -> Vec<u8> {
    let lines = mail.split_inclusive(|byte| *byte == b'\n');
    lines.flat_map(|line| line.strip_prefix(b".").unwrap_or(line)).copied().collect()
}
