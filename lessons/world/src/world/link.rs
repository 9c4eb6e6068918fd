//! A link while the world runs: what is on it in each direction, and what it has carried.

use core::time::Duration;
use std::collections::VecDeque;

use protocols::wire::Time;

use crate::plan::Conditions;

/// A link's running state.
#[derive(Clone, Debug)]
pub struct Link {
    /// How it treats what departs now.
    pub conditions: Conditions,
    lanes: [Lane; 2],
}

/// What a link has carried in one direction.
#[derive(Clone, Debug, Default)]
pub struct Lane {
    /// When it is taken, in order of time and without overlaps; past intervals are forgotten.
    taken: VecDeque<(Time, Time)>,
    /// Bytes of payload that were put on it.
    pub bytes: u64,
    /// Flights that were put on it.
    pub flights: u64,
    /// How long it was busy sending them.
    pub busy: Duration,
}

/// Which way along a link: from its first end to its second, or back.
pub type Direction = usize;

impl Link {
    /// A link that nothing has been sent over.
    pub fn new(conditions: Conditions) -> Link {
        Link { conditions, lanes: Default::default() }
    }

    /// What it has carried in one direction.
    pub fn lane(&self, direction: Direction) -> &Lane {
        &self.lanes[direction & 1]
    }

    /// Puts bytes on the link at the first moment at or after `ready` when it is free for long
    /// enough; says when the first and the last bit go.
    pub fn put(
        &mut self,
        direction: Direction,
        now: Time,
        ready: Time,
        payload_bytes: usize,
    ) -> (Time, Time) {
        let lasts = self.conditions.transmission(payload_bytes);
        let lane = &mut self.lanes[direction & 1];
        lane.bytes += payload_bytes as u64;
        lane.flights += 1;
        lane.busy += lasts;
        lane.reserve(now, ready, lasts)
    }
}

impl Lane {
    fn reserve(&mut self, now: Time, ready: Time, lasts: Duration) -> (Time, Time) {
        while self.taken.front().is_some_and(|(_, end)| *end <= now) {
            self.taken.pop_front();
        }
        let mut begin = ready;
        let mut at = 0;
        for (start, end) in &self.taken {
            if begin + lasts <= *start {
                break;
            }
            if *end > begin {
                begin = *end;
            }
            at += 1;
        }
        let done = begin + lasts;
        if !lasts.is_zero() {
            self.taken.insert(at, (begin, done));
        }
        (begin, done)
    }
}
