//! Bringing a run about, a slice at a time: its stage is built, and then it does one thing after
//! another.

use std::collections::VecDeque;
use std::rc::Rc;

use world::{Building, Built};

use super::play::MOST_STEPS;
use super::{Run, RunError};
use crate::judge;
use crate::lesson::{Opening, Order, Scene};
use crate::stages::{self, Params, Picture};

/// A run on its way to a moment of a lesson. Where it is cut into slices changes nothing.
#[derive(Clone, Debug)]
pub struct Setup {
    part: Part,
    overlay: bool,
    tasks: VecDeque<Task>,
    /// How many steps the first of these has taken.
    taken: usize,
    /// How much there was to do once the stage was built, as [`Task::weight`] has it.
    all: u32,
}

#[derive(Clone, Debug)]
enum Part {
    Building(Box<Building>),
    Playing(Box<Run>),
}

/// Something that a run does.
#[derive(Clone, Debug)]
enum Task {
    /// Runs on until the network is quiet; perhaps after a wait.
    Settle { waits: bool },
    /// Runs on until nothing is due any more; perhaps after a wait.
    Finish { waits: bool },
    /// Is given a command.
    Order(Order),
    /// Notes that the student comes.
    Open,
}

/// How far something is that is done in slices.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Headway {
    /// What is being done.
    pub doing: Doing,
    /// How much of that is done, from 0 to 1.
    pub share: f64,
}

/// What is being done until a scene can be played.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Doing {
    /// The hosts of its stage are made.
    Hosts,
    /// They do what they do before the history begins: a ring of nodes finds itself.
    Prelude,
    /// What happens in the scene before the student comes.
    Scene,
    /// The run that a link carries is made again.
    Replay,
    /// The scene is rehearsed, for what can only be known by playing it.
    Rehearsal,
}

impl Setup {
    /// A scene as the student finds it, on a stage with these parameters, with a seed of its own.
    ///
    /// # Errors
    /// There is no such stage.
    pub fn new(opening: &Opening, params: &Params, seed: u64) -> Result<Setup, RunError> {
        let plan = stages::build(&opening.stage, params).map_err(RunError::Stage)?;
        let picture = stages::named(&opening.stage).map(|stage| stage.picture);
        let building = Building::new(&Rc::new(plan), seed);
        let mut setup = Setup {
            part: Part::Building(Box::new(building)),
            overlay: picture == Some(Picture::Overlay),
            tasks: VecDeque::new(),
            taken: 0,
            all: 0,
        };
        setup.settle();
        setup.give(&opening.before);
        setup.settle();
        setup.add(Task::Open);
        Ok(setup)
    }

    /// A run that was opened before goes on from there.
    pub fn of(run: Run) -> Setup {
        let overlay = run.threads().is_some();
        let (part, tasks) = (Part::Playing(Box::new(run)), VecDeque::new());
        Setup { part, overlay, tasks, taken: 0, all: 0 }
    }

    /// It also plays the scene to its end: every cue in order.
    #[must_use]
    pub fn rehearsing(mut self, scene: &Scene, params: &Params) -> Setup {
        self.give(&judge::orders(scene, params));
        self.add(Task::Finish { waits: self.has_just_begun_to_wait() });
        self
    }

    /// Goes on for up to so many steps: hosts made, or entries. What is left of `steps` is not
    /// spent. Says whether it is over.
    ///
    /// # Errors
    /// A command that cannot be given.
    pub fn advance(&mut self, steps: &mut u32) -> Result<bool, RunError> {
        loop {
            let run = match &mut self.part {
                Part::Playing(run) => run,
                Part::Building(building) => {
                    building.advance(steps);
                    let Some(history) = building.history() else { return Ok(false) };
                    self.part = Part::Playing(Box::new(Run::begun(history, self.overlay)));
                    continue;
                }
            };
            let Some(task) = self.tasks.front() else { return Ok(true) };
            let is_over = match task {
                Task::Order(order) => run.order(order).map(|()| true)?,
                Task::Open => {
                    run.open_here();
                    true
                }
                Task::Finish { .. } if !self.overlay => {
                    walk(run, steps, &mut self.taken, |_| false)
                }
                Task::Finish { .. } | Task::Settle { .. } => {
                    walk(run, steps, &mut self.taken, Run::is_quiet)
                }
            };
            if !is_over {
                return Ok(false);
            }
            self.tasks.pop_front();
            self.taken = 0;
        }
    }

