//! POP3 sessions from tables: what is answered, what is refused and why, and that no cut of the
//! bytes changes any of it.

#[path = "pop3_common/odd.rs"]
mod odd;

use odd::odd_messages;
use protocols::mime::unstuff;
use protocols::pop3::codec::{
    Capabilities, as_lines, parse_scans, parse_stat, parse_unique_ids, stuff,
};
use protocols::pop3::{
    ClientEvent, ClientSession, Command, Limits, Lying, Maildrop, Reply, ServerEvent,
    ServerSession, State, digest, timestamp,
};
use protocols::wire::Violation;

/// A server that grants every login, with a maildrop.
struct Site {
    session: ServerSession,
    drop: Maildrop,
    /// The rules that faults and answers named, in order.
    rules: Vec<&'static str>,
    sent: Vec<u8>,
}

impl Site {
    fn new(messages: &[&[u8]]) -> Site {
        let lying = |(at, octets): (usize, &&[u8])| Lying {
            uid: format!("uid-{}", at + 1),
            octets: as_lines(octets).into_owned().into(),
        };
        let drop = Maildrop::open(messages.iter().enumerate().map(lying));
        let mut session = ServerSession::new(Limits::default());
        let sent = session.greet("ready").unwrap().to_vec();
        Site { session, drop, rules: Vec::new(), sent }
    }

    fn hear(&mut self, bytes: &[u8]) -> Result<(), Violation> {
        self.session.receive(bytes);
        while let Some(event) = self.session.next_event()? {
            let reply = match event {
                ServerEvent::Command(command) => self.answer(&command),
                ServerEvent::Fault(violation) => {
                    self.rules.push(violation.rule.id);
                    Reply::err("no")
                }
                ServerEvent::Closed => break,
            };
            self.sent.extend(self.session.reply(&reply).unwrap());
        }
        Ok(())
    }

    fn answer(&mut self, command: &Command) -> Reply {
        match command {
            Command::Capa => Reply::ok("").with("TOP\r\nUIDL\r\nPIPELINING\r\n"),
            other => match self.drop.answer(other) {
                Some(answer) => {
                    self.rules.push(answer.rule.id);
                    answer.reply
                }
                None => Reply::ok(""),
            },
        }
    }

    fn log_in(&mut self) {
        self.hear(b"USER bob\r\nPASS secret\r\n").unwrap();
        self.sent.clear();
        self.rules.clear();
    }
}

fn lines(bytes: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(bytes).split_terminator("\r\n").map(str::to_string).collect()
}

const THREE: [&[u8]; 3] =
    [b"Subject: a\r\n\r\none\r\ntwo\r\n.three\r\n", b"Subject: b\r\n\r\n", b"x\r\n"];

/// What is asked in TRANSACTION, the first line of the answer, and the rule behind it.
const ASKED: [(&str, &str, &str); 24] = [
    ("STAT", "+OK 3 49", "pop3.stat"),
    ("stat", "+OK 3 49", "pop3.stat"),
    ("LIST 2", "+OK 2 14", "pop3.list"),
    ("UIDL 3", "+OK 3 uid-3", "pop3.uidl"),
    ("RETR 4", "-ERR no such message, only 3 here", "pop3.no-such-message"),
    ("RETR 0", "-ERR no", "pop3.message-number"),
    ("RETR -1", "-ERR no", "pop3.message-number"),
    ("RETR +1", "-ERR no", "pop3.message-number"),
    ("DELE 100000000000000000000", "-ERR no", "pop3.message-number"),
    ("LIST 4294967296", "-ERR no", "pop3.message-number"),
    ("LIST 4294967295", "-ERR no such message, only 3 here", "pop3.no-such-message"),
    ("RETR", "-ERR no", "pop3.arguments"),
    ("RETR ", "-ERR no", "pop3.arguments"),
    ("RETR  1", "-ERR no", "pop3.arguments"),
    ("RETR 1 2", "-ERR no", "pop3.arguments"),
    ("TOP 1", "-ERR no", "pop3.arguments"),
    ("TOP 1 -1", "-ERR no", "pop3.line-count"),
    ("TOP 1 x", "-ERR no", "pop3.line-count"),
    ("NOOP 1", "-ERR no", "pop3.arguments"),
    ("XTND", "-ERR no", "pop3.unknown"),
    ("", "-ERR no", "pop3.unknown"),
    ("USER bob", "-ERR no", "pop3.wrong-state"),
    ("RETR 1\0", "-ERR no", "pop3.printable"),
    ("RETR 1\r", "-ERR no", "pop3.printable"),
];

