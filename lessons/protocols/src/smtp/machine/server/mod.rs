//! The server's end of a session.

mod elsewhere;
mod order;
mod send;

use bytes::{Buf, Bytes, BytesMut};

use super::chart::{SERVER, ServerState, Track, Trigger};
use crate::endpoint::Position;
use crate::smtp::codec::{Bound, DataReader, Ended, Limits, Lines, read_command, too_long};
use crate::smtp::{Body, Command, Extensions, Verb, rules};
use crate::wire::{Edge, Note, Notes, Span, Violation};
pub(in crate::smtp) use elsewhere::CHALLENGE;
use elsewhere::Dialogue;
pub use elsewhere::Elsewhere;

/// The server's end of a session.
#[derive(Clone, Debug)]
pub struct Server {
    limits: Limits,
    offered: Extensions,
    track: Track,
    /// Whether the client said EHLO, and may use what was offered.
    extended: bool,
    /// Whether the mail of the open transaction may have octets above 127.
    eight_bit: bool,
    owed: Option<Owed>,
    lines: Lines,
    /// The mail that is being read.
    data: Option<Box<DataReader>>,
    buffer: BytesMut,
    /// Where the buffer begins in the client's stream.
    buffer_at: usize,
    message_at: usize,
    finished: bool,
    told_closed: bool,
    overrun: bool,
    broken: Option<Violation>,
    /// Whether another server's replies are followed, which may accept what we would not.
    observes: bool,
    /// A dialogue in somebody else's session that we do not offer ourselves.
    dialogue: Option<Dialogue>,
    /// What is wrong with the place of the last command of somebody else's session.
    misplaced: Option<Violation>,
    notes: Notes,
    moves: Vec<&'static Edge>,
}

/// What a client said.
#[derive(Clone, PartialEq, Debug)]
pub enum ServerEvent {
    /// A command that may come here. It is owed a reply.
    Command(Command),
    /// A command that breaks a rule, or a mail that must be refused. It is owed a reply, for which
    /// the violation has the code; then the session goes on.
    Faulty(Violation),
    /// In somebody else's session: a part of a dialogue that we do not offer. It is owed a reply.
    Elsewhere(Elsewhere),
    /// The whole mail, dots unstuffed. It is owed a reply.
    Mail(Bytes),
    /// The client sends no more.
    Closed,
}

/// What the next reply answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Owed {
    Greeting,
    Command(Verb),
    /// A command that is refused already.
    Refusal,
    Mail {
        /// Whether it may be accepted.
        sound: bool,
    },
    /// A part of a dialogue of somebody else.
    Elsewhere,
    /// Bytes that cannot be read.
    LastReply,
}

impl Server {
    /// A session that has just been opened; the greeting is owed.
    pub fn new(offered: Extensions, limits: Limits) -> Server {
        Server {
            limits,
            offered,
            track: Track::at_start(&SERVER),
            extended: false,
            eight_bit: false,
            owed: Some(Owed::Greeting),
            lines: Lines::default(),
            data: None,
            buffer: BytesMut::new(),
            buffer_at: 0,
            message_at: 0,
            finished: false,
            told_closed: false,
            overrun: false,
            broken: None,
            observes: false,
            dialogue: None,
            misplaced: None,
            notes: Notes::off(),
            moves: Vec::new(),
        }
    }

    /// The same session, with notes taken of every byte that is read.
    pub fn noted(mut self) -> Server {
        self.notes = Notes::on();
        self
    }

    /// The same session as somebody else's, with notes: what [`Server::send`] is given are that
    /// server's replies, and what it accepts is accepted.
    pub fn observing(mut self) -> Server {
        self.observes = true;
        self.noted()
    }

    /// Where it is.
    pub fn state(&self) -> ServerState {
        ServerState::at(self.track.at)
    }

    /// Its place on the chart, under a title such as `connection #1`.
    pub fn position(&self, title: impl Into<String>) -> Position {
        Position { title: title.into(), chart: self.track.chart, at: self.track.at }
    }

    /// The moves that the last call made, in order. Their rules say why.
    pub fn moves(&self) -> &[&'static Edge] {
        &self.moves
    }

