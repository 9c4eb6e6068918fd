//! One session: a WebSocket on one side, the targets on the other, and the [`Session`] between.
//!
//! All of it runs in one task and is driven by polling: a chunk that arrives from a target goes out
//! on the WebSocket in the same turn, without a channel and without another task. What may wait is
//! bounded by the credit of the session; the loop never blocks on one stream.

mod conn;
mod session;
mod tcp;
mod traffic;
mod udp;
mod wire;

pub(crate) use session::{Guest, run};
pub(crate) use wire::Wire;
