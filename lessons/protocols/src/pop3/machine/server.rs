//! The server's end of a session: commands in, replies out.

use bytes::{Buf, Bytes, BytesMut};

use super::chart::{SERVER, State, Track, Trigger};
use crate::endpoint::Position;
use crate::mime::shown_base64;
use crate::pop3::codec::{Limits, LineReader, read_command, write_reply};
use crate::pop3::{Command, Reply, apop, rules};
use crate::wire::{Edge, Misuse, Note, Notes, Rule, Span, Violation};

/// The server's end of a session.
#[derive(Clone, Debug)]
pub struct ServerSession {
    limits: Limits,
    track: Track,
    lines: LineReader,
    /// Bytes of the client that have not been read.
    buffer: BytesMut,
    /// Where the buffer begins in the client's stream.
    buffer_at: usize,
    /// Where the line begins that was read last.
    message_at: usize,
    /// What has been read and not answered.
    asked: Option<Asked>,
    finished: bool,
    overrun: bool,
    broken: Option<Violation>,
    notes: Notes,
}

/// What a server owes a reply to.
#[derive(Clone, PartialEq, Debug)]
enum Asked {
    Command(Command),
    Fault,
}

/// What a client said.
#[derive(Clone, PartialEq, Debug)]
pub enum ServerEvent {
    /// A command that belongs here. It is to be answered before the next is read.
    Command(Command),
    /// A line that is no command, or not one for this state. It is to be answered with -ERR, and
    /// the session goes on (RFC 1939 section 3).
    Fault(Violation),
    /// The client sends no more. Without QUIT, nothing is removed.
    Closed,
}

impl ServerSession {
    /// A session on a connection that has just been accepted.
    pub fn new(limits: Limits) -> ServerSession {
        ServerSession {
            limits,
            track: Track::new(&SERVER),
            lines: LineReader::default(),
            buffer: BytesMut::new(),
            buffer_at: 0,
            message_at: 0,
            asked: None,
            finished: false,
            overrun: false,
            broken: None,
            notes: Notes::off(),
        }
    }

    /// The same session, with notes taken of every byte that is read.
    pub fn noted(mut self) -> ServerSession {
        self.notes = Notes::on();
        self
    }

    /// Where the session is.
    pub fn state(&self) -> State {
        self.track.state()
    }

    /// Where it is on its chart, under a title such as `connection #1, server`.
    pub fn position(&self, title: impl Into<String>) -> Position {
        self.track.position(title.into())
    }

    /// The moves that the last call made, in order. Their rules say why.
    pub fn moves(&self) -> &[&'static Edge] {
        &self.track.moves
    }

    /// The command that waits for its reply.
    pub fn asked(&self) -> Option<&Command> {
        match &self.asked {
            Some(Asked::Command(command)) => Some(command),
            Some(Asked::Fault) | None => None,
        }
    }

    /// Whether something waits for its reply.
    pub fn owes_reply(&self) -> bool {
        self.asked.is_some()
    }

    /// Whether the last reply is sent and the connection should be closed now.
    pub fn must_close(&self) -> bool {
        self.state() == State::Ended
    }

    /// Where the line begins, in the client's stream, that was read last.
    pub fn message_start(&self) -> usize {
        self.message_at
    }

    /// How many bytes of the client's stream have been read.
    pub fn consumed(&self) -> usize {
        self.buffer_at
    }

    /// How many bytes of the client wait to be read.
    pub fn waiting(&self) -> usize {
        self.buffer.len()
    }

    /// The notes taken since the last time; spans count from [`ServerSession::message_start`].
    pub fn take_notes(&mut self) -> Vec<Note> {
        self.notes.take()
    }

    /// Takes bytes that the client sent.
    pub fn receive(&mut self, bytes: &[u8]) {
        self.track.moves.clear();
        if self.finished || self.overrun || self.broken.is_some() {
            return;
        }
        self.buffer.extend_from_slice(bytes);
        if self.asked.is_some() && self.buffer.len() > self.limits.waiting_max {
            self.buffer.truncate(self.limits.waiting_max);
            self.overrun = true;
        }
    }

