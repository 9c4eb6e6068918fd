//! What the student wants and the lab is still working on: a scene that is made ready, an answer
//! that is judged. Until then, and if it is cancelled, all is as it was.

use std::cell::RefCell;
use std::rc::Rc;

use course::lesson::Lesson;
use course::stages::Params;
use course::{Headway, Hearing, Ready, RunError, Staging};
use world::Shared;

use super::{Lab, Playing};

/// Something that takes a while.
#[derive(Debug)]
pub struct Wish {
    work: RefCell<Work>,
    /// Whether time ran when it was wished.
    was: Playing,
}

#[derive(Clone, Debug)]
enum Work {
    /// A scene is made ready.
    Scene {
        staging: Box<Staging>,
        /// Whether it is entered, so that what was answered and opened in it begins anew.
        enters: bool,
    },
    /// An answer is judged.
    Answer(Hearing),
}

impl Wish {
    /// The first scene of a lesson that is opened, or another one.
    pub fn opening(lesson: Rc<Lesson>, scene: usize) -> Option<Wish> {
        let params = lesson.scene(scene)?.opening.params.clone();
        let staging = Box::new(Staging::new(lesson, scene, params, None));
        Some(Wish::of(Work::Scene { staging, enters: true }, Playing::Hold))
    }

    fn of(work: Work, was: Playing) -> Wish {
        Wish { work: RefCell::new(work), was }
    }

    /// Goes on a little; says whether it is fulfilled.
    pub fn advance(&self, steps: u32) -> bool {
        match &mut *self.work.borrow_mut() {
            Work::Scene { staging, .. } => staging.advance(steps),
            Work::Answer(hearing) => hearing.advance(steps),
        }
    }

    /// Goes on while there is time; says whether it is fulfilled.
    pub fn go_on(&self, has_time: impl Fn() -> bool) -> bool {
        loop {
            if self.advance(STEPS_BETWEEN_LOOKS) {
                return true;
            }
            if !has_time() {
                return false;
            }
        }
    }

    /// How far it is; none where it has only just begun.
    pub fn headway(&self) -> Option<Headway> {
        match &*self.work.borrow() {
            Work::Scene { staging, .. } => Some(staging.headway()),
            Work::Answer(hearing) => hearing.headway(),
        }
    }

    /// How many nodes an overlay has whose making is waited for.
    pub fn nodes(&self) -> Option<f64> {
        match &*self.work.borrow() {
            Work::Scene { staging, .. } => {
                let nodes = staging.params().number("nodes");
                (nodes > 0.0).then_some(nodes)
            }
            Work::Answer(_) => None,
        }
    }

    /// The scene and the stage's parameters that are wished for; none where an answer is judged.
    fn scene(&self) -> Option<(usize, Params, bool)> {
        match &*self.work.borrow() {
            Work::Scene { staging, enters } => {
                Some((staging.scene(), staging.params().clone(), *enters))
            }
            Work::Answer(_) => None,
        }
    }

    /// The scene once it is ready, with its number and the parameters.
    pub fn ready(&self) -> Option<Result<Ready, RunError>> {
        match &*self.work.borrow() {
            Work::Scene { staging, .. } => Some(Staging::clone(staging).finish()),
            Work::Answer(_) => None,
        }
    }
}

impl Lab {
    /// The stage's parameters as the knobs are wished to stand.
    pub fn knobs(&self) -> Params {
        let wished = self.wish.as_ref().and_then(|wish| wish.scene());
        let here = wished.filter(|(scene, _, _)| *scene == self.scene);
        here.map_or_else(|| self.params.clone(), |(_, params, _)| params)
    }

    /// Wishes for a scene with these parameters, and with the run that a link carries. A newer wish
    /// takes the place of an older one.
    pub(super) fn wish(
        &mut self,
        scene: usize,
        params: Params,
        enters: bool,
        carried: Option<Rc<Shared>>,
    ) {
        let older = self.wish.as_ref().and_then(|wish| wish.scene());
        let enters = enters || older.is_some_and(|(at, _, enters)| at == scene && enters);
        let staging = Staging::new(Rc::clone(&self.lesson), scene, params, carried);
        self.begin_wish(Work::Scene { staging: Box::new(staging), enters });
    }

    /// Wishes for an answer to be judged.
    pub(super) fn wish_for_verdict(&mut self, question: String, answer: course::Answer) {
        let (lesson, params) = (Rc::clone(&self.lesson), self.params.clone());
        self.begin_wish(Work::Answer(Hearing::new(lesson, self.scene, params, question, answer)));
    }

    fn begin_wish(&mut self, work: Work) {
        let was = self.wish.take().map_or(self.playing, |older| older.was);
        let wish = Wish::of(work, was);
        let is_fulfilled = wish.advance(STEPS_AT_ONCE);
        self.wish = Some(Rc::new(wish));
        match is_fulfilled {
            true => self.fulfil(),
            false => self.playing = Playing::Hold,
        }
    }

    /// Takes up what was wished for, once it is there.
    pub(super) fn fulfil(&mut self) {
        let Some(wish) = self.wish.clone().filter(|wish| wish.advance(0)) else { return };
        self.wish = None;
        let work = wish.work.borrow().clone();
        match work {
            Work::Scene { staging, enters } => self.enter(*staging, enters),
            Work::Answer(hearing) => {
                self.playing = wish.was;
                let (question, answer) = (hearing.question().to_string(), hearing.answer().clone());
                if let Some(verdict) = hearing.finish() {
                    self.answered(question, answer, verdict);
                }
            }
        }
    }

    /// Takes the wish back: all is as it was.
    pub(super) fn cancel(&mut self) {
        if let Some(wish) = self.wish.take() {
            self.playing = wish.was;
        }
    }
}

/// What takes no longer than this is done before the next frame, as if it took no time: some
/// twenty milliseconds. Most scenes of the course take less.
pub const STEPS_AT_ONCE: u32 = 4_000;

/// Looking at the clock costs little beside this many steps, of which the dearest, making a node
/// with all its tables, takes a tenth of a millisecond.
const STEPS_BETWEEN_LOOKS: u32 = 16;
