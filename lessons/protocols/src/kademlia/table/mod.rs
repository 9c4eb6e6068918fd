//! The routing table (BEP 5, "Routing Table"): who is known, in buckets by distance.
//!
//! It is a value and does nothing by itself: it says what a node should do, ping somebody first or
//! look for a random ID, and the node does it. Only nodes that have answered a query are in it.
//!
//! Since only the bucket of the own ID is ever split, the buckets are a list: those in bucket i
//! share the first i bits with the own ID and no more, and those of the last bucket all that the
//! last split has left.

mod known;
mod settled;
#[cfg(test)]
mod tests;

pub use known::{Known, Standing, seconds};

use core::net::SocketAddrV4;
use core::ops::Range;

use super::Contact;
use crate::overlay::Key;
use crate::wire::Time;

/// A routing table.
#[derive(Clone, PartialEq, Debug)]
pub struct Table {
    own: Key,
    /// How many nodes a bucket holds.
    k: u8,
    buckets: Vec<Bucket>,
    /// All nodes, bucket after bucket: one piece of memory for all of them.
    nodes: Vec<Known>,
}

/// A bucket, but for its nodes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bucket {
    /// When something last changed in it, in seconds since the Unix epoch.
    pub changed_s: u32,
    len: u8,
}

/// What became of a node that has answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Offered {
    /// It was known; its time is renewed.
    Renewed,
    /// It has a place now.
    Added,
    /// It has taken the place of this one, which is bad.
    Replaced(Contact),
    /// Its bucket is full, and this one of it should be pinged first: not heard of for longest.
    Check(Contact),
    /// Its bucket is full of good nodes.
    Discarded,
    /// Its ID is our own, or is known at another address that is not bad.
    Refused,
}

impl Table {
    /// A table with one empty bucket that covers everything.
    pub fn new(own: Key, k: u8, now: Time) -> Table {
        let bucket = Bucket { changed_s: seconds(now), len: 0 };
        Table { own, k: k.max(1), buckets: vec![bucket], nodes: Vec::new() }
    }

    /// A node has answered a query.
    pub fn answered(&mut self, contact: Contact, now: Time) -> Offered {
        if contact.id == self.own {
            return Offered::Refused;
        }
        loop {
            let bucket = self.bucket_of(contact.id);
            if let Some(at) = self.find(contact.id) {
                return self.answered_again(at, bucket, contact, now);
            }
            let range = self.range(bucket);
            if range.len() < usize::from(self.k) {
                // Half a bucket's worth at a time: doubling would waste up to half of the memory.
                if self.nodes.len() == self.nodes.capacity() {
                    self.nodes.reserve_exact(usize::from(self.k.div_ceil(2)));
                }
                self.nodes.insert(range.end, Known::new(contact, now));
                self.buckets[bucket].len += 1;
                self.buckets[bucket].changed_s = seconds(now);
                return Offered::Added;
            }
            if bucket + 1 == self.buckets.len() && bucket + 1 < usize::from(Key::BITS) {
                self.split();
                continue;
            }
            return self.find_place(bucket, contact, now);
        }
    }

    /// A node has sent a query. Whether it should be pinged, since it would have a place here if
    /// it answered.
    pub fn queried(&mut self, id: Key, address: SocketAddrV4, now: Time) -> bool {
        if let Some(at) = self.find(id) {
            let known = &mut self.nodes[at];
            if known.address() == address && known.standing(now) != Standing::Bad {
                known.heard(now);
                return false;
            }
            return known.standing(now) == Standing::Bad;
        }
        let bucket = self.bucket_of(id);
        let is_full = self.range(bucket).len() >= usize::from(self.k);
        let is_last = bucket + 1 == self.buckets.len();
        let is_open = |known: &Known| known.standing(now) != Standing::Good;
        id != self.own && (!is_full || is_last || self.in_bucket(bucket).iter().any(is_open))
    }

