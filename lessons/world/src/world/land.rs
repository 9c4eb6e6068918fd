//! What happens when something arrives, or does not.

use protocols::endpoint::{Conn, Loss, Stimulus};
use protocols::wire::Side;

use super::stream::{Owed, Phase, Piece};
use super::{Flying, Item, Trail, World};
use crate::entry::{Entry, EntryId, Fate, Flight, FlightId, HostId, Load, Network, StreamId};

impl World {
    pub(super) fn land(&mut self, flying: &Flying) -> Option<Entry> {
        let (flight, cause) = (&flying.flight, flying.cause);
        if !self.host(flying.to).is_on {
            return Some(self.lost_at_the_switch(flying));
        }
        if flight.load.stream().is_some_and(|stream| !self.streams.contains_key(&stream)) {
            return Some(self.discarded(flight, cause, "The stream is over at both ends."));
        }
        match &flight.load {
            Load::Syn { stream, port } => self.syn(flight, cause, *stream, *port),
            Load::SynAck { stream } => self.syn_ack(flight, cause, *stream),
            Load::Ack { stream } => self.ack(flight, cause, *stream),
            Load::Data { stream, side, number, bytes, .. } => {
                let piece = Piece::Data(bytes.clone());
                self.segment(flight, cause, (*stream, side.other()), *number, piece)
            }
            Load::Fin { stream, side, number } => {
                self.segment(flight, cause, (*stream, side.other()), *number, Piece::Fin)
            }
            Load::Rst { stream, refusal } => self.rst(flight, cause, *stream, *refusal),
            Load::Datagram { from, to, bytes, .. } => {
                let port = to.port();
                if self.host(flight.to).bound.get(port).is_none() {
                    let event = Network::NobodyThere { port };
                    return Some(self.told(flight, cause, event));
                }
                let stimulus = Stimulus::Datagram { port, from: *from, bytes: bytes.clone() };
                Some(self.advance(flight.to, Some(cause), Some(flight.id), stimulus))
            }
        }
    }

    fn syn(
        &mut self,
        flight: &Flight,
        cause: EntryId,
        stream: StreamId,
        port: u16,
    ) -> Option<Entry> {
        let host = flight.to;
        let mut trail = Trail::default();
        if !self.host(host).accepts_at(port) {
            let load = Load::Rst { stream, refusal: true };
            self.launch(host, flight.from, load, 0, &mut trail);
            let event = Network::SynRefused { port };
            return Some(self.network(host, Some(cause), Some(flight.id), event, trail));
        }
        let ends = self.stream(stream)?;
        let (dialling, end) = (ends.end(Side::Initiator).phase, ends.end(Side::Responder));
        match (end.conn, end.phase, dialling) {
            // If the SYN ACK was lost, its own time-out sends it again.
            (Some(_), ..) => {
                return Some(self.discarded(flight, cause, "This SYN has arrived before."));
            }
            // Switched off since, it knows the stream no more, and may be dialled anew.
            (None, Phase::Gone, Phase::Opening) => self.accept_anew(stream),
            (None, Phase::Gone, Phase::Open | Phase::Gone) => {
                return Some(self.unwanted(flight, cause, stream));
            }
            (None, Phase::Opening | Phase::Open, _) => {}
        }
        let conn = self.host_mut(host).program.accept();
        self.host_mut(host).connect(conn, (stream, Side::Responder));
        self.end_mut(stream, Side::Responder)?.conn = Some(conn);
        self.launch(host, flight.from, Load::SynAck { stream }, 0, &mut trail);
        let event = Network::SynTaken { stream };
        Some(self.network(host, Some(cause), Some(flight.id), event, trail))
    }

    fn syn_ack(&mut self, flight: &Flight, cause: EntryId, stream: StreamId) -> Option<Entry> {
        let now = self.now;
        let end = self.end_mut(stream, Side::Initiator)?;
        let mut trail = Trail::default();
        match end.phase {
            Phase::Gone => return Some(self.unwanted(flight, cause, stream)),
            Phase::Open => {
                // The other end has not had our ACK, or not yet (RFC 9293 section 3.10.7.4).
                self.launch(flight.to, flight.from, Load::Ack { stream }, 1, &mut trail);
                let why = "This SYN ACK has arrived before; the ACK goes out once more.";
                let event = Network::Discarded { why };
                return Some(self.network(flight.to, Some(cause), Some(flight.id), event, trail));
            }
            Phase::Opening => end.phase = Phase::Open,
        }
        end.heard(Owed::Handshake, now);
        let conn = end.conn?;
        let peer = self.stream(stream)?.end(Side::Responder).address;
        self.launch(flight.to, flight.from, Load::Ack { stream }, 0, &mut trail);
        self.pump(stream, Side::Initiator, &mut trail);
        let stimulus = Stimulus::Opened { conn, peer, port: None };
        Some(self.advance_after(flight.to, Some(cause), Some(flight.id), stimulus, trail))
    }

    fn ack(&mut self, flight: &Flight, cause: EntryId, stream: StreamId) -> Option<Entry> {
        match self.stream(stream)?.end(Side::Responder).phase {
            Phase::Opening => self.opened(stream, cause, Some(flight.id)),
            Phase::Open => Some(self.discarded(flight, cause, "The stream is open already.")),
            Phase::Gone => Some(self.unwanted(flight, cause, stream)),
        }
    }

