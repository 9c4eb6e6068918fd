//! The relay of Wirelab: it serves the app and bridges the WebSocket of a tab to TCP and UDP, so
//! that the same protocol machines that run in the page can talk to real servers.
//!
//! The language on the WebSocket is in the crate `relay_wire` and in `PROTOCOL.md`; what may be
//! dialled is decided in [`policy`], and nowhere else.

mod bell;
mod bridge;
mod dial;
mod fault;
mod gauges;
mod http;
mod limits;
pub mod policy;
mod posture;
mod practice;
mod rate;
pub mod serve;
mod server;
mod token;

pub use dial::Dialler;
pub use gauges::{Count, Gauge, Gauges};
pub use http::Gate;
pub use limits::Limits;
pub use practice::{Practice, PracticeServer};
pub use server::{Relay, Settings, Stopper};
pub use token::{MIN_TOKEN, Token};
