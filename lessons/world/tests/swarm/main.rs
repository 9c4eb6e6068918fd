//! A swarm of peers that speak UDP: what happens before its history, and who comes and goes.

mod churn;
#[path = "../../examples/swarm/peer.rs"]
mod peer;
mod prelude;
#[path = "../../examples/swarm/stage.rs"]
mod stage;

use std::rc::Rc;

use world::{Entry, History};

/// The entries of a run, as they are known so far.
fn entries(history: &History) -> &[Rc<Entry>] {
    history.trace().entries
}
