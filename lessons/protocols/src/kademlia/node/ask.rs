//! The queries of a node: sent, answered, or left unanswered.

use core::net::SocketAddrV4;

use bytes::Bytes;

use super::{Event, Node, NodeTimer};
use crate::endpoint::Context;
use crate::kademlia::table::Offered;
use crate::kademlia::{Ask, Body, Contact, Message, Query, Refusal, Response, codec, rules};
use crate::overlay::Key;
use crate::wire::Time;

/// A query that waits for its answer.
#[derive(Clone, Debug)]
pub(super) struct Outstanding {
    pub(super) transaction: u16,
    pub(super) to: SocketAddrV4,
    /// Whose answer is expected there, if that is known.
    pub(super) id: Option<Key>,
    pub(super) sent: Time,
    pub(super) why: Purpose,
}

/// What a query is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Purpose {
    /// The user wants to know whether somebody is there.
    Ping,
    /// To get a first contact.
    Bootstrap,
    /// The node has sent a query and would have a place in the table.
    Verify,
    /// Whether a questionable node lives, whose place another could take.
    Check {
        /// Who could take it.
        instead: Contact,
        /// Whether it has left one ping unanswered already.
        again: bool,
    },
    /// A step of the search with this number.
    Search(u16),
    /// An announcement that follows on the search with this number.
    Announce(u16),
}

impl Node {
    /// Sends a query and waits for the answer.
    pub(super) fn query(
        &mut self,
        to: SocketAddrV4,
        id: Option<Key>,
        ask: Ask,
        why: Purpose,
        cx: &mut Context<'_, Self>,
    ) {
        let transaction = self.transaction(cx);
        let bytes = Bytes::copy_from_slice(&transaction.to_be_bytes());
        let body = Body::Query(Query { id: self.id(), ask });
        let outstanding = Outstanding { transaction, to, id, sent: cx.now(), why };
        self.outstanding.push(outstanding);
        self.send(to, Message::of(bytes, body), cx);
        cx.arm(NodeTimer::Query(transaction), self.config.timeout);
    }

    pub(super) fn ping(
        &mut self,
        to: SocketAddrV4,
        id: Option<Key>,
        why: Purpose,
        cx: &mut Context<'_, Self>,
    ) {
        cx.cite(&rules::PING);
        self.query(to, id, Ask::Ping, why, cx);
    }

    pub(super) fn send(
        &mut self,
        to: SocketAddrV4,
        mut message: Message,
        cx: &mut Context<'_, Self>,
    ) {
        message.version = self.config.version.map(|version| Bytes::from_static(version));
        cx.send_to(self.config.port, to.into(), codec::write(&message));
    }

    /// A transaction ID that is not in use. By chance: it is all that a forger has to guess.
    fn transaction(&mut self, cx: &mut Context<'_, Self>) -> u16 {
        loop {
            let transaction = (cx.random() >> 48) as u16;
            if !self.outstanding.iter().any(|other| other.transaction == transaction) {
                return transaction;
            }
        }
    }

    /// The query that a message from there answers; it no longer waits.
    fn settle(
        &mut self,
        from: SocketAddrV4,
        transaction: &[u8],
        cx: &mut Context<'_, Self>,
    ) -> Option<Outstanding> {
        let number = <[u8; 2]>::try_from(transaction).ok().map(u16::from_be_bytes)?;
        let at = self
            .outstanding
            .iter()
            .position(|query| query.transaction == number && query.to == from)?;
        cx.disarm(NodeTimer::Query(number));
        Some(self.strike_query(at))
    }

    /// A response has come.
    pub(super) fn answered(
        &mut self,
        from: SocketAddrV4,
        transaction: &[u8],
        response: Response,
        cx: &mut Context<'_, Self>,
    ) {
        let Some(query) = self.settle(from, transaction, cx) else { return self.drop_it(cx) };
        let contact = Contact { id: response.id, address: from };
        if let Some(expected) = query.id.filter(|id| *id != response.id) {
            // Another node lives at that address now.
            self.table.failed(expected, from);
        }
        self.offer(contact, cx);
        match query.why {
            Purpose::Ping => {
                let took_ms = cx.now().since(query.sent).as_millis() as u64;
                cx.emit(Event::Pong { contact, took_ms });
            }
            Purpose::Bootstrap => self.bootstrapped(contact, &response, cx),
            Purpose::Verify => self.verified(cx),
            Purpose::Check { instead, .. } => self.offer(instead, cx),
            Purpose::Search(number) => {
                self.search_answered(number, query.id, contact, &response, cx);
            }
            Purpose::Announce(number) => self.announce_settled(number, true, cx),
        }
    }

