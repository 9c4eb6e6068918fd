//! The client's end of a session.

use std::collections::VecDeque;

use bytes::{Buf, Bytes, BytesMut};

use super::chart::{CLIENT, ClientState, Track, Trigger};
use crate::endpoint::Position;
use crate::smtp::codec::{Limits, ReplyReader, stuffed, write_command};
use crate::smtp::{Body, Command, Extensions, Reply, Severity, Verb, rules};
use crate::wire::{Edge, Misuse, Note, Notes, Rule, Span, Violation};

/// The client's end of a session.
#[derive(Clone, Debug)]
pub struct Client {
    limits: Limits,
    track: Track,
    offered: Extensions,
    /// What was sent and has no reply, in order; the greeting counts as asked for.
    unanswered: VecDeque<Pending>,
    /// Counts the transactions that were begun: replies to an old one do not move a new one.
    transaction: u32,
    /// Whether the open transaction's mail was announced as 8-bit.
    eight_bit: bool,
    /// How many recipients of the open transaction were accepted.
    accepted: usize,
    reader: ReplyReader,
    buffer: BytesMut,
    /// Where the buffer begins in the server's stream.
    buffer_at: usize,
    message_at: usize,
    finished: bool,
    told_closed: bool,
    broken: Option<Violation>,
    notes: Notes,
    moves: Vec<&'static Edge>,
}

/// What a reply answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asked {
    /// The connection: the reply is the greeting.
    Greeting,
    /// A command.
    Command(Verb),
    /// The mail with its final dot.
    Mail,
    /// Nothing: the server said 421 by itself.
    Nothing,
}

/// What a server said.
#[derive(Clone, PartialEq, Debug)]
pub enum ClientEvent {
    /// A reply.
    Reply {
        /// To what.
        to: Asked,
        /// What it says.
        reply: Reply,
    },
    /// The server sends no more.
    Closed,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Pending {
    asked: Asked,
    transaction: u32,
}

impl Client {
    /// A session that has just been opened; the greeting is awaited.
    pub fn new(limits: Limits) -> Client {
        let greeting = Pending { asked: Asked::Greeting, transaction: 0 };
        Client {
            limits,
            track: Track::at_start(&CLIENT),
            offered: Extensions::default(),
            unanswered: VecDeque::from([greeting]),
            transaction: 0,
            eight_bit: false,
            accepted: 0,
            reader: ReplyReader::default(),
            buffer: BytesMut::new(),
            buffer_at: 0,
            message_at: 0,
            finished: false,
            told_closed: false,
            broken: None,
            notes: Notes::off(),
            moves: Vec::new(),
        }
    }

    /// The same session, with notes taken of every byte that is read.
    pub fn noted(mut self) -> Client {
        self.notes = Notes::on();
        self
    }

    /// Where it is.
    pub fn state(&self) -> ClientState {
        ClientState::at(self.track.at)
    }

    /// Its place on the chart, under a title such as `connection #1`.
    pub fn position(&self, title: impl Into<String>) -> Position {
        Position { title: title.into(), chart: self.track.chart, at: self.track.at }
    }

    /// The moves that the last call made, in order. Their rules say why.
    pub fn moves(&self) -> &[&'static Edge] {
        &self.moves
    }

    /// What the server offered in its reply to EHLO; nothing after HELO.
    pub fn offered(&self) -> Extensions {
        self.offered
    }

    /// What was sent and has no reply, in order.
    pub fn unanswered(&self) -> impl Iterator<Item = Asked> {
        self.unanswered.iter().map(|pending| pending.asked)
    }

    /// How many recipients of the open transaction were accepted so far.
    pub fn accepted(&self) -> usize {
        self.accepted
    }

    /// Whether the session is over and the connection is to be closed.
    pub fn must_close(&self) -> bool {
        self.state() == ClientState::MustClose
    }

    /// Where the reply begins, in the server's stream, that was last read.
    pub fn message_start(&self) -> usize {
        self.message_at
    }

    /// How many bytes of the server's stream have been read.
    pub fn consumed(&self) -> usize {
        self.buffer_at
    }

    /// The notes taken since the last time; spans count from [`Client::message_start`].
    pub fn take_notes(&mut self) -> Vec<Note> {
        self.notes.take()
    }

    /// Takes bytes that the server sent. Call [`Client::next_event`] until there is none.
    pub fn receive(&mut self, bytes: &[u8]) {
        self.moves.clear();
        if !self.finished && self.broken.is_none() && !self.is_over() {
            self.buffer.extend_from_slice(bytes);
        }
    }

