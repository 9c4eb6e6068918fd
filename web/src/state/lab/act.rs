//! What the student does: cues, knobs, answers, faults, commands.

use std::rc::Rc;
use std::time::Duration;

use course::RunError;
use course::lesson::{Block, Order, Panel, Sight};
use course::measure::Facts;
use course::{Answer, Verdict, stages};
use world::{Act, Conditions, Fault, FlightId, LinkId};

use super::{Do, Lab, Part, Playing};
use crate::panels::inspector::{Meddle, Tab};
use crate::state::{pick::Pick, store};

impl Lab {
    /// Does something.
    pub(super) fn act(&mut self, action: Do) {
        if self.is_overlay() && self.run.borrow().history.moment() as usize != self.moment {
            // Time has strode on since the panels were told.
            self.grown();
        }
        self.former_told &= !action.makes_history();
        match action {
            Do::Travel(to) => self.travel(to),
            // The player may have asked just before it was told to hold.
            Do::Advance if self.playing == Playing::Hold => {}
            Do::Advance => self.advance(),
            Do::Caught => self.caught(),
            Do::Follow(follow) => self.follow(follow),
            Do::Pick(pick) => self.pick(pick),
            Do::PickNext(forward) => self.pick_next(forward),
            Do::Tab(tab) => self.tab = tab,
            Do::Map(map) => (self.map, self.beside) = (map, None),
            Do::View(view) => self.view = view,
            Do::Part(part) => self.part = part,
            Do::Scene(scene) => self.go_to(scene),
            Do::Anew => self.anew(),
            Do::Cue(id) => self.cue(&id),
            Do::Break(index) => self.break_it(index),
            Do::Look(index) => self.look(index),
            Do::Turn(param, value) => self.turn(&param, &value),
            Do::Answer(id, answer) => self.wish_for_verdict(id, answer),
            Do::Meddle(flight, meddle) => self.meddle(flight, meddle),
            Do::Link(link, conditions) => self.link(link, conditions),
            Do::Power(host, power) => self.outside(Act::Power { host, power }),
            Do::Command(host, command) => self.command(host, command),
            Do::Edit => {
                self.show(Panel::Message);
                self.editing = true;
            }
            Do::Show(panel) => self.show(panel),
            Do::Beside(show) => self.lay_beside(show),
            Do::Undo => self.undo(),
            Do::TakeBack => self.take_back(),
            Do::Open(shared) => self.take_over(&shared),
            Do::Fulfil => self.fulfil(),
            Do::Cancel => self.cancel(),
        }
    }

    fn pick(&mut self, pick: Option<Pick>) {
        self.picked = if self.picked == pick { None } else { pick };
        self.editing = false;
        let missing = match (self.picked, self.tab) {
            (Some(Pick::Arrow(_)), Tab::Message | Tab::Why | Tab::Text)
                if self.has(Panel::Message) =>
            {
                None
            }
            (Some(Pick::Arrow(_)), _) => Some(Panel::Message),
            (Some(Pick::Host(_)), _) => Some(Panel::State),
            (Some(Pick::Entry(_) | Pick::Link(_)) | None, _) => None,
        };
        let part = self.part;
        if let Some(panel) = missing {
            self.show(panel);
        }
        self.part = part;
    }

    fn pick_next(&mut self, forward: bool) {
        let arrows = &self.told.sketch.arrows;
        let shown: Vec<u64> =
            arrows.iter().filter(|arrow| arrow.entry < self.moment).map(|arrow| arrow.id).collect();
        let at = match self.picked {
            Some(Pick::Arrow(id)) => shown.iter().position(|other| *other == id),
            Some(Pick::Host(_) | Pick::Link(_) | Pick::Entry(_)) | None => None,
        };
        let to = match (at, forward) {
            (None, true) => 0,
            (None, false) => shown.len().saturating_sub(1),
            (Some(at), true) => (at + 1).min(shown.len().saturating_sub(1)),
            (Some(at), false) => at.saturating_sub(1),
        };
        if let Some(id) = shown.get(to).filter(|id| self.picked != Some(Pick::Arrow(**id))) {
            let id = *id;
            self.pick(Some(Pick::Arrow(id)));
        }
    }

    fn cue(&mut self, id: &str) {
        let orders = self
            .lesson
            .scene(self.scene)
            .and_then(|scene| scene.cues().find(|cue| cue.id == id).map(|cue| cue.orders.clone()));
        let Some(orders) = orders else { return };
        self.leave_future();
        self.pending.extend(orders);
        self.used.push(id.to_string());
        self.playing = Playing::UntilQuiet;
        self.part = Part::Middle;
        self.advance();
    }

    fn command(&mut self, host: String, command: String) {
        self.leave_future();
        self.pending.push_front(Order { host, command, together: true });
        self.playing = Playing::UntilQuiet;
        self.advance();
    }

    /// What is done now is done at this moment: a future that is known becomes another branch.
    fn leave_future(&mut self) {
        let mut run = self.run.borrow_mut();
        let history = &mut run.history;
        if history.moment() < history.len() {
            history.fork();
        }
    }

    fn turn(&mut self, param: &str, value: &str) {
        let stage = self.scene().map(|scene| scene.opening.stage.clone()).unwrap_or_default();
        let Some(stage) = stages::named(&stage) else { return };
        // Another knob may have been turned a moment ago.
        let mut params = self.knobs();
        match params.set(stage.specs, param, value) {
            Ok(()) => self.wish(self.scene, params, false, None),
            Err(right) => self.notice = Some(format!("Right here is {right}.").into()),
        }
    }

