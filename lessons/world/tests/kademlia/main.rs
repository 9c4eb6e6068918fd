//! Networks of Kademlia nodes in simulated worlds: joining, searching, announcing, churn.

mod churn;
#[path = "../die/mod.rs"]
mod die;
mod joining;
mod met;
mod searching;
mod swarm;
