//! Runs of scenes: what happens in them, taken out of their entries.

mod digest;
mod numbers;
mod play;
mod sitting;
mod standings;

pub use digest::{Tally, digest};
pub use numbers::Numbers;
pub(crate) use play::Sighting;
pub use play::{Run, RunError};
pub use sitting::Sitting;
