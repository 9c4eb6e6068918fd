//! The states of both sides of a session, and every move between them.
//!
//! RFC 1939 names three states: AUTHORIZATION, TRANSACTION, UPDATE. A name that waits for its
//! password, the time before the greeting and the time after the last reply are ours.

use crate::endpoint::Position;
use crate::pop3::{Command, rules};
use crate::wire::{self, Chart, Edge, Rule};

/// Where one side of a session is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum State {
    /// The connection is open; the greeting has not been sent or read.
    Connected,
    /// The client has not said who it is.
    Authorization,
    /// A name was given and accepted; only the password may follow.
    Named,
    /// The maildrop is open.
    Transaction,
    /// The client has said QUIT; what is marked is being removed.
    Update,
    /// The last reply is sent, or nothing more is read; the connection is to be closed.
    Ended,
    /// The connection is closed.
    Closed,
}

/// What makes a side move.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Trigger {
    /// The greeting.
    Greeting,
    /// USER was accepted.
    User,
    /// PASS was.
    Pass,
    /// APOP was.
    Apop,
    /// STAT was.
    Stat,
    /// LIST was.
    List,
    /// RETR was.
    Retr,
    /// TOP was.
    Top,
    /// UIDL was.
    Uidl,
    /// DELE was.
    Dele,
    /// RSET was.
    Rset,
    /// NOOP was.
    Noop,
    /// CAPA was.
    Capa,
    /// QUIT: in TRANSACTION when it is read or its turn has come, before that when it is answered.
    Quit,
    /// A command was answered with -ERR.
    Refused,
    /// QUIT in TRANSACTION was answered: what was marked is gone.
    Removed,
    /// The other side broke a rule and nothing more of it is read.
    Break,
    /// The connection is closed, or lost.
    Close,
}

impl Trigger {
    /// The trigger's name on the charts.
    pub const fn name(self) -> &'static str {
        match self {
            Trigger::Greeting => "greeting",
            Trigger::User => "USER",
            Trigger::Pass => "PASS",
            Trigger::Apop => "APOP",
            Trigger::Stat => "STAT",
            Trigger::List => "LIST",
            Trigger::Retr => "RETR",
            Trigger::Top => "TOP",
            Trigger::Uidl => "UIDL",
            Trigger::Dele => "DELE",
            Trigger::Rset => "RSET",
            Trigger::Noop => "NOOP",
            Trigger::Capa => "CAPA",
            Trigger::Quit => "QUIT",
            Trigger::Refused => "-ERR",
            Trigger::Removed => "removed",
            Trigger::Break => "rule broken",
            Trigger::Close => "close",
        }
    }

    /// What a positive reply to this command triggers.
    pub const fn of(command: &Command) -> Trigger {
        match command {
            Command::User(_) => Trigger::User,
            Command::Pass(_) => Trigger::Pass,
            Command::Apop { .. } => Trigger::Apop,
            Command::Stat => Trigger::Stat,
            Command::List(_) => Trigger::List,
            Command::Retr(_) => Trigger::Retr,
            Command::Top { .. } => Trigger::Top,
            Command::Uidl(_) => Trigger::Uidl,
            Command::Dele(_) => Trigger::Dele,
            Command::Rset => Trigger::Rset,
            Command::Noop => Trigger::Noop,
            Command::Quit => Trigger::Quit,
            Command::Capa => Trigger::Capa,
        }
    }
}

/// What a server goes through.
pub static SERVER: Chart = Chart {
    name: "POP3 server",
    states: &[
        state("Connected", "It has not greeted the client yet.", (0, 0)),
        state("AUTHORIZATION", "It does not know yet who the client is.", (1, 0)),
        state("Name given", "It has a name and waits for the password.", (1, 1)),
        state("TRANSACTION", "The maildrop is open, and this session has it alone.", (2, 0)),
        state("UPDATE", "It removes the messages that were marked.", (3, 0)),
        state("Ended", "It has sent its last reply, or reads no more, and closes.", (2, 1)),
        state("Closed", "The connection is gone, and with it the lock.", (3, 1)),
    ],
    edges: &EDGES,
};

/// What a client goes through. It moves when it reads a reply, the server when it sends it.
pub static CLIENT: Chart = Chart {
    name: "POP3 client",
    states: &[
        state("Connected", "It waits for the greeting.", (0, 0)),
        state("AUTHORIZATION", "It has not said who it is, or was not believed.", (1, 0)),
        state("Name given", "Its name was accepted; the password comes next.", (1, 1)),
        state("TRANSACTION", "It has the maildrop open and works on it.", (2, 0)),
        state("UPDATE", "It has said QUIT and waits to hear that the marked mail is gone.", (3, 0)),
        state("Ended", "It has heard the last reply, or believes no more, and closes.", (2, 1)),
        state("Closed", "The connection is gone.", (3, 1)),
    ],
    edges: &CLIENT_EDGES,
};

