//! A run on an overlay: what is followed of it, what is measured, and how time strides through it.
//!
//! Nobody looks at every entry of a thousand hosts. The ladder and the text tell of what one thing
//! led to that the student began; playing steps the run itself, frame by frame, and tells the
//! panels only when something of that has happened, or a few times a second.

use protocols::overlay::quantity;
use world::{EntryId, Histogram, HostId, Measures, Story, Threads, Trace, What};

use super::{Lab, Playing};
use crate::state::telling::{Telling, since};

/// What the page keeps of a run on an overlay, beside the run itself.
#[derive(Debug)]
pub struct Watch {
    /// What the nodes have measured.
    pub measures: Measures,
    /// How many hops lookups took, up to the moment.
    pub hops: Histogram,
    /// How many requests of lookups were never answered, up to the moment.
    pub timeouts: Histogram,
    /// Lookups that found nobody, up to the moment.
    pub failed: Histogram,
    /// The story of all that the student began: what goals are judged by.
    own: Story,
}

/// Whose thread the ladder shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Follow {
    /// The latest command's; all of the run where there is none, if the stage is small.
    Latest,
    /// All of the run.
    All,
    /// That of the command given in this entry.
    Thread(EntryId),
}

/// How far a stride came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stride {
    /// To where it was to go.
    Reached,
    /// Less far, since the time for it was spent.
    Behind,
    /// To an entry that the panels should tell of.
    News,
    /// To where time stops by itself.
    Over,
}

impl Default for Watch {
    fn default() -> Watch {
        Watch {
            measures: Measures::default(),
            hops: Histogram::of(quantity::HOPS),
            timeouts: Histogram::of(quantity::TIMEOUTS),
            failed: Histogram::of(quantity::FAILED),
            own: Story::default(),
        }
    }
}

impl Watch {
    fn read(&mut self, trace: Trace<'_>, moment: u32) {
        if !self.measures.read(trace) {
            let Watch { hops, timeouts, failed, .. } = Watch::default();
            (self.hops, self.timeouts, self.failed) = (hops, timeouts, failed);
        }
        for histogram in [&mut self.hops, &mut self.timeouts, &mut self.failed] {
            histogram.go_to(&self.measures, moment);
        }
    }
}

impl Lab {
    /// Whether the stage is an overlay.
    pub fn is_overlay(&self) -> bool {
        self.watch.is_some()
    }

    /// The command whose thread is followed; none where all of the run is told, or nothing yet.
    pub fn followed(&self) -> Option<EntryId> {
        self.told_of
    }

    /// Whether the ladder can show every host.
    pub fn is_small(&self) -> bool {
        self.run.borrow().history.plan().hosts.len() <= MOST_LIFELINES
    }

    /// Follows something else.
    pub(super) fn follow(&mut self, follow: Follow) {
        self.follow = follow;
        self.tell();
        self.version += 1;
    }

    /// Tells what is followed, counts what was measured, and what goals ask for.
    pub(super) fn tell(&mut self) {
        let Some(watch) = self.watch.clone() else { return };
        let small = self.is_small();
        let run = self.run.borrow();
        let Some(threads) = run.threads() else { return };
        let (trace, moment) = (run.history.trace(), run.history.moment());
        let mut watch = watch.borrow_mut();
        watch.read(trace, moment);
        let root = match self.follow {
            Follow::Thread(root) => Some(root),
            Follow::All if small => None,
            Follow::All | Follow::Latest => latest(&threads, trace, moment),
        };
        if root != self.told_of {
            self.told = Telling::default();
            self.told_of = root;
        }
        match root.and_then(|root| threads.begun_in(root)) {
            Some(thread) => {
                let entries = threads.entries_of(thread);
                let hosts: Vec<HostId> = thread.hosts(u32::MAX).collect();
                self.told.read_of(Trace { entries: &entries, ..trace }, Some(&hosts));
            }
            None if small => drop(self.told.read(trace)),
            None => self.told = Telling::default(),
        }
        let counted = run.counted(Some(&threads));
        watch.own.read(counted);
        self.count(&run, &watch.own);
    }

