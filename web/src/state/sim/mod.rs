//! A simulated run as the panels want it: arrows, states, rows, readings, causes.
//!
//! Everything here is computed from a plan and its entries; nothing is kept beside them.

mod causes;
mod flights;
mod lines;
mod open;
mod sketch;
mod talk;

use std::rc::Rc;

use world::{Entry, Plan};

pub use causes::causes;
pub use flights::Flown;
pub use open::{curl, reading};

use crate::draw::ladder::Sketch;
use crate::panels::time::Tick;
use crate::state::reading::Line;
use talk::Talks;

/// All that panels draw of a run, made anew when it grows.
#[derive(Clone, Debug)]
pub struct Telling {
    /// The ladder.
    pub sketch: Rc<Sketch>,
    /// The run as text.
    pub lines: Rc<Vec<Line>>,
    /// The scrubber's ticks.
    pub ticks: Rc<Vec<Tick>>,
}

impl Telling {
    /// Tells a run.
    pub fn of(plan: &Plan, entries: &[Entry]) -> Telling {
        let flown = Flown::of(entries);
        let talks = Talks::of(entries, &flown);
        let sketch = sketch::sketch(plan, entries, &flown, &talks);
        let lines = lines::lines(plan, entries, &sketch);
        let ticks = entries.iter().map(|entry| tick(plan, entry, &flown, &talks)).collect();
        Telling { sketch: Rc::new(sketch), lines: Rc::new(lines), ticks: Rc::new(ticks) }
    }
}

/// Nanoseconds since the run began.
pub fn since(plan: &Plan, at: protocols::wire::Time) -> u64 {
    at.nanos().saturating_sub(plan.epoch.nanos())
}

fn tick(plan: &Plan, entry: &Entry, flown: &Flown, talks: &Talks) -> Tick {
    let flight = entry.landed.and_then(|id| flown.flight(id)).or(entry.flights.first());
    let student = match &entry.what {
        world::What::Meddling(_) => true,
        world::What::Step(step) => {
            matches!(step.stimulus, protocols::endpoint::Stimulus::Command(_))
        }
        world::What::Network(_) => false,
    };
    let protocol = flight.map_or("tcp", |flight| talks.protocol(flight));
    Tick { at: since(plan, entry.at), protocol, student }
}
