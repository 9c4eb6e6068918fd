//! A conversation's bytes read back into messages, by the same machines that run.
//!
//! A server's session reads what the initiator sent and a client's what the responder sent. Each is
//! told what the other read, so both are where the real ones were.

mod dialogue;
mod direction;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::rc::Rc;

use crate::wire::{self, Chunk, Message, Note, Reading, Side, Speaks, Violation};

use super::codec::Limits;
use super::machine::{ClientEvent, ClientSession, ServerEvent, ServerSession, State};
use super::{Command, Reply, Status};
use dialogue::Dialogue;
use direction::{Direction, What};

/// Reads a conversation into its messages, in the order in which they begin.
///
/// Every byte is in exactly one message: what cannot be read is one of its own with the violation
/// in it.
pub fn dissect(chunks: &[Chunk]) -> Vec<Message> {
    wire::dissect::<Conversation>(chunks)
}

/// A conversation as far as it has been read. The two sessions are shared with the copies that say
/// what is read so far: these are gone before a reply that is under way grows, so it is never
/// copied.
#[derive(Clone)]
pub(super) struct Conversation {
    /// Reads what the initiator says.
    server: Rc<ServerSession>,
    asking: Direction,
    /// Reads what the responder says.
    client: Rc<ClientSession>,
    answering: Direction,
    /// Whether the initiator says anything at all, or only half of the conversation is known.
    two_sided: bool,
    /// What was asked and is not answered; none for a line that is no command.
    asked: VecDeque<Option<Command>>,
    /// A dialogue that we do not offer ourselves.
    dialogue: Option<Dialogue>,
    /// Whether only what is known so far is to be told: no reply is awaited.
    ending: bool,
}

impl Reading for Conversation {
    fn begin(speaks: Speaks) -> Conversation {
        Conversation {
            server: Rc::new(ServerSession::new(limits()).noted()),
            asking: Direction::new(Side::Initiator),
            client: Rc::new(ClientSession::new(limits()).noted().looking_on()),
            answering: Direction::new(Side::Responder),
            two_sided: speaks.initiator,
            asked: VecDeque::new(),
            dialogue: None,
            ending: false,
        }
    }

    fn take(&mut self, index: usize, chunk: &Chunk) {
        let opaque = self.is_opaque();
        match chunk.side {
            Side::Initiator => {
                self.asking.take(index, chunk.bytes.len());
                if !opaque {
                    self.server().receive(&chunk.bytes);
                    self.read_commands();
                }
            }
            Side::Responder => {
                self.answering.take(index, chunk.bytes.len());
                if !opaque {
                    self.client().receive(&chunk.bytes);
                    self.read_replies();
                }
            }
        }
        if self.is_opaque() {
            self.asking.push_opaque();
            self.answering.push_opaque();
        }
    }

    fn settled(&mut self) -> Vec<Message> {
        let mut messages = self.asking.settled();
        messages.extend(self.answering.settled());
        messages
    }

    /// Reads commands that have no reply yet, and hands over what is left.
    fn finish(mut self) -> Vec<Message> {
        self.ending = true;
        if self.server.state() == State::Connected {
            let _ = self.server().greet("");
        }
        while !self.is_opaque() {
            self.read_commands();
            let granted = match self.server.asked() {
                Some(command) if command.is_multi_line() => Reply::ok("").with(""),
                Some(_) => Reply::ok(""),
                None => Reply::err(""),
            };
            if let Some(Dialogue::Auth { expected: expected @ 1.. }) = self.dialogue {
                self.dialogue = Some(Dialogue::Challenged { expected });
            }
            if self.server().reply(&granted).is_err() {
                break;
            }
        }
        let after_quit = self.server.state() == State::Ended && !self.asking.is_broken();
        let notes = self.server().take_notes();
        let mut messages = self.asking.finish(self.server.consumed(), notes, after_quit);
        let notes = self.client.notes().to_vec();
        messages.extend(self.answering.finish(self.client.consumed(), notes, false));
        messages
    }
}

impl Conversation {
    fn server(&mut self) -> &mut ServerSession {
        Rc::make_mut(&mut self.server)
    }

    fn client(&mut self) -> &mut ClientSession {
        Rc::make_mut(&mut self.client)
    }

    fn is_opaque(&self) -> bool {
        self.dialogue == Some(Dialogue::Tls)
    }

    fn was_asked(&mut self, command: Option<Command>) {
        // To those who only tell what is known so far the client's side is of no use any more.
        if !self.ending {
            self.client().was_asked(command.clone());
        }
        self.asked.push_back(command);
    }