    /// An error has come: the node lives, and would not do what was asked.
    pub(super) fn refused(
        &mut self,
        from: SocketAddrV4,
        transaction: &[u8],
        refusal: Refusal,
        cx: &mut Context<'_, Self>,
    ) {
        let Some(query) = self.settle(from, transaction, cx) else { return self.drop_it(cx) };
        cx.cite(&rules::ERROR);
        match query.why {
            Purpose::Ping => cx.emit(Event::Refused(from, refusal)),
            Purpose::Bootstrap => {
                cx.emit(Event::Refused(from, refusal));
                self.not_joined(cx);
            }
            Purpose::Verify | Purpose::Check { .. } => {}
            Purpose::Search(number) => self.search_failed(number, query.id, cx),
            Purpose::Announce(number) => {
                cx.emit(Event::Refused(from, refusal));
                self.announce_settled(number, false, cx);
            }
        }
    }

    /// Nothing has come in time.
    pub(super) fn unanswered(&mut self, transaction: u16, cx: &mut Context<'_, Self>) {
        let waits = |query: &Outstanding| query.transaction == transaction;
        let Some(at) = self.outstanding.iter().position(waits) else { return };
        let query = self.strike_query(at);
        cx.cite(&rules::BAD);
        if let Some(id) = query.id {
            self.table.failed(id, query.to);
        }
        match query.why {
            Purpose::Ping => cx.emit(Event::NoAnswer(query.to)),
            Purpose::Bootstrap => self.not_bootstrapped(query.to, cx),
            Purpose::Verify => {}
            Purpose::Check { instead, again: false } => {
                cx.cite(&rules::CHECK);
                let why = Purpose::Check { instead, again: true };
                self.ping(query.to, query.id, why, cx);
            }
            Purpose::Check { instead, again: true } => {
                cx.cite(&rules::REPLACE);
                if let Some(id) = query.id {
                    let old = Contact { id, address: query.to };
                    self.table.replace(old, instead, cx.now());
                }
            }
            Purpose::Search(number) => self.search_failed(number, query.id, cx),
            Purpose::Announce(number) => self.announce_settled(number, false, cx),
        }
    }

    /// Somebody who asked has answered in turn. To a node that knew nobody, it is the way in.
    fn verified(&mut self, cx: &mut Context<'_, Self>) {
        if !self.is_member && !self.is_joining() && !self.table.is_empty() {
            self.join(cx);
        }
    }

    /// Offers a node to the table, and pings the one that has to make sure of its place first.
    fn offer(&mut self, contact: Contact, cx: &mut Context<'_, Self>) {
        let buckets = self.table.bucket_count();
        let check = match self.table.answered(contact, cx.now()) {
            Offered::Check(old) => old,
            Offered::Added if self.table.bucket_count() > buckets => {
                return cx.cite(&rules::SPLIT);
            }
            Offered::Added => return cx.cite(&rules::BUCKET),
            Offered::Replaced(_) => return cx.cite(&rules::REPLACE),
            Offered::Discarded => return cx.cite(&rules::KEEP_OLD),
            Offered::Renewed | Offered::Refused => return,
        };
        if self.may_probe(check.address) {
            cx.cite(&rules::QUESTIONABLE);
            let why = Purpose::Check { instead: contact, again: false };
            self.ping(check.address, Some(check.id), why, cx);
        }
    }

    /// Whether a node may be pinged that nobody has asked for: not if it is being asked already,
    /// and not too many at a time.
    pub(super) fn may_probe(&self, address: SocketAddrV4) -> bool {
        let probes = self.outstanding.iter().filter(|query| match query.why {
            Purpose::Verify | Purpose::Check { .. } => true,
            Purpose::Ping | Purpose::Bootstrap | Purpose::Search(_) | Purpose::Announce(_) => false,
        });
        let is_asked = self.outstanding.iter().any(|query| query.to == address);
        !is_asked && probes.count() < MAX_PROBES
    }
}

/// Pings at a time for the table's sake. Whoever forges queries could otherwise have a node send
/// any number of pings to others.
const MAX_PROBES: usize = 8;