    /// Takes up what was said of an answer, and keeps it.
    pub(super) fn answered(&mut self, id: String, answer: Answer, verdict: Verdict) {
        if self.judged(id, answer, verdict) {
            store::save_progress(&self.progress);
            self.reach();
        }
    }

    /// The goals that this run has reached and no run before it.
    pub(super) fn newly_reached(&self) -> Vec<String> {
        let Some(scene) = self.lesson.scene(self.scene) else { return Vec::new() };
        let before = self.progress.scene(&self.lesson.id, self.scene);
        let tally = self.tally.borrow();
        let seen = Facts::of(scene, &self.params, tally.digest());
        let facts = Facts { answered: &before.answered, ..seen };
        let wanted = scene.goals().filter(|goal| !before.goals.contains(&goal.id));
        wanted.filter(|goal| goal.reached(&facts)).map(|goal| goal.id.clone()).collect()
    }

    /// Marks the goals that are reached by now.
    pub(super) fn reach(&mut self) {
        let reached = self.newly_reached();
        if !reached.is_empty() {
            let mut progress = (*self.progress).clone();
            progress.scene_mut(&self.lesson.id, self.scene).goals.extend(reached);
            self.progress = Rc::new(progress);
            store::save_progress(&self.progress);
        }
    }

    fn meddle(&mut self, flight: FlightId, meddle: Meddle) {
        let fault = match meddle {
            Meddle::Drop => Fault::Drop,
            Meddle::Delay(ms) => Fault::Delay(Duration::from_millis(ms)),
            Meddle::Double => Fault::Double,
            Meddle::Edit(bytes) => Fault::Edit(bytes),
        };
        self.outside(Act::Flight { flight, fault });
    }

    fn link(&mut self, link: LinkId, conditions: Conditions) {
        self.outside(Act::Link { link, conditions });
    }

    fn outside(&mut self, act: Act) {
        let done = self.run.borrow_mut().history.meddle(act);
        match done {
            Ok(_) => {
                self.grown();
                self.reach();
            }
            Err(why) => self.notice = Some(why.to_string().into()),
        }
        self.editing = false;
        self.playing = Playing::Hold;
    }

    fn undo(&mut self) {
        if self.has_meddled() && self.run.borrow_mut().history.undo() {
            self.pending.clear();
            self.playing = Playing::Hold;
            self.grown();
            self.notice = Some("Undone. What came of it is kept as another branch.".into());
        } else if self.can_undo() {
            self.take_back();
        } else {
            self.notice = Some("There is nothing to undo before this moment.".into());
        }
    }

    /// Breaks what a suggestion names, at the moment at which it is in the air.
    fn break_it(&mut self, index: usize) {
        let suggestion = self.lesson.scene(self.scene).and_then(|s| s.breaks().nth(index).cloned());
        let Some(suggestion) = suggestion else { return };
        let broken = self.run.borrow_mut().break_first(&suggestion);
        self.grown();
        match broken {
            Ok(()) => {
                self.reach();
                self.picked = self.sighted(&suggestion.sight).map(|(id, _)| Pick::Arrow(id));
                self.part = Part::Middle;
                self.playing = Playing::UntilQuiet;
            }
            Err(RunError::NotSent(_)) if self.used.is_empty() => {
                self.notice = Some(NOT_SENT.into());
            }
            Err(why) => self.notice = Some(why.to_string().into()),
        }
    }

    /// The first flight since the opening that begins such a message, and its entry.
    fn sighted(&self, sight: &Sight) -> Option<(u64, usize)> {
        let sketch = &self.told.sketch;
        let found = sketch.arrows.iter().find(|arrow| {
            let host = sketch.lines.get(arrow.from).map(|line| line.name.as_str());
            arrow.kind.begins()
                && arrow.entry >= self.opened
                && host == Some(sight.host.as_str())
                && sight.title.fits(&arrow.title)
        });
        found.map(|arrow| (arrow.id, arrow.entry))
    }

    fn look(&mut self, index: usize) {
        let look = self.lesson.scene(self.scene).and_then(|scene| {
            let looks = scene.blocks.iter().filter_map(|block| match block {
                Block::Look(look) => Some(look),
                _ => None,
            });
            looks.into_iter().nth(index).cloned()
        });
        let Some(look) = look else { return };
        // The State panel shows a host: of a message, the one that sends it.
        let sender = look.sight.as_ref().filter(|_| look.panel == Panel::State);
        if let Some(sight) = look.sight.as_ref().filter(|_| sender.is_none()) {
            match self.sighted(sight) {
                Some((id, _)) => self.picked = Some(Pick::Arrow(id)),
                None => self.notice = Some(NOT_SENT.into()),
            }
        }
        let host = look.host.as_ref().or(sender.map(|sight| &sight.host));
        let host = host.and_then(|name| self.run.borrow().host(name).ok());
        if let Some(host) = host {
            self.picked = Some(Pick::Host(host.0 as usize));
        }
        self.show(look.panel);
    }

    /// Opens a panel, whether or not the scene has it.
    fn show(&mut self, panel: Panel) {
        if !self.shows.contains(&panel) {
            self.shows.push(panel);
        }
        match panel {
            Panel::Ladder => self.map = false,
            Panel::Map => self.map = true,
            Panel::Message => self.tab = Tab::Message,
            Panel::State => self.tab = Tab::State,
            Panel::Why => self.tab = Tab::Why,
            Panel::Text => self.tab = Tab::Text,
            Panel::Time => {}
        }
        self.part = match panel {
            Panel::Ladder | Panel::Map | Panel::Time => Part::Middle,
            Panel::Message | Panel::State | Panel::Why | Panel::Text => Part::Right,
        };
    }
}

/// What is said where something is to be done about a message before there is one.
const NOT_SENT: &str = "Play the scene first: it has not been sent.";
