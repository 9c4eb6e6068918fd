//! Our readers of commands and replies against smtp-proto 0.2, on lines that are right and lines
//! that were tampered with; and each against its own writer.
//!
//! Where they differ, and why. Anything else is a failure.
//!
//! We refuse and smtp-proto accepts:
//! 1. Paths: it takes octets above 127, spaces after the colon, missing brackets, an empty path
//!    for RCPT, labels with `_` or hyphens at their edges, address literals that are none, and it
//!    does not bound lengths.
//! 2. Parameters of extensions that we do not offer, and parameters said twice.
//! 3. Arguments where none belong, commands of extensions that we do not have, and any EHLO name.
//! 4. Replies: codes from 000 to 999, codes that change from line to line, and lines that end with
//!    LF alone. We refuse all of them.
//!
//! We accept and smtp-proto refuses:
//! 5. Quoted local parts, of which it keeps or drops other characters, and address literals, which
//!    it does not take.
//! 6. Spaces and tabs before the end of a line, and spaces, quotes or backslashes inside the
//!    argument of VRFY, EXPN, HELP and NOOP, of which it takes the first word.

use proptest::prelude::*;
use protocols::smtp::codec::{ReplyReader, read_command, write_command, write_reply};
use protocols::smtp::{
    Address, Body, Command, ForwardPath, Limits, Parameters, Reply, ReversePath,
};
use protocols::wire::Notes;
use smtp_proto::response::parser::ResponseReceiver;
use smtp_proto::{MAIL_BODY_7BIT, MAIL_BODY_8BITMIME, Request};

/// What a command says, as far as both readers tell it.
#[derive(PartialEq, Eq, Debug)]
struct Said {
    verb: String,
    argument: String,
    size: u64,
    body: Option<Body>,
}

fn said(verb: &str, argument: impl Into<String>) -> Said {
    Said { verb: verb.into(), argument: argument.into(), size: 0, body: None }
}

fn plain(address: &Address) -> String {
    format!("{}@{}", address.local, address.domain)
}

fn ours(command: &Command) -> Said {
    let verb = command.verb().name();
    match command {
        Command::Ehlo { client } | Command::Helo { client } => said(verb, client),
        Command::Mail { from, parameters } => {
            let path = match from {
                ReversePath::Null => String::new(),
                ReversePath::Address(address) => plain(address),
            };
            let size = parameters.size.unwrap_or(0);
            Said { size, body: parameters.body, ..said(verb, path) }
        }
        Command::Rcpt { to: ForwardPath::Postmaster } => said(verb, ""),
        Command::Rcpt { to: ForwardPath::Address(address) } => said(verb, plain(address)),
        Command::Vrfy { user: text } | Command::Expn { list: text } => said(verb, text),
        Command::Help { about: text } | Command::Noop { text } => said(verb, text),
        Command::Data | Command::Rset | Command::Quit => said(verb, ""),
    }
}

fn theirs(line: &[u8]) -> Option<Said> {
    let bytes = [line, b"\r\n"].concat();
    let request = Request::parse(&mut bytes.iter()).ok()?;
    let verb = request.name();
    Some(match request {
        Request::Ehlo { host } | Request::Helo { host } => said(verb, host),
        Request::Mail { from } => {
            let body = match from.flags {
                flags if flags & MAIL_BODY_8BITMIME != 0 => Some(Body::EightBitMime),
                flags if flags & MAIL_BODY_7BIT != 0 => Some(Body::SevenBit),
                _ => None,
            };
            Said { size: from.size as u64, body, ..said(verb, from.address) }
        }
        Request::Rcpt { to } => said(verb, to.address),
        Request::Noop { value } | Request::Vrfy { value } => said(verb, value),
        Request::Expn { value } | Request::Help { value } => said(verb, value),
        Request::Data | Request::Rset | Request::Quit => said(verb, ""),
        _ => said(verb, ""),
    })
}

fn read(line: &[u8]) -> Option<Command> {
    read_command(line, &Limits::default(), &mut Notes::off()).ok()
}

/// Whether smtp-proto is known to refuse, or to read otherwise, what we accept.
fn is_ours_alone(line: &[u8], command: &Command) -> bool {
    let text = String::from_utf8_lossy(line);
    let trailing = text.ends_with([' ', '\t']);
    match command {
        Command::Mail { .. } | Command::Rcpt { .. } => {
            trailing || text.contains('"') || text.contains('[')
        }
        Command::Vrfy { user: argument }
        | Command::Expn { list: argument }
        | Command::Help { about: argument }
        | Command::Noop { text: argument } => trailing || argument.contains([' ', '"', '\\', '\t']),
        Command::Ehlo { .. } | Command::Helo { .. } => trailing,
        Command::Data | Command::Rset | Command::Quit => trailing,
    }
}

fn local() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z0-9+=_-]{1,12}", "[a-z]{1,5}\\.[a-z]{1,5}"]
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z][a-z0-9]{0,8}\\.test", "a-b\\.c1\\.test"]
}

fn domain() -> impl Strategy<Value = String> {
    prop_oneof![name(), Just("[192.0.2.1]".into()), Just("[IPv6:2001:db8::1]".into())]
}

fn address() -> BoxedStrategy<Address> {
    (local(), name()).prop_map(|(local, domain)| Address { local, domain }).boxed()
}

/// Addresses of any kind, with local parts that need quotes.
fn odd_address() -> BoxedStrategy<Address> {
    ("[ -~]{0,20}", domain()).prop_map(|(local, domain)| Address { local, domain }).boxed()
}

