//! Why a run could not go on.

use core::fmt;

use world::ActError;

use crate::lesson::Setting;
use crate::stages::StageError;

/// Why a run could not go on.
#[derive(Clone, PartialEq, Debug)]
pub enum RunError {
    /// The stage cannot be built.
    Stage(StageError),
    /// There is no host of this name on the stage.
    NoHost(String),
    /// No message of such a title is in the air.
    NotSent(String),
    /// The message does not hold what is to be edited.
    NothingToEdit(String),
    /// A parameter that cannot be set so.
    Setting {
        /// What was to be set.
        setting: Setting,
        /// What would be right.
        right: String,
    },
    /// The world refused.
    Act(ActError),
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::Stage(error) => write!(f, "{error}"),
            RunError::NoHost(name) => write!(f, "There is no host `{name}` here."),
            RunError::NotSent(title) => {
                // The star of a pattern means nothing to a student.
                write!(f, "No {} is sent in this run.", title.trim_end_matches(['*', ' ']))
            }
            RunError::NothingToEdit(text) => {
                write!(f, "The message does not hold `{text}`.")
            }
            RunError::Setting { setting, right } => {
                write!(f, "`{}={}` cannot be set; {right}.", setting.param, setting.value)
            }
            RunError::Act(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for RunError {}
