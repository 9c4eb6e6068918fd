//! The client's end of a session: commands out, replies in.

use std::collections::VecDeque;

use bytes::{Buf, Bytes, BytesMut};

use super::chart::{CLIENT, State, Track, Trigger};
use crate::endpoint::Position;
use crate::mime::shown_base64;
use crate::pop3::codec::{Capabilities, Limits, ReplyReader, write_command};
use crate::pop3::{Command, Reply, rules};
use crate::wire::{Edge, Misuse, Note, Notes, Rule, Span, Violation};

/// The client's end of a session.
#[derive(Clone, Debug)]
pub struct ClientSession {
    limits: Limits,
    track: Track,
    reader: ReplyReader,
    /// Bytes of the server that have not been read.
    buffer: BytesMut,
    /// Where the buffer begins in the server's stream.
    buffer_at: usize,
    /// Where the reply begins that was read last.
    message_at: usize,
    /// What was asked and is not answered, in order.
    asked: VecDeque<Command>,
    /// Whether the server has announced PIPELINING.
    pipelining: bool,
    /// Whether commands are taken as they come: for whoever only looks on.
    lenient: bool,
    finished: bool,
    broken: Option<Violation>,
    notes: Notes,
}

/// What a server said.
#[derive(Clone, PartialEq, Debug)]
pub enum ClientEvent {
    /// The greeting; -ERR turns the client away.
    Greeting(Reply),
    /// The reply to a command.
    Reply {
        /// What was asked.
        command: Command,
        /// What was answered.
        reply: Reply,
    },
    /// The server sends no more.
    Closed,
}

impl ClientSession {
    /// A session on a connection that has just been opened.
    pub fn new(limits: Limits) -> ClientSession {
        ClientSession {
            limits,
            track: Track::new(&CLIENT),
            reader: ReplyReader::default(),
            buffer: BytesMut::new(),
            buffer_at: 0,
            message_at: 0,
            asked: VecDeque::new(),
            pipelining: false,
            lenient: false,
            finished: false,
            broken: None,
            notes: Notes::off(),
        }
    }

    /// The same session, with notes taken of every byte that is read.
    pub fn noted(mut self) -> ClientSession {
        self.notes = Notes::on();
        self
    }

    /// Where the session is, as far as replies have been read.
    pub fn state(&self) -> State {
        self.track.state()
    }

    /// Where it is on its chart, under a title such as `connection #1, client`.
    pub fn position(&self, title: impl Into<String>) -> Position {
        self.track.position(title.into())
    }

    /// The moves that the last call made, in order. Their rules say why.
    pub fn moves(&self) -> &[&'static Edge] {
        &self.track.moves
    }

    /// What was asked and is not answered, in order.
    pub fn unanswered(&self) -> impl Iterator<Item = &Command> {
        self.asked.iter()
    }

    /// Whether the server has said that it takes commands without waiting for replies.
    pub fn pipelining(&self) -> bool {
        self.pipelining
    }

    /// Whether there is nothing more to say and the connection should be closed now.
    pub fn must_close(&self) -> bool {
        self.state() == State::Ended
    }

    /// Where the reply begins, in the server's stream, that was read last.
    pub fn message_start(&self) -> usize {
        self.message_at
    }

    /// How many bytes of the server's stream have been read.
    pub fn consumed(&self) -> usize {
        self.buffer_at
    }

    /// How many bytes of the server wait to be read.
    pub fn waiting(&self) -> usize {
        self.buffer.len()
    }

    /// The notes taken since the last time; spans count from [`ClientSession::message_start`].
    pub fn take_notes(&mut self) -> Vec<Note> {
        self.notes.take()
    }

    /// Asks something of the server.
    ///
    /// # Errors
    /// The command does not belong here, even if everything asked before it is granted; or it may
    /// not be sent before that is answered (RFC 2449 section 6.6).
    pub fn send(&mut self, command: Command) -> Result<Bytes, Misuse> {
        self.track.moves.clear();
        if self.broken.is_some() || self.finished {
            return misuse(&rules::BROKEN, "Nothing more is said on this connection.");
        }
        if self.state() == State::Connected {
            return misuse(&rules::GREETING, "The server has not greeted us yet.");
        }
        if !self.asked.is_empty() && !self.pipelining {
            return misuse(&rules::PIPELINING, "The server does not announce PIPELINING.");
        }
        let quits = self.asked.contains(&Command::Quit);
        let all = self.asked.iter().chain([&command]);
        if quits || self.track.ahead(all).is_none() {
            let says = format!("{} does not belong here.", command.keyword());
            return misuse(&rules::WRONG_STATE, &says);
        }
        let bytes = write_command(&command, self.limits.command_line_max)?;
        self.asked.push_back(command);
        self.begin_update();
        Ok(bytes.into())
    }

    /// Takes bytes that the server sent.
    pub fn receive(&mut self, bytes: &[u8]) {
        self.track.moves.clear();
        if !self.finished && self.broken.is_none() {
            self.buffer.extend_from_slice(bytes);
        }
    }

    /// The server will send no more: its FIN has come.
    pub fn receive_end(&mut self) {
        self.track.moves.clear();
        self.finished = true;
    }

    /// What the server said next; none when more bytes are needed.
    ///
    /// # Errors
    /// The server broke a rule. Nothing more is read; the same violation is returned for ever.
    pub fn next_event(&mut self) -> Result<Option<ClientEvent>, Violation> {
        self.track.moves.clear();
        if let Some(violation) = &self.broken {
            return Err(violation.clone());
        }
        self.read().map_err(|violation| self.break_off(violation))
    }

    /// The connection is closed or lost: the session is over.
    pub fn close(&mut self) {
        self.track.moves.clear();
        self.track.go(Trigger::Close);
    }