/// The moves that both sides make.
const EDGES: [Edge; SHARED] = [
    edge(CONNECTED, Trigger::Greeting, AUTHORIZATION, &rules::GREETING),
    edge(CONNECTED, Trigger::Close, CLOSED, &rules::CLOSE),
    edge(AUTHORIZATION, Trigger::User, NAMED, &rules::USER),
    edge(AUTHORIZATION, Trigger::Apop, TRANSACTION, &rules::APOP),
    edge(AUTHORIZATION, Trigger::Capa, AUTHORIZATION, &rules::CAPA),
    edge(AUTHORIZATION, Trigger::Refused, AUTHORIZATION, &rules::REFUSED),
    edge(AUTHORIZATION, Trigger::Quit, ENDED, &rules::QUIT_EARLY),
    edge(AUTHORIZATION, Trigger::Break, ENDED, &rules::BROKEN),
    edge(AUTHORIZATION, Trigger::Close, CLOSED, &rules::CLOSE),
    edge(NAMED, Trigger::Pass, TRANSACTION, &rules::PASS),
    edge(NAMED, Trigger::Refused, AUTHORIZATION, &rules::REFUSED),
    edge(NAMED, Trigger::Quit, ENDED, &rules::QUIT_EARLY),
    edge(NAMED, Trigger::Break, ENDED, &rules::BROKEN),
    edge(NAMED, Trigger::Close, CLOSED, &rules::CLOSE),
    edge(TRANSACTION, Trigger::Stat, TRANSACTION, &rules::STAT),
    edge(TRANSACTION, Trigger::List, TRANSACTION, &rules::LIST),
    edge(TRANSACTION, Trigger::Retr, TRANSACTION, &rules::RETR),
    edge(TRANSACTION, Trigger::Top, TRANSACTION, &rules::TOP),
    edge(TRANSACTION, Trigger::Uidl, TRANSACTION, &rules::UIDL),
    edge(TRANSACTION, Trigger::Dele, TRANSACTION, &rules::DELE),
    edge(TRANSACTION, Trigger::Rset, TRANSACTION, &rules::RSET),
    edge(TRANSACTION, Trigger::Noop, TRANSACTION, &rules::NOOP),
    edge(TRANSACTION, Trigger::Capa, TRANSACTION, &rules::CAPA),
    edge(TRANSACTION, Trigger::Refused, TRANSACTION, &rules::REFUSED),
    edge(TRANSACTION, Trigger::Quit, UPDATE, &rules::UPDATE),
    edge(TRANSACTION, Trigger::Break, ENDED, &rules::NO_UPDATE),
    edge(TRANSACTION, Trigger::Close, CLOSED, &rules::NO_UPDATE),
    edge(UPDATE, Trigger::Removed, ENDED, &rules::UPDATE),
    edge(UPDATE, Trigger::Refused, ENDED, &rules::NOT_REMOVED),
    edge(UPDATE, Trigger::Close, CLOSED, &rules::CLOSE),
    edge(ENDED, Trigger::Close, CLOSED, &rules::CLOSE),
];

/// A client may be turned away at the door, and meets a server that breaks rules in two states
/// more than a server meets such a client.
const CLIENT_EDGES: [Edge; SHARED + 3] = {
    const DOOR: Edge = edge(CONNECTED, Trigger::Refused, ENDED, &rules::GREETING);
    let mut all = [const { DOOR }; SHARED + 3];
    let mut at = 0;
    while at < SHARED {
        let Edge { from, on, to, rule } = &EDGES[at];
        all[at + 3] = Edge { from: *from, on, to: *to, rule };
        at += 1;
    }
    all[1] = edge(CONNECTED, Trigger::Break, ENDED, &rules::BROKEN);
    all[2] = edge(UPDATE, Trigger::Break, ENDED, &rules::BROKEN);
    all
};

/// One side of a session, on its chart.
#[derive(Clone, Debug)]
pub(super) struct Track {
    chart: &'static Chart,
    at: usize,
    /// The moves of the last call.
    pub(super) moves: Vec<&'static Edge>,
}

impl Track {
    pub(super) const fn new(chart: &'static Chart) -> Track {
        Track { chart, at: CONNECTED, moves: Vec::new() }
    }

    pub(super) fn state(&self) -> State {
        STATES.get(self.at).copied().unwrap_or(State::Closed)
    }

    pub(super) fn position(&self, title: String) -> Position {
        Position { title, chart: self.chart, at: self.at }
    }

    /// Whether the chart has a move for this trigger here.
    pub(super) fn may(&self, on: Trigger) -> bool {
        self.chart.step(self.at, on.name()).is_some()
    }

    /// Moves, if the chart has a move for this trigger here.
    pub(super) fn go(&mut self, on: Trigger) -> bool {
        let Some(edge) = self.chart.step(self.at, on.name()) else { return false };
        self.at = edge.to;
        self.moves.push(edge);
        true
    }

    /// Where the side will be if these commands are answered with +OK; none where one of them
    /// does not belong.
    pub(super) fn ahead<'a>(&self, commands: impl Iterator<Item = &'a Command>) -> Option<Track> {
        let mut ahead = Track { moves: Vec::new(), ..*self };
        for command in commands {
            // Where QUIT leads to UPDATE, or is there already, its reply is still to come.
            let waits = ahead.state() == State::Update && *command == Command::Quit;
            if !waits && !ahead.go(Trigger::of(command)) {
                return None;
            }
        }
        Some(ahead)
    }

    /// What may come here, for sentences.
    pub(super) fn legal(&self) -> String {
        let commands = self.chart.leaving(self.at).map(|edge| edge.on);
        let names = commands.filter(|on| on.bytes().all(|byte| byte.is_ascii_uppercase()));
        match names.collect::<Vec<_>>().join(", ") {
            none if none.is_empty() => "nothing".into(),
            some => some,
        }
    }
}

const fn state(name: &'static str, says: &'static str, at: (u8, u8)) -> wire::State {
    wire::State { name, says, at }
}

const fn edge(from: usize, on: Trigger, to: usize, rule: &'static Rule) -> Edge {
    Edge { from, on: on.name(), to, rule }
}

const SHARED: usize = 31;

const CONNECTED: usize = 0;
const AUTHORIZATION: usize = 1;
const NAMED: usize = 2;
const TRANSACTION: usize = 3;
const UPDATE: usize = 4;
const ENDED: usize = 5;
const CLOSED: usize = 6;

const STATES: [State; 7] = [
    State::Connected,
    State::Authorization,
    State::Named,
    State::Transaction,
    State::Update,
    State::Ended,
    State::Closed,
];
