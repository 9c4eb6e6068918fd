//! Carrying out what the program wants: relay frames, alarms, and flights in the recording.

use bytes::Bytes;
use protocols::endpoint::{Conn, Loss, Output, Stimulus, Target, Transport};
use protocols::wire::{Protocol, Side, Time};
use relay_wire::{Code, Reset};
use world::{Dialled, EntryId, Fate, Flight, FlightId, HostId, Load};

use super::{Alarm, Line, Link, Live, TAB_HOST, Trail};

impl Live {
    pub(super) fn carry_out(&mut self, output: &Output, trail: &mut Trail) {
        match output {
            Output::Dial { conn, to, protocol } => self.dial(*conn, to, protocol, trail),
            Output::Send { conn, bytes } => self.send(*conn, bytes, trail),
            Output::Finish { conn } => self.finish(*conn, trail),
            Output::Abort { conn } => self.abort(*conn, trail),
            Output::Arm { alarm, after, .. } => {
                let armed_in = self.recording.next_id();
                self.alarms.insert(*alarm, Alarm { due: self.now + *after, armed_in });
            }
            Output::Disarm { alarm } => {
                self.alarms.remove(alarm);
            }
            Output::Listen { transport: Transport::Udp, port, protocol } => {
                self.udp.bind(*port, protocol);
            }
            Output::Unbind { port } => self.unbind(*port),
            Output::SendTo { port, to, bytes } => self.send_to(*port, *to, bytes, trail),
            Output::Listen { transport: Transport::Tcp, port, .. } => {
                self.denied_at_once.push(format!(
                    "A tab cannot be dialled, so nobody will come to port {port}: the relay only \
                     dials."
                ));
            }
            Output::Join { group } => {
                self.denied_at_once.push(format!(
                    "The relay joins no multicast group, so nothing that is sent to {group} \
                     arrives here."
                ));
            }
            // It passes nothing on from one connection to another; and what it tells its user and
            // why is kept in the recording as it is.
            Output::Pace { .. } | Output::Emit(_) | Output::Measure { .. } | Output::Cite(_) => {}
        }
    }

    fn dial(&mut self, conn: Conn, to: &Target, protocol: &'static Protocol, trail: &mut Trail) {
        let (host, port) = match to {
            Target::Address(address) => (address.ip().to_string(), address.port()),
            Target::Name { host, port } => (host.clone(), *port),
        };
        let asked = match self.link {
            Link::Up(_) | Link::Opening => {
                self.session.open(&host, port).map_err(|e| e.to_string())
            }
            Link::Down => Err(NO_RELAY.to_string()),
            Link::Lost(ref why) => Err(why.clone()),
        };
        let peer = self.peer(&host, Transport::Tcp, port, protocol);
        let stream = self.new_stream();
        trail.dialled.push(Dialled { stream, conn, to: None, protocol });
        let by = self.recording.next_id();
        let wire = asked.as_ref().map_or(NO_STREAM, |wire| *wire);
        let line = Line::asked(wire, stream, (peer, port), self.now, by);
        match asked {
            Ok(_) => {
                self.lines.insert(conn, line);
            }
            Err(why) => {
                self.refused_at_once.push((conn, line, why));
            }
        }
    }

    /// Tells what came to nothing in the step that is over now, and the program of its dials.
    pub(super) fn settle(&mut self) {
        let step = self.recording.next_id().0.checked_sub(1).map(EntryId);
        for why in core::mem::take(&mut self.denied_at_once) {
            self.denied(step, why, None);
        }
        while let Some((conn, line, why)) = self.refused_at_once.pop() {
            let stimulus = Stimulus::Lost { conn, why: Loss::Denied(why) };
            self.advance(Some(line.last_sent), None, stimulus);
        }
    }

    fn send(&mut self, conn: Conn, bytes: &Bytes, trail: &mut Trail) {
        let (now, by) = (self.now, self.recording.next_id());
        let Some(line) = self.lines.get_mut(&conn) else { return };
        if self.session.send(line.wire, bytes.clone()).is_err() {
            return;
        }
        let (number, offset) = line.count(Side::Initiator, bytes.len());
        let side = Side::Initiator;
        let load = Load::Data { stream: line.stream, side, number, offset, bytes: bytes.clone() };
        line.last_sent = by;
        let (peer, arrive) = (line.peer, now + line.one_way);
        let flight = self.fly(TAB_HOST, peer, load, now, arrive);
        trail.flights.push(flight);
    }

    fn finish(&mut self, conn: Conn, trail: &mut Trail) {
        let (now, by) = (self.now, self.recording.next_id());
        let Some(line) = self.lines.get_mut(&conn) else { return };
        if line.finished[0] || self.session.finish(line.wire).is_err() {
            return;
        }
        line.finished[0] = true;
        line.last_sent = by;
        let (number, _) = line.count(Side::Initiator, 0);
        let load = Load::Fin { stream: line.stream, side: Side::Initiator, number };
        let (peer, arrive) = (line.peer, now + line.one_way);
        let flight = self.fly(TAB_HOST, peer, load, now, arrive);
        trail.flights.push(flight);
        self.drop_if_over(conn);
    }

    fn abort(&mut self, conn: Conn, trail: &mut Trail) {
        let Some(line) = self.lines.remove(&conn) else { return };
        self.session.reset(line.wire, Reset::new(Code::Cancelled, ""));
        let load = Load::Rst { stream: line.stream, refusal: false };
        let flight = self.fly(TAB_HOST, line.peer, load, self.now, self.now + line.one_way);
        trail.flights.push(flight);
    }

    /// Forgets a connection that both ends have finished.
    pub(super) fn drop_if_over(&mut self, conn: Conn) {
        if self.lines.get(&conn).is_some_and(|line| line.finished == [true, true]) {
            self.lines.remove(&conn);
        }
    }

    /// A flight between two who take part.
    pub(super) fn fly(
        &mut self,
        from: HostId,
        to: HostId,
        load: Load,
        depart: Time,
        arrive: Time,
    ) -> Flight {
        let id = FlightId(self.next_flight);
        self.next_flight += 1;
        Flight {
            id,
            from,
            to,
            load,
            depart,
            sent: depart,
            arrive,
            fate: Fate::Arrives,
            attempt: 0,
            doubled: false,
        }
    }
}

/// No stream of the relay has this number: 0 is the session itself.
const NO_STREAM: u32 = 0;

/// Why nothing can be sent before there is a relay.
pub(super) const NO_RELAY: &str = "There is no connection to the relay.";
