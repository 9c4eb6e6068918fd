//! What the slow suites share: programs that are started and always stopped, a tap on a wire,
//! nginx, the relay with the built page, and a Chromium that is driven by role and name.

#[cfg(feature = "browser")]
pub mod axe;
#[cfg(feature = "browser")]
pub mod browser;
pub mod lab;
pub mod nginx;
pub mod program;
pub mod tap;
#[cfg(feature = "browser")]
pub mod weight;
