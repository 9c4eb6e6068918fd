//! A server on raw bytes: which code each mistake gets, and where a mail ends.

use super::{Answering, server};
use crate::smtp::machine::{Server, ServerEvent};
use crate::smtp::{Command, Extensions, Limits, Reply};

/// What a session of these bytes gives, whole, in halves and byte by byte: all must agree.
fn session(bytes: &[u8]) -> Answering {
    let mut whole = server();
    whole.hear(bytes);
    let mut halves = server();
    let (first, second) = bytes.split_at(bytes.len() / 2);
    halves.hear(first);
    halves.hear(second);
    let mut single = server();
    for byte in bytes {
        single.hear(&[*byte]);
    }
    for cut in [&halves, &single] {
        assert_eq!(cut.codes, whole.codes, "{}", String::from_utf8_lossy(bytes));
        assert_eq!(cut.mails, whole.mails);
        assert_eq!(cut.faults, whole.faults);
        assert_eq!(cut.broken, whole.broken);
    }
    whole
}

/// Each line with what goes before it, the code of its reply, and the section that says so.
#[test]
fn a_table_of_commands_gets_the_right_codes() {
    for (before, line, code, section) in COMMANDS {
        assert_last_code(before, line, code, section);
    }
}

#[test]
fn commands_and_their_parts_have_limits() {
    let line = format!("RCPT TO:<{}@b.test>", "x".repeat(600));
    assert_last_code("EM", &line, 500, "4.5.3.1.4 command line");
    let line = format!("RCPT TO:<{}@b.test>", "x".repeat(65));
    assert_last_code("EM", &line, 501, "4.5.3.1.1 local part");
    let line = format!("RCPT TO:<x@{}test>", "abcdefgh.".repeat(28));
    assert_last_code("EM", &line, 501, "4.5.3.1.3 path");
}

/// `E`, `H`, `M` and `R` before the line stand for EHLO, HELO, MAIL and RCPT.
fn assert_last_code(before: &str, line: &str, code: u16, section: &str) {
    let mut bytes = Vec::new();
    for step in before.chars() {
        bytes.extend_from_slice(match step {
            'E' => b"EHLO a.test\r\n".as_slice(),
            'H' => b"HELO a.test\r\n",
            'M' => b"MAIL FROM:<a@a.test>\r\n",
            _ => b"RCPT TO:<b@b.test>\r\n",
        });
    }
    bytes.extend_from_slice(line.as_bytes());
    bytes.extend_from_slice(b"\r\n");
    let heard = session(&bytes);
    assert_eq!(heard.codes.last(), Some(&code), "RFC 5321 {section}: {line:.80}");
    assert_eq!(heard.codes.len(), 2 + before.len(), "{line:.80}");
    assert_eq!(heard.broken, None, "the session goes on: {line:.80}");
}

