//! What is wrong with a lesson file, where, and what would be right.

use core::fmt;

/// The reason why a lesson file cannot be read, for the teacher who wrote it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LessonError {
    /// Where in the file.
    pub at: Place,
    /// What stands there, such as "the block `goals`".
    pub found: String,
    /// What would be right there, such as "one of cue, goal, knob".
    pub right: String,
}

/// A place in a lesson file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
}

impl LessonError {
    /// An error at a place.
    pub fn new(at: Place, found: impl Into<String>, right: impl Into<String>) -> LessonError {
        LessonError { at, found: found.into(), right: right.into() }
    }
}

impl Place {
    /// The first column of a line, counted from 1.
    pub const fn line(line: usize) -> Place {
        Place { line, column: 1 }
    }

    /// The place this many characters further on the same line.
    pub const fn right(self, by: usize) -> Place {
        Place { line: self.line, column: self.column + by }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

impl fmt::Display for LessonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: found {}. Right here would be {}.", self.at, self.found, self.right)
    }
}

impl std::error::Error for LessonError {}
