//! Time travel: every entry of a run, forwards and back, with a branch for every meddling.
//!
//! A history keeps a whole world at every so many entries and where it was meddled with, and steps
//! from there for the rest. Nothing is ever overwritten: meddling in the past makes a
//! branch. Entries that are made again are compared with the stored ones, which checks for free
//! that a world is decided by its plan, its seed and its meddlings alone.

mod branch;
mod building;
mod replay;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use branch::Branch;
pub use branch::BranchId;
pub use building::{Building, Built};
pub use replay::{Replay, ReplayError};

use crate::entry::{Act, Entry};
use crate::plan::{HostPlan, Plan};
use crate::trace::{Party, Trace};
use crate::world::{ActError, Underway, World};
use protocols::wire::Time;

/// A run that can be walked through in both directions, with all its branches.
#[derive(Clone, Debug)]
pub struct History {
    plan: Rc<Plan>,
    seed: u64,
    parties: Rc<[Party]>,
    epoch: Time,
    branches: Vec<Branch>,
    current: usize,
    /// How many entries have happened at the moment that is looked at.
    moment: u32,
    /// How many entries it may have.
    most: u32,
    /// The world at that moment.
    world: World,
    disagreement: Option<Disagreement>,
}

/// Something done to the world from outside, and when.
#[derive(Clone, PartialEq, Debug, serde::Serialize, serde::Deserialize)]
pub struct Meddling {
    /// How many entries had happened before it.
    pub before: u32,
    /// What was done.
    pub act: Act,
}

/// An entry that came out differently when it was made again: a defect of a machine, which must
/// have consulted something beside its inputs.
#[derive(Clone, PartialEq, Debug)]
pub struct Disagreement {
    /// What was stored.
    pub stored: Rc<Entry>,
    /// What came out this time; nothing if the world came to rest instead.
    pub again: Option<Rc<Entry>>,
}

impl History {
    /// A run of a plan from its beginning. A prelude is run at once: for a long one, see
    /// [`Building`].
    pub fn new(plan: Rc<Plan>, seed: u64) -> History {
        Building::new(&plan, seed).finish()
    }

    /// A run that begins with this world.
    fn of(world: World, seed: u64) -> History {
        let plan = Rc::clone(world.plan());
        let party = |host: &HostPlan| Party {
            name: host.name.clone(),
            address: Some(host.address),
            column: host.place.0,
        };
        let parties = plan.hosts.iter().map(party).collect();
        History {
            epoch: world.now(),
            plan,
            seed,
            parties,
            branches: vec![Branch::root(world.clone())],
            current: 0,
            moment: 0,
            most: MOST_ENTRIES,
            world,
            disagreement: None,
        }
    }

    /// A simulation that goes on where a recording stands: its entries come first, and cannot be
    /// stepped again; everything after them can.
    pub fn adopted(plan: Rc<Plan>, seed: u64, past: Trace<'_>, underway: &Underway) -> History {
        let world = World::adopt(&plan, seed, underway);
        let moment = underway.entries;
        let entries = past.entries.iter().take(moment as usize).cloned().collect();
        let root = Branch::adopted(world.clone(), moment, entries);
        History {
            plan: Rc::clone(&plan),
            seed,
            parties: past.parties.into(),
            epoch: past.epoch,
            branches: vec![root],
            current: 0,
            moment,
            most: MOST_ENTRIES,
            world,
            disagreement: None,
        }
    }

    /// The earliest moment that can be gone back to: 0, but for a run that goes on from a
    /// recording.
    pub fn begins(&self) -> u32 {
        self.branch().begins()
    }

    /// How many entries are known on this branch, before and after the moment.
    pub fn len(&self) -> u32 {
        self.branch().entries.len() as u32
    }

    /// Whether nothing has happened yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many entries have happened at the moment that is looked at.
    pub fn moment(&self) -> u32 {
        self.moment
    }

    /// The world at the moment that is looked at.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// What the run started from.
    pub fn plan(&self) -> &Rc<Plan> {
        &self.plan
    }

