//! Bringing a stage to the beginning of its history, a slice at a time.

use core::time::Duration;
use std::rc::Rc;

use protocols::wire::Time;

use super::History;
use crate::plan::{Plan, Prelude};
use crate::world::{Making, World};

/// A stage whose hosts are being made and whose prelude is running. Whoever has other things to do
/// meanwhile runs it in slices; where they are cut changes nothing. To give it up is to drop it.
#[derive(Clone, Debug)]
pub struct Building {
    seed: u64,
    part: Part,
}

/// What is being done.
#[derive(Clone, Debug)]
enum Part {
    Hosts(Making),
    Prelude(Box<Running>),
    Over(Box<World>),
}

/// A prelude that is running.
#[derive(Clone, Debug)]
struct Running {
    world: World,
    prelude: Prelude,
    asks_at: Time,
    done: f64,
}

/// What of a stage is being built.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Built {
    /// Its hosts are made; this share of them is, from 0 to 1.
    Hosts(f64),
    /// Its prelude runs; this share of it is done, from 0 to 1.
    Prelude(f64),
}

impl Building {
    /// A stage of which nothing is built.
    pub fn new(plan: &Rc<Plan>, seed: u64) -> Building {
        Building { seed, part: Part::Hosts(Making::new(plan, seed)) }
    }

    /// Goes on for up to so many steps: hosts made, or entries of the prelude. What is left of
    /// `steps` is not spent. Says whether it is over.
    pub fn advance(&mut self, steps: &mut u32) -> bool {
        while *steps > 0 {
            match &mut self.part {
                Part::Over(_) => return true,
                Part::Hosts(making) => {
                    if !making.make_host() {
                        self.turn();
                        continue;
                    }
                }
                Part::Prelude(running) => {
                    if running.step() {
                        self.turn();
                    }
                }
            }
            *steps -= 1;
        }
        matches!(self.part, Part::Over(_))
    }

    /// What is being built, and how far it is.
    pub fn built(&self) -> Built {
        match &self.part {
            Part::Hosts(making) => Built::Hosts(making.share()),
            Part::Prelude(running) => Built::Prelude(running.share()),
            Part::Over(_) => Built::Prelude(1.0),
        }
    }

    /// The history that begins when the prelude is over; none before that.
    pub fn history(&self) -> Option<History> {
        match &self.part {
            Part::Over(world) => Some(History::of(World::clone(world), self.seed)),
            Part::Hosts(_) | Part::Prelude(_) => None,
        }
    }

    /// That history; what is left to do until then is done at once.
    pub fn finish(mut self) -> History {
        loop {
            self.advance(&mut { u32::MAX });
            if let Some(history) = self.history() {
                return history;
            }
        }
    }

    /// Goes over to the next part.
    fn turn(&mut self) {
        self.part = match &mut self.part {
            Part::Hosts(making) => {
                let world = making.world();
                match making.plan().prelude {
                    Some(prelude) => Part::Prelude(Box::new(Running::new(world, prelude))),
                    None => Part::Over(Box::new(world)),
                }
            }
            Part::Prelude(running) => {
                running.world.begin();
                Part::Over(Box::new(running.world.clone()))
            }
            Part::Over(_) => return,
        };
    }
}

impl Running {
    fn new(world: World, prelude: Prelude) -> Running {
        Running { asks_at: world.now() + ASKS_EVERY, world, prelude, done: 0.0 }
    }

    /// One entry on; says whether it is over.
    fn step(&mut self) -> bool {
        if self.world.step().is_none() || self.passed() >= 1.0 {
            return true;
        }
        let Some(done) = self.prelude.done else { return false };
        if self.world.now() >= self.asks_at {
            self.asks_at = self.world.now() + ASKS_EVERY;
            self.done = done(&self.world);
        }
        self.done >= 1.0
    }

    fn share(&self) -> f64 {
        match self.prelude.done {
            Some(_) => self.done,
            None => self.passed(),
        }
    }

    /// How much of its time has passed.
    fn passed(&self) -> f64 {
        let passed = self.world.now().since(self.world.plan().epoch);
        match self.prelude.lasts.is_zero() {
            true => 1.0,
            false => (passed.as_secs_f64() / self.prelude.lasts.as_secs_f64()).min(1.0),
        }
    }
}

/// How often it is asked how far a prelude is: asking may mean to look at every host.
const ASKS_EVERY: Duration = Duration::from_secs(1);
