//! Requests that wait for their answers.

use core::net::{SocketAddr, SocketAddrV4};

use super::{Node, NodeTimer};
use crate::chord::{Body, Contact, Message, codec, rules};
use crate::endpoint::Context;
use crate::overlay::Key;

/// A request that waits for its answer.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub(super) transaction: u32,
    pub(super) to: Peer,
    /// How often it has been sent again.
    attempts: u8,
    pub(super) need: Need,
}

/// Whom a request goes to: the identifier is not known of a node that one joins through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Peer {
    pub(super) id: Option<Key>,
    pub(super) address: SocketAddrV4,
}

/// What an answer is waited for.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Need {
    /// The next step of this lookup.
    Step(u32),
    /// Whether the node that this lookup ended with is there.
    Confirm(u32),
    /// To store the value that this lookup is for.
    Put(u32),
    /// The value that this lookup is for.
    Get(u32),
    /// The neighbours of the successor.
    Neighbours,
    /// Whether the predecessor is there.
    Predecessor,
    /// To give keys away.
    Transfer(Box<Moving>),
    /// To leave.
    Goodbye,
    /// To have somebody's recursive lookup taken on.
    Forward(Box<Passed>),
}

/// Keys on their way to another node, a datagram at a time.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Moving {
    /// All that are still to go, those of the datagram under way first.
    pub(super) keys: Vec<Key>,
    /// How many of them are in the datagram under way.
    pub(super) under_way: usize,
    /// Whether they are forgotten here as soon as they are there.
    pub(super) forgets: bool,
}

/// A recursive lookup that is being passed on.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Passed {
    pub(super) key: Key,
    pub(super) asker: SocketAddrV4,
    pub(super) token: u32,
    /// How many nodes it has been sent to, the one that it goes to now included.
    pub(super) hops: u16,
    /// Nodes that have not taken it.
    pub(super) avoid: Vec<Key>,
}

impl From<Contact> for Peer {
    fn from(contact: Contact) -> Peer {
        Peer { id: Some(contact.id), address: contact.address }
    }
}

impl Node {
    /// Sends a request; false where too many are outstanding.
    pub(super) fn ask(&mut self, to: Peer, need: Need, cx: &mut Context<'_, Self>) -> bool {
        if self.pending.len() >= MAX_PENDING {
            cx.cite(&rules::BUSY);
            return false;
        }
        let mut transaction = draw(cx);
        while self.pending.iter().any(|pending| pending.transaction == transaction) {
            transaction = transaction.wrapping_add(1);
        }
        self.pending.push(Pending { transaction, to, attempts: 0, need });
        self.send_request(self.pending.len() - 1, cx)
    }

    /// Sends a datagram.
    pub(super) fn send(
        &self,
        to: SocketAddr,
        transaction: u32,
        body: Body,
        cx: &mut Context<'_, Self>,
    ) {
        let own = self.tables.own();
        let message = Message { transaction, sender: own.id, body };
        cx.send_to(own.address.port(), to, codec::write(&message));
    }

    /// Takes the request with this number, if this address has been asked.
    pub(super) fn answered(
        &mut self,
        transaction: u32,
        from: SocketAddr,
        body: &Body,
        cx: &mut Context<'_, Self>,
    ) -> Option<Pending> {
        let is_it = |pending: &Pending| {
            pending.transaction == transaction
                && SocketAddr::V4(pending.to.address) == from
                && pending.need.is_met_by(body)
        };
        let at = self.pending.iter().position(is_it)?;
        cx.disarm(NodeTimer::Request(transaction));
        Some(self.pending.swap_remove(at))
    }

    /// A request has not been answered in time.
    pub(super) fn missed(&mut self, transaction: u32, cx: &mut Context<'_, Self>) {
        let is_it = |pending: &Pending| pending.transaction == transaction;
        let Some(at) = self.pending.iter().position(is_it) else { return };
        cx.cite(&rules::TIME_OUT);
        let retries = self.config.retries;
        let again = self.pending.get_mut(at).filter(|pending| pending.attempts < retries);
        if let Some(pending) = again {
            pending.attempts += 1;
            self.send_request(at, cx);
            return;
        }
        let silent = self.pending.swap_remove(at);
        self.gone(silent, true, cx);
    }

    /// Whether a request of this kind is outstanding.
    pub(super) fn waits_for(&self, need: &Need) -> bool {
        self.pending.iter().any(|pending| pending.need == *need)
    }

    fn send_request(&mut self, at: usize, cx: &mut Context<'_, Self>) -> bool {
        let Some(Pending { transaction, to, need, .. }) = self.pending.get(at).cloned() else {
            return false;
        };
        let Some(body) = self.request(transaction, &need) else {
            // What it was for is over.
            self.pending.swap_remove(at);
            return false;
        };
        self.send(SocketAddr::V4(to.address), transaction, body, cx);
        cx.arm(NodeTimer::Request(transaction), self.config.time_out);
        true
    }

    /// What is said to get what is needed; none where nobody needs it any more.
    fn request(&mut self, transaction: u32, need: &Need) -> Option<Body> {
        Some(match need {
            Need::Step(number) => {
                let job = self.job(*number)?;
                Body::FindSuccessor { key: job.key, avoid: job.avoid.clone() }
            }
            Need::Confirm(_) | Need::Predecessor => Body::Ping,
            Need::Put(number) => {
                let job = self.job(*number)?;
                Body::Put { key: job.key, value: job.purpose.value()? }
            }
            Need::Get(number) => Body::Get { key: self.job(*number)?.key },
            Need::Neighbours => Body::GetPredecessor,
            Need::Transfer(moving) => {
                let (items, under_way) = self.items_of(&moving.keys);
                let mut pending = self.pending.iter_mut();
                let own = pending.find(|pending| pending.transaction == transaction)?;
                if let Need::Transfer(moving) = &mut own.need {
                    moving.under_way = under_way;
                }
                Body::Transfer { items }
            }
            Need::Goodbye => Body::Leave {
                predecessor: self.tables.predecessor(),
                successors: self.tables.successors().to_vec(),
            },
            Need::Forward(passed) => {
                let Passed { key, asker, token, hops, .. } = **passed;
                Body::Forward { key, asker, token, hops }
            }
        })
    }
}

impl Need {
    /// Whether this is an answer that can be meant.
    fn is_met_by(&self, body: &Body) -> bool {
        let meets = match self {
            Need::Step(_) => matches!(body, Body::Successor { .. } | Body::Closer { .. }),
            Need::Confirm(_) | Need::Predecessor => matches!(body, Body::Pong),
            Need::Put(_) => matches!(body, Body::Stored { .. } | Body::Closer { .. }),
            Need::Get(_) => {
                matches!(body, Body::Value { .. } | Body::Missing | Body::Closer { .. })
            }
            Need::Neighbours => matches!(body, Body::Neighbours { .. }),
            Need::Transfer(_) => matches!(body, Body::Received),
            Need::Goodbye => matches!(body, Body::Goodbye),
            Need::Forward(_) => matches!(body, Body::Taken),
        };
        meets || matches!(body, Body::Failed(_))
    }
}

/// A number by chance.
pub(super) fn draw(cx: &mut Context<'_, Node>) -> u32 {
    (cx.random() >> u32::BITS) as u32
}

/// How many requests are outstanding at most: the node's own, and lookups that it passes on.
const MAX_PENDING: usize = 256;
