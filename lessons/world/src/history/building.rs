//! Bringing a stage to the beginning of its history, a slice at a time.

use core::time::Duration;
use std::rc::Rc;

use protocols::wire::Time;

use super::History;
use crate::plan::{Plan, Prelude};
use crate::world::World;

/// A stage whose prelude is running. Whoever has other things to do meanwhile runs it in slices;
/// where they are cut changes nothing. To give it up is to drop it.
#[derive(Clone, Debug)]
pub struct Building {
    seed: u64,
    world: World,
    asks_at: Time,
    is_over: bool,
}

impl Building {
    /// A stage at the beginning of its prelude.
    pub fn new(plan: &Rc<Plan>, seed: u64) -> Building {
        let world = World::new(plan, seed);
        let (asks_at, is_over) = (plan.epoch + ASKS_EVERY, plan.prelude.is_none());
        Building { seed, world, asks_at, is_over }
    }

    /// Runs the prelude on for up to so many steps; says whether it is over.
    pub fn advance(&mut self, steps: u32) -> bool {
        let Some(prelude) = self.world.plan().prelude else { return true };
        for _ in 0..steps {
            if self.is_over {
                break;
            }
            let rests = self.world.step().is_none();
            self.is_over = rests || self.ends(&prelude);
            if self.is_over {
                self.world.begin();
            }
        }
        self.is_over
    }

    /// How much of the prelude's time has passed, from 0 to 1. It may be over before.
    pub fn progress(&self) -> f64 {
        let plan = self.world.plan();
        match plan.prelude {
            Some(prelude) if !self.is_over && !prelude.lasts.is_zero() => {
                let passed = self.world.now().since(plan.epoch);
                (passed.as_secs_f64() / prelude.lasts.as_secs_f64()).min(1.0)
            }
            Some(_) | None => 1.0,
        }
    }

    /// The world as far as it is.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The history that begins when the prelude is over; what is left of it is run at once.
    pub fn finish(mut self) -> History {
        while !self.advance(u32::MAX) {}
        History::of(self.world, self.seed)
    }

    fn ends(&mut self, prelude: &Prelude) -> bool {
        let now = self.world.now();
        if now.since(self.world.plan().epoch) >= prelude.lasts {
            return true;
        }
        if now < self.asks_at {
            return false;
        }
        self.asks_at = now + ASKS_EVERY;
        prelude.is_over.is_some_and(|is_over| is_over(&self.world))
    }
}

/// How often it is asked whether a prelude is over: asking may mean to look at every host.
const ASKS_EVERY: Duration = Duration::from_secs(1);
