//! Conversations: what was said over each stream, read by the protocol's own machines.

use std::collections::BTreeMap;

use bytes::Bytes;
use protocols::wire::{Chunk, Message, Protocol, Side, Span};
use world::{Flight, FlightId, Load, StreamId, Trace};

use super::flights::{Flown, Passage};

/// What was said over one stream, in the order of departure, as it arrives.
#[derive(Clone, Debug)]
pub struct Talk {
    /// What is spoken.
    pub protocol: &'static Protocol,
    /// Its messages.
    pub messages: Vec<Message>,
    chunks: Vec<Chunk>,
    /// Which bytes of its side each flight carries.
    spans: BTreeMap<FlightId, (Side, Span)>,
}

/// Every conversation of a run.
#[derive(Clone, Debug, Default)]
pub struct Talks {
    streams: BTreeMap<StreamId, Talk>,
    datagrams: BTreeMap<FlightId, Vec<Message>>,
}

impl Talks {
    /// Takes the conversations out of a run.
    pub fn of(trace: &Trace, flown: &Flown) -> Talks {
        let mut talks = Talks::default();
        for dialled in trace.entries.iter().flat_map(|entry| &entry.dialled) {
            talks.streams.insert(dialled.stream, Talk::new(dialled.protocol));
        }
        for passage in flown.all() {
            talks.take(passage);
        }
        for talk in talks.streams.values_mut() {
            talk.messages = (talk.protocol.dissect)(&talk.chunks);
        }
        talks
    }

    /// The conversation on a stream.
    pub fn stream(&self, stream: StreamId) -> Option<&Talk> {
        self.streams.get(&stream)
    }

    /// The messages that begin in a flight; those that only go on in it where none begins.
    pub fn carried(&self, flight: &Flight) -> Carried<'_> {
        match &flight.load {
            Load::Data { stream, .. } => {
                self.streams.get(stream).map_or(Carried::NONE, |talk| talk.carried(flight.id))
            }
            Load::Datagram { .. } => Carried {
                begins: self.datagrams.get(&flight.id).into_iter().flatten().collect(),
                goes_on: None,
            },
            Load::Syn { .. }
            | Load::SynAck { .. }
            | Load::Ack { .. }
            | Load::Fin { .. }
            | Load::Rst { .. } => Carried::NONE,
        }
    }

    /// The short name of what a flight speaks; `tcp` for the transport's own.
    pub fn protocol(&self, flight: &Flight) -> &'static str {
        match &flight.load {
            Load::Data { stream, .. } => {
                self.streams.get(stream).map_or("tcp", |talk| talk.protocol.name)
            }
            Load::Datagram { protocol, .. } => protocol.name,
            Load::Syn { .. }
            | Load::SynAck { .. }
            | Load::Ack { .. }
            | Load::Fin { .. }
            | Load::Rst { .. } => "tcp",
        }
    }

    fn take(&mut self, passage: &Passage) {
        match &passage.flight.load {
            Load::Data { stream, side, offset, .. } => {
                if let Some(talk) = self.streams.get_mut(stream) {
                    talk.take(passage, *side, *offset);
                }
            }
            Load::Datagram { protocol, .. } => {
                let bytes = Bytes::copy_from_slice(passage.payload());
                let messages = (protocol.dissect)(&[Chunk { side: Side::Initiator, bytes }]);
                self.datagrams.insert(passage.flight.id, messages);
            }
            Load::Syn { .. }
            | Load::SynAck { .. }
            | Load::Ack { .. }
            | Load::Fin { .. }
            | Load::Rst { .. } => {}
        }
    }
}

/// What a flight carries of its conversation.
#[derive(Clone, PartialEq, Debug)]
pub struct Carried<'a> {
    /// The messages whose first byte it carries.
    pub begins: Vec<&'a Message>,
    /// The message that it carries more of, where none begins.
    pub goes_on: Option<&'a Message>,
}

impl Carried<'_> {
    const NONE: Carried<'static> = Carried { begins: Vec::new(), goes_on: None };
}

impl Talk {
    fn new(protocol: &'static Protocol) -> Talk {
        Talk { protocol, messages: Vec::new(), chunks: Vec::new(), spans: BTreeMap::new() }
    }

    /// A flight's bytes; one that is sent again, or a copy, carries the bytes of the first.
    fn take(&mut self, passage: &Passage, side: Side, offset: u64) {
        let again = passage.flight.attempt > 0 || passage.flight.doubled;
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let length = passage.flight.load.payload().len();
        if again {
            let span = Span::new(start, start.saturating_add(length));
            self.spans.insert(passage.flight.id, (side, span));
            return;
        }
        let bytes = Bytes::copy_from_slice(passage.payload());
        let start = self.said(side);
        self.spans.insert(passage.flight.id, (side, Span::new(start, start + bytes.len())));
        self.chunks.push(Chunk { side, bytes });
    }

    /// How many bytes a side has said so far.
    fn said(&self, side: Side) -> usize {
        self.chunks.iter().filter(|chunk| chunk.side == side).map(|chunk| chunk.bytes.len()).sum()
    }

    fn carried(&self, flight: FlightId) -> Carried<'_> {
        let Some((side, span)) = self.spans.get(&flight) else { return Carried::NONE };
        let own = || self.messages.iter().filter(|message| message.side == *side);
        let begins: Vec<&Message> =
            own().filter(|message| span.contains(message.span.start)).collect();
        let goes_on = match begins.is_empty() {
            true => own().find(|message| message.span.contains(span.start)),
            false => None,
        };
        Carried { begins, goes_on }
    }

    /// The bytes of a message, as far as they were sent.
    pub fn bytes(&self, message: &Message) -> Vec<u8> {
        let own = self.chunks.iter().filter(|chunk| chunk.side == message.side);
        let all: Vec<u8> = own.flat_map(|chunk| chunk.bytes.iter().copied()).collect();
        message.span.of(&all).to_vec()
    }
}
