//! The simulator: a queue of flights and alarms, and one step at a time.
//!
//! A world is wholly decided by its plan, its seed and what is done to it from outside. It keeps
//! no history; [`History`](crate::History) does.

mod adopt;
mod ahead;
mod carry;
mod churn;
mod due;
mod few;
mod host;
mod land;
mod link;
mod making;
mod meddle;
mod power;
mod queue;
mod route;
mod shelf;
mod stream;
#[cfg(test)]
mod tests;
mod timeout;

use core::fmt;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use protocols::endpoint::{AlarmId, Conn, Stimulus, View};
use protocols::overlay::{Place, Pointer};
use protocols::wire::{Side, Time};
use rand_pcg::Pcg32;
use smallvec::SmallVec;

use crate::entry::{
    Dialled, Entry, EntryId, Flight, FlightId, HostId, LinkId, Network, StreamId, What,
};
use crate::plan::{Conditions, Plan};
pub use adopt::{Ongoing, Underway};
use host::HostState;
use link::Frame;
pub use link::{Direction, Lane, Link};
pub(crate) use making::Making;
pub use meddle::ActError;
use queue::{Due, Queue};
use route::Routes;
use shelf::Shelf;
use stream::{End, Stream};
use timeout::Again;

/// A simulated network in the middle of a run. A clone is cheap: hosts and streams are shared
/// until they change.
#[derive(Clone)]
pub struct World {
    plan: Rc<Plan>,
    routes: Rc<Routes>,
    now: Time,
    entries: u32,
    hosts: Shelf<HostState>,
    links: Shelf<Link>,
    /// Streams that are not over at both ends.
    streams: BTreeMap<StreamId, Rc<Stream>>,
    next_stream: u32,
    /// What is due but for alarms: nothing outside has to look through those of all hosts to find
    /// the flights in the air.
    queue: Queue<Item>,
    /// Armed alarms.
    alarms: Queue<(HostId, AlarmId)>,
    next_turn: u64,
    next_flight: u64,
    random: Pcg32,
    /// How many steps are still to be made of those that were looked ahead to.
    ahead: u8,
}

/// A flight on its way, and the entry that sent it.
#[derive(Clone, Debug)]
struct Flying {
    flight: Rc<Flight>,
    /// Where it lands, said here too: the host need not wait for the flight to be read.
    to: HostId,
    cause: EntryId,
}

impl Flying {
    fn new(flight: Rc<Flight>, cause: EntryId) -> Flying {
        Flying { to: flight.to, flight, cause }
    }
}

/// Something that is due.
#[derive(Clone, Debug)]
enum Item {
    /// A host is switched on.
    Start(HostId),
    /// A flight lands.
    Land(Flying),
    /// A lost flight is missed. Nothing happens then; the time-out does what there is to do.
    Miss(Flying),
    /// More of a stream can be delivered than the last step took.
    Deliver(StreamId, Side, EntryId),
    /// A time-out of the transport.
    SendAgain(Again),
    /// An acknowledgement comes back to the sender of a segment.
    Acknowledge { stream: StreamId, side: Side, number: u32, cause: EntryId },
    /// What was written before the world took over is sent.
    Resume(StreamId, Side, EntryId),
    /// A dial comes to nothing at once.
    NoRoute(HostId, Conn, EntryId),
    /// A host comes or goes by itself.
    Churn(HostId),
}

/// What a step gathers while it happens.
#[derive(Debug, Default)]
struct Trail {
    flights: SmallVec<[Rc<Flight>; 2]>,
    dialled: Vec<Dialled>,
    /// Streams that may be over now.
    touched: Vec<StreamId>,
}

impl World {
    /// A world at the beginning of a plan, with the seed of everything that is left to chance. If
    /// the plan has a prelude, it begins with that, and makes entries that are not numbered: a
    /// [`Building`](crate::Building) runs it to the beginning of the history.
    pub fn new(plan: &Rc<Plan>, seed: u64) -> World {
        Making::new(plan, seed).world()
    }

