//! Bytes to commands, replies and mail, and back: stateless, each byte noted with a name.

mod command;
mod cursor;
mod data;
mod limits;
mod lines;
mod path;
mod reply;
mod write;

pub use command::read_command;
pub use data::{DataReader, MAIL_DATA, Mail, Progress, stuffed};
pub use limits::Limits;
pub(super) use lines::{Bound, Ended, Lines, too_long};
pub use path::read_address;
pub use reply::{ReplyReader, Whole};
pub use write::{write_command, write_reply};
