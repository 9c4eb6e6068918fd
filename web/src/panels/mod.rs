//! The parts of the page. Each is a function of what it is given.

mod header;
pub mod keys;
mod ladder;
mod link;
mod palette;

pub use header::Header;
pub use keys::KeysDialog;
pub use ladder::{ByPointer, Ladder, LadderView};
pub use link::Goto;
pub use palette::{Item, Palette};
