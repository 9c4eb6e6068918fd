//! Requests and their answers: which belongs to which, and whether the connection goes on.

use super::{Connection, State, Trigger};
use crate::http::codec::{Asked, Framing, Role, persists};
use crate::http::{Request, Version};

/// A request that has no complete answer yet, as far as the connection must remember it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Exchange {
    /// What decides whether the answer has a body.
    pub(super) asked: Asked,
    /// The version of the request.
    pub(super) version: Version,
    /// Whether the request lets the connection go on.
    pub(super) persists: bool,
    /// Whether the client asked to hear 100, and has neither heard anything nor gone on without.
    pub(super) waits: bool,
}

impl Exchange {
    pub(super) fn new(request: &Request, framing: Framing) -> Exchange {
        let Request { method, target: _, version, fields } = request;
        let expects = *version == Version::Http11 && fields.has("Expect", "100-continue");
        let asked = Asked {
            head: method == "HEAD",
            connect: method == "CONNECT",
            upgrade: *version == Version::Http11 && fields.first("Upgrade").is_some(),
        };
        Exchange {
            asked,
            version: *version,
            persists: persists(*version, fields),
            waits: expects && framing != Framing::Length(0),
        }
    }
}

impl Connection {
    /// Makes the moves that follow from where both sides are, not from any message.
    pub(super) fn settle(&mut self) {
        if self.server.state() == State::Done {
            let last = self.ending || self.exchanges.front().is_none_or(|front| !front.persists);
            let sent = self.exchanges.len() > 1 || self.client.state() != State::SendBody;
            if last {
                self.exchanges.pop_front();
                self.go(Role::Client, Trigger::LastExchangeOver);
                self.go(Role::Server, Trigger::LastExchangeOver);
            } else if sent {
                self.next_exchange();
            }
        }
        let client_gone = self.client.state() == State::Closed && self.exchanges.is_empty();
        if client_gone && self.server.state() == State::Idle {
            self.go(Role::Server, Trigger::PeerClosed);
        }
        if self.server.state() == State::Closed {
            self.go(Role::Client, Trigger::PeerClosed);
        }
    }

    /// The oldest exchange is over; the next one, if it was pipelined, is the oldest now.
    fn next_exchange(&mut self) {
        self.exchanges.pop_front();
        self.go(Role::Server, Trigger::ExchangeOver);
        match self.exchanges.is_empty() {
            true => self.go(Role::Client, Trigger::ExchangeOver),
            false => self.go(Role::Server, Trigger::Request),
        };
    }

    /// Whether the client, whose request is read or sent last, waits for a 100.
    pub(super) fn waits_for_continue(&self) -> bool {
        let sending = self.client.state() == State::SendBody;
        sending && self.exchanges.back().is_some_and(|last| last.waits)
    }

    /// The client has heard something, or goes on without.
    pub(super) fn stop_waiting(&mut self) {
        let heard = match self.role {
            Role::Server => self.exchanges.back_mut(),
            Role::Client => self.exchanges.front_mut(),
        };
        if let Some(exchange) = heard {
            exchange.waits = false;
        }
    }
}
