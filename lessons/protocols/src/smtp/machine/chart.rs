//! The states of both sides of a session, and every move between them. The machines move by these
//! tables alone.

use crate::smtp::rules;
use crate::wire::{self, Chart, Edge, Rule};

/// Where a client is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ClientState {
    /// It waits to be greeted.
    Connected,
    /// It has been greeted and has not said who it is.
    Greeted,
    /// It has said who it is and waits for the reply.
    Introducing,
    /// No transaction is open.
    Ready,
    /// It has named a sender.
    Mail,
    /// It has named recipients.
    Recipients,
    /// It has asked leave to send the mail.
    DataAsked,
    /// It has leave, and sends the mail.
    Content,
    /// The final dot is sent and not answered.
    Judged,
    /// The server takes no mail: it may only say QUIT.
    Refused,
    /// It has said QUIT.
    Quitting,
    /// Nothing more may be said.
    MustClose,
    /// It has closed.
    Closed,
}

/// Where a server is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ServerState {
    /// It owes the greeting.
    Opening,
    /// It has greeted, and nobody has said who is calling.
    Greeted,
    /// No transaction is open.
    Ready,
    /// It knows the sender of a mail.
    Mail,
    /// It knows at least one recipient.
    Recipients,
    /// It has given leave, and reads the mail.
    Content,
    /// It has the whole mail and owes the answer.
    Judging,
    /// It takes no mail, and waits for QUIT.
    Refusing,
    /// The client sent what cannot be read; one last reply may be sent.
    Broken,
    /// Nothing more is said.
    MustClose,
    /// It has closed.
    Closed,
}

/// What makes a side move.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Trigger {
    Greeting,
    GreetingRefused,
    Ehlo,
    Helo,
    HelloAccepted,
    HelloRefused,
    Mail,
    MailRefused,
    Rcpt,
    Data,
    GoAhead,
    DataRefused,
    EndOfData,
    MailAccepted,
    MailNotAccepted,
    Rset,
    Other,
    Refused,
    Quit,
    QuitAnswered,
    ShuttingDown,
    PeerBroke,
    LastReply,
    PeerClosed,
    Close,
}

impl Trigger {
    /// The trigger's name on the charts.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Trigger::Greeting => "220 greeting",
            Trigger::GreetingRefused => "554 greeting",
            Trigger::Ehlo => "EHLO",
            Trigger::Helo => "HELO",
            Trigger::HelloAccepted => "2yz to the greeting",
            Trigger::HelloRefused => "5yz to the greeting",
            Trigger::Mail => "MAIL",
            Trigger::MailRefused => "MAIL refused",
            Trigger::Rcpt => "RCPT",
            Trigger::Data => "DATA",
            Trigger::GoAhead => "354",
            Trigger::DataRefused => "DATA refused",
            Trigger::EndOfData => "final dot",
            Trigger::MailAccepted => "mail accepted",
            Trigger::MailNotAccepted => "mail not accepted",
            Trigger::Rset => "RSET",
            Trigger::Other => "another command",
            Trigger::Refused => "a command refused",
            Trigger::Quit => "QUIT",
            Trigger::QuitAnswered => "221",
            Trigger::ShuttingDown => "421",
            Trigger::PeerBroke => "other side broke a rule",
            Trigger::LastReply => "last reply",
            Trigger::PeerClosed => "other side closed",
            Trigger::Close => "close",
        }
    }
}

/// A place on a chart, and the only way to move.
#[derive(Clone, Copy, Debug)]
pub(super) struct Track {
    pub(super) chart: &'static Chart,
    pub(super) at: usize,
}

