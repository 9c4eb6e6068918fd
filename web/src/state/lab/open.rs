//! Opening a scene: its stage, its opening, and the student's own run where one is carried.

use std::cell::RefCell;
use std::rc::Rc;

use course::lesson::{Lesson, Order, Panel};
use course::stages::{self, Params};
use course::{Numbers, Progress, Rehearsal};
use world::{Act, History, HostId, World};

use super::{Lab, Part, Playing};
use crate::panels::LadderView;
use crate::panels::inspector::Tab;
use crate::state::telling::Telling;

impl Lab {
    /// A lesson at a scene, as the student finds it; none where its stage cannot be built.
    pub fn open(lesson: Rc<Lesson>, scene: usize, progress: Progress) -> Option<Lab> {
        let scene = scene.min(lesson.scenes.len().saturating_sub(1));
        let opening = &lesson.scene(scene)?.opening;
        let params = opening.params.clone();
        let history = staged(&lesson, scene, &params)?;
        let mut lab = Lab {
            scene,
            params,
            version: 0,
            told: Rc::new(Telling::of(&history.trace())),
            moment: 0,
            now: 0,
            next: None,
            opened: 0,
            digest: Rc::default(),
            numbers: Rc::new(Numbers::of(lesson.scene(scene)?, &opening.params)),
            pending: Default::default(),
            picked: None,
            tab: Tab::Text,
            map: false,
            view: LadderView::default(),
            playing: Playing::Hold,
            speed: 1.0,
            part: Part::Lesson,
            shows: opening.shows.clone(),
            asked: None,
            answers: Default::default(),
            used: Vec::new(),
            progress: Rc::new(progress),
            editing: false,
            notice: None,
            history: Rc::new(RefCell::new(history)),
            lesson,
        };
        lab.begin();
        Some(lab)
    }

    /// Goes to a scene and starts its run.
    pub(super) fn go_to(&mut self, scene: usize) {
        let Some(found) = self.lesson.scene(scene) else { return };
        self.scene = scene;
        self.params = found.opening.params.clone();
        self.shows = found.opening.shows.clone();
        self.answers.clear();
        self.map = self.has(Panel::Map) && !self.has(Panel::Ladder);
        self.view = LadderView::default();
        self.part = Part::Lesson;
        self.anew();
    }

    /// Starts the scene's run anew with the knobs as they stand.
    pub(super) fn anew(&mut self) {
        match staged(&self.lesson, self.scene, &self.params) {
            Some(history) => self.history = Rc::new(RefCell::new(history)),
            None => {
                self.notice = Some("This scene's stage cannot be built.".into());
                return;
            }
        }
        if let Some(scene) = self.lesson.scene(self.scene) {
            self.numbers = Rc::new(Numbers::of(scene, &self.params));
        }
        self.picked = None;
        self.begin();
    }

    /// What is true at the beginning of a run, after its opening.
    fn begin(&mut self) {
        self.pending.clear();
        self.used.clear();
        self.playing = Playing::Hold;
        self.asked = None;
        self.opened = self.history.borrow().len() as usize;
        self.tab = *self.tabs().first().unwrap_or(&Tab::Text);
        self.grown();
    }

    /// Tells the run anew, after it has grown or changed.
    pub(super) fn grown(&mut self) {
        self.told = Rc::new(Telling::of(&self.history.borrow().trace()));
        self.digest = Rc::new(self.rehearsal().digest());
        self.moved();
    }

    /// Takes up the history's own moment.
    pub(super) fn moved(&mut self) {
        let history = self.history.borrow();
        let trace = history.trace();
        let since = |at| crate::state::telling::since(&trace, at);
        self.moment = history.moment() as usize;
        let entries = trace.entries;
        let last = self.moment.checked_sub(1).and_then(|at| entries.get(at));
        self.now = last.map_or(0, |entry| since(entry.at));
        self.next = match entries.get(self.moment) {
            Some(entry) => Some(since(entry.at)),
            None => history.world().clone().next_at().map(since),
        };
        self.version += 1;
    }

    /// The run so far, as the judge of goals wants it.
    fn rehearsal(&self) -> Rehearsal {
        let history = self.history.borrow();
        let entries = history.trace().entries.iter().take(history.moment() as usize);
        let entries = entries.map(|entry| (**entry).clone()).collect();
        Rehearsal::resume(history.world(), entries, self.opened)
    }

    /// Takes over a run that a link or the journal carries.
    pub(super) fn take_over(&mut self, shared: &world::Shared) {
        let scene = shared.scene as usize;
        if shared.lesson != self.lesson.id || self.lesson.scene(scene).is_none() {
            self.notice = Some("This link belongs to another lesson.".into());
            return;
        }
        self.go_to(scene);
        let Some(stage) = stages::named(&shared.stage) else { return };
        for (name, value) in &shared.params {
            if let Err(right) = self.params.set(stage.specs, name, value) {
                self.notice = Some(format!("The link sets {name} wrongly; right is {right}.").into());
            }
        }
        self.anew();
        let Ok(plan) = stages::build(&shared.stage, &self.params) else { return };
        let replayed = History::replay(Rc::new(plan), shared.seed, &shared.meddlings, shared.moment);
        match replayed {
            Ok(history) => {
                *self.history.borrow_mut() = history;
                self.grown();
            }
            Err(why) => self.notice = Some(why.to_string().into()),
        }
    }
}

/// A scene's run after its opening.
fn staged(lesson: &Lesson, scene: usize, params: &Params) -> Option<History> {
    let opening = &lesson.scene(scene)?.opening;
    let plan = stages::build(&opening.stage, params).ok()?;
    let mut history = History::new(Rc::new(plan), opening.seed);
    settle(&mut history);
    for order in &opening.before {
        if !order.together {
            settle(&mut history);
        }
        let _ = give(&mut history, order);
    }
    settle(&mut history);
    Some(history)
}

/// Gives a host a command.
pub fn give(history: &mut History, order: &Order) -> Result<(), String> {
    let at = history.plan().hosts.iter().position(|host| host.name == order.host);
    let host = at.and_then(|at| u32::try_from(at).ok()).map(HostId);
    let Some(host) = host else { return Err(format!("There is no host {}.", order.host)) };
    let act = Act::Command { host, text: order.command.clone() };
    history.meddle(act).map(|_| ()).map_err(|why| why.to_string())
}

/// Whether nothing is on its way and nothing is due at this very moment.
pub fn is_quiet(world: &World) -> bool {
    let due_now = world.clone().next_at().is_some_and(|at| at <= world.now());
    world.in_the_air().next().is_none() && !due_now
}

/// Runs on until the network is quiet.
fn settle(history: &mut History) {
    for _ in 0..MOST_STEPS {
        if is_quiet(history.world()) || history.step().is_none() {
            return;
        }
    }
}

/// More steps than any opening takes.
const MOST_STEPS: usize = 100_000;