    /// A node has left a query unanswered.
    pub fn failed(&mut self, id: Key, address: SocketAddrV4) {
        let at = self.find(id);
        if let Some(known) = at.and_then(|at| self.nodes.get_mut(at))
            && known.address() == address
        {
            known.failed();
        }
    }

    /// A node that was checked has not answered twice: another takes its place.
    pub fn replace(&mut self, old: Contact, new: Contact, now: Time) {
        let (from, to) = (self.bucket_of(old.id), self.bucket_of(new.id));
        let at = self.find(old.id).filter(|at| self.nodes[*at].contact() == old);
        if let (Some(at), true, None) = (at, from == to, self.find(new.id)) {
            self.nodes[at] = Known::new(new, now);
            self.buckets[to].changed_s = seconds(now);
        }
    }

    /// The nodes that are nearest to an ID, nearest first, of those that are wanted.
    pub fn nearest(
        &self,
        target: Key,
        count: usize,
        wanted: impl Fn(&Known) -> bool,
    ) -> Vec<Contact> {
        let mut found: Vec<Contact> = Vec::with_capacity(count + usize::from(self.k));
        for range in self.towards(target) {
            let start = found.len();
            let nodes = self.nodes.get(range).unwrap_or(&[]);
            found.extend(nodes.iter().filter(|known| wanted(known)).map(Known::contact));
            if let Some(group) = found.get_mut(start..) {
                group.sort_unstable_by_key(|contact| contact.id.xor(target));
            }
            if found.len() >= count {
                break;
            }
        }
        found.truncate(count);
        found
    }

    /// Reads a little of every bucket, and changes nothing.
    pub(crate) fn touch(&self) -> usize {
        let buckets = self.buckets.first().map_or(0, |bucket| usize::from(bucket.len));
        let nodes = self.nodes.iter().step_by(usize::from(self.k));
        nodes.fold(buckets, |seen, known| seen ^ usize::from(known.contact().address.port()))
    }

    /// The good nodes that are nearest to an ID: what others are told.
    pub fn nearest_good(&self, target: Key, now: Time) -> Vec<Contact> {
        let good = |known: &Known| known.standing(now) == Standing::Good;
        self.nearest(target, usize::from(self.k), good)
    }

    /// Where a search for an ID begins: the nearest that are not bad, or if there are none, the
    /// nearest: they may live again.
    pub fn nearest_to_ask(&self, target: Key, now: Time) -> Vec<Contact> {
        let count = usize::from(self.k);
        let alive = self.nearest(target, count, |known| known.standing(now) != Standing::Bad);
        if alive.is_empty() { self.nearest(target, count, |_| true) } else { alive }
    }

    /// The buckets in which nothing has changed for 15 minutes.
    pub fn stale(&self, now: Time) -> Vec<usize> {
        let is_stale = |bucket: &Bucket| seconds(now).saturating_sub(bucket.changed_s) >= FRESH_S;
        let stale = self.buckets.iter().enumerate().filter(|(_, bucket)| is_stale(bucket));
        stale.map(|(index, _)| index).collect()
    }

    /// An ID within the range of a bucket, all but its prefix taken from `random`.
    pub fn id_within(&self, bucket: usize, random: Key) -> Key {
        let is_last = bucket + 1 >= self.buckets.len();
        let mut bytes = *random.as_bytes();
        for (place, byte) in bytes.iter_mut().enumerate() {
            for bit in 0..8u8 {
                let at = place * 8 + usize::from(bit);
                let own = self.own.bit(at as u8);
                let value = match at {
                    at if at < bucket => own,
                    at if at == bucket && !is_last => !own,
                    _ => continue,
                };
                let mask = 0x80 >> bit;
                *byte = if value { *byte | mask } else { *byte & !mask };
            }
        }
        Key::new(bytes)
    }

    /// The buckets with their nodes, the one that is furthest away first.
    pub fn buckets(&self) -> impl Iterator<Item = (&Bucket, &[Known])> {
        self.buckets.iter().enumerate().map(|(at, bucket)| (bucket, self.in_bucket(at)))
    }

