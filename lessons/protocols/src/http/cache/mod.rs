//! A cache of responses: what it keeps, for how long, and how it asks again (RFC 9111).
//!
//! The same [`Cache`] serves a browser (private) and a proxy (shared). Every answer that it gives
//! names the rule it was given by.

mod control;
mod decision;
mod entry;
mod storable;
mod store;
#[cfg(test)]
mod tests;

pub use control::CacheControl;
pub use decision::{Decision, Verdict};
pub use entry::{Entry, Lifetime};
pub use store::{Cache, DEFAULT_CAPACITY, Exchange, Sharing};
