//! A scene being played: its history, and where in it the student came in.

use core::time::Duration;
use std::cell::{Ref, RefCell};
use std::collections::BTreeMap;

use protocols::wire::{Side, Span, Time};
use world::{
    Act, Arrow, Fate, Fault, Flight, FlightId, History, HostId, Power, Story, Threads, Trace,
};

use super::RunError;
use super::digest::Tally;
use super::standings::{link_bytes, standings};
use crate::lesson::{self, Order, Sight};
use crate::measure::Digest;

/// A scene being played: its history, and where in it the student came in.
///
/// The page holds one and walks about in its history; the machine plays others to see what comes.
#[derive(Clone, Debug)]
pub struct Run {
    /// Everything that happens, with the moment that is looked at.
    pub history: History,
    /// How many entries had happened when the student came.
    opened: u32,
    /// From when on, and for how long, nothing is done but wait.
    wait: Option<(Time, Duration)>,
    /// What each link had carried by then.
    carried: BTreeMap<String, u64>,
    /// What the student began and led to what, on a stage whose hosts never come to rest.
    threads: Option<RefCell<Threads>>,
}

/// A message that was looked for and found in the air.
#[derive(Clone, Debug)]
pub(crate) struct Sighting {
    /// The conversation that it belongs to, by index in the run's story.
    pub(crate) conversation: usize,
    /// The side that sent it.
    pub(crate) side: Side,
    /// Where it is, in everything that this side has sent.
    pub(crate) span: Span,
    /// The flights that carry it.
    pub(crate) flights: Vec<Flight>,
}

impl Run {
    /// A history at its beginning, before the student comes. On an overlay threads are followed.
    pub(super) fn begun(history: History, overlay: bool) -> Run {
        let threads = overlay.then(RefCell::default);
        Run { history, opened: 0, wait: None, carried: BTreeMap::new(), threads }
    }

    /// The student comes now.
    pub(super) fn open_here(&mut self) {
        self.opened = self.history.moment();
        self.carried = link_bytes(&self.history);
    }

    /// Goes on with another history of the same beginning.
    pub(super) fn carry_on(&mut self, history: History) {
        (self.history, self.wait) = (history, None);
        self.threads = self.threads.as_ref().map(|_| RefCell::default());
    }

    /// Gives commands, each once the network is quiet, unless it goes together with the one
    /// before.
    ///
    /// # Errors
    /// A host that is not there, or a command that it does not understand.
    pub fn orders(&mut self, orders: &[Order]) -> Result<(), RunError> {
        for order in orders {
            if !order.together {
                self.settle();
            }
            self.order(order)?;
        }
        Ok(())
    }

    /// Gives one command at once; or has time pass, which takes until the run is quiet again.
    ///
    /// # Errors
    /// A host that is not there, or a command that it does not understand.
    pub fn order(&mut self, order: &Order) -> Result<(), RunError> {
        if let Some(wait) = order.wait() {
            self.wait = Some((self.history.world().now(), wait));
            return Ok(());
        }
        let host = self.host(&order.host)?;
        self.act(&order.act(host))
    }

    /// How much time is to pass altogether before anything else is done, until it has passed.
    pub fn waits_for(&self) -> Option<Duration> {
        let (next, (from, wait)) = (self.history.world().next_at()?, self.wait?);
        (next <= from + wait).then_some(wait)
    }

    /// How much of that wait is over, from 0 to 1.
    pub(super) fn waited(&self) -> Option<f64> {
        let (all, (from, _)) = (self.waits_for()?, self.wait?);
        let passed = self.history.world().now().since(from);
        (!all.is_zero()).then(|| (passed.as_secs_f64() / all.as_secs_f64()).min(1.0))
    }

    /// Breaks the first message in the air of the kind that a `break` block names: goes on to the
    /// moment at which it has been sent, or else back to the first such moment since the opening.
    ///
    /// # Errors
    /// No such message is ever sent, or it does not hold what is to be edited.
    pub fn break_first(&mut self, suggestion: &lesson::Break) -> Result<(), RunError> {
        let flights = match self.run_to(&suggestion.sight) {
            Err(RunError::NotSent(_)) => {
                self.history.seek(self.opened);
                self.run_to(&suggestion.sight)?
            }
            found => found?,
        };
        let not_sent = || RunError::NotSent(suggestion.sight.title.text().to_string());
        let first = flights.first().ok_or_else(not_sent)?;
        let (flight, fault) = match &suggestion.fault {
            lesson::Fault::Drop => (first.id, Fault::Drop),
            lesson::Fault::Double => (first.id, Fault::Double),
            lesson::Fault::Delay(secs) => {
                (first.id, Fault::Delay(core::time::Duration::from_secs_f64(secs.max(0.0))))
            }
            lesson::Fault::Edit { from, to } => edited(&flights, from, to)?,
            lesson::Fault::SwitchOff { host } => {
                let host = self.host(host)?;
                return self.act(&Act::Power { host, power: Power::Off });
            }
        };
        self.act(&Act::Flight { flight, fault })
    }