    /// What was offered.
    pub fn offered(&self) -> Extensions {
        self.offered
    }

    /// Whether a reply is owed. Nothing more is read until it is sent: so no reply can overtake
    /// another (RFC 2920 section 3.2).
    pub fn owes_reply(&self) -> bool {
        self.owed.is_some()
    }

    /// The code of the reply that would let the session go on; 0 where none is owed.
    pub fn likely_reply(&self) -> u16 {
        match self.owed {
            None => 0,
            Some(Owed::Greeting) => 220,
            Some(Owed::Command(Verb::Data)) => GO_AHEAD,
            Some(Owed::Command(Verb::Quit)) => 221,
            Some(Owed::Command(_) | Owed::Mail { sound: true }) => 250,
            Some(Owed::Elsewhere) => self.likely_elsewhere(),
            Some(Owed::Refusal | Owed::Mail { sound: false } | Owed::LastReply) => 554,
        }
    }

    /// Whether a mail is being read.
    pub fn is_reading_mail(&self) -> bool {
        self.data.is_some()
    }

    /// Whether the session is over and the connection is to be closed.
    pub fn must_close(&self) -> bool {
        self.state() == ServerState::MustClose
    }

    /// How many bytes of the client wait to be read.
    pub fn waiting(&self) -> usize {
        self.buffer.len()
    }

    /// Where the line or mail begins, in the client's stream, that was last read.
    pub fn message_start(&self) -> usize {
        self.message_at
    }

    /// How many bytes of the client's stream have been read.
    pub fn consumed(&self) -> usize {
        self.buffer_at
    }

    /// The notes taken since the last time; spans count from [`Server::message_start`].
    pub fn take_notes(&mut self) -> Vec<Note> {
        self.notes.take()
    }

    /// Why the last command that was observed does not belong where it stands, whatever that server
    /// makes of it.
    pub(in crate::smtp) fn take_misplaced(&mut self) -> Option<Violation> {
        self.misplaced.take()
    }

