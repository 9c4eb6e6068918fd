//! Looking ahead: waiting for the memory of several steps at once.
//!
//! Of ten thousand hosts hardly anything is in the processor's cache when its turn comes, so that a
//! step would mostly wait: for the flight, then for the host, then for its program. What comes next
//! is known, though. A few steps' things are read together, one kind after the other, and the
//! processor waits for all of them at the same time. Nothing is changed, and what is done is the
//! same as without; if what comes next turns out to be something else, no harm is done.

use core::hint::black_box;

use smallvec::SmallVec;

use super::host::HostState;
use super::queue::Due;
use super::{Item, World};
use crate::entry::{Flight, HostId, Load};

impl World {
    /// Reads what the next few steps will, if the last look ahead does not reach any further.
    pub(super) fn look_ahead(&mut self) {
        if self.hosts.len() < LARGE {
            return;
        }
        if self.ahead == 0 {
            black_box(self.touch());
            self.ahead = STEPS;
        }
        self.ahead -= 1;
    }

    /// Reads it, each time those things of all the steps whose places are known by then. Of who is
    /// likely to be answered only the links are read.
    fn touch(&self) -> usize {
        let (hosts, flights) = self.next();
        let mut seen = flights.iter().fold(0, |seen, flight| seen ^ usize::from(flight.attempt));
        seen = hosts.iter().fold(seen, |seen, host| seen ^ self.hosts.touch(host.0 as usize));
        let ends = || hosts.iter().copied().chain(flights.iter().map(|flight| flight.from));
        let links = || ends().flat_map(|host| self.routes.leaving(host));
        seen = links().fold(seen, |seen, link| seen ^ self.links.touch(link.0 as usize));
        let states = hosts.iter().filter_map(|host| self.hosts.at(host.0 as usize));
        seen = states.clone().fold(seen, |seen, state| seen ^ state.touch());
        // An answer disarms the alarm of its request, which is mostly the latest.
        let alarms = states.clone().filter_map(HostState::latest);
        seen = alarms.fold(seen, |seen, armed| seen ^ self.alarms.touch(armed.when));
        seen = flights.iter().fold(seen, |seen, flight| seen ^ touch_payload(&flight.load));
        let links = links().filter_map(|link| self.link(link));
        seen = links.fold(seen, |seen, link| seen ^ link.touch());
        states.fold(seen, |seen, state| seen ^ state.program.touch())
    }

    /// The hosts that the next steps are about: who is woken, and whose flight lands there; and
    /// those flights.
    fn next(&self) -> (Row<HostId>, Row<&Flight>) {
        let (mut hosts, mut flights) = (Row::new(), Row::new());
        let (mut dues, mut alarms) = (self.queue.iter().peekable(), self.alarms.iter().peekable());
        for _ in 0..STEPS {
            let ring = alarms.peek().map(|due| due.when);
            match dues.next_if(|due| ring.is_none_or(|ring| due.when < ring)) {
                Some(Due { what: Item::Land(flying), .. }) => {
                    hosts.push(flying.to);
                    flights.push(&*flying.flight);
                }
                Some(_) => {}
                None => hosts.extend(alarms.next().map(|due| due.what.0)),
            }
        }
        (hosts, flights)
    }
}

/// Reads where a payload begins, and how many share it.
fn touch_payload(load: &Load) -> usize {
    match load {
        Load::Data { bytes, .. } | Load::Datagram { bytes, .. } => {
            usize::from(bytes.is_unique()) ^ usize::from(*bytes.first().unwrap_or(&0))
        }
        Load::Syn { .. }
        | Load::SynAck { .. }
        | Load::Ack { .. }
        | Load::Fin { .. }
        | Load::Rst { .. } => 0,
    }
}

/// A thing of each step at the most.
type Row<T> = SmallVec<[T; STEPS as usize]>;

/// How many steps are looked ahead to. More of them would drive each other out of the cache.
const STEPS: u8 = 16;

/// Hosts from which on it is worth the while: fewer stay in the cache by themselves.
const LARGE: usize = 1_000;
