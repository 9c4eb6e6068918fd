//! A link while the world runs: what is on it in each direction, and what it has carried.

use core::time::Duration;
use std::collections::VecDeque;
use std::rc::Rc;

use protocols::wire::Time;

use crate::entry::HostId;
use crate::plan::Conditions;

/// A link's running state.
#[derive(Clone, Debug)]
pub struct Link {
    /// Links that are alike share it.
    conditions: Rc<Conditions>,
    lanes: [Lane; 2],
}

/// What a link has carried in one direction.
#[derive(Clone, Debug, Default)]
pub struct Lane {
    /// When it is taken, in order of time and without overlaps; past intervals are forgotten. Most
    /// links of large stages take no time to send, and have none.
    #[allow(clippy::box_collection, reason = "an empty queue is four times as large")]
    taken: Option<Box<VecDeque<Taken>>>,
    /// Bytes of payload that were put on it.
    pub bytes: u64,
    /// Flights that were put on it.
    pub flights: u64,
    /// How long it was busy sending them, in nanoseconds.
    busy_ns: u64,
}

/// A flight as the link sees it.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// The host that sends it.
    pub from: HostId,
    /// When its last bit has left that host; none where this is the first link of its way.
    pub sent: Option<Time>,
    /// Bytes of its payload.
    pub payload_bytes: usize,
}

/// Which way along a link: from its first end to its second, or back.
pub type Direction = u8;

impl Link {
    /// A link that nothing has been sent over.
    pub fn new(conditions: Rc<Conditions>) -> Link {
        Link { conditions, lanes: Default::default() }
    }

    /// How it treats what departs now.
    pub fn conditions(&self) -> &Conditions {
        &self.conditions
    }

    /// Treats what departs from now on otherwise.
    pub fn set(&mut self, conditions: Conditions) {
        self.conditions = Rc::new(conditions);
    }

    /// Reads a little of all that putting something on it reads.
    pub fn touch(&self) -> usize {
        let carried = self.lanes.iter().fold(0, |seen, lane| seen ^ lane.flights);
        usize::from(self.conditions.up) ^ carried as usize
    }

    /// What it has carried in one direction.
    pub fn lane(&self, direction: Direction) -> &Lane {
        &self.lanes[usize::from(direction & 1)]
    }

    /// Puts bytes on the link at the first moment at or after `ready` when it is free for long
    /// enough; says when the first and the last bit go.
    pub fn put(
        &mut self,
        direction: Direction,
        now: Time,
        ready: Time,
        frame: Frame,
    ) -> (Time, Time) {
        let lasts = self.conditions.transmission(frame.payload_bytes);
        let lane = &mut self.lanes[usize::from(direction & 1)];
        lane.bytes += frame.payload_bytes as u64;
        lane.flights += 1;
        if lasts.is_zero() && lane.taken.is_none() {
            // A link that takes no time to send has no queue.
            return (ready, ready);
        }
        lane.busy_ns = lane.busy_ns.saturating_add(nanos(lasts));
        lane.reserve(now, ready, lasts, frame)
    }

    /// Whether it is to send anything that has not wholly left this host.
    pub fn awaits(&self, host: HostId, now: Time) -> bool {
        self.lanes.iter().flat_map(Lane::taken).any(|taken| taken.is_unsent(host, now))
    }

    /// Sends nothing more of what has not wholly left this host: its place is free again.
    pub fn withdraw(&mut self, host: HostId, now: Time) {
        self.lanes.iter_mut().for_each(|lane| lane.withdraw(host, now));
    }
}

/// A stretch of time in which a link sends one flight.
#[derive(Clone, Copy, Debug)]
struct Taken {
    /// When the flight came to the link.
    ready: Time,
    /// When its first bit goes.
    start: Time,
    /// When its last bit has gone.
    end: Time,
    /// What goes.
    frame: Frame,
}

impl Taken {
    fn is_unsent(&self, host: HostId, now: Time) -> bool {
        self.frame.from == host && self.frame.sent.unwrap_or(self.end) > now
    }
}

impl Lane {
    /// How long it was busy sending them.
    pub fn busy(&self) -> Duration {
        Duration::from_nanos(self.busy_ns)
    }

    fn taken(&self) -> impl Iterator<Item = &Taken> {
        self.taken.iter().flat_map(|all| all.iter())
    }

    /// First come, first served: a flight goes after all that came to the link before it, even if
    /// it is so small that it takes no time; before those that come later it takes any gap.
    fn reserve(&mut self, now: Time, ready: Time, lasts: Duration, frame: Frame) -> (Time, Time) {
        if let Some(all) = &mut self.taken {
            while all.front().is_some_and(|taken| taken.end <= now) {
                all.pop_front();
            }
        }
        let mut begin = ready;
        let mut at = 0;
        for taken in self.taken() {
            if taken.ready > ready && begin + lasts <= taken.start {
                break;
            }
            begin = begin.max(taken.end);
            at += 1;
        }
        let done = begin + lasts;
        if !lasts.is_zero() {
            let all = self.taken.get_or_insert_default();
            all.insert(at, Taken { ready, start: begin, end: done, frame });
        }
        (begin, done)
    }

    fn withdraw(&mut self, host: HostId, now: Time) {
        let Some(all) = &mut self.taken else { return };
        for unsent in all.iter().filter(|taken| taken.is_unsent(host, now)) {
            let unused = nanos(unsent.end.since(unsent.start.max(now)));
            self.busy_ns = self.busy_ns.saturating_sub(unused);
            if unsent.start >= now {
                self.flights -= 1;
                self.bytes -= unsent.frame.payload_bytes as u64;
            }
        }
        all.retain(|taken| !taken.is_unsent(host, now));
    }
}

/// A duration in nanoseconds; one of more than five centuries as long as can be said.
fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slow() -> Link {
        Link::new(Rc::new(Conditions { bandwidth_bps: Some(8_000), ..Conditions::default() }))
    }

    /// Puts bytes on the link, one millisecond for each; says when the last bit has gone, in ms.
    fn put(link: &mut Link, ready_ms: u64, bytes: usize) -> u64 {
        let ready = Time::from_nanos(ready_ms * 1_000_000);
        let frame = Frame { from: HostId(0), sent: None, payload_bytes: bytes };
        link.put(0, Time::EPOCH, ready, frame).1.nanos() / 1_000_000
    }

    #[test]
    fn a_flight_that_takes_no_time_still_waits_its_turn() {
        let mut link = slow();
        assert_eq!((put(&mut link, 0, 10), put(&mut link, 0, 10)), (10, 20));
        assert_eq!(put(&mut link, 0, 0), 20, "a FIN does not overtake the data before it");
    }

    #[test]
    fn what_comes_to_the_link_earlier_goes_earlier_though_it_was_sent_later() {
        let mut link = slow();
        assert_eq!(put(&mut link, 50, 10), 60);
        assert_eq!(put(&mut link, 20, 10), 30, "there is room before the one that comes at 50");
        assert_eq!(put(&mut link, 45, 10), 70, "there is no room between");
    }
}
