//! A session with somebody who sends mail to us, as it is kept.

use core::net::SocketAddr;

use crate::smtp::{Address, Body, ReversePath, Server};

/// A session with somebody who sends mail to us.
#[derive(Clone, Debug)]
pub(super) struct Incoming {
    pub(super) smtp: Server,
    pub(super) peer: SocketAddr,
    /// The port that took it: it tells submission from relay.
    pub(super) port: u16,
    /// What the client calls itself, once it has said so.
    pub(super) client: Option<Caller>,
    /// The open transaction.
    pub(super) envelope: Option<Envelope>,
    /// How many mistakes it has had.
    pub(super) errors: u32,
    pub(super) phase: Phase,
    pub(super) peer_finished: bool,
}

/// What a client calls itself.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Caller {
    pub(super) name: String,
    /// Whether it said EHLO.
    pub(super) extended: bool,
}

/// A transaction: who and to whom.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Envelope {
    pub(super) from: ReversePath,
    pub(super) body: Option<Body>,
    pub(super) recipients: Vec<Recipient>,
}

/// A recipient that was accepted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Recipient {
    /// Somebody with a mailbox here.
    User(String),
    /// Somebody at another domain.
    Elsewhere(Address),
}

/// Where a session is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Phase {
    /// Commands are read and answered.
    Serving,
    /// Our side is closed; what comes is not read.
    Lingering,
}

impl Incoming {
    pub(super) fn new(smtp: Server, peer: SocketAddr, port: u16) -> Incoming {
        Incoming {
            smtp,
            peer,
            port,
            client: None,
            envelope: None,
            errors: 0,
            phase: Phase::Serving,
            peer_finished: false,
        }
    }

    pub(super) fn receive(&mut self, bytes: &[u8]) {
        if self.phase == Phase::Serving {
            self.smtp.receive(bytes);
        }
    }

    /// A word for where it is.
    pub(super) fn label(&self) -> &'static str {
        match (self.phase, &self.envelope) {
            (Phase::Lingering, _) => "Closing",
            (Phase::Serving, Some(_)) => "Receiving",
            (Phase::Serving, None) => "Serving",
        }
    }
}
