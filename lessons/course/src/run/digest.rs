//! Takes out of the entries of a run what lessons may know of it.

use core::ops::Range;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use protocols::endpoint::{Output, Stimulus};
use protocols::wire::{Note, Time};
use world::{Act, Arrow, Entry, Fault, HostId, Measures, Power, Settled, Story, Trace, What};

use crate::measure::{Digest, Mark, Measured, Said, Sent};

/// What happened in the entries of a trace, but for the first `from` of them. The story must be
/// that of the same trace.
pub fn digest(story: &Story, trace: Trace<'_>, from: u32) -> Digest {
    let mut tally = Tally::new(from);
    tally.read(story, trace);
    tally.digest
}

/// A digest that keeps up with a run as it grows.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub(super) digest: Digest,
    /// Entries before this are not counted.
    from: u32,
    /// How many entries and arrows were read.
    entries: usize,
    arrows: usize,
    last: Option<Rc<Entry>>,
    /// By conversation and chunk, the arrow that carried it first.
    carriers: BTreeMap<usize, BTreeMap<usize, usize>>,
    /// What was taken up of each conversation.
    talks: BTreeMap<usize, Taken>,
    /// Where each message of the digest is from, in its order.
    keys: Vec<Key>,
    /// How many messages were looked at, those looked at twice counted twice.
    looked_at: u64,
    measures: Measures,
}

/// What was taken up of a conversation.
#[derive(Clone, Debug, Default)]
struct Taken {
    /// The messages that are final: they are not looked at again.
    settled: Settled,
    /// Those after them that are in the digest.
    open: Vec<Key>,
    /// Those before them that are.
    kept: Vec<Key>,
}

/// Where a message of a digest is from; messages are in the order of their keys.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Key {
    at: Time,
    conversation: usize,
    message: usize,
}

impl Tally {
    /// Nothing yet, of a run in which the first so many entries do not count.
    pub fn new(from: u32) -> Tally {
        Tally { from, ..Tally::default() }
    }

    /// What was counted.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Reads on where it stopped; starts afresh if the trace is not a longer form of what was
    /// read. The story must be that of the same trace.
    pub fn read(&mut self, story: &Story, trace: Trace<'_>) {
        let theirs = self.entries.checked_sub(1).and_then(|last| trace.entries.get(last));
        let same = match (&self.last, theirs) {
            (None, None) => true,
            (Some(mine), Some(theirs)) => Rc::ptr_eq(mine, theirs),
            (Some(_), None) | (None, Some(_)) => false,
        };
        if !same {
            *self = Tally::new(self.from);
        }
        let mut touched = BTreeSet::new();
        for (index, arrow) in story.arrows().iter().enumerate().skip(self.arrows) {
            if let Some(place) = arrow.place {
                let carriers = self.carriers.entry(place.conversation).or_default();
                carriers.entry(place.chunk).or_insert(index);
                touched.insert(place.conversation);
            }
        }
        for entry in trace.entries.iter().skip(self.entries) {
            if let What::Meddling(Act::Flight { flight, .. }) = &entry.what {
                let place = story.arrow(*flight).and_then(|arrow| arrow.place);
                touched.extend(place.map(|place| place.conversation));
            }
            if entry.id.0 >= self.from {
                count(&mut self.digest, trace, entry);
            }
        }
        (self.entries, self.arrows) = (trace.entries.len(), story.arrows().len());
        self.last = trace.entries.last().cloned();
        for conversation in touched {
            self.messages(story, trace, conversation);
        }
    }

    /// Takes up what the nodes of an overlay have measured in these entries of a run, whoever
    /// began what they measured.
    pub(super) fn measure(&mut self, trace: Trace<'_>, entries: Range<u32>) {
        self.measures.read(trace);
        let until = self.measures.until(entries.end);
        let samples = until.iter().filter(|sample| sample.entry.0 >= entries.start);
        let measured = samples.map(|sample| Measured {
            host: sample.host.0,
            quantity: sample.quantity,
            value: sample.value,
        });
        self.digest.overlay.samples = measured.collect();
    }

