//! The swarm as a module of others who measure it.

pub mod mainline;
pub mod measure;
pub mod peer;
pub mod ring;
pub mod stage;
