//! What the student does on the live page: travel, selection, forks and what is done in them.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use world::compare::{Comparison, Run};
use world::{Act, BranchId, Fault, FlightId, Story};

use super::{Desk, Do, Fork};
use crate::live::task::Task;
use crate::live::wish::TAB;
use crate::panels::inspector::{Meddle, Tab};
use crate::panels::time::Travel;
use crate::state::lab::{Part, Playing};
use crate::state::pick::Pick;
use crate::state::telling::Telling;

impl Desk {
    /// Does something.
    pub(super) fn act(&mut self, action: Do) {
        match action {
            Do::Heard => return self.heard(),
            Do::Travel(to) => self.travel(to),
            Do::Advance => self.advance(),
            Do::Pick(pick) => self.pick(pick),
            Do::PickNext(forward) => self.pick_next(forward),
            Do::Tab(tab) => self.tab = tab,
            Do::View(view) => self.view = view,
            Do::Part(part) => self.part = part,
            Do::Fork => return self.fork_here(),
            Do::Return => self.look_at(None),
            Do::Meddle(flight, meddle) => return self.meddle(flight, meddle),
            Do::Ask(commands) => return self.ask(commands),
            Do::Turn(task) => self.turn(task),
            Do::Beside(show) => return self.lay_beside(show),
            Do::Undo => self.undo(),
        }
        self.notice = None;
    }

    fn travel(&mut self, to: Travel) {
        match to {
            Travel::Play(true) => {
                self.playing = Playing::On;
                return;
            }
            Travel::Speed(speed) => {
                self.speed = speed;
                return;
            }
            Travel::Play(false) => {}
            Travel::Step => {
                self.playing = Playing::Hold;
                return self.advance();
            }
            Travel::Start => self.seek(0),
            Travel::Back => self.seek(self.moment.saturating_sub(1)),
            Travel::End => self.seek(self.told.ticks.len()),
            Travel::To(moment) => self.seek(moment),
            Travel::Fork => self.branch_off(),
            Travel::Branch(id) => self.switch(id),
        }
        self.playing = Playing::Hold;
    }

    fn seek(&mut self, moment: usize) {
        let moment = moment.min(self.told.ticks.len()).max(self.begins());
        match self.fork() {
            Some(fork) => {
                fork.history.borrow_mut().seek(u32::try_from(moment).unwrap_or(u32::MAX));
            }
            None => self.moment = moment,
        }
        self.moved();
    }

    /// One entry on: one that was recorded, or in a fork one that the simulation makes.
    fn advance(&mut self) {
        let at_end = self.moment >= self.told.ticks.len();
        if at_end && self.quiet && self.playing == Playing::UntilQuiet {
            self.playing = Playing::Hold;
            return;
        }
        let moved = match self.fork() {
            Some(fork) => fork.history.borrow_mut().step().is_some(),
            None => !at_end,
        };
        if !moved {
            self.playing = Playing::Hold;
            return;
        }
        if self.at.is_none() {
            self.moment += 1;
        } else if at_end {
            self.grown();
        }
        self.moved();
        if self.next.is_none() {
            self.playing = Playing::Hold;
        }
    }

    /// The bar of time forks: the live run into a simulation, a simulation into another future.
    fn branch_off(&mut self) {
        match self.fork() {
            Some(fork) => {
                fork.history.borrow_mut().fork();
                self.told = Telling::default();
                self.grown();
                self.moved();
            }
            None => self.fork_here(),
        }
    }

    /// Goes to a branch as the bar of time numbers them: 0 is the live run; then come, from the
    /// live run, its forks, and in a fork the fork's own branches.
    fn switch(&mut self, id: usize) {
        let Some(number) = id.checked_sub(1) else { return self.look_at(None) };
        match self.fork() {
            Some(fork) => {
                fork.history.borrow_mut().switch(BranchId(number));
                self.told = Telling::default();
                self.grown();
                self.moved();
            }
            None => self.look_at(Some(number)),
        }
    }

    fn look_at(&mut self, at: Option<usize>) {
        self.beside = None;
        let from = self.fork().map(|fork| fork.from);
        self.at = at.filter(|at| *at < self.forks.len());
        self.told = Telling::default();
        self.picked = None;
        self.playing = Playing::Hold;
        self.grown();
        if let (None, Some(from)) = (self.at, from) {
            self.moment = from.min(self.told.ticks.len());
        }
        self.moved();
    }

    fn fork_here(&mut self) {
        let moment = u32::try_from(self.moment).unwrap_or(u32::MAX);
        let seed = u64::from(moment);
        let forked = self.session.live().fork(moment, seed);
        match forked {
            Ok(history) => {
                let history = Rc::new(RefCell::new(history));
                self.forks.push(Fork { history, from: self.moment });
                self.look_at(Some(self.forks.len() - 1));
                self.notice = None;
            }
            Err(why) => self.notice = Some(why.to_string().into()),
        }
    }