    /// Puts other bytes in the place of a whole message, once it has been sent.
    ///
    /// # Errors
    /// No such message is ever sent.
    pub fn replace(&mut self, sight: &Sight, bytes: &[u8]) -> Result<(), RunError> {
        let flights = self.run_to(sight)?;
        let not_sent = || RunError::NotSent(sight.title.text().to_string());
        let (first, rest) = flights.split_first().ok_or_else(not_sent)?;
        self.act(&Act::Flight { flight: first.id, fault: Fault::Edit(bytes.to_vec()) })?;
        for flight in rest {
            self.act(&Act::Flight { flight: flight.id, fault: Fault::Edit(Vec::new()) })?;
        }
        Ok(())
    }

    /// Runs on until the network is quiet: nothing is in the air, though alarms may be armed.
    pub fn settle(&mut self) {
        for _ in 0..MOST_STEPS {
            if self.is_quiet() || !self.step() {
                return;
            }
        }
    }

    /// Whether nothing is in the air, though alarms may be armed. On a stage whose hosts never come
    /// to rest: whether nothing that the student began is under way.
    pub fn is_quiet(&self) -> bool {
        let world = self.history.world();
        let due_now = world.next_at().is_some_and(|at| at <= world.now());
        !due_now
            && self.waits_for().is_none()
            && match self.threads() {
                Some(threads) => threads.are_over(self.history.moment()),
                None => !world.is_anything_in_the_air(),
            }
    }

