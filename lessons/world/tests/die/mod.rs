//! Numbers by chance for worlds of which nobody has chosen anything.

/// Numbers by chance, from a seed.
pub struct Die(pub u64);

impl Die {
    /// The next number below this one.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % end
    }
}
