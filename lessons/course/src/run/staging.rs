//! Making a scene ready, a slice at a time, while the page goes on with what it shows.

use std::rc::Rc;

use world::{Replay, ReplayError, Shared};

use super::numbers::Measuring;
use super::setup::{Doing, Headway, Setup};
use super::{Numbers, Run, RunError};
use crate::lesson::{Lesson, Scene};
use crate::stages::{Params, StageError};

/// A scene that is being made ready to be played: its stage and its opening, the student's own run
/// where a link carries one, and the numbers of its prose.
///
/// Whoever has other things to do meanwhile lets it go on in slices; where they are cut changes
/// nothing. To give it up is to drop it: it has touched nothing else.
#[derive(Clone, Debug)]
pub struct Staging {
    lesson: Rc<Lesson>,
    scene: usize,
    params: Params,
    carried: Option<Rc<Shared>>,
    part: Part,
    /// The run, once it is opened.
    run: Option<Run>,
    refused: Option<ReplayError>,
}

#[derive(Clone, Debug)]
enum Part {
    Opening(Box<Setup>),
    Replaying(Box<Replay>),
    Measuring(Box<Measuring>, Box<Run>),
    Ready(Numbers),
    Failed(RunError),
}

/// A scene that can be played.
#[derive(Clone, Debug)]
pub struct Ready {
    /// The run as the student finds it, or as a link carries it.
    pub run: Run,
    /// The numbers of the scene's prose.
    pub numbers: Numbers,
    /// Why the run is not the one that the link carries, if it is not.
    pub refused: Option<ReplayError>,
}

impl Staging {
    /// A scene of a lesson with its knobs so, and with the run that a link carries, which has its
    /// own seed.
    pub fn new(
        lesson: Rc<Lesson>,
        scene: usize,
        params: Params,
        carried: Option<Rc<Shared>>,
    ) -> Staging {
        let part = match lesson.scene(scene) {
            Some(found) => {
                let seed = carried.as_ref().map_or(found.opening.seed, |shared| shared.seed);
                match Setup::new(&found.opening, &params, seed) {
                    Ok(setup) => Part::Opening(Box::new(setup)),
                    Err(why) => Part::Failed(why),
                }
            }
            None => Part::Failed(RunError::Stage(StageError::NoStage(String::new()))),
        };
        Staging { lesson, scene, params, carried, part, run: None, refused: None }
    }

    /// The scene, counted from 0.
    pub fn scene(&self) -> usize {
        self.scene
    }

    /// The stage's parameters.
    pub fn params(&self) -> &Params {
        &self.params
    }

    /// Goes on for up to so many steps: hosts made, or entries. Says whether it is over.
    pub fn advance(&mut self, mut steps: u32) -> bool {
        loop {
            match self.turn(&mut steps) {
                Ok(None) => return matches!(self.part, Part::Ready(_) | Part::Failed(_)),
                Ok(Some(part)) => self.part = part,
                Err(why) => self.part = Part::Failed(why),
            }
        }
    }

    /// How far it is.
    pub fn headway(&self) -> Headway {
        match &self.part {
            Part::Opening(setup) => setup.headway(),
            Part::Replaying(replay) => Headway { doing: Doing::Replay, share: replay.share() },
            Part::Measuring(measuring, _) => measuring.headway(),
            Part::Ready(_) | Part::Failed(_) => Headway { doing: Doing::Scene, share: 1.0 },
        }
    }

    /// The scene, ready; what is left to do is done at once.
    ///
    /// # Errors
    /// A stage that cannot be built, or a command before the opening that cannot be given.
    pub fn finish(mut self) -> Result<Ready, RunError> {
        while !self.advance(u32::MAX) {}
        let Staging { part, run, refused, .. } = self;
        match (part, run) {
            (Part::Ready(numbers), Some(run)) => Ok(Ready { run, numbers, refused }),
            (Part::Failed(why), _) => Err(why),
            (_, _) => Err(RunError::Stage(StageError::NoStage(String::new()))),
        }
    }

    /// Goes on with the part that is in hand; gives the next one when that is over.
    fn turn(&mut self, steps: &mut u32) -> Result<Option<Part>, RunError> {
        let Some(scene) = self.lesson.scene(self.scene) else { return Ok(None) };
        match &mut self.part {
            Part::Opening(setup) => {
                let is_over = setup.advance(steps)?;
                let Some(run) = setup.run().filter(|_| is_over) else { return Ok(None) };
                self.run = Some(run.clone());
                Ok(Some(match &self.carried {
                    Some(shared) => {
                        let (begun, moment) = (run.history.afresh(), shared.moment);
                        let replay = Replay::new(begun, &shared.meddlings, moment);
                        Part::Replaying(Box::new(replay))
                    }
                    None => measuring(scene, &self.params, run),
                }))
            }
            Part::Replaying(replay) => {
                let Some(run) = &mut self.run else { return Ok(None) };
                let opened = run.clone();
                match replay.advance(steps) {
                    Ok(false) => return Ok(None),
                    Ok(true) => run.carry_on(replay.history().clone()),
                    Err(why) => self.refused = Some(why),
                }
                Ok(Some(measuring(scene, &self.params, &opened)))
            }
            Part::Measuring(measuring, opened) => {
                let is_over = measuring.advance(scene, Some(opened), steps);
                Ok(is_over.then(|| Part::Ready(measuring.numbers())))
            }
            Part::Ready(_) | Part::Failed(_) => Ok(None),
        }
    }
}

fn measuring(scene: &Scene, params: &Params, opened: &Run) -> Part {
    Part::Measuring(Box::new(Measuring::new(scene, params)), Box::new(opened.clone()))
}