    /// A world with these hosts, of which none is switched on.
    fn with(plan: &Rc<Plan>, hosts: Shelf<HostState>, random: Pcg32) -> World {
        // Links that are alike share how they treat what is sent: it is read for each flight.
        let mut kinds: BTreeMap<&Conditions, Rc<Conditions>> = BTreeMap::new();
        let links = plan.links.iter().map(|link| {
            let kind = kinds.entry(&link.conditions);
            Link::new(Rc::clone(kind.or_insert_with(|| Rc::new(link.conditions.clone()))))
        });
        let mut world = World {
            routes: Rc::new(Routes::of(plan)),
            plan: Rc::clone(plan),
            now: plan.epoch,
            entries: UNRECORDED.0,
            links: links.collect(),
            streams: BTreeMap::new(),
            next_stream: 0,
            queue: Queue::new(),
            alarms: Queue::new(),
            next_turn: 0,
            next_flight: 0,
            random,
            ahead: 0,
            hosts,
        };
        for host in 0..world.hosts.len() {
            world.schedule(plan.epoch, Item::Start(HostId(host as u32)));
        }
        if plan.prelude.is_none() {
            world.begin();
        }
        world
    }

    /// From here on entries are counted.
    pub(crate) fn begin(&mut self) {
        self.entries = 0;
        self.begin_churn();
    }

    /// Lands one flight or rings one alarm; nothing when nothing is due any more.
    pub fn step(&mut self) -> Option<Entry> {
        self.look_ahead();
        loop {
            let (first, alarm) = (self.queue.first(), self.alarms.first());
            if let Some(ring) = alarm
                && first.is_none_or(|first| ring < first)
            {
                let Due { when, what: (host, alarm) } = self.alarms.pop()?;
                self.now = self.now.max(when.at);
                return Some(self.ring(host, alarm));
            }
            let due = self.queue.pop()?;
            if self.is_stale(&due.what) {
                continue;
            }
            let now = self.now.max(due.when.at);
            let before = core::mem::replace(&mut self.now, now);
            match self.happen(due.what) {
                Some(entry) => return Some(entry),
                // What nobody sees does not move the clock that everybody sees.
                None => self.now = before,
            }
        }
    }

    /// The moment that the world has reached.
    pub fn now(&self) -> Time {
        self.now
    }

    /// What the world started from.
    pub fn plan(&self) -> &Rc<Plan> {
        &self.plan
    }

    /// How many entries it has made.
    pub fn entries(&self) -> u32 {
        self.entries
    }

    /// How many hosts there are.
    pub(crate) fn host_count(&self) -> u32 {
        self.plan.hosts.len() as u32
    }

    /// What a host shows of itself now. While it is off that is what lies on its disk: what it
    /// would remember if it started now.
    pub fn view(&self, host: HostId) -> Option<View> {
        self.view_at(host, self.now)
    }

    /// What a host will show of itself then, if nothing happens before: only what runs down with
    /// time differs from now.
    pub fn view_at(&self, host: HostId, then: Time) -> Option<View> {
        self.hosts.at(host.0 as usize).map(|state| match state.is_on {
            true => state.program.view(then.max(self.now)),
            false => {
                let mut woken = state.program.duplicate();
                let _ = woken.step(self.now, Stimulus::Start);
                let tables = woken.view(self.now).tables;
                View { state: OFF.to_string(), machines: Vec::new(), tables }
            }
        })
    }

    /// Whether a host is switched on; false for one that is not on the stage.
    pub fn is_on(&self, host: HostId) -> bool {
        self.hosts.at(host.0 as usize).is_some_and(|state| state.is_on)
    }

    /// Where a host stands in an overlay, if it runs a node of one; also while it is off.
    pub fn place(&self, host: HostId) -> Option<Place> {
        self.hosts.at(host.0 as usize).and_then(|state| state.program.place())
    }

    /// The nodes that a host knows in its overlay.
    pub fn pointers(&self, host: HostId) -> Vec<Pointer> {
        self.hosts.at(host.0 as usize).map_or_else(Vec::new, |state| state.program.pointers())
    }

