//! The iterative search for what is nearest to a target (BEP 5, "Overview").
//!
//! It is a value and sends nothing: it says whom to ask next, is told what they answered or that
//! they did not, and knows when nothing nearer is to be found.

use bytes::Bytes;

use super::Contact;
use crate::overlay::Key;

/// A search in progress, or over.
#[derive(Clone, PartialEq, Debug)]
pub struct Lookup {
    target: Key,
    own: Key,
    breadth: Breadth,
    /// Sorted by distance from the target, nearest first; no ID and no address twice.
    candidates: Vec<Candidate>,
    asked: u16,
    unanswered: u16,
}

/// How wide a search goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Breadth {
    /// How many of the nearest nodes have to answer.
    pub k: usize,
    /// How many are asked at the same time.
    pub alpha: usize,
    /// How many are asked altogether.
    pub queries: u16,
}

/// A node that a search knows of.
#[derive(Clone, PartialEq, Debug)]
pub struct Candidate {
    /// The node.
    pub contact: Contact,
    /// How many nodes, one after the other, had to answer until it was known: 0 for those that the
    /// asker knew itself.
    pub depth: u8,
    /// What has come of it.
    pub progress: Progress,
    /// The token that it gave, if any.
    pub token: Option<Bytes>,
}

/// What has come of a candidate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Progress {
    /// It has not been asked.
    New,
    /// It has been asked.
    Asked,
    /// It has answered.
    Answered,
    /// It has not answered in time, or with an error, or is another node than was supposed.
    Failed,
}

impl Lookup {
    /// A search that begins with nodes that the asker knows.
    pub fn new(target: Key, own: Key, breadth: Breadth, known: &[Contact]) -> Lookup {
        let candidates = Vec::with_capacity(2 * breadth.k);
        let mut lookup = Lookup { target, own, breadth, candidates, asked: 0, unanswered: 0 };
        known.iter().for_each(|contact| lookup.learn(*contact, 0));
        lookup
    }

    /// The next node to ask, which counts as asked from now on; none for now, or for good.
    pub fn next_to_ask(&mut self) -> Option<Contact> {
        if self.is_exhausted() {
            return None;
        }
        let waiting = self.candidates.iter().filter(|c| c.progress == Progress::Asked).count();
        if waiting >= self.breadth.alpha {
            return None;
        }
        let next = self.nearest().find(|c| c.progress == Progress::New)?.contact;
        self.candidate(next.id)?.progress = Progress::Asked;
        self.asked += 1;
        Some(next)
    }

    /// A node has answered with these nodes. Nothing happens if it is not being asked.
    pub fn answered(&mut self, id: Key, nodes: &[Contact], token: Option<Bytes>) {
        let Some(candidate) = self.candidate(id) else { return };
        if candidate.progress != Progress::Asked {
            return;
        }
        (candidate.progress, candidate.token) = (Progress::Answered, token);
        let depth = candidate.depth.saturating_add(1);
        for contact in nodes.iter().take(2 * self.breadth.k) {
            self.learn(*contact, depth);
        }
    }

    /// A node has not answered in time, or not as it should. Nothing happens if it is not being
    /// asked.
    pub fn failed(&mut self, id: Key) {
        if let Some(candidate) = self.candidate(id)
            && candidate.progress == Progress::Asked
        {
            candidate.progress = Progress::Failed;
            self.unanswered += 1;
        }
    }

    /// Whether nothing nearer is to be found: the k nearest that are not dead have all answered,
    /// or nobody may be asked any more.
    pub fn is_done(&self) -> bool {
        let may_ask = !self.is_exhausted();
        !self.nearest().any(|candidate| match candidate.progress {
            Progress::New => may_ask,
            Progress::Asked => true,
            Progress::Answered | Progress::Failed => false,
        })
    }

    /// Whether it has asked as many nodes as it may.
    pub fn is_exhausted(&self) -> bool {
        self.asked >= self.breadth.queries
    }

