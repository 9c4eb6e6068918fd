//! Carrying out what an endpoint wants: flights depart, alarms are set.

use core::net::{IpAddr, SocketAddr};
use core::time::Duration;
use std::rc::Rc;

use bytes::Bytes;
use protocols::endpoint::{Conn, Output, Target, Transport};
use protocols::wire::{Protocol, Side, Time};
use rand_core::Rng;

use super::stream::{Phase, Piece, Stream};
use super::{Flying, Item, Trail, World};
use crate::entry::{Dialled, EntryId, Fate, Flight, FlightId, HostId, Load, LossCause, StreamId};

impl World {
    pub(super) fn carry_out(&mut self, host: HostId, output: &Output, trail: &mut Trail) {
        match output {
            Output::Listen { transport: Transport::Tcp, port, protocol } => {
                self.host_mut(host).listening.insert(*port, protocol);
            }
            Output::Listen { transport: Transport::Udp, port, protocol } => {
                self.host_mut(host).bound.insert(*port, protocol);
            }
            Output::Dial { conn, to, protocol } => self.dial(host, *conn, to, protocol, trail),
            Output::Send { conn, bytes } => self.send(host, *conn, bytes, trail),
            Output::SendTo { port, to, bytes } => self.send_to(host, *port, *to, bytes, trail),
            Output::Join { group } => {
                self.host_mut(host).groups.insert(*group);
            }
            Output::Finish { conn } => self.finish(host, *conn, trail),
            Output::Abort { conn } => self.abort(host, *conn, trail),
            Output::Arm { alarm, after, .. } => {
                let cause = EntryId(self.entries);
                self.host_mut(host).armed.insert(*alarm, cause);
                self.due(self.now + *after, Item::Ring(host, *alarm));
            }
            Output::Disarm { alarm } => {
                self.host_mut(host).armed.remove(alarm);
            }
            Output::Emit(_) | Output::Cite(_) => {}
        }
    }

    fn dial(
        &mut self,
        host: HostId,
        conn: Conn,
        to: &Target,
        protocol: &'static Protocol,
        trail: &mut Trail,
    ) {
        let to = match to {
            Target::Address(address) => Some(*address),
            Target::Name { host, port } => {
                self.plan.names.get(host).map(|ip| SocketAddr::new(*ip, *port))
            }
        };
        let stream = StreamId(self.next_stream);
        let there = to.and_then(|to| Some((self.host_for(to)?, to)));
        let reachable = there.filter(|(peer, _)| self.routes.between(host, *peer).is_some());
        let Some((peer, address)) = reachable else {
            self.due(self.now, Item::NoRoute(host, conn.0, EntryId(self.entries)));
            return;
        };
        let ours = SocketAddr::new(self.address(host), self.host_mut(host).ephemeral());
        let tcp = &self.plan.tcp;
        let ends = Stream::dialled((host, ours, conn), (peer, address), tcp);
        self.next_stream += 1;
        self.streams.insert(stream, Rc::new(ends));
        self.host_mut(host).conns.insert(conn, (stream, Side::Initiator));
        trail.dialled.push(Dialled { stream, conn, to, protocol });
        self.launch(host, peer, Load::Syn { stream, port: address.port() }, 0, trail);
    }

    fn send(&mut self, host: HostId, conn: Conn, bytes: &Bytes, trail: &mut Trail) {
        let Some((id, side)) = self.open_end(host, conn) else { return };
        let mss_bytes = self.plan.tcp.mss_bytes.max(1);
        let mut rest = bytes.clone();
        while !rest.is_empty() {
            let segment = rest.split_to(mss_bytes.min(rest.len()));
            if let Some(end) = self.end_mut(id, side) {
                end.waiting.push_back(Piece::Data(segment));
            }
        }
        self.pump(id, side, trail);
    }

