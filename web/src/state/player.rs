//! Plays a run: moves the playhead from entry to entry, and says when the next one is reached.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use yew::prelude::*;

use super::clock::Clock;
use super::lab::{Lab, Playing, Stride};
use crate::browser;

/// What a player has to know of the run at each moment.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Pace {
    /// Whether time runs.
    pub running: bool,
    /// When the moment is, in nanoseconds since the run began.
    pub now: u64,
    /// When the next entry comes; none if it can come at once.
    pub next: Option<u64>,
    /// How many times faster than usual.
    pub speed: f64,
    /// Changes with every moment.
    pub version: u64,
}

/// Moves the playhead by the pace that is rendered, and calls `advance` whenever it has reached
/// the next entry.
#[hook]
pub fn use_player(clock: &Clock, pace: Pace, advance: Callback<()>) {
    let latest = use_memo((), |()| RefCell::new((pace, advance.clone())));
    *latest.borrow_mut() = (pace, advance);
    let clock = clock.clone();
    use_effect_with((clock, pace.running), move |(clock, running)| {
        if *running {
            let asked = Rc::new(Cell::new(None::<u64>));
            let playhead = clock.clone();
            clock.run(move |ms| {
                let (pace, advance) = latest.borrow().clone();
                if pace.running && asked.get() != Some(pace.version) && moved(&playhead, pace, ms) {
                    asked.set(Some(pace.version));
                    advance.emit(());
                }
                pace.running
            });
        } else {
            clock.stop();
        }
    });
}

/// Plays a run on an overlay: at every frame the run itself goes on as far as simulated time has
/// come, or as far as it gets within [`BUDGET_MS`]; panels are told by `caught` of what concerns
/// them, and every [`TELL_MS`] anyway.
#[hook]
pub fn use_strides(clock: &Clock, lab: &Rc<Lab>, caught: Callback<()>) {
    let latest = use_memo((), |()| RefCell::new((lab.clone(), caught.clone())));
    *latest.borrow_mut() = (lab.clone(), caught);
    let running = lab.is_overlay() && lab.playing != Playing::Hold;
    let clock = clock.clone();
    use_effect_with((clock, running), move |(clock, running)| {
        if !*running {
            return;
        }
        let told = Cell::new((browser::clock_ms(), u64::MAX));
        let playhead = clock.clone();
        clock.run(move |ms| {
            let (lab, caught) = latest.borrow().clone();
            if !lab.is_overlay() || lab.playing == Playing::Hold {
                return false;
            }
            let (last, version) = told.get();
            // What was said must be heard before more happens.
            if version == lab.version {
                return true;
            }
            if strode(&playhead, &lab, ms) || browser::clock_ms() - last > TELL_MS {
                told.set((browser::clock_ms(), lab.version));
                caught.emit(());
            }
            true
        });
    });
}

/// Goes on for one frame; whether the panels must be told at once.
fn strode(clock: &Clock, lab: &Lab, ms: f64) -> bool {
    let from = clock.nanos().max(lab.reached() as f64);
    // Nobody waits long where nothing is to happen for long.
    let gap = lab.upcoming().map_or(0.0, |next| next as f64 - from);
    let wait = lab.waits_for() as f64 / WAIT_MS;
    let until = from + ms * (NANOS_PER_MS * lab.speed).max(gap / LONGEST_MS).max(wait);
    let begun = browser::clock_ms();
    let came = lab.stride(until as u64, || browser::clock_ms() - begun < BUDGET_MS);
    match came {
        Stride::Reached => clock.set(until),
        Stride::Behind | Stride::News | Stride::Over => clock.set(lab.reached() as f64),
    }
    matches!(came, Stride::News | Stride::Over)
}

/// Puts the playhead where the moment is, whenever the run does not play.
#[hook]
pub fn use_playhead(clock: &Clock, pace: Pace) {
    use_effect_with((clock.clone(), pace.version, pace.running), move |(clock, _, running)| {
        if !running {
            clock.set(pace.now as f64);
        }
    });
}

/// Moves the playhead on; whether it has reached the next entry.
fn moved(clock: &Clock, pace: Pace, ms: f64) -> bool {
    let Some(next) = pace.next else { return true };
    let (from, to) = (pace.now as f64, next as f64);
    let wall_ms = ((to - from) / NANOS_PER_MS).min(LONGEST_MS) / pace.speed;
    if wall_ms <= 0.0 {
        return true;
    }
    let at = clock.nanos().max(from) + (to - from) * ms / wall_ms;
    clock.set(at.min(to));
    at >= to
}

/// How much of a frame the run may take: the rest is for drawing.
const BUDGET_MS: f64 = 9.0;
/// Panels that count follow a run that plays this far behind.
const TELL_MS: f64 = 125.0;
/// Simulated nanoseconds in a millisecond of playing at the usual speed: 40 ms take a second.
const NANOS_PER_MS: f64 = 40_000.0;
/// A wait that the lesson asks for takes about so long, where the machine is quick enough.
const WAIT_MS: f64 = 8_000.0;
/// However long nothing happens, nobody waits longer than this.
const LONGEST_MS: f64 = 1_600.0;
