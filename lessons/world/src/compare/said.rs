//! All messages of a run, in the order of being sent, with what became of them on their way.

use std::collections::BTreeMap;
use std::rc::Rc;

use protocols::endpoint::Output;
use protocols::wire::{Message, Rule, Turn};

use super::{Cell, Run, Written};
use crate::entry::{Fate, HostId, What};
use crate::story::{Arrow, Place};

/// A message with what became of it.
#[derive(Clone, Debug)]
pub struct Said {
    /// What is shown of it.
    pub cell: Cell,
    /// The conversation's messages, and which of them it is.
    messages: Rc<[Message]>,
    index: usize,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether it asks or answers.
    pub turn: Turn,
    /// The conversation, by index in its story.
    pub conversation: usize,
    /// How many segments or datagrams it has bytes in.
    pub pieces: usize,
    /// How often one of them was sent again by the transport, or arrived twice.
    pub again: usize,
    /// Whether one of them was lost at least once.
    pub lost: bool,
    /// The rules cited by the step that sent it, those of its own protocol first: a step may send
    /// something in one protocol for the sake of another: who fetches a page asks for a name.
    pub because: Vec<&'static Rule>,
}

impl Said {
    /// The message as its protocol read it.
    pub fn written(&self) -> Option<Written<'_>> {
        self.messages.get(self.index).map(|message| Written { message, bytes: &self.bytes })
    }
}

/// The messages of a run.
pub fn all(run: Run<'_>) -> Vec<Said> {
    let mut flights: BTreeMap<Place, Vec<&Arrow>> = BTreeMap::new();
    for arrow in run.story.arrows() {
        if let Some(place) = arrow.place {
            flights.entry(place).or_default().push(arrow);
        }
    }
    let mut said = Vec::new();
    for (conversation, talk) in run.story.conversations().iter().enumerate() {
        let messages: Rc<[Message]> = Rc::from(&*talk.messages());
        let mut pieces: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for chunk in 0..talk.chunks().len() {
            for message in talk.messages_in(chunk) {
                pieces.entry(message).or_default().push(chunk);
            }
        }
        for (index, message) in messages.iter().enumerate() {
            // A datagram without a byte is in no chunk that has one.
            let chunks = pieces.remove(&index).unwrap_or_else(|| vec![message.chunk]);
            let places = chunks.iter().map(|chunk| Place { conversation, chunk: *chunk });
            let carried: Vec<&Arrow> =
                places.filter_map(|place| flights.get(&place)).flatten().copied().collect();
            let Some(first) = carried.iter().min_by_key(|arrow| arrow.flight.id) else { continue };
            said.push(Said {
                cell: cell(run, talk.protocol.name, message, first),
                messages: Rc::clone(&messages),
                index,
                turn: message.turn,
                bytes: message.span.of(&talk.bytes(message.side)).to_vec(),
                conversation,
                pieces: chunks.len(),
                again: carried.iter().filter(|arrow| is_again(arrow)).count(),
                lost: carried.iter().any(|arrow| is_lost(arrow)),
                because: because(run, first, talk.protocol.rules),
            });
        }
    }
    said.sort_by_key(|said| (said.cell.flight, said.index));
    for (number, said) in said.iter_mut().enumerate() {
        said.cell.number = number;
    }
    said
}

fn cell(run: Run<'_>, protocol: &'static str, message: &Message, first: &Arrow) -> Cell {
    let name = |host: HostId| {
        let party = run.trace.parties.get(host.0 as usize);
        party.map_or_else(String::new, |party| party.name.clone())
    };
    Cell {
        number: 0,
        flight: first.flight.id,
        at: first.flight.depart.since(run.trace.epoch),
        from: name(first.flight.from),
        to: name(first.flight.to),
        side: message.side,
        protocol,
        title: message.title.clone(),
        detail: message.detail.clone(),
    }
}

fn is_again(arrow: &Arrow) -> bool {
    arrow.flight.attempt > 0 || arrow.flight.doubled
}

fn is_lost(arrow: &Arrow) -> bool {
    match arrow.flight.fate {
        Fate::Arrives => arrow.lost_at.is_some(),
        Fate::Lost { .. } => true,
    }
}

fn because(run: Run<'_>, arrow: &Arrow, own: &[&Rule]) -> Vec<&'static Rule> {
    let entry = run.trace.entries.get(arrow.departed_in.0 as usize);
    let Some(What::Step(step)) = entry.map(|entry| &entry.what) else { return Vec::new() };
    let mut rules: Vec<&'static Rule> = Vec::new();
    for output in &step.outputs {
        match output {
            Output::Cite(rule) if !rules.contains(rule) => rules.push(rule),
            _ => {}
        }
    }
    rules.sort_by_key(|rule| !own.contains(rule));
    rules
}
