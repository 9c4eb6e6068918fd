//! An answer to a question, and how much may be said of it yet.

use std::rc::Rc;

use course::{Answer, Verdict};

use super::Lab;

/// The last answer to a question with what the machine said, and what came before it.
#[derive(Clone, PartialEq, Debug)]
pub struct Answered {
    /// The answer as given: an option's index, or a text.
    pub answer: Answer,
    /// What the machine said.
    pub verdict: Verdict,
    /// The answers so far that were judged wrong, each once.
    missed: Vec<Answer>,
    /// Whether the question is over: answered rightly, or wrongly often enough.
    pub is_over: bool,
}

impl Answered {
    /// An answer after those before it. One that cannot be judged is no try, and neither is the
    /// same wrong answer once more.
    pub fn after(before: Option<&Answered>, answer: Answer, verdict: Verdict) -> Answered {
        let mut missed = before.map(|before| before.missed.clone()).unwrap_or_default();
        let right = is_right(&verdict);
        if right == Some(false) && !missed.contains(&answer) {
            missed.push(answer.clone());
        }
        let was_over = before.is_some_and(|before| before.is_over);
        let is_over = was_over || right == Some(true) || missed.len() >= TRIES;
        Answered { answer, verdict, missed, is_over }
    }

    /// Whether it is right; none where it cannot be judged.
    pub fn right(&self) -> Option<bool> {
        is_right(&self.verdict)
    }

    /// Whether the question has been tried: with this answer or one before it.
    pub fn is_tried(&self) -> bool {
        self.is_over || !self.missed.is_empty()
    }

    /// What the student reads. A measured number is kept back while there is a try left.
    pub fn says(&self) -> String {
        match self.is_over {
            true => self.verdict.says(),
            false => self.verdict.says_at_first(),
        }
    }
}

impl Lab {
    /// Takes up what was said of an answer; says whether it was a try.
    pub(super) fn judged(&mut self, id: String, answer: Answer, verdict: Verdict) -> bool {
        let answered = Answered::after(self.answers.get(&id), answer, verdict);
        let right = answered.right();
        self.answers.insert(id.clone(), answered);
        let Some(right) = right else { return false };
        self.asked = None;
        let mut progress = (*self.progress).clone();
        let done = progress.scene_mut(&self.lesson.id, self.scene);
        done.tried.insert(id.clone());
        if right {
            done.answered.insert(id);
        }
        self.progress = Rc::new(progress);
        true
    }
}

/// Whether an answer is right; none where it cannot be judged.
fn is_right(verdict: &Verdict) -> Option<bool> {
    match verdict {
        Verdict::Unclear(_) => None,
        judged => Some(judged.right()),
    }
}

/// After so many wrong answers the question tells what it has to tell: somebody who has thought
/// twice is to read on, and not to guess.
const TRIES: usize = 2;
