//! Counts that the limits and the tests look at.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a relay holds at this moment.
#[derive(Clone, Debug, Default)]
pub struct Gauges {
    /// Open HTTP connections, sessions included.
    pub connections: Count,
    /// Open WebSocket sessions.
    pub sessions: Count,
    /// Bytes that wait in the relay for slow readers.
    pub held_bytes: Count,
}

/// A number shared by everyone who adds to it.
#[derive(Clone, Debug, Default)]
pub struct Count(Arc<AtomicU64>);

impl Count {
    /// The number now.
    pub fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Adds one, unless the number has reached this limit: two who come at once do not both get the
    /// last place.
    pub fn hold_below(&self, limit: u64) -> Option<Gauge> {
        let one_more = |count| (count < limit).then_some(count + 1);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).ok()?;
        Some(Gauge { count: self.clone(), share: 1 })
    }

    /// Adds a share that is taken back when it is dropped.
    pub fn hold(&self, share: u64) -> Gauge {
        let mut gauge = Gauge { count: self.clone(), share: 0 };
        gauge.set(share);
        gauge
    }
}

/// One holder's share of a [`Count`].
#[derive(Debug)]
pub struct Gauge {
    count: Count,
    share: u64,
}

impl Gauge {
    /// Changes the share.
    pub fn set(&mut self, share: u64) {
        if share >= self.share {
            self.count.0.fetch_add(share - self.share, Ordering::Relaxed);
        } else {
            self.count.0.fetch_sub(self.share - share, Ordering::Relaxed);
        }
        self.share = share;
    }
}

impl Drop for Gauge {
    fn drop(&mut self) {
        self.set(0);
    }
}
