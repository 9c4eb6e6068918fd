//! Every node of an overlay, in the order of identifiers.

use core::ops::Range;

use protocols::overlay::{Geometry, Key};
use world::{HostId, World};

use super::clockwise;

/// The nodes of an overlay at one moment.
#[derive(Clone, PartialEq, Debug)]
pub struct Crowd {
    /// What near means among them.
    pub geometry: Geometry,
    /// How many bits identifiers have.
    pub bits: u8,
    /// The nodes, by turn.
    pub dots: Vec<Dot>,
    /// The place among them of each host, by host; none for hosts that are no nodes.
    ranks: Vec<Option<u32>>,
    /// How many of them have joined and are switched on.
    pub members: usize,
}

/// One node.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Dot {
    /// Its host.
    pub host: u32,
    /// Its identifier.
    pub key: Key,
    /// Where that is on the circle.
    pub turn: f64,
    /// Whether it takes part.
    pub standing: Standing,
    /// How many keys it holds.
    pub holds: u32,
}

/// Whether a node takes part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It has joined.
    Member,
    /// It is on, and has not joined, or has left.
    Outside,
    /// It is switched off.
    Off,
}

impl Dot {
    /// The node that runs at a host of a world; none where none does.
    pub(super) fn of(world: &World, host: HostId) -> Option<Dot> {
        let place = world.place(host)?;
        let standing = match (world.is_on(host), place.is_member) {
            (false, _) => Standing::Off,
            (true, true) => Standing::Member,
            (true, false) => Standing::Outside,
        };
        let (key, turn, holds) = (place.id, place.turn(), place.holds);
        Some(Dot { host: host.0, key, turn, standing, holds })
    }
}

impl Crowd {
    /// The nodes of a world.
    pub fn of(world: &World) -> Crowd {
        let hosts = world.plan().hosts.len();
        let each = || (0..hosts as u32).map(HostId);
        let place = each().find_map(|host| world.place(host));
        let (geometry, bits) =
            place.map_or((Geometry::Ring, Key::BITS), |place| (place.geometry, place.bits));
        let dots = each().filter_map(|host| Dot::of(world, host)).collect();
        Crowd::among(geometry, bits, dots, hosts)
    }

    /// These nodes, out of so many hosts.
    pub fn among(geometry: Geometry, bits: u8, mut dots: Vec<Dot>, hosts: usize) -> Crowd {
        dots.sort_by_key(|dot| (dot.key, dot.host));
        let mut ranks = vec![None; hosts];
        for (rank, dot) in dots.iter().enumerate() {
            if let Some(slot) = ranks.get_mut(dot.host as usize) {
                *slot = Some(rank as u32);
            }
        }
        let members = dots.iter().filter(|dot| dot.standing == Standing::Member).count();
        Crowd { geometry, bits, dots, ranks, members }
    }

    /// Puts a node in the place of what it was, under the same identifier.
    pub(super) fn replace(&mut self, new: Dot) {
        let rank = self.ranks.get(new.host as usize).copied().flatten();
        let Some(dot) = rank.and_then(|rank| self.dots.get_mut(rank as usize)) else { return };
        self.members -= usize::from(dot.standing == Standing::Member);
        self.members += usize::from(new.standing == Standing::Member);
        *dot = new;
    }

    /// The node that runs at a host.
    pub fn at(&self, host: u32) -> Option<&Dot> {
        let rank = self.ranks.get(host as usize).copied().flatten()?;
        self.dots.get(rank as usize)
    }

    /// The node that is so many places further clockwise than that of a host.
    pub fn beside(&self, host: u32, places: i64) -> Option<&Dot> {
        let rank = self.ranks.get(host as usize).copied().flatten()?;
        let count = i64::try_from(self.dots.len()).ok().filter(|count| *count > 0)?;
        self.dots.get(usize::try_from((i64::from(rank) + places).rem_euclid(count)).ok()?)
    }

    /// The node whose turn is the nearest, on either side.
    pub fn nearest(&self, turn: f64) -> Option<&Dot> {
        let after = self.dots.partition_point(|dot| dot.turn < turn);
        let count = self.dots.len();
        let around = [after.checked_sub(1).unwrap_or(count.wrapping_sub(1)), after % count.max(1)];
        let apart = |dot: &&Dot| clockwise(dot.turn, turn).min(clockwise(turn, dot.turn));
        let found = around.into_iter().filter_map(|at| self.dots.get(at));
        found.min_by(|a, b| apart(a).total_cmp(&apart(b)))
    }

    /// The nodes from one turn so far clockwise, in order.
    pub fn within(&self, from: f64, reach: f64) -> impl Iterator<Item = &Dot> {
        let first = self.dots.partition_point(|dot| dot.turn < from);
        let end = from + reach;
        let rest = self.dots.iter().skip(first).take_while(move |dot| dot.turn <= end);
        let wrapped = if end >= 1.0 { first } else { 0 };
        let again = self.dots.iter().take(wrapped).take_while(move |dot| dot.turn + 1.0 <= end);
        rest.chain(again)
    }

    /// The first member at or after a key, clockwise: who is responsible for it on a ring.
    pub fn owner(&self, key: Key) -> Option<&Dot> {
        let first = self.dots.partition_point(|dot| dot.key < key);
        let around = self.dots.iter().skip(first).chain(self.dots.iter().take(first));
        around.into_iter().find(|dot| dot.standing == Standing::Member)
    }

    /// How many keys a member holds on the average.
    pub fn mean_load(&self) -> f64 {
        let held: u64 = self.loads().map(u64::from).sum();
        held as f64 / self.members.max(1) as f64
    }

    /// How many keys each machine holds with all its nodes that are members; these are its nodes.
    /// Where none are named, each node is a machine.
    pub fn machine_loads(&self, machines: &[Range<u32>]) -> Vec<u32> {
        if machines.is_empty() {
            return self.loads().collect();
        }
        let is_member = |dot: &&Dot| dot.standing == Standing::Member;
        let nodes = |machine: &Range<u32>| {
            machine.clone().filter_map(|host| self.at(host)).filter(is_member)
        };
        let there = machines.iter().filter(|machine| nodes(machine).next().is_some());
        there.map(|machine| nodes(machine).map(|dot| dot.holds).sum()).collect()
    }

    /// How many keys each member holds.
    pub fn loads(&self) -> impl Iterator<Item = u32> {
        let members = self.dots.iter().filter(|dot| dot.standing == Standing::Member);
        members.map(|dot| dot.holds)
    }
}