    fn read_commands(&mut self) {
        while !matches!(self.server.state(), State::Ended | State::Closed)
            && !self.asking.is_broken()
        {
            if let Some(Dialogue::Challenged { expected }) = self.dialogue {
                if !self.server().response_line() {
                    return;
                }
                let expected = expected.saturating_sub(1);
                self.dialogue = Some(Dialogue::Auth { expected });
                let notes = self.server().take_notes();
                self.command(notes, What::Elsewhere("AUTH response"));
                continue;
            }
            match self.server().next_event() {
                Ok(Some(ServerEvent::Command(command))) => {
                    self.was_asked(Some(command));
                    let notes = self.server().take_notes();
                    self.command(notes, What::Command);
                }
                Ok(Some(ServerEvent::Fault(violation))) => self.no_command(violation),
                Ok(Some(ServerEvent::Closed) | None) => return,
                Err(violation) => {
                    self.was_asked(None);
                    self.asking.broken(self.server.message_start(), violation);
                }
            }
        }
    }

    /// A line that is no command of ours: one of somebody else's, or none at all.
    fn no_command(&mut self, violation: Violation) {
        self.was_asked(None);
        let mut notes = self.server().take_notes();
        self.dialogue = Dialogue::begun_by(&mut notes);
        let what = match self.dialogue {
            Some(_) => What::Elsewhere("command"),
            None => What::Fault(violation),
        };
        self.command(notes, what);
    }

    fn command(&mut self, notes: Vec<Note>, what: What) {
        let (start, end) = (self.server.message_start(), self.server.consumed());
        self.asking.push(start, end, notes, what);
    }

    fn read_replies(&mut self) {
        while !self.answering.is_broken() && !self.is_opaque() {
            if self.is_challenged() {
                continue;
            }
            let alone = !self.two_sided && self.client.state() != State::Connected;
            if alone && self.client.unanswered().next().is_none() && self.client.waiting() > 0 {
                self.was_asked(None);
            }
            match self.client().next_event() {
                Ok(Some(ClientEvent::Greeting(reply))) => {
                    self.reply(What::Greeting);
                    if reply.is_ok() {
                        // The server that is played here has only not greeted yet.
                        let _ = self.server().greet("");
                    }
                    self.read_commands();
                }
                Ok(Some(ClientEvent::Reply { command: _, reply })) => self.replied(&reply),
                Ok(Some(ClientEvent::Closed) | None) => return,
                Err(violation) => self.answering.broken(self.client.message_start(), violation),
            }
        }
    }

    /// Reads a challenge of AUTH, if one comes next: what the client says then is no command.
    fn is_challenged(&mut self) -> bool {
        let expected = match self.dialogue {
            Some(Dialogue::Auth { expected }) => expected,
            None if !self.two_sided => 0,
            Some(Dialogue::Challenged { .. } | Dialogue::StartTls | Dialogue::Tls) | None => {
                return false;
            }
        };
        if !self.client().challenge() {
            return false;
        }
        self.reply(What::Elsewhere("challenge"));
        if self.dialogue.is_some() {
            self.dialogue = Some(Dialogue::Challenged { expected });
            let _ = self.server().reply(&Reply::err(""));
            self.read_commands();
        }
        true
    }

    fn replied(&mut self, reply: &Reply) {
        let command = self.asked.pop_front().flatten();
        let dialogue = self.dialogue.take();
        self.reply(match dialogue {
            Some(Dialogue::Auth { .. }) => What::Elsewhere("reply to AUTH"),
            Some(Dialogue::StartTls) => What::Elsewhere("reply to STLS"),
            Some(Dialogue::Challenged { .. } | Dialogue::Tls) | None => What::Reply(command),
        });
        self.answer(reply);
        match dialogue {
            Some(Dialogue::Auth { .. }) if reply.is_ok() => {
                self.server().let_in();
                self.client().let_in();
            }
            Some(Dialogue::StartTls) if reply.is_ok() => self.dialogue = Some(Dialogue::Tls),
            Some(_) | None => {}
        }
        if !self.is_opaque() {
            self.read_commands();
        }
    }

    fn reply(&mut self, what: What) {
        let (start, end) = (self.client.message_start(), self.client.consumed());
        let notes = self.client().take_notes();
        self.answering.push(start, end, notes, what);
    }

    /// Answers in the server that is played what the real one answered, as far as it may.
    fn answer(&mut self, reply: &Reply) {
        let alike = |status| {
            let several = status == Status::Ok && reply.content.is_some();
            let content = several.then(Default::default);
            Reply { status, text: String::new(), content }
        };
        if self.server().reply(&alike(reply.status)).is_err() {
            let _ = self.server().reply(&alike(Status::Err));
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
            What::Elsewhere(what) => (*what).into(),
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