    /// The server will send no more: its FIN has come.
    pub fn receive_end(&mut self) {
        self.moves.clear();
        self.finished = true;
    }

    /// The next thing that the server said; none when more bytes are needed.
    ///
    /// # Errors
    /// What is no reply, or a reply to nothing. Nothing more is read from then on: the same
    /// violation is returned for ever; close.
    pub fn next_event(&mut self) -> Result<Option<ClientEvent>, Violation> {
        self.moves.clear();
        if let Some(violation) = &self.broken {
            return Err(violation.clone());
        }
        self.read().map_err(|mut violation| {
            violation.span = violation.span.shifted(self.buffer_at);
            self.message_at = self.buffer_at;
            self.go(Trigger::PeerBroke);
            self.broken = Some(violation.clone());
            violation
        })
    }

    fn read(&mut self) -> Result<Option<ClientEvent>, Violation> {
        if !self.is_over()
            && let Some(whole) = self.reader.read(&self.buffer, &self.limits, &mut self.notes)?
        {
            let asked = self.asked(&whole.reply, whole.len)?;
            self.message_at = self.buffer_at;
            self.buffer.advance(whole.len.min(self.buffer.len()));
            self.buffer_at += whole.len;
            self.heard(asked, &whole.reply);
            return Ok(Some(ClientEvent::Reply { to: asked.asked, reply: whole.reply }));
        }
        if self.finished && !self.told_closed {
            self.told_closed = true;
            self.go(Trigger::PeerClosed);
            return Ok(Some(ClientEvent::Closed));
        }
        Ok(None)
    }

    /// What a reply answers: the oldest thing that has none (RFC 2920 section 3.2).
    fn asked(&mut self, reply: &Reply, len: usize) -> Result<Pending, Violation> {
        let wrong = |rule, found: &str, legal: &str| Violation {
            rule,
            span: Span::new(0, len),
            found: format!("{found} ({reply})"),
            legal: legal.into(),
            code: 0,
        };
        let Some(pending) = self.unanswered.pop_front() else {
            let nothing = Pending { asked: Asked::Nothing, transaction: 0 };
            let legal = "silence, or 421";
            return match reply.code == SHUTTING_DOWN {
                true => Ok(nothing),
                false => Err(wrong(&rules::UNASKED, "Nothing was asked.", legal)),
            };
        };
        let intermediate = reply.severity() == Severity::Intermediate;
        match pending.asked {
            Asked::Command(Verb::Data) if reply.is_positive() => {
                Err(wrong(&rules::DATA, "DATA is answered as if it were done.", "354, 4yz or 5yz"))
            }
            Asked::Command(Verb::Data) => Ok(pending),
            Asked::Greeting | Asked::Command(_) | Asked::Mail | Asked::Nothing if intermediate => {
                let found = "The server asks for more, and there is none.";
                Err(wrong(&rules::REPLY_CODE, found, "2yz, 4yz or 5yz"))
            }
            Asked::Greeting | Asked::Command(_) | Asked::Mail | Asked::Nothing => Ok(pending),
        }
    }

    /// Moves as a reply says.
    fn heard(&mut self, pending: Pending, reply: &Reply) {
        let done = reply.is_positive();
        let current = pending.transaction == self.transaction;
        if reply.code == SHUTTING_DOWN {
            self.go(Trigger::ShuttingDown);
            return;
        }
        match pending.asked {
            Asked::Greeting if done => self.go(Trigger::Greeting),
            Asked::Greeting => self.go(Trigger::GreetingRefused),
            Asked::Command(Verb::Ehlo | Verb::Helo) if !done => self.go(Trigger::HelloRefused),
            Asked::Command(Verb::Ehlo) => {
                self.offered = Extensions::of(reply);
                self.go(Trigger::HelloAccepted);
            }
            Asked::Command(Verb::Helo) => {
                self.offered = Extensions::default();
                self.go(Trigger::HelloAccepted);
            }
            Asked::Command(Verb::Mail) if !done && current => self.go(Trigger::MailRefused),
            Asked::Command(Verb::Rcpt) if done && current => self.accepted += 1,
            Asked::Command(Verb::Data) if reply.severity() == Severity::Intermediate => {
                self.go(Trigger::GoAhead);
            }
            Asked::Command(Verb::Data) => self.go(Trigger::DataRefused),
            Asked::Command(Verb::Quit) => self.go(Trigger::QuitAnswered),
            Asked::Mail if done => self.go(Trigger::MailAccepted),
            Asked::Mail => self.go(Trigger::MailNotAccepted),
            Asked::Command(_) | Asked::Nothing => {}
        }
    }

