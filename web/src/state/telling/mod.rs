//! A simulated run as the panels want it: arrows, states, rows, readings, causes.
//!
//! Everything here is computed from a trace; nothing is kept beside them.

mod causes;
mod flights;
mod lines;
mod open;
mod sketch;
mod talk;

use std::rc::Rc;

use world::{Entry, Trace};

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
    pub fn of(trace: &Trace) -> Telling {
        let flown = Flown::of(trace);
        let talks = Talks::of(trace, &flown);
        let sketch = sketch::sketch(trace, &flown, &talks);
        let lines = lines::lines(trace, &sketch);
        let ticks = trace.entries.iter().map(|entry| tick(trace, entry, &flown, &talks)).collect();
        Telling { sketch: Rc::new(sketch), lines: Rc::new(lines), ticks: Rc::new(ticks) }
    }
}

/// Nanoseconds since the run began.
pub fn since(trace: &Trace, at: protocols::wire::Time) -> u64 {
    at.nanos().saturating_sub(trace.epoch.nanos())
}

fn tick(trace: &Trace, entry: &Entry, flown: &Flown, talks: &Talks) -> Tick {
    let flight = entry.landed.and_then(|id| flown.flight(id)).or(entry.flights.first());
    let student = match &entry.what {
        world::What::Meddling(_) => true,
        world::What::Step(step) => {
            matches!(step.stimulus, protocols::endpoint::Stimulus::Command(_))
        }
        world::What::Network(_) => false,
    };
    let protocol = flight.map_or("tcp", |flight| talks.protocol(flight));
    Tick { at: since(trace, entry.at), protocol, student }
}
