//! An agent against servers that say what the test wants.

mod reading;
mod sending;

use core::time::Duration;

use bytes::Bytes;

use super::{Agent, Command, Config};
use crate::endpoint::{AlarmId, Conn, Host, Output, Running, Stimulus};
use crate::mime::{self, Attachment};
use crate::wire::Time;

/// An agent, what it has done, and when it is.
struct Desk {
    agent: Running<Agent>,
    done: Vec<Output>,
    now: Time,
}

impl Desk {
    fn new(change: impl FnOnce(&mut Config)) -> Desk {
        let mut config = Config::new("laptop.a.test", "mail.a.test", "alice");
        let bytes = Bytes::from_static(b"GIF89a\0\xff");
        let (name, media_type) = ("dot.gif".into(), "image/gif".into());
        config.files = vec![Attachment { name, media_type, bytes }];
        change(&mut config);
        let agent = Running::new(Agent::new(config), 1);
        let mut desk = Desk { agent, done: Vec::new(), now: Time::from_secs(1_700_000_000) };
        desk.step(Stimulus::Start);
        desk
    }

    fn step(&mut self, stimulus: Stimulus) -> &mut Desk {
        let step = self.agent.step(self.now, stimulus).unwrap();
        self.done.extend(step.outputs);
        self
    }

    fn command(&mut self, text: &str) -> &mut Desk {
        self.step(Stimulus::Command(text.into()))
    }

    /// The connection that was dialled last, opened.
    fn opened(&mut self) -> Conn {
        let dialled = self.done.iter().rev().find_map(|output| match output {
            Output::Dial { conn, .. } => Some(*conn),
            _ => None,
        });
        let conn = dialled.expect("a connection was dialled");
        let peer = "192.0.2.1:110".parse().unwrap();
        self.step(Stimulus::Opened { conn, peer, port: None });
        conn
    }

    /// The server says something; what the agent then sends, as text.
    fn hears(&mut self, conn: Conn, text: &str) -> String {
        let before = self.done.len();
        let bytes = Bytes::copy_from_slice(text.as_bytes());
        self.step(Stimulus::Data { conn, bytes });
        self.sent_since(before)
    }

    fn sent_since(&self, before: usize) -> String {
        let sent = self.done[before..].iter().filter_map(|output| match output {
            Output::Send { bytes, .. } => Some(String::from_utf8_lossy(bytes)),
            _ => None,
        });
        sent.collect()
    }

    /// Each of the server's lines and what the agent must answer to it.
    fn dialogue(&mut self, conn: Conn, turns: &[(&str, &str)]) -> &mut Desk {
        for (heard, expected) in turns {
            assert_eq!(self.hears(conn, heard), *expected, "after {heard:?}");
        }
        self
    }

    fn told(&self) -> Vec<String> {
        let told = self.done.iter().filter_map(|output| match output {
            Output::Emit(text) => Some(text.clone()),
            _ => None,
        });
        told.collect()
    }

    fn ring(&mut self, name: &str) -> &mut Desk {
        let armed = |output: &Output| match output {
            Output::Arm { alarm, name: armed, .. } if *armed == name => Some(*alarm),
            _ => None,
        };
        let alarm: AlarmId = self.done.iter().rev().find_map(armed).expect("the alarm is armed");
        self.step(Stimulus::Alarm(alarm))
    }

    /// For how long the alarm of this name was armed last.
    fn armed(&self, name: &str) -> Duration {
        let armed = self.done.iter().rev().find_map(|output| match output {
            Output::Arm { name: armed, after, .. } if *armed == name => Some(*after),
            _ => None,
        });
        armed.expect("the alarm is armed")
    }

    fn cited(&self, id: &str) -> bool {
        self.done.iter().any(|output| matches!(output, Output::Cite(rule) if rule.id == id))
    }

    fn agent(&self) -> &Agent {
        self.agent.endpoint()
    }
}