    fn read(&mut self) -> Result<Option<ClientEvent>, Violation> {
        if self.state() == State::Closed {
            return Ok(None);
        }
        self.message_at = self.buffer_at;
        let greeted = self.state() != State::Connected;
        if greeted && self.asked.is_empty() {
            return match self.buffer.is_empty() {
                true => Ok(self.closed_if_finished()),
                false => Err(unasked()),
            };
        }
        let asked = self.asked.front().filter(|_| greeted);
        let read = self.reader.read(&self.buffer, asked, &self.limits, &mut self.notes)?;
        let Some(read) = read else {
            return match self.finished && !self.buffer.is_empty() {
                true => Err(incomplete(self.buffer.len())),
                false => Ok(self.closed_if_finished()),
            };
        };
        self.buffer.advance(read.len.min(self.buffer.len()));
        self.buffer_at += read.len;
        self.reader = ReplyReader::default();
        self.heard(greeted, read.reply).map(Some)
    }

    /// Moves by a reply.
    fn heard(&mut self, greeted: bool, reply: Reply) -> Result<ClientEvent, Violation> {
        if !greeted {
            self.track.go(if reply.is_ok() { Trigger::Greeting } else { Trigger::Refused });
            return Ok(ClientEvent::Greeting(reply));
        }
        let Some(command) = self.asked.pop_front() else { return Ok(ClientEvent::Greeting(reply)) };
        let trigger = match (&command, reply.is_ok()) {
            (_, false) => Trigger::Refused,
            (Command::Quit, true) if self.state() == State::Update => Trigger::Removed,
            (command, true) => Trigger::of(command),
        };
        if !self.track.go(trigger) && !self.lenient {
            return Err(Violation {
                rule: &rules::WRONG_STATE,
                span: Span::new(0, 3),
                found: format!(
                    "The server grants {}, which does not belong here.",
                    command.keyword()
                ),
                legal: "-ERR".into(),
                code: 0,
            });
        }
        if let (Command::Capa, Some(content)) = (&command, &reply.content) {
            self.pipelining = Capabilities::parse(content).pipelining();
        }
        self.begin_update();
        Ok(ClientEvent::Reply { command, reply })
    }

    /// UPDATE begins for us when QUIT is all that is left to be answered.
    fn begin_update(&mut self) {
        if self.asked.front() == Some(&Command::Quit) && self.state() == State::Transaction {
            self.track.go(Trigger::Quit);
        }
    }

    fn closed_if_finished(&mut self) -> Option<ClientEvent> {
        if !self.finished {
            return None;
        }
        self.track.go(Trigger::Close);
        Some(ClientEvent::Closed)
    }

    fn break_off(&mut self, violation: Violation) -> Violation {
        let span = violation.span.shifted(self.message_at);
        let violation = Violation { span, ..violation };
        self.broken = Some(violation.clone());
        self.track.go(Trigger::Break);
        violation
    }

    /// The session of one who looks on: whatever was asked is taken as asked.
    pub(in crate::pop3) fn looking_on(mut self) -> ClientSession {
        self.lenient = true;
        self
    }

    /// Reads a challenge of AUTH, where one comes next; whether one did.
    pub(in crate::pop3) fn challenge(&mut self) -> bool {
        if !matches!(self.buffer.get(..2), Some([b'+', b' ' | b'\r'])) {
            return false;
        }
        let Some(lf) = self.buffer.iter().position(|byte| *byte == b'\n') else { return false };
        self.message_at = self.buffer_at;
        let end = if self.buffer.get(lf - 1) == Some(&b'\r') { lf - 1 } else { lf };
        let rule = Some(&rules::elsewhere::AUTH_EXCHANGE);
        self.notes.note(0, Span::new(0, 1), "challenge follows", rule, || "+".into());
        if end > 1 {
            self.notes.note(0, Span::new(1, 2), "SP", rule, String::new);
        }
        let text = Span::new(2.min(end), end);
        if !text.is_empty() {
            let value = || shown_base64(text.of(&self.buffer));
            self.notes.note(0, text, "challenge", rule, value);
        }
        let crlf = Span::new(end, lf + 1);
        self.notes.note(0, crlf, "CRLF", Some(&rules::CRLF), String::new);
        self.buffer.advance(lf + 1);
        self.buffer_at += lf + 1;
        self.reader = ReplyReader::default();
        true
    }

    /// The maildrop is open by another way than PASS or APOP, as whoever looks on has seen.
    pub(in crate::pop3) fn let_in(&mut self) {
        self.track.go(Trigger::Apop);
    }

    /// The notes taken since they were last handed over.
    pub(in crate::pop3) fn notes(&self) -> &[Note] {
        self.notes.list()
    }

    /// What the client that is looked at has asked; none for a line that is no command.
    pub(in crate::pop3) fn was_asked(&mut self, command: Option<Command>) {
        self.track.moves.clear();
        self.asked.push_back(command.unwrap_or(Command::Noop));
        self.begin_update();
    }
}

fn unasked() -> Violation {
    Violation {
        rule: &rules::UNASKED,
        span: Span::new(0, 1),
        found: "The server speaks, and no command waits for a reply.".into(),
        legal: "nothing, until the next command".into(),
        code: 0,
    }
}

fn incomplete(len: usize) -> Violation {
    Violation {
        rule: &rules::INCOMPLETE,
        span: Span::new(0, len),
        found: "The connection ends in the middle of a reply.".into(),
        legal: "the rest of the reply".into(),
        code: 0,
    }
}

fn misuse<T>(rule: &'static Rule, says: &str) -> Result<T, Misuse> {
    Err(Misuse { rule, says: says.into() })
}
