//! A conversation's bytes read back into messages, by the same machines that run.
//!
//! A server's machine reads what the initiator sent and a client's machine what the responder
//! sent. The client's is told of each request, as if it had sent it; the server's is given an
//! answer to each request, so that it reads on.

mod direction;

use crate::wire::{self, Chunk, Message, Reading, Side, Speaks};

use super::{Connection, Event, Fields, Limits, Request, Response, Role, State, Version};
use direction::{Direction, Rest};

/// Reads a conversation into its messages, in the order in which they begin.
///
/// Every byte is in exactly one message. Bytes that break a rule, and all that follow them on
/// their side, are one message with the violation in it. A body that ends with the connection
/// counts as complete, since no byte marks its end.
pub fn dissect(chunks: &[Chunk]) -> Vec<Message> {
    wire::dissect::<Conversation>(chunks)
}

/// A conversation as far as it has been read.
#[derive(Clone)]
pub(super) struct Conversation {
    /// What the initiator says, read as by a server.
    asking: Direction,
    /// What the responder says, read as by a client.
    answering: Direction,
    /// Whether the initiator says anything at all, or only half of the conversation is known.
    two_sided: bool,
    /// Whether the last request, now complete, asks to leave HTTP: what follows it depends on
    /// the answer.
    undecided: bool,
}

impl Reading for Conversation {
    fn begin(speaks: Speaks) -> Conversation {
        Conversation {
            asking: Direction::new(Side::Initiator, Role::Server),
            answering: Direction::new(Side::Responder, Role::Client),
            two_sided: speaks.initiator,
            undecided: false,
        }
    }

    fn take(&mut self, index: usize, chunk: &Chunk) {
        match chunk.side {
            Side::Initiator => self.requests(index, &chunk.bytes),
            Side::Responder => self.responses(index, &chunk.bytes),
        }
    }

    fn settled(&mut self) -> Vec<Message> {
        let mut messages = self.asking.settled();
        messages.extend(self.answering.settled());
        messages
    }

    fn finish(self) -> Vec<Message> {
        let mut messages = self.asking.finish();
        messages.extend(self.answering.finish());
        messages
    }
}

impl Conversation {
    fn requests(&mut self, chunk: usize, bytes: &[u8]) {
        self.asking.take(chunk, bytes);
        self.read_requests();
    }

    fn read_requests(&mut self) {
        while let Some(event) = self.asking.next() {
            let leaves = matches!(&event, Event::Request(request) if leaves_http(request));
            self.undecided |= leaves;
            let complete = matches!(event, Event::End { .. });
            // What a client may not send, its server has refused to read, or ignores.
            let _ = self.answering.machine.send(event);
            if complete && !self.undecided {
                self.read_on();
            }
        }
    }

    /// Answers the request in the initiator's machine, which then reads the next.
    fn read_on(&mut self) {
        let fields = Fields::new();
        let (version, reason) = (Version::Http11, String::new());
        let answer = Response { version, status: 501, reason, fields };
        let _ = self.asking.machine.send_whole(Event::Response(answer), b"");
        if self.asking.machine.their_state() == State::MustClose {
            self.asking.rest(Rest::AfterClose);
        }
    }

    fn responses(&mut self, chunk: usize, bytes: &[u8]) {
        self.answering.take(chunk, bytes);
        if self.answering.machine.is_idle() && (!self.two_sided || self.asking.is_unreadable()) {
            let _ = self.answering.machine.send_whole(Event::Request(some_request()), b"");
        }
        while let Some(event) = self.answering.next() {
            // The request that is undecided is the last: nothing behind it has been read.
            let last = self.answering.machine.unanswered() <= 1;
            if !self.undecided || !last || !matches!(event, Event::Response(_)) {
                continue;
            }
            self.undecided = false;
            if self.answering.machine.their_state() == State::Switched {
                self.asking.rest(Rest::Tunnel);
                self.answering.rest(Rest::Tunnel);
            } else {
                self.read_on();
                self.read_requests();
            }
        }
    }
}

/// Whether a request, if it is granted, is the last that is HTTP.
fn leaves_http(request: &Request) -> bool {
    request.method == "CONNECT" || request.fields.first("Upgrade").is_some()
}

/// What was asked when we do not know: something whose answer has a body.
fn some_request() -> Request {
    let fields = Fields::new().with("Host", "");
    Request { method: "GET".into(), target: "/".into(), version: Version::Http11, fields }
}

/// A machine that notes what it reads, and takes as much as it is given: limits are a matter of
/// those who run, not of those who look.
fn machine(role: Role) -> Connection {
    let limits = Limits { waiting_max: usize::MAX, body_max: u64::MAX, ..Limits::default() };
    Connection::new(role, limits).noted()
}
