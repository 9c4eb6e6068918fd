//! Making a run again from what was done to it.

use core::fmt;
use std::rc::Rc;

use super::{History, Meddling};
use crate::plan::Plan;
use crate::world::{ActError, World};

/// A run that is being made again from its meddlings, a slice at a time.
#[derive(Clone, Debug)]
pub struct Replay {
    history: History,
    meddlings: Rc<[Meddling]>,
    /// How many meddlings have been done.
    done: usize,
    moment: u32,
}

impl Replay {
    /// The run that these meddlings make of a history at its beginning, up to this moment.
    pub fn new(history: History, meddlings: &[Meddling], moment: u32) -> Replay {
        Replay { history, meddlings: meddlings.into(), done: 0, moment }
    }

    /// Goes on for up to so many entries; what is left of `steps` is not spent. Says whether it is
    /// over.
    ///
    /// # Errors
    /// A meddling that is not possible where it stands, or a moment that is never reached.
    pub fn advance(&mut self, steps: &mut u32) -> Result<bool, ReplayError> {
        loop {
            let next = self.meddlings.get(self.done);
            let moment = next.map_or(self.moment, |meddling| meddling.before);
            if self.history.moment() > moment {
                self.history.seek(moment);
            }
            while self.history.moment() < moment {
                if *steps == 0 {
                    return Ok(false);
                }
                *steps -= 1;
                if self.history.step().is_none() {
                    return Err(ReplayError::NeverReached { moment });
                }
            }
            let Some(next) = next else { return Ok(true) };
            let (index, act) = (self.done, next.act.clone());
            self.history.meddle(act).map_err(|why| ReplayError::Meddling { index, why })?;
            self.done += 1;
        }
    }

    /// How much of it is made, from 0 to 1.
    pub fn share(&self) -> f64 {
        let last = self.meddlings.last().map_or(0, |meddling| meddling.before);
        match self.moment.max(last) {
            0 => 1.0,
            all => (f64::from(self.history.len()) / f64::from(all)).min(1.0),
        }
    }

    /// The run as far as it is made.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The run; what is left to make of it is made at once.
    ///
    /// # Errors
    /// As for [`Replay::advance`].
    pub fn finish(mut self) -> Result<History, ReplayError> {
        while !self.advance(&mut { u32::MAX })? {}
        Ok(self.history)
    }
}

impl History {
    /// The run that these meddlings make, at this moment.
    ///
    /// # Errors
    /// A meddling that is not possible where it stands, or a moment that is never reached.
    pub fn replay(
        plan: Rc<Plan>,
        seed: u64,
        meddlings: &[Meddling],
        moment: u32,
    ) -> Result<History, ReplayError> {
        Replay::new(History::new(plan, seed), meddlings, moment).finish()
    }

    /// The same run at its beginning, with nothing known of what came.
    pub fn afresh(&self) -> History {
        let (_, world) = self.branch().nearest(self.begins());
        History::of(World::clone(&world), self.seed)
    }
}

/// Why a run cannot be made again from its meddlings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ReplayError {
    /// The world comes to rest before this moment.
    NeverReached {
        /// The moment.
        moment: u32,
    },
    /// A meddling is not possible where it stands.
    Meddling {
        /// Which one, counted from 0.
        index: usize,
        /// Why.
        why: ActError,
    },
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReplayError::NeverReached { moment } => {
                write!(f, "This run ends before step {moment}; the link asks for more.")
            }
            ReplayError::Meddling { index, why } => {
                write!(f, "Change {} of this run cannot be made again: {why}", index + 1)
            }
        }
    }
}

impl std::error::Error for ReplayError {}
