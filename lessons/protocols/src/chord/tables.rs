//! What a node knows of its ring: predecessor, successors, fingers; and what follows from that.
//!
//! Nothing here sends or waits. Finger i is the successor of the node's own identifier plus 2 to
//! the power of i (the paper counts from 1). Of the up to 160 fingers only the different ones are
//! kept, and none that is the successor already.

use std::sync::Arc;

use super::Contact;
use crate::overlay::Key;

/// The tables of one node. Copies of it share both lists until one of them changes a list: a kept
/// world of ten thousand nodes holds those of each.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tables {
    own: Contact,
    bits: u8,
    is_alone: bool,
    predecessor: Option<Contact>,
    /// The nearest first, never the node itself.
    successors: Arc<[Contact]>,
    /// By exponent; they do not overlap.
    fingers: Arc<[Finger]>,
}

/// A node that is the finger for a run of exponents.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Finger {
    /// The first exponent.
    pub from: u8,
    /// The last exponent.
    pub to: u8,
    /// The node.
    pub contact: Contact,
}

/// Where the search for a key goes from here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Next {
    /// The key belongs to this node itself.
    Own,
    /// The key belongs to the first of these; the others follow it.
    Successor(Vec<Contact>),
    /// This node is nearer to the key.
    Closer(Contact),
    /// Nobody else is known.
    Nobody,
}

impl Tables {
    /// The tables of a node that knows nobody, in an identifier space of `bits` bits.
    pub fn new(own: Contact, bits: u8) -> Tables {
        let (successors, fingers) = (Arc::default(), Arc::default());
        Tables { own, bits, is_alone: false, predecessor: None, successors, fingers }
    }

    /// The tables that the protocol reaches on a ring of these nodes, which are sorted by
    /// identifier, for the one at this index: `most` successors, and fingers if wanted. None where
    /// there is no such node.
    pub fn settled(
        ring: &[Contact],
        index: usize,
        bits: u8,
        most: usize,
        wants_fingers: bool,
    ) -> Option<Tables> {
        let own = *ring.get(index)?;
        let mut tables = Tables::new(own, bits);
        tables.is_alone = ring.len() == 1;
        let others = ring.len().checked_sub(1)?;
        let at = |steps: usize| ring.get((index + steps) % ring.len()).copied();
        tables.successors = (1..=most.min(others)).filter_map(at).collect();
        tables.predecessor = at(others).filter(|before| *before != own);
        let mut exponent = if wants_fingers { tables.next_finger(0) } else { None };
        while let Some(from) = exponent {
            let start = tables.start(from);
            let at = ring.partition_point(|node| node.id < start);
            let contact = ring.get(at).or(ring.first()).copied()?;
            exponent = tables.set_finger(from, contact);
        }
        Some(tables)
    }

    /// The node that these are the tables of.
    pub fn own(&self) -> Contact {
        self.own
    }

    /// How many bits identifiers have.
    pub fn bits(&self) -> u8 {
        self.bits
    }

    /// Whether the node is a ring by itself.
    pub fn is_alone(&self) -> bool {
        self.is_alone
    }

    /// The node before this one, if it is known.
    pub fn predecessor(&self) -> Option<Contact> {
        self.predecessor
    }

    /// The nodes after this one, the nearest first.
    pub fn successors(&self) -> &[Contact] {
        &self.successors
    }

    /// The node after this one, if one is known; a node that is alone is its own.
    pub fn successor(&self) -> Option<Contact> {
        match self.is_alone {
            true => Some(self.own),
            false => self.successors.first().copied(),
        }
    }

    /// The different fingers that are not the successor.
    pub fn fingers(&self) -> &[Finger] {
        &self.fingers
    }

    /// Where the finger of this exponent starts: the identifier that it is the successor of.
    pub fn start(&self, exponent: u8) -> Key {
        self.own.id.plus_power_of_two(exponent, self.bits)
    }

    /// The finger of this exponent, as far as it is known.
    pub fn finger(&self, exponent: u8) -> Option<Contact> {
        let next = self.successor()?;
        if self.start(exponent).is_after_up_to(self.own.id, next.id) {
            return Some(next);
        }
        let has = |finger: &&Finger| finger.from <= exponent && exponent <= finger.to;
        self.fingers.iter().find(has).map(|finger| finger.contact)
    }

    /// Whether this node owns a key, as far as it knows.
    pub fn owns(&self, key: Key) -> bool {
        let follows = |before: Contact| key.is_after_up_to(before.id, self.own.id);
        self.is_alone || self.predecessor.is_some_and(follows)
    }

    /// Where the search for a key goes from here, past the nodes with these identifiers.
    pub fn next(&self, key: Key, avoid: &[Key]) -> Next {
        if self.owns(key) {
            return Next::Own;
        }
        let mut live = self.successors.iter().filter(|node| !avoid.contains(&node.id)).copied();
        match live.next() {
            Some(first) if key.is_after_up_to(self.own.id, first.id) => {
                Next::Successor(core::iter::once(first).chain(live).collect())
            }
            Some(_) | None => match self.closest_preceding(key, avoid) {
                Some(closer) => Next::Closer(closer),
                None => Next::Nobody,
            },
        }
    }

