//! Threads: what each thing that the student did has led to, out of everything that happens.
//!
//! On a stage of ten thousand hosts nobody looks at the whole run. What a command led to, entry by
//! entry through the causes, is a run of its own that can be drawn, told and counted.

use core::time::Duration;
use std::collections::BTreeMap;
use std::rc::Rc;

use protocols::endpoint::{AlarmId, Output, Stimulus};

use crate::entry::{Act, Entry, EntryId, Fate, Fault, Flight, FlightId, HostId, Power, What};
use crate::trace::Trace;

#[cfg(test)]
mod tests;

/// Every thread of a run, as far as it has been read.
#[derive(Clone, Debug, Default)]
pub struct Threads {
    threads: Vec<Thread>,
    /// The entries that belong to any of them, in order.
    own: Vec<Rc<Entry>>,
    /// For each entry the thread that it belongs to, by index; [`NO_THREAD`] for most.
    of_entry: Vec<u32>,
    /// What is under way and belongs to a thread.
    air: BTreeMap<FlightId, (u32, Rc<Flight>)>,
    armed: BTreeMap<(HostId, AlarmId), u32>,
    last: Option<Rc<Entry>>,
}

/// All that descends by cause from one entry that the student began.
#[derive(Clone, PartialEq, Debug)]
pub struct Thread {
    /// The entry that began it.
    pub root: EntryId,
    /// Its entries in order, the root first.
    entries: Vec<EntryId>,
    /// The hosts that it has touched, in the order of appearance, each with the entry in which it
    /// appears: where it acts first, or something is first sent to it.
    hosts: Vec<(EntryId, HostId)>,
    /// After which entries how much of it was under way: flights that will land, and alarms that
    /// will ring before long.
    open: Vec<(EntryId, u32)>,
}

impl Threads {
    /// Reads on where it stopped; starts afresh if the trace is not a longer form of what was
    /// read, as after a change of branch.
    pub fn read(&mut self, trace: Trace<'_>) {
        if !self.is_beginning_of(trace) {
            *self = Threads::default();
        }
        for entry in trace.entries.iter().skip(self.of_entry.len()) {
            self.take(entry);
        }
        if !self.has_read(trace) {
            self.last = trace.entries.last().cloned();
        }
    }

    /// Whether all of a trace has been read, and nothing else.
    pub fn has_read(&self, trace: Trace<'_>) -> bool {
        self.of_entry.len() == trace.entries.len() && self.is_beginning_of(trace)
    }

    fn is_beginning_of(&self, trace: Trace<'_>) -> bool {
        let last = self.of_entry.len().checked_sub(1);
        match (&self.last, last.and_then(|at| trace.entries.get(at))) {
            (None, None) => true,
            (Some(mine), Some(theirs)) => Rc::ptr_eq(mine, theirs),
            (Some(_), None) | (None, Some(_)) => false,
        }
    }

    /// Every thread in the order of beginning.
    pub fn all(&self) -> &[Thread] {
        &self.threads
    }

    /// The thread that began with this entry.
    pub fn begun_in(&self, root: EntryId) -> Option<&Thread> {
        let at = self.threads.binary_search_by_key(&root, |thread| thread.root).ok()?;
        self.threads.get(at)
    }

    /// The thread that an entry belongs to.
    pub fn of(&self, entry: EntryId) -> Option<&Thread> {
        let index = self.of_entry.get(entry.0 as usize)?;
        self.threads.get(*index as usize)
    }

    /// The entries among the first so many of the run that belong to any thread, in order: what the
    /// student's doing has led to.
    pub fn entries(&self, moment: u32) -> &[Rc<Entry>] {
        let end = self.own.partition_point(|entry| entry.id.0 < moment);
        self.own.get(..end).unwrap_or(&[])
    }

    /// The entries of one thread, whole, in order.
    pub fn entries_of(&self, thread: &Thread) -> Vec<Rc<Entry>> {
        let own = |id: &EntryId| {
            let at = self.own.binary_search_by_key(id, |entry| entry.id).ok()?;
            self.own.get(at).cloned()
        };
        thread.entries.iter().filter_map(own).collect()
    }

    /// Whether nothing that the student began is under way once so many entries have happened.
    pub fn are_over(&self, moment: u32) -> bool {
        self.threads.iter().all(|thread| thread.is_over(moment))
    }

    fn take(&mut self, entry: &Rc<Entry>) {
        let index = self.joined(entry);
        self.of_entry.push(index.unwrap_or(NO_THREAD));
        if let Some(index) = index
            && let Some(thread) = self.threads.get_mut(index as usize)
        {
            thread.entries.push(entry.id);
            thread.meet(entry.id, entry.host);
            entry.flights.iter().for_each(|flight| thread.meet(entry.id, flight.to));
            self.own.push(Rc::clone(entry));
        }
        self.settle(entry);
        if let Some(index) = index {
            self.set_out(index, entry);
        }
    }

    /// The thread that an entry goes on with, or begins.
    fn joined(&mut self, entry: &Entry) -> Option<u32> {
        if let Some(cause) = entry.cause {
            return self.of_entry.get(cause.0 as usize).copied().filter(|at| *at != NO_THREAD);
        }
        if let What::Meddling(Act::Flight { flight, .. }) = &entry.what
            && let Some((index, _)) = self.air.get(flight)
        {
            return Some(*index);
        }
        if !is_begun_by_student(entry) {
            return None;
        }
        let (entries, hosts, open) = (Vec::new(), Vec::new(), Vec::new());
        self.threads.push(Thread { root: entry.id, entries, hosts, open });
        Some(self.threads.len() as u32 - 1)
    }

