//! An endpoint that runs: with its alarms, connection numbers and random numbers, and recorded.

use core::fmt;
use std::borrow::Cow;
use std::collections::VecDeque;

use rand_core::Rng;
use rand_pcg::Pcg32;
use smallvec::SmallVec;

use super::names::{Desk, Names, News};
use super::{
    AlarmId, CommandError, Conn, Context, Endpoint, Input, Lookup, Output, Resolvers, Stimulus,
    View,
};
use crate::overlay::{Place, Pointer};
use crate::wire::Time;

/// An endpoint with what it needs to run. It is the only thing that makes [`Step`]s.
#[derive(Clone, Debug)]
pub struct Running<E: Endpoint> {
    endpoint: E,
    book: Book<E::Timer>,
}

/// What happened in one step at one host: this came in, and it did these things, in this order.
#[derive(Clone, PartialEq, Debug)]
pub struct Step {
    /// When.
    pub at: Time,
    /// What came in.
    pub stimulus: Stimulus,
    /// What was done about it.
    pub outputs: Vec<Output>,
}

/// A running endpoint with its type rubbed off, as worlds and histories hold it.
pub trait Host {
    /// Hands over one stimulus and records what is done about it.
    ///
    /// A `Start` that is not the first switches the host on after it was off: alarms are forgotten;
    /// the numbers of connections and alarms go on, so that none is used twice.
    ///
    /// # Errors
    /// A command that the endpoint does not understand; nothing has happened then.
    fn step(&mut self, now: Time, stimulus: Stimulus) -> Result<Step, CommandError>;

    /// Takes the number for a connection that the driver is about to accept for this host.
    fn accept(&mut self) -> Conn;

    /// Whether the endpoint understands a command, without doing it.
    ///
    /// # Errors
    /// The same as [`Host::step`] would give.
    fn check(&self, command: &str) -> Result<(), CommandError>;

    /// What it is in the middle of and what it remembers.
    fn view(&self, now: Time) -> View;

    /// What it is in the middle of, in a word or two: the state of [`Host::view`].
    fn state(&self, now: Time) -> Cow<'static, str>;

    /// Where it stands in an overlay, if it is a node of one.
    fn place(&self) -> Option<Place>;

    /// The nodes that it knows in its overlay.
    fn pointers(&self) -> Vec<Pointer>;

    /// The commands that it understands, as templates.
    fn commands(&self) -> &'static [&'static str];

    /// Reads a little of all that a step will read, and changes nothing; the number that comes of
    /// it means nothing. A driver of thousands of hosts does this for several of them before it
    /// steps the first, so that it waits for their memory once and not for each in turn.
    fn touch(&self) -> usize;

    /// A copy of it, as it is now.
    fn duplicate(&self) -> Box<dyn Host>;
}

impl<E: Endpoint> Running<E> {
    /// An endpoint that has not started yet, with the seed of its random numbers.
    pub fn new(endpoint: E, seed: u64) -> Running<E> {
        let random = Pcg32::new(seed, RANDOM_STREAM);
        let numbers = Numbers { next_conn: 0, next_alarm: 0, next_lookup: 0, random };
        let book = Book { armed: SmallVec::new(), numbers, names: None, news: VecDeque::new() };
        Running { endpoint, book }
    }

    /// The same with a system resolver: names that it dials or looks up are asked of these
    /// servers over the wire, and the driver sees numeric addresses only.
    pub fn resolving(mut self, resolvers: Resolvers) -> Running<E> {
        self.book.names = Some(Box::new(Names::new(resolvers)));
        self
    }

    /// The endpoint as it is now.
    pub fn endpoint(&self) -> &E {
        &self.endpoint
    }

    /// The input that a stimulus is; none for an alarm that has been disarmed meanwhile.
    fn typed(&mut self, stimulus: &Stimulus) -> Result<Option<Input<E>>, CommandError> {
        Ok(Some(match stimulus.clone() {
            Stimulus::Start => {
                self.book.armed.clear();
                Input::Start
            }
            Stimulus::Command(text) => Input::Command(text.parse()?),
            Stimulus::Opened { conn, peer, port } => Input::Opened { conn, peer, port },
            Stimulus::Data { conn, bytes } => Input::Data { conn, bytes },
            Stimulus::Finished { conn } => Input::Finished { conn },
            Stimulus::Lost { conn, why } => Input::Lost { conn, why },
            Stimulus::Datagram { port, from, bytes } => Input::Datagram { port, from, bytes },
            Stimulus::Alarm(alarm) => match self.book.ring(alarm) {
                Some(timer) => Input::Timer(timer),
                None => return Ok(None),
            },
        }))
    }
}

impl<E: Endpoint> From<News> for Input<E> {
    fn from(news: News) -> Input<E> {
        match news {
            News::Answered { lookup, answer } => Input::Answered { lookup, answer },
            News::Lost { conn, why } => Input::Lost { conn, why },
        }
    }
}

impl fmt::Debug for dyn Host {
    /// Names it only. To print all that a program remembers would put the printing of every type
    /// of every protocol into what the browser loads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Host")
    }
}

