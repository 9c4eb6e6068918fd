//! What can be counted, timed and calculated in a run.

mod expr;
mod facts;
mod formula;
mod functions;
mod overlay;
mod parse;
mod pattern;
#[cfg(test)]
mod tests;
mod unit;
mod words;

pub use expr::Expr;
pub use facts::{Digest, Facts, Mark, NAMES, Said, Sent};
pub use functions::{Asks, FUNCTIONS, Function};
pub use overlay::{Measured, Overlay, Standing};
pub use pattern::Pattern;
pub use unit::{Kind, UNITS, Unit, number, show_in};

/// What `measured` is: at one host, the time from a command to the last event that answers it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Measure {
    /// The host's name.
    pub host: String,
    /// Which command starts the clock: the last one that fits.
    pub from: Pattern,
    /// Which event stops it: the last one that fits and comes after the command.
    pub to: Pattern,
}
