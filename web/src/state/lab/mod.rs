//! The lesson's page as one value: the run and its moment, what is selected, how it is looked at.
//!
//! Everything on the page is a function of a [`Lab`]; the only way to change one is a [`Do`].

mod act;
mod answered;
mod beside;
mod former;
mod open;
#[cfg(test)]
mod tests;
mod travel;
mod watch;
mod wish;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use course::lesson::{Lesson, Order, Panel, Scene};
use course::stages::Params;
use course::{Numbers, Progress, Tally};
use world::{BranchId, Conditions, FlightId, HostId, LinkId, Power};
use yew::AttrValue;

pub use answered::Answered;
pub use beside::Beside;
pub use former::Former;
pub use watch::{Follow, Stride, Watch};
pub use wish::{STEPS_AT_ONCE, Wish};

use super::pick::Pick;
use super::telling::Telling;
use crate::panels::LadderView;
use crate::panels::inspector::{Meddle, Tab};
use crate::panels::time::Travel;

/// A lesson as it is played.
#[derive(Clone)]
pub struct Lab {
    /// The lesson.
    pub lesson: Rc<Lesson>,
    /// The scene, counted from 0.
    pub scene: usize,
    /// The stage's parameters as the knobs stand.
    pub params: Params,
    /// The run. It is shared and changed in place: `version` says when.
    pub run: Rc<RefCell<course::Run>>,
    /// Grows with every change of the run or its moment.
    pub version: u64,
    /// The run told for the panels.
    pub told: Telling,
    /// How many entries have happened at the moment.
    pub moment: usize,
    /// When the moment is, in nanoseconds since the run began.
    pub now: u64,
    /// When the next entry comes, in the same; none if nothing is due.
    pub next: Option<u64>,
    /// Whether nothing is on its way and nothing is due at this very moment.
    pub quiet: bool,
    /// How many entries there were when the student came.
    pub opened: usize,
    /// What has happened since the opening, counted. Copies share it.
    pub tally: Rc<RefCell<Tally>>,
    /// The numbers of the scene's prose.
    pub numbers: Rc<Numbers>,
    /// Commands that wait for the network to be quiet.
    pub pending: VecDeque<Order>,
    /// What is selected.
    pub picked: Option<Pick>,
    /// The inspector's tab.
    pub tab: Tab,
    /// Whether the middle shows the map instead of the ladder.
    pub map: bool,
    /// How the ladder is looked at.
    pub view: LadderView,
    /// Whether time runs, and how far.
    pub playing: Playing,
    /// How many times faster than usual.
    pub speed: f64,
    /// The part that a phone shows.
    pub part: Part,
    /// The panels that are there; views come one at a time.
    pub shows: Vec<Panel>,
    /// The question for whose answer the run waits.
    pub asked: Option<String>,
    /// What was answered in this scene, by the question's id.
    pub answers: BTreeMap<String, Answered>,
    /// The cues that were used in this scene.
    pub used: Vec<String>,
    /// What was done so far, in all lessons.
    pub progress: Rc<Progress>,
    /// The goals that a run has reached which a link carries: not the student's own doing, until
    /// something is done in it.
    pub linked: BTreeSet<String>,
    /// This branch of the run beside another, when they are compared.
    pub beside: Option<Rc<Beside>>,
    /// What is kept of a run on an overlay; none on other stages. Copies share it.
    pub watch: Option<Rc<RefCell<Watch>>>,
    /// Whose thread is wanted on the ladder, on an overlay.
    pub follow: Follow,
    /// What the message was that was meddled with first on a branch, by branch.
    meddled: Rc<BTreeMap<BranchId, String>>,
    /// The command of whose thread is told; none where all of the run is.
    told_of: Option<world::EntryId>,
    /// Whether the editor is wanted open.
    pub editing: bool,
    /// What went wrong last, to be said once.
    pub notice: Option<AttrValue>,
    /// What is wished for and not there yet.
    pub wish: Option<Rc<Wish>>,
    /// The run that this one has taken the place of, to be taken back.
    pub former: Option<Rc<Former>>,
    /// Whether the student is to be told of that.
    pub former_told: bool,
}

