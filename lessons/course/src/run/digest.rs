//! Takes out of the entries of a run what lessons may know of it.

use protocols::endpoint::{Output, Stimulus};
use protocols::wire::Note;
use world::{Act, Arrow, Fault, HostId, Story, Trace, What};

use crate::measure::{Digest, Mark, Said, Sent};

/// What happened in the entries of a trace, but for the first `from` of them. The story must be
/// that of the same trace.
pub fn digest(story: &Story, trace: Trace<'_>, from: u32) -> Digest {
    let mut digest = Digest::default();
    for entry in trace.entries.iter().skip(from as usize) {
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
    messages(&mut digest, story, trace, from);
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

/// Takes up the messages of which the last byte was sent after the first `from` entries. They are
/// read as they arrived, edits included.
fn messages(digest: &mut Digest, story: &Story, trace: Trace<'_>, from: u32) {
    for (index, talk) in story.conversations().iter().enumerate() {
        for message in talk.messages().iter() {
            let end = message.span.end.saturating_sub(1);
            let carries = |arrow: &&Arrow| {
                arrow.place.is_some_and(|place| {
                    let side = talk.chunks().get(place.chunk).map(|chunk| chunk.side);
                    place.conversation == index
                        && side == Some(message.side)
                        && talk.span_of(place.chunk).contains(end)
                })
            };
            let Some(arrow) = story.arrows().iter().find(carries) else { continue };
            let sent_in = trace.entries.get(arrow.departed_in.0 as usize);
            let Some(entry) = sent_in.filter(|entry| entry.id.0 >= from) else { continue };
            digest.messages.push(Sent {
                mark: Mark { at: entry.at, host: name(trace, arrow.flight.from) },
                title: message.title.clone(),
                fields: fields(&message.notes),
                fault: message.fault.clone(),
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
fn name(trace: Trace<'_>, host: HostId) -> String {
    trace.parties.get(host.0 as usize).map(|party| party.name.clone()).unwrap_or_default()
}