    /// What ends with an entry is under way no more.
    fn settle(&mut self, entry: &Entry) {
        if let Some((index, _)) = entry.landed.and_then(|flight| self.air.remove(&flight)) {
            self.change(index, entry.id, -1);
        }
        match &entry.what {
            What::Step(step) => {
                let rung = match step.stimulus {
                    Stimulus::Alarm(alarm) => Some(alarm),
                    _ => None,
                };
                let stopped = step.outputs.iter().filter_map(|output| match output {
                    Output::Disarm { alarm } => Some(*alarm),
                    _ => None,
                });
                for alarm in rung.into_iter().chain(stopped) {
                    if let Some(index) = self.armed.remove(&(entry.host, alarm)) {
                        self.change(index, entry.id, -1);
                    }
                }
            }
            What::Meddling(Act::Flight { flight, fault: Fault::Drop }) => {
                if let Some((index, _)) = self.air.remove(flight) {
                    self.change(index, entry.id, -1);
                }
            }
            What::Meddling(Act::Power { host, power: Power::Off }) => {
                self.switched_off(entry, *host)
            }
            What::Meddling(Act::Flight { .. } | Act::Command { .. })
            | What::Meddling(Act::Link { .. } | Act::Power { power: Power::On, .. })
            | What::Network(_) => {}
        }
    }

    /// A host that goes off forgets its alarms, and what had not left it wholly never does.
    fn switched_off(&mut self, entry: &Entry, host: HostId) {
        let own = (host, AlarmId(0))..=(host, AlarmId(u32::MAX));
        let alarms: Vec<_> = self.armed.range(own).map(|(alarm, _)| *alarm).collect();
        let forgotten: Vec<u32> =
            alarms.into_iter().filter_map(|alarm| self.armed.remove(&alarm)).collect();
        let unsent = |flight: &Flight| flight.from == host && !flight.has_left(entry.at);
        let stuck: Vec<_> =
            self.air.iter().filter(|(_, (_, f))| unsent(f)).map(|(id, _)| *id).collect();
        let lost: Vec<u32> =
            stuck.into_iter().filter_map(|id| Some(self.air.remove(&id)?.0)).collect();
        for index in forgotten.into_iter().chain(lost) {
            self.change(index, entry.id, -1);
        }
    }

    /// What begins with an entry of a thread is under way.
    fn set_out(&mut self, index: u32, entry: &Entry) {
        for flight in entry.flights.iter().filter(|flight| flight.fate == Fate::Arrives) {
            self.air.insert(flight.id, (index, Rc::clone(flight)));
            self.change(index, entry.id, 1);
        }
        let What::Step(step) = &entry.what else { return };
        for output in &step.outputs {
            if let Output::Arm { alarm, after, .. } = output
                && *after <= LONGEST_WAIT
            {
                self.armed.insert((entry.host, *alarm), index);
                self.change(index, entry.id, 1);
            }
        }
    }

    fn change(&mut self, index: u32, entry: EntryId, by: i32) {
        let Some(thread) = self.threads.get_mut(index as usize) else { return };
        let now = thread.open.last().map_or(0, |(_, count)| *count).saturating_add_signed(by);
        match thread.open.last_mut() {
            Some((last, count)) if *last == entry => *count = now,
            Some(_) | None => thread.open.push((entry, now)),
        }
    }
}

impl Thread {
    /// Its entries among the first so many of the run, in order.
    pub fn entries(&self, moment: u32) -> &[EntryId] {
        let end = self.entries.partition_point(|entry| entry.0 < moment);
        self.entries.get(..end).unwrap_or(&[])
    }

    /// The hosts that it touches in those, in the order of appearance.
    pub fn hosts(&self, moment: u32) -> impl Iterator<Item = HostId> {
        let met = self.hosts.iter().take_while(move |(entry, _)| entry.0 < moment);
        met.map(|(_, host)| *host)
    }

    /// Whether nothing of it is under way once so many entries have happened. A thread that has
    /// not begun by then is over too.
    pub fn is_over(&self, moment: u32) -> bool {
        let known = self.open.partition_point(|(entry, _)| entry.0 < moment);
        known.checked_sub(1).and_then(|at| self.open.get(at)).is_none_or(|(_, open)| *open == 0)
    }

    fn meet(&mut self, entry: EntryId, host: HostId) {
        if !self.hosts.iter().any(|(_, other)| *other == host) {
            self.hosts.push((entry, host));
        }
    }
}

fn is_begun_by_student(entry: &Entry) -> bool {
    match &entry.what {
        What::Meddling(_) => true,
        What::Step(step) => matches!(step.stimulus, Stimulus::Command(_)),
        What::Network(_) => false,
    }
}

/// An entry that descends from nothing that the student did.
const NO_THREAD: u32 = u32::MAX;

/// Alarms that are set for longer do not keep a thread alive: they are for housekeeping (values
/// that expire, tables that are refreshed), not for an answer that is waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
