//! What a ladder is drawn of: a run reduced to lines, arrows, states and alarms.
//!
//! Simulated and live runs both make one; the drawing knows nothing else of them. Times are
//! nanoseconds since the run began.

use yew::AttrValue;

use crate::draw::order::in_order;
use crate::tape::Tape;

/// A run as far as it has come, ready to be drawn.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Sketch {
    /// The hosts, in the order of the run's own indices.
    pub lines: Vec<Lifeline>,
    /// What went from one to another, by departure, and so by entry.
    pub arrows: Tape<Arrow>,
    /// What each host was in the middle of, by entry.
    pub states: Tape<State>,
    /// The alarms that were set, by entry.
    pub alarms: Tape<Alarm>,
    /// When the run ends, as far as it has come.
    pub end: u64,
}

impl Sketch {
    /// The indices of the lifelines from left to right.
    pub fn left_to_right(&self) -> impl Iterator<Item = usize> + use<> {
        in_order(self.lines.iter().map(|line| f32::from(line.column))).into_iter()
    }
}

/// One host's lifeline.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Lifeline {
    /// Index of the host in the run: its own place, where every host has a lifeline.
    pub host: usize,
    /// The host's name.
    pub name: AttrValue,
    /// Its address in figures.
    pub address: AttrValue,
    /// Lifelines stand from left to right by this, and by index where it is equal.
    pub column: i16,
}

/// One thing on its way from one lifeline to another.
#[derive(Clone, PartialEq, Debug)]
pub struct Arrow {
    /// Its number, unique in the run.
    pub id: u64,
    /// How many entries there are before the one that sent it: it is drawn once more than these
    /// have happened.
    pub entry: usize,
    /// Index of the lifeline it leaves.
    pub from: usize,
    /// Index of the lifeline it makes for.
    pub to: usize,
    /// When its first bit leaves.
    pub leaves: u64,
    /// When its last bit has left: later by the transmission time.
    pub sent: u64,
    /// When its last bit arrives, or would have.
    pub arrives: u64,
    /// What became of it.
    pub fate: Fate,
    /// What it is, in a few words.
    pub title: AttrValue,
    /// What else matters at a glance.
    pub detail: AttrValue,
    /// The protocol's short name, for colour and filter.
    pub protocol: &'static str,
    /// How it is drawn.
    pub kind: Kind,
}

/// What became of an arrow.
#[derive(Clone, PartialEq, Debug)]
pub enum Fate {
    /// It arrives.
    Arrives,
    /// It is lost.
    Lost {
        /// For this reason.
        why: AttrValue,
        /// At this end of its way, or between the two.
        at: LostAt,
    },
}

/// Where something is lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LostAt {
    /// It has never wholly left its sender.
    Sender,
    /// Somewhere in between.
    Way,
    /// It came to a host that could not take it.
    Receiver,
}

/// What an arrow carries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// The beginning of a message, on a stream.
    Message,
    /// More of a message that began earlier.
    More,
    /// A datagram.
    Datagram,
    /// Only the transport's own signals: SYN, ACK, FIN, RST.
    Signal,
}

impl Kind {
    /// Whether a message begins here.
    pub fn begins(self) -> bool {
        match self {
            Kind::Message | Kind::Datagram => true,
            Kind::More | Kind::Signal => false,
        }
    }
}

/// What a host is in the middle of, over a span of time.
#[derive(Clone, PartialEq, Debug)]
pub struct State {
    /// Index of its lifeline.
    pub line: usize,
    /// The entry at which it began.
    pub entry: usize,
    /// From when.
    pub from: u64,
    /// Until when; [`u64::MAX`] where it lasts. One that ends as it begins is not drawn.
    pub to: u64,
    /// In a word or two.
    pub name: AttrValue,
}

/// An alarm that a host set.
#[derive(Clone, PartialEq, Debug)]
pub struct Alarm {
    /// Its number, unique in the run.
    pub id: u64,
    /// Index of the host's lifeline.
    pub line: usize,
    /// The entry at which it was set.
    pub entry: usize,
    /// When it was set.
    pub set: u64,
    /// When it rings, or would have.
    pub due: u64,
    /// What became of it.
    pub ring: Ring,
    /// What it is for.
    pub name: AttrValue,
}

/// What became of an alarm.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ring {
    /// It is still armed.
    Armed,
    /// It rang.
    Rang,
    /// It was stopped at this time.
    Stopped(u64),
}
