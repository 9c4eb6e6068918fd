//! The ladder diagram as geometry: a sketch of a run goes in, lines and labels come out.

mod aside;
mod axis;
mod columns;
mod labels;
mod layout;
mod sketch;
#[cfg(test)]
mod tests;

pub use columns::NARROW_PX;
#[cfg(test)]
pub use labels::Rect;
pub use labels::{Label, text_width};
pub use layout::{Drawn, Picture, Room, Shape, layout};
pub use sketch::{Alarm, Arrow, Fate, Kind, Lifeline, LostAt, Ring, Sketch, State};
