//! The simulator: a queue of flights and alarms, and one step at a time.
//!
//! A world is wholly decided by its plan, its seed and what is done to it from outside. It keeps
//! no history; [`History`](crate::History) does.

mod adopt;
mod carry;
mod host;
mod land;
mod link;
mod route;
mod stream;

use core::fmt;
use core::time::Duration;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::rc::Rc;

use protocols::endpoint::{AlarmId, Stimulus, View};
use protocols::wire::{Side, Time};
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg32;

use crate::entry::{
    Act, Dialled, Entry, EntryId, Fault, Flight, FlightId, HostId, LinkId, Load, Network, StreamId,
    What,
};
use crate::plan::{Conditions, Plan};
pub use adopt::{Ongoing, Underway};
use host::HostState;
pub use link::{Direction, Lane, Link};
use route::Routes;
use stream::{End, Stream};

/// A simulated network in the middle of a run. A clone is cheap: hosts and streams are shared
/// until they change.
#[derive(Clone)]
pub struct World {
    plan: Rc<Plan>,
    routes: Rc<Routes>,
    now: Time,
    entries: u32,
    hosts: Vec<Rc<HostState>>,
    links: Vec<Link>,
    /// Streams that are not over at both ends.
    streams: BTreeMap<StreamId, Rc<Stream>>,
    next_stream: u32,
    queue: BinaryHeap<Reverse<Due>>,
    turn: u64,
    air: BTreeMap<FlightId, Rc<Flying>>,
    next_flight: u64,
    random: Pcg32,
}

/// A flight that has not landed, or was lost and may be sent again.
#[derive(Clone, Debug)]
struct Flying {
    flight: Flight,
    cause: EntryId,
}

/// Something that is due at a moment; at the same moment, in the order of being written down.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Due {
    at: Time,
    turn: u64,
    what: Item,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Item {
    /// A host is switched on.
    Start(HostId),
    /// A flight lands.
    Land(FlightId),
    /// An alarm rings at a host.
    Ring(HostId, AlarmId),
    /// More of a stream can be delivered than the last step took.
    Deliver(StreamId, Side, EntryId),
    /// A lost flight is sent again.
    SendAgain(FlightId),
    /// An acknowledgement comes back to the sender of a segment.
    Acknowledge(StreamId, Side, EntryId),
    /// What was written before the world took over is sent.
    Resume(StreamId, Side, EntryId),
    /// A dial comes to nothing at once.
    NoRoute(HostId, u32, EntryId),
}

/// What a step gathers while it happens.
#[derive(Debug, Default)]
struct Trail {
    flights: Vec<Flight>,
    dialled: Vec<Dialled>,
    /// Streams that may be over now.
    touched: Vec<StreamId>,
}

impl World {
    /// A world at the beginning of a plan, with the seed of everything that is left to chance.
    pub fn new(plan: &Rc<Plan>, seed: u64) -> World {
        let mut random = Pcg32::seed_from_u64(seed);
        let hosts = plan.hosts.iter().map(|host| host.program.start(random.next_u64()));
        let hosts: Vec<_> = hosts.map(|program| Rc::new(HostState::new(program))).collect();
        let links = plan.links.iter().map(|l| Link::new(l.conditions.clone())).collect();
        let mut world = World {
            routes: Rc::new(Routes::of(plan)),
            plan: Rc::clone(plan),
            now: plan.epoch,
            entries: 0,
            links,
            streams: BTreeMap::new(),
            next_stream: 0,
            queue: BinaryHeap::new(),
            turn: 0,
            air: BTreeMap::new(),
            next_flight: 0,
            random,
            hosts,
        };
        for host in 0..world.hosts.len() {
            world.due(world.now, Item::Start(HostId(host as u32)));
        }
        world
    }

    /// Lands one flight or rings one alarm; nothing when nothing is due any more.
    pub fn step(&mut self) -> Option<Entry> {
        while let Some(Reverse(due)) = self.queue.pop() {
            if !self.is_stale(&due) {
                self.now = self.now.max(due.at);
                if let Some(entry) = self.happen(due.what) {
                    return Some(entry);
                }
            }
        }
        None
    }

    /// When the next thing is due.
    pub fn next_at(&mut self) -> Option<Time> {
        while let Some(Reverse(due)) = self.queue.peek() {
            if !self.is_stale(due) {
                return Some(due.at);
            }
            self.queue.pop();
        }
        None
    }

