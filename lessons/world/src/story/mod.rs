//! What happened and why, computed from entries when somebody looks.
//!
//! A story reads a [`Trace`] and keeps up with it as it grows: arrows for the ladder,
//! conversations for the inspector, narration for the transcript. It adds no facts.

mod arrow;
mod change;
mod conversation;
mod measures;
mod narrate;
mod strip;
#[cfg(test)]
mod tests;
mod thread;
mod transcript;

use std::collections::BTreeMap;
use std::rc::Rc;

use protocols::wire::Side;

pub use arrow::{Arrow, Label, Place};
pub use change::{Change, changes};
pub use conversation::{Conversation, Settled, Unexplained};
pub use measures::{Histogram, Measures, Sample};
pub use narrate::{Line, Narration};
pub use strip::{AlarmMark, Strip};
pub use thread::{Thread, Threads};
pub use transcript::{clock, transcript};

use crate::entry::{
    Act, Entry, EntryId, Fault, Flight, FlightId, HostId, LinkId, Load, LossCause, Network, Power,
    StreamId, What,
};
use crate::trace::Trace;

/// The story of a run as far as it has been read.
#[derive(Clone, Debug, Default)]
pub struct Story {
    arrows: Vec<Arrow>,
    by_flight: BTreeMap<FlightId, usize>,
    conversations: Vec<Conversation>,
    by_stream: BTreeMap<StreamId, usize>,
    by_sockets: BTreeMap<Sockets, usize>,
    /// Which chunk a segment is, so that sending it again tells nothing new.
    by_segment: BTreeMap<(StreamId, Side, u32), Place>,
    read: Vec<Rc<Entry>>,
}

/// The two addresses of a conversation in datagrams, the lower first.
type Sockets = (core::net::SocketAddr, core::net::SocketAddr);

impl Story {
    /// The story of everything that a trace holds.
    pub fn of(trace: Trace<'_>) -> Story {
        let mut story = Story::default();
        story.read(trace);
        story
    }

    /// Reads on where it stopped; starts afresh if the trace is not a longer form of what was
    /// read, as after a change of branch.
    pub fn read(&mut self, trace: Trace<'_>) {
        let known = self.read.len();
        let same = match (known.checked_sub(1), self.read.last()) {
            (Some(last), Some(mine)) => {
                trace.entries.get(last).is_some_and(|theirs| Rc::ptr_eq(mine, theirs))
            }
            _ => true,
        };
        if !same {
            *self = Story::default();
        }
        for entry in trace.entries.iter().skip(self.read.len()) {
            self.take(entry);
            self.read.push(Rc::clone(entry));
        }
    }

    /// Every flight, in the order of departure, and what became of it.
    pub fn arrows(&self) -> &[Arrow] {
        &self.arrows
    }

    /// What became of a flight.
    pub fn arrow(&self, flight: FlightId) -> Option<&Arrow> {
        self.by_flight.get(&flight).and_then(|at| self.arrows.get(*at))
    }

    /// Every stream and every exchange of datagrams, in the order of beginning.
    pub fn conversations(&self) -> &[Conversation] {
        &self.conversations
    }

    /// The conversation on a stream, by index into [`Story::conversations`].
    pub fn conversation_of(&self, stream: StreamId) -> Option<usize> {
        self.by_stream.get(&stream).copied()
    }

    /// What a flight said when it departed, in a few words, whatever was edited on its way.
    pub fn label_as_sent(&self, arrow: &Arrow) -> Label {
        let talk = arrow.place.and_then(|at| self.conversations.get(at.conversation));
        let side = arrow.place.zip(talk).and_then(|(at, talk)| talk.chunks().get(at.chunk));
        match side.zip(talk).and_then(|(chunk, talk)| talk.as_sent_by(chunk.side)) {
            Some(sent) => Label::of(arrow, Some(&sent)),
            None => Label::of(arrow, talk),
        }
    }

    /// What a flight says, in a few words, as it arrives.
    pub fn label(&self, arrow: &Arrow) -> Label {
        let conversation = arrow.place.and_then(|at| self.conversations.get(at.conversation));
        Label::of(arrow, conversation)
    }

    /// The entries that have been read.
    pub fn entries(&self) -> &[Rc<Entry>] {
        &self.read
    }

    /// The causes of an entry, from itself back to what the student or the stage began.
    pub fn why(&self, id: EntryId) -> Vec<&Rc<Entry>> {
        let mut chain = Vec::new();
        let mut next = Some(id);
        while let Some(entry) = next.and_then(|id| self.entry(id)) {
            chain.push(entry);
            // A cause is always earlier; anything else would be a loop.
            next = entry.cause.filter(|cause| *cause < entry.id);
        }
        chain
    }

    /// The entry of this number, if it has been read: a story of one thread knows only its own.
    fn entry(&self, id: EntryId) -> Option<&Rc<Entry>> {
        let there = self.read.get(id.0 as usize).filter(|entry| entry.id == id);
        there.or_else(|| {
            let at = self.read.binary_search_by_key(&id, |entry| entry.id).ok()?;
            self.read.get(at)
        })
    }

    /// What had not wholly left a host that was switched off in this entry, and never does.
    pub fn cut_off(&self, entry: &Entry) -> impl Iterator<Item = &Arrow> {
        let host = match entry.what {
            What::Meddling(Act::Power { host, power: Power::Off }) => Some(host),
            What::Meddling(_) | What::Network(_) | What::Step(_) => None,
        };
        let at = entry.at;
        self.arrows
            .iter()
            .filter(move |arrow| Some(arrow.flight.from) == host && arrow.is_unsent(at))
    }

