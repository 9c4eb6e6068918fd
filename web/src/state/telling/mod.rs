//! A run as the panels want it: arrows, states, rows, readings, causes.
//!
//! The story of a run (`world::Story`) knows what happened; this turns it into what is drawn.

mod causes;
mod lines;
mod open;
mod sketch;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::rc::Rc;

use protocols::endpoint::Stimulus;
use protocols::wire::Time;
use world::{Entry, HostId, Story, Trace, What};

pub use causes::causes;
pub use open::{curl, reading};

use crate::draw::ladder::Sketch;
use crate::panels::time::Tick;
use crate::state::reading::Line;
use crate::tape::Tape;
use sketch::Pencil;

/// All that panels draw of a run. A copy is cheap, and so is reading on.
#[derive(Clone, Debug, Default)]
pub struct Telling {
    /// The story so far, which reads on as the run grows; copies share it.
    pub story: Rc<RefCell<Story>>,
    /// The ladder.
    pub sketch: Rc<Sketch>,
    /// The run as text.
    pub lines: Rc<Tape<Line>>,
    /// The scrubber's ticks.
    pub ticks: Rc<Tape<Tick>>,
    pencil: Rc<RefCell<Pencil>>,
    /// The last entry that was read.
    last: Option<Rc<Entry>>,
}

impl Telling {
    /// Reads on; what was told before is told again only where it has changed. Returns how many
    /// entries were told.
    pub fn read(&mut self, trace: Trace<'_>) -> usize {
        self.read_of(trace, None)
    }

    /// The same of a part of a run in which only these hosts take part, in this order. They can
    /// only become more as it grows.
    pub fn read_of(&mut self, trace: Trace<'_>, hosts: Option<&[HostId]>) -> usize {
        if !self.is_beginning_of(trace) {
            *self = Telling::default();
        }
        let known = self.ticks.len();
        let mut story = self.story.borrow_mut();
        story.read(trace);
        let sketch = Rc::make_mut(&mut self.sketch);
        let changed = self.pencil.borrow_mut().go_on(sketch, &story, trace, known, hosts);
        let before = |number: usize| move |entry: &Rc<Entry>| (entry.id.0 as usize) < number;
        let from = match changed {
            Some(number) => trace.entries.partition_point(before(number)).min(known),
            None => known,
        };
        let lines = Rc::make_mut(&mut self.lines);
        if let Some(first) = trace.entries.get(from) {
            let first = first.id.0 as usize;
            lines.truncate(lines.partition_point(|line| line.entry < first));
        }
        for entry in trace.entries.iter().skip(from) {
            for line in lines::told(&story, trace, entry) {
                lines.push(line);
            }
        }
        let ticks = Rc::make_mut(&mut self.ticks);
        for entry in trace.entries.iter().skip(known) {
            ticks.push(tick(&story, trace, entry));
        }
        self.last = trace.entries.last().cloned();
        trace.entries.len() - from
    }

    /// Whether a trace goes on where this stopped, and the shared story stopped there too.
    fn is_beginning_of(&self, trace: Trace<'_>) -> bool {
        let known = self.ticks.len();
        let same = match (&self.last, known.checked_sub(1).and_then(|at| trace.entries.get(at))) {
            (None, None) => true,
            (Some(mine), Some(theirs)) => Rc::ptr_eq(mine, theirs),
            (Some(_), None) | (None, Some(_)) => false,
        };
        same && self.story.borrow().entries().len() == known
    }
}

/// Nanoseconds since the run began.
pub fn since(trace: Trace<'_>, at: Time) -> u64 {
    at.nanos().saturating_sub(trace.epoch.nanos())
}

/// Whether an entry is what the student did.
fn by_student(trace: Trace<'_>, entry: &Entry) -> bool {
    match &entry.what {
        What::Meddling(_) => true,
        What::Step(step) => match step.stimulus {
            Stimulus::Command(_) => true,
            // A run begins with the start of every host; one that starts later was switched on.
            Stimulus::Start => entry.id.0 as usize >= trace.parties.len(),
            Stimulus::Opened { .. }
            | Stimulus::Data { .. }
            | Stimulus::Finished { .. }
            | Stimulus::Lost { .. }
            | Stimulus::Datagram { .. }
            | Stimulus::Alarm(_) => false,
        },
        What::Network(_) => false,
    }
}

fn tick(story: &Story, trace: Trace<'_>, entry: &Entry) -> Tick {
    let flight = entry.landed.or(entry.flights.first().map(|flight| flight.id));
    let arrow = flight.and_then(|id| story.arrow(id));
    let protocol = arrow.map_or("tcp", |arrow| story.label(arrow).protocol);
    Tick { at: since(trace, entry.at), protocol, student: by_student(trace, entry) }
}
