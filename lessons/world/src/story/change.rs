//! The change of mind in a step: the difference between two views.

use protocols::endpoint::{Row, Table, View};

/// One difference between what a host showed before and after a step.
#[derive(Clone, PartialEq, Debug)]
pub enum Change {
    /// A machine moved, or is new (then `from` is nothing), or is gone (`to` is nothing).
    Moved {
        /// Which machine.
        machine: String,
        /// The state's name before.
        from: Option<&'static str>,
        /// The state's name after.
        to: Option<&'static str>,
    },
    /// A row of a table is new, changed or gone.
    Row {
        /// The table's title.
        table: &'static str,
        /// The row before.
        before: Option<Row>,
        /// The row after.
        after: Option<Row>,
    },
}

/// What changed from one view of a host to a later one.
pub fn changes(before: &View, after: &View) -> Vec<Change> {
    let mut changes = Vec::new();
    for machine in &after.machines {
        let old = before.machines.iter().find(|old| old.title == machine.title);
        let from = old.and_then(|old| old.chart.states.get(old.at)).map(|state| state.name);
        let to = machine.chart.states.get(machine.at).map(|state| state.name);
        if from != to {
            changes.push(Change::Moved { machine: machine.title.clone(), from, to });
        }
    }
    for old in &before.machines {
        if !after.machines.iter().any(|machine| machine.title == old.title) {
            let from = old.chart.states.get(old.at).map(|state| state.name);
            changes.push(Change::Moved { machine: old.title.clone(), from, to: None });
        }
    }
    let nothing = Table::default();
    for table in &after.tables {
        let old = before.tables.iter().find(|old| old.title == table.title).unwrap_or(&nothing);
        rows(table.title, old, table, &mut changes);
    }
    for old in &before.tables {
        if !after.tables.iter().any(|table| table.title == old.title) {
            rows(old.title, old, &nothing, &mut changes);
        }
    }
    changes
}

fn rows(table: &'static str, before: &Table, after: &Table, changes: &mut Vec<Change>) {
    for row in &after.rows {
        let old = before.rows.iter().find(|old| old.key == row.key);
        if old != Some(row) {
            changes.push(Change::Row { table, before: old.cloned(), after: Some(row.clone()) });
        }
    }
    for old in &before.rows {
        if !after.rows.iter().any(|row| row.key == old.key) {
            changes.push(Change::Row { table, before: Some(old.clone()), after: None });
        }
    }
}