impl<E: Endpoint> Host for Running<E> {
    fn step(&mut self, now: Time, stimulus: Stimulus) -> Result<Step, CommandError> {
        let mut outputs = Vec::with_capacity(MOST_DO);
        if let (Stimulus::Start, Some(names)) = (&stimulus, &mut self.book.names) {
            names.clear();
        }
        let desk = self.book.desk(now, &mut outputs);
        if !desk.is_some_and(|mut desk| desk.take(&stimulus))
            && let Some(input) = self.typed(&stimulus)?
        {
            let mut cx = Context { now, book: &mut self.book, outputs: &mut outputs };
            self.endpoint.handle(input, &mut cx);
        }
        // What the resolver has found out belongs to the step in which it did.
        while let Some(news) = self.book.news.pop_front() {
            let mut cx = Context { now, book: &mut self.book, outputs: &mut outputs };
            self.endpoint.handle(news.into(), &mut cx);
        }
        Ok(Step { at: now, stimulus, outputs })
    }

    fn accept(&mut self) -> Conn {
        self.book.numbers.conn()
    }

    fn check(&self, command: &str) -> Result<(), CommandError> {
        command.parse::<E::Command>().map(|_| ())
    }

    fn view(&self, now: Time) -> View {
        let mut view = self.endpoint.view(now);
        if let Some(names) = &self.book.names {
            view.tables.extend(names.tables(now));
            if names.is_waited_for() {
                view.state = RESOLVING.to_string();
            }
        }
        view
    }

    fn state(&self, now: Time) -> Cow<'static, str> {
        match &self.book.names {
            // Whatever the endpoint wants to be doing, it cannot before the name is known.
            Some(names) if names.is_waited_for() => RESOLVING.into(),
            Some(_) | None => self.endpoint.state(now),
        }
    }

    fn place(&self) -> Option<Place> {
        self.endpoint.place()
    }

    fn pointers(&self) -> Vec<Pointer> {
        self.endpoint.pointers()
    }

    fn commands(&self) -> &'static [&'static str] {
        self.endpoint.commands()
    }

    fn touch(&self) -> usize {
        let Book { armed, numbers, .. } = &self.book;
        let armed = armed.last().map_or(0, |(_, alarm)| alarm.0);
        (armed ^ numbers.next_alarm) as usize ^ self.endpoint.touch()
    }

    fn duplicate(&self) -> Box<dyn Host> {
        Box::new(self.clone())
    }
}

/// What a running endpoint keeps beside the endpoint: armed alarms, and numbers not yet used.
#[derive(Clone, Debug)]
pub(super) struct Book<T> {
    /// Sorted by timer, so that two runs are alike to the last bit.
    armed: SmallVec<[(T, AlarmId); FEW]>,
    pub(super) numbers: Numbers,
    /// The host's system resolver, if it has one.
    pub(super) names: Option<Box<Names>>,
    /// What the endpoint is still to be told in this step.
    pub(super) news: VecDeque<News>,
}

/// Numbers not yet used.
#[derive(Clone, Debug)]
pub(super) struct Numbers {
    next_conn: u32,
    next_alarm: u32,
    next_lookup: u32,
    random: Pcg32,
}

impl Numbers {
    /// The next connection number.
    pub(super) fn conn(&mut self) -> Conn {
        let conn = Conn(self.next_conn);
        self.next_conn += 1;
        conn
    }

    /// The next number of an arming.
    pub(super) fn alarm(&mut self) -> AlarmId {
        let alarm = AlarmId(self.next_alarm);
        self.next_alarm += 1;
        alarm
    }

    /// The next number of a lookup.
    pub(super) fn lookup(&mut self) -> Lookup {
        let lookup = Lookup(self.next_lookup);
        self.next_lookup += 1;
        lookup
    }

    /// The next number by chance.
    pub(super) fn random(&mut self) -> u64 {
        self.random.next_u64()
    }
}

impl<T: Copy + Ord> Book<T> {
    /// The system resolver at work, if the host has one.
    pub(super) fn desk<'a>(
        &'a mut self,
        now: Time,
        outputs: &'a mut Vec<Output>,
    ) -> Option<Desk<'a>> {
        let Book { numbers, names, news, .. } = self;
        names.as_mut().map(|names| names.desk(now, numbers, outputs, news))
    }

    /// Writes down that this timer is armed, under a new number.
    pub(super) fn arm(&mut self, timer: T) -> AlarmId {
        let alarm = self.numbers.alarm();
        match self.armed.binary_search_by(|(armed, _)| armed.cmp(&timer)) {
            Ok(at) => self.armed[at].1 = alarm,
            Err(at) => self.armed.insert(at, (timer, alarm)),
        }
        alarm
    }

    /// Strikes out a timer; its number if it was armed.
    pub(super) fn forget(&mut self, timer: T) -> Option<AlarmId> {
        let at = self.armed.binary_search_by(|(armed, _)| armed.cmp(&timer)).ok()?;
        Some(self.armed.remove(at).1)
    }

    /// Strikes out the alarm of this number; its timer if it was still armed.
    fn ring(&mut self, alarm: AlarmId) -> Option<T> {
        let at = self.armed.iter().position(|(_, armed)| *armed == alarm)?;
        Some(self.armed.remove(at).0)
    }
}

/// What most steps do at most: room for so much is made at once.
const MOST_DO: usize = 8;

/// Alarms that are kept beside the endpoint itself: no node of a hash table has more for long, and
/// a list apart would be one more place in memory for each of thousands.
const FEW: usize = 6;

/// The state of a host that waits for a name.
const RESOLVING: &str = "Resolving";

/// One fixed stream of the generator: hosts differ by seed, not by stream.
const RANDOM_STREAM: u64 = 0x5749_5245_4c41_4221;