    /// Goes on to this time, in nanoseconds since the run began, for as long as there is time left.
    /// Says how far it came. The run is changed in place; [`Do::Caught`](super::Do::Caught) tells
    /// the panels.
    pub fn stride(&self, until: u64, has_time: impl Fn() -> bool) -> Stride {
        let (followed, small) = (self.followed(), self.is_small());
        for step in 1_u32.. {
            let mut run = self.run.borrow_mut();
            let at_end = run.history.moment() >= run.history.len();
            if at_end && self.stops_here(&run) {
                return Stride::Over;
            }
            match next_at(&run) {
                None => return Stride::Over,
                Some(next) if next > until => return Stride::Reached,
                Some(_) => {}
            }
            let Some(entry) = run.history.step() else { return Stride::Over };
            let news = match (followed, run.threads()) {
                (Some(root), Some(threads)) => {
                    threads.of(entry.id).is_some_and(|thread| thread.root == root)
                }
                (_, _) => small,
            };
            if news {
                return Stride::News;
            }
            if step.is_multiple_of(STEPS_BETWEEN_LOOKS) && !has_time() {
                return Stride::Behind;
            }
        }
        Stride::Behind
    }

    /// Whether a command waits that can be given now, or what was waited for is over.
    fn stops_here(&self, run: &course::Run) -> bool {
        match self.pending.front() {
            Some(order) => order.together || run.is_quiet(),
            None => self.playing == Playing::UntilQuiet && run.is_quiet(),
        }
    }

    /// How long the wait takes that is on, in simulated nanoseconds; 0 where there is none.
    pub fn waits_for(&self) -> u64 {
        let wait = self.run.borrow().waits_for().unwrap_or_default();
        u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX)
    }

    /// Where the run stands, in nanoseconds since it began.
    pub fn reached(&self) -> u64 {
        let run = self.run.borrow();
        let history = &run.history;
        let last = history.moment().checked_sub(1).and_then(|at| history.entry(at));
        last.map_or(0, |entry| since(history.trace(), entry.at))
    }

    /// When the next entry comes, in the same.
    pub fn upcoming(&self) -> Option<u64> {
        next_at(&self.run.borrow())
    }

    /// The panels are told of what has happened in strides.
    pub(super) fn caught(&mut self) {
        self.grown();
        self.reach();
        let run = self.run.borrow();
        let stops = run.history.moment() >= run.history.len() && self.stops_here(&run);
        let rests = next_at(&run).is_none();
        drop(run);
        if stops && !self.pending.is_empty() {
            self.advance();
        } else if stops || rests {
            self.playing = Playing::Hold;
        }
        self.wait_for_question();
    }

    /// The moment after the next entry of what is followed, or before the last; none where nothing
    /// is followed, or nothing more of it comes.
    pub(super) fn beside_in_thread(&mut self, forward: bool) -> Option<u32> {
        let root = self.told_of?;
        let mut run = self.run.borrow_mut();
        let moment = run.history.moment();
        if !forward {
            let threads = run.threads()?;
            let before = threads.begun_in(root)?.entries(moment);
            return before.last().map(|entry| entry.0);
        }
        for _ in 0..MOST_STEPS_ASIDE {
            let now = run.history.moment();
            if run.threads()?.begun_in(root)?.is_over(now) || run.is_quiet() {
                break;
            }
            let entry = run.history.step()?;
            if run.threads()?.of(entry.id).is_some_and(|thread| thread.root == root) {
                return Some(entry.id.0 + 1);
            }
        }
        run.history.seek(moment);
        None
    }
}

/// The latest thing that the student asked of a host before a moment.
fn latest(threads: &Threads, trace: Trace<'_>, moment: u32) -> Option<EntryId> {
    let asked =
        |root: EntryId| trace.entry(root).is_some_and(|entry| matches!(entry.what, What::Step(_)));
    let roots = threads.all().iter().rev().map(|thread| thread.root);
    roots.filter(|root| root.0 < moment).find(|root| asked(*root))
}

fn next_at(run: &course::Run) -> Option<u64> {
    let (history, trace) = (&run.history, run.history.trace());
    match history.entry(history.moment()) {
        Some(entry) => Some(since(trace, entry.at)),
        None => history.world().next_at().map(|at| since(trace, at)),
    }
}

/// With more hosts than this a ladder of all of them cannot be read.
const MOST_LIFELINES: usize = 12;
/// Looking at the clock costs more than a step does.
const STEPS_BETWEEN_LOOKS: u32 = 16;
/// One step of what is followed may lie this many steps of others away.
const MOST_STEPS_ASIDE: usize = 400_000;