const SEND: &str = "send alice@a.test bob@b.test,carol@c.test \"Hello\" \"One line\\n.\" dot.gif";

/// Logs in, and has the server list these unique-ids.
fn listing(desk: &mut Desk, uids: &[&str]) -> (Conn, String) {
    desk.command("check");
    let conn = desk.opened();
    desk.hears(conn, "+OK ready\r\n");
    desk.hears(conn, "+OK\r\nPIPELINING\r\nUIDL\r\n.\r\n");
    let line = |(at, text): (usize, String)| format!("{} {text}\r\n", at + 1);
    let lines = |texts: Vec<String>| texts.into_iter().enumerate().map(line).collect::<String>();
    let sizes = lines(uids.iter().map(|_| "10".to_string()).collect());
    let uids = lines(uids.iter().map(|uid| (*uid).to_string()).collect());
    let said = format!("+OK\r\n+OK\r\n+OK 2 20\r\n+OK\r\n{uids}.\r\n+OK\r\n{sizes}.\r\n");
    let asked = desk.hears(conn, &said);
    (conn, asked)
}

#[test]
fn commands_read_back_as_they_are_written() {
    for text in [
        SEND,
        "send a@a b@b \"say \\\"hi\\\" \\\\ twice\" \"\"",
        "send a@a b@b \"\" \"\" \"two words.txt\"",
        "submit",
        "check",
        "open",
        "list",
        "fetch",
        "retr 3",
        "top 1 0",
        "dele 2",
        "reset",
        "quit",
        "leave on",
        "login apop",
        "file \"two words.txt\" \"text/plain\" \"aGVsbG8=\"",
        "file \"empty\" \"application/octet-stream\" \"\"",
    ] {
        let command: Command = text.parse().unwrap();
        assert_eq!(command.to_string().parse::<Command>(), Ok(command), "{text}");
    }
    for wrong in [
        "",
        "send a@a b@b subject",
        "send nobody b@b \"\" \"\"",
        "send a@a b@b,, \"\" \"\"",
        "send a@a b@b \"open",
        "retr 0",
        "file a.txt text/plain aGV?",
        "file a.txt text aGVsbG8=",
        "file a.txt \"text/plain; x=1\" aGVsbG8=",
        "retr -1",
        "retr 100000000000000000000",
        "retr",
        "dele one",
        "login tls",
        "fetch 1",
    ] {
        assert!(wrong.parse::<Command>().is_err(), "{wrong:?}");
    }
}

#[test]
fn the_view_shows_outbox_inbox_maildrop_and_parts() {
    let mut desk = Desk::new(|_| {});
    let (conn, _) = listing(&mut desk, &["x"]);
    let draft = mime::Draft {
        from: "bob@b.test".into(),
        to: vec!["alice@a.test".into()],
        subject: "Pictures".into(),
        date: desk.now,
        text: "two\n".into(),
        attachments: desk.agent().config().files.clone(),
    };
    let mail = String::from_utf8(draft.write(1, false)).unwrap();
    desk.hears(conn, &format!("+OK\r\n{mail}.\r\n"));
    desk.command(SEND);
    let view = desk.agent.view(desk.now);
    let titles: Vec<_> = view.tables.iter().map(|table| table.title).collect();
    assert_eq!(titles, ["outbox", "inbox", "maildrop", "parts of the newest mail"]);
    for table in &view.tables {
        assert!(table.rows.iter().all(|row| row.cells.len() == table.columns.len()));
    }
    let parts: Vec<_> = view.tables[3].rows.iter().map(|row| row.cells[1].as_str()).collect();
    assert_eq!(parts, ["multipart/mixed", "text/plain", "image/gif"]);
    assert_eq!(view.machines.len(), 1, "no session over a connection that is not open");
    assert_eq!(view.state, "Reading");
    desk.opened();
    let view = desk.agent.view(desk.now);
    assert_eq!(view.machines.len(), 2);
    assert_eq!(view.state, "Sending");
}
