//! The pages, each a way of putting panels together.

mod home;
mod lesson;
mod missing;

pub use home::Home;
pub use lesson::LessonPage;
pub use missing::Missing;
