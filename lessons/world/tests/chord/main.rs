//! Chord in simulated networks: what its machines do together.

mod churn;
#[path = "../die/mod.rs"]
mod die;
mod failing;
mod joining;
mod keys;
mod met;
mod ring;
mod settling;
mod walking;
