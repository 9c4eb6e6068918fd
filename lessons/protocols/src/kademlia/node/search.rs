//! The searches of a node: for nodes, for peers, and before announcing.

use core::net::SocketAddrV4;

use super::ask::Purpose;
use super::{Announced, Effort, Event, Node};
use crate::endpoint::Context;
use crate::kademlia::lookup::{Candidate, Lookup};
use crate::kademlia::{Announce, Ask, Contact, Response, rules, secure_id};
use crate::overlay::{Key, quantity};
use crate::wire::Time;

/// A search with what it is for.
#[derive(Clone, Debug)]
pub(super) struct Search {
    pub(super) number: u16,
    pub(super) errand: Errand,
    pub(super) origin: Origin,
    pub(super) lookup: Lookup,
    pub(super) phase: Phase,
    began: Time,
    peers: Vec<SocketAddrV4>,
    /// How many nodes, one after another, had to be asked until the first peers were known.
    hops_to_peers: Option<u8>,
}

/// What a search is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Errand {
    /// The nodes nearest to an ID.
    Find,
    /// The peers of a torrent.
    Peers,
    /// The nodes at which to announce.
    Announce {
        /// The port; 0 for the one that the datagrams come from.
        port: u16,
    },
    /// Its own neighbourhood.
    Join,
    /// A bucket.
    Refresh,
}

/// Who wants a search.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Origin {
    /// The user, who is told what came of it.
    User,
    /// The node itself, as a user would; it is measured, and nobody is told.
    OwnAccord,
    /// The node itself, to keep its table and its announcements.
    Upkeep,
}

/// Where a search is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Phase {
    /// Nearer nodes may still be found.
    Searching,
    /// The nearest nodes are asked to write down our peer.
    Announcing {
        /// How many have not answered yet.
        waiting: u8,
        /// How many have done so.
        taken: u8,
    },
}

impl Node {
    /// Begins a search that the user asks for.
    pub(super) fn user_search(&mut self, errand: Errand, target: Key, cx: &mut Context<'_, Self>) {
        if self.searches.len() >= MAX_SEARCHES {
            return cx.emit(Event::Busy);
        }
        if let Errand::Announce { port } = errand {
            self.announced.retain(|announced| announced.info_hash != target);
            match self.announced.len() < MAX_ANNOUNCED {
                true => self.announced.push(Announced { info_hash: target, port, at: cx.now() }),
                false => cx.emit(Event::NotRepeated { info_hash: target, others: MAX_ANNOUNCED }),
            }
        }
        self.search(errand, target, Origin::User, cx);
    }

    /// Begins a search with the nearest nodes of the table.
    pub(super) fn search(
        &mut self,
        errand: Errand,
        target: Key,
        origin: Origin,
        cx: &mut Context<'_, Self>,
    ) {
        let known = self.table.nearest_to_ask(target, cx.now());
        let lookup = Lookup::new(target, self.id(), self.config.breadth(), &known);
        self.begin(errand, origin, lookup, cx);
    }

    /// Begins a search that knows already where to begin.
    pub(super) fn begin(
        &mut self,
        errand: Errand,
        origin: Origin,
        lookup: Lookup,
        cx: &mut Context<'_, Self>,
    ) {
        cx.cite(&rules::METRIC);
        let number = self.next_search;
        self.next_search = number.wrapping_add(1);
        self.searches.push(Search {
            number,
            errand,
            origin,
            lookup,
            phase: Phase::Searching,
            began: cx.now(),
            peers: Vec::new(),
            hops_to_peers: None,
        });
        self.go_on(number, cx);
    }

    /// A node that a search asked has answered.
    pub(super) fn search_answered(
        &mut self,
        number: u16,
        asked: Option<Key>,
        contact: Contact,
        response: &Response,
        cx: &mut Context<'_, Self>,
    ) {
        if asked != Some(contact.id) {
            return self.search_failed(number, asked, cx);
        }
        let is_trusted = !self.config.secure || secure_id::fits(contact.id, *contact.address.ip());
        if !is_trusted {
            cx.cite(&rules::SECURE_ID);
        }
        let Some(search) = self.running(number) else { return };
        let token = response.token.clone().filter(|_| is_trusted);
        let nodes = response.nodes.as_deref().unwrap_or(&[]);
        search.lookup.answered(contact.id, nodes, token);
        search.take_peers(contact.id, response.values.as_deref().unwrap_or(&[]));
        self.go_on(number, cx);
    }

    /// A node that a search asked has not answered, or not as it should.
    pub(super) fn search_failed(
        &mut self,
        number: u16,
        asked: Option<Key>,
        cx: &mut Context<'_, Self>,
    ) {
        let Some(search) = self.running(number) else { return };
        if let Some(id) = asked {
            search.lookup.failed(id);
        }
        self.go_on(number, cx);
    }

    /// A node has answered an announcement, or has not.
    pub(super) fn announce_settled(
        &mut self,
        number: u16,
        is_taken: bool,
        cx: &mut Context<'_, Self>,
    ) {
        let Some(search) = self.running(number) else { return };
        let Phase::Announcing { waiting, taken } = search.phase else { return };
        let (waiting, taken) = (waiting.saturating_sub(1), taken + u8::from(is_taken));
        search.phase = Phase::Announcing { waiting, taken };
        if waiting == 0 {
            self.finish_announcing(number, cx);
        }
    }

    fn running(&mut self, number: u16) -> Option<&mut Search> {
        self.searches.iter_mut().find(|search| search.number == number)
    }

