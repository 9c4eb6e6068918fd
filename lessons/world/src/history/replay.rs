//! Making a run again from what was done to it.

use core::fmt;
use std::rc::Rc;

use super::{History, Meddling};
use crate::plan::Plan;
use crate::world::ActError;

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
        let mut history = History::new(plan, seed);
        for (index, meddling) in meddlings.iter().enumerate() {
            if history.seek(meddling.before) != meddling.before {
                return Err(ReplayError::NeverReached { moment: meddling.before });
            }
            history
                .meddle(meddling.act.clone())
                .map_err(|why| ReplayError::Meddling { index, why })?;
        }
        if history.seek(moment) != moment {
            return Err(ReplayError::NeverReached { moment });
        }
        Ok(history)
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
