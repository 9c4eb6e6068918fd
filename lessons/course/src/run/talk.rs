//! Conversations: what was said over each stream of a run, as it was sent and as it arrived.

use std::collections::BTreeMap;
use std::rc::Rc;

use protocols::wire::{Chunk, Message, Protocol, Side, Span, Time};
use world::{Act, Entry, Fault, FlightId, HostId, Load, StreamId, What};

/// What was said over one stream. What is lost is sent again, so only edits tell what was sent
/// from what arrived.
#[derive(Clone, Debug)]
pub(crate) struct Talk {
    /// What is spoken.
    pub(crate) protocol: &'static Protocol,
    /// What was sent, in order, as the protocol's machines read it.
    pub(crate) sent: Vec<Chunk>,
    /// The same as it arrived.
    arrived: Vec<Chunk>,
    /// For each chunk, what carried it.
    carriers: Vec<Carrier>,
}

/// What carried a chunk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Carrier {
    /// The flight.
    pub(crate) flight: FlightId,
    /// The host that sent it.
    pub(crate) host: HostId,
    /// When.
    pub(crate) at: Time,
}

impl Talk {
    fn new(protocol: &'static Protocol) -> Talk {
        let (sent, arrived, carriers) = (Vec::new(), Vec::new(), Vec::new());
        Talk { protocol, sent, arrived, carriers }
    }

    /// The side from which a host has sent, if it has.
    pub(crate) fn side(&self, host: HostId) -> Option<Side> {
        let mut chunks = self.sent.iter().zip(&self.carriers);
        chunks.find(|(_, carrier)| carrier.host == host).map(|(chunk, _)| chunk.side)
    }

    /// Its messages as they were sent.
    pub(crate) fn messages(&self) -> Vec<Message> {
        (self.protocol.dissect)(&self.sent)
    }

    /// Its messages as they arrived; the same unless somebody edited one.
    pub(crate) fn arrived(&self) -> Vec<Message> {
        (self.protocol.dissect)(&self.arrived)
    }

    /// What carried the byte at this offset of everything that a side has sent.
    pub(crate) fn carrier(&self, side: Side, offset: usize) -> Option<Carrier> {
        let mut seen = 0;
        for (chunk, carrier) in self.sent.iter().zip(&self.carriers) {
            if chunk.side == side {
                seen += chunk.bytes.len();
                if seen > offset {
                    return Some(*carrier);
                }
            }
        }
        None
    }

    /// How many bytes a side has sent.
    pub(crate) fn sent_by(&self, side: Side) -> usize {
        self.sent.iter().filter(|chunk| chunk.side == side).map(|chunk| chunk.bytes.len()).sum()
    }

    /// What was sent before the chunk in which this byte of a side is.
    pub(crate) fn before(&self, side: Side, offset: usize) -> Vec<Chunk> {
        let mut seen = 0;
        let mut before = Vec::new();
        for chunk in &self.sent {
            if chunk.side == side {
                seen += chunk.bytes.len();
                if seen > offset {
                    break;
                }
            }
            before.push(chunk.clone());
        }
        before
    }

    /// What carried the last byte of a message.
    pub(crate) fn last_carrier(&self, message: &Message) -> Option<Carrier> {
        self.carrier(message.side, message.span.end.saturating_sub(1))
    }
}

/// A message that was looked for and found.
#[derive(Clone, Debug)]
pub(crate) struct Sighting {
    /// The stream on which it was sent.
    pub(crate) stream: StreamId,
    /// What was said there so far.
    pub(crate) talk: Talk,
    /// The side that sent it.
    pub(crate) side: Side,
    /// Where it is, in everything that this side has sent.
    pub(crate) span: Span,
}

/// The conversations in these entries, by stream.
pub(crate) fn talks(entries: &[Rc<Entry>]) -> BTreeMap<StreamId, Talk> {
    let mut talks: BTreeMap<StreamId, Talk> = BTreeMap::new();
    for entry in entries {
        for dialled in &entry.dialled {
            talks.insert(dialled.stream, Talk::new(dialled.protocol));
        }
        for flight in &entry.flights {
            let Load::Data { stream, side, bytes, .. } = &flight.load else { continue };
            let Some(talk) = talks.get_mut(stream) else { continue };
            if flight.attempt == 0 && !flight.doubled {
                let chunk = Chunk { side: *side, bytes: bytes.clone() };
                talk.sent.push(chunk.clone());
                talk.arrived.push(chunk);
                talk.carriers.push(Carrier { flight: flight.id, host: flight.from, at: entry.at });
            }
        }
        if let What::Meddling(Act::Flight { flight, fault: Fault::Edit(bytes) }) = &entry.what {
            edit(&mut talks, *flight, bytes);
        }
    }
    talks
}

/// Puts the bytes of an edit in the place of what a flight carried.
fn edit(talks: &mut BTreeMap<StreamId, Talk>, flight: FlightId, bytes: &[u8]) {
    for talk in talks.values_mut() {
        let at = talk.carriers.iter().position(|carrier| carrier.flight == flight);
        if let Some(chunk) = at.and_then(|at| talk.arrived.get_mut(at)) {
            chunk.bytes = bytes.to_vec().into();
        }
    }
}
