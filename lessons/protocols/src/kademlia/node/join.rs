//! How a node becomes a member, and stays one (BEP 5, "Routing Table").

use core::net::SocketAddrV4;
use core::time::Duration;

use super::ask::Purpose;
use super::search::{Errand, Origin};
use super::{Event, Node, NodeTimer, random_key};
use crate::endpoint::Context;
use crate::kademlia::lookup::Lookup;
use crate::kademlia::{Ask, Contact, Response, rules};

impl Node {
    /// Asks a node of which only the address is known for those nearest to itself.
    pub(super) fn bootstrap(&mut self, address: SocketAddrV4, cx: &mut Context<'_, Self>) {
        cx.cite(&rules::JOIN);
        let ask = Ask::FindNode { target: self.id() };
        self.query(address, None, ask, Purpose::Bootstrap, cx);
    }

    /// The first contact has answered: its answer is the first of the search.
    pub(super) fn bootstrapped(
        &mut self,
        contact: Contact,
        response: &Response,
        cx: &mut Context<'_, Self>,
    ) {
        if contact.id == self.id() {
            return self.not_joined(cx);
        }
        if self.is_joining() {
            return;
        }
        let own = self.id();
        let mut lookup = Lookup::new(own, own, self.config.breadth(), &[contact]);
        if let Some(asked) = lookup.next_to_ask() {
            lookup.answered(asked.id, response.nodes.as_deref().unwrap_or(&[]), None);
        }
        self.begin(Errand::Join, Origin::Upkeep, lookup, cx);
    }

    pub(super) fn not_bootstrapped(&mut self, address: SocketAddrV4, cx: &mut Context<'_, Self>) {
        cx.emit(Event::NoAnswer(address));
        self.not_joined(cx);
    }

    /// Searches for the nodes nearest to itself, from those that it knows.
    pub(super) fn join(&mut self, cx: &mut Context<'_, Self>) {
        cx.cite(&rules::JOIN);
        self.search(Errand::Join, self.id(), Origin::Upkeep, cx);
    }

    /// The search for its own neighbourhood is over.
    pub(super) fn join_over(&mut self, found: bool, cx: &mut Context<'_, Self>) {
        if !found {
            return self.not_joined(cx);
        }
        self.is_member = true;
        let buckets = self.table.bucket_count();
        cx.emit(Event::Joined { nodes: self.table.nodes().len(), buckets });
        // All but the last, which is its own neighbourhood.
        self.to_refresh = (0..buckets.saturating_sub(1)).map(|bucket| bucket as u8).collect();
        self.refresh_next(cx);
    }

    /// Refreshes the next bucket that waits for it, unless one is being refreshed.
    pub(super) fn refresh_next(&mut self, cx: &mut Context<'_, Self>) {
        let is_refreshing = self.searches.iter().any(|search| search.errand == Errand::Refresh);
        if is_refreshing || self.to_refresh.is_empty() {
            return;
        }
        let bucket = self.to_refresh.remove(0);
        cx.cite(&rules::REFRESH);
        let target = self.table.id_within(usize::from(bucket), random_key(cx));
        self.search(Errand::Refresh, target, Origin::Upkeep, cx);
    }

    /// Does what has to be done from time to time.
    pub(super) fn keep_up(&mut self, cx: &mut Context<'_, Self>) {
        let now = cx.now();
        self.store.forget_old(now);
        let due = |after: Duration, at| now.since(at) >= after;
        for index in 0..self.announced.len() {
            let Some(announced) = self.announced.get_mut(index) else { break };
            if due(self.config.announce_again, announced.at) {
                announced.at = now;
                let (key, port) = (announced.info_hash, announced.port);
                cx.cite(&rules::ANNOUNCE_AGAIN);
                self.search(Errand::Announce { port }, key, Origin::Upkeep, cx);
            }
        }
        let knows_few = self.table.nodes().len() < self.table.k();
        if let Some(joins) = self.joins.filter(|_| knows_few && !self.is_joining()) {
            self.bootstrap(joins.through, cx);
        }
        if self.table.is_empty() {
            return;
        }
        for bucket in self.table.stale(now) {
            let bucket = bucket as u8;
            if !self.to_refresh.contains(&bucket) {
                self.to_refresh.push(bucket);
            }
        }
        self.refresh_next(cx);
    }

    /// Whether it is on its way into the network.
    pub(super) fn is_joining(&self) -> bool {
        let is_asking = self.outstanding.iter().any(|query| query.why == Purpose::Bootstrap);
        is_asking || self.searches.iter().any(|search| search.errand == Errand::Join)
    }

    /// Nobody let it in: it tries again later if it knows through whom.
    pub(super) fn not_joined(&mut self, cx: &mut Context<'_, Self>) {
        cx.emit(Event::NotJoined);
        if self.joins.is_some() {
            cx.arm(NodeTimer::Join, RETRY);
        }
    }
}

/// Long enough not to be a burden to a node that is overloaded, short enough for a student.
const RETRY: Duration = Duration::from_secs(15);