    /// The seed of everything that is left to chance.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// An entry of this branch.
    pub fn entry(&self, index: u32) -> Option<&Rc<Entry>> {
        self.branch().entries.get(index as usize)
    }

    /// Everything known on this branch, also what lies after the moment.
    pub fn trace(&self) -> Trace<'_> {
        Trace {
            parties: &self.parties,
            links: &self.plan.links,
            epoch: self.epoch,
            entries: &self.branch().entries,
        }
    }

    /// Whether this branch has as many entries as are kept: it goes no further.
    pub fn is_full(&self) -> bool {
        self.len() >= self.most
    }

    /// Goes one entry forward; nothing if the world is at rest, or the run
    /// [is full](History::is_full).
    pub fn step(&mut self) -> Option<Rc<Entry>> {
        if self.moment >= self.most {
            return None;
        }
        let stored = self.entry(self.moment).cloned();
        let again = match self.branch().act_before(self.moment) {
            Some(act) => self.world.meddle(&act).ok(),
            None => self.world.step(),
        };
        let entry = match (stored, again) {
            // Not even trimmed: it is thrown away at once.
            (Some(stored), Some(again)) if *stored == again => stored,
            (Some(stored), again) => {
                let again = again.map(Rc::new);
                self.disagreement = Some(Disagreement { stored: Rc::clone(&stored), again });
                stored
            }
            (None, Some(new)) => {
                let new = Rc::new(new.trimmed());
                self.branch_mut().entries.push(Rc::clone(&new));
                new
            }
            (None, None) => return None,
        };
        self.moment += 1;
        let (moment, world) = (self.moment, &self.world);
        // Entries that are made again have had their chance: what was let go stays gone.
        if moment == self.len() && moment.is_multiple_of(self.branch().density.finest) {
            let world = world.clone();
            self.branch_mut().keep(moment, world);
        }
        Some(entry)
    }

    /// Goes one entry back; false at the beginning.
    pub fn back(&mut self) -> bool {
        if self.moment <= self.begins() {
            return false;
        }
        self.seek(self.moment - 1);
        true
    }

    /// Goes to the moment at which this many entries have happened, making new ones as needed;
    /// says where it came to a halt, which is earlier if the world came to rest before.
    pub fn seek(&mut self, moment: u32) -> u32 {
        let moment = moment.max(self.begins());
        let (near, world) = self.branch().nearest(moment);
        let here = self.moment <= moment && self.moment >= near;
        if !here {
            self.world = World::clone(&world);
            self.moment = near;
        }
        while self.moment < moment && self.step().is_some() {}
        self.moment
    }

    /// The world as it was at another moment of this branch, without going there; none where the
    /// branch is not known so far.
    pub fn world_at(&self, moment: u32) -> Option<World> {
        if moment > self.len() || moment < self.begins() {
            return None;
        }
        let (near, kept) = self.branch().nearest(moment);
        let here = self.moment <= moment && self.moment >= near;
        let (mut at, mut world) = match here {
            true => (self.moment, self.world.clone()),
            false => (near, World::clone(&kept)),
        };
        while at < moment {
            match self.branch().act_before(at) {
                // What was possible once is possible again in the same world.
                Some(act) => drop(world.meddle(&act).ok()?),
                None => drop(world.step()?),
            }
            at += 1;
        }
        Some(world)
    }

    /// Goes forward until the world is at rest, or for so many entries; says whether it rests.
    pub fn run(&mut self, most_entries: u32) -> bool {
        for _ in 0..most_entries {
            if self.step().is_none() {
                return true;
            }
        }
        false
    }

    /// Does something to the world at this moment. If what comes after is known already, that is
    /// kept, and this makes a new branch.
    ///
    /// # Errors
    /// What was meant is not there (any more), a host does not understand its command, or the run
    /// is full. Nothing has happened then.
    pub fn meddle(&mut self, act: Act) -> Result<Rc<Entry>, ActError> {
        if self.moment >= self.most {
            return Err(ActError::Full);
        }
        let before = self.world.clone();
        let entry = Rc::new(self.world.meddle(&act)?.trimmed());
        let moment = self.moment;
        if moment < self.len() {
            self.fork();
        }
        let branch = self.branch_mut();
        branch.keep(moment, before);
        branch.meddlings.push(Meddling { before: moment, act });
        branch.entries.push(Rc::clone(&entry));
        self.moment += 1;
        let (moment, world) = (self.moment, self.world.clone());
        self.branch_mut().keep(moment, world);
        Ok(entry)
    }

    /// Takes back the last meddling before this moment: goes to where it was done, on a branch
    /// where it was not. Says whether there was one.
    pub fn undo(&mut self) -> bool {
        let moment = self.moment;
        let last = self.branch().meddlings.iter().rfind(|m| m.before < moment).cloned();
        let Some(last) = last else { return false };
        let parent = self.branch().parent.filter(|_| self.branch().forked_at == last.before);
        self.seek(last.before);
        match parent {
            Some(parent) => self.current = parent.0,
            None => {
                self.fork();
            }
        }
        true
    }

    /// Starts a branch at this moment that shares the past and knows no future.
    pub fn fork(&mut self) -> BranchId {
        let from = BranchId(self.current);
        let branch = self.branch().fork(from, self.moment);
        self.branches.push(branch);
        self.current = self.branches.len() - 1;
        BranchId(self.current)
    }

    /// The branch that is looked at.
    pub fn current(&self) -> BranchId {
        BranchId(self.current)
    }

    /// Every branch, in the order of forking: its parent and where it left it, how long it is, and
    /// what was done first on it.
    pub fn branches(&self) -> impl Iterator<Item = BranchInfo<'_>> {
        self.branches.iter().enumerate().map(|(index, branch)| BranchInfo {
            id: BranchId(index),
            parent: branch.parent,
            forked_at: branch.forked_at,
            len: branch.entries.len() as u32,
            first: branch.meddlings.iter().find(|m| m.before >= branch.forked_at).map(|m| &m.act),
        })
    }

    /// Looks at another branch, as near to the present moment as it reaches.
    pub fn switch(&mut self, to: BranchId) {
        if let Some(branch) = self.branches.get(to.0) {
            let moment = self.moment.min(branch.entries.len() as u32);
            self.current = to.0;
            let (near, world) = self.branch().nearest(moment);
            self.world = World::clone(&world);
            self.moment = near;
            self.seek(moment);
        }
    }

    /// What was done from outside on this branch, in order: with plan and seed, the whole run.
    pub fn meddlings(&self) -> &[Meddling] {
        &self.branch().meddlings
    }

    /// The first entry that came out differently when it was made again, if any did.
    pub fn disagreement(&self) -> Option<&Disagreement> {
        self.disagreement.as_ref()
    }

    /// How many worlds are kept, over all branches: what a history costs beside its entries.
    pub fn snapshots(&self) -> usize {
        self.branches.iter().map(Branch::snapshots).sum()
    }

    fn branch(&self) -> &Branch {
        &self.branches[self.current]
    }

    fn branch_mut(&mut self) -> &mut Branch {
        &mut self.branches[self.current]
    }
}

/// A branch as the page lists it.
#[derive(Clone, Copy, Debug)]
pub struct BranchInfo<'a> {
    /// The branch.
    pub id: BranchId,
    /// The branch that it left; none for the first.
    pub parent: Option<BranchId>,
    /// How many entries it shares with that.
    pub forked_at: u32,
    /// How many entries it has, shared ones included.
    pub len: u32,
    /// What was done first on it.
    pub first: Option<&'a Act>,
}

/// How many entries a branch has at the most. An entry of a datagram weighs some 350 bytes with
/// what it sends, so that a million of them and their worlds are about what a tab may ask of a
/// small computer.
pub const MOST_ENTRIES: u32 = 1_000_000;
