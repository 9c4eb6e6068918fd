//! The live page as one value: the session, the forks, which of them is looked at and how.

mod act;

use std::cell::RefCell;
use std::rc::Rc;

use protocols::endpoint::View;
use world::compare::Comparison;
use world::{FlightId, History, HostId, Trace};
use yew::AttrValue;

use super::session::Session;
use super::task::Task;
use super::wish::TAB;
use crate::panels::LadderView;
use crate::panels::inspector::{Meddle, Tab};
use crate::panels::time::Travel;
use crate::state::lab::{Part, Playing};
use crate::state::pick::Pick;
use crate::state::telling::{Telling, since};

/// The live page. The runs are shared and changed in place: `version` says when.
#[derive(Clone)]
pub struct Desk {
    /// The session that is looked at and what drives it.
    pub session: Session,
    /// A session for each task, connected when it is first looked at.
    pub sessions: Rc<[Session]>,
    /// The forks of the sessions that are not looked at.
    away: Vec<(Task, Vec<Fork>)>,
    /// The live run beside its twin, when they are compared.
    pub beside: Option<Rc<Comparison>>,
    /// The simulations that were forked from it.
    pub forks: Vec<Fork>,
    /// The fork that is looked at, by its index; none for the live run itself.
    pub at: Option<usize>,
    /// Grows with every change of what is looked at.
    pub version: u64,
    /// The run told for the panels.
    pub told: Telling,
    /// How many of its entries have happened at the moment.
    pub moment: usize,
    /// When the moment is, in nanoseconds since the session began.
    pub now: u64,
    /// When the next entry comes, in the same; none if nothing is known to come.
    pub next: Option<u64>,
    /// In a fork, whether nothing is on its way.
    pub quiet: bool,
    /// What is selected.
    pub picked: Option<Pick>,
    /// The inspector's tab.
    pub tab: Tab,
    /// How the ladder is looked at.
    pub view: LadderView,
    /// Whether time runs, and how far.
    pub playing: Playing,
    /// How many times faster than usual.
    pub speed: f64,
    /// The part that a phone shows.
    pub part: Part,
    /// What went wrong last with a fork or a fault, as a sentence.
    pub notice: Option<AttrValue>,
}

/// A simulation that goes on from a moment of the live run.
#[derive(Clone)]
pub struct Fork {
    /// The run.
    pub history: Rc<RefCell<History>>,
    /// How many entries of the live run it begins with.
    pub from: usize,
}

/// Everything that can be done with the run that is looked at.
#[derive(Clone, Debug)]
pub enum Do {
    /// The session has changed.
    Heard,
    /// Moves in time.
    Travel(Travel),
    /// Time reached the next entry while playing.
    Advance,
    /// Selects something, or nothing.
    Pick(Option<Pick>),
    /// Selects the arrow before or after.
    PickNext(bool),
    /// Opens a tab of the inspector.
    Tab(Tab),
    /// Looks at the ladder in another way.
    View(LadderView),
    /// Turns to a part, on a phone.
    Part(Part),
    /// Goes on from this moment of the live run as a simulation.
    Fork,
    /// Goes back from a fork to the live run.
    Return,
    /// Does something to a flight of a fork.
    Meddle(FlightId, Meddle),
    /// Asks something of the program in a fork, by these commands.
    Ask(Vec<String>),
    /// Turns to another task.
    Turn(Task),
    /// Lays the live run and its twin side by side, or shows the ladder again.
    Beside(bool),
    /// Takes the last meddling with a fork back.
    Undo,
}

impl Desk {
    /// The page as it opens: the session, one of these, has begun, and nothing else has happened.
    pub fn new(session: Session, sessions: Rc<[Session]>) -> Desk {
        let mut desk = Desk {
            session,
            sessions,
            away: Vec::new(),
            beside: None,
            forks: Vec::new(),
            at: None,
            version: 0,
            told: Telling::default(),
            moment: 0,
            now: 0,
            next: None,
            quiet: true,
            picked: None,
            tab: Tab::Text,
            view: LadderView::default(),
            playing: Playing::Hold,
            speed: 1.0,
            part: Part::Lesson,
            notice: None,
        };
        desk.heard();
        desk
    }