    /// Takes bytes that the client sent. Call [`Server::next_event`] until there is none.
    pub fn receive(&mut self, bytes: &[u8]) {
        self.moves.clear();
        if self.finished || self.overrun || self.broken.is_some() || self.is_over() {
            return;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The client will send no more: its FIN has come.
    pub fn receive_end(&mut self) {
        self.moves.clear();
        self.finished = true;
    }

    /// The next thing that the client said; none when more bytes are needed, or when a reply must
    /// be sent first.
    ///
    /// # Errors
    /// A bare CR or LF, or far too much at once. Nothing more is read from then on: the same
    /// violation is returned for ever. One last reply with its code may be sent; then close.
    pub fn next_event(&mut self) -> Result<Option<ServerEvent>, Violation> {
        self.moves.clear();
        if let Some(violation) = &self.broken {
            return Err(violation.clone());
        }
        self.read().map_err(|violation| self.break_off(violation))
    }

    fn read(&mut self) -> Result<Option<ServerEvent>, Violation> {
        if self.owed.is_some() {
            return self.bound_waiting().map(|()| None);
        }
        if !self.is_over() && !self.is_opaque() {
            let event = match &self.data {
                Some(_) => self.read_mail()?,
                None => self.read_line()?,
            };
            if event.is_some() {
                return Ok(event);
            }
        }
        if self.finished && !self.told_closed {
            self.told_closed = true;
            self.go(Trigger::PeerClosed);
            return Ok(Some(ServerEvent::Closed));
        }
        Ok(None)
    }

    fn read_line(&mut self) -> Result<Option<ServerEvent>, Violation> {
        let bound = Bound { max: self.limits.command_line_max, rule: &rules::COMMAND_LINE_LIMIT };
        let at = self.line_at();
        let ended = self.lines.next(&self.buffer, bound);
        match ended.map_err(|fault| fault.into_violation(at, 500))? {
            None => {
                let drop = self.lines.droppable(self.buffer.len(), bound);
                self.take(drop);
                Ok(None)
            }
            Some(Ended::TooLong { whole, buffered }) => {
                self.take(buffered);
                self.message_at = self.buffer_at - whole;
                let span = Span::new(0, whole).shifted(self.message_at);
                self.owed = Some(Owed::Refusal);
                Ok(Some(ServerEvent::Faulty(too_long(span, bound, 500))))
            }
            Some(Ended::Line(len)) => {
                self.message_at = self.buffer_at;
                let line = self.buffer.split_to(len).freeze();
                self.buffer.advance(2);
                self.buffer_at += len + 2;
                Ok(Some(self.command(&line)))
            }
        }
    }

    /// Where the line begins that is being read: some of it may have been dropped.
    fn line_at(&self) -> usize {
        self.buffer_at - self.lines.dropped()
    }

    fn command(&mut self, line: &[u8]) -> ServerEvent {
        if let Some(event) = self.elsewhere(line) {
            return event;
        }
        let read = read_command(line, &self.limits, &mut self.notes);
        let read = read.map_err(|mut violation| {
            violation.span = violation.span.shifted(self.message_at);
            violation
        });
        let crlf = Span::new(line.len(), line.len() + 2);
        if read.is_ok() {
            self.notes.note(0, crlf, "CRLF", Some(&rules::LINES), String::new);
        }
        let whole = Span::new(0, line.len()).shifted(self.message_at);
        match read.and_then(|command| self.check(&command, whole).map(|()| command)) {
            Ok(command) => {
                self.owed = Some(Owed::Command(command.verb()));
                if let Command::Mail { parameters, .. } = &command {
                    self.eight_bit = parameters.body == Some(Body::EightBitMime);
                }
                ServerEvent::Command(command)
            }
            Err(violation) => {
                let word = line.split(|byte| *byte == b' ').next().unwrap_or_default();
                let verb = Verb::named(word).filter(|_| self.observes);
                self.owed = Some(verb.map_or(Owed::Refusal, Owed::Command));
                ServerEvent::Faulty(violation)
            }
        }
    }

    fn read_mail(&mut self) -> Result<Option<ServerEvent>, Violation> {
        let Some(reader) = &mut self.data else { return Ok(None) };
        let at = self.message_at;
        let progress =
            reader.read(&self.buffer, &self.limits, &mut self.notes).map_err(|mut violation| {
                violation.span = violation.span.shifted(at);
                violation
            })?;
        self.take(progress.consumed);
        let Some(mail) = progress.mail else { return Ok(None) };
        self.data = None;
        self.go(Trigger::EndOfData);
        self.owed = Some(Owed::Mail { sound: mail.fault.is_none() });
        Ok(Some(match mail.fault {
            None => ServerEvent::Mail(mail.octets),
            Some(mut violation) => {
                violation.span = violation.span.shifted(at);
                ServerEvent::Faulty(violation)
            }
        }))
    }

    /// We send no more.
    pub fn close(&mut self) {
        self.moves.clear();
        self.owed = None;
        self.go(Trigger::Close);
        self.drop_rest();
    }

    fn is_over(&self) -> bool {
        matches!(self.state(), ServerState::MustClose | ServerState::Closed)
    }

    fn break_off(&mut self, violation: Violation) -> Violation {
        self.owed = Some(Owed::LastReply);
        self.go(Trigger::PeerBroke);
        self.broken = Some(violation.clone());
        violation
    }

    /// A client that does not wait for its replies must not fill our memory.
    fn bound_waiting(&mut self) -> Result<(), Violation> {
        if self.buffer.len() <= self.limits.waiting_max {
            return Ok(());
        }
        self.overrun = true;
        Err(Violation {
            rule: &rules::WAITING_LIMIT,
            span: Span::new(self.buffer_at, self.buffer_at + self.buffer.len()),
            found: format!("{} octets wait behind a reply that is owed.", self.buffer.len()),
            legal: format!("at most {}", self.limits.waiting_max),
            code: 500,
        })
    }

    fn take(&mut self, count: usize) {
        let count = count.min(self.buffer.len());
        self.buffer.advance(count);
        self.buffer_at += count;
    }

    fn drop_rest(&mut self) {
        self.data = None;
        self.buffer.clear();
    }

    fn go(&mut self, on: Trigger) {
        self.moves.extend(self.track.go(on));
    }
}

/// Start mail input (RFC 5321 section 4.2.3).
const GO_AHEAD: u16 = 354;