    /// How many buckets there are.
    pub fn bucket_count(&self) -> usize {
        self.buckets.len()
    }

    /// Every node.
    pub fn nodes(&self) -> &[Known] {
        &self.nodes
    }

    /// Whether nobody is known.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Whose table it is.
    pub fn own(&self) -> Key {
        self.own
    }

    /// How many nodes a bucket holds.
    pub fn k(&self) -> usize {
        usize::from(self.k)
    }

    fn answered_again(&mut self, at: usize, bucket: usize, contact: Contact, now: Time) -> Offered {
        let known = &mut self.nodes[at];
        let outcome = match (known.address() == contact.address, known.standing(now)) {
            (true, _) => Offered::Renewed,
            (false, Standing::Bad) => Offered::Replaced(known.contact()),
            (false, Standing::Good | Standing::Questionable) => return Offered::Refused,
        };
        *known = Known::new(contact, now);
        self.buckets[bucket].changed_s = seconds(now);
        outcome
    }

    /// Tries to find a place in a bucket that is full and cannot be split.
    fn find_place(&mut self, bucket: usize, contact: Contact, now: Time) -> Offered {
        let range = self.range(bucket);
        let nodes = &mut self.nodes[range];
        if let Some(bad) = nodes.iter_mut().find(|known| known.standing(now) == Standing::Bad) {
            let old = bad.contact();
            *bad = Known::new(contact, now);
            self.buckets[bucket].changed_s = seconds(now);
            return Offered::Replaced(old);
        }
        let doubtful = nodes.iter().filter(|known| known.standing(now) == Standing::Questionable);
        match doubtful.min_by_key(|known| known.heard_s()) {
            Some(oldest) => Offered::Check(oldest.contact()),
            None => Offered::Discarded,
        }
    }

    /// Splits the last bucket: those that share one bit more with the own ID move to a new one.
    fn split(&mut self) {
        let last = self.buckets.len() - 1;
        let range = self.range(last);
        let own = self.own;
        let stays = |known: &Known| usize::from(known.id().shared_prefix_bits(own)) == last;
        let nodes = &mut self.nodes[range];
        nodes.sort_by_key(|known| !stays(known));
        let staying = nodes.iter().take_while(|known| stays(known)).count() as u8;
        let bucket = self.buckets[last];
        self.buckets[last].len = staying;
        self.buckets.push(Bucket { len: bucket.len - staying, ..bucket });
    }

    /// The pieces of the list of nodes in which IDs near to a target are, nearest piece first.
    fn towards(&self, target: Key) -> impl Iterator<Item = Range<usize>> {
        let bucket = self.bucket_of(target);
        let own = self.range(bucket);
        let nearer = own.end..self.nodes.len();
        let further = (0..bucket).rev().map(|bucket| self.range(bucket));
        [own, nearer].into_iter().chain(further)
    }

    /// The index of the bucket into whose range an ID falls.
    pub fn bucket_of(&self, id: Key) -> usize {
        usize::from(id.shared_prefix_bits(self.own)).min(self.buckets.len() - 1)
    }

    fn in_bucket(&self, bucket: usize) -> &[Known] {
        self.nodes.get(self.range(bucket)).unwrap_or(&[])
    }

    fn range(&self, bucket: usize) -> Range<usize> {
        let lens = self.buckets.iter().map(|bucket| usize::from(bucket.len));
        let start: usize = lens.clone().take(bucket).sum();
        start..start + lens.clone().nth(bucket).unwrap_or(0)
    }

    fn find(&self, id: Key) -> Option<usize> {
        let range = self.range(self.bucket_of(id));
        range.into_iter().find(|at| self.nodes.get(*at).is_some_and(|known| known.id() == id))
    }
}

/// How long a node is good, and a bucket fresh, without anything new: 15 minutes.
const FRESH_S: u32 = 15 * 60;