    /// The nearest nodes that have answered, nearest first, k at the most.
    pub fn found(&self) -> impl Iterator<Item = &Candidate> {
        let answered = self.candidates.iter().filter(|c| c.progress == Progress::Answered);
        answered.take(self.breadth.k)
    }

    /// All nodes that the search knows of, nearest first.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// What is searched for.
    pub fn target(&self) -> Key {
        self.target
    }

    /// How many nodes have been asked.
    pub fn asked(&self) -> u16 {
        self.asked
    }

    /// How many of them have not answered.
    pub fn unanswered(&self) -> u16 {
        self.unanswered
    }

    /// How many nodes, one after the other, had to answer until the nearest one was known; 0 if
    /// the asker knew it itself.
    pub fn hops(&self) -> u8 {
        self.found().next().map_or(0, |nearest| nearest.depth)
    }

    /// Those that decide when the search is over: the k nearest that are not dead.
    fn nearest(&self) -> impl Iterator<Item = &Candidate> {
        let alive = self.candidates.iter().filter(|c| c.progress != Progress::Failed);
        alive.take(self.breadth.k)
    }

    fn candidate(&mut self, id: Key) -> Option<&mut Candidate> {
        self.candidates.iter_mut().find(|candidate| candidate.contact.id == id)
    }

    fn learn(&mut self, contact: Contact, depth: u8) {
        let distance = contact.id.xor(self.target);
        let same =
            |c: &Candidate| c.contact.id == contact.id || c.contact.address == contact.address;
        if contact.id == self.own || self.candidates.iter().any(same) {
            return;
        }
        let nearer = |c: &Candidate| c.contact.id.xor(self.target) < distance;
        let at = self.candidates.partition_point(nearer);
        if at >= MAX_CANDIDATES {
            return;
        }
        let candidate = Candidate { contact, depth, progress: Progress::New, token: None };
        self.candidates.insert(at, candidate);
        self.candidates.truncate(MAX_CANDIDATES);
    }
}

/// Several times as many as ever are asked for; whoever is further away than all these is not
/// needed.
const MAX_CANDIDATES: usize = 128;

#[cfg(test)]
mod tests {
    //! The search against a model of the network: what is nearest is found, whoever lies or dies.

    use core::net::{Ipv4Addr, SocketAddrV4};

    use super::*;

    const BREADTH: Breadth = Breadth { k: 8, alpha: 3, queries: 64 };

    fn node(number: u32) -> Contact {
        let address = SocketAddrV4::new(Ipv4Addr::from(0x0a00_0000 + number), 6881);
        Contact { id: Key::hash(&number.to_be_bytes()), address }
    }

    /// The nodes of a network sorted by distance from something.
    fn sorted(count: u32, target: Key) -> Vec<Contact> {
        let mut all: Vec<Contact> = (0..count).map(node).collect();
        all.sort_by_key(|contact| contact.id.xor(target));
        all
    }

    /// What a node of such a network answers: of each bucket at most 8, and of these the nearest.
    fn answer(of: Contact, count: u32, target: Key) -> Vec<Contact> {
        let mut known = crate::kademlia::table::Table::new(of.id, 8, crate::wire::Time::EPOCH);
        for number in 0..count {
            known.answered(node(number), crate::wire::Time::EPOCH);
        }
        known.nearest_good(target, crate::wire::Time::EPOCH)
    }

    /// Runs a search in rounds; `dead` do not answer. How many were on their way at once at most.
    fn run(lookup: &mut Lookup, count: u32, dead: impl Fn(Contact) -> bool) -> usize {
        let (mut waiting, mut most) = (Vec::new(), 0);
        while !lookup.is_done() {
            waiting.extend(core::iter::from_fn(|| lookup.next_to_ask()));
            most = most.max(waiting.len());
            let asked: Contact = waiting.remove(0);
            match dead(asked) {
                true => lookup.failed(asked.id),
                false => {
                    let nodes = answer(asked, count, lookup.target());
                    lookup.answered(asked.id, &nodes, None);
                }
            }
        }
        most
    }