    /// The run as far as it is; none while its stage is built.
    pub fn run(&self) -> Option<&Run> {
        match &self.part {
            Part::Building(_) => None,
            Part::Playing(run) => Some(run),
        }
    }

    /// How far it is.
    pub fn headway(&self) -> Headway {
        let (doing, share) = match &self.part {
            Part::Building(building) => match building.built() {
                Built::Hosts(share) => (Doing::Hosts, share),
                Built::Prelude(share) => (Doing::Prelude, share),
            },
            Part::Playing(run) => {
                let doing = match self.tasks.back() {
                    Some(Task::Finish { .. }) => Doing::Rehearsal,
                    Some(Task::Settle { .. } | Task::Order(_) | Task::Open) | None => Doing::Scene,
                };
                (doing, self.share(run))
            }
        };
        Headway { doing, share }
    }

    /// How much of all is done, from 0 to 1, whatever it is: building and playing are taken to be
    /// of about the same length.
    pub fn share_of_all(&self) -> f64 {
        let Headway { doing, share } = self.headway();
        let (from, to) = match doing {
            Doing::Hosts => (0.0, 0.4),
            Doing::Prelude => (0.4, 0.5),
            Doing::Scene | Doing::Replay | Doing::Rehearsal => (0.5, 1.0),
        };
        from + (to - from) * share
    }

    /// How much of the tasks is done: a wait counts as far as it has passed.
    fn share(&self, run: &Run) -> f64 {
        let left: u32 = self.tasks.iter().map(Task::weight).sum();
        let first = self.tasks.front().map_or(0, Task::weight);
        let waited = run.waited().unwrap_or_default() * f64::from(first);
        (f64::from(self.all - left) + waited) / f64::from(self.all.max(1))
    }

    fn add(&mut self, task: Task) {
        self.all += task.weight();
        self.tasks.push_back(task);
    }

    fn settle(&mut self) {
        self.add(Task::Settle { waits: self.has_just_begun_to_wait() });
    }

    /// Adds commands, each once the network is quiet, unless it goes together with the one before.
    fn give(&mut self, orders: &[Order]) {
        for order in orders {
            if !order.together {
                self.settle();
            }
            self.add(Task::Order(order.clone()));
        }
    }

    fn has_just_begun_to_wait(&self) -> bool {
        let last = self.tasks.back();
        matches!(last, Some(Task::Order(order)) if order.wait().is_some())
    }

    /// The run; what is left to do is done at once.
    ///
    /// # Errors
    /// As for [`Setup::advance`].
    pub fn finish(mut self) -> Result<Run, RunError> {
        loop {
            let is_over = self.advance(&mut { u32::MAX })?;
            match self.part {
                Part::Playing(run) if is_over => return Ok(*run),
                Part::Playing(_) | Part::Building(_) => {}
            }
        }
    }
}

impl Run {
    /// A scene as the student finds it, on a stage with these parameters.
    ///
    /// # Errors
    /// A stage that cannot be built, or a command before the opening that cannot be given.
    pub fn open(opening: &Opening, params: &Params) -> Result<Run, RunError> {
        Setup::new(opening, params, opening.seed)?.finish()
    }
}

impl Task {
    /// How much there is to do, roughly: only a wait takes long on a large stage.
    fn weight(&self) -> u32 {
        match self {
            Task::Settle { waits: true } | Task::Finish { waits: true } => WAIT_WEIGHT,
            Task::Settle { .. } | Task::Finish { .. } | Task::Order(_) | Task::Open => 1,
        }
    }
}

/// Runs on until it may rest, or nothing is due; false where the steps did not suffice.
fn walk(run: &mut Run, steps: &mut u32, taken: &mut usize, rests: fn(&Run) -> bool) -> bool {
    while *taken < MOST_STEPS && !rests(run) {
        if *steps == 0 {
            return false;
        }
        *steps -= 1;
        *taken += 1;
        if !run.step() {
            return true;
        }
    }
    true
}

/// A wait of seconds among ten thousand nodes takes far longer than a command.
const WAIT_WEIGHT: u32 = 20;
