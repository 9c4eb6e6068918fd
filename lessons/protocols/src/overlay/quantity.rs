//! The names of what nodes measure about their lookups, for histograms and plots.
//!
//! A node says them with [`Context::measure`](crate::endpoint::Context::measure) in the step in
//! which a lookup ends.

/// How long the path of a finished lookup was: the nodes asked, one after another, until the
/// answer was known, as the Chord paper counts (SIGCOMM 2001 section 6.3). The asker itself is
/// not counted.
pub const HOPS: &str = "hops";

/// How many requests of a finished lookup were never answered.
pub const TIMEOUTS: &str = "timeouts";

/// A lookup that ended without an answer; its value is 1.
pub const FAILED: &str = "failed";

/// How long a finished lookup took, in microseconds.
pub const LATENCY_US: &str = "latency_us";
