//! Datagrams through the relay: the program's UDP ports, each with a socket of the relay behind it
//! while it is in use.

use core::net::SocketAddr;
use core::time::Duration;
use std::collections::BTreeMap;

use bytes::Bytes;
use protocols::endpoint::{Stimulus, Transport};
use protocols::wire::{Protocol, Time};
use relay_wire::{Code, Reset};
use world::{EntryId, FlightId, Load, Network, What};

use super::outputs::NO_RELAY;
use super::vet::Waiting;
use super::{Link, Live, TAB_ADDRESS, TAB_HOST, Trail, USUAL_ONE_WAY};

/// The UDP ports that the program has bound.
#[derive(Clone, Debug, Default)]
pub struct Udp {
    ports: BTreeMap<u16, Socket>,
    /// The last thing that was sent from a port to an address.
    asked: BTreeMap<(u16, SocketAddr), Asked>,
    /// Counts the uses of sockets, to find the one that has not been used for longest.
    uses: u64,
}

/// A bound port.
#[derive(Clone, Debug)]
struct Socket {
    protocol: &'static Protocol,
    /// The relay's number for the socket behind it, while there is one.
    wire: Option<u32>,
    used: u64,
    last_sent: Option<(EntryId, FlightId)>,
}

/// Something that was sent and may be answered.
#[derive(Clone, Copy, Debug)]
struct Asked {
    by: EntryId,
    flight: FlightId,
    at: Time,
    /// How often something was sent since the last answer.
    unanswered: u32,
}

impl Udp {
    /// Takes datagrams at a port from now on; the relay is asked for a socket when it is used.
    pub fn bind(&mut self, port: u16, protocol: &'static Protocol) {
        let socket = Socket { protocol, wire: None, used: 0, last_sent: None };
        self.ports.entry(port).or_insert(socket);
    }

    /// Forgets the relay's sockets: they are gone with it.
    pub fn cut_off(&mut self) {
        for socket in self.ports.values_mut() {
            socket.wire = None;
        }
    }

    fn port_of(&self, wire: u32) -> Option<u16> {
        let found = self.ports.iter().find(|(_, socket)| socket.wire == Some(wire));
        found.map(|(port, _)| *port)
    }
}

impl Live {
    /// Takes no more datagrams at a port; the relay may use its socket for others.
    pub(super) fn unbind(&mut self, port: u16) {
        let socket = self.udp.ports.remove(&port);
        if let Some(wire) = socket.and_then(|socket| socket.wire) {
            self.session.reset(wire, Reset::new(Code::Cancelled, ""));
        }
        self.udp.asked.retain(|(from, _), _| *from != port);
    }

    pub(super) fn send_to(&mut self, port: u16, to: SocketAddr, bytes: &Bytes, trail: &mut Trail) {
        let Some(protocol) = self.udp.ports.get(&port).map(|socket| socket.protocol) else {
            return;
        };
        if let Some(why) = self.vetting.refusal(to) {
            self.denied_at_once.push(why.clone());
            return;
        }
        // A socket that has sent to one alone has nobody else's answers to lose.
        let mut asked = self.udp.asked.keys();
        let vets =
            !self.vetting.is_allowed(to) && asked.any(|(own, peer)| *own == port && *peer != to);
        if vets && let Err(why) = self.vetting.check(to, self.now) {
            self.denied_at_once.push(why.to_string());
            return;
        }
        let sent = match vets {
            true => self.socket(port).map(drop),
            false => self.hand_over(port, to, bytes),
        };
        if let Err(why) = sent {
            self.denied_at_once.push(why);
            return;
        }
        let peer = self.peer(&to.ip().to_string(), Transport::Udp, to.port(), protocol);
        let from = SocketAddr::new(TAB_ADDRESS, port);
        let load = Load::Datagram { from, to, protocol, bytes: bytes.clone() };
        let arrive = self.now + self.one_way(peer).unwrap_or(USUAL_ONE_WAY);
        let flight = self.fly(TAB_HOST, peer, load, self.now, arrive);
        let (by, at, flight_id) = (self.recording.next_id(), self.now, flight.id);
        let before = self.udp.asked.get(&(port, to)).map_or(0, |asked| asked.unanswered);
        let asked = Asked { by, flight: flight_id, at, unanswered: before + 1 };
        self.udp.asked.insert((port, to), asked);
        if let Some(socket) = self.udp.ports.get_mut(&port) {
            socket.last_sent = Some((by, flight_id));
        }
        trail.flights.push(flight);
        if vets {
            let datagram = Waiting { port, bytes: bytes.clone(), by, flight: flight_id };
            self.vet(to, datagram);
        }
    }

    /// Gives a datagram to the relay. A full queue loses it, as UDP may.
    pub(super) fn hand_over(
        &mut self,
        port: u16,
        to: SocketAddr,
        bytes: &Bytes,
    ) -> Result<(), String> {
        let wire = self.socket(port)?;
        self.session.send_to(wire, to, bytes.clone()).map(drop).map_err(|e| e.to_string())
    }

