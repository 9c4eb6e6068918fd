//! Two runs laid side by side: which message of one is which of the other, and every difference
//! between the two in a sentence.
//!
//! Messages are matched by what they are, not by when they came: a real network and a simulated
//! one never agree about time. The sentences are computed from the fields that the protocols' own
//! machines have read, so a protocol needs nothing of its own here.

mod align;
mod chosen;
mod difference;
mod fields;
mod parting;
mod said;
#[cfg(test)]
mod tests;
mod text;

use core::time::Duration;

use protocols::wire::Side;

pub use difference::{Difference, Kind, in_fields};
pub use fields::Written;
pub use parting::Parting;
use said::Said;

use crate::entry::FlightId;
use crate::story::Story;
use crate::trace::Trace;

/// One of the two runs.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// What it is called in a sentence: `the live run`, `the simulation`.
    pub name: &'a str,
    /// Who takes part, and when it began.
    pub trace: Trace<'a>,
    /// What was said.
    pub story: &'a Story,
}

/// Two runs side by side.
#[derive(Clone, PartialEq, Debug)]
pub struct Comparison {
    /// What the two are called.
    pub names: [String; 2],
    /// The messages of both, matched, in the order in which they were sent.
    pub rows: Vec<Row>,
    /// How many messages of each run are not compared, because there are too many.
    pub left_out: [usize; 2],
}

/// A message of one run, and the one of the other run that it is.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// In the first run and in the second; never missing in both.
    pub cells: [Option<Cell>; 2],
    /// How the two differ; never empty where one is missing.
    pub differences: Vec<Difference>,
}

/// A message of one run.
#[derive(Clone, PartialEq, Debug)]
pub struct Cell {
    /// Its place among the run's messages, from 0 on.
    pub number: usize,
    /// The flight in which it begins.
    pub flight: FlightId,
    /// When that flight departed, since the run began.
    pub at: Duration,
    /// Who sent it, by name.
    pub from: String,
    /// Whom it was sent to, by name.
    pub to: String,
    /// Which end of its conversation sent it.
    pub side: Side,
    /// The protocol's name in lower case.
    pub protocol: &'static str,
    /// What it is, in a few words.
    pub title: String,
    /// What else matters at a glance.
    pub detail: String,
}

impl Comparison {
    /// Lays two runs side by side.
    pub fn of(first: Run<'_>, second: Run<'_>) -> Comparison {
        let runs = [first, second];
        let mut left_out = [0, 0];
        let mut said = runs.map(|run| said::all(run));
        for (own, left) in said.iter_mut().zip(&mut left_out) {
            *left = own.len().saturating_sub(MAX_MESSAGES);
            own.truncate(MAX_MESSAGES);
        }
        let [ours, theirs] = &said;
        let names = runs.map(|run| run.name.to_string());
        let pairs = align::pairs(ours, theirs);
        let rows = pairs.iter().map(|pair| row(&names, *pair, &said)).collect();
        Comparison { names, rows, left_out }
    }

    /// Whether nothing differs.
    pub fn is_alike(&self) -> bool {
        self.differing() == 0 && self.left_out == [0, 0]
    }

    /// In how many rows something differs.
    pub fn differing(&self) -> usize {
        self.rows.iter().filter(|row| !row.differences.is_empty()).count()
    }
}

fn row(names: &[String; 2], pair: align::Pair, said: &[Vec<Said>; 2]) -> Row {
    let [ours, theirs] = said;
    let both = [pair.first.and_then(|at| ours.get(at)), pair.second.and_then(|at| theirs.get(at))];
    let differences = match both {
        [Some(first), Some(second)] => difference::between(names, first, second, pair.moved),
        [Some(only), None] => difference::only_in(&names[0], only, ours),
        [None, Some(only)] => difference::only_in(&names[1], only, theirs),
        [None, None] => Vec::new(),
    };
    Row { cells: both.map(|said| said.map(|said| said.cell.clone())), differences }
}

/// How many messages of a run are compared: the table of the search grows with the product of
/// both, and nobody reads more.
const MAX_MESSAGES: usize = 2_000;
