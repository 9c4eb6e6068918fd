//! The states that a node goes through, and every move between them.

use crate::endpoint::Position;
use crate::wire::{self, Chart, Edge, Rule};

use super::rules;

/// Where a node is with respect to a ring.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum State {
    /// It belongs to no ring.
    Outside,
    /// It is looking for its successor.
    Joining,
    /// It is on the ring.
    Member,
    /// It is giving its keys away and taking its leave.
    Leaving,
}

/// What makes a node move.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Trigger {
    /// It makes a ring of its own.
    Create,
    /// It begins to look for its place.
    Join,
    /// It has found its successor.
    Joined,
    /// The join was given up.
    NotJoined,
    /// Everybody that it knew on the ring is gone.
    Lost,
    /// It begins to take its leave.
    Leave,
    /// Those around it have answered, or never will.
    Left,
}

impl State {
    /// Its name as shown.
    pub fn name(self) -> &'static str {
        NODE.states.get(self as usize).map_or("", |state| state.name)
    }

    /// Where a node goes on this trigger; it stays where it is on one that does not belong here.
    pub fn after(self, on: Trigger) -> State {
        match NODE.step(self as usize, on.name()).map(|edge| edge.to) {
            Some(0) => State::Outside,
            Some(1) => State::Joining,
            Some(2) => State::Member,
            Some(3) => State::Leaving,
            Some(_) | None => self,
        }
    }

    /// For the State view.
    pub fn position(self) -> Position {
        Position { title: "node".into(), chart: &NODE, at: self as usize }
    }
}

impl Trigger {
    /// Its name on the chart.
    pub const fn name(self) -> &'static str {
        match self {
            Trigger::Create => "create",
            Trigger::Join => "join",
            Trigger::Joined => "successor found",
            Trigger::NotJoined => "given up",
            Trigger::Lost => "all successors lost",
            Trigger::Leave => "leave",
            Trigger::Left => "goodbye",
        }
    }
}

/// What a node goes through.
pub static NODE: Chart = Chart {
    name: "Chord node",
    states: &[
        state("Outside", "It belongs to no ring, and says so to whoever asks.", (0, 0)),
        state("Joining", "It looks for the successor of its own identifier.", (1, 0)),
        state("Member", "It is on the ring: it answers, stabilises and holds keys.", (2, 0)),
        state("Leaving", "It gives its keys away and waits for two goodbyes.", (1, 1)),
    ],
    edges: &[
        edge(State::Outside, Trigger::Create, State::Member, &rules::CREATE),
        edge(State::Outside, Trigger::Join, State::Joining, &rules::JOIN),
        edge(State::Joining, Trigger::Joined, State::Member, &rules::JOIN),
        edge(State::Joining, Trigger::NotJoined, State::Outside, &rules::JOIN_AGAIN),
        edge(State::Member, Trigger::Lost, State::Joining, &rules::LOST_SUCCESSORS),
        edge(State::Member, Trigger::Leave, State::Leaving, &rules::LEAVE),
        edge(State::Leaving, Trigger::Left, State::Outside, &rules::LEAVE),
    ],
};

const fn state(name: &'static str, says: &'static str, at: (u8, u8)) -> wire::State {
    wire::State { name, says, at }
}

const fn edge(from: State, on: Trigger, to: State, rule: &'static Rule) -> Edge {
    Edge { from: from as usize, on: on.name(), to: to as usize, rule }
}
