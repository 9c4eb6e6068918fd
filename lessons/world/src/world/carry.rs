//! Carrying out what an endpoint wants: flights depart, alarms are set.

use core::net::SocketAddr;
use core::time::Duration;
use std::rc::Rc;

use bytes::Bytes;
use protocols::endpoint::{Conn, Output, Target, Transport};
use protocols::wire::{Protocol, Side};
use rand_core::Rng;
use rand_pcg::Pcg32;

use super::stream::{Phase, Piece, Stream};
use super::{Flying, Frame, Item, Trail, World};
use crate::entry::{Dialled, EntryId, Fate, Flight, FlightId, HostId, Load, LossCause, StreamId};
use crate::plan::Conditions;

impl World {
    pub(super) fn carry_out(&mut self, host: HostId, output: &Output, trail: &mut Trail) {
        match output {
            Output::Listen { transport: Transport::Tcp, port, protocol } => {
                self.host_mut(host).listen(*port, protocol);
            }
            Output::Listen { transport: Transport::Udp, port, protocol } => {
                self.host_mut(host).bound.insert(*port, protocol);
            }
            Output::Unbind { port } => {
                self.host_mut(host).bound.remove(*port);
            }
            Output::Dial { conn, to, protocol } => self.dial(host, *conn, to, protocol, trail),
            Output::Send { conn, bytes } => self.send(host, *conn, bytes, trail),
            Output::SendTo { port, to, bytes } => self.send_to(host, *port, *to, bytes, trail),
            Output::Join { group } => {
                self.host_mut(host).join(*group);
            }
            Output::Finish { conn } => self.finish(host, *conn, trail),
            Output::Abort { conn } => self.abort(host, *conn, trail),
            Output::Arm { alarm, after, .. } => {
                self.arm(host, *alarm, self.now + *after, EntryId(self.entries));
            }
            Output::Disarm { alarm } => self.disarm(host, *alarm),
            // A simulated stream takes whatever its host sends, so nobody has to be slowed down.
            Output::Pace { .. } | Output::Emit(_) | Output::Measure { .. } | Output::Cite(_) => {}
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
        let there = to.and_then(|to| Some((self.host_for(to, Transport::Tcp)?, to)));
        let reachable = there.filter(|(peer, _)| self.routes.between(host, *peer).is_some());
        let Some((peer, address)) = reachable else {
            self.schedule(self.now, Item::NoRoute(host, conn, EntryId(self.entries)));
            return;
        };
        let ours = SocketAddr::new(self.host(host).address, self.host_mut(host).ephemeral());
        let tcp = &self.plan.tcp;
        let ends = Stream::dialled((host, ours, conn), (peer, address), tcp);
        self.next_stream += 1;
        self.streams.insert(stream, Rc::new(ends));
        self.host_mut(host).connect(conn, (stream, Side::Initiator));
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
        let Some((id, side)) = self.host_mut(host).disconnect(conn) else { return };
        let Some(end) = self.end_mut(id, side) else { return };
        end.let_go();
        trail.touched.push(id);
        let Some(peer) = self.stream(id).map(|stream| stream.end(side.other()).host) else {
            return;
        };
        self.launch(host, peer, Load::Rst { stream: id, refusal: false }, 0, trail);
    }

    /// The stream and side of a connection that can still be sent on.
    fn open_end(&self, host: HostId, conn: Conn) -> Option<(StreamId, Side)> {
        let (id, side) = self.host(host).end_of(conn)?;
        (!self.stream(id)?.end(side).finished).then_some((id, side))
    }

    /// Sends what waits on one side of a stream, as far as its window and handshake allow.
    pub(super) fn pump(&mut self, id: StreamId, side: Side, trail: &mut Trail) {
        loop {
            let Some(stream) = self.streams.get_mut(&id) else { return };
            let stream = Rc::make_mut(stream);
            let peer = stream.end(side.other()).host;
            let end = stream.end_mut(side);
            if end.phase != Phase::Open || !end.window.is_open() {
                return;
            }
            let Some(piece) = end.waiting.pop_front() else { return };
            let number = end.next_number;
            end.next_number += 1;
            end.window.now += 1;
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
        let sender = self.host(host);
        let Some(protocol) = sender.bound.get(port).copied() else { return };
        let from = SocketAddr::new(sender.address, port);
        let load = Load::Datagram { from, to, protocol, bytes: bytes.clone() };
        if to.ip().is_multicast() {
            for peer in (0..self.hosts.len() as u32).map(HostId) {
                let member = peer != host && self.host(peer).is_member_of(to.ip());
                if member && self.is_near(host, peer) {
                    self.launch(host, peer, load.clone(), 0, trail);
                }
            }
        } else if let Some(peer) = self.host_for(to, Transport::Udp) {
            self.launch(host, peer, load, 0, trail);
        }
    }

    /// Whether a multicast datagram may cross the routers between two hosts.
    fn is_near(&self, from: HostId, to: HostId) -> bool {
        let Some(route) = self.routes.between(from, to) else { return false };
        let routers = route.hops().count().saturating_sub(1);
        self.plan.multicast_radius.is_none_or(|most| routers <= usize::from(most))
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
        let routes = Rc::clone(&self.routes);
        let Some(route) = routes.between(from, to) else { return };
        let size = load.payload().len();
        let is_datagram = matches!(load, Load::Datagram { .. });
        let now = self.now;
        let (mut at, mut sent, mut fate) = (now, now, Fate::Arrives);
        let mut depart = now;
        let mut twice = false;
        for (index, hop) in route.hops().enumerate() {
            let left = (index > 0).then_some(sent);
            let frame = Frame { from, sent: left, payload_bytes: size };
            let Some(link) = self.links.at_mut(hop.link.0 as usize) else { return };
            // What is lost or cut off takes no room further on.
            let (first_bit, last_bit) = match fate == Fate::Arrives && link.conditions().up {
                true => link.put(hop.direction, now, at, frame),
                false => (at, at + link.conditions().transmission(size)),
            };
            if index == 0 {
                (depart, sent) = (first_bit, last_bit);
            }
            let Conditions { delay, jitter, loss_ppm, double_ppm, up, .. } = *link.conditions();
            let random = &mut self.random;
            at = last_bit + delay + some_of(random, jitter);
            if fate == Fate::Arrives {
                if !up {
                    fate = Fate::Lost { link: hop.link, why: LossCause::Cut };
                } else if chance(random, loss_ppm) {
                    fate = Fate::Lost { link: hop.link, why: LossCause::Chance };
                }
            }
            twice |= is_datagram && chance(random, double_ppm);
        }
        if sent > now {
            let host = self.host_mut(from);
            host.sent_by = host.sent_by.max(sent);
        }
        let id = FlightId(self.next_flight);
        let flight =
            Flight { id, from, to, load, depart, sent, arrive: at, fate, attempt, doubled: false };
        let copy = twice.then(|| Flight { doubled: true, ..flight.clone() });
        self.fly(Rc::new(flight), trail);
        if let Some(copy) = copy {
            self.launch_copy(copy, COPY_LAG, trail);
        }
    }

    /// Lets a second copy of a flight follow it after a while.
    pub(super) fn launch_copy(&mut self, copy: Flight, lag: Duration, trail: &mut Trail) {
        let id = FlightId(self.next_flight);
        let arrive = copy.arrive + lag;
        self.fly(Rc::new(Flight { id, arrive, ..copy }), trail);
    }

    fn fly(&mut self, flight: Rc<Flight>, trail: &mut Trail) {
        self.next_flight += 1;
        if !flight.doubled {
            self.expect_answer(&flight);
        }
        let flying = Flying::new(flight, EntryId(self.entries));
        trail.flights.push(Rc::clone(&flying.flight));
        match flying.flight.fate {
            Fate::Arrives => self.schedule(flying.flight.arrive, Item::Land(flying)),
            Fate::Lost { .. } => self.miss(flying),
        }
    }

    /// A flight does not arrive. Whoever waits for it will miss it in time.
    pub(super) fn miss(&mut self, flying: Flying) {
        if let Some(at) = self.missed_at(&flying.flight) {
            self.schedule(at.max(self.now), Item::Miss(flying));
        }
    }

    /// The host that answers at an address: of several that share it, the one that listens there.
    fn host_for(&self, to: SocketAddr, transport: Transport) -> Option<HostId> {
        let mut here = self.routes.hosts_at(to.ip());
        let first = here.next()?;
        let mut others = here.clone().peekable();
        if others.peek().is_none() {
            return Some(first);
        }
        let listens = |id: &HostId| match transport {
            Transport::Tcp => self.host(*id).accepts_at(to.port()),
            Transport::Udp => self.host(*id).bound.get(to.port()).is_some(),
        };
        core::iter::once(first).chain(others).find(listens).or(Some(first))
    }
}

/// Whether something happens that does in so many of a million cases.
fn chance(random: &mut Pcg32, ppm: u32) -> bool {
    ppm > 0 && random.next_u64() % MILLION < u64::from(ppm)
}

/// By chance any part of a duration.
fn some_of(random: &mut Pcg32, most: Duration) -> Duration {
    if most.is_zero() {
        return Duration::ZERO;
    }
    match u64::try_from(most.as_nanos()) {
        Ok(nanos) => Duration::from_nanos(random.next_u64() % nanos.saturating_add(1)),
        Err(_) => Duration::ZERO,
    }
}

/// How long after the first a second copy arrives that the network made by itself.
const COPY_LAG: Duration = Duration::from_millis(1);

const MILLION: u64 = 1_000_000;
