//! What is true on the page: the lessons, what has been done of them, the run and the moment.

pub mod clock;
pub mod lessons;
pub mod pick;
pub mod progress;
pub mod reading;
pub mod sim;
pub mod theme;