const COMMANDS: [(&str, &str, u16, &str); 48] = [
    ("", "MAIL FROM:<a@a.test>", 503, "4.1.4 needs EHLO"),
    ("", "RSET", 250, "4.1.1.5 any time"),
    ("", "NOOP anything at all", 250, "4.1.1.9"),
    ("", "VRFY bob", 250, "4.1.4 without EHLO"),
    ("", "EHLO", 501, "4.1.1.1 domain required"),
    ("", "EHLO [192.0.2.1]", 250, "4.1.3"),
    ("", "EHLO [IPv6:2001:db8::1]", 250, "4.1.3"),
    ("", "EHLO [999.0.2.1]", 501, "4.1.3"),
    ("", "EHLO my_host", 501, "4.1.2 no underscore"),
    ("", "ehlo a.test", 250, "2.4 case"),
    ("", "EHLO a.test   ", 250, "4.1.1 trailing space"),
    ("", "BREW coffee", 500, "4.2.4 unknown"),
    ("", "AUTH PLAIN AGJvYgB4", 502, "4.2.4 known and not offered"),
    ("", "starttls", 502, "4.2.4 known and not offered"),
    ("", "", 500, "4.2.4 no command"),
    ("", "QUIT now", 501, "4.3.2 no arguments"),
    ("", "DATA x", 501, "4.3.2 no arguments"),
    ("", "NOOP \u{e9}", 500, "4.1.2 ASCII"),
    ("E", "RCPT TO:<b@b.test>", 503, "4.1.4 needs MAIL"),
    ("E", "DATA", 503, "4.1.4 needs MAIL"),
    ("E", "MAIL", 501, "4.1.1.2"),
    ("E", "MAIL FROM:a@a.test", 501, "4.1.2 brackets"),
    ("E", "MAIL FROM: <a@a.test>", 501, "3.3 no space"),
    ("E", "MAIL FROM:<>", 250, "4.5.5"),
    ("E", "MAIL FROM:<a>", 501, "4.1.2 domain"),
    ("E", "MAIL FROM:<a@a.test> SIZE=5000", 250, "RFC 1870 6"),
    ("E", "MAIL FROM:<a@a.test> SIZE=5001", 552, "RFC 1870 6.1"),
    ("E", "MAIL FROM:<a@a.test> SIZE=99999999999999999999", 552, "RFC 1870 6.1"),
    ("E", "MAIL FROM:<a@a.test> SIZE=-1", 501, "RFC 1870 5"),
    ("E", "MAIL FROM:<a@a.test> SIZE=1 SIZE=2", 501, "once"),
    ("E", "MAIL FROM:<a@a.test> BODY=8BITMIME", 250, "RFC 6152 3"),
    ("E", "MAIL FROM:<a@a.test> BODY=BINARYMIME", 555, "4.1.1.11"),
    ("E", "MAIL FROM:<a@a.test> FOO=bar", 555, "4.1.1.11"),
    ("E", "MAIL FROM:<a@a.test> =x", 501, "4.1.2"),
    ("H", "MAIL FROM:<a@a.test> SIZE=1", 555, "3.2 no extensions after HELO"),
    ("EM", "MAIL FROM:<c@a.test>", 503, "4.1.4 nested"),
    ("EM", "DATA", 554, "3.3 no recipient"),
    ("EM", "RCPT TO:<b@b.test>", 250, "4.1.1.3"),
    ("EM", "RCPT TO:<Postmaster>", 250, "4.5.1"),
    ("EM", "RCPT TO:<>", 501, "4.1.1.3 no null"),
    ("EM", "RCPT TO:<@x.test,@y.test:b@b.test>", 250, "C source route"),
    ("EM", "RCPT TO:<\"b o\\\"b\"@b.test>", 250, "4.1.2 quoted"),
    ("EM", "RCPT TO:<\"bob@b.test>", 501, "4.1.2 quote open"),
    ("EM", "RCPT TO:<b..b@b.test>", 501, "4.1.2 dots"),
    ("EM", "RCPT TO:<b@b.test> NOTIFY=NEVER", 555, "4.1.1.11"),
    ("EMR", "RCPT TO:<c@b.test>", 250, "3.3"),
    ("EMR", "DATA", 354, "4.1.1.4"),
    ("EMR", "EHLO a.test", 250, "4.1.4 resets"),
];

fn with_data(data: &[u8]) -> Vec<u8> {
    let mut bytes = b"EHLO a.test\r\nMAIL FROM:<a@a.test>\r\nRCPT TO:<b@b.test>\r\n".to_vec();
    bytes.extend_from_slice(b"DATA\r\n");
    bytes.extend_from_slice(data);
    bytes
}

/// Every known way to end mail data for one server and not for another. After each comes a second
/// mail, which must never surface: neither as commands nor as a mail of its own.
#[test]
fn no_form_but_crlf_dot_crlf_ends_a_mail_and_the_others_end_the_session() {
    const SECOND: &[u8] = b"MAIL FROM:<admin@a.test>\r\nRCPT TO:<c@b.test>\r\nDATA\r\nX\r\n.\r\n";
    for end in [
        "\n.\n",
        "\n.\r\n",
        "\r.\r",
        "\r.\r\n",
        "\r\n.\n",
        "\r\n.\r",
        "\r\n\0.\n",
        "\r\r\n.\r\n",
        "\n.\r",
        "\r.\n",
        "\r\n.\r\r\n",
        "\n\n.\r\n",
        "\r\n.\n\r\n",
        "\r\0\n.\r\n",
        "\r\n.\r\0\n",
    ] {
        let mut data = format!("Subject: one\r\n\r\nbody{end}").into_bytes();
        data.extend_from_slice(SECOND);
        let heard = session(&with_data(&data));
        assert_eq!(heard.mails, Vec::<Vec<u8>>::new(), "{end:?} (CVE-2023-51764 and its kin)");
        assert_eq!(heard.codes.last(), Some(&554), "{end:?}");
        assert_eq!(heard.codes.len(), 6, "one last reply: {end:?}");
        assert!(heard.server.must_close(), "{end:?}");
        assert_eq!(heard.broken.unwrap().rule.source.section, "2.3.8", "{end:?}");
    }
}