    /// Of the fingers and successors that lie between this node and the key, the one nearest to
    /// the key (SIGCOMM 2001 section 4.3, figure 4).
    fn closest_preceding(&self, key: Key, avoid: &[Key]) -> Option<Contact> {
        let leads =
            |node: &Contact| node.id.is_between(self.own.id, key) && !avoid.contains(&node.id);
        let finger = self.fingers.iter().rev().map(|finger| finger.contact).find(leads);
        let successor = self.successors.iter().rev().copied().find(leads);
        match (finger, successor) {
            (Some(finger), Some(successor)) => {
                let further = successor.id.is_between(finger.id, key);
                Some(if further { successor } else { finger })
            }
            (one, other) => one.or(other),
        }
    }

    /// Makes the node a ring by itself, without a predecessor.
    pub fn make_alone(&mut self) {
        *self = Tables { is_alone: true, ..Tables::new(self.own, self.bits) };
    }

    /// Forgets everybody.
    pub fn clear(&mut self) {
        *self = Tables::new(self.own, self.bits);
    }

    /// Takes a list of successors, the nearest first, as far as it reaches before it comes round
    /// to this node, at most this many.
    pub fn set_successors(&mut self, mut list: Vec<Contact>, most: usize) {
        let own = self.own.id;
        let round = list.iter().position(|node| node.id == own).unwrap_or(list.len());
        list.truncate(round.min(most));
        if list.is_empty() || *list == *self.successors {
            return;
        }
        self.is_alone = false;
        self.successors = list.into();
        self.drop_known_fingers();
    }

    /// Takes a node as predecessor if there is none or it lies nearer; whether it does.
    pub fn offer_predecessor(&mut self, node: Contact) -> bool {
        let is_nearer =
            |before: Contact| node.id.is_between(before.id, self.own.id) && node != before;
        let takes = node.id != self.own.id && self.predecessor.is_none_or(is_nearer);
        if takes {
            self.predecessor = Some(node);
        }
        takes
    }

    /// Takes a predecessor, or none, on the word of the one that leaves.
    pub fn set_predecessor(&mut self, node: Option<Contact>) {
        self.predecessor = node.filter(|node| node.id != self.own.id);
    }

    /// The first exponent from this one on whose finger is not simply the successor.
    pub fn next_finger(&self, from: u8) -> Option<u8> {
        let next = self.successors.first()?;
        let known = self.reach(next.id)?;
        Some(from.max(known + 1)).filter(|exponent| *exponent < self.bits)
    }

    /// Takes a node as the finger of an exponent, and of all those after it that it is the finger
    /// of as well; says which exponent comes next, if there is one.
    pub fn set_finger(&mut self, exponent: u8, contact: Contact) -> Option<u8> {
        let from = exponent;
        let to = match contact == self.own {
            true => self.bits.saturating_sub(1),
            false => self.reach(contact.id)?.max(from),
        };
        let has = |f: &Finger| f.from <= from && to <= f.to && f.contact == contact;
        if !self.fingers.iter().any(has) {
            let mut fingers = self.fingers_without(from, to);
            let at = fingers.partition_point(|finger| finger.from < from);
            fingers.insert(at, Finger { from, to, contact });
            fingers.dedup_by(|next, last| {
                let same = next.contact == last.contact && last.to + 1 == next.from;
                if same {
                    last.to = next.to;
                }
                same
            });
            self.fingers = fingers.into();
        }
        Some(to + 1).filter(|next| *next < self.bits)
    }

    /// Strikes a node from all tables; whether it was in any.
    pub fn forget(&mut self, id: Key) -> bool {
        let is_it = |node: &Contact| node.id == id;
        let is_struck = self.predecessor.as_ref().is_some_and(is_it)
            || self.successors.iter().any(is_it)
            || self.fingers.iter().any(|finger| is_it(&finger.contact));
        if !is_struck {
            return false;
        }
        self.predecessor = self.predecessor.filter(|node| !is_it(node));
        self.successors = self.successors.iter().filter(|node| !is_it(node)).copied().collect();
        let fingers = self.fingers.iter().filter(|finger| !is_it(&finger.contact));
        self.fingers = fingers.copied().collect();
        if self.successors.is_empty() && !self.is_alone {
            let nearest = self.fingers.first().map(|finger| finger.contact);
            let nearest = nearest.filter(|node| node.id != self.own.id);
            self.successors = nearest.into_iter().collect();
        }
        self.drop_known_fingers();
        true
    }

    /// The greatest exponent whose power of two is no more than the way to another node.
    fn reach(&self, to: Key) -> Option<u8> {
        let way = self.own.id.clockwise_to(to, self.bits);
        Key::BITS.checked_sub(1)?.checked_sub(way.shared_prefix_bits(Key::default()))
    }

    /// Drops what is kept for exponents whose finger is the successor.
    fn drop_known_fingers(&mut self) {
        let known = self.successors.first().and_then(|next| self.reach(next.id));
        let known = known.filter(|known| self.fingers.iter().any(|finger| finger.from <= *known));
        if let Some(known) = known {
            self.fingers = self.fingers_without(0, known).into();
        }
    }

    /// What is kept for other exponents than these.
    fn fingers_without(&self, from: u8, to: u8) -> Vec<Finger> {
        let mut fingers = Vec::with_capacity(self.fingers.len() + 2);
        for finger in self.fingers.iter() {
            let before =
                from.checked_sub(1).map(|last| Finger { to: finger.to.min(last), ..*finger });
            let after = Finger { from: finger.from.max(to + 1), ..*finger };
            let both = before.into_iter().chain([after]);
            fingers.extend(both.filter(|part| part.from <= part.to));
        }
        fingers
    }
}

#[cfg(test)]
mod tests;
