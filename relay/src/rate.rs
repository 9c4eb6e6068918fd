//! How often something may happen: a bucket of tokens that fills at a steady rate.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use relay_wire::{Code, Reset};

use crate::limits::Limits;

/// What keeps a client from scanning, shared by all its sessions: one after another, or beside one
/// another, they may do no more than one alone. Whoever is let in shows the one token of the relay
/// or sits at its machine, so all of them are the one client; a class that shares a token wants
/// the numbers raised.
#[derive(Debug)]
pub(crate) struct Brakes(Mutex<Buckets>);

#[derive(Debug)]
struct Buckets {
    opens: Bucket,
    failures: Bucket,
}

impl Brakes {
    pub(crate) fn new(limits: &Limits) -> Brakes {
        let now = Instant::now();
        let per_minute = limits.failed_opens_per_minute;
        Brakes(Mutex::new(Buckets {
            opens: Bucket::new(limits.opens_burst, f64::from(limits.opens_per_second), now),
            failures: Bucket::new(per_minute, f64::from(per_minute) / 60.0, now),
        }))
    }

    /// Counts an attempt to open something, or refuses it.
    pub(crate) fn open(&self, limits: &Limits, now: Instant) -> Result<(), Reset> {
        let mut buckets = self.buckets();
        if buckets.failures.is_empty(now) {
            let text = format!(
                "More than {} attempts failed within a minute; wait a little.",
                limits.failed_opens_per_minute
            );
            return Err(Reset::new(Code::Rate, text));
        }
        if !buckets.opens.take(now) {
            let text = format!(
                "More than {} connections a second were asked for; wait a little.",
                limits.opens_per_second
            );
            return Err(Reset::new(Code::Rate, text));
        }
        Ok(())
    }

    /// Counts an attempt that came to nothing.
    pub(crate) fn failed(&self, now: Instant) {
        self.buckets().failures.take(now);
    }

    fn buckets(&self) -> MutexGuard<'_, Buckets> {
        // Whoever panicked while it counted has left no more than a wrong count.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A bucket that starts full.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    tokens: f64,
    size: f64,
    per_second: f64,
    filled: Instant,
}

impl Bucket {
    pub(crate) fn new(size: u32, per_second: f64, now: Instant) -> Bucket {
        let size = f64::from(size);
        Bucket { tokens: size, size, per_second, filled: now }
    }

    /// Takes a token if there is one.
    pub(crate) fn take(&mut self, now: Instant) -> bool {
        self.fill(now);
        if self.tokens < 1.0 {
            return false;
        }
        self.tokens -= 1.0;
        true
    }

    /// True if there is no token.
    pub(crate) fn is_empty(&mut self, now: Instant) -> bool {
        self.fill(now);
        self.tokens < 1.0
    }

    fn fill(&mut self, now: Instant) {
        let seconds = now.saturating_duration_since(self.filled).as_secs_f64();
        self.tokens = (self.tokens + seconds * self.per_second).min(self.size);
        self.filled = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_burst_empties_the_bucket_and_time_fills_it_no_further_than_its_size() {
        let start = Instant::now();
        let mut bucket = Bucket::new(3, 2.0, start);
        assert_eq!((0..5).filter(|_| bucket.take(start)).count(), 3);
        assert!(bucket.is_empty(start));
        let later = start + Duration::from_millis(1000);
        assert_eq!((0..5).filter(|_| bucket.take(later)).count(), 2);
        let much_later = later + Duration::from_secs(60);
        assert_eq!((0..5).filter(|_| bucket.take(much_later)).count(), 3);
    }
}
