//! What lessons may know of a run: counts and times, and nothing that is not in its history.

use std::collections::{BTreeMap, BTreeSet};

use protocols::wire::{Time, Violation};
use world::EntryId;

use super::{Measure, Overlay, Pattern};
use crate::lesson::Scene;
use crate::stages::{Params, Value};

/// The facts over which expressions are evaluated: what happened in one run, on which stage, and
/// what the student has done besides.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// What the stage is set to.
    pub params: &'a Params,
    /// What the scene set it to before the student turned anything.
    pub opened: &'a Params,
    /// What `measured` means.
    pub measure: Option<&'a Measure>,
    /// What happened.
    pub run: &'a Digest,
    /// The ids of the questions that were answered rightly.
    pub answered: &'a BTreeSet<String>,
}

/// What happened in a run, taken out of its history once and then counted as often as one likes.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Digest {
    /// Commands that users gave to hosts.
    pub commands: Vec<Said>,
    /// Events that hosts told their users.
    pub events: Vec<Said>,
    /// Messages that hosts sent, each at the moment at which its last byte was sent.
    pub messages: Vec<Sent>,
    /// Connections that hosts dialled.
    pub dials: Vec<Mark>,
    /// Bytes that hosts sent on connections.
    pub bytes: BTreeMap<String, u64>,
    /// Bytes that hosts sent in datagrams.
    pub datagram_bytes: BTreeMap<String, u64>,
    /// Bytes that links carried, both ways together, by the link's name.
    pub carried: BTreeMap<String, u64>,
    /// How often each rule was cited, by its id.
    pub cited: BTreeMap<String, u64>,
    /// How often each kind of fault was made.
    pub faults: BTreeMap<String, u64>,
    /// The overlay that its hosts make, where they make one.
    pub overlay: Overlay,
}

/// Something said at a moment: a command or an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// When, and at which host.
    pub mark: Mark,
    /// What, in the endpoint's own text.
    pub text: String,
}

/// A message sent.
#[derive(Clone, PartialEq, Debug)]
pub struct Sent {
    /// When its last byte was sent, and by which host.
    pub mark: Mark,
    /// Its title: `GET /index.html`.
    pub title: String,
    /// Its header fields, each as `Name: value`.
    pub fields: Vec<String>,
    /// What is wrong with it.
    pub fault: Option<Violation>,
}

/// A moment at a host.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mark {
    /// When.
    pub at: Time,
    /// In which entry: of several at one time it tells which came first.
    pub entry: EntryId,
    /// The host's name.
    pub host: String,
}

impl<'a> Facts<'a> {
    /// The facts of a run of a scene in which nobody has answered anything.
    pub fn of(scene: &'a Scene, params: &'a Params, run: &'a Digest) -> Facts<'a> {
        let (opened, measure) = (&scene.opening.params, scene.opening.measure.as_ref());
        Facts { params, opened, measure, run, answered: &NONE }
    }

    /// The value of a name: a parameter, or one of [`NAMES`].
    pub(crate) fn named(&self, name: &str) -> Option<f64> {
        match (name, self.params.value(name)) {
            ("measured", _) => self.run.measured(self.measure?),
            ("since_syn", _) => self.run.since_syn(self.measure?),
            (_, Some(Value::Number(number))) => Some(*number),
            (_, Some(Value::Word(_)) | None) => None,
        }
    }

    /// What a function of texts gives.
    pub(crate) fn seen(&self, name: &str, texts: &[&str], numbers: &[f64]) -> Option<f64> {
        let run = self.run;
        match (name, texts) {
            ("connections", [host]) => count(&run.dials, |dial| dial.host == *host),
            ("events", [host, pattern]) => said(&run.events, host, pattern),
            ("commands", [host, pattern]) => said(&run.commands, host, pattern),
            ("messages", [host, pattern]) => {
                let pattern = Pattern::new(*pattern);
                let of = |sent: &Sent| *host == "*" || sent.mark.host == *host;
                count(&run.messages, |sent| of(sent) && pattern.fits(&sent.title))
            }
            ("fields", [host, pattern]) => {
                let (pattern, of) =
                    (Pattern::new(*pattern), |sent: &&Sent| sent.mark.host == *host);
                let fields: Vec<_> =
                    run.messages.iter().filter(of).flat_map(|s| &s.fields).collect();
                count(&fields, |field| pattern.fits(field))
            }
            ("violations", [host]) => {
                count(&run.messages, |sent| sent.mark.host == *host && sent.fault.is_some())
            }
            ("bytes", [host]) => Some(sum(&run.bytes, host)),
            ("datagram_bytes", [host]) => Some(sum(&run.datagram_bytes, host)),
            ("carried", [link]) => Some(sum(&run.carried, link)),
            ("rules", [id]) => Some(sum(&run.cited, id)),
            ("faults", [kind]) => Some(sum(&run.faults, kind)),
            ("mean", [host, from, to]) => run.mean(host, from, to),
            ("turned", [param]) => truth(self.params.value(param) != self.opened.value(param)),
            ("answered", [id]) => truth(self.answered.contains(*id)),
            _ => run.overlay.seen(name, texts, numbers),
        }
    }
}

impl Digest {
    /// Whether nothing has been done or measured since the student came in.
    pub fn is_untouched(&self) -> bool {
        self.commands.is_empty() && self.faults.is_empty() && self.overlay.samples.is_empty()
    }