    /// Does something to the world from outside, now.
    ///
    /// # Errors
    /// What was meant is not there (any more), or a host does not understand its command.
    pub fn meddle(&mut self, act: &Act) -> Result<Entry, ActError> {
        match act {
            Act::Command { host, text } => self.command(*host, text),
            Act::Flight { flight, fault } => self.fault(act, *flight, fault),
            Act::Link { link, conditions } => self.set_link(act, *link, conditions),
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

    /// What a host shows of itself now.
    pub fn view(&self, host: HostId) -> Option<View> {
        self.hosts.get(host.0 as usize).map(|state| state.program.view(self.now))
    }

    /// The commands that a host understands, as templates.
    pub fn commands(&self, host: HostId) -> &'static [&'static str] {
        self.hosts.get(host.0 as usize).map_or(&[], |state| state.program.commands())
    }

    /// A link as it is now.
    pub fn link(&self, link: LinkId) -> Option<&Link> {
        self.links.get(link.0 as usize)
    }

    /// The flights in the air, in order of departure.
    pub fn in_the_air(&self) -> impl Iterator<Item = &Flight> {
        self.air.values().map(|flying| &flying.flight).filter(|f| f.depart <= self.now)
    }

    fn is_stale(&self, due: &Due) -> bool {
        match &due.what {
            Item::Land(flight) => {
                self.air.get(flight).is_none_or(|flying| flying.flight.arrive != due.at)
            }
            Item::Ring(host, alarm) => !self.host(*host).armed.contains_key(alarm),
            Item::SendAgain(flight) => !self.air.contains_key(flight),
            Item::Start(_)
            | Item::Deliver(..)
            | Item::Acknowledge(..)
            | Item::Resume(..)
            | Item::NoRoute(..) => false,
        }
    }

    fn happen(&mut self, item: Item) -> Option<Entry> {
        match item {
            Item::Start(host) => Some(self.advance(host, None, None, Stimulus::Start)),
            Item::Land(flight) => self.land(flight),
            Item::Ring(host, alarm) => {
                let cause = self.host_mut(host).armed.remove(&alarm);
                Some(self.advance(host, cause, None, Stimulus::Alarm(alarm)))
            }
            Item::Deliver(stream, side, cause) => self.deliver(stream, side, Some(cause), None),
            Item::SendAgain(flight) => self.send_again(flight),
            Item::Acknowledge(stream, side, cause) => self.acknowledged(stream, side, cause),
            Item::Resume(stream, side, cause) => self.resume(stream, side, cause),
            Item::NoRoute(host, conn, cause) => self.no_route(host, conn, cause),
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
        let outcome = self.host_mut(host).program.step(now, stimulus.clone());
        let outputs = outcome.map(|step| step.outputs).unwrap_or_default();
        for output in &outputs {
            self.carry_out(host, output, &mut trail);
        }
        let step = protocols::endpoint::Step { at: now, stimulus, outputs };
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
        self.entries += 1;
        let state = self.host(host).program.view(self.now).state;
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

    fn command(&mut self, host: HostId, text: &str) -> Result<Entry, ActError> {
        let state = self.hosts.get(host.0 as usize).ok_or(ActError::NoHost)?;
        state.program.check(text).map_err(|error| ActError::Command(error.to_string()))?;
        Ok(self.advance(host, None, None, Stimulus::Command(text.to_string())))
    }

    fn fault(&mut self, act: &Act, flight: FlightId, fault: &Fault) -> Result<Entry, ActError> {
        let flying = self.air.get_mut(&flight).ok_or(ActError::NotInTheAir)?;
        if flying.flight.arrive <= self.now || !flying.flight.arrives() {
            return Err(ActError::NotInTheAir);
        }
        let from = flying.flight.from;
        let mut trail = Trail::default();
        match fault {
            Fault::Drop => self.lose_now(flight),
            Fault::Delay(by) => {
                let flying = Rc::make_mut(flying);
                flying.flight.arrive = flying.flight.arrive + *by;
                let at = flying.flight.arrive;
                self.due(at, Item::Land(flight));
            }
            Fault::Double => {
                let copy = Flight { doubled: true, ..flying.flight.clone() };
                self.launch_copy(copy, Duration::ZERO, &mut trail);
            }
            Fault::Edit(bytes) => match &mut Rc::make_mut(flying).flight.load {
                Load::Data { bytes: payload, .. } | Load::Datagram { bytes: payload, .. } => {
                    *payload = bytes.clone().into();
                }
                Load::Syn { .. }
                | Load::SynAck { .. }
                | Load::Ack { .. }
                | Load::Fin { .. }
                | Load::Rst { .. } => return Err(ActError::NoPayload),
            },
        }
        Ok(self.entry(from, None, None, What::Meddling(act.clone()), trail))
    }

    fn set_link(&mut self, act: &Act, id: LinkId, to: &Conditions) -> Result<Entry, ActError> {
        let link = self.links.get_mut(id.0 as usize).ok_or(ActError::NoLink)?;
        link.conditions = to.clone();
        let host = self.routes.host_near(&self.plan, id);
        Ok(self.entry(host, None, None, What::Meddling(act.clone()), Trail::default()))
    }

    fn due(&mut self, at: Time, what: Item) {
        let turn = self.turn;
        self.turn += 1;
        self.queue.push(Reverse(Due { at, turn, what }));
    }

    fn host(&self, host: HostId) -> &HostState {
        &self.hosts[host.0 as usize]
    }

    fn host_mut(&mut self, host: HostId) -> &mut HostState {
        Rc::make_mut(&mut self.hosts[host.0 as usize])
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
                self.host_mut(host).conns.remove(&conn);
            }
        }
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("now", &self.now)
            .field("entries", &self.entries)
            .field("in the air", &self.air.len())
            .finish_non_exhaustive()
    }
}

/// Why a meddling is not possible.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ActError {
    /// There is no such host on the stage.
    NoHost,
    /// There is no such link on the stage.
    NoLink,
    /// That flight has landed, or was lost, or has not departed.
    NotInTheAir,
    /// That flight carries nothing that could be edited.
    NoPayload,
    /// The host does not understand the command.
    Command(String),
}

impl fmt::Display for ActError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ActError::NoHost => write!(f, "There is no such host on this stage."),
            ActError::NoLink => write!(f, "There is no such link on this stage."),
            ActError::NotInTheAir => {
                write!(f, "That message is not in the air now. Step back to before it lands.")
            }
            ActError::NoPayload => {
                write!(f, "That message carries no bytes of the application to edit.")
            }
            ActError::Command(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for ActError {}