    /// The client will send no more: its FIN has come.
    pub fn receive_end(&mut self) {
        self.track.moves.clear();
        self.finished = true;
    }

    /// What the client said next; none when more bytes are needed, or a reply is owed first.
    ///
    /// # Errors
    /// The client broke a rule so that nothing more can be read. The same violation is returned
    /// for ever; a server says -ERR once and closes.
    pub fn next_event(&mut self) -> Result<Option<ServerEvent>, Violation> {
        self.track.moves.clear();
        if let Some(violation) = &self.broken {
            return Err(violation.clone());
        }
        if self.asked.is_some() || matches!(self.state(), State::Connected | State::Closed) {
            return Ok(None);
        }
        if self.state() == State::Ended {
            return Ok(self.read_after_end());
        }
        self.message_at = self.buffer_at;
        let line = self.lines.read(&self.buffer);
        let len = line.map_or(self.buffer.len(), |line| line.len());
        if len > self.limits.overlong_max || line.is_none() && len == self.limits.overlong_max {
            return Err(self.break_off(endless(&self.limits)));
        }
        let Some(line) = line else { return self.starved() };
        let max = self.limits.command_line_max;
        let read = read_command(&self.buffer, line, max, &mut self.notes);
        self.buffer.advance(len);
        self.buffer_at += len;
        Ok(Some(match read.and_then(|command| self.in_place(command)) {
            Ok(command) => {
                self.asked = Some(Asked::Command(command.clone()));
                if self.state() == State::Transaction && command == Command::Quit {
                    self.track.go(Trigger::Quit);
                }
                ServerEvent::Command(command)
            }
            Err(violation) => {
                self.asked = Some(Asked::Fault);
                let span = violation.span.shifted(self.message_at);
                ServerEvent::Fault(Violation { span, ..violation })
            }
        }))
    }

    /// Reads the next line whatever stands in it, where whoever looks on knows that it is no
    /// command; whether there was one.
    pub(in crate::pop3) fn response_line(&mut self) -> bool {
        self.track.moves.clear();
        if self.asked.is_some() {
            return false;
        }
        self.message_at = self.buffer_at;
        let Some(line) = self.lines.read(&self.buffer) else { return false };
        let text = line.text.of(&self.buffer);
        if !text.is_empty() {
            let rule = Some(&rules::elsewhere::AUTH_EXCHANGE);
            self.notes.note(0, line.text, "response", rule, || shown_base64(text));
        }
        self.notes.note(0, line.end, "CRLF", Some(&rules::CRLF), String::new);
        self.buffer.advance(line.len());
        self.buffer_at += line.len();
        self.asked = Some(Asked::Fault);
        true
    }

    /// The maildrop is open by another way than PASS or APOP, as whoever looks on has seen.
    pub(in crate::pop3) fn let_in(&mut self) {
        self.track.go(Trigger::Apop);
    }

    /// Greets the client. A timestamp in angle brackets in the text offers APOP.
    ///
    /// # Errors
    /// The client has been greeted already, or the text is no text.
    pub fn greet(&mut self, text: &str) -> Result<Bytes, Misuse> {
        self.track.moves.clear();
        let bytes = write_reply(&Reply::ok(text), &self.limits)?;
        match self.track.go(Trigger::Greeting) {
            true => Ok(bytes.into()),
            false => misuse(&rules::GREETING, "The client has been greeted already."),
        }
    }

