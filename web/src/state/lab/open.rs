//! Opening a scene: its stage, its opening, and the student's own run where one is carried.

use std::cell::RefCell;
use std::rc::Rc;

use course::lesson::{Lesson, Panel};
use course::stages::{self, Params};
use course::{Progress, Ready, Staging, Tally};
use yew::AttrValue;

use super::{Follow, Lab, Part, Playing};
use crate::panels::LadderView;
use crate::panels::inspector::Tab;
use crate::state::telling::Telling;

impl Lab {
    /// A lesson at a scene that is ready, as the student finds it.
    pub fn begun(lesson: Rc<Lesson>, scene: usize, ready: Ready, progress: Progress) -> Lab {
        let found = lesson.scene(scene).map(|scene| &scene.opening);
        let mut lab = Lab {
            scene,
            params: found.map(|opening| opening.params.clone()).unwrap_or_default(),
            version: 0,
            told: Telling::default(),
            moment: 0,
            now: 0,
            next: None,
            quiet: true,
            opened: 0,
            tally: Rc::default(),
            numbers: Rc::new(ready.numbers),
            pending: Default::default(),
            picked: None,
            tab: Tab::Text,
            map: false,
            view: LadderView::default(),
            playing: Playing::Hold,
            speed: 1.0,
            part: Part::Lesson,
            shows: found.map(|opening| opening.shows.clone()).unwrap_or_default(),
            asked: None,
            answers: Default::default(),
            used: Vec::new(),
            progress: Rc::new(progress),
            linked: Default::default(),
            beside: None,
            watch: None,
            follow: Follow::Latest,
            told_of: None,
            meddled: Rc::default(),
            editing: false,
            notice: None,
            wish: None,
            former: None,
            former_told: false,
            run: Rc::new(RefCell::new(ready.run)),
            lesson,
        };
        lab.map = lab.opens_with_map();
        lab.begin();
        lab
    }

    /// Goes to a scene and starts its run.
    pub(super) fn go_to(&mut self, scene: usize) {
        let Some(found) = self.lesson.scene(scene) else { return };
        let params = found.opening.params.clone();
        self.wish(scene, params, true, None);
    }

    /// Starts the scene's run anew with the knobs as they stand.
    pub(super) fn anew(&mut self) {
        self.former_told = true;
        self.wish(self.scene, self.params.clone(), false, None);
    }

    /// Takes up a scene that is ready: the run, and all that is true at its beginning.
    pub(super) fn enter(&mut self, staging: Staging, enters: bool) {
        let (scene, params) = (staging.scene(), staging.params().clone());
        let ready = match staging.finish() {
            Ok(ready) => ready,
            Err(why) => {
                self.notice = Some(why.to_string().into());
                return;
            }
        };
        self.former = if enters { None } else { self.to_take_back() };
        self.scene = scene;
        self.params = params;
        self.run = Rc::new(RefCell::new(ready.run));
        self.numbers = Rc::new(ready.numbers);
        self.picked = None;
        if enters {
            let opening = self.lesson.scene(scene).map(|scene| &scene.opening);
            self.shows = opening.map(|opening| opening.shows.clone()).unwrap_or_default();
            self.answers.clear();
            self.map = self.opens_with_map();
            self.view = LadderView::default();
            self.part = Part::Lesson;
        }
        if let Some(why) = ready.refused {
            self.notice = Some(why.to_string().into());
        }
        self.begin();
        if enters {
            self.linked = self.newly_reached().into_iter().collect();
        }
    }

    /// Whether the scene is to be seen as a map or an overlay at first.
    fn opens_with_map(&self) -> bool {
        self.has(Panel::Map) && !self.has(Panel::Ladder)
    }

    /// What is true at the beginning of a run, after its opening.
    fn begin(&mut self) {
        self.pending.clear();
        self.used.clear();
        self.linked.clear();
        self.playing = Playing::Hold;
        self.asked = None;
        let opened = self.run.borrow().opened();
        self.opened = opened as usize;
        self.tally = Rc::new(RefCell::new(Tally::new(opened)));
        let overlay = self.run.borrow().threads().is_some();
        self.watch = overlay.then(Rc::default);
        (self.follow, self.told_of) = (Follow::Latest, None);
        self.meddled = Rc::default();
        self.told = Telling::default();
        self.speed = if overlay { OVERLAY_SPEED } else { self.speed.min(FASTEST) };
        self.tab = *self.tabs().first().unwrap_or(&Tab::Text);
        self.grown();
    }

    /// Tells the run anew, after it has grown or changed.
    pub(super) fn grown(&mut self) {
        // The branch is another than the one that was compared, or longer.
        self.beside = None;
        // With a watch the moment's own telling is enough: it reads on.
        if self.watch.is_none() {
            self.told.read(self.run.borrow().history.trace());
            let run = self.run.borrow();
            if run.history.moment() == run.history.len() {
                self.count(&run, &self.told.story.borrow());
            } else {
                self.count(&run, &run.story());
            }
        }
        self.moved();
        self.remember_meddled();
    }

    /// Counts what goals and formulas of the scene ask for.
    pub(super) fn count(&self, run: &course::Run, story: &world::Story) {
        let mut tally = self.tally.borrow_mut();
        run.count(story, &mut tally);
        if self.scene().is_some_and(course::lesson::Scene::surveys) {
            run.survey(&mut tally);
        }
    }

    /// Takes up the history's own moment.
    pub(super) fn moved(&mut self) {
        self.tell();
        let run = self.run.borrow();
        let history = &run.history;
        let trace = history.trace();
        let since = |at| crate::state::telling::since(trace, at);
        self.moment = history.moment() as usize;
        let entries = trace.entries;
        let last = self.moment.checked_sub(1).and_then(|at| entries.get(at));
        self.now = last.map_or(0, |entry| since(entry.at));
        self.next = match entries.get(self.moment) {
            Some(entry) => Some(since(entry.at)),
            None => history.world().next_at().map(since),
        };
        self.quiet = run.is_quiet();
        self.version += 1;
    }

    /// Takes over a run that a link or the journal carries.
    pub(super) fn take_over(&mut self, shared: &world::Shared) {
        let scene = shared.scene as usize;
        if shared.lesson != self.lesson.id || self.lesson.scene(scene).is_none() {
            self.notice = Some("This link belongs to another lesson.".into());
            return;
        }
        let opening = self.lesson.scene(scene).map(|scene| scene.opening.stage.as_str());
        let Some(stage) = stages::named(&shared.stage).filter(|_| opening == Some(&shared.stage))
        else {
            self.notice = Some("This link belongs to an earlier form of the lesson.".into());
            return;
        };
        let mut params = Params::under_link(stage.specs);
        let mut wrong = None;
        for (name, value) in &shared.params {
            if let Err(right) = params.set(stage.specs, name, value) {
                wrong = Some(format!("The link sets {name} wrongly; right is {right}."));
            }
        }
        self.wish(scene, params, true, Some(Rc::new(shared.clone())));
        self.notice = wrong.map(AttrValue::from).or(self.notice.take());
    }
}

/// An overlay is watched at a tenth of a second for each second: a hop is then seen to fly.
const OVERLAY_SPEED: f64 = 2.5;

/// The fastest that a run is played entry by entry.
const FASTEST: f64 = 16.0;
