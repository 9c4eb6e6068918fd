//! Why something happened: the chain of entries that caused it, each with its rules.

use protocols::endpoint::{Output, Stimulus};
use protocols::wire::Rule;
use world::{Entry, Trace, What};

use super::lines::{came, host_name};
use super::since;
use crate::draw::ladder::Sketch;
use crate::state::reading::Cause;

/// The chain of causes of an entry, from itself back to what the student or the stage began.
pub fn causes(trace: &Trace, sketch: &Sketch, entry: usize) -> Vec<Cause> {
    let mut chain = Vec::new();
    let mut next = trace.entries.get(entry);
    while let Some(entry) = next {
        let arrow = |id: u64| sketch.arrows.iter().find(|arrow| arrow.id == id);
        let landed = entry.landed.and_then(|id| arrow(id.0));
        let student = match &entry.what {
            What::Step(step) => matches!(step.stimulus, Stimulus::Command(_)),
            What::Meddling(_) => true,
            What::Network(_) => false,
        };
        let mut text = came(trace, entry, landed).unwrap_or_default();
        let sent: Vec<String> = entry
            .flights
            .iter()
            .filter_map(|flight| arrow(flight.id.0))
            .take(MOST_SENT)
            .map(|arrow| arrow.title.to_string())
            .collect();
        if !sent.is_empty() {
            text += &format!(", and sends {}", sent.join(", "));
        }
        if student {
            text += " (you)";
        }
        chain.push(Cause {
            entry: entry.id.0 as usize,
            at: since(trace, entry.at),
            host: host_name(trace, entry.host.0 as usize),
            text: text.into(),
            rules: rules(entry),
        });
        next = entry
            .cause
            .filter(|cause| *cause < entry.id && chain.len() < LONGEST_CHAIN)
            .and_then(|cause| trace.entries.get(cause.0 as usize));
    }
    chain
}

/// The rules that were cited in a step, each once.
fn rules(entry: &Entry) -> Vec<&'static Rule> {
    let What::Step(step) = &entry.what else { return Vec::new() };
    let mut rules: Vec<&'static Rule> = Vec::new();
    for output in &step.outputs {
        if let Output::Cite(rule) = output
            && !rules.contains(rule)
        {
            rules.push(rule);
        }
    }
    rules
}

/// Longer chains are cut: nobody reads to their end.
const LONGEST_CHAIN: usize = 200;
/// More titles than this are not listed.
const MOST_SENT: usize = 4;
