//! What the relay answers over HTTP: the app, the list of practice servers, its health, and the
//! handshake of the WebSocket.

mod app;
mod gate;
mod routes;

pub use gate::Gate;
pub(crate) use routes::{router, try_later};
