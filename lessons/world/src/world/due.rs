//! What is due: how it is put down, and what can be seen of it before it happens.

use std::collections::BTreeSet;

use protocols::endpoint::{AlarmId, Stimulus};
use protocols::wire::{Side, Time};

use super::host::Armed;
use super::queue::{Due, When};
use super::stream::Owed;
use super::timeout::Again;
use super::{Item, World};
use crate::entry::{Entry, EntryId, Flight, HostId, Load, StreamId};

impl World {
    /// When the next thing is due. Looking changes nothing and copies nothing.
    pub fn next_at(&self) -> Option<Time> {
        // What will have been acknowledged by then: nobody misses it or sends it again.
        let mut heard: BTreeSet<(StreamId, Side, u32)> = BTreeSet::new();
        let ring = self.alarms.first();
        let mut before = self.queue.iter().take_while(|due| ring.is_none_or(|r| due.when < r));
        let next = before.find(|due| match &due.what {
            // Nobody sees it come back, unless something has waited for it.
            Item::Acknowledge { stream, side, number, .. } => {
                heard.insert((*stream, *side, *number));
                self.waits(*stream, *side)
            }
            Item::SendAgain(Again { stream, side, owed: Owed::Segment(number), .. })
                if heard.contains(&(*stream, *side, *number)) =>
            {
                false
            }
            Item::Miss(flying)
                if segment(&flying.flight.load).is_some_and(|owed| heard.contains(&owed)) =>
            {
                false
            }
            _ => !self.is_stale(&due.what),
        });
        next.map(|due| due.when).or(ring).map(|when| when.at)
    }

    /// Whether a flight is in the air, or a lost one will be missed.
    pub fn is_anything_in_the_air(&self) -> bool {
        self.queue.iter().any(|due| match &due.what {
            Item::Land(flying) => flying.flight.depart <= self.now,
            Item::Miss(flying) => flying.flight.depart <= self.now && !self.is_stale(&due.what),
            _ => false,
        })
    }

    /// Whether nothing is on its way, or lost and sure to be sent again, though alarms may be
    /// armed.
    pub fn is_quiet(&self) -> bool {
        let moves = |due: &Due<Item>| match &due.what {
            Item::Start(_)
            | Item::Land(_)
            | Item::Deliver(..)
            | Item::Resume(..)
            | Item::NoRoute(..) => true,
            Item::Miss(_) => !self.is_stale(&due.what),
            Item::Acknowledge { stream, side, .. } => self.waits(*stream, *side),
            Item::SendAgain(_) | Item::Churn(_) => false,
        };
        let rings = self.alarms.first().is_some_and(|when| when.at <= self.now);
        !rings && !self.queue.iter().any(moves)
    }

    /// The flights in the air, in order of departure; also lost ones that somebody waits for,
    /// until they are sent again.
    pub fn in_the_air(&self) -> impl Iterator<Item = &Flight> {
        let flying = self.queue.iter().filter_map(|due| match &due.what {
            Item::Land(flying) => Some(&*flying.flight),
            Item::Miss(flying) if !self.is_stale(&due.what) => Some(&*flying.flight),
            _ => None,
        });
        let mut flights: Vec<&Flight> = flying.filter(|f| f.depart <= self.now).collect();
        flights.sort_by_key(|flight| flight.id);
        flights.into_iter()
    }

    /// Puts something into the queue.
    pub(super) fn schedule(&mut self, at: Time, item: Item) {
        let turn = self.next_turn;
        self.next_turn += 1;
        self.queue.push(When { at, turn }, item);
    }

    /// Arms an alarm.
    pub(super) fn arm(&mut self, host: HostId, alarm: AlarmId, at: Time, cause: EntryId) {
        let when = When { at, turn: self.next_turn };
        self.next_turn += 1;
        self.host_mut(host).arm(Armed { alarm, cause, when });
        self.alarms.push(when, (host, alarm));
    }

    /// Disarms an alarm, if it is armed.
    pub(super) fn disarm(&mut self, host: HostId, alarm: AlarmId) {
        if let Some(armed) = self.host_mut(host).disarm(alarm) {
            self.alarms.remove(armed.when);
        }
    }

    /// An alarm rings at a host.
    pub(super) fn ring(&mut self, host: HostId, alarm: AlarmId) -> Entry {
        let cause = self.host_mut(host).disarm(alarm).map(|armed| armed.cause);
        self.advance(host, cause, None, Stimulus::Alarm(alarm))
    }

    pub(super) fn is_stale(&self, item: &Item) -> bool {
        match item {
            Item::Miss(flying) => self.missed_at(&flying.flight).is_none(),
            Item::SendAgain(again) => self.is_settled(*again),
            Item::Start(_)
            | Item::Land(_)
            | Item::Deliver(..)
            | Item::Acknowledge { .. }
            | Item::Resume(..)
            | Item::NoRoute(..)
            | Item::Churn(_) => false,
        }
    }
}

/// The segment that a flight carries, if it carries one.
fn segment(load: &Load) -> Option<(StreamId, Side, u32)> {
    match (load.stream(), Owed::to(load)) {
        (Some(stream), Some((side, Owed::Segment(number)))) => Some((stream, side, number)),
        (_, Some((_, Owed::Segment(_) | Owed::Handshake)) | None) => None,
    }
}
