//! Runs of scenes: what happens in them, taken out of their entries.

mod digest;
mod error;
mod numbers;
mod play;
mod setup;
mod sitting;
mod staging;
mod standings;

pub use digest::{Tally, digest};
pub use error::RunError;
pub use numbers::Numbers;
pub use play::Run;
pub(crate) use play::Sighting;
pub(crate) use setup::Setup;
pub use setup::{Doing, Headway};
pub use sitting::Sitting;
pub(crate) use sitting::set;
pub use staging::{Ready, Staging};