    /// How many messages were looked at, those looked at twice counted twice: what it has cost.
    pub fn looked_at(&self) -> u64 {
        self.looked_at
    }

    /// Takes up the messages of a conversation of which the last byte was sent in the entries that
    /// count, in the place of those known before that were not final. They are read as they
    /// arrived, edits included.
    fn messages(&mut self, story: &Story, trace: Trace<'_>, conversation: usize) {
        let Some(talk) = story.conversations().get(conversation) else { return };
        let mut taken = self.talks.remove(&conversation).unwrap_or_default();
        self.forget(&core::mem::take(&mut taken.open));
        let settled = talk.settled();
        if !settled.continues(&taken.settled) {
            self.forget(&core::mem::take(&mut taken.kept));
            taken.settled = Settled::default();
        }
        for (index, message) in talk.messages().iter().enumerate().skip(taken.settled.messages) {
            self.looked_at += 1;
            let last = message.span.end.saturating_sub(1);
            let chunk = talk.chunk_at(message.side, last);
            let carriers = self.carriers.get(&conversation);
            let carrier = carriers.zip(chunk).and_then(|(all, chunk)| all.get(&chunk));
            let arrow: Option<&Arrow> = carrier.and_then(|carrier| story.arrows().get(*carrier));
            let Some(arrow) = arrow else { continue };
            let sent_in = trace.entry(arrow.departed_in);
            let Some(entry) = sent_in.filter(|entry| entry.id.0 >= self.from) else { continue };
            let key = Key { at: entry.at, conversation, message: index };
            let place = self.keys.partition_point(|other| *other < key);
            self.keys.insert(place, key);
            let sent = Sent {
                mark: Mark { at: entry.at, entry: entry.id, host: name(trace, arrow.flight.from) },
                title: message.title.clone(),
                fields: fields(&message.notes),
                fault: message.fault.clone(),
            };
            self.digest.messages.insert(place, sent);
            match index < settled.messages {
                true => taken.kept.push(key),
                false => taken.open.push(key),
            }
        }
        taken.settled = settled;
        self.talks.insert(conversation, taken);
    }

    /// Forgets these messages.
    fn forget(&mut self, keys: &[Key]) {
        for key in keys.iter().rev() {
            if let Ok(place) = self.keys.binary_search(key) {
                self.keys.remove(place);
                self.digest.messages.remove(place);
            }
        }
    }
}

/// Takes up one entry.
fn count(digest: &mut Digest, trace: Trace<'_>, entry: &Entry) {
    let mark = Mark { at: entry.at, entry: entry.id, host: name(trace, entry.host) };
    match &entry.what {
        What::Step(step) => {
            if let Stimulus::Command(text) = &step.stimulus {
                digest.commands.push(Said { mark: mark.clone(), text: text.clone() });
            }
            for output in &step.outputs {
                take(digest, output, &mark);
            }
        }
        What::Network(_) => {}
        What::Meddling(act) => *digest.faults.entry(kind(act).to_string()).or_default() += 1,
    }
    digest.dials.extend(entry.dialled.iter().map(|_| mark.clone()));
}

/// Takes up one output of a step.
fn take(digest: &mut Digest, output: &Output, mark: &Mark) {
    match output {
        Output::Emit(text) => {
            digest.events.push(Said { mark: mark.clone(), text: text.clone() });
        }
        Output::Cite(rule) => *digest.cited.entry(rule.id.to_string()).or_default() += 1,
        Output::Send { bytes, .. } => {
            *digest.bytes.entry(mark.host.clone()).or_default() += bytes.len() as u64;
        }
        Output::SendTo { bytes, .. } => {
            let sum = digest.datagram_bytes.entry(mark.host.clone()).or_default();
            *sum += bytes.len() as u64;
        }
        Output::Measure { .. }
        | Output::Listen { .. }
        | Output::Unbind { .. }
        | Output::Dial { .. }
        | Output::Join { .. }
        | Output::Finish { .. }
        | Output::Abort { .. }
        | Output::Pace { .. }
        | Output::Arm { .. }
        | Output::Disarm { .. } => {}
    }
}

