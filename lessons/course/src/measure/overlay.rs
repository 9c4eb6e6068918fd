//! What lessons may know of an overlay: where its nodes stand, whom they know, and what they have
//! measured.

use core::ops::Range;

use protocols::overlay::{Geometry, Key, Place, Pointer, Role};

use super::Pattern;

/// The nodes of an overlay at a moment of a run, and what they have measured up to then.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Overlay {
    /// The nodes, by the index of their hosts.
    pub nodes: Vec<Standing>,
    /// The nodes of each machine, where one machine is several.
    pub machines: Vec<Range<u32>>,
    /// What they have measured since the student came, in order.
    pub samples: Vec<Measured>,
}

/// A node at a moment.
#[derive(Clone, PartialEq, Debug)]
pub struct Standing {
    /// Its host's name.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// Whether its host is switched on.
    pub is_on: bool,
    /// Whom it knows; in a crowd that is too much to ask of all.
    pub pointers: Vec<Pointer>,
}

/// A number that a node wrote down.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Measured {
    /// The index of its host.
    pub host: u32,
    /// What it is: a name of `protocols::overlay::quantity`.
    pub quantity: &'static str,
    /// The number, in the unit that the quantity says.
    pub value: u64,
}

impl Overlay {
    /// What a function of texts and numbers gives.
    pub(super) fn seen(&self, name: &str, texts: &[&str], numbers: &[f64]) -> Option<f64> {
        let truth = |holds: bool| Some(if holds { 1.0 } else { 0.0 });
        match (name, texts, numbers) {
            ("samples", [quantity], []) => Some(self.values(quantity).count() as f64),
            ("average", [quantity], []) => self.average(quantity),
            ("percentile", [quantity], [share]) => ranked(self.values(quantity).collect(), *share),
            ("latest", [host, quantity], []) => self.latest(host, quantity),
            ("owner", [key], []) => self.owner(key)?.place.id.value().map(|id| id as f64),
            ("owns", [host, key], []) => truth(self.owner(key)?.name == *host),
            ("holds", ["*"], []) => {
                Some(self.members().map(|node| f64::from(node.place.holds)).sum())
            }
            ("holds", [host], []) => Some(f64::from(self.node(host)?.place.holds)),
            ("load", [], [share]) => ranked(self.loads(), *share),
            ("knows", [host, role], [rank]) => {
                let fits = |known: &&Pointer| {
                    known.role.to_string() == *role && f64::from(known.rank) == *rank
                };
                Some(self.node(host)?.pointers.iter().filter(fits).count() as f64)
            }
            ("members", [pattern], []) => {
                let pattern = Pattern::new(*pattern);
                Some(self.members().filter(|node| pattern.fits(&node.name)).count() as f64)
            }
            ("pointer", [host, role], [rank]) => {
                let id = self.pointer(host, role, *rank)?.id;
                Some(id.value()? as f64)
            }
            ("astray", [role], []) => self.astray(role),
            _ => None,
        }
    }

    fn node(&self, name: &str) -> Option<&Standing> {
        self.nodes.iter().find(|node| node.name == name)
    }

    fn members(&self) -> impl Iterator<Item = &Standing> {
        self.nodes.iter().filter(|node| node.is_on && node.place.is_member)
    }

    fn values(&self, quantity: &str) -> impl Iterator<Item = u64> {
        self.samples.iter().filter(move |one| one.quantity == quantity).map(|one| one.value)
    }

    fn average(&self, quantity: &str) -> Option<f64> {
        let (count, sum) =
            self.values(quantity).fold((0_u32, 0.0), |(n, sum), one| (n + 1, sum + one as f64));
        (count > 0).then(|| sum / f64::from(count))
    }

    /// How many keys each machine holds, if one of its nodes is a member.
    fn loads(&self) -> Vec<u64> {
        let is_member = |node: &&Standing| node.is_on && node.place.is_member;
        if self.machines.is_empty() {
            return self.members().map(|node| node.place.holds.into()).collect();
        }
        let nodes = |machine: &Range<u32>| {
            let all = self.nodes.get(machine.start as usize..machine.end as usize);
            all.into_iter().flatten().filter(is_member)
        };
        let machines = self.machines.iter().filter(|machine| nodes(machine).next().is_some());
        machines
            .map(|machine| nodes(machine).map(|node| u64::from(node.place.holds)).sum())
            .collect()
    }

    fn latest(&self, host: &str, quantity: &str) -> Option<f64> {
        let host = self.nodes.iter().position(|node| node.name == host)?;
        let fits = |one: &&Measured| one.host as usize == host && one.quantity == quantity;
        self.samples.iter().rev().find(fits).map(|one| one.value as f64)
    }

    /// The member that should have a key: the first at or after it on a ring, the nearest by XOR.
    fn owner(&self, text: &str) -> Option<&Standing> {
        let Place { bits, geometry, .. } = self.nodes.first()?.place;
        let key = key(text, geometry).modulo(bits);
        self.members().min_by_key(|node| match geometry {
            Geometry::Ring => key.clockwise_to(node.place.id, bits),
            Geometry::Xor => key.xor(node.place.id),
        })
    }

    /// Whom a node knows as this. A finger counts for every exponent up to the next finger's.
    fn pointer(&self, host: &str, role: &str, rank: f64) -> Option<&Pointer> {
        let of_role = |known: &&Pointer| known.role.to_string() == role;
        let mut known = self.node(host)?.pointers.iter().filter(of_role);
        match role == Role::Finger.to_string() {
            true => known.rfind(|known| f64::from(known.rank) <= rank),
            false => known.find(|known| f64::from(known.rank) == rank),
        }
    }

    /// How many members have another first node in this role than the ring would have it.
    fn astray(&self, role: &str) -> Option<f64> {
        let mut ring: Vec<&Standing> = self.members().collect();
        ring.sort_by_key(|node| node.place.id);
        let count = ring.len();
        let is_astray = |(at, node): &(usize, &&Standing)| {
            let to = if role == Role::Predecessor.to_string() { at + count - 1 } else { at + 1 };
            let right = ring.get(to % count).map(|node| node.place.id);
            let known = node.pointers.iter().find(|known| known.role.to_string() == role);
            known.map(|known| known.id) != right
        };
        (count > 1).then(|| ring.iter().enumerate().filter(is_astray).count() as f64)
    }
}

/// The smallest value that so large a share of all values does not exceed.
fn ranked(mut values: Vec<u64>, share: f64) -> Option<f64> {
    values.sort_unstable();
    let rank = (share.clamp(0.0, 1.0) * values.len() as f64).ceil() as usize;
    values.get(rank.saturating_sub(1)).map(|value| *value as f64)
}

/// A key as commands have it: after `#` an identifier, else a text that is hashed.
fn key(text: &str, geometry: Geometry) -> Key {
    let whole = |digits: &str| digits.parse::<Key>().ok();
    let found = match (text.strip_prefix('#'), geometry) {
        (Some(digits), _) => {
            whole(digits).or_else(|| digits.parse::<u64>().ok().map(Key::from_value))
        }
        (None, Geometry::Xor) => whole(text),
        (None, Geometry::Ring) => None,
    };
    found.unwrap_or_else(|| Key::hash(text.as_bytes()))
}