#[test]
fn each_argument_is_answered_by_the_rule_that_it_meets() {
    for (asked, answer, rule) in ASKED {
        let mut site = Site::new(&THREE);
        site.log_in();
        site.hear(format!("{asked}\r\n").as_bytes()).unwrap();
        assert_eq!(lines(&site.sent), [answer], "{asked:?}");
        assert_eq!(site.rules, [rule], "{asked:?}");
        assert_eq!(site.session.state(), State::Transaction, "RFC 1939 section 3: it goes on");
    }
}

#[test]
fn a_fault_points_at_its_bytes_in_the_stream() {
    let mut session = ServerSession::new(Limits::default());
    session.greet("ready").unwrap();
    session.receive(b"USER bob\r\nPASS x\r\nRETR -1\r\n");
    for _ in 0..2 {
        assert!(matches!(session.next_event(), Ok(Some(ServerEvent::Command(_)))));
        session.reply(&Reply::ok("")).unwrap();
    }
    let Ok(Some(ServerEvent::Fault(fault))) = session.next_event() else { panic!("no fault") };
    assert_eq!((fault.span.start, fault.span.end), (23, 25));
}

#[test]
fn a_line_that_ends_with_lf_alone_is_refused_and_the_next_is_read() {
    let mut site = Site::new(&THREE);
    site.log_in();
    site.hear(b"STAT\nNOOP\r\n").unwrap();
    assert_eq!(lines(&site.sent), ["-ERR no", "+OK"]);
    assert_eq!(site.rules, ["pop3.crlf", "pop3.noop"]);
}

/// RFC 2449 section 4: 255 octets with the CRLF are taken, 256 are not.
#[test]
fn a_command_may_have_255_octets_and_no_more() {
    for (len, rules) in [(255, &["pop3.wrong-state"][..]), (256, &["pop3.command-limit"])] {
        let mut site = Site::new(&THREE);
        site.log_in();
        let line = format!("USER {}\r\n", "x".repeat(len - 7));
        assert_eq!(line.len(), len);
        site.hear(line.as_bytes()).unwrap();
        assert_eq!(site.rules, rules);
        site.hear(b"NOOP\r\n").unwrap();
        assert_eq!(lines(&site.sent), ["-ERR no", "+OK"]);
    }
}

#[test]
fn a_line_without_end_ends_the_session_and_removes_nothing() {
    let mut site = Site::new(&THREE);
    site.log_in();
    site.hear(b"DELE 1\r\n").unwrap();
    let violation = site.hear(&[b'x'; 9000]).unwrap_err();
    assert_eq!(violation.rule.id, "pop3.command-limit");
    assert_eq!(site.session.state(), State::Ended);
    assert_eq!(site.session.moves()[0].rule.id, "pop3.no-update");
    assert!(site.session.farewell("line too long").is_some());
}

#[test]
fn a_message_is_marked_once_is_then_no_longer_there_and_comes_back_with_rset() {
    let mut site = Site::new(&THREE);
    site.log_in();
    site.hear(b"DELE 2\r\nDELE 2\r\nRETR 2\r\nLIST\r\nSTAT\r\nRSET\r\nSTAT\r\n").unwrap();
    let expected = [
        "+OK message 2 deleted",
        "-ERR message 2 is already deleted",
        "-ERR message 2 is already deleted",
        "+OK 2 messages (35 octets)",
        "1 32",
        "3 3",
        ".",
        "+OK 2 35",
        "+OK 3 messages (49 octets)",
        "+OK 3 49",
    ];
    assert_eq!(lines(&site.sent), expected);
    assert_eq!(site.drop.removals().count(), 0);
}

