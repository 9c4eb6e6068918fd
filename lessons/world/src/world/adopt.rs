//! A world that goes on from programs that already run, as when a live session is forked.

use core::net::SocketAddr;
use std::rc::Rc;

use bytes::Bytes;
use protocols::endpoint::{AlarmId, Conn, Output, Transport};
use protocols::wire::{Side, Time};

use super::queue::Queue;
use super::stream::{Phase, Piece, Stream};
use super::{Item, Trail, World};
use crate::entry::{EntryId, HostId, StreamId};
use crate::plan::Plan;

/// What is going on when a world takes over. The plan's programs must be running ones.
#[derive(Clone, Debug)]
pub struct Underway {
    /// When the world takes over.
    pub now: Time,
    /// How many entries, flights and streams there have been: its own are numbered on from here.
    pub entries: u32,
    /// See `entries`.
    pub flights: u64,
    /// See `entries`.
    pub streams: u32,
    /// What the programs have asked for in the past that still holds: where they listen.
    pub standing: Vec<(HostId, Output)>,
    /// Alarms that are set, and when they ring.
    pub alarms: Vec<(HostId, AlarmId, Time)>,
    /// Streams that are open.
    pub streams_open: Vec<Ongoing>,
}

/// An open stream that a world takes over.
#[derive(Clone, Debug)]
pub struct Ongoing {
    /// Its number so far.
    pub stream: StreamId,
    /// The end that dialled: host, connection, address.
    pub initiator: (HostId, Conn, SocketAddr),
    /// The end that was dialled.
    pub responder: (HostId, Conn, SocketAddr),
    /// Segments and bytes that each end, initiator first, has sent so far.
    pub sent: [(u32, u64); 2],
    /// Whether each end has finished its direction.
    pub finished: [bool; 2],
    /// What each end has handed over that has not arrived: sent at once by the world.
    pub unsent: [Vec<Bytes>; 2],
}

impl World {
    /// A world that goes on from what is under way.
    pub fn adopt(plan: &Rc<Plan>, seed: u64, underway: &Underway) -> World {
        let mut world = World::new(plan, seed);
        world.queue = Queue::new();
        world.now = underway.now;
        world.entries = underway.entries;
        world.next_flight = underway.flights;
        world.next_stream = underway.streams;
        for (host, output) in &underway.standing {
            if let Output::Listen { transport, port, protocol } = output {
                let state = world.host_mut(*host);
                match transport {
                    Transport::Tcp => state.listen(*port, protocol),
                    Transport::Udp => state.bound.insert(*port, protocol),
                };
            }
        }
        for (host, alarm, at) in &underway.alarms {
            let before = EntryId(underway.entries.saturating_sub(1));
            world.arm(*host, *alarm, (*at).max(underway.now), before);
        }
        for ongoing in &underway.streams_open {
            world.take_over(ongoing);
        }
        world
    }

    fn take_over(&mut self, ongoing: &Ongoing) {
        let (dialler, conn, address) = ongoing.initiator;
        let (peer, peer_conn, peer_address) = ongoing.responder;
        let tcp = &self.plan.tcp;
        let mut stream = Stream::dialled((dialler, address, conn), (peer, peer_address), tcp);
        stream.end_mut(Side::Responder).conn = Some(peer_conn);
        for (index, side) in [Side::Initiator, Side::Responder].into_iter().enumerate() {
            let (segments, bytes) = ongoing.sent[index];
            let finished = ongoing.finished[index];
            let end = stream.end_mut(side);
            end.phase = Phase::Open;
            end.next_number = segments + u32::from(finished);
            end.offset = bytes;
            end.finished = finished;
            let other = stream.end_mut(side.other());
            other.expected = segments + u32::from(finished);
            other.told_end = finished;
        }
        self.streams.insert(ongoing.stream, Rc::new(stream));
        self.host_mut(dialler).connect(conn, (ongoing.stream, Side::Initiator));
        self.host_mut(peer).connect(peer_conn, (ongoing.stream, Side::Responder));
        for (index, side) in [Side::Initiator, Side::Responder].into_iter().enumerate() {
            for bytes in &ongoing.unsent[index] {
                self.hand_over(ongoing.stream, side, bytes);
            }
        }
    }

    /// Bytes that an end wrote before the world took over are sent as its first step.
    fn hand_over(&mut self, stream: StreamId, side: Side, bytes: &Bytes) {
        let mss_bytes = self.plan.tcp.mss_bytes.max(1);
        let mut rest = bytes.clone();
        while !rest.is_empty() {
            let segment = rest.split_to(mss_bytes.min(rest.len()));
            if let Some(end) = self.end_mut(stream, side) {
                end.waiting.push_back(Piece::Data(segment));
            }
        }
        let before = EntryId(self.entries.saturating_sub(1));
        self.schedule(self.now, Item::Resume(stream, side, before));
    }

    /// Sends what was written before the world took over.
    pub(super) fn resume(
        &mut self,
        stream: StreamId,
        side: Side,
        cause: EntryId,
    ) -> Option<crate::Entry> {
        let host = self.end_mut(stream, side)?.host;
        let mut trail = Trail::default();
        self.pump(stream, side, &mut trail);
        if trail.flights.is_empty() {
            return None;
        }
        let event = crate::Network::Resumed;
        Some(self.network(host, Some(cause), None, event, trail))
    }
}
