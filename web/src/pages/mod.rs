//! The pages, each a way of putting panels together.

mod film;
mod home;
mod lesson;
mod missing;

pub use home::{Home, Own};
pub use lesson::{LessonPage, take_up};
pub use missing::Missing;
