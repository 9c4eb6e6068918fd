//! One line of events from the beginning of the run to wherever it is known.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Meddling;
use crate::entry::{Act, Entry};
use crate::world::World;

/// A branch of a history, by number in the order of forking.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct BranchId(pub usize);

/// All entries of a branch from the beginning of the run; what it shares with its parent is shared
/// in memory too.
#[derive(Clone, Debug)]
pub struct Branch {
    pub parent: Option<BranchId>,
    pub forked_at: u32,
    pub entries: Vec<Rc<Entry>>,
    pub meddlings: Vec<Meddling>,
    /// Worlds by the number of entries that have happened in them. There is always one where it
    /// begins.
    worlds: BTreeMap<u32, Rc<World>>,
    pub density: Density,
}

/// How densely worlds are kept: what a world shares with its neighbours is what has not happened
/// between them, so those of a large stage must lie further apart.
#[derive(Clone, Copy, Debug)]
pub struct Density {
    /// How many hosts are copied for two worlds so far apart, at the most: all.
    hosts: u32,
    /// How many entries lie between two worlds of late.
    pub finest: u32,
    /// How many entries lie between two worlds of long ago.
    spacing: u32,
}

impl Density {
    /// The density for a world of so many hosts.
    pub fn of(hosts: u32) -> Density {
        let finest = (hosts / 3).next_power_of_two().clamp(LEAST_SPACING, MOST_SPACING);
        Density { hosts, finest, spacing: finest }
    }

    /// How many worlds of long ago are kept at the most.
    pub fn most_old(&self) -> usize {
        let copied = self.hosts.min(self.spacing).max(1);
        (MOST_HOSTS_KEPT / copied).min(MOST_OLD_WORLDS) as usize
    }

    /// How many of the latest entries have every world kept: people go back a little far more often
    /// than a lot.
    pub fn recent_entries(&self) -> u32 {
        let worlds = RECENT_WORLDS.min(MOST_HOSTS_KEPT / 4 / self.hosts.min(self.finest).max(1));
        worlds * self.finest
    }
}

impl Branch {
    /// The first branch, at its beginning.
    pub fn root(world: World) -> Branch {
        Branch {
            parent: None,
            forked_at: 0,
            entries: Vec::new(),
            meddlings: Vec::new(),
            density: Density::of(world.host_count()),
            worlds: BTreeMap::from([(0, Rc::new(world))]),
        }
    }

    /// A first branch that goes on from entries which no world can make again.
    pub fn adopted(world: World, moment: u32, entries: Vec<Rc<Entry>>) -> Branch {
        let worlds = BTreeMap::from([(moment, Rc::new(world.clone()))]);
        Branch { entries, worlds, ..Branch::root(world) }
    }

    /// The earliest moment that a world is kept for.
    pub fn begins(&self) -> u32 {
        self.worlds.keys().next().copied().unwrap_or(0)
    }

    /// A branch that leaves this one at a moment.
    pub fn fork(&self, own: BranchId, at: u32) -> Branch {
        let worlds = self.worlds.range(..=at).map(|(moment, world)| (*moment, Rc::clone(world)));
        Branch {
            parent: Some(own),
            forked_at: at,
            entries: self.entries.iter().take(at as usize).cloned().collect(),
            meddlings: self.meddlings.iter().filter(|m| m.before < at).cloned().collect(),
            worlds: worlds.collect(),
            density: self.density,
        }
    }

    /// Keeps a world, unless one is kept there already. When there are very many, the older ones
    /// are kept only half as densely, evenly over the whole run.
    pub fn keep(&mut self, moment: u32, world: World) {
        self.worlds.entry(moment).or_insert_with(|| Rc::new(world));
        let recent = moment.saturating_sub(self.density.recent_entries());
        if self.worlds.range(..recent).count() > self.density.most_old() {
            self.density.spacing *= 2;
            let (begins, spacing) = (self.begins(), self.density.spacing);
            self.worlds
                .retain(|at, _| *at == begins || *at >= recent || at.is_multiple_of(spacing));
        }
    }

    /// The last world that is kept at or before a moment.
    pub fn nearest(&self, moment: u32) -> (u32, Rc<World>) {
        let last = self.worlds.range(..=moment).next_back().or_else(|| self.worlds.iter().next());
        match last {
            Some((moment, world)) => (*moment, Rc::clone(world)),
            None => unreachable!("a branch keeps the world at its beginning"),
        }
    }

    /// What was done from outside when this many entries had happened.
    pub fn act_before(&self, moment: u32) -> Option<Act> {
        let at = self.meddlings.binary_search_by_key(&moment, |m| m.before).ok()?;
        self.meddlings.get(at).map(|m| m.act.clone())
    }

    /// How many worlds are kept that no earlier branch keeps.
    pub fn snapshots(&self) -> usize {
        match self.parent {
            None => self.worlds.len(),
            Some(_) => self.worlds.range(self.forked_at + 1..).count(),
        }
    }
}

/// How many entries lie at least between two worlds that are kept: fewer would gain nothing that
/// could be seen.
const LEAST_SPACING: u32 = 64;

/// How many entries lie at the most between two worlds of late: a browser steps through them within
/// a frame.
const MOST_SPACING: u32 = 2_048;

/// How many worlds of long ago a branch keeps at the most. With a hundred thousand entries of a
/// small stage they lie 256 apart, which a browser steps through within a frame.
pub const MOST_OLD_WORLDS: u32 = 448;

/// How many worlds of late a branch keeps at the most.
pub const RECENT_WORLDS: u32 = 64;

/// How many hosts the worlds of long ago hold for themselves, in all. At 2 KiB each they are
/// 260 MB, and of a stage of ten thousand hosts a hundred thousand entries keep their worlds 2 048
/// apart.
const MOST_HOSTS_KEPT: u32 = 130_000;