    /// The bytes that no note explains, over all conversations. A lesson has none.
    pub fn unexplained(&self) -> Vec<Unexplained> {
        let every = self.conversations.iter().enumerate();
        every.flat_map(|(index, talk)| talk.unexplained(index)).collect()
    }

    fn take(&mut self, entry: &Entry) {
        for dialled in &entry.dialled {
            let index = self.conversations.len();
            self.by_stream.insert(dialled.stream, index);
            let talk = Conversation::on_stream(dialled.stream, dialled.protocol, entry.host);
            self.conversations.push(talk);
        }
        if let Some(flight) = entry.landed
            && let Some(arrow) = self.arrow_mut(flight)
        {
            arrow.landed_in.get_or_insert(entry.id);
            arrow.arrive = entry.at;
        }
        match &entry.what {
            What::Meddling(Act::Flight { flight, fault }) => self.meddled(entry, *flight, fault),
            What::Meddling(Act::Power { host, power: Power::Off }) => {
                self.switched_off(entry, *host)
            }
            What::Network(Network::HostOff { link }) => {
                if let Some(arrow) = entry.landed.and_then(|flight| self.arrow_mut(flight)) {
                    arrow.lose(*link, entry.at, LossCause::SwitchedOff);
                }
            }
            What::Network(Network::Denied { flight: Some(flight), .. }) => {
                if let Some(arrow) = self.arrow_mut(*flight) {
                    arrow.lose(LinkId::default(), entry.at, LossCause::Denied);
                }
            }
            What::Meddling(Act::Command { .. } | Act::Link { .. } | Act::Power { .. })
            | What::Network(_)
            | What::Step(_) => {}
        }
        for flight in &entry.flights {
            self.depart(entry, flight);
        }
    }

    fn depart(&mut self, entry: &Entry, flight: &Flight) {
        let place = match &flight.load {
            Load::Data { stream, side, number, bytes, .. } => {
                let segment = (*stream, *side, *number);
                let known = self.by_segment.get(&segment).copied();
                known.or_else(|| {
                    let conversation = self.conversation_of(*stream)?;
                    let talk = self.conversations.get_mut(conversation)?;
                    let chunk = talk.say(*side, bytes.clone());
                    let place = Place { conversation, chunk };
                    self.by_segment.insert(segment, place);
                    Some(place)
                })
            }
            Load::Datagram { from, to, protocol, bytes } => {
                let sockets = if from <= to { (*from, *to) } else { (*to, *from) };
                let conversation = *self.by_sockets.entry(sockets).or_insert_with(|| {
                    let talk = Conversation::in_datagrams(protocol, flight.from, *from);
                    self.conversations.push(talk);
                    self.conversations.len() - 1
                });
                if let Some(talk) = self.conversations.get_mut(conversation)
                    && talk.side_of(*from) == Side::Initiator
                {
                    talk.responder.get_or_insert(flight.to);
                }
                let same = |arrow: &&Arrow| arrow.flight.load == flight.load;
                let original = match flight.doubled {
                    true => self.arrows.iter().rev().find(same),
                    false => None,
                };
                match original {
                    Some(original) => original.place,
                    None => self.conversations.get_mut(conversation).map(|talk| Place {
                        conversation,
                        chunk: talk.say(talk.side_of(*from), bytes.clone()),
                    }),
                }
            }
            Load::Syn { stream, .. } => {
                self.reach(*stream, flight);
                None
            }
            Load::SynAck { .. } | Load::Ack { .. } | Load::Fin { .. } | Load::Rst { .. } => None,
        };
        self.by_flight.insert(flight.id, self.arrows.len());
        self.arrows.push(Arrow {
            flight: flight.clone(),
            departed_in: entry.id,
            landed_in: None,
            arrive: flight.arrive,
            lost_at: None,
            place,
        });
    }

    /// A SYN tells who is dialled.
    fn reach(&mut self, stream: StreamId, flight: &Flight) {
        let talk = self.by_stream.get(&stream).and_then(|at| self.conversations.get_mut(*at));
        if let Some(talk) = talk {
            talk.responder = Some(flight.to);
        }
    }

    fn meddled(&mut self, entry: &Entry, flight: FlightId, fault: &Fault) {
        let Some(arrow) = self.arrow_mut(flight) else { return };
        match fault {
            Fault::Drop => {
                arrow.lose(LinkId::default(), entry.at, LossCause::Dropped);
                let place = arrow.place;
                if let Some(talk) = self.talk_at(place)
                    && let Some(place) = place
                {
                    talk.undo_edit(place.chunk);
                }
            }
            Fault::Delay(by) => arrow.arrive = arrow.arrive + *by,
            Fault::Double => {}
            Fault::Edit(bytes) => {
                let place = arrow.place;
                if let Some(talk) = self.talk_at(place)
                    && let Some(place) = place
                {
                    talk.edit(place.chunk, bytes.clone().into());
                }
            }
        }
    }

    /// What had not wholly left a host when it was switched off never does.
    fn switched_off(&mut self, entry: &Entry, host: HostId) {
        let own = self.arrows.iter_mut().filter(|arrow| arrow.flight.from == host);
        for arrow in own.filter(|arrow| !arrow.flight.has_left(entry.at)) {
            arrow.lose(LinkId::default(), entry.at, LossCause::SwitchedOff);
        }
    }

    fn talk_at(&mut self, place: Option<Place>) -> Option<&mut Conversation> {
        self.conversations.get_mut(place?.conversation)
    }

    fn arrow_mut(&mut self, flight: FlightId) -> Option<&mut Arrow> {
        self.by_flight.get(&flight).and_then(|at| self.arrows.get_mut(*at))
    }
}