#[test]
fn top_gives_header_empty_line_and_so_many_lines_of_the_body() {
    for (asked, expected) in [
        ("TOP 1 0", &["+OK", "Subject: a", "", "."][..]),
        ("TOP 1 1", &["+OK", "Subject: a", "", "one", "."]),
        ("TOP 1 99", &["+OK", "Subject: a", "", "one", "two", "..three", "."]),
        ("TOP 3 5", &["+OK", "x", "."]),
    ] {
        let mut site = Site::new(&THREE);
        site.log_in();
        site.hear(format!("{asked}\r\n").as_bytes()).unwrap();
        assert_eq!(lines(&site.sent), expected, "{asked}");
    }
}

#[test]
fn pass_must_follow_user_at_once() {
    let mut site = Site::new(&THREE);
    site.hear(b"PASS x\r\nUSER bob\r\nSTAT\r\nPASS x\r\nUSER bob\r\nPASS a b  c\r\n").unwrap();
    assert_eq!(site.rules, ["pop3.wrong-state"; 3]);
    assert_eq!(site.session.state(), State::Transaction);
}

#[test]
fn what_is_sent_ahead_is_answered_in_order_however_it_is_cut() {
    let asked = b"USER bob\r\nPASS x\r\nLIST\r\nTOP 1 0\r\nDELE 1\r\nDELE 1\r\nBAD\nRETR 0\r\n\
                  UIDL\r\nCAPA\r\nRETR 1\r\nRETR 3\r\nQUIT\r\nafter";
    let mut whole = Site::new(&THREE);
    whole.hear(asked).unwrap();
    assert_eq!(whole.session.state(), State::Ended);
    for size in [1, 2, 3, 7, 50] {
        let mut cut = Site::new(&THREE);
        for piece in asked.chunks(size) {
            cut.hear(piece).unwrap();
        }
        assert_eq!(cut.sent, whole.sent, "in pieces of {size}");
        assert_eq!(cut.rules, whole.rules, "in pieces of {size}");
    }
}

/// RFC 1939 section 7 gives this example.
#[test]
fn apop_digests_the_timestamp_of_the_greeting_and_the_secret() {
    let greeting = "POP3 server ready <1896.697170952@dbc.mtview.ca.us>";
    let stamp = timestamp(greeting).unwrap();
    assert_eq!(stamp, "<1896.697170952@dbc.mtview.ca.us>");
    assert_eq!(digest(stamp, "tanstaaf"), "c4c9334bac560ecc979e58001b3e22fb");
    assert_eq!(timestamp("ready <not a stamp>"), None);
    assert!(timestamp(&protocols::pop3::greeting("mail.b.test", 7)).is_some());
}

/// A client that has logged in to the site.
fn reading(site: &mut Site) -> ClientSession {
    let mut client = ClientSession::new(Limits::default());
    client.receive(&std::mem::take(&mut site.sent));
    assert!(matches!(client.next_event(), Ok(Some(ClientEvent::Greeting(_)))));
    for command in [Command::User("bob".into()), Command::Pass("x".into())] {
        assert!(ask(site, &mut client, command, usize::MAX).is_ok());
    }
    client
}

/// Asks and reads the reply, which comes in pieces of a size.
fn ask(site: &mut Site, client: &mut ClientSession, command: Command, size: usize) -> Reply {
    let bytes = client.send(command).unwrap();
    site.hear(&bytes).unwrap();
    let mut replies = Vec::new();
    for piece in std::mem::take(&mut site.sent).chunks(size.max(1)) {
        client.receive(piece);
        while let Some(ClientEvent::Reply { reply, .. }) = client.next_event().unwrap() {
            replies.push(reply);
        }
    }
    assert_eq!(replies.len(), 1, "one reply for one command");
    replies.remove(0)
}

