//! What is true on the page: the lessons, what has been done of them, the run and the moment.

pub mod clock;
pub mod lab;
pub mod lessons;
pub mod pick;
pub mod player;
pub mod reading;
pub mod store;
pub mod telling;
pub mod theme;
