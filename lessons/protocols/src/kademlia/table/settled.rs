//! The table that a node would come to have in a network that is at rest.

use super::{Bucket, Known, Table, seconds};
use crate::kademlia::Contact;
use crate::overlay::Key;
use crate::wire::Time;

impl Table {
    /// A table as the protocol makes it among these nodes, which are sorted by ID: each bucket
    /// has as many of the nodes of its range as it can hold, and there are as many buckets as
    /// splitting gives. Which 8 of many nodes are in a bucket is a matter of who came first, so
    /// any choice is as good; here it differs from node to node.
    pub fn settled(own: Key, k: u8, all: &[Contact], now: Time) -> Table {
        let k = k.max(1);
        let mut table = Table { own, k, buckets: Vec::new(), nodes: Vec::new() };
        // All that share the first `bits` bits with the own ID, itself included.
        let mut near = all;
        for bits in 0..Key::BITS {
            let others = near.iter().filter(|contact| contact.id != own).take(usize::from(k) + 1);
            if others.count() <= usize::from(k) {
                break;
            }
            let middle = near.partition_point(|contact| !contact.id.bit(bits));
            let (zeros, ones) = near.split_at(middle);
            let (same, other) = if own.bit(bits) { (ones, zeros) } else { (zeros, ones) };
            table.fill(other, now);
            near = same;
        }
        table.fill(near, now);
        table.nodes.shrink_to_fit();
        table.buckets.shrink_to_fit();
        table
    }

    /// Adds a bucket with some of the nodes of its range, spread over it.
    fn fill(&mut self, range: &[Contact], now: Time) {
        let count = range.len().min(usize::from(self.k) + 1);
        let start = self.nodes.len();
        // Where to begin is taken from the own ID, so that not all nodes choose the same.
        let bytes = self.own.as_bytes();
        let turn = usize::from(u16::from_be_bytes([bytes[18], bytes[19]]));
        let step = range.len() / count.max(1);
        for index in 0..count {
            let at = (turn + index * step.max(1)) % range.len();
            let contact = range.get(at).filter(|contact| contact.id != self.own);
            if self.nodes.len() - start < usize::from(self.k) {
                self.nodes.extend(contact.map(|contact| Known::new(*contact, now)));
            }
        }
        let len = (self.nodes.len() - start) as u8;
        self.buckets.push(Bucket { changed_s: seconds(now), len });
    }
}
