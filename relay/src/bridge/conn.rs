//! A stream or socket of a session in each stage of its life.

use std::sync::Arc;
use std::task::Waker;
use std::time::Instant;

use super::tcp::Tcp;
use super::udp::Udp;
use crate::bell::Bell;
use crate::dial::{Attempt, Bound, Dialled};

/// One number of the session with its socket and its bell.
pub(super) struct Conn {
    pub(super) stage: Stage,
    pub(super) bell: Arc<Bell>,
    pub(super) waker: Waker,
    /// The last time a byte moved.
    pub(super) active: Instant,
    /// What the client asked for, for the log.
    pub(super) asked: String,
}

/// How far a stream or socket has got.
pub(super) enum Stage {
    /// Being resolved and connected.
    DiallingTcp(Attempt<Dialled>),
    /// Being resolved and bound.
    DiallingUdp(Attempt<Bound>),
    /// A TCP stream.
    Tcp(Tcp),
    /// A UDP socket.
    Udp(Udp),
}
