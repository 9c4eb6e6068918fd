//! A conversation's bytes read back into messages, by the same machines that run.
//!
//! A server's session reads what the initiator sent and a client's what the responder sent. Each is
//! told what the other read, so both are where the real ones were.

mod direction;

use std::collections::VecDeque;

use crate::wire::{self, Chunk, Message, Reading, Side, Speaks};

use super::codec::Limits;
use super::machine::{ClientEvent, ClientSession, ServerEvent, ServerSession, State};
use super::{Command, Reply, Status};
use direction::{Direction, What};

/// Reads a conversation into its messages, in the order in which they begin.
///
/// Every byte is in exactly one message: what cannot be read is one of its own with the violation
/// in it.
pub fn dissect(chunks: &[Chunk]) -> Vec<Message> {
    wire::dissect::<Conversation>(chunks)
}

/// A conversation as far as it has been read.
#[derive(Clone)]
pub(super) struct Conversation {
    /// Reads what the initiator says.
    server: ServerSession,
    asking: Direction,
    /// Reads what the responder says.
    client: ClientSession,
    answering: Direction,
    /// Whether the initiator says anything at all, or only half of the conversation is known.
    two_sided: bool,
    /// What was asked and is not answered; none for a line that is no command.
    asked: VecDeque<Option<Command>>,
}

impl Reading for Conversation {
    fn begin(speaks: Speaks) -> Conversation {
        Conversation {
            server: ServerSession::new(limits()).noted(),
            asking: Direction::new(Side::Initiator),
            client: ClientSession::new(limits()).noted().looking_on(),
            answering: Direction::new(Side::Responder),
            two_sided: speaks.initiator,
            asked: VecDeque::new(),
        }
    }

    fn take(&mut self, index: usize, chunk: &Chunk) {
        match chunk.side {
            Side::Initiator => {
                self.asking.take(index, chunk.bytes.len());
                self.server.receive(&chunk.bytes);
                self.read_commands();
            }
            Side::Responder => {
                self.answering.take(index, chunk.bytes.len());
                self.client.receive(&chunk.bytes);
                self.read_replies();
            }
        }
    }

    fn settled(&mut self) -> Vec<Message> {
        let mut messages = self.asking.settled();
        messages.extend(self.answering.settled());
        messages
    }

    /// Reads commands that have no reply yet, and hands over what is left.
    fn finish(mut self) -> Vec<Message> {
        if self.server.state() == State::Connected {
            let _ = self.server.greet("");
        }
        loop {
            self.read_commands();
            let granted = match self.server.asked() {
                Some(command) if command.is_multi_line() => Reply::ok("").with(""),
                Some(_) => Reply::ok(""),
                None => Reply::err(""),
            };
            if self.server.reply(&granted).is_err() {
                break;
            }
        }
        let Conversation { mut server, asking, mut client, answering, .. } = self;
        let after_quit = server.state() == State::Ended && !asking.is_broken();
        let mut messages = asking.finish(server.consumed(), server.take_notes(), after_quit);
        messages.extend(answering.finish(client.consumed(), client.take_notes(), false));
        messages
    }
}

impl Conversation {
    fn was_asked(&mut self, command: Option<Command>) {
        self.client.was_asked(command.clone());
        self.asked.push_back(command);
    }

    fn read_commands(&mut self) {
        while !matches!(self.server.state(), State::Ended | State::Closed)
            && !self.asking.is_broken()
        {
            match self.server.next_event() {
                Ok(Some(ServerEvent::Command(command))) => {
                    self.was_asked(Some(command));
                    self.command(What::Command);
                }
                Ok(Some(ServerEvent::Fault(violation))) => {
                    self.was_asked(None);
                    self.command(What::Fault(violation));
                }
                Ok(Some(ServerEvent::Closed) | None) => return,
                Err(violation) => {
                    self.was_asked(None);
                    self.asking.broken(self.server.message_start(), violation);
                }
            }
        }
    }

    fn command(&mut self, what: What) {
        let (start, end) = (self.server.message_start(), self.server.consumed());
        self.asking.push(start, end, self.server.take_notes(), what);
    }

    fn read_replies(&mut self) {
        while !self.answering.is_broken() {
            let alone = !self.two_sided && self.client.state() != State::Connected;
            if alone && self.client.unanswered().next().is_none() && self.client.waiting() > 0 {
                self.was_asked(None);
            }
            match self.client.next_event() {
                Ok(Some(ClientEvent::Greeting(reply))) => {
                    self.reply(What::Greeting);
                    if reply.is_ok() {
                        // The server that is played here has only not greeted yet.
                        let _ = self.server.greet("");
                    }
                    self.read_commands();
                }
                Ok(Some(ClientEvent::Reply { command: _, reply })) => {
                    let command = self.asked.pop_front().flatten();
                    self.reply(What::Reply(command));
                    self.answer(&reply);
                    self.read_commands();
                }
                Ok(Some(ClientEvent::Closed) | None) => return,
                Err(violation) => self.answering.broken(self.client.message_start(), violation),
            }
        }
    }

    fn reply(&mut self, what: What) {
        let (start, end) = (self.client.message_start(), self.client.consumed());
        self.answering.push(start, end, self.client.take_notes(), what);
    }

    /// Answers in the server that is played what the real one answered, as far as it may.
    fn answer(&mut self, reply: &Reply) {
        let alike = |status| {
            let several = status == Status::Ok && reply.content.is_some();
            let content = several.then(Default::default);
            Reply { status, text: String::new(), content }
        };
        if self.server.reply(&alike(reply.status)).is_err() {
            let _ = self.server.reply(&alike(Status::Err));
        }
    }
}

/// As much as it is given: limits are a matter of those who run, not of those who look; but a
/// line that a server would refuse is shown as refused.
fn limits() -> Limits {
    Limits { waiting_max: usize::MAX, content_max: usize::MAX, ..Limits::default() }
}

impl What {
    /// What else matters at a glance.
    fn detail(&self, len: usize) -> String {
        match self {
            What::Command => "command".into(),
            What::Fault(violation) => format!("against {}", violation.rule.source),
            What::Greeting => "greeting".into(),
            What::Reply(None) => "reply to no command".into(),
            What::Reply(Some(command)) if command.is_multi_line() => format!("{command}: {len} B"),
            What::Reply(Some(Command::Pass(_))) => "reply to PASS".into(),
            What::Reply(Some(Command::Apop { .. })) => "reply to APOP".into(),
            What::Reply(Some(command)) => format!("reply to {command}"),
        }
    }
}