    /// The commands that a host understands, as templates.
    pub fn commands(&self, host: HostId) -> &'static [&'static str] {
        self.hosts.at(host.0 as usize).map_or(&[], |state| state.program.commands())
    }

    /// A link as it is now.
    pub fn link(&self, link: LinkId) -> Option<&Link> {
        self.links.at(link.0 as usize)
    }

    fn happen(&mut self, item: Item) -> Option<Entry> {
        match item {
            Item::Start(host) => Some(self.advance(host, None, None, Stimulus::Start)),
            Item::Land(flying) => self.land(&flying),
            Item::Miss(_) => None,
            Item::Deliver(stream, side, cause) => self.deliver(stream, side, Some(cause), None),
            Item::SendAgain(again) => self.send_again(again),
            Item::Acknowledge { stream, side, number, cause } => {
                self.acknowledged((stream, side), number, cause)
            }
            Item::Resume(stream, side, cause) => self.resume(stream, side, cause),
            Item::NoRoute(host, conn, cause) => Some(self.no_route(host, conn, cause)),
            Item::Churn(host) => self.churn(host),
        }
    }

    /// Hands a stimulus to a host's program and carries out what it wants done.
    fn advance(
        &mut self,
        host: HostId,
        cause: Option<EntryId>,
        landed: Option<FlightId>,
        stimulus: Stimulus,
    ) -> Entry {
        self.advance_after(host, cause, landed, stimulus, Trail::default())
    }

    /// The same, after what the transport has done of itself in this step.
    fn advance_after(
        &mut self,
        host: HostId,
        cause: Option<EntryId>,
        landed: Option<FlightId>,
        stimulus: Stimulus,
        mut trail: Trail,
    ) -> Entry {
        let now = self.now;
        let Ok(step) = self.host_mut(host).program.step(now, stimulus) else {
            unreachable!("only a command can fail, and it is checked before")
        };
        for output in &step.outputs {
            self.carry_out(host, output, &mut trail);
        }
        self.entry(host, cause, landed, What::Step(step), trail)
    }

    /// Writes an entry down.
    fn entry(
        &mut self,
        host: HostId,
        cause: Option<EntryId>,
        landed: Option<FlightId>,
        what: What,
        trail: Trail,
    ) -> Entry {
        let id = EntryId(self.entries);
        if id != UNRECORDED {
            self.entries += 1;
        }
        // What was caused before the beginning has no cause that could be shown.
        let cause = cause.filter(|cause| *cause != UNRECORDED);
        let state = match self.host(host) {
            off if !off.is_on => Cow::Borrowed(OFF),
            on => on.program.state(self.now),
        };
        let Trail { flights, dialled, touched } = trail;
        for stream in touched {
            self.sweep(stream);
        }
        Entry { id, at: self.now, host, cause, landed, what, dialled, flights, state }
    }

    /// Writes down something that the network did by itself.
    fn network(
        &mut self,
        host: HostId,
        cause: Option<EntryId>,
        landed: Option<FlightId>,
        event: Network,
        trail: Trail,
    ) -> Entry {
        self.entry(host, cause, landed, What::Network(event), trail)
    }

    fn host(&self, host: HostId) -> &HostState {
        self.hosts.at(host.0 as usize).unwrap_or_else(|| unreachable!("{host:?} is of this plan"))
    }

    fn host_mut(&mut self, host: HostId) -> &mut HostState {
        let state = self.hosts.at_mut(host.0 as usize);
        state.unwrap_or_else(|| unreachable!("{host:?} is of this plan"))
    }

    /// Whether an end of a stream holds back what it has been given to send.
    fn waits(&self, stream: StreamId, side: Side) -> bool {
        self.stream(stream).is_some_and(|stream| !stream.end(side).waiting.is_empty())
    }

    fn stream(&self, stream: StreamId) -> Option<&Stream> {
        self.streams.get(&stream).map(Rc::as_ref)
    }

    fn end_mut(&mut self, stream: StreamId, side: Side) -> Option<&mut End> {
        self.streams.get_mut(&stream).map(|stream| Rc::make_mut(stream).end_mut(side))
    }

    /// Forgets a stream that is over at both ends.
    fn sweep(&mut self, id: StreamId) {
        let Some(stream) = self.stream(id) else { return };
        if !stream.is_over() {
            return;
        }
        let ends = [Side::Initiator, Side::Responder].map(|side| {
            let end = stream.end(side);
            (end.host, end.conn)
        });
        self.streams.remove(&id);
        for (host, conn) in ends {
            if let Some(conn) = conn {
                self.host_mut(host).disconnect(conn);
            }
        }
    }
}

/// The number of every entry before the history begins.
const UNRECORDED: EntryId = EntryId(u32::MAX);

/// The state of a host that is switched off, in a word.
const OFF: &str = "Off";

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("now", &self.now)
            .field("entries", &self.entries)
            .field("in the air", &self.in_the_air().count())
            .finish_non_exhaustive()
    }
}