#[test]
fn a_bare_cr_or_lf_in_a_command_ends_the_session() {
    for line in ["NOOP\n", "NOOP\r", "NOOP\n\r\n", "NO\rOP\r\n", "\nNOOP\r\n", "NOOP\r\r\n"] {
        let heard = session(format!("EHLO a.test\r\n{line}MAIL FROM:<a@a.test>\r\n").as_bytes());
        assert_eq!(heard.codes, [220, 250, 500], "RFC 5321 section 2.3.8: {line:?}");
        assert!(heard.server.must_close());
    }
}

#[test]
fn dots_are_taken_off_and_octets_are_kept_exactly() {
    let heard = session(&with_data(b"..\r\n.x\r\n...\r\n \t\r\n\0\x7f\r\n\r\n.\r\n"));
    assert_eq!(heard.mails, [b".\r\nx\r\n..\r\n \t\r\n\0\x7f\r\n\r\n".to_vec()], "4.5.2");
    assert_eq!(session(&with_data(b".\r\n")).mails, [Vec::new()], "an empty mail");
}

#[test]
fn a_mail_that_is_too_much_is_refused_at_its_end_and_the_session_goes_on() {
    let long_line = [b"x".repeat(999), b"\r\n.\r\n".to_vec()].concat();
    let dotted = [b".".to_vec(), b"x".repeat(998), b"\r\n.\r\n".to_vec()].concat();
    let large = [b"0123456789\r\n".repeat(500), b".\r\n".to_vec()].concat();
    for (data, code, section) in [
        (long_line, 500, "RFC 5321 section 4.5.3.1.6"),
        (dotted, 250, "RFC 5321 section 4.5.3.1.6, without the stuffed dot"),
        (large, 552, "RFC 1870 section 6.3"),
        (b"caf\xc3\xa9\r\n.\r\n".to_vec(), 554, "RFC 6152 section 3"),
    ] {
        let heard = session(&[with_data(&data), b"NOOP\r\n".to_vec()].concat());
        assert_eq!(heard.codes.get(5..), Some([code, 250].as_slice()), "{section}");
        assert_eq!(heard.mails.len(), usize::from(code == 250), "{section}");
    }
}

#[test]
fn octets_above_127_pass_when_they_were_announced() {
    let session_text = b"EHLO a.test\r\nMAIL FROM:<a@a.test> BODY=8BITMIME\r\n\
        RCPT TO:<b@b.test>\r\nDATA\r\ncaf\xc3\xa9\r\n.\r\n";
    assert_eq!(session(session_text).mails, [b"caf\xc3\xa9\r\n".to_vec()], "RFC 6152 section 3");
}

#[test]
fn a_server_answers_in_order_and_only_what_was_asked() {
    let mut server = Server::new(Extensions::all(0), Limits::default());
    server.receive(b"EHLO a.test\r\nNOOP\r\n");
    assert_eq!(server.next_event(), Ok(None), "the greeting is owed first");
    server.send(&Reply::new(220, "hello")).unwrap();
    assert_eq!(
        server.send(&Reply::new(250, "early")).unwrap_err().rule.id,
        "smtp.unasked-reply",
        "RFC 2920 section 3.2"
    );
    assert!(matches!(server.next_event(), Ok(Some(ServerEvent::Command(Command::Ehlo { .. })))));
    assert_eq!(server.next_event(), Ok(None), "NOOP waits until EHLO is answered");
    assert!(server.send(&Reply::new(354, "no")).is_err(), "354 answers DATA alone");
    server.send(&Reply::new(421, "going down")).unwrap();
    assert!(server.must_close());
}

#[test]
fn a_client_that_never_reads_is_cut_off() {
    let mut server = Server::new(Extensions::all(0), Limits::default());
    server.receive(&b"NOOP\r\n".repeat(20_000));
    assert_eq!(server.next_event().unwrap_err().rule.id, "smtp.waiting-limit");
}