    /// The relay's socket behind a port, asked for now if there is none.
    fn socket(&mut self, port: u16) -> Result<u32, String> {
        match self.link {
            Link::Up(_) | Link::Opening => {}
            Link::Down => return Err(NO_RELAY.to_string()),
            Link::Lost(ref why) => return Err(why.clone()),
        }
        self.udp.uses += 1;
        let used = self.udp.uses;
        if let Some(socket) = self.udp.ports.get_mut(&port) {
            socket.used = used;
            if let Some(wire) = socket.wire {
                return Ok(wire);
            }
        }
        self.make_room();
        let wire = self.session.udp_open(None, None).map_err(|e| e.to_string())?;
        if let Some(socket) = self.udp.ports.get_mut(&port) {
            socket.wire = Some(wire);
        }
        Ok(wire)
    }

    /// Gives the socket back that was not used for longest, when the relay would give no more.
    fn make_room(&mut self) {
        let most = match &self.link {
            Link::Up(hello) if hello.max_sockets > 0 => usize::from(hello.max_sockets),
            Link::Up(_) | Link::Opening | Link::Down | Link::Lost(_) => FEW_SOCKETS,
        };
        let open = self.udp.ports.values_mut().filter(|socket| socket.wire.is_some());
        let mut open: Vec<&mut Socket> = open.collect();
        if open.len() < most {
            return;
        }
        let oldest = open.iter_mut().min_by_key(|socket| socket.used);
        if let Some(wire) = oldest.and_then(|socket| socket.wire.take()) {
            self.session.reset(wire, Reset::new(Code::Cancelled, ""));
        }
    }

    /// A datagram has come in through one of the relay's sockets.
    pub(super) fn datagram(&mut self, wire: u32, peer: SocketAddr, bytes: Bytes, dropped: u16) {
        let Some(port) = self.udp.port_of(wire) else { return };
        let Some(protocol) = self.udp.ports.get(&port).map(|socket| socket.protocol) else {
            return;
        };
        if dropped > 0 {
            let why = format!("The relay had to drop {dropped} datagrams that came too fast.");
            self.denied(None, why, None);
        }
        self.vetting.allow(peer);
        let host = self.peer(&peer.ip().to_string(), Transport::Udp, peer.port(), protocol);
        let asked = self.udp.asked.get_mut(&(port, peer));
        let asked = asked.map(|asked| {
            let before = *asked;
            asked.unanswered = 0;
            before
        });
        // With several on their way nobody knows which is answered (Karn's algorithm, RFC 6298
        // section 3).
        if let Some(asked) = asked.filter(|asked| asked.unanswered == 1) {
            self.measured(host, self.now.since(asked.at) / 2);
        }
        let one_way = self.one_way(host).unwrap_or(Duration::ZERO);
        let to = SocketAddr::new(TAB_ADDRESS, port);
        let load = Load::Datagram { from: peer, to, protocol, bytes: bytes.clone() };
        let depart = self.answered_at(one_way);
        let flight = self.fly(host, TAB_HOST, load, depart, self.now);
        let landed = flight.id;
        let is_answer = asked.is_some_and(|asked| asked.unanswered > 0);
        let says = match is_answer {
            true => "answers, as the datagram tells that arrives here next",
            false => "sends of its own accord, as the datagram tells that arrives here next",
        };
        let what = What::Network(Network::Remote { says: says.to_string() });
        let trail = Trail { flights: vec![flight], dialled: Vec::new() };
        let question = asked.filter(|asked| asked.unanswered > 0).map(|asked| asked.flight);
        let cause = self.recording.next_id();
        let because = asked.map(|asked| asked.by);
        self.write(depart, (host, because), question, what, trail);
        let stimulus = Stimulus::Datagram { port, from: peer, bytes };
        self.advance(Some(cause), Some(landed), stimulus);
    }

    /// When a peer sent what arrives now; never before what was recorded last.
    fn answered_at(&self, one_way: Duration) -> Time {
        let last = self.recording.trace().entries.last().map_or(Time::EPOCH, |entry| entry.at);
        (self.now - one_way).max(last)
    }

    /// The relay has closed a socket; true if it was one of these.
    pub(super) fn socket_reset(&mut self, wire: u32, reset: &Reset) -> bool {
        let Some(port) = self.udp.port_of(wire) else { return false };
        let Some(socket) = self.udp.ports.get_mut(&port) else { return false };
        socket.wire = None;
        let last_sent = socket.last_sent;
        match reset.code {
            // It is opened again when something is to be sent.
            Code::Idle | Code::Cancelled => {}
            Code::NameNotFound
            | Code::DnsTimeout
            | Code::Protocol
            | Code::Policy
            | Code::Refused
            | Code::PeerReset
            | Code::ConnectTimeout
            | Code::HostUnreachable
            | Code::NetworkUnreachable
            | Code::AddressInUse
            | Code::AddressNotAvailable
            | Code::Permission
            | Code::Limit
            | Code::Rate
            | Code::FlowControl
            | Code::TooBig
            | Code::ShuttingDown
            | Code::Internal => {
                let (cause, flight) = last_sent.unzip();
                self.denied(cause, reset.sentence().to_string(), flight);
            }
        }
        true
    }

    /// How many sockets the relay has open for us.
    #[cfg(test)]
    pub(super) fn sockets_open(&self) -> usize {
        self.udp.ports.values().filter(|socket| socket.wire.is_some()).count()
    }
}

/// Sockets to be had of a relay that has not said how many it gives.
const FEW_SOCKETS: usize = 8;
