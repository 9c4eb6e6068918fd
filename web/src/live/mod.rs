//! Live mode: the same machines, driven over a real network through the relay.
//!
//! [`session`] drives, [`desk`] is what the page shows, and the rest puts it on the page with the
//! panels that simulated runs have too.

mod desk;
mod form;
mod keys;
mod middle;
mod page;
mod practice;
mod right;
mod session;
mod side;
mod socket;
mod way;
mod wish;

pub use page::LivePage;
