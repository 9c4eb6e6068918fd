//! Chord in simulated networks: what its machines do together.

mod churn;
mod failing;
mod joining;
mod keys;
mod ring;
mod settling;
mod walking;