fn parameters() -> impl Strategy<Value = Parameters> {
    let body = prop_oneof![Just(None), Just(Some(Body::SevenBit)), Just(Some(Body::EightBitMime))];
    (proptest::option::of(1_u64..1_000_000), body)
        .prop_map(|(size, body)| Parameters { size, body })
}

fn command(address: BoxedStrategy<Address>) -> BoxedStrategy<Command> {
    let from = prop_oneof![Just(ReversePath::Null), address.clone().prop_map(ReversePath::Address)];
    prop_oneof![
        "[a-z]{1,9}\\.test".prop_map(|client| Command::Ehlo { client }),
        "[a-z]{1,9}\\.test".prop_map(|client| Command::Helo { client }),
        (from, parameters()).prop_map(|(from, parameters)| Command::Mail { from, parameters }),
        address.prop_map(|to| Command::Rcpt { to: ForwardPath::Address(to) }),
        Just(Command::Rcpt { to: ForwardPath::Postmaster }),
        "[a-z]{1,9}".prop_map(|user| Command::Vrfy { user }),
        "[a-z]{1,9}".prop_map(|list| Command::Expn { list }),
        "[a-z]{0,9}".prop_map(|about| Command::Help { about }),
        "[a-z]{0,9}".prop_map(|text| Command::Noop { text }),
        Just(Command::Data),
        Just(Command::Rset),
        Just(Command::Quit),
    ]
    .boxed()
}

fn reply() -> impl Strategy<Value = Reply> {
    let text = prop_oneof!["[a-zA-Z .]{1,30}", "[245]\\.[0-9]\\.[0-9] [a-z ]{1,20}"];
    (200_u16..600, proptest::collection::vec(text, 1..5))
        .prop_map(|(code, lines)| Reply { code, lines })
}

fn read_reply(bytes: &[u8]) -> Option<Reply> {
    let mut notes = Notes::on();
    let whole = ReplyReader::default().read(bytes, &Limits::default(), &mut notes).ok()??;
    let mut at = 0;
    for note in notes.list().iter().filter(|note| note.depth == 0) {
        assert_eq!(note.span.start, at, "{note:?}");
        at = note.span.end;
    }
    assert_eq!(at, whole.len, "every byte of a reply is noted");
    Some(whole.reply)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn both_read_the_same_in_commands_that_are_right(command in command(address())) {
        let line = command.to_string();
        prop_assert_eq!(theirs(line.as_bytes()), Some(ours(&command)), "{}", line);
        prop_assert_eq!(read(line.as_bytes()), Some(command), "{}", line);
    }

    #[test]
    fn what_we_read_in_a_damaged_command_smtp_proto_reads_too(
        command in command(address()),
        at in any::<prop::sample::Index>(),
        byte in prop_oneof![Just(b' '), Just(b'<'), Just(b'>'), Just(b':'), Just(b'@'), 0_u8..128],
        cut in 0_usize..3,
    ) {
        let mut line = command.to_string().into_bytes();
        let at = at.index(line.len());
        match cut {
            0 => line[at] = byte,
            1 => line.insert(at, byte),
            _ => { line.remove(at); }
        }
        prop_assume!(!line.contains(&b'\n') && !line.contains(&b'\r'));
        if let Some(read) = read(&line) && !is_ours_alone(&line, &read) {
            let text = String::from_utf8_lossy(&line).into_owned();
            prop_assert_eq!(theirs(&line), Some(ours(&read)), "{}", text);
        }
    }

    #[test]
    fn what_is_written_reads_back_as_itself(command in command(odd_address())) {
        let line = write_command(&command).unwrap();
        let line = line.strip_suffix(b"\r\n").unwrap();
        let mut notes = Notes::on();
        let again = read_command(line, &Limits::default(), &mut notes).unwrap();
        prop_assert_eq!(again, command);
        let mut at = 0;
        for note in notes.list().iter().filter(|note| note.depth == 0) {
            prop_assert_eq!(note.span.start, at);
            at = note.span.end;
        }
        prop_assert_eq!(at, line.len(), "every byte of a command is noted");
    }

    #[test]
    fn both_read_the_same_in_replies(reply in reply()) {
        let bytes = write_reply(&reply).unwrap();
        prop_assert_eq!(read_reply(&bytes), Some(reply.clone()));
        let read = ResponseReceiver::default().parse(&mut bytes.iter()).unwrap();
        prop_assert_eq!(read.code, reply.code);
        if reply.lines.len() == 1 {
            let code = read.esc.map(|part| part.to_string()).join(".");
            match reply.enhanced() {
                Some(enhanced) => prop_assert_eq!(enhanced, code),
                None => prop_assert_eq!("0.0.0", code),
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let _ = read(&bytes);
        let _ = read_reply(&bytes);
    }
}

/// The list above, held by examples: what we refuse and smtp-proto takes.
#[test]
fn what_only_smtp_proto_accepts_is_refused_here() {
    for line in [
        "MAIL FROM:<caf\u{e9}@a.test>",
        "MAIL FROM: <a@a.test>",
        "MAIL FROM:<a@a_b.test>",
        "MAIL FROM:<a@-b.test>",
        "RCPT TO:<>",
        "MAIL FROM:<a@a.test> RET=FULL",
        "EHLO under_score",
        "STARTTLS",
    ] {
        assert!(theirs(line.as_bytes()).is_some(), "{line}");
        assert_eq!(read(line.as_bytes()), None, "{line}");
    }
    for bytes in ["250 a\n", "199 a\r\n", "250-a\r\n251 b\r\n"] {
        assert!(ResponseReceiver::default().parse(&mut bytes.as_bytes().iter()).is_ok(), "{bytes}");
        assert_eq!(read_reply(bytes.as_bytes()), None, "{bytes}");
    }
}