impl Track {
    pub(super) const fn at_start(chart: &'static Chart) -> Track {
        Track { chart, at: 0 }
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

impl ClientState {
    /// The state at this place of [`CLIENT`].
    pub(super) fn at(at: usize) -> ClientState {
        CLIENT_STATES.get(at).copied().unwrap_or(ClientState::Closed)
    }
}

impl ServerState {
    /// The state at this place of [`SERVER`].
    pub(super) fn at(at: usize) -> ServerState {
        SERVER_STATES.get(at).copied().unwrap_or(ServerState::Closed)
    }
}

/// What a client goes through.
pub static CLIENT: Chart = Chart {
    name: "SMTP client",
    states: &[
        state("Connected", "It waits to be greeted.", (0, 0)),
        state("Greeted", "It has been greeted and has not said who it is.", (1, 0)),
        state("Introducing", "It has said who it is and waits for the reply.", (2, 0)),
        state("Ready", "No transaction is open.", (3, 0)),
        state("Mail", "It has named the sender of a mail.", (3, 1)),
        state("Recipients", "It has named recipients.", (3, 2)),
        state("DataAsked", "It has asked leave to send the mail.", (3, 3)),
        state("Content", "It has leave, and sends the mail.", (2, 2)),
        state("Judged", "The final dot is sent and not answered.", (2, 1)),
        state("Refused", "The server takes no mail; it may only say QUIT.", (0, 1)),
        state("Quitting", "It has said QUIT and waits for the answer.", (1, 1)),
        state("MustClose", "Nothing more may be said; it will close.", (0, 2)),
        state("Closed", "It has closed.", (0, 3)),
    ],
    edges: &[
        edge(CL_CONNECTED, Trigger::Greeting, CL_GREETED, &rules::GREETING),
        edge(CL_CONNECTED, Trigger::GreetingRefused, CL_REFUSED, &rules::REFUSED_SESSION),
        edge(CL_CONNECTED, Trigger::ShuttingDown, CL_MUST_CLOSE, &rules::SHUTTING_DOWN),
        edge(CL_CONNECTED, Trigger::PeerBroke, CL_MUST_CLOSE, &rules::BROKEN),
        edge(CL_CONNECTED, Trigger::PeerClosed, CL_MUST_CLOSE, &rules::CLOSE),
        edge(CL_CONNECTED, Trigger::Close, CL_CLOSED, &rules::CLOSE),
        edge(CL_GREETED, Trigger::Ehlo, CL_INTRODUCING, &rules::EHLO),
        edge(CL_GREETED, Trigger::Helo, CL_INTRODUCING, &rules::HELO),
        edge(CL_GREETED, Trigger::Rset, CL_GREETED, &rules::RSET),
        edge(CL_GREETED, Trigger::Other, CL_GREETED, &rules::AT_ANY_TIME),
        edge(CL_GREETED, Trigger::Quit, CL_QUITTING, &rules::QUIT),
        edge(CL_GREETED, Trigger::ShuttingDown, CL_MUST_CLOSE, &rules::SHUTTING_DOWN),
        edge(CL_GREETED, Trigger::PeerBroke, CL_MUST_CLOSE, &rules::BROKEN),
        edge(CL_GREETED, Trigger::PeerClosed, CL_MUST_CLOSE, &rules::CLOSE),
        edge(CL_GREETED, Trigger::Close, CL_CLOSED, &rules::CLOSE),
        edge(CL_INTRODUCING, Trigger::HelloAccepted, CL_READY, &rules::EHLO),
        edge(CL_INTRODUCING, Trigger::HelloRefused, CL_GREETED, &rules::HELO),
        edge(CL_INTRODUCING, Trigger::ShuttingDown, CL_MUST_CLOSE, &rules::SHUTTING_DOWN),
        edge(CL_INTRODUCING, Trigger::PeerBroke, CL_MUST_CLOSE, &rules::BROKEN),
        edge(CL_INTRODUCING, Trigger::PeerClosed, CL_MUST_CLOSE, &rules::CLOSE),
        edge(CL_INTRODUCING, Trigger::Close, CL_CLOSED, &rules::CLOSE),
        edge(CL_READY, Trigger::Ehlo, CL_INTRODUCING, &rules::EHLO_RESETS),
        edge(CL_READY, Trigger::Helo, CL_INTRODUCING, &rules::EHLO_RESETS),
        edge(CL_READY, Trigger::Mail, CL_MAIL, &rules::MAIL),
        edge(CL_READY, Trigger::Rset, CL_READY, &rules::RSET),
        edge(CL_READY, Trigger::Other, CL_READY, &rules::AT_ANY_TIME),
        edge(CL_READY, Trigger::Quit, CL_QUITTING, &rules::QUIT),
        edge(CL_READY, Trigger::ShuttingDown, CL_MUST_CLOSE, &rules::SHUTTING_DOWN),
        edge(CL_READY, Trigger::PeerBroke, CL_MUST_CLOSE, &rules::BROKEN),
        edge(CL_READY, Trigger::PeerClosed, CL_MUST_CLOSE, &rules::CLOSE),
        edge(CL_READY, Trigger::Close, CL_CLOSED, &rules::CLOSE),
        edge(CL_MAIL, Trigger::Rcpt, CL_RECIPIENTS, &rules::RCPT),
        edge(CL_MAIL, Trigger::MailRefused, CL_READY, &rules::MAIL),
        edge(CL_MAIL, Trigger::Rset, CL_READY, &rules::RSET),
        edge(CL_MAIL, Trigger::Other, CL_MAIL, &rules::AT_ANY_TIME),
        edge(CL_MAIL, Trigger::Quit, CL_QUITTING, &rules::QUIT),
        edge(CL_MAIL, Trigger::ShuttingDown, CL_MUST_CLOSE, &rules::SHUTTING_DOWN),
        edge(CL_MAIL, Trigger::PeerBroke, CL_MUST_CLOSE, &rules::BROKEN),
        edge(CL_MAIL, Trigger::PeerClosed, CL_MUST_CLOSE, &rules::CLOSE),
        edge(CL_MAIL, Trigger::Close, CL_CLOSED, &rules::CLOSE),
        edge(CL_RECIPIENTS, Trigger::Rcpt, CL_RECIPIENTS, &rules::RCPT),
        edge(CL_RECIPIENTS, Trigger::MailRefused, CL_READY, &rules::MAIL),
        edge(CL_RECIPIENTS, Trigger::Data, CL_DATA_ASKED, &rules::DATA),
        edge(CL_RECIPIENTS, Trigger::Rset, CL_READY, &rules::RSET),
        edge(CL_RECIPIENTS, Trigger::Other, CL_RECIPIENTS, &rules::AT_ANY_TIME),
        edge(CL_RECIPIENTS, Trigger::Quit, CL_QUITTING, &rules::QUIT),
        edge(CL_RECIPIENTS, Trigger::ShuttingDown, CL_MUST_CLOSE, &rules::SHUTTING_DOWN),
        edge(CL_RECIPIENTS, Trigger::PeerBroke, CL_MUST_CLOSE, &rules::BROKEN),
        edge(CL_RECIPIENTS, Trigger::PeerClosed, CL_MUST_CLOSE, &rules::CLOSE),
        edge(CL_RECIPIENTS, Trigger::Close, CL_CLOSED, &rules::CLOSE),
        edge(CL_DATA_ASKED, Trigger::GoAhead, CL_CONTENT, &rules::DATA),
        edge(CL_DATA_ASKED, Trigger::DataRefused, CL_RECIPIENTS, &rules::DATA_REFUSED),
        edge(CL_DATA_ASKED, Trigger::ShuttingDown, CL_MUST_CLOSE, &rules::SHUTTING_DOWN),
        edge(CL_DATA_ASKED, Trigger::PeerBroke, CL_MUST_CLOSE, &rules::BROKEN),
        edge(CL_DATA_ASKED, Trigger::PeerClosed, CL_MUST_CLOSE, &rules::CLOSE),
        edge(CL_DATA_ASKED, Trigger::Close, CL_CLOSED, &rules::CLOSE),
        edge(CL_CONTENT, Trigger::EndOfData, CL_JUDGED, &rules::END_OF_DATA),
        edge(CL_CONTENT, Trigger::ShuttingDown, CL_MUST_CLOSE, &rules::SHUTTING_DOWN),
        edge(CL_CONTENT, Trigger::PeerBroke, CL_MUST_CLOSE, &rules::BROKEN),
        edge(CL_CONTENT, Trigger::PeerClosed, CL_MUST_CLOSE, &rules::CLOSE),
        edge(CL_CONTENT, Trigger::Close, CL_CLOSED, &rules::CLOSE),
        edge(CL_JUDGED, Trigger::MailAccepted, CL_READY, &rules::ACCEPTED),
        edge(CL_JUDGED, Trigger::MailNotAccepted, CL_READY, &rules::NOT_ACCEPTED),
        edge(CL_JUDGED, Trigger::ShuttingDown, CL_MUST_CLOSE, &rules::SHUTTING_DOWN),
        edge(CL_JUDGED, Trigger::PeerBroke, CL_MUST_CLOSE, &rules::BROKEN),
        edge(CL_JUDGED, Trigger::PeerClosed, CL_MUST_CLOSE, &rules::CLOSE),
        edge(CL_JUDGED, Trigger::Close, CL_CLOSED, &rules::CLOSE),
        edge(CL_REFUSED, Trigger::Quit, CL_QUITTING, &rules::REFUSED_SESSION),
        edge(CL_REFUSED, Trigger::ShuttingDown, CL_MUST_CLOSE, &rules::SHUTTING_DOWN),
        edge(CL_REFUSED, Trigger::PeerBroke, CL_MUST_CLOSE, &rules::BROKEN),
        edge(CL_REFUSED, Trigger::PeerClosed, CL_MUST_CLOSE, &rules::CLOSE),
        edge(CL_REFUSED, Trigger::Close, CL_CLOSED, &rules::CLOSE),
        edge(CL_QUITTING, Trigger::QuitAnswered, CL_MUST_CLOSE, &rules::QUIT),
        edge(CL_QUITTING, Trigger::ShuttingDown, CL_MUST_CLOSE, &rules::SHUTTING_DOWN),
        edge(CL_QUITTING, Trigger::PeerBroke, CL_MUST_CLOSE, &rules::BROKEN),
        edge(CL_QUITTING, Trigger::PeerClosed, CL_MUST_CLOSE, &rules::CLOSE),
        edge(CL_QUITTING, Trigger::Close, CL_CLOSED, &rules::CLOSE),
        edge(CL_MUST_CLOSE, Trigger::Close, CL_CLOSED, &rules::CLOSE),
    ],
};

/// What a server goes through.
pub static SERVER: Chart = Chart {
    name: "SMTP server",
    states: &[
        state("Opening", "It owes the greeting.", (0, 0)),
        state("Greeted", "It has greeted; nobody has said who is calling.", (1, 0)),
        state("Ready", "No transaction is open.", (2, 0)),
        state("Mail", "It knows the sender of a mail.", (3, 0)),
        state("Recipients", "It knows at least one recipient.", (3, 1)),
        state("Content", "It has given leave, and reads the mail.", (3, 2)),
        state("Judging", "It has the whole mail and owes the answer.", (2, 1)),
        state("Refusing", "It takes no mail, and waits for QUIT.", (0, 1)),
        state("Broken", "The client sent what cannot be read; one last reply may be sent.", (1, 1)),
        state("MustClose", "Nothing more is said; it will close.", (0, 2)),
        state("Closed", "It has closed.", (1, 2)),
    ],
    edges: &[
        edge(SV_OPENING, Trigger::Greeting, SV_GREETED, &rules::GREETING),
        edge(SV_OPENING, Trigger::GreetingRefused, SV_REFUSING, &rules::REFUSED_SESSION),
        edge(SV_OPENING, Trigger::ShuttingDown, SV_MUST_CLOSE, &rules::SHUTTING_DOWN),
        edge(SV_OPENING, Trigger::PeerBroke, SV_BROKEN, &rules::BROKEN),
        edge(SV_OPENING, Trigger::Close, SV_CLOSED, &rules::CLOSE),
        edge(SV_GREETED, Trigger::HelloAccepted, SV_READY, &rules::EHLO),
        edge(SV_GREETED, Trigger::Rset, SV_GREETED, &rules::RSET),
        edge(SV_GREETED, Trigger::Other, SV_GREETED, &rules::AT_ANY_TIME),
        edge(SV_GREETED, Trigger::Refused, SV_GREETED, &rules::REFUSED),
        edge(SV_GREETED, Trigger::QuitAnswered, SV_MUST_CLOSE, &rules::QUIT),
        edge(SV_GREETED, Trigger::ShuttingDown, SV_MUST_CLOSE, &rules::SHUTTING_DOWN),
        edge(SV_GREETED, Trigger::PeerBroke, SV_BROKEN, &rules::BROKEN),
        edge(SV_GREETED, Trigger::PeerClosed, SV_MUST_CLOSE, &rules::CLOSE),
        edge(SV_GREETED, Trigger::Close, SV_CLOSED, &rules::CLOSE),
        edge(SV_READY, Trigger::HelloAccepted, SV_READY, &rules::EHLO_RESETS),
        edge(SV_READY, Trigger::Mail, SV_MAIL, &rules::MAIL),
        edge(SV_READY, Trigger::Rset, SV_READY, &rules::RSET),
        edge(SV_READY, Trigger::Other, SV_READY, &rules::AT_ANY_TIME),
        edge(SV_READY, Trigger::Refused, SV_READY, &rules::REFUSED),
        edge(SV_READY, Trigger::QuitAnswered, SV_MUST_CLOSE, &rules::QUIT),
        edge(SV_READY, Trigger::ShuttingDown, SV_MUST_CLOSE, &rules::SHUTTING_DOWN),
        edge(SV_READY, Trigger::PeerBroke, SV_BROKEN, &rules::BROKEN),
        edge(SV_READY, Trigger::PeerClosed, SV_MUST_CLOSE, &rules::CLOSE),
        edge(SV_READY, Trigger::Close, SV_CLOSED, &rules::CLOSE),
        edge(SV_MAIL, Trigger::HelloAccepted, SV_READY, &rules::EHLO_RESETS),
        edge(SV_MAIL, Trigger::Rcpt, SV_RECIPIENTS, &rules::RCPT),
        edge(SV_MAIL, Trigger::Rset, SV_READY, &rules::RSET),
        edge(SV_MAIL, Trigger::Other, SV_MAIL, &rules::AT_ANY_TIME),
        edge(SV_MAIL, Trigger::Refused, SV_MAIL, &rules::REFUSED),
        edge(SV_MAIL, Trigger::QuitAnswered, SV_MUST_CLOSE, &rules::QUIT),
        edge(SV_MAIL, Trigger::ShuttingDown, SV_MUST_CLOSE, &rules::SHUTTING_DOWN),
        edge(SV_MAIL, Trigger::PeerBroke, SV_BROKEN, &rules::BROKEN),
        edge(SV_MAIL, Trigger::PeerClosed, SV_MUST_CLOSE, &rules::CLOSE),
        edge(SV_MAIL, Trigger::Close, SV_CLOSED, &rules::CLOSE),
        edge(SV_RECIPIENTS, Trigger::HelloAccepted, SV_READY, &rules::EHLO_RESETS),
        edge(SV_RECIPIENTS, Trigger::Rcpt, SV_RECIPIENTS, &rules::RCPT),
        edge(SV_RECIPIENTS, Trigger::GoAhead, SV_CONTENT, &rules::DATA),
        edge(SV_RECIPIENTS, Trigger::Rset, SV_READY, &rules::RSET),
        edge(SV_RECIPIENTS, Trigger::Other, SV_RECIPIENTS, &rules::AT_ANY_TIME),
        edge(SV_RECIPIENTS, Trigger::Refused, SV_RECIPIENTS, &rules::REFUSED),
        edge(SV_RECIPIENTS, Trigger::QuitAnswered, SV_MUST_CLOSE, &rules::QUIT),
        edge(SV_RECIPIENTS, Trigger::ShuttingDown, SV_MUST_CLOSE, &rules::SHUTTING_DOWN),
        edge(SV_RECIPIENTS, Trigger::PeerBroke, SV_BROKEN, &rules::BROKEN),
        edge(SV_RECIPIENTS, Trigger::PeerClosed, SV_MUST_CLOSE, &rules::CLOSE),
        edge(SV_RECIPIENTS, Trigger::Close, SV_CLOSED, &rules::CLOSE),
        edge(SV_CONTENT, Trigger::EndOfData, SV_JUDGING, &rules::END_OF_DATA),
        edge(SV_CONTENT, Trigger::ShuttingDown, SV_MUST_CLOSE, &rules::SHUTTING_DOWN),
        edge(SV_CONTENT, Trigger::PeerBroke, SV_BROKEN, &rules::BROKEN),
        edge(SV_CONTENT, Trigger::PeerClosed, SV_MUST_CLOSE, &rules::CLOSE),
        edge(SV_CONTENT, Trigger::Close, SV_CLOSED, &rules::CLOSE),
        edge(SV_JUDGING, Trigger::MailAccepted, SV_READY, &rules::ACCEPTED),
        edge(SV_JUDGING, Trigger::MailNotAccepted, SV_READY, &rules::NOT_ACCEPTED),
        edge(SV_JUDGING, Trigger::ShuttingDown, SV_MUST_CLOSE, &rules::SHUTTING_DOWN),
        edge(SV_JUDGING, Trigger::PeerBroke, SV_BROKEN, &rules::BROKEN),
        edge(SV_JUDGING, Trigger::Close, SV_CLOSED, &rules::CLOSE),
        edge(SV_REFUSING, Trigger::Refused, SV_REFUSING, &rules::REFUSED_SESSION),
        edge(SV_REFUSING, Trigger::QuitAnswered, SV_MUST_CLOSE, &rules::QUIT),
        edge(SV_REFUSING, Trigger::ShuttingDown, SV_MUST_CLOSE, &rules::SHUTTING_DOWN),
        edge(SV_REFUSING, Trigger::PeerBroke, SV_BROKEN, &rules::BROKEN),
        edge(SV_REFUSING, Trigger::PeerClosed, SV_MUST_CLOSE, &rules::CLOSE),
        edge(SV_REFUSING, Trigger::Close, SV_CLOSED, &rules::CLOSE),
        edge(SV_BROKEN, Trigger::LastReply, SV_MUST_CLOSE, &rules::BROKEN),
        edge(SV_BROKEN, Trigger::Close, SV_CLOSED, &rules::CLOSE),
        edge(SV_MUST_CLOSE, Trigger::Close, SV_CLOSED, &rules::CLOSE),
    ],
};

const fn state(name: &'static str, says: &'static str, at: (u8, u8)) -> wire::State {
    wire::State { name, says, at }
}

const fn edge(from: usize, on: Trigger, to: usize, rule: &'static Rule) -> Edge {
    Edge { from, on: on.name(), to, rule }
}

const CL_CONNECTED: usize = 0;
const CL_GREETED: usize = 1;
const CL_INTRODUCING: usize = 2;
const CL_READY: usize = 3;
const CL_MAIL: usize = 4;
const CL_RECIPIENTS: usize = 5;
const CL_DATA_ASKED: usize = 6;
const CL_CONTENT: usize = 7;
const CL_JUDGED: usize = 8;
const CL_REFUSED: usize = 9;
const CL_QUITTING: usize = 10;
const CL_MUST_CLOSE: usize = 11;
const CL_CLOSED: usize = 12;

const CLIENT_STATES: [ClientState; 13] = [
    ClientState::Connected,
    ClientState::Greeted,
    ClientState::Introducing,
    ClientState::Ready,
    ClientState::Mail,
    ClientState::Recipients,
    ClientState::DataAsked,
    ClientState::Content,
    ClientState::Judged,
    ClientState::Refused,
    ClientState::Quitting,
    ClientState::MustClose,
    ClientState::Closed,
];

const SV_OPENING: usize = 0;
const SV_GREETED: usize = 1;
const SV_READY: usize = 2;
const SV_MAIL: usize = 3;
const SV_RECIPIENTS: usize = 4;
const SV_CONTENT: usize = 5;
const SV_JUDGING: usize = 6;
const SV_REFUSING: usize = 7;
const SV_BROKEN: usize = 8;
const SV_MUST_CLOSE: usize = 9;
const SV_CLOSED: usize = 10;

const SERVER_STATES: [ServerState; 11] = [
    ServerState::Opening,
    ServerState::Greeted,
    ServerState::Ready,
    ServerState::Mail,
    ServerState::Recipients,
    ServerState::Content,
    ServerState::Judging,
    ServerState::Refusing,
    ServerState::Broken,
    ServerState::MustClose,
    ServerState::Closed,
];
