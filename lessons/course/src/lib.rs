//! The lessons: prose, stages, goals and the judge of answers.
//!
//! A [`Lesson`] is a Markdown file whose scenes play on a stage ([`stages`]). What happens in a
//! run is counted, timed and calculated by the expressions of [`measure`], which serve goals,
//! formulas, predictions and the numbers in the prose alike.

mod catalogue;
pub mod judge;
pub mod lesson;
pub mod measure;
mod order;
mod progress;
mod prose;
mod reader;
mod run;
pub mod stages;

pub use catalogue::{Aims, Entry, catalogue, lesson};
pub use judge::{Answer, Hearing, Verdict};
pub use lesson::Lesson;
pub use progress::{Progress, SceneProgress};
pub use prose::{Number, Prose};
pub use reader::{LessonError, Place};
pub use run::{Doing, Headway, Numbers, Ready, Run, RunError, Sitting, Staging, Tally, digest};
