//! A run as the panels want it: arrows, states, rows, readings, causes.
//!
//! The story of a run (`world::Story`) knows what happened; this turns it into what is drawn.

mod causes;
mod lines;
mod open;
mod sketch;

use std::rc::Rc;

use protocols::endpoint::Stimulus;
use protocols::wire::Time;
use world::{Entry, Story, Trace, What};

pub use causes::causes;
pub use open::{curl, reading};

use crate::draw::ladder::Sketch;
use crate::panels::time::Tick;
use crate::state::reading::Line;

/// All that panels draw of a run, made anew when it grows.
#[derive(Clone, Debug, Default)]
pub struct Telling {
    /// The story so far, which reads on as the run grows.
    pub story: Rc<Story>,
    /// The ladder.
    pub sketch: Rc<Sketch>,
    /// The run as text.
    pub lines: Rc<Vec<Line>>,
    /// The scrubber's ticks.
    pub ticks: Rc<Vec<Tick>>,
}

impl Telling {
    /// Reads on; what was told before is told again only where it has changed.
    pub fn read(&mut self, trace: Trace<'_>) {
        let story = Rc::make_mut(&mut self.story);
        story.read(trace);
        let sketch = sketch::sketch(story, trace);
        self.lines = Rc::new(lines::lines(story, trace));
        self.ticks = Rc::new(trace.entries.iter().map(|e| tick(story, trace, e)).collect());
        self.sketch = Rc::new(sketch);
    }
}

/// Nanoseconds since the run began.
pub fn since(trace: Trace<'_>, at: Time) -> u64 {
    at.nanos().saturating_sub(trace.epoch.nanos())
}

/// Whether an entry is what the student did.
fn by_student(entry: &Entry) -> bool {
    match &entry.what {
        What::Meddling(_) => true,
        What::Step(step) => matches!(step.stimulus, Stimulus::Command(_)),
        What::Network(_) => false,
    }
}

fn tick(story: &Story, trace: Trace<'_>, entry: &Entry) -> Tick {
    let flight = entry.landed.or(entry.flights.first().map(|flight| flight.id));
    let arrow = flight.and_then(|id| story.arrow(id));
    let protocol = arrow.map_or("tcp", |arrow| story.label(arrow).protocol);
    Tick { at: since(trace, entry.at), protocol, student: by_student(entry) }
}
