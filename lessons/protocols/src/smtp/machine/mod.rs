//! The two ends of an SMTP session: what may legally come next, from either side.
//!
//! The machines know no time and no socket. Hand one what the peer sent with `receive`, take
//! events out with `next_event` until there are none, and turn what you have to say into bytes with
//! `send`. Only the peer can cause a [`Violation`](crate::wire::Violation), only you a
//! [`Misuse`](crate::wire::Misuse).
//!
//! A command that is merely wrong is an event of the [`Server`], since it gets a reply and the
//! session goes on. A bare CR or LF is an error, and the end of all reading.

mod chart;
mod client;
mod server;
#[cfg(test)]
mod tests;

pub use chart::{CLIENT, ClientState, SERVER, ServerState};
pub use client::{Asked, Client, ClientEvent};
pub(in crate::smtp) use server::CHALLENGE;
pub use server::{Elsewhere, Server, ServerEvent};
