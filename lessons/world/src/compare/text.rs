//! A comparison as text.

use core::fmt;

use super::{Cell, Comparison, Row};

impl fmt::Display for Comparison {
    /// A line for each row, marked `=` where both are alike, `~` where they differ, and `1` or
    /// `2` where only that run has it; then the differences, each in a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [one, other] = &self.names;
        writeln!(f, "1 is {one}, 2 is {other}.")?;
        for row in &self.rows {
            write!(f, "{row}")?;
        }
        for (name, left_out) in self.names.iter().zip(self.left_out) {
            if left_out > 0 {
                writeln!(f, "{left_out} more messages of {name} are not compared.")?;
            }
        }
        match self.differing() {
            0 => writeln!(f, "Nothing differs."),
            1 => writeln!(f, "One message of {} differs.", self.rows.len()),
            count => writeln!(f, "{count} messages of {} differ.", self.rows.len()),
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match (&self.cells, self.differences.is_empty()) {
            ([Some(_), Some(_)], true) => '=',
            ([Some(_), Some(_)], false) => '~',
            ([Some(_), None], _) => '1',
            ([None, _], _) => '2',
        };
        let [first, second] = &self.cells;
        if let Some(cell) = first.as_ref().or(second.as_ref()) {
            writeln!(f, "{mark} {cell}")?;
        }
        for difference in &self.differences {
            writeln!(f, "    {}", difference.says)?;
        }
        Ok(())
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}  {}", self.from, self.to, self.title)?;
        match self.detail.as_str() {
            "" => Ok(()),
            detail => write!(f, " ({detail})"),
        }
    }
}