/// The header fields among the notes of a message, each as `Name: value`.
fn fields(notes: &[Note]) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for note in notes {
        match (note.name.as_ref(), fields.last_mut()) {
            ("field-name", _) => fields.push(format!("{}: ", note.value)),
            ("field-value" | "field-body", Some(field)) => field.push_str(&note.value),
            _ => {}
        }
    }
    fields
}

/// The kind of a meddling as goals name it; commands are not faults.
fn kind(act: &Act) -> &'static str {
    match act {
        Act::Command { .. } => "command",
        Act::Flight { fault, .. } => match fault {
            Fault::Drop => "drop",
            Fault::Delay(_) => "delay",
            Fault::Double => "double",
            Fault::Edit(_) => "edit",
        },
        Act::Link { .. } => "link",
        Act::Power { power: Power::Off, .. } => "off",
        Act::Power { power: Power::On, .. } => "on",
    }
}

/// A host's name.
fn name(trace: Trace<'_>, host: HostId) -> String {
    trace.parties.get(host.0 as usize).map(|party| party.name.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use world::History;

    use crate::stages::{self, Params};
    use crate::{Sitting, catalogue};

    /// Asks a server so often over one connection, and looks after every entry; how many messages
    /// there are, how many arrows, and how many messages were looked at.
    fn looked_at(visits: u64) -> (usize, usize, u64) {
        let specs = stages::named("web").unwrap().specs;
        let mut params = Params::defaults(specs);
        params.set(specs, "mode", "persistent").unwrap();
        let plan = Rc::new(stages::build("web", &params).unwrap());
        let browser = plan.hosts.iter().position(|host| host.name == "browser").unwrap();
        let mut history = History::new(plan, 1);
        let (mut story, mut tally) = (Story::default(), Tally::new(0));
        for _ in 0..visits {
            let (host, text) = (HostId(browser as u32), "get http://www.cs.test/none".to_string());
            history.meddle(Act::Command { host, text }).unwrap();
            for _ in 0..20 {
                history.step();
                story.read(history.trace());
                tally.read(&story, history.trace());
            }
        }
        (tally.digest().messages.len(), story.arrows().len(), tally.looked_at())
    }

    #[test]
    fn twice_as_many_messages_cost_twice_as_many_looks() {
        for visits in [20, 40, 80] {
            let (messages, arrows, looked_at) = looked_at(visits);
            println!("{messages} messages, {arrows} arrows: {looked_at} messages looked at");
            assert!(messages as u64 > visits, "questions and answers");
            assert!(looked_at <= 2 * messages as u64, "{looked_at} looks at {messages} messages");
        }
    }

    const MOST_COMPARED: usize = 400;

    #[test]
    fn entry_by_entry_a_tally_counts_what_it_counts_at_once() {
        for scene in catalogue().iter().flat_map(|entry| entry.read().unwrap().scenes) {
            let mut sitting = Sitting::new(&scene).unwrap();
            for act in &scene.answer {
                sitting.act(act).unwrap();
            }
            sitting.finish();
            let (trace, from) = (sitting.run().history.trace(), sitting.run().opened());
            let (mut story, mut tally) = (Story::default(), Tally::new(from));
            // A whole digest takes time in proportion: of long runs not every one is compared.
            let seldom = 1 + trace.entries.len() / MOST_COMPARED;
            for len in 0..=trace.entries.len() {
                let trace = Trace { entries: &trace.entries[..len], ..trace };
                story.read(trace);
                tally.read(&story, trace);
                if len % seldom != 0 {
                    continue;
                }
                let whole = digest(&story, trace, from);
                assert_eq!(*tally.digest(), whole, "{} at entry {len}", scene.title);
            }
        }
    }
}
