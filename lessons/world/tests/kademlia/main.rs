//! Networks of Kademlia nodes in simulated worlds: joining, searching, announcing, churn.

mod churn;
mod joining;
mod met;
mod searching;
mod swarm;
