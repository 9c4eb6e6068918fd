//! One HTTP connection, seen from one end: what may legally come next, from either side.
//!
//! The machine knows no time and no socket. Hand it what the peer sent with
//! [`Connection::receive`], take [`Event`]s out with [`Connection::next_event`] until there are
//! none, and turn your own events into bytes with [`Connection::send`]. Only the peer can cause a
//! [`Violation`], only you a [`Misuse`](crate::wire::Misuse).

mod chart;
mod event;
mod exchange;
mod receive;
mod send;

use std::collections::VecDeque;

use bytes::BytesMut;

pub use chart::{CLIENT, SERVER, State, Trigger};
pub use event::Event;

use crate::endpoint::Position;
use crate::http::codec::{Limits, Role};
use crate::wire::{Edge, Note, Notes, Violation};
use chart::Track;
use exchange::Exchange;
use receive::Reading;
use send::Writing;

/// One end of an HTTP connection.
#[derive(Clone, Debug)]
pub struct Connection {
    role: Role,
    limits: Limits,
    client: Track,
    server: Track,
    /// Requests that have no complete answer yet, in order (RFC 9112 section 9.2).
    exchanges: VecDeque<Exchange>,
    /// Whether either side has said, or shown, that the present exchange is the last.
    ending: bool,
    /// Bytes of the peer that have not been read.
    buffer: BytesMut,
    /// Where the buffer begins in the peer's stream.
    buffer_at: usize,
    /// Where the message begins that is being read, or was last.
    message_at: usize,
    reading: Reading,
    /// Interim responses to the request that is being answered.
    interims: usize,
    writing: Writing,
    finished: bool,
    overrun: bool,
    broken: Option<Violation>,
    notes: Notes,
    moves: Vec<Move>,
}

/// A move that a side made on its chart.
#[derive(Clone, Copy, Debug)]
pub struct Move {
    /// The side that moved.
    pub side: Role,
    /// The edge that it took.
    pub edge: &'static Edge,
}

impl Connection {
    /// A connection that has just been opened, played from this end.
    pub fn new(role: Role, limits: Limits) -> Connection {
        Connection {
            role,
            limits,
            client: Track::client(),
            server: Track::server(),
            exchanges: VecDeque::new(),
            ending: false,
            buffer: BytesMut::new(),
            buffer_at: 0,
            message_at: 0,
            reading: Reading::Between,
            interims: 0,
            writing: Writing::None,
            finished: false,
            overrun: false,
            broken: None,
            notes: Notes::off(),
            moves: Vec::new(),
        }
    }

    /// The same connection, with notes taken of every byte that is read.
    pub fn noted(mut self) -> Connection {
        self.notes = Notes::on();
        self
    }

    /// Which end this is.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Where our side is.
    pub fn our_state(&self) -> State {
        self.track(self.role).state()
    }

    /// Where the peer's side is, as far as we have read.
    pub fn their_state(&self) -> State {
        self.track(self.peer()).state()
    }

    /// Our side on its chart, under a title such as `connection #1, our side`.
    pub fn our_position(&self, title: impl Into<String>) -> Position {
        position(self.track(self.role), title.into())
    }

    /// The peer's side on its chart.
    pub fn their_position(&self, title: impl Into<String>) -> Position {
        position(self.track(self.peer()), title.into())
    }

    /// The moves that the last call made, in order. Their rules say why.
    pub fn moves(&self) -> &[Move] {
        &self.moves
    }

    /// Whether we have nothing more to send and should close our direction now (RFC 9112
    /// section 9.6). Tell the machine with `send(Event::Closed)`.
    pub fn must_close(&self) -> bool {
        self.our_state() == State::MustClose
    }

    /// Whether a client may send its next request without any other being unanswered.
    pub fn is_idle(&self) -> bool {
        self.our_state() == State::Idle && !self.ending
    }

    /// Whether a client may send another request now, be it behind unanswered ones (RFC 9112
    /// section 9.3.2).
    pub fn may_request(&self) -> bool {
        let closing = self.exchanges.back().is_some_and(|last| !last.persists);
        let sendable = matches!(self.our_state(), State::Idle | State::Done);
        self.role == Role::Client && sendable && !self.ending && !closing
    }

    /// How many requests have no complete answer yet. After [`Event::Closed`] or a violation,
    /// these are what a client may want to ask again (RFC 9112 section 9.3.1).
    pub fn unanswered(&self) -> usize {
        self.exchanges.len()
    }

    /// For a server: whether the client may be waiting for a 100 (Continue) before it sends its
    /// content (RFC 9110 section 10.1.1).
    pub fn their_waits_for_continue(&self) -> bool {
        self.role == Role::Server && self.waits_for_continue()
    }

    /// For a client: whether we asked to hear 100 (Continue) before the content of the request
    /// that is being sent, and have not heard it.
    pub fn our_waits_for_continue(&self) -> bool {
        self.role == Role::Client && self.waits_for_continue()
    }

    /// Where the message begins, in the peer's stream, that is being read or was last read.
    pub fn message_start(&self) -> usize {
        self.message_at
    }

    /// How many bytes of the peer's stream have been read.
    pub fn consumed(&self) -> usize {
        self.buffer_at
    }

    /// How many bytes of the peer wait to be read.
    pub fn waiting(&self) -> usize {
        self.buffer.len()
    }

    /// The notes taken since the last time; spans count from [`Connection::message_start`].
    pub fn take_notes(&mut self) -> Vec<Note> {
        self.notes.take()
    }

    /// Whether the body that is being read ends with the connection.
    pub(super) fn reads_until_close(&self) -> bool {
        matches!(self.reading, Reading::UntilClose(_))
    }

    /// Whether what waits to be read is line ends alone, which mean nothing (RFC 9112 section 2.2).
    pub(super) fn holds_only_empty_lines(&self) -> bool {
        self.buffer.iter().all(|byte| matches!(byte, b'\r' | b'\n'))
    }

    const fn peer(&self) -> Role {
        match self.role {
            Role::Client => Role::Server,
            Role::Server => Role::Client,
        }
    }

    const fn track(&self, side: Role) -> &Track {
        match side {
            Role::Client => &self.client,
            Role::Server => &self.server,
        }
    }

    /// Moves one side, and writes the move down. Whether the chart has such a move.
    fn go(&mut self, side: Role, on: Trigger) -> bool {
        let track = match side {
            Role::Client => &mut self.client,
            Role::Server => &mut self.server,
        };
        match track.go(on) {
            Some(edge) => {
                self.moves.push(Move { side, edge });
                true
            }
            None => false,
        }
    }
}

fn position(track: &Track, title: String) -> Position {
    Position { title, chart: track.chart(), at: track.at() }
}
