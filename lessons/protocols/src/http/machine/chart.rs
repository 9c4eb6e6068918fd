//! The states of both sides of a connection, and every move between them.
//!
//! The machine moves by these tables alone. Either side has a chart of its own; the same charts
//! serve a client that watches its server and a server that watches its client.

use crate::http::rules;
use crate::wire::{self, Chart, Edge, Rule};

/// Where one side of a connection is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum State {
    /// Between exchanges.
    Idle,
    /// A server that has been asked and has not begun its final answer.
    SendResponse,
    /// The head is sent, the body not all of it.
    SendBody,
    /// The message is complete and the other side's is not.
    Done,
    /// Nothing more may be sent; the connection is to be closed.
    MustClose,
    /// The connection is no longer HTTP.
    Switched,
    /// This side has closed.
    Closed,
    /// This side broke a rule; nothing that it sends is read any more.
    Error,
}

/// What makes a side move.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Trigger {
    /// The head of a request is sent or read.
    Request,
    /// An interim response is.
    Interim,
    /// The head of a final response is.
    Response,
    /// A piece of content is.
    Data,
    /// The end of a message is.
    End,
    /// Both messages of an exchange are complete and the connection goes on.
    ExchangeOver,
    /// They are, and it does not go on.
    LastExchangeOver,
    /// The other side has closed.
    PeerClosed,
    /// The other side broke a rule.
    PeerBroke,
    /// Client and server agreed to go on with something else.
    Switch,
    /// This side closes.
    Close,
    /// This side breaks a rule.
    Break,
}

impl Trigger {
    /// The trigger's name on the charts.
    pub const fn name(self) -> &'static str {
        match self {
            Trigger::Request => "request",
            Trigger::Interim => "1xx response",
            Trigger::Response => "final response",
            Trigger::Data => "data",
            Trigger::End => "end of message",
            Trigger::ExchangeOver => "exchange over",
            Trigger::LastExchangeOver => "last exchange over",
            Trigger::PeerClosed => "other side closed",
            Trigger::PeerBroke => "other side broke a rule",
            Trigger::Switch => "protocol switched",
            Trigger::Close => "close",
            Trigger::Break => "rule broken",
        }
    }
}

/// What a client goes through.
pub static CLIENT: Chart = Chart {
    name: "HTTP/1.1 client",
    states: &[
        state("Idle", "It has sent nothing that still waits for an answer.", (0, 0)),
        state("SendBody", "It has sent the head of a request and may send its body.", (1, 0)),
        state("Done", "Its requests are sent; it reads the answers.", (2, 0)),
        state("MustClose", "It may send no more requests and will close.", (2, 1)),
        state("Switched", "It speaks another protocol now.", (3, 0)),
        state("Closed", "It sends no more.", (3, 1)),
        state("Error", "It broke a rule; nothing more of it is read.", (0, 1)),
    ],
    edges: &[
        edge(CL_IDLE, Trigger::Request, CL_SEND_BODY, &rules::REQUEST_LINE),
        edge(CL_IDLE, Trigger::LastExchangeOver, CL_MUST_CLOSE, &rules::CLOSE_ANNOUNCED),
        edge(CL_IDLE, Trigger::PeerClosed, CL_MUST_CLOSE, &rules::CLOSE),
        edge(CL_IDLE, Trigger::PeerBroke, CL_MUST_CLOSE, &rules::UNASKED),
        edge(CL_IDLE, Trigger::Close, CL_CLOSED, &rules::CLOSE),
        edge(CL_IDLE, Trigger::Break, CL_ERROR, &rules::BROKEN),
        edge(CL_SEND_BODY, Trigger::Data, CL_SEND_BODY, &rules::BODY),
        edge(CL_SEND_BODY, Trigger::End, CL_DONE, &rules::BODY),
        edge(CL_SEND_BODY, Trigger::LastExchangeOver, CL_MUST_CLOSE, &rules::STOP_SENDING),
        edge(CL_SEND_BODY, Trigger::PeerClosed, CL_MUST_CLOSE, &rules::CLOSE),
        edge(CL_SEND_BODY, Trigger::PeerBroke, CL_MUST_CLOSE, &rules::BROKEN),
        edge(CL_SEND_BODY, Trigger::Close, CL_CLOSED, &rules::CLOSE),
        edge(CL_SEND_BODY, Trigger::Break, CL_ERROR, &rules::BROKEN),
        edge(CL_DONE, Trigger::Request, CL_SEND_BODY, &rules::PIPELINING),
        edge(CL_DONE, Trigger::ExchangeOver, CL_IDLE, &rules::PERSISTENCE),
        edge(CL_DONE, Trigger::LastExchangeOver, CL_MUST_CLOSE, &rules::CLOSE_ANNOUNCED),
        edge(CL_DONE, Trigger::PeerClosed, CL_MUST_CLOSE, &rules::CLOSE),
        edge(CL_DONE, Trigger::PeerBroke, CL_MUST_CLOSE, &rules::BROKEN),
        edge(CL_DONE, Trigger::Switch, CL_SWITCHED, &rules::UPGRADE),
        edge(CL_DONE, Trigger::Close, CL_CLOSED, &rules::CLOSE),
        edge(CL_MUST_CLOSE, Trigger::Close, CL_CLOSED, &rules::CLOSE_ANNOUNCED),
        edge(CL_SWITCHED, Trigger::Data, CL_SWITCHED, &rules::CONNECT),
        edge(CL_SWITCHED, Trigger::Close, CL_CLOSED, &rules::CLOSE),
    ],
};

