//! What an endpoint shows of itself: where its machines are, and what it remembers.

use crate::wire::Chart;

/// An endpoint as it is at one moment, for the State view. Two of them give what changed.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct View {
    /// What it is in the middle of, in a word or two: `Idle`, `Awaiting`. The ladder's strip.
    pub state: String,
    /// Its machines and where they are.
    pub machines: Vec<Position>,
    /// What it remembers: jars, caches, queues, sessions.
    pub tables: Vec<Table>,
}

/// Where one machine is on its chart.
#[derive(Clone, PartialEq, Debug)]
pub struct Position {
    /// Which machine, such as `connection #1, our side`.
    pub title: String,
    /// The chart that it moves by.
    pub chart: &'static Chart,
    /// Index of the state that it is in.
    pub at: usize,
}

/// A table of what an endpoint remembers.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Table {
    /// Its title: `cookie jar`, `cache`.
    pub title: &'static str,
    /// The names of its columns.
    pub columns: &'static [&'static str],
    /// Its rows, in the order to show.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Row {
    /// What the row is about, unique in its table: tells a changed row from a new one.
    pub key: String,
    /// Its cells, as many as the table has columns.
    pub cells: Vec<String>,
}
