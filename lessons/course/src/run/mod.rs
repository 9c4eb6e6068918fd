//! Runs of scenes: what happens in them, taken out of their entries.

mod digest;
mod numbers;
mod play;
mod sitting;
mod talk;

pub use digest::digest;
pub use numbers::Numbers;
pub use play::{Run, RunError};
pub use sitting::Sitting;
pub(crate) use talk::Sighting;