    /// Answers what was read last.
    ///
    /// # Errors
    /// Nothing waits for a reply, or not for one like this.
    pub fn reply(&mut self, reply: &Reply) -> Result<Bytes, Misuse> {
        self.track.moves.clear();
        let Some(asked) = &self.asked else {
            return misuse(&rules::UNASKED, "Nothing waits for a reply.");
        };
        let trigger = match (asked, reply.is_ok()) {
            (_, false) => Trigger::Refused,
            (Asked::Fault, true) => {
                return misuse(&rules::UNKNOWN, "A line that is no command is answered with -ERR.");
            }
            (Asked::Command(Command::Quit), true) if self.state() == State::Update => {
                Trigger::Removed
            }
            (Asked::Command(command), true) => Trigger::of(command),
        };
        let several = match asked {
            Asked::Command(command) => command.is_multi_line() && reply.is_ok(),
            Asked::Fault => false,
        };
        if several != reply.content.is_some() {
            let says = "A reply has several lines if it is positive and what was asked has them.";
            return misuse(&rules::MULTI_LINE, says);
        }
        let bytes = write_reply(reply, &self.limits)?;
        if !self.track.go(trigger) {
            return misuse(&rules::WRONG_STATE, "No such reply belongs to this state.");
        }
        self.asked = None;
        Ok(bytes.into())
    }

    /// Says once what was wrong, after a violation; none if there was none.
    pub fn farewell(&mut self, text: &str) -> Option<Bytes> {
        self.broken.as_ref()?;
        write_reply(&Reply::err(text), &self.limits).ok().map(Bytes::from)
    }

    /// The connection is closed or lost: the session is over.
    pub fn close(&mut self) {
        self.track.moves.clear();
        self.track.go(Trigger::Close);
    }

    /// A command that belongs to this state.
    fn in_place(&self, command: Command) -> Result<Command, Violation> {
        match self.track.may(Trigger::of(&command)) {
            true => Ok(command),
            false => Err(Violation {
                rule: &rules::WRONG_STATE,
                span: Span::new(0, command.keyword().len()),
                found: format!("{} does not belong here.", command.keyword()),
                legal: self.track.legal(),
                code: 0,
            }),
        }
    }

    /// Behind QUIT nothing is read, but the end of the connection is noticed.
    fn read_after_end(&mut self) -> Option<ServerEvent> {
        self.buffer_at += self.buffer.len();
        self.buffer.clear();
        self.finished.then(|| self.closed())
    }

    fn starved(&mut self) -> Result<Option<ServerEvent>, Violation> {
        if self.overrun {
            let at = self.buffer.len();
            return Err(self.break_off(Violation {
                rule: &rules::WAITING_LIMIT,
                span: Span::new(at, at + 1),
                found: "More was sent ahead than can wait for its turn.".into(),
                legal: "to read replies before asking more".into(),
                code: 0,
            }));
        }
        // A line that was cut off is no command.
        Ok(self.finished.then(|| self.closed()))
    }

    fn closed(&mut self) -> ServerEvent {
        self.track.go(Trigger::Close);
        ServerEvent::Closed
    }

    fn break_off(&mut self, violation: Violation) -> Violation {
        let span = violation.span.shifted(self.message_at);
        let violation = Violation { span, ..violation };
        self.broken = Some(violation.clone());
        self.track.go(Trigger::Break);
        violation
    }
}

/// The timestamp of a greeting that offers APOP (RFC 1939 section 7): a msg-id that is another
/// each time.
pub fn greeting(host: &str, stamp: u64) -> String {
    let text = format!("POP3 server ready <{stamp:016x}@{host}>");
    debug_assert!(apop::timestamp(&text).is_some());
    text
}

fn endless(limits: &Limits) -> Violation {
    let max = limits.overlong_max;
    Violation {
        rule: &rules::COMMAND_LIMIT,
        span: Span::new(0, max),
        found: format!("The line goes on after {max} bytes."),
        legal: format!("a command of at most {} bytes", limits.command_line_max),
        code: 0,
    }
}

fn misuse<T>(rule: &'static Rule, says: &str) -> Result<T, Misuse> {
    Err(Misuse { rule, says: says.into() })
}
