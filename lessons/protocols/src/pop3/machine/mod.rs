//! One POP3 session, seen from one end: what may legally come next.
//!
//! The machines know no time and no socket. Hand them what the peer sent with `receive`, take
//! events out with `next_event` until there are none, and turn what you want to say into bytes.
//! Only the peer can cause a [`Violation`](crate::wire::Violation), only you a
//! [`Misuse`](crate::wire::Misuse).

mod chart;
mod client;
mod server;

pub use chart::{CLIENT, SERVER, State, Trigger};
pub use client::{ClientEvent, ClientSession};
pub use server::{ServerEvent, ServerSession, greeting};
