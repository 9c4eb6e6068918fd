//! The playhead: one animation-frame loop that moves it, and whoever draws by it.
//!
//! It is not Yew state. Panels give it painters, which set attributes of what they have rendered;
//! the truth is the moment in the reducer, and the playhead only runs from one entry to the next.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::render::{AnimationFrame, request_animation_frame};
use yew::prelude::*;

/// A playhead, shared by whoever draws by it; two are equal when they are the same one.
#[derive(Clone, Default)]
pub struct Clock(Rc<Inner>);

/// Draws by where the playhead is, in nanoseconds.
type Painter = Rc<dyn Fn(f64)>;

/// Is told how many milliseconds a frame took, and says whether there is another.
type Driver = Rc<dyn Fn(f64) -> bool>;

#[derive(Default)]
struct Inner {
    nanos: Cell<f64>,
    next_id: Cell<u64>,
    painters: RefCell<Vec<(u64, Painter)>>,
    driver: RefCell<Option<Driver>>,
    frame: RefCell<Option<AnimationFrame>>,
    last_ms: Cell<f64>,
}

impl PartialEq for Clock {
    fn eq(&self, other: &Clock) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Clock {
    /// Where the playhead is, in nanoseconds since the run began.
    pub fn nanos(&self) -> f64 {
        self.0.nanos.get()
    }

    /// Puts the playhead somewhere and draws by it.
    pub fn set(&self, nanos: f64) {
        self.0.nanos.set(nanos);
        let painters: Vec<_> = self.0.painters.borrow().iter().map(|(_, p)| p.clone()).collect();
        for painter in painters {
            painter(nanos);
        }
    }

    /// Calls `driver` with the milliseconds since the last frame, at every frame, until it says
    /// that it is done by `false`.
    pub fn run(&self, driver: impl Fn(f64) -> bool + 'static) {
        *self.0.driver.borrow_mut() = Some(Rc::new(driver));
        self.0.last_ms.set(f64::NAN);
        self.ask();
    }

    /// Stops the loop.
    pub fn stop(&self) {
        *self.0.driver.borrow_mut() = None;
        *self.0.frame.borrow_mut() = None;
    }

    fn ask(&self) {
        let clock = self.clone();
        let frame = request_animation_frame(move |ms| clock.frame(ms));
        *self.0.frame.borrow_mut() = Some(frame);
    }

    fn frame(&self, ms: f64) {
        let driver = self.0.driver.borrow().clone();
        let Some(driver) = driver else { return };
        let last = self.0.last_ms.replace(ms);
        let passed = if last.is_nan() { 0.0 } else { (ms - last).clamp(0.0, LONGEST_FRAME_MS) };
        if driver(passed) {
            self.ask();
        } else {
            self.stop();
        }
    }

    fn add(&self, painter: Painter) -> u64 {
        let id = self.0.next_id.get();
        self.0.next_id.set(id + 1);
        painter(self.nanos());
        self.0.painters.borrow_mut().push((id, painter));
        id
    }

    fn remove(&self, id: u64) {
        self.0.painters.borrow_mut().retain(|(other, _)| *other != id);
    }
}

/// Draws by the playhead: `paint` is called at each of its moves, and whenever `deps` change.
#[hook]
pub fn use_paint<D: PartialEq + 'static>(
    clock: &Clock,
    deps: D,
    paint: impl Fn(&D, f64) + 'static,
) {
    use_effect_with((clock.clone(), Rc::new(deps)), move |(clock, deps)| {
        let (clock, deps) = (clock.clone(), deps.clone());
        let id = clock.add(Rc::new(move |nanos| paint(&deps, nanos)));
        move || clock.remove(id)
    });
}

/// After a tab was asleep, the run does not leap.
const LONGEST_FRAME_MS: f64 = 100.0;
