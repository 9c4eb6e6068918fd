//! Runs of scenes: what happens in them, taken out of their entries.

mod digest;
mod numbers;
mod play;
mod setup;
mod sitting;
mod staging;
mod standings;

pub use digest::{Tally, digest};
pub use numbers::Numbers;
pub(crate) use play::Sighting;
pub use play::{Run, RunError};
pub(crate) use setup::Setup;
pub use setup::{Doing, Headway};
pub use sitting::Sitting;
pub use staging::{Ready, Staging};
