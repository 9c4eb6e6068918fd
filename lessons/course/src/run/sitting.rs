//! A sitting: one student, be it the model one, in one scene.

use std::collections::BTreeSet;

use super::{Run, RunError};
use crate::judge::{Answer, Verdict};
use crate::lesson::{Act, Goal, Kind, Opening, Scene, Setting};
use crate::measure::{Digest, Facts};
use crate::stages::{self, Params};

/// A scene as somebody plays it: the knobs as they stand, the run so far, and the questions
/// answered rightly.
#[derive(Clone, Debug)]
pub struct Sitting<'a> {
    scene: &'a Scene,
    params: Params,
    run: Run,
    answered: BTreeSet<String>,
}

impl<'a> Sitting<'a> {
    /// The scene as the student finds it.
    ///
    /// # Errors
    /// A stage, host or command that the lesson names wrongly.
    pub fn new(scene: &'a Scene) -> Result<Sitting<'a>, RunError> {
        let params = scene.opening.params.clone();
        let run = Run::open(&scene.opening, &params)?;
        Ok(Sitting { scene, params, run, answered: BTreeSet::new() })
    }

    /// Does one thing of the model answer; for a reply, what the machine says of it. The run does
    /// not go on to its end: a break may come next.
    ///
    /// # Errors
    /// What is asked cannot be done.
    pub fn act(&mut self, act: &Act) -> Result<Option<Verdict>, RunError> {
        match act {
            Act::Cue(id) => {
                if let Some(cue) = self.scene.cues().find(|cue| cue.id == *id) {
                    self.run.orders(&cue.orders)?;
                }
            }
            Act::Order(order) => self.run.orders(core::slice::from_ref(order))?,
            Act::Turn(setting) => self.turn(setting)?,
            Act::Break(label) => {
                if let Some(found) = self.scene.breaks().find(|known| known.label == *label) {
                    self.run.break_first(found)?;
                }
            }
            Act::Reply { question, text } => return Ok(self.reply(question, text)),
        }
        Ok(None)
    }

    /// Runs on until the network is quiet.
    pub fn settle(&mut self) {
        self.run.settle();
    }

    /// Runs on until nothing is due any more.
    pub fn finish(&mut self) {
        self.run.finish();
    }

    /// Whether a goal is reached by now.
    pub fn reached(&self, goal: &Goal) -> bool {
        let digest = self.run.digest();
        goal.reached(&self.facts(&digest))
    }

    /// The facts of the run so far.
    pub fn facts<'b>(&'b self, digest: &'b Digest) -> Facts<'b> {
        Facts { answered: &self.answered, ..Facts::of(self.scene, &self.params, digest) }
    }

    /// The run so far.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The stage's parameters as the knobs stand.
    pub fn params(&self) -> &Params {
        &self.params
    }

    fn turn(&mut self, setting: &Setting) -> Result<(), RunError> {
        set(&mut self.params, &self.scene.opening, setting)?;
        self.run = Run::open(&self.scene.opening, &self.params)?;
        Ok(())
    }

    fn reply(&mut self, id: &str, text: &str) -> Option<Verdict> {
        let question = self.scene.questions().find(|question| question.id == id)?;
        let answer = match &question.kind {
            Kind::Choice(choices) => {
                Answer::Option(choices.iter().position(|choice| choice.label == text)?)
            }
            Kind::Typed(_) | Kind::Number(_) => Answer::Text(text.to_string()),
        };
        let verdict = question.judge(self.scene, &self.params, &answer);
        if verdict.right() {
            self.answered.insert(id.to_string());
        }
        Some(verdict)
    }
}

impl Goal {
    /// Whether all that it asks for holds.
    pub fn reached(&self, facts: &Facts<'_>) -> bool {
        self.holds.iter().all(|expr| expr.holds(facts))
    }
}

/// Sets one parameter of a scene's stage.
pub(crate) fn set(
    params: &mut Params,
    opening: &Opening,
    setting: &Setting,
) -> Result<(), RunError> {
    let specs = stages::named(&opening.stage).map_or(&[][..], |stage| stage.specs);
    params
        .set(specs, &setting.param, &setting.value)
        .map_err(|right| RunError::Setting { setting: setting.clone(), right })
}