    #[test]
    fn the_8_nearest_of_all_are_found_in_about_as_many_hops_as_the_logarithm_allows() {
        for number in 0..20u32 {
            let target = Key::hash(&[b't', number as u8]);
            let start = answer(node(7), 600, target);
            let mut lookup = Lookup::new(target, node(7).id, BREADTH, &start);
            let most = run(&mut lookup, 600, |_| false);
            assert!(most <= BREADTH.alpha);
            let own = node(7).id;
            let nearest: Vec<Contact> =
                sorted(600, target).into_iter().filter(|c| c.id != own).take(8).collect();
            let found: Vec<Contact> = lookup.found().map(|c| c.contact).collect();
            assert_eq!(found, nearest);
            assert!(lookup.hops() <= 6, "{} hops of log2(600) = 9", lookup.hops());
        }
    }

    #[test]
    fn dead_nodes_are_gone_round_and_counted() {
        let target = Key::hash(b"target");
        let start = answer(node(7), 600, target);
        let mut lookup = Lookup::new(target, node(7).id, BREADTH, &start);
        let dead = |contact: Contact| contact.id.as_bytes()[19].is_multiple_of(3);
        run(&mut lookup, 600, dead);
        assert!(lookup.unanswered() > 0);
        let own = node(7).id;
        let alive: Vec<Contact> = sorted(600, target)
            .into_iter()
            .filter(|contact| !dead(*contact) && contact.id != own)
            .take(8)
            .collect();
        assert_eq!(lookup.found().map(|c| c.contact).collect::<Vec<_>>(), alive);
    }

    #[test]
    fn a_search_among_nobody_is_over_at_once_and_one_among_the_dead_soon() {
        let target = Key::hash(b"target");
        assert!(Lookup::new(target, node(7).id, BREADTH, &[]).is_done());
        let mut lookup = Lookup::new(target, node(7).id, BREADTH, &[node(1), node(2)]);
        run(&mut lookup, 10, |_| true);
        assert_eq!((lookup.asked(), lookup.unanswered(), lookup.found().count()), (2, 2, 0));
    }

    /// The Sybil: it answers with itself under IDs that come ever nearer.
    #[test]
    fn a_node_that_answers_with_itself_under_other_ids_is_asked_once() {
        let target = Key::from_value(0);
        let mut lookup = Lookup::new(target, node(7).id, BREADTH, &[node(1)]);
        let mut exponent = 150;
        while let Some(asked) = lookup.next_to_ask() {
            exponent -= 1;
            let id = target.plus_power_of_two(exponent, 160);
            let other = Contact { id, address: asked.address };
            lookup.answered(asked.id, &[asked, other], None);
        }
        assert!(lookup.is_done());
        assert_eq!(lookup.asked(), 1);
    }

    #[test]
    fn a_node_that_invents_nearer_nodes_without_end_is_given_up_after_the_agreed_queries() {
        let target = Key::from_value(0);
        let mut lookup = Lookup::new(target, node(7).id, BREADTH, &[node(1)]);
        let mut port = 10_000;
        while let Some(asked) = lookup.next_to_ask() {
            let nearer: Vec<Contact> = (0..50u16)
                .map(|_| {
                    port += 1;
                    let address = SocketAddrV4::new(Ipv4Addr::LOCALHOST, port);
                    Contact { id: Key::from_value(u64::from(u16::MAX - port)), address }
                })
                .collect();
            lookup.answered(asked.id, &nearer, None);
            assert!(lookup.candidates().len() <= MAX_CANDIDATES);
        }
        assert!(lookup.is_done());
        assert_eq!(lookup.asked(), BREADTH.queries);
    }

    #[test]
    fn an_answer_from_somebody_who_was_not_asked_changes_nothing() {
        let target = Key::hash(b"target");
        let mut lookup = Lookup::new(target, node(7).id, BREADTH, &[node(1)]);
        let before = lookup.clone();
        lookup.answered(node(1).id, &[node(3)], None);
        lookup.answered(node(9).id, &[node(3)], None);
        lookup.failed(node(1).id);
        assert_eq!(lookup, before);
    }
}