    fn finish(&mut self, host: HostId, conn: Conn, trail: &mut Trail) {
        let Some((id, side)) = self.open_end(host, conn) else { return };
        let Some(end) = self.end_mut(id, side) else { return };
        end.finished = true;
        end.waiting.push_back(Piece::Fin);
        self.pump(id, side, trail);
        trail.touched.push(id);
    }

    fn abort(&mut self, host: HostId, conn: Conn, trail: &mut Trail) {
        let Some((id, side)) = self.host_mut(host).conns.remove(&conn) else { return };
        let Some(end) = self.end_mut(id, side) else { return };
        end.phase = Phase::Gone;
        end.waiting.clear();
        trail.touched.push(id);
        let Some(peer) = self.stream(id).map(|stream| stream.end(side.other()).host) else {
            return;
        };
        self.launch(host, peer, Load::Rst { stream: id, refusal: false }, 0, trail);
    }

    /// The stream and side of a connection that can still be sent on.
    fn open_end(&self, host: HostId, conn: Conn) -> Option<(StreamId, Side)> {
        let (id, side) = *self.host(host).conns.get(&conn)?;
        (!self.stream(id)?.end(side).finished).then_some((id, side))
    }

    /// Sends what waits on one side of a stream, as far as its window and handshake allow.
    pub(super) fn pump(&mut self, id: StreamId, side: Side, trail: &mut Trail) {
        loop {
            let Some(stream) = self.streams.get_mut(&id) else { return };
            let stream = Rc::make_mut(stream);
            let peer = stream.end(side.other()).host;
            let end = stream.end_mut(side);
            if end.phase != Phase::Open || end.on_their_way >= end.window {
                return;
            }
            let Some(piece) = end.waiting.pop_front() else { return };
            let number = end.next_number;
            end.next_number += 1;
            end.on_their_way += 1;
            let (host, offset) = (end.host, end.offset);
            let load = match piece {
                Piece::Data(bytes) => {
                    end.offset += bytes.len() as u64;
                    Load::Data { stream: id, side, number, offset, bytes }
                }
                Piece::Fin => Load::Fin { stream: id, side, number },
            };
            self.launch(host, peer, load, 0, trail);
        }
    }

    fn send_to(
        &mut self,
        host: HostId,
        port: u16,
        to: SocketAddr,
        bytes: &Bytes,
        trail: &mut Trail,
    ) {
        let Some(protocol) = self.host(host).bound.get(&port).copied() else { return };
        let from = SocketAddr::new(self.address(host), port);
        let load = Load::Datagram { from, to, protocol, bytes: bytes.clone() };
        if to.ip().is_multicast() {
            for peer in 0..self.hosts.len() as u32 {
                let peer = HostId(peer);
                if peer != host && self.host(peer).groups.contains(&to.ip()) {
                    self.launch(host, peer, load.clone(), 0, trail);
                }
            }
        } else if let Some(peer) = self.host_at(to.ip()) {
            self.launch(host, peer, load, 0, trail);
        }
    }

    /// Lets a flight depart: takes its place on every link of its route, and its chances.
    pub(super) fn launch(
        &mut self,
        from: HostId,
        to: HostId,
        load: Load,
        attempt: u8,
        trail: &mut Trail,
    ) {
        let Some(route) = self.routes.between(from, to) else { return };
        let now = self.now;
        let (mut at, mut sent, mut fate) = (now, now, Fate::Arrives);
        let mut depart = now;
        let mut twice = false;
        for (index, hop) in route.iter().enumerate() {
            let size = load.payload().len();
            let link = &mut self.links[hop.link.0 as usize];
            let (first_bit, last_bit) = link.put(hop.direction, now, at, size);
            let conditions = link.conditions.clone();
            if index == 0 {
                (depart, sent) = (first_bit, last_bit);
            }
            at = last_bit + conditions.delay + self.jitter(conditions.jitter);
            if fate == Fate::Arrives {
                if !conditions.up {
                    fate = Fate::Lost { link: hop.link, why: LossCause::Cut };
                } else if self.chance(conditions.loss_ppm) {
                    fate = Fate::Lost { link: hop.link, why: LossCause::Chance };
                }
            }
            twice |= matches!(load, Load::Datagram { .. }) && self.chance(conditions.double_ppm);
        }
        let id = FlightId(self.next_flight);
        let flight =
            Flight { id, from, to, load, depart, sent, arrive: at, fate, attempt, doubled: false };
        let copy = twice.then(|| Flight { doubled: true, ..flight.clone() });
        self.fly(flight, trail);
        if let Some(copy) = copy {
            self.launch_copy(copy, COPY_LAG, trail);
        }
    }