    /// Whether a command of this kind may be sent now.
    pub fn may_send(&self, verb: Verb) -> bool {
        self.track.edge(sent(verb)).is_some() && self.may_speak().is_ok()
    }

    /// Why so many commands went out at once: as a group, or alone although more were to be said.
    pub fn grouping(&self, sent: usize, more: bool) -> Option<&'static Rule> {
        match (self.offered.pipelining, sent) {
            (true, 2..) => Some(&rules::PIPELINING),
            (false, 1) if more => Some(&rules::ONE_AT_A_TIME),
            (true | false, _) => None,
        }
    }

    /// Turns a command into bytes.
    ///
    /// # Errors
    /// A command that may not come here, or not before a reply has been heard.
    pub fn send(&mut self, command: &Command) -> Result<Bytes, Misuse> {
        self.moves.clear();
        let verb = command.verb();
        if self.track.edge(sent(verb)).is_none() {
            let says = format!("{} may not be sent here.", verb.name());
            return Err(Misuse { rule: &rules::IN_ORDER, says });
        }
        self.may_speak()?;
        if let Command::Mail { parameters, .. } = command {
            let eight_bit = parameters.body.is_some() && !self.offered.eight_bit;
            if eight_bit || (parameters.size.is_some() && self.offered.size.is_none()) {
                return Err(misuse(&rules::PARAMETER, "The server did not offer this parameter."));
            }
        }
        let bytes = write_command(command)?;
        if let Command::Mail { parameters, .. } = command {
            self.eight_bit = parameters.body == Some(Body::EightBitMime);
            self.transaction += 1;
            self.accepted = 0;
        }
        self.go(sent(verb));
        self.pend(Asked::Command(verb));
        Ok(bytes.into())
    }

    /// Turns a whole mail into bytes, dots stuffed, with its end. When no recipient was accepted
    /// only an empty mail may be sent (RFC 2920 section 3.1).
    ///
    /// # Errors
    /// No leave to send, or octets that may not be sent.
    pub fn send_mail(&mut self, octets: &[u8]) -> Result<Bytes, Misuse> {
        self.moves.clear();
        if self.track.edge(Trigger::EndOfData).is_none() {
            return Err(misuse(&rules::DATA, "Mail may be sent only after 354."));
        }
        if self.accepted == 0 && !octets.is_empty() {
            return Err(misuse(&rules::NO_RECIPIENTS, "No recipient was accepted."));
        }
        let bytes = stuffed(octets, self.eight_bit, &self.limits)?;
        self.go(Trigger::EndOfData);
        self.pend(Asked::Mail);
        Ok(bytes.into())
    }

    /// We send no more.
    pub fn close(&mut self) {
        self.moves.clear();
        self.go(Trigger::Close);
        self.buffer.clear();
    }

    /// Whether anything may be sent before more replies are heard (RFC 2920 section 3.1).
    fn may_speak(&self) -> Result<(), Misuse> {
        match self.unanswered.back() {
            None => Ok(()),
            Some(_) if !self.offered.pipelining => {
                Err(misuse(&rules::ONE_AT_A_TIME, "The last command has no reply yet."))
            }
            Some(Pending { asked: Asked::Command(verb), .. }) if !verb.ends_group() => Ok(()),
            Some(_) => Err(misuse(&rules::PIPELINING, "The last command ends its group.")),
        }
    }

    fn is_over(&self) -> bool {
        matches!(self.state(), ClientState::MustClose | ClientState::Closed)
    }

    fn pend(&mut self, asked: Asked) {
        self.unanswered.push_back(Pending { asked, transaction: self.transaction });
    }

    fn go(&mut self, on: Trigger) {
        self.moves.extend(self.track.go(on));
    }
}

/// The move of sending a command.
const fn sent(verb: Verb) -> Trigger {
    match verb {
        Verb::Ehlo => Trigger::Ehlo,
        Verb::Helo => Trigger::Helo,
        Verb::Mail => Trigger::Mail,
        Verb::Rcpt => Trigger::Rcpt,
        Verb::Data => Trigger::Data,
        Verb::Rset => Trigger::Rset,
        Verb::Quit => Trigger::Quit,
        Verb::Vrfy | Verb::Expn | Verb::Help | Verb::Noop => Trigger::Other,
    }
}

fn misuse(rule: &'static Rule, says: &str) -> Misuse {
    Misuse { rule, says: says.into() }
}

/// Service not available, closing (RFC 5321 section 4.2.3).
const SHUTTING_DOWN: u16 = 421;