    /// Tells the host that was dialled that the stream is open.
    fn opened(
        &mut self,
        stream: StreamId,
        cause: EntryId,
        landed: Option<FlightId>,
    ) -> Option<Entry> {
        let peer = self.stream(stream)?.end(Side::Initiator).address;
        let now = self.now;
        let end = self.end_mut(stream, Side::Responder)?;
        end.phase = Phase::Open;
        end.heard(Owed::Handshake, now);
        let (host, conn, port) = (end.host, end.conn?, end.address.port());
        let stimulus = Stimulus::Opened { conn, peer, port: Some(port) };
        Some(self.advance(host, Some(cause), landed, stimulus))
    }

    /// A segment or the end of a direction arrives at the end `at`.
    fn segment(
        &mut self,
        flight: &Flight,
        cause: EntryId,
        at: (StreamId, Side),
        number: u32,
        piece: Piece,
    ) -> Option<Entry> {
        let (id, side) = at;
        if self.stream(id)?.end(side).phase == Phase::Gone {
            return Some(self.unwanted(flight, cause, id));
        }
        self.acknowledge(flight, cause);
        let end = self.end_mut(id, side)?;
        if number < end.expected || end.arrived.contains_key(&number) {
            let why = "The same segment has arrived before; TCP gives it to nobody twice.";
            return Some(self.discarded(flight, cause, why));
        }
        end.arrived.insert(number, piece);
        let (opening, in_order) = (end.phase == Phase::Opening, end.deliverable());
        if opening && side == Side::Responder && end.conn.is_some() {
            let entry = self.opened(id, cause, Some(flight.id));
            if in_order {
                self.schedule(self.now, Item::Deliver(id, side, cause));
            }
            return entry;
        }
        if opening || !in_order {
            return Some(self.told(flight, cause, Network::Buffered { stream: id }));
        }
        self.deliver(id, side, Some(cause), Some(flight.id))
    }

    /// Hands over what has arrived in order.
    pub(super) fn deliver(
        &mut self,
        id: StreamId,
        side: Side,
        cause: Option<EntryId>,
        landed: Option<FlightId>,
    ) -> Option<Entry> {
        let end = self.end_mut(id, side)?;
        if end.phase != Phase::Open {
            return None;
        }
        let (host, conn) = (end.host, end.conn?);
        let stimulus = match end.deliver()? {
            Piece::Data(bytes) => Stimulus::Data { conn, bytes },
            Piece::Fin => Stimulus::Finished { conn },
        };
        if end.deliverable() {
            let cause = cause.unwrap_or(EntryId(self.entries));
            self.schedule(self.now, Item::Deliver(id, side, cause));
        }
        let over = matches!(stimulus, Stimulus::Finished { .. }).then_some(id);
        let trail = Trail { touched: over.into_iter().collect(), ..Trail::default() };
        Some(self.advance_after(host, cause, landed, stimulus, trail))
    }

    /// Something arrives for a stream that this end has let go of: the answer is a reset, so that
    /// the other end does not wait for ever (RFC 9293 section 3.5.2).
    fn unwanted(&mut self, flight: &Flight, cause: EntryId, stream: StreamId) -> Entry {
        let mut trail = Trail::default();
        let load = Load::Rst { stream, refusal: false };
        self.launch(flight.to, flight.from, load, 0, &mut trail);
        let known = self.stream(stream).is_some_and(|stream| stream.is_known_to(flight.to));
        let why = match known {
            true => "This end has let go of the stream.",
            false => "It was switched off since, and knows of no such connection.",
        };
        let event = Network::Discarded { why };
        self.network(flight.to, Some(cause), Some(flight.id), event, trail)
    }

    fn rst(
        &mut self,
        flight: &Flight,
        cause: EntryId,
        stream: StreamId,
        refusal: bool,
    ) -> Option<Entry> {
        let ends = self.stream(stream)?;
        let hit = [Side::Initiator, Side::Responder].into_iter().find(|side| {
            ends.end(*side).host == flight.to && ends.end(side.other()).host == flight.from
        });
        let why = if refusal { Loss::Refused } else { Loss::Reset };
        let lost = hit.and_then(|side| self.lose(stream, side));
        if refusal {
            // The end that was never accepted has nothing to let go of.
            self.streams.remove(&stream);
        }
        let trail = Trail { touched: vec![stream], ..Trail::default() };
        let landed = Some(flight.id);
        Some(match lost {
            Some(conn) => {
                let stimulus = Stimulus::Lost { conn, why };
                self.advance_after(flight.to, Some(cause), landed, stimulus, trail)
            }
            None => {
                let why = "The stream is gone at this end already.";
                self.network(flight.to, Some(cause), landed, Network::Discarded { why }, trail)
            }
        })
    }

    /// One end of a stream is over; the connection's number if its host waits to hear of it.
    pub(super) fn lose(&mut self, stream: StreamId, side: Side) -> Option<Conn> {
        let end = self.end_mut(stream, side)?;
        let followed = end.is_followed(side);
        end.let_go();
        let (host, conn) = (end.host, end.conn?);
        self.host_mut(host).disconnect(conn);
        followed.then_some(conn)
    }

    pub(super) fn no_route(&mut self, host: HostId, conn: Conn, cause: EntryId) -> Entry {
        let stimulus = Stimulus::Lost { conn, why: Loss::Unreachable };
        self.advance(host, Some(cause), None, stimulus)
    }

    fn discarded(&mut self, flight: &Flight, cause: EntryId, why: &'static str) -> Entry {
        self.told(flight, cause, Network::Discarded { why })
    }

    fn told(&mut self, flight: &Flight, cause: EntryId, event: Network) -> Entry {
        self.network(flight.to, Some(cause), Some(flight.id), event, Trail::default())
    }
}

impl Flight {
    /// Whether it arrives, as far as is known.
    pub fn arrives(&self) -> bool {
        match self.fate {
            Fate::Arrives => true,
            Fate::Lost { .. } => false,
        }
    }
}