    /// Lets a second copy of a flight follow it after a while.
    pub(super) fn launch_copy(&mut self, copy: Flight, lag: Duration, trail: &mut Trail) {
        let id = FlightId(self.next_flight);
        let arrive = copy.arrive + lag;
        self.fly(Flight { id, arrive, ..copy }, trail);
    }

    fn fly(&mut self, flight: Flight, trail: &mut Trail) {
        self.next_flight += 1;
        let cause = EntryId(self.entries);
        let id = flight.id;
        match flight.fate {
            Fate::Arrives => self.due(flight.arrive, Item::Land(id)),
            Fate::Lost { .. } => self.try_again_later(&flight),
        }
        trail.flights.push(flight.clone());
        if flight.arrives() || flight.load.stream().is_some() {
            self.air.insert(id, Rc::new(Flying { flight, cause }));
        }
    }

    /// A flight that the student drops while it is in the air.
    pub(super) fn lose_now(&mut self, id: FlightId) {
        let Some(flying) = self.air.get_mut(&id) else { return };
        let from = flying.flight.from;
        let link = self
            .routes
            .between(from, flying.flight.to)
            .and_then(|route| route.last().map(|hop| hop.link))
            .unwrap_or_default();
        let flying = Rc::make_mut(flying);
        flying.flight.fate = Fate::Lost { link, why: LossCause::Dropped };
        flying.flight.arrive = Time::EPOCH;
        let flight = flying.flight.clone();
        self.try_again_later(&flight);
        if flight.load.stream().is_none() {
            self.air.remove(&id);
        }
    }

    /// Sets the time-out after which a lost flight of a stream is sent again. Resets and second
    /// copies are never sent again.
    fn try_again_later(&mut self, flight: &Flight) {
        let again = flight.load.stream().is_some()
            && !flight.doubled
            && !matches!(flight.load, Load::Rst { .. });
        if again {
            let wait = self.plan.tcp.retransmit_after * 2u32.saturating_pow(flight.attempt.into());
            let at = (flight.sent + wait).max(self.now);
            self.due(at, Item::SendAgain(flight.id));
        }
    }

    fn chance(&mut self, ppm: u32) -> bool {
        ppm > 0 && self.random.next_u64() % MILLION < u64::from(ppm)
    }

    fn jitter(&mut self, most: Duration) -> Duration {
        match u64::try_from(most.as_nanos()) {
            Ok(0) | Err(_) => Duration::ZERO,
            Ok(nanos) => Duration::from_nanos(self.random.next_u64() % (nanos + 1)),
        }
    }

    fn address(&self, host: HostId) -> IpAddr {
        self.plan.hosts[host.0 as usize].address
    }

    /// The host that answers at an address: of several that share it, the one that listens there.
    fn host_for(&self, to: SocketAddr) -> Option<HostId> {
        let here = self.plan.hosts.iter().zip(0..).filter(|(host, _)| host.address == to.ip());
        let mut here = here.map(|(_, id)| HostId(id));
        let first = here.clone().next();
        here.find(|id| self.host(*id).listening.contains_key(&to.port())).or(first)
    }

    fn host_at(&self, address: IpAddr) -> Option<HostId> {
        let at = self.plan.hosts.iter().position(|host| host.address == address)?;
        Some(HostId(at as u32))
    }
}

/// How long after the first a second copy arrives that the network made by itself.
const COPY_LAG: Duration = Duration::from_millis(1);

const MILLION: u64 = 1_000_000;