    fn meddle(&mut self, flight: FlightId, meddle: Meddle) {
        let fault = match meddle {
            Meddle::Drop => Fault::Drop,
            Meddle::Delay(ms) => Fault::Delay(Duration::from_millis(ms)),
            Meddle::Double => Fault::Double,
            Meddle::Edit(bytes) => Fault::Edit(bytes),
        };
        self.done(&[Act::Flight { flight, fault }]);
        self.playing = Playing::Hold;
    }

    fn ask(&mut self, commands: Vec<String>) {
        let act = |text| Act::Command { host: TAB, text };
        self.done(&commands.into_iter().map(act).collect::<Vec<_>>());
        if self.notice.is_none() {
            self.playing = Playing::UntilQuiet;
            self.part = Part::Middle;
        }
    }

    /// Looks at the session of another task; forks stay with theirs.
    fn turn(&mut self, task: Task) {
        let next = self.sessions.iter().find(|session| session.task() == task).cloned();
        let Some(session) = next.filter(|session| *session != self.session) else { return };
        let forks = std::mem::take(&mut self.forks);
        self.away.push((self.session.task(), forks));
        let back = self.away.iter().position(|(away, _)| *away == task);
        self.forks = back.map(|at| self.away.remove(at).1).unwrap_or_default();
        self.session = session;
        self.beside = None;
        self.view = Default::default();
        self.moment = 0;
        self.look_at(None);
        self.moment = self.told.ticks.len();
        self.moved();
    }

    /// Makes the twin of the live run, and compares the two.
    fn lay_beside(&mut self, show: bool) {
        self.beside = None;
        self.notice = None;
        if !show {
            return;
        }
        let live = self.session.live();
        let compared = live.twin(SEED).map(|twin| {
            let (real, made) = (live.recording().trace(), twin.trace());
            let stories = [Story::of(real), Story::of(made)];
            Comparison::of(
                Run { name: "the live run", trace: real, story: &stories[0] },
                Run { name: "the simulation", trace: made, story: &stories[1] },
            )
        });
        drop(live);
        match compared {
            Ok(found) => self.beside = Some(Rc::new(found)),
            Err(why) => self.notice = Some(why.to_string().into()),
        }
    }

    /// Does something to the fork that is looked at.
    fn done(&mut self, acts: &[Act]) {
        let Some(fork) = self.fork() else { return };
        let mut notice = None;
        for act in acts {
            if let Err(why) = fork.history.borrow_mut().meddle(act.clone()) {
                notice = Some(why.to_string().into());
                break;
            }
        }
        self.notice = notice;
        // It may have begun another branch, of which nothing is told yet.
        self.told = Telling::default();
        self.grown();
        self.moved();
    }

    fn undo(&mut self) {
        let Some(fork) = self.fork() else { return };
        if fork.history.borrow_mut().undo() {
            self.told = Telling::default();
            self.grown();
            self.moved();
        }
    }

    fn pick(&mut self, pick: Option<Pick>) {
        self.picked = if self.picked == pick { None } else { pick };
        match (self.picked, self.tab) {
            (Some(Pick::Arrow(_)), Tab::State) => self.tab = Tab::Message,
            (Some(Pick::Host(_)), _) => self.tab = Tab::State,
            (Some(Pick::Arrow(_)), Tab::Text) if self.part == Part::Middle => {
                self.tab = Tab::Message;
            }
            (Some(Pick::Arrow(_) | Pick::Entry(_) | Pick::Link(_)) | None, _) => {}
        }
    }

    fn pick_next(&mut self, forward: bool) {
        let arrows = &self.told.sketch.arrows;
        let shown: Vec<u64> =
            arrows.iter().filter(|arrow| arrow.entry < self.moment).map(|arrow| arrow.id).collect();
        let at = match self.picked {
            Some(Pick::Arrow(id)) => shown.iter().position(|other| *other == id),
            Some(Pick::Host(_) | Pick::Link(_) | Pick::Entry(_)) | None => None,
        };
        let last = shown.len().saturating_sub(1);
        let to = match (at, forward) {
            (None, true) => 0,
            (None, false) => last,
            (Some(at), true) => (at + 1).min(last),
            (Some(at), false) => at.saturating_sub(1),
        };
        if let Some(id) = shown.get(to).filter(|id| self.picked != Some(Pick::Arrow(**id))) {
            let id = *id;
            self.pick(Some(Pick::Arrow(id)));
        }
    }
}

/// The twin's chances; on paths that lose nothing they decide nothing.
const SEED: u64 = 1;