#[test]
fn fifty_odd_messages_come_through_retr_byte_by_byte_as_they_lie() {
    let messages = odd_messages();
    assert!(messages.len() >= 50, "{}", messages.len());
    let slices: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
    let mut site = Site::new(&slices);
    let mut client = reading(&mut site);
    let stat = ask(&mut site, &mut client, Command::Stat, 1);
    let octets: usize = messages.iter().map(|message| as_lines(message).len()).sum();
    let stat = parse_stat(&stat.text).unwrap();
    assert_eq!((stat.messages as usize, stat.octets as usize), (messages.len(), octets));
    for (at, message) in messages.iter().enumerate() {
        let number = at as u32 + 1;
        for size in [1, 5, 1460, usize::MAX] {
            let reply = ask(&mut site, &mut client, Command::Retr(number), size);
            let expected = as_lines(message);
            assert_eq!(reply.content.as_deref(), Some(expected.as_ref()), "{number} by {size}");
        }
        // RFC 1939 section 11: only line ends are put in order, and the last one is added.
        let same = as_lines(message).as_ref() == message.as_slice();
        assert!(same || !message.ends_with(b"\r\n"), "{number}");
    }
}

#[test]
fn listings_read_back_as_what_is_in_the_maildrop() {
    let mut site = Site::new(&THREE);
    let mut client = reading(&mut site);
    let list = ask(&mut site, &mut client, Command::List(None), 3).content.unwrap();
    let sizes: Vec<_> = parse_scans(&list).iter().map(|s| (s.number, s.octets)).collect();
    assert_eq!(sizes, [(1, 32), (2, 14), (3, 3)]);
    let uids = ask(&mut site, &mut client, Command::Uidl(None), 3).content.unwrap();
    assert_eq!(parse_unique_ids(&uids).len(), 3);
    let capa = ask(&mut site, &mut client, Command::Capa, 3).content.unwrap();
    assert!(Capabilities::parse(&capa).has("top") && client.pipelining());
}

#[test]
fn stuffing_comes_off_again_and_no_line_of_what_is_sent_is_a_lone_dot() {
    for message in odd_messages() {
        let message = as_lines(&message);
        let sent = stuff(&message);
        assert!(!sent.starts_with(b".\r\n"));
        assert!(!sent.windows(5).any(|five| five == b"\r\n.\r\n"), "RFC 1939 section 3");
        let back = unstuff(&sent);
        assert_eq!(back.bytes, message.as_ref());
        for (at, byte) in back.bytes.iter().enumerate() {
            assert_eq!(sent[back.sent_at(at)], *byte);
        }
    }
}

/// What a server must not say: its bytes, behind the greeting and a RETR, and the rule.
const WRONG: [(&[u8], &str); 8] = [
    (b"OK\r\n", "pop3.status"),
    (b"+ok\r\n", "pop3.status"),
    (b"+OKAY\r\n", "pop3.status"),
    (b"+OK\n", "pop3.crlf"),
    (b"+OK \0\r\n", "pop3.printable"),
    (b"-ERR gone\r\n+OK\r\n", "pop3.unasked"),
    (b"+OK\r\nx\r\n.\r\n.\r\n", "pop3.unasked"),
    (b"\r\n", "pop3.status"),
];

#[test]
fn what_a_server_must_not_say_is_named_by_its_rule_however_it_is_cut() {
    for (bytes, rule) in WRONG {
        for size in [1, 2, 100] {
            let mut site = Site::new(&THREE);
            let mut client = reading(&mut site);
            client.send(Command::Retr(1)).unwrap();
            let mut broken = None;
            for piece in bytes.chunks(size) {
                client.receive(piece);
                broken = loop {
                    match client.next_event() {
                        Ok(Some(_)) => {}
                        Ok(None) => break broken,
                        Err(violation) => break Some(violation),
                    }
                };
            }
            assert_eq!(broken.map(|violation| violation.rule.id), Some(rule), "{bytes:?}");
        }
    }
}

