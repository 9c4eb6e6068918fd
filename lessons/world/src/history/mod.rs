//! Time travel: every entry of a run, forwards and back, with a branch for every meddling.
//!
//! A history keeps a whole world at every [`SNAPSHOT_EVERY`]th entry and where it was meddled with,
//! and steps from there for the rest. Nothing is ever overwritten: meddling in the past makes a
//! branch. Entries that are made again are compared with the stored ones, which checks for free
//! that a world is decided by its plan, its seed and its meddlings alone.

mod branch;
#[cfg(test)]
mod tests;

use core::fmt;
use std::rc::Rc;

use branch::Branch;
pub use branch::BranchId;

use crate::entry::{Act, Entry};
use crate::plan::Plan;
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
    /// A run of a plan from its beginning.
    pub fn new(plan: Rc<Plan>, seed: u64) -> History {
        let world = World::new(&plan, seed);
        let parties = plan
            .hosts
            .iter()
            .map(|host| Party { name: host.name.clone(), address: Some(host.address) })
            .collect();
        let root = Branch::root(world.clone());
        History {
            epoch: plan.epoch,
            plan,
            seed,
            parties,
            branches: vec![root],
            current: 0,
            moment: 0,
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
            world,
            disagreement: None,
        }
    }

    /// The earliest moment that can be gone back to: 0, but for a run that goes on from a
    /// recording.
    pub fn begins(&self) -> u32 {
        self.branch().begins()
    }

    /// The run that these meddlings make, at this moment.
    ///
    /// # Errors
    /// A meddling that is not possible where it stands, or a moment that is never reached.
    pub fn replay(
        plan: Rc<Plan>,
        seed: u64,
        meddlings: &[Meddling],
        moment: u32,
    ) -> Result<History, ReplayError> {
        let mut history = History::new(plan, seed);
        for (index, meddling) in meddlings.iter().enumerate() {
            if history.seek(meddling.before) != meddling.before {
                return Err(ReplayError::NeverReached { moment: meddling.before });
            }
            history
                .meddle(meddling.act.clone())
                .map_err(|why| ReplayError::Meddling { index, why })?;
        }
        if history.seek(moment) != moment {
            return Err(ReplayError::NeverReached { moment });
        }
        Ok(history)
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

    /// Goes one entry forward; nothing if the world is at rest.
    pub fn step(&mut self) -> Option<Rc<Entry>> {
        let stored = self.entry(self.moment).cloned();
        let again = match self.branch().act_before(self.moment) {
            Some(act) => self.world.meddle(&act).ok(),
            None => self.world.step(),
        }
        .map(Rc::new);
        let entry = match (stored, again) {
            (Some(stored), Some(again)) if stored == again => stored,
            (Some(stored), again) => {
                self.disagreement = Some(Disagreement { stored: Rc::clone(&stored), again });
                stored
            }
            (None, Some(new)) => {
                self.branch_mut().entries.push(Rc::clone(&new));
                new
            }
            (None, None) => return None,
        };
        self.moment += 1;
        let (moment, world) = (self.moment, &self.world);
        // Entries that are made again have had their chance: what was let go stays gone.
        if moment == self.len() && moment.is_multiple_of(SNAPSHOT_EVERY) {
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
    /// What was meant is not there (any more), or a host does not understand its command. Nothing
    /// has happened then.
    pub fn meddle(&mut self, act: Act) -> Result<Rc<Entry>, ActError> {
        let before = self.world.clone();
        let entry = Rc::new(self.world.meddle(&act)?);
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

/// Why a run cannot be made again from its meddlings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ReplayError {
    /// The world comes to rest before this moment.
    NeverReached {
        /// The moment.
        moment: u32,
    },
    /// A meddling is not possible where it stands.
    Meddling {
        /// Which one, counted from 0.
        index: usize,
        /// Why.
        why: ActError,
    },
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReplayError::NeverReached { moment } => {
                write!(f, "This run ends before step {moment}; the link asks for more.")
            }
            ReplayError::Meddling { index, why } => {
                write!(f, "Change {} of this run cannot be made again: {why}", index + 1)
            }
        }
    }
}

impl std::error::Error for ReplayError {}

/// How many entries lie between two worlds that are kept: going anywhere takes fewer steps.
pub const SNAPSHOT_EVERY: u32 = 64;