    /// The fork that is looked at.
    pub fn fork(&self) -> Option<&Fork> {
        self.at.and_then(|at| self.forks.get(at))
    }

    /// Reads the run that is looked at.
    pub fn read<T>(&self, look: impl FnOnce(Trace<'_>) -> T) -> T {
        match self.fork() {
            Some(fork) => look(fork.history.borrow().trace()),
            None => look(self.session.live().recording().trace()),
        }
    }

    /// Whether a step on is possible.
    pub fn more(&self) -> bool {
        self.next.is_some()
    }

    /// Whether new entries of the live run are shown as they come.
    pub fn follows(&self) -> bool {
        self.at.is_none() && self.moment >= self.told.ticks.len()
    }

    /// The earliest moment that can be gone back to.
    pub fn begins(&self) -> usize {
        self.fork().map_or(0, |fork| fork.from)
    }

    /// What a host looked like when so many entries had happened; none where nobody can know, as
    /// with a real server.
    pub fn host_at(&self, host: HostId, moment: usize) -> Option<View> {
        let short = u32::try_from(moment).unwrap_or(u32::MAX);
        match self.fork().filter(|fork| moment >= fork.from) {
            Some(fork) => {
                let history = fork.history.borrow();
                match history.moment() == short {
                    true => history.world().view(host),
                    false => history.world_at(short)?.view(host),
                }
            }
            None if host == TAB => {
                let at = self.read(|trace| {
                    let last = moment.checked_sub(1).and_then(|last| trace.entries.get(last));
                    last.map_or(trace.epoch, |entry| entry.at)
                });
                Some(self.session.live().program_at(short).view(at))
            }
            None => None,
        }
    }

    /// Takes in what has been recorded since.
    fn heard(&mut self) {
        if self.at.is_some() {
            return;
        }
        let followed = self.follows();
        self.grown();
        if followed {
            self.moment = self.told.ticks.len();
        }
        self.moved();
    }

    /// Tells the run anew, after it has grown or another is looked at.
    fn grown(&mut self) {
        let mut told = std::mem::take(&mut self.told);
        self.read(|trace| told.read(trace));
        self.told = told;
    }

    /// Takes up the moment.
    fn moved(&mut self) {
        if let Some(fork) = self.fork() {
            let history = fork.history.borrow();
            let world = history.world();
            let epoch = history.trace().epoch;
            let due = world.next_at();
            let quiet = due.is_none_or(|at| at > world.now()) && !world.is_anything_in_the_air();
            let moment = history.moment() as usize;
            drop(history);
            (self.quiet, self.moment) = (quiet, moment);
            self.next = due.map(|at| at.nanos().saturating_sub(epoch.nanos()));
        } else {
            (self.quiet, self.next) = (true, None);
        }
        let moment = self.moment;
        let (now, known) = self.read(|trace| {
            let last = moment.checked_sub(1).and_then(|at| trace.entries.get(at));
            let known = trace.entries.get(moment).map(|entry| since(trace, entry.at));
            (last.map_or(0, |entry| since(trace, entry.at)), known)
        });
        self.now = now;
        self.next = known.or(self.next);
        self.version += 1;
    }
}

impl PartialEq for Desk {
    /// A reducer's state is new whenever anything was done.
    fn eq(&self, _: &Desk) -> bool {
        false
    }
}

impl yew::Reducible for Desk {
    type Action = Do;

    fn reduce(self: Rc<Self>, action: Do) -> Rc<Self> {
        let mut desk = Rc::unwrap_or_clone(self);
        desk.act(action);
        Rc::new(desk)
    }
}