    /// The time from the last command that starts the measure to the last event that ends it.
    fn measured(&self, measure: &Measure) -> Option<f64> {
        let (from, to) = self.ends(measure)?;
        Some(to.at.since(from.at).as_secs_f64())
    }

    /// The part of it from the first connection on that the host dials; none where it dials none.
    fn since_syn(&self, measure: &Measure) -> Option<f64> {
        let (from, to) = self.ends(measure)?;
        let within = from.entry..=to.entry;
        let is_it = |dial: &&Mark| dial.host == measure.host && within.contains(&dial.entry);
        let dial = self.dials.iter().find(is_it)?;
        Some(to.at.since(dial.at).as_secs_f64())
    }

    /// When the clock of a measure starts and stops.
    fn ends(&self, measure: &Measure) -> Option<(&Mark, &Mark)> {
        let (from, to) = (&measure.from, &measure.to);
        let fits = |said: &&Said, pattern: &Pattern| {
            said.mark.host == measure.host && pattern.fits(&said.text)
        };
        let from = &self.commands.iter().rfind(|said| fits(said, from))?.mark;
        let to = &self.events.iter().rfind(|said| fits(said, to))?.mark;
        (to.entry >= from.entry).then_some((from, to))
    }

    /// The mean time from each command that fits to the first event after it that fits and was
    /// not taken by a command before it.
    fn mean(&self, host: &str, from: &str, to: &str) -> Option<f64> {
        let (from, to) = (Pattern::new(from), Pattern::new(to));
        let mut ends = self
            .events
            .iter()
            .filter(|said| said.mark.host == host && to.fits(&said.text))
            .map(|said| &said.mark);
        let mut times = Vec::new();
        for command in &self.commands {
            if command.mark.host == host && from.fits(&command.text) {
                let end = ends.find(|end| end.entry >= command.mark.entry)?;
                times.push(end.at.since(command.mark.at).as_secs_f64());
            }
        }
        (!times.is_empty()).then(|| times.iter().sum::<f64>() / times.len() as f64)
    }
}

fn said(list: &[Said], host: &str, pattern: &str) -> Option<f64> {
    let pattern = Pattern::new(pattern);
    count(list, |said| said.mark.host == host && pattern.fits(&said.text))
}

fn count<T>(list: &[T], fits: impl Fn(&T) -> bool) -> Option<f64> {
    Some(list.iter().filter(|item| fits(item)).count() as f64)
}

/// The number under a name, or the sum of all for `*`.
fn sum(numbers: &BTreeMap<String, u64>, name: &str) -> f64 {
    match name {
        "*" => numbers.values().sum::<u64>() as f64,
        name => numbers.get(name).copied().unwrap_or(0) as f64,
    }
}

fn truth(holds: bool) -> Option<f64> {
    Some(if holds { 1.0 } else { 0.0 })
}

/// The names that expressions may use beside the stage's parameters; each needs a measure.
pub const NAMES: &[&str] = &["measured", "since_syn"];

static NONE: BTreeSet<String> = BTreeSet::new();