#[test]
fn a_reply_that_the_connection_cuts_short_is_no_reply() {
    for part in ["+O", "+OK 10 octets\r\nSubj", "+OK\r\nwhole line\r\n", "+OK\r\n.\r"] {
        let mut site = Site::new(&THREE);
        let mut client = reading(&mut site);
        client.send(Command::Retr(1)).unwrap();
        client.receive(part.as_bytes());
        assert_eq!(client.next_event(), Ok(None), "{part:?}");
        client.receive_end();
        let violation = client.next_event().unwrap_err();
        assert_eq!(violation.rule.id, "pop3.incomplete", "{part:?}");
    }
}

#[test]
fn a_reply_line_has_512_octets_at_most_and_content_has_a_limit() {
    let limits = Limits { content_max: 100, ..Limits::default() };
    let first = |len: usize| format!("+OK {}\r\n", "x".repeat(len - 6));
    let endless = format!("+OK\r\n{}", "x\r\n".repeat(40));
    let cases = [
        (first(512), None),
        (first(513), Some("pop3.reply-limit")),
        ("+OK".repeat(4000), Some("pop3.reply-limit")),
        (endless, Some("pop3.content-limit")),
    ];
    for (text, rule) in cases {
        for size in [1, 64, usize::MAX] {
            let mut client = ClientSession::new(limits.clone());
            client.receive(b"+OK\r\n");
            client.next_event().unwrap();
            client.send(Command::Apop { name: "bob".into(), digest: "d".into() }).unwrap();
            client.receive(b"+OK\r\n");
            client.next_event().unwrap();
            client.send(Command::Retr(1)).unwrap();
            let mut said = None;
            for piece in text.as_bytes().chunks(size) {
                client.receive(piece);
                said = client.next_event().err().map(|violation| violation.rule.id);
            }
            assert_eq!(said, rule, "{} bytes by {size}", text.len());
        }
    }
}

#[test]
fn a_client_sends_ahead_only_where_pipelining_is_announced_and_never_what_is_out_of_place() {
    let mut site = Site::new(&THREE);
    let mut client = reading(&mut site);
    client.send(Command::Stat).unwrap();
    assert_eq!(client.send(Command::Noop).unwrap_err().rule.id, "pop3.pipelining");
    let mut site = Site::new(&THREE);
    let mut client = reading(&mut site);
    ask(&mut site, &mut client, Command::Capa, 100);
    let user = Command::User("eve".into());
    assert_eq!(client.send(user).unwrap_err().rule.id, "pop3.wrong-state");
    client.send(Command::Retr(1)).unwrap();
    client.send(Command::Quit).unwrap();
    assert_eq!(client.send(Command::Noop).unwrap_err().rule.id, "pop3.wrong-state");
    assert_eq!(client.state(), State::Transaction, "QUIT is not the next to be answered");
    assert_eq!(client.send(Command::Retr(0)).unwrap_err().rule.id, "pop3.wrong-state");
}

#[test]
fn what_could_not_be_read_back_is_not_written() {
    let logged_in = || reading(&mut Site::new(&THREE));
    let rules = |command| logged_in().send(command).unwrap_err().rule.id;
    assert_eq!(rules(Command::Retr(0)), "pop3.message-number");
    let mut fresh = ClientSession::new(Limits::default());
    assert_eq!(fresh.send(Command::Quit).unwrap_err().rule.id, "pop3.greeting");
    fresh.receive(b"+OK\r\n");
    fresh.next_event().unwrap();
    for name in ["", "a b", "a\r\nDELE 1", "\u{fc}"] {
        let misuse = fresh.send(Command::User(name.into())).unwrap_err();
        assert_eq!(misuse.rule.id, "pop3.printable", "{name:?}");
    }
    let long = fresh.send(Command::User("x".repeat(250))).unwrap_err();
    assert_eq!(long.rule.id, "pop3.command-limit");
}