/// Whether time runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Playing {
    /// It does not.
    Hold,
    /// Until nothing is on its way any more: after a cue.
    UntilQuiet,
    /// As far as there is anything to come, alarms included.
    On,
}

/// A part of the page, on a phone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// The lesson.
    Lesson,
    /// The ladder or the map.
    Middle,
    /// The inspector.
    Right,
}

/// Everything that can be done on the page.
#[derive(Clone, Debug)]
pub enum Do {
    /// Moves in time.
    Travel(Travel),
    /// Time reached the next entry while playing.
    Advance,
    /// The run has gone on by itself while playing.
    Caught,
    /// Follows another thread of an overlay.
    Follow(Follow),
    /// Selects something, or nothing.
    Pick(Option<Pick>),
    /// Selects the arrow before or after.
    PickNext(bool),
    /// Opens a tab of the inspector.
    Tab(Tab),
    /// Turns to the map or to the ladder.
    Map(bool),
    /// Looks at the ladder in another way.
    View(LadderView),
    /// Turns to a part, on a phone.
    Part(Part),
    /// Goes to a scene.
    Scene(usize),
    /// Starts the scene's run anew.
    Anew,
    /// Presses a cue's button.
    Cue(String),
    /// Presses a suggestion to break something, by its index.
    Break(usize),
    /// Presses a button that opens a panel, by its index.
    Look(usize),
    /// Turns a knob to a value in its text form.
    Turn(String, String),
    /// Answers a question.
    Answer(String, course::Answer),
    /// Does something to a flight.
    Meddle(FlightId, Meddle),
    /// Changes a link.
    Link(LinkId, Conditions),
    /// Switches a host off or on.
    Power(HostId, Power),
    /// Gives a host a command.
    Command(String, String),
    /// Opens the editor for the flight that is selected.
    Edit,
    /// Opens a panel that is not there yet.
    Show(Panel),
    /// Lays this branch and another side by side, or shows the picture again.
    Beside(bool),
    /// Takes the last meddling back.
    Undo,
    /// Takes the former run back, which this one has taken the place of.
    TakeBack,
    /// Goes to the run that a link carries.
    Open(Box<world::Shared>),
    /// Takes up what was wished for, which is there now.
    Fulfil,
    /// Takes back what was wished for.
    Cancel,
}

impl Lab {
    /// The scene that is played.
    pub fn scene(&self) -> Option<&Scene> {
        self.lesson.scene(self.scene)
    }

    /// Whether a step on is possible.
    pub fn more(&self) -> bool {
        self.next.is_some() || !self.pending.is_empty()
    }

    /// Whether a panel is there.
    pub fn has(&self, panel: Panel) -> bool {
        self.shows.contains(&panel)
    }

    /// The inspector's tabs that are there.
    pub fn tabs(&self) -> Vec<Tab> {
        let wanted = |tab: &Tab| match tab {
            Tab::Message => self.has(Panel::Message),
            Tab::State => self.has(Panel::State),
            Tab::Why => self.has(Panel::Why),
            Tab::Text => true,
        };
        Tab::ALL.into_iter().filter(wanted).collect()
    }

    /// The run and its moment, to be shared.
    pub fn shared(&self) -> world::Shared {
        let run = self.run.borrow();
        let history = &run.history;
        world::Shared {
            lesson: self.lesson.id.clone(),
            scene: u32::try_from(self.scene).unwrap_or_default(),
            stage: self.scene().map(|scene| scene.opening.stage.clone()).unwrap_or_default(),
            params: self.params.texts().into_iter().collect(),
            seed: history.seed(),
            meddlings: history.meddlings().to_vec(),
            moment: history.moment(),
        }
    }
}

impl PartialEq for Lab {
    /// By its place: it is made anew whenever anything was done.
    fn eq(&self, other: &Lab) -> bool {
        core::ptr::eq(self, other)
    }
}

impl yew::Reducible for Lab {
    type Action = Do;

    fn reduce(self: Rc<Self>, action: Do) -> Rc<Self> {
        let mut lab = Rc::unwrap_or_clone(self);
        lab.notice = None;
        lab.act(action);
        Rc::new(lab)
    }
}
