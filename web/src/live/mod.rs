//! Live mode: the same machines, driven over a real network through the relay.
//!
//! [`session`] drives, [`desk`] is what the page shows, and the rest puts it on the page with the
//! panels that simulated runs have too.

mod ask;
mod attach;
mod desk;
mod dht;
mod fetch;
mod fields;
mod form;
mod keys;
mod lookup;
mod middle;
mod page;
mod post;
mod practice;
mod right;
mod session;
mod side;
mod socket;
mod task;
mod way;
mod wish;

pub use page::LivePage;
