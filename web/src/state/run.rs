//! A run as the page holds it: simulated, with a world to step, or live, and only recorded.

use world::{EntryId, History, HostId, Recording, Trace};

/// A run, of either kind.
#[derive(Clone, Debug)]
pub enum Run {
    /// A simulated run with all its branches.
    Simulated(Box<History>),
    /// A live session, and how many of its entries are looked at.
    Live(Recording, usize),
}

impl Run {
    /// Everything known of it.
    pub fn trace(&self) -> Trace<'_> {
        match self {
            Run::Simulated(history) => history.trace(),
            Run::Live(recording, _) => recording.trace(),
        }
    }

    /// How many entries have happened at the moment.
    pub fn moment(&self) -> usize {
        match self {
            Run::Simulated(history) => history.moment() as usize,
            Run::Live(_, moment) => *moment,
        }
    }

    /// When the moment is, in nanoseconds since the run began.
    pub fn now(&self) -> u64 {
        let trace = self.trace();
        let last = self.moment().checked_sub(1).and_then(|at| trace.entries.get(at));
        last.map_or(0, |entry| super::telling::since(trace, entry.at))
    }

    /// The entry at which a host did its latest step before the moment.
    pub fn latest_at(&self, host: HostId) -> Option<EntryId> {
        let trace = self.trace();
        let happened = trace.entries.iter().take(self.moment());
        happened.rev().find(|entry| entry.host == host).map(|entry| entry.id)
    }
}