    /// Asks whom the search wants to ask next, and ends it when it is over.
    fn go_on(&mut self, number: u16, cx: &mut Context<'_, Self>) {
        let mut cited = 0;
        loop {
            let Some(search) = self.running(number) else { return };
            if search.phase != Phase::Searching {
                return;
            }
            let Some(next) = search.lookup.next_to_ask() else { break };
            let ask = search.errand.ask(search.lookup.target());
            cited += 1;
            match cited {
                1 => cx.cite(&rules::ITERATE),
                2 => cx.cite(&rules::PARALLEL),
                _ => {}
            }
            self.query(next.address, Some(next.id), ask, Purpose::Search(number), cx);
        }
        let Some(search) = self.running(number) else { return };
        if search.lookup.is_done() {
            cx.cite(match search.lookup.is_exhausted() {
                true => &rules::BOUNDED,
                false => &rules::UNTIL_NONE_NEARER,
            });
            self.finish(number, cx);
        }
    }

    fn finish(&mut self, number: u16, cx: &mut Context<'_, Self>) {
        let Some(at) = self.searches.iter().position(|search| search.number == number) else {
            return;
        };
        if let Errand::Announce { port } = self.searches[at].errand {
            return self.announce(number, port, cx);
        }
        let search = self.strike_search(at);
        search.measure(cx);
        let nearest = search.lookup.found().next().map(|found| found.contact);
        let (effort, target) = (search.effort(), search.lookup.target());
        match search.errand {
            Errand::Find if search.origin == Origin::User => {
                cx.emit(Event::Found { target, nearest, effort });
            }
            Errand::Peers if search.origin == Origin::User => {
                cx.emit(Event::Peers { info_hash: target, peers: search.peers, effort });
            }
            Errand::Find | Errand::Peers | Errand::Announce { .. } => {}
            Errand::Join => self.join_over(nearest.is_some(), cx),
            Errand::Refresh => self.refresh_next(cx),
        }
    }

    /// The search before an announcement is over: the nearest nodes are asked to take it.
    fn announce(&mut self, number: u16, port: u16, cx: &mut Context<'_, Self>) {
        let Some(search) = self.running(number) else { return };
        let info_hash = search.lookup.target();
        let with_token =
            |found: &Candidate| found.token.clone().map(|token| (found.contact, token));
        let nearest: Vec<_> = search.lookup.found().filter_map(with_token).collect();
        search.phase = Phase::Announcing { waiting: nearest.len() as u8, taken: 0 };
        search.measure(cx);
        if nearest.is_empty() {
            return self.finish_announcing(number, cx);
        }
        cx.cite(&rules::ANNOUNCE_TO_NEAREST);
        for (contact, token) in nearest {
            let implied_port = port == 0;
            let port = if implied_port { self.config.port } else { port };
            let ask = Ask::AnnouncePeer(Announce { info_hash, port, implied_port, token });
            self.query(contact.address, Some(contact.id), ask, Purpose::Announce(number), cx);
        }
    }

    fn finish_announcing(&mut self, number: u16, cx: &mut Context<'_, Self>) {
        let Some(at) = self.searches.iter().position(|search| search.number == number) else {
            return;
        };
        let search = self.strike_search(at);
        if let (Phase::Announcing { taken, .. }, Origin::User) = (search.phase, search.origin) {
            let info_hash = search.lookup.target();
            cx.emit(Event::Announced { info_hash, nodes: usize::from(taken) });
        }
    }
}

impl Search {
    fn take_peers(&mut self, from: Key, peers: &[SocketAddrV4]) {
        if peers.is_empty() || self.peers.len() >= MAX_PEERS {
            return;
        }
        let candidates = self.lookup.candidates().iter();
        let depth = candidates.filter(|c| c.contact.id == from).map(|c| c.depth).next();
        self.hops_to_peers = self.hops_to_peers.or(depth.map(|depth| depth.saturating_add(1)));
        for peer in peers {
            if self.peers.len() >= MAX_PEERS {
                break;
            }
            if !self.peers.contains(peer) {
                self.peers.push(*peer);
            }
        }
    }

    fn effort(&self) -> Effort {
        Effort {
            asked: self.lookup.asked(),
            unanswered: self.lookup.unanswered(),
            hops: self.hops_to_peers.unwrap_or_else(|| self.lookup.hops()),
        }
    }

    /// Whether it found what it was for.
    fn has_found(&self) -> bool {
        match self.errand {
            Errand::Peers => !self.peers.is_empty(),
            Errand::Find | Errand::Announce { .. } | Errand::Join | Errand::Refresh => {
                self.lookup.found().next().is_some()
            }
        }
    }

    fn measure(&self, cx: &mut Context<'_, Node>) {
        match self.origin {
            Origin::User | Origin::OwnAccord => {}
            Origin::Upkeep => return,
        }
        if !self.has_found() {
            return cx.measure(quantity::FAILED, 1);
        }
        let effort = self.effort();
        cx.measure(quantity::HOPS, effort.hops.into());
        cx.measure(quantity::TIMEOUTS, effort.unanswered.into());
        let took_us = cx.now().since(self.began).as_micros();
        cx.measure(quantity::LATENCY_US, u64::try_from(took_us).unwrap_or(u64::MAX));
    }
}

impl Errand {
    /// What it asks each node.
    fn ask(self, target: Key) -> Ask {
        match self {
            Errand::Find | Errand::Join | Errand::Refresh => Ask::FindNode { target },
            Errand::Peers | Errand::Announce { .. } => Ask::GetPeers { info_hash: target },
        }
    }
}

/// Searches at a time that the user may begin; each has a handful of queries on their way.
const MAX_SEARCHES: usize = 32;

/// Peers that are kept of the answers to one search; nobody needs more to begin with.
const MAX_PEERS: usize = 200;

/// Torrents that are announced again and again: each is a search every quarter of an hour or so.
const MAX_ANNOUNCED: usize = 100;
