//! The ladder diagram as geometry: a sketch of a run goes in, lines and labels come out.

mod axis;
mod labels;
mod layout;
mod sketch;
#[cfg(test)]
mod tests;

pub use axis::{Axis, Gap};
pub use labels::{Label, Rect};
pub use layout::{Bar, Drawn, Hook, Picture, Room, Shape, layout};
pub use sketch::{Alarm, Arrow, Fate, Kind, Lifeline, Ring, Sketch, State};
