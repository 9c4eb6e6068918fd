//! What the slow suites share: programs that are started and always stopped, a tap on a wire,
//! nginx, the relay with the built page, and a Chromium that is driven by role and name.

pub mod axe;
pub mod browser;
pub mod lab;
pub mod nginx;
pub mod program;
pub mod tap;
pub mod weight;
