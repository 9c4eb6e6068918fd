//! Judging an answer a slice at a time: on a large stage the rehearsal that it needs takes a while.

use std::rc::Rc;

use super::{Answer, Verdict};
use crate::lesson::{Claim, Kind, Lesson, Question};
use crate::run::{Headway, Run, RunError, Setup};
use crate::stages::Params;

/// An answer that is being judged. Where that is cut into slices changes nothing.
#[derive(Clone, Debug)]
pub struct Hearing {
    lesson: Rc<Lesson>,
    scene: usize,
    params: Params,
    question: String,
    answer: Answer,
    /// The rehearsal that it needs; none where it needs none.
    setup: Option<Box<Setup>>,
    failed: Option<RunError>,
}

impl Hearing {
    /// An answer to a question of a scene, with the knobs so.
    pub fn new(
        lesson: Rc<Lesson>,
        scene: usize,
        params: Params,
        question: String,
        answer: Answer,
    ) -> Hearing {
        let found = lesson.scene(scene);
        let asked = found.and_then(|scene| scene.questions().find(|asked| asked.id == question));
        let setup = match (found, asked) {
            (Some(scene), Some(asked)) if asked.needs_rehearsal(&answer) => {
                Some(asked.params(scene, &params).and_then(|params| {
                    let setup = Setup::new(&scene.opening, &params, scene.opening.seed)?;
                    Ok(Box::new(setup.rehearsing(scene, &params)))
                }))
            }
            (_, _) => None,
        };
        let (setup, failed) = match setup.transpose() {
            Ok(setup) => (setup, None),
            Err(why) => (None, Some(why)),
        };
        Hearing { lesson, scene, params, question, answer, setup, failed }
    }

    /// The id of the question.
    pub fn question(&self) -> &str {
        &self.question
    }

    /// The answer.
    pub fn answer(&self) -> &Answer {
        &self.answer
    }

    /// Goes on for up to so many steps: hosts made, or entries. Says whether it can be judged.
    pub fn advance(&mut self, mut steps: u32) -> bool {
        let Some(setup) = &mut self.setup else { return true };
        match setup.advance(&mut steps) {
            Ok(is_over) => is_over,
            Err(why) => {
                (self.setup, self.failed) = (None, Some(why));
                true
            }
        }
    }

    /// How far it is; none where there is nothing to do before.
    pub fn headway(&self) -> Option<Headway> {
        self.setup.as_ref().map(|setup| setup.headway())
    }

    /// The verdict; none if there is no such question. What is left to do is done at once.
    pub fn finish(mut self) -> Option<Verdict> {
        while !self.advance(u32::MAX) {}
        if let Some(why) = self.failed {
            return Some(Verdict::Unclear(why.to_string()));
        }
        let scene = self.lesson.scene(self.scene)?;
        let asked = scene.questions().find(|asked| asked.id == self.question)?;
        let rehearsed: Option<&Run> = self.setup.as_ref().and_then(|setup| setup.run());
        Some(asked.judge_by(scene, &self.params, &self.answer, rehearsed))
    }
}

impl Question {
    /// Whether the scene must be played to its end to judge this answer. Where something is broken
    /// in it, that is done when it is judged: only small stages have breaks that are asked about.
    fn needs_rehearsal(&self, answer: &Answer) -> bool {
        match (&self.kind, answer) {
            (Kind::Choice(_) | Kind::Number(_), _) if self.breaks.is_some() => false,
            (Kind::Choice(choices), Answer::Option(index)) => {
                let claim = choices.get(*index).map(|choice| &choice.claim);
                matches!(claim, Some(Claim::Holds(_)))
            }
            (Kind::Number(_), Answer::Text(_)) => true,
            (Kind::Choice(_) | Kind::Typed(_), Answer::Text(_))
            | (Kind::Typed(_) | Kind::Number(_), Answer::Option(_)) => false,
        }
    }
}
