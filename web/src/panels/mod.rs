//! The parts of the page. Each is a function of what it is given.

mod ask;
mod beside;
mod follow;
mod header;
mod hex;
pub mod inspector;
pub mod keys;
pub mod ladder;
mod late;
pub mod lesson;
mod lesson_file;
mod link;
mod looks;
mod middle;
mod network;
mod overlay;
mod palette;
mod right;
mod rule;
pub mod time;
mod waiting;

pub use beside::Beside;
pub use follow::follow;
pub use header::Header;
pub use keys::KeysDialog;
pub use ladder::{ByPointer, Ladder, LadderView};
pub use late::late_styles;
pub use lesson_file::choose;
pub use link::Goto;
pub use looks::looks;
pub use middle::{Middle, ZOOM, told};
pub use network::Network;
pub use overlay::{Overlay, Props as OverlayProps};
pub use palette::Item;
pub use right::Right;
pub use waiting::Waiting;
