//! Takes out of the entries of a run what lessons may know of it.

use std::rc::Rc;

use protocols::endpoint::{Output, Stimulus};
use protocols::wire::{Message, Note};
use world::{Act, Entry, Fault, HostId, Trace, What};

use super::talk::talks;
use crate::measure::{Digest, Mark, Said, Sent};

/// What happened from the moment `from` up to the moment `to`, each a number of entries.
pub fn digest(trace: &Trace<'_>, from: u32, to: u32) -> Digest {
    let entries = trace.entries.get(..to as usize).unwrap_or(trace.entries);
    let from = from as usize;
    let mut digest = Digest::default();
    for entry in entries.iter().skip(from) {
        let mark = Mark { at: entry.at, host: name(trace, entry.host) };
        match &entry.what {
            What::Step(step) => {
                if let Stimulus::Command(text) = &step.stimulus {
                    digest.commands.push(Said { mark: mark.clone(), text: text.clone() });
                }
                for output in &step.outputs {
                    take(&mut digest, output, &mark);
                }
            }
            What::Network(_) => {}
            What::Meddling(act) => {
                *digest.faults.entry(kind(act).to_string()).or_default() += 1;
            }
        }
        digest.dials.extend(entry.dialled.iter().map(|_| mark.clone()));
    }
    messages(&mut digest, trace, entries, from);
    digest
}

/// Takes up one output of a step.
fn take(digest: &mut Digest, output: &Output, mark: &Mark) {
    match output {
        Output::Emit(text) => {
            digest.events.push(Said { mark: mark.clone(), text: text.clone() });
        }
        Output::Cite(rule) => *digest.cited.entry(rule.id.to_string()).or_default() += 1,
        Output::Send { bytes, .. } | Output::SendTo { bytes, .. } => {
            *digest.bytes.entry(mark.host.clone()).or_default() += bytes.len() as u64;
        }
        Output::Listen { .. }
        | Output::Dial { .. }
        | Output::Join { .. }
        | Output::Finish { .. }
        | Output::Abort { .. }
        | Output::Arm { .. }
        | Output::Disarm { .. } => {}
    }
}

/// Takes up the messages whose last byte was sent from the entry with this index on.
fn messages(digest: &mut Digest, trace: &Trace<'_>, entries: &[Rc<Entry>], from: usize) {
    let Some(start) = entries.get(from).map(|entry| entry.at) else { return };
    let old: Vec<_> = entries.iter().take(from).flat_map(|e| &e.flights).map(|f| f.id).collect();
    for talk in talks(entries).values() {
        let broken: Vec<Message> =
            talk.arrived().into_iter().filter(|message| message.fault.is_some()).collect();
        for message in talk.messages() {
            let Some(carrier) = talk.last_carrier(&message) else { continue };
            if carrier.at < start || old.contains(&carrier.flight) {
                continue;
            }
            let same = |other: &&Message| {
                other.side == message.side && other.span.start == message.span.start
            };
            let fault = broken.iter().find(same).and_then(|other| other.fault.clone());
            digest.messages.push(Sent {
                mark: Mark { at: carrier.at, host: name(trace, carrier.host) },
                title: message.title,
                fields: fields(&message.notes),
                fault,
            });
        }
    }
    digest.messages.sort_by_key(|sent| sent.mark.at);
}

/// The header fields among the notes of a message, each as `Name: value`.
fn fields(notes: &[Note]) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for note in notes {
        match (note.name.as_ref(), fields.last_mut()) {
            ("field-name", _) => fields.push(format!("{}: ", note.value)),
            ("field-value", Some(field)) => field.push_str(&note.value),
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
    }
}

/// A host's name.
fn name(trace: &Trace<'_>, host: HostId) -> String {
    trace.parties.get(host.0 as usize).map(|party| party.name.clone()).unwrap_or_default()
}
