//! Worlds of which nobody has chosen anything: a thousand of them, and numbers by chance for each.

use core::ops::Range;
use std::thread;

/// Plays a thousand worlds, of which this plays those of some seeds, in quarters at the same time.
///
/// # Panics
/// When it does in any of them.
pub fn in_a_thousand_worlds(play: fn(Range<u64>)) {
    thread::scope(|scope| {
        for quarter in 0..4 {
            scope.spawn(move || play(quarter * 250..(quarter + 1) * 250));
        }
    });
}

/// Numbers by chance, from a seed.
pub struct Die(pub u64);

impl Die {
    /// The next number below this one.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % end
    }
}