/// What a server goes through.
pub static SERVER: Chart = Chart {
    name: "HTTP/1.1 server",
    states: &[
        state("Idle", "Nobody has asked it anything that it has not answered.", (0, 0)),
        state("SendResponse", "It has been asked and owes an answer.", (1, 0)),
        state("SendBody", "It has sent the head of its answer and may send the body.", (2, 0)),
        state("Done", "Its answer is complete.", (3, 0)),
        state("MustClose", "It reads no more requests and will close.", (3, 1)),
        state("Switched", "It speaks another protocol now.", (1, 1)),
        state("Closed", "It sends no more.", (2, 1)),
        state("Error", "It broke a rule; nothing more of it is read.", (0, 1)),
    ],
    edges: &[
        edge(SV_IDLE, Trigger::Request, SV_SEND_RESPONSE, &rules::IN_ORDER),
        edge(SV_IDLE, Trigger::Response, SV_SEND_BODY, &rules::BROKEN),
        edge(SV_IDLE, Trigger::PeerClosed, SV_MUST_CLOSE, &rules::CLOSE),
        edge(SV_IDLE, Trigger::Close, SV_CLOSED, &rules::CLOSE),
        edge(SV_IDLE, Trigger::Break, SV_ERROR, &rules::UNASKED),
        edge(SV_SEND_RESPONSE, Trigger::Interim, SV_SEND_RESPONSE, &rules::INTERIM),
        edge(SV_SEND_RESPONSE, Trigger::Response, SV_SEND_BODY, &rules::STATUS_LINE),
        edge(SV_SEND_RESPONSE, Trigger::Switch, SV_SWITCHED, &rules::UPGRADE),
        edge(SV_SEND_RESPONSE, Trigger::Close, SV_CLOSED, &rules::CLOSE),
        edge(SV_SEND_RESPONSE, Trigger::Break, SV_ERROR, &rules::BROKEN),
        edge(SV_SEND_BODY, Trigger::Data, SV_SEND_BODY, &rules::BODY),
        edge(SV_SEND_BODY, Trigger::End, SV_DONE, &rules::BODY),
        edge(SV_SEND_BODY, Trigger::Close, SV_CLOSED, &rules::CLOSE),
        edge(SV_SEND_BODY, Trigger::Break, SV_ERROR, &rules::BROKEN),
        edge(SV_DONE, Trigger::ExchangeOver, SV_IDLE, &rules::PERSISTENCE),
        edge(SV_DONE, Trigger::LastExchangeOver, SV_MUST_CLOSE, &rules::CLOSE_ANNOUNCED),
        edge(SV_DONE, Trigger::Close, SV_CLOSED, &rules::CLOSE),
        edge(SV_MUST_CLOSE, Trigger::Close, SV_CLOSED, &rules::CLOSE_ANNOUNCED),
        edge(SV_MUST_CLOSE, Trigger::Break, SV_ERROR, &rules::NOTHING_AFTER_CLOSE),
        edge(SV_SWITCHED, Trigger::Data, SV_SWITCHED, &rules::CONNECT),
        edge(SV_SWITCHED, Trigger::Close, SV_CLOSED, &rules::CLOSE),
    ],
};

/// One side of a connection, on its chart.
#[derive(Clone, Debug)]
pub(super) struct Track {
    chart: &'static Chart,
    names: &'static [State],
    at: usize,
}

impl Track {
    pub(super) const fn client() -> Track {
        Track { chart: &CLIENT, names: &CLIENT_STATES, at: CL_IDLE }
    }

    pub(super) const fn server() -> Track {
        Track { chart: &SERVER, names: &SERVER_STATES, at: SV_IDLE }
    }

    pub(super) const fn chart(&self) -> &'static Chart {
        self.chart
    }

    /// Index of the state on the chart.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    pub(super) fn state(&self) -> State {
        self.names.get(self.at).copied().unwrap_or(State::Error)
    }

    /// The move that the chart has for this trigger here, if it has one.
    pub(super) fn edge(&self, on: Trigger) -> Option<&'static Edge> {
        self.chart.step(self.at, on.name())
    }

    /// Moves, if the chart has a move for this trigger here.
    pub(super) fn go(&mut self, on: Trigger) -> Option<&'static Edge> {
        let edge = self.edge(on)?;
        self.at = edge.to;
        Some(edge)
    }
}

const fn state(name: &'static str, says: &'static str, at: (u8, u8)) -> wire::State {
    wire::State { name, says, at }
}

const fn edge(from: usize, on: Trigger, to: usize, rule: &'static Rule) -> Edge {
    Edge { from, on: on.name(), to, rule }
}

const CL_IDLE: usize = 0;
const CL_SEND_BODY: usize = 1;
const CL_DONE: usize = 2;
const CL_MUST_CLOSE: usize = 3;
const CL_SWITCHED: usize = 4;
const CL_CLOSED: usize = 5;
const CL_ERROR: usize = 6;

const CLIENT_STATES: [State; 7] = [
    State::Idle,
    State::SendBody,
    State::Done,
    State::MustClose,
    State::Switched,
    State::Closed,
    State::Error,
];

const SV_IDLE: usize = 0;
const SV_SEND_RESPONSE: usize = 1;
const SV_SEND_BODY: usize = 2;
const SV_DONE: usize = 3;
const SV_MUST_CLOSE: usize = 4;
const SV_SWITCHED: usize = 5;
const SV_CLOSED: usize = 6;
const SV_ERROR: usize = 7;

const SERVER_STATES: [State; 8] = [
    State::Idle,
    State::SendResponse,
    State::SendBody,
    State::Done,
    State::MustClose,
    State::Switched,
    State::Closed,
    State::Error,
];
