//! Moving in time, and what stops it: the end, the quiet, a question.

use course::lesson::{Moment, Question};
use world::{Act, BranchId, Meddling};

use super::{Answered, Lab, Playing};
use crate::panels::time::Travel;

impl Lab {
    /// Does what the bar of time asks.
    pub(super) fn travel(&mut self, to: Travel) {
        match to {
            Travel::Play(true) => {
                self.playing = Playing::On;
                return;
            }
            Travel::Speed(speed) => {
                self.speed = speed;
                return;
            }
            Travel::Play(false) => self.playing = Playing::Hold,
            Travel::Step => {
                self.playing = Playing::Hold;
                match self.pending.is_empty().then(|| self.beside_in_thread(true)).flatten() {
                    Some(_) => self.caught(),
                    None => self.advance(),
                }
                return;
            }
            Travel::Start => self.seek(0),
            Travel::Back => {
                let within = self.beside_in_thread(false).map(|moment| moment as usize);
                self.seek(within.unwrap_or(self.moment.saturating_sub(1)));
            }
            Travel::End => self.seek(self.known()),
            Travel::To(moment) => self.seek(moment),
            Travel::Fork => {
                self.run.borrow_mut().history.fork();
                self.pending.clear();
                self.grown();
            }
            Travel::Branch(id) => {
                let beside = self.beside.is_some();
                self.run.borrow_mut().history.switch(BranchId(id));
                self.grown();
                self.lay_beside(beside);
            }
        }
        self.playing = Playing::Hold;
    }

    fn seek(&mut self, moment: usize) {
        let moment = moment.min(self.known());
        self.run.borrow_mut().history.seek(u32::try_from(moment).unwrap_or(u32::MAX));
        self.moved();
    }

    /// How many entries are known, before and after the moment.
    pub fn known(&self) -> usize {
        self.run.borrow().history.len() as usize
    }

    /// One entry on: a command that has waited for quiet, or the next thing that is due.
    pub(super) fn advance(&mut self) {
        let (known, quiet) = {
            let run = self.run.borrow();
            let history = &run.history;
            (history.len() as usize, run.is_quiet())
        };
        let at_end = self.moment >= known;
        let waiting = self.pending.front().is_some_and(|order| order.together || quiet);
        if at_end && waiting {
            self.next_order();
        } else if at_end && quiet && self.playing == Playing::UntilQuiet
            || self.run.borrow_mut().history.step().is_none()
        {
            self.playing = Playing::Hold;
            self.moved();
            return;
        }
        if at_end {
            self.grown();
            self.reach();
        } else {
            self.moved();
        }
        self.wait_for_question();
    }

    /// Gives the next waiting command, and those that go together with it.
    fn next_order(&mut self) {
        while let Some(order) = self.pending.pop_front() {
            let given = self.run.borrow_mut().order(&order);
            if let Err(why) = given {
                self.pending.clear();
                self.notice = Some(why.to_string().into());
            }
            if !self.pending.front().is_some_and(|next| next.together) {
                return;
            }
        }
    }

    /// Holds at a question's moment until it is answered.
    pub(super) fn wait_for_question(&mut self) {
        let Some(scene) = self.lesson.scene(self.scene) else { return };
        let due = scene.questions().find(|question| {
            question.moment != Moment::Start
                && !self.answers.get(&question.id).is_some_and(Answered::is_tried)
                && self.is_due(question)
        });
        if let Some(question) = due {
            let id = question.id.clone();
            if self.asked.as_ref() != Some(&id) {
                self.asked = Some(id);
                self.playing = Playing::Hold;
            }
        }
    }

    /// In how many nanoseconds the next thing happens that only time brings, where the run is held,
    /// nothing is on its way, and the scene still waits for something but not for a cue. On an
    /// overlay something is due at any moment, and means nothing.
    pub fn lacks_time(&self) -> Option<u64> {
        let is_held = self.playing == Playing::Hold && self.asked.is_none() && !self.is_overlay();
        let is_begun = self.moment > self.opened && self.pending.is_empty();
        let is_quiet = self.quiet && self.moment == self.known();
        let next = self.next.filter(|_| is_held && is_begun && is_quiet && self.is_wanting())?;
        Some(next.saturating_sub(self.now))
    }

    /// Whether a goal of the scene is not reached, or a question not yet asked, and every cue has
    /// been used or a message been meddled with.
    fn is_wanting(&self) -> bool {
        let Some(scene) = self.lesson.scene(self.scene) else { return false };
        let reached = self.progress.scene(&self.lesson.id, self.scene).goals;
        let is_open = scene.goals().any(|goal| !reached.contains(&goal.id))
            || scene.questions().any(|question| !self.is_due(question));
        let mut offered = scene.cues().filter(|cue| self.params.are(&cue.only));
        let by_hand = |done: &Meddling| {
            done.before as usize >= self.opened && matches!(done.act, Act::Flight { .. })
        };
        let run = self.run.borrow();
        is_open
            && (offered.all(|cue| self.used.contains(&cue.id))
                || run.history.meddlings().iter().any(by_hand))
    }

    /// Whether a question can be answered now and has not been.
    pub fn has_open_question(&self) -> bool {
        let mut questions = self.scene().into_iter().flat_map(|scene| scene.questions());
        questions.any(|one| !self.answers.contains_key(&one.id) && self.is_due(one))
    }

    /// Whether the moment of a question has come.
    pub fn is_due(&self, question: &Question) -> bool {
        match &question.moment {
            Moment::Start => true,
            Moment::Sent(sight) => {
                let sketch = &self.told.sketch;
                sketch.arrows.iter().any(|arrow| {
                    let host = sketch.lines.get(arrow.from).map(|line| line.name.as_str());
                    arrow.kind.begins()
                        && (self.opened..self.moment).contains(&arrow.entry)
                        && host == Some(sight.host.as_str())
                        && sight.title.fits(&arrow.title)
                })
            }
        }
    }
}
