//! State charts: the table that a machine moves by, which is also the picture that is drawn.

use super::Rule;

/// The states of one side of a protocol and every move between them.
///
/// A machine looks its moves up here and nowhere else, so the picture cannot disagree with it.
#[derive(Debug)]
pub struct Chart {
    /// What the chart is of, such as `HTTP/1.1 client`.
    pub name: &'static str,
    /// The states; a machine's state is an index into them. The first is where it starts.
    pub states: &'static [State],
    /// The moves.
    pub edges: &'static [Edge],
}

/// One state of a chart.
#[derive(Debug)]
pub struct State {
    /// The state's name as shown, such as `Idle`.
    pub name: &'static str,
    /// What it means to be here, as one sentence.
    pub says: &'static str,
    /// Where it is drawn: column and row of a coarse grid, from the upper left.
    pub at: (u8, u8),
}

/// One move of a chart: from a state, on a trigger, to a state.
#[derive(Debug)]
pub struct Edge {
    /// Index of the state that it leaves.
    pub from: usize,
    /// The trigger's name, such as `request sent`.
    pub on: &'static str,
    /// Index of the state that it enters.
    pub to: usize,
    /// The rule that gives the move.
    pub rule: &'static Rule,
}

impl Chart {
    /// The move that leaves `from` on the trigger of this name, if the chart has one.
    pub fn step(&'static self, from: usize, on: &str) -> Option<&'static Edge> {
        self.edges.iter().find(|edge| edge.from == from && edge.on == on)
    }

    /// The moves that leave this state: what may legally come next.
    pub fn leaving(&'static self, from: usize) -> impl Iterator<Item = &'static Edge> {
        self.edges.iter().filter(move |edge| edge.from == from)
    }
}

impl PartialEq for Chart {
    /// Charts are statics: the same name is the same chart.
    fn eq(&self, other: &Chart) -> bool {
        self.name == other.name
    }
}

impl Eq for Chart {}