    /// What each thing that the student did has led to, in all that is known of the run; none on
    /// stages whose hosts come to rest by themselves.
    pub fn threads(&self) -> Option<Ref<'_, Threads>> {
        let threads = self.threads.as_ref()?;
        let trace = self.history.trace();
        // Whoever holds a look at them may ask again.
        if !threads.borrow().has_read(trace) {
            threads.borrow_mut().read(trace);
        }
        Some(threads.borrow())
    }

    /// Whether nothing more is due, nor known of an earlier walk along this branch; where something
    /// is always due, whether all that the student began is over.
    fn is_over(&self) -> bool {
        let at_end = self.history.moment() >= self.history.len();
        at_end
            && match self.threads {
                Some(_) => self.is_quiet(),
                None => self.history.world().next_at().is_none(),
            }
    }

    /// Runs on until nothing is due any more, alarms included; or until all that the student began
    /// is over, where something is always due.
    pub fn finish(&mut self) {
        if self.threads.is_some() {
            return self.settle();
        }
        for _ in 0..MOST_STEPS {
            if !self.step() {
                return;
            }
        }
    }

    /// Runs on until a host has sent a message of such a title since the opening, and its flights
    /// are in the air; gives them.
    ///
    /// # Errors
    /// It never does.
    pub fn run_to(&mut self, sight: &Sight) -> Result<Vec<Flight>, RunError> {
        let host = self.host(&sight.host)?;
        let found = self.step_until(sight, host, Run::is_over);
        found.ok_or_else(|| RunError::NotSent(sight.title.text().to_string()))
    }

    /// Gives commands as [`Run::orders`] does, but stops where a message is sighted; says which
    /// commands are still to be given then.
    ///
    /// # Errors
    /// As for [`Run::orders`], and that the message is never sent.
    pub fn orders_to<'a>(
        &mut self,
        orders: &'a [Order],
        sight: &Sight,
    ) -> Result<&'a [Order], RunError> {
        let host = self.host(&sight.host)?;
        for (at, order) in orders.iter().enumerate() {
            if !order.together && self.step_until(sight, host, Run::is_quiet).is_some() {
                return Ok(orders.get(at..).unwrap_or_default());
            }
            self.orders(&[Order { together: true, ..order.clone() }])?;
        }
        self.run_to(sight)?;
        Ok(&[])
    }

    /// Runs on until a message is sighted, or to the end.
    fn step_until(
        &mut self,
        sight: &Sight,
        host: HostId,
        over: fn(&Run) -> bool,
    ) -> Option<Vec<Flight>> {
        let mut story = Story::default();
        for _ in 0..MOST_STEPS {
            story.read(self.present());
            if let Some(found) = self.sighted(&story, sight, host) {
                return Some(found.flights);
            }
            if over(self) || !self.step() {
                return None;
            }
        }
        None
    }

    /// What has happened from the opening up to the moment that is looked at.
    pub fn digest(&self) -> Digest {
        let mut tally = Tally::new(self.opened);
        self.count(&Story::of(self.counted(self.threads().as_deref())), &mut tally);
        self.survey(&mut tally);
        tally.digest
    }

    /// Brings a tally up to the moment that is looked at. The story must be that of
    /// [`Run::counted`] at the same moment, and the tally new or one of this run. How hosts and
    /// links stand is not in it; for that it is surveyed.
    pub fn count(&self, story: &Story, tally: &mut Tally) {
        tally.read(story, self.counted(self.threads().as_deref()));
        if self.threads.is_some() {
            tally.measure(self.history.trace(), self.opened..self.history.moment());
        }
    }

    /// Writes into a tally how hosts and links stand at the moment that is looked at.
    pub fn survey(&self, tally: &mut Tally) {
        let carried = link_bytes(&self.history).into_iter().map(|(link, bytes)| {
            let before = self.carried.get(&link).copied().unwrap_or(0);
            (link, bytes.saturating_sub(before))
        });
        tally.digest.carried = carried.collect();
        if self.threads.is_some() {
            tally.digest.overlay.nodes = standings(&self.history);
            tally.digest.overlay.machines.clone_from(&self.history.plan().machines);
        }
    }

    /// Everything that has happened up to the moment that is looked at, from the beginning.
    pub fn present(&self) -> Trace<'_> {
        let trace = self.history.trace();
        let entries = trace.entries.get(..self.history.moment() as usize);
        Trace { entries: entries.unwrap_or(trace.entries), ..trace }
    }

    /// What counts of that: all of it, or what belongs to these threads.
    pub fn counted<'a>(&'a self, threads: Option<&'a Threads>) -> Trace<'a> {
        match threads {
            Some(threads) => {
                Trace { entries: threads.entries(self.history.moment()), ..self.history.trace() }
            }
            None => self.present(),
        }
    }

    /// The story of that.
    pub fn story(&self) -> Story {
        Story::of(self.present())
    }

    /// How many entries had happened when the student came.
    pub fn opened(&self) -> u32 {
        self.opened
    }

    /// The host of this name.
    ///
    /// # Errors
    /// There is none.
    pub fn host(&self, name: &str) -> Result<HostId, RunError> {
        let at = self.history.plan().hosts.iter().position(|host| host.name == name);
        let at = at.and_then(|at| u32::try_from(at).ok());
        at.map(HostId).ok_or_else(|| RunError::NoHost(name.to_string()))
    }

    fn act(&mut self, act: &Act) -> Result<(), RunError> {
        self.history.meddle(act.clone()).map(|_| ()).map_err(RunError::Act)
    }

    pub(super) fn step(&mut self) -> bool {
        self.history.step().is_some()
    }

    /// The first message of such a title that was sent since the opening and is still in the air.
    ///
    /// # Errors
    /// There is no such host, or no such message.
    pub(crate) fn sighting(&self, sight: &Sight) -> Result<Sighting, RunError> {
        let host = self.host(&sight.host)?;
        let found = self.sighted(&self.story(), sight, host);
        found.ok_or_else(|| RunError::NotSent(sight.title.text().to_string()))
    }

    fn sighted(&self, story: &Story, sight: &Sight, host: HostId) -> Option<Sighting> {
        for (index, talk) in story.conversations().iter().enumerate() {
            let side = match host {
                host if host == talk.initiator => Side::Initiator,
                host if Some(host) == talk.responder => Side::Responder,
                _ => continue,
            };
            for message in talk.messages().iter() {
                if message.side != side || !sight.title.fits(&message.title) {
                    continue;
                }
                let span = message.span;
                let flights = self.flights_of(story, index, side, span);
                if !flights.is_empty() {
                    return Some(Sighting { conversation: index, side, span, flights });
                }
            }
        }
        None
    }

    /// The flights in the air that carry these bytes, if they were sent since the opening.
    fn flights_of(&self, story: &Story, index: usize, side: Side, span: Span) -> Vec<Flight> {
        let now = self.history.world().now();
        let Some(talk) = story.conversations().get(index) else { return Vec::new() };
        let carries = |arrow: &&Arrow| {
            arrow.place.is_some_and(|place| {
                let carried = talk.span_of(place.chunk);
                place.conversation == index
                    && talk.chunks().get(place.chunk).is_some_and(|chunk| chunk.side == side)
                    && carried.start < span.end
                    && span.start < carried.end
            })
        };
        let flying = |arrow: &&Arrow| {
            arrow.departed_in.0 >= self.opened
                && arrow.landed_in.is_none()
                && arrow.arrive > now
                && arrow.flight.fate == Fate::Arrives
        };
        let arrows = story.arrows().iter().filter(carries).filter(flying);
        arrows.map(|arrow| arrow.flight.clone()).collect()
    }
}

/// The edit of the first flight that holds the bytes to be changed.
fn edited(
    flights: &[Flight],
    from: &[Option<u8>],
    to: &[u8],
) -> Result<(FlightId, Fault), RunError> {
    let fits =
        |part: &[u8]| part.iter().zip(from).all(|(byte, want)| want.is_none_or(|w| w == *byte));
    for flight in flights {
        let payload = flight.load.payload();
        if let Some(at) = payload.windows(from.len().max(1)).position(fits) {
            let (before, after) = (payload.get(..at), payload.get(at + from.len()..));
            let parts = [before.unwrap_or(&[]), to, after.unwrap_or(&[])];
            return Ok((flight.id, Fault::Edit(parts.concat())));
        }
    }
    let sought: Vec<u8> = from.iter().map(|byte| byte.unwrap_or(b'?')).collect();
    Err(RunError::NothingToEdit(sought.escape_ascii().to_string()))
}

/// More steps than any lesson takes; a world that never comes to rest is stopped here.
pub(super) const MOST_STEPS: usize = 1_000_000;
