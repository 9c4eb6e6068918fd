//! Bytes that remember what they said, and the words in which a protocol explains itself.
//!
//! Every codec notes each byte it reads with a name ([`Note`]); the inspector shows these notes,
//! so the fields on the page are the parser's own. A [`Rule`] is one sentence of a standard, a
//! [`Chart`] the state diagram that a machine moves by.

mod chart;
mod fault;
mod note;
mod protocol;
mod reading;
mod rule;
mod starts;
mod time;
mod words;

pub use chart::{Chart, Edge, State};
pub use fault::{Misuse, Violation};
pub use note::{Note, Notes, Span};
pub use protocol::{Chunk, Message, Protocol, Side, Turn};
pub use reading::{At, Datagram, Datagrams, Dissector, Reading, Speaks, Unread, dissect, growing};
pub use rule::{Rule, Source};
pub(crate) use rule::{append, count};
pub(crate) use starts::Starts;
pub use time::Time;
pub use words::counted;
