//! What the relay says, as things that happen to the program.

use bytes::Bytes;
use protocols::endpoint::{Conn, Loss, Stimulus};
use protocols::wire::{Side, Time};
use relay_wire::{Code, Event, Opened, Reset};
use world::{Flight, Load};

use super::{Line, Link, Live, TAB_HOST};

impl Live {
    /// Takes in one binary message from the relay.
    ///
    /// # Errors
    /// The relay breaks its own protocol; the WebSocket is to be closed. Every connection is lost
    /// then, with the same sentence.
    pub fn receive(&mut self, message: Bytes, now: Time) -> Result<(), String> {
        self.pass(now);
        let outcome = self.session.receive(message);
        while let Some(event) = self.session.next_event() {
            self.happened(event);
        }
        outcome.map_err(|violation| {
            let why = format!("The relay broke its own protocol: {violation}");
            self.disconnected(&why, now);
            why
        })
    }

    /// The WebSocket is gone, and why, as a sentence.
    pub fn disconnected(&mut self, why: &str, now: Time) {
        self.pass(now);
        self.link = Link::Lost(why.to_string());
        self.udp.cut_off();
        self.vetting.forget();
        let conns: Vec<Conn> = self.lines.keys().copied().collect();
        for conn in conns {
            if let Some(line) = self.lines.remove(&conn) {
                let stimulus = Stimulus::Lost { conn, why: Loss::Denied(why.to_string()) };
                self.advance(Some(line.last_sent), None, stimulus);
            }
        }
    }

    fn happened(&mut self, event: Event) {
        match event {
            Event::Hello(hello) => self.link = Link::Up(Box::new(hello)),
            Event::Opened { stream, opened } => self.opened(stream, &opened),
            Event::Data { stream, bytes } => self.data(stream, bytes),
            Event::Finished { stream } => self.finished(stream),
            Event::Reset { stream, reset } => self.reset(stream, &reset),
            Event::GoAway(goaway) => {
                let why = match goaway.text.as_str() {
                    "" => goaway.code.sentence().to_string(),
                    text => text.to_string(),
                };
                self.link = Link::Lost(why);
            }
            Event::Datagram { socket, peer, bytes, dropped } => {
                self.datagram(socket, peer, bytes, dropped);
            }
            // The relay's own address behind a UDP port is of no use to the program, which knows
            // its port by its own number.
            Event::UdpOpened { socket, .. } => self.udp_opened(socket),
            // Closing is seen by both ends' FINs; the page takes no pings, credit is the
            // session's own business, and the relay's own address behind a UDP port is of no use
            // to the program, which knows its port by its own number.
            Event::Closed { .. }
            | Event::Stopped { .. }
            | Event::Credit { .. }
            | Event::Pong { .. }
            | Event::Open { .. }
            | Event::UdpOpen { .. } => {}
        }
    }

    fn opened(&mut self, wire: u32, opened: &Opened) {
        let Some((conn, mut line)) = self.line_of(wire) else { return };
        line.one_way = core::time::Duration::from_micros(u64::from(opened.connect_us)) / 2;
        line.open = Some((opened.local, opened.remote));
        self.lines.insert(conn, line.clone());
        self.learn(line.peer, opened.remote);
        self.measured(line.peer, line.one_way);
        let syn = self.syn(&line);
        let syn_ack = self.incoming(&line, Load::SynAck { stream: line.stream });
        let landed = syn_ack.id;
        let says = "accepts the connection, as its SYN ACK tells";
        let cause = self.remote(&line, says, vec![syn, syn_ack]);
        let stimulus = Stimulus::Opened { conn, peer: opened.remote, port: None };
        self.advance(Some(cause), Some(landed), stimulus);
    }

    fn data(&mut self, wire: u32, bytes: Bytes) {
        let Some((conn, mut line)) = self.line_of(wire) else {
            self.session.consumed(wire, bytes.len());
            return;
        };
        let (number, offset) = line.count(Side::Responder, bytes.len());
        self.lines.insert(conn, line.clone());
        let load = Load::Data {
            stream: line.stream,
            side: Side::Responder,
            number,
            offset,
            bytes: bytes.clone(),
        };
        let flight = self.incoming(&line, load);
        let landed = flight.id;
        let cause = self.remote(&line, "sends what arrives here next", vec![flight]);
        let length = bytes.len();
        self.advance(Some(cause), Some(landed), Stimulus::Data { conn, bytes });
        // The program has taken it in, so the relay may read as much more from the socket.
        self.session.consumed(wire, length);
    }

    fn finished(&mut self, wire: u32) {
        let Some((conn, mut line)) = self.line_of(wire) else { return };
        line.finished[1] = true;
        let (number, _) = line.count(Side::Responder, 0);
        self.lines.insert(conn, line.clone());
        let load = Load::Fin { stream: line.stream, side: Side::Responder, number };
        let flight = self.incoming(&line, load);
        let landed = flight.id;
        let cause = self.remote(&line, "ends its direction", vec![flight]);
        self.advance(Some(cause), Some(landed), Stimulus::Finished { conn });
        self.drop_if_over(conn);
    }

    fn reset(&mut self, wire: u32, reset: &Reset) {
        if self.vetoed(wire, reset) || self.socket_reset(wire, reset) {
            return;
        }
        let Some((conn, mut line)) = self.line_of(wire) else { return };
        self.lines.remove(&conn);
        let why = loss(reset);
        let stimulus = Stimulus::Lost { conn, why: why.clone() };
        match why {
            // The peer itself said so, with a segment.
            Loss::Refused | Loss::Reset => {
                let refusal = why == Loss::Refused;
                let mut flights = Vec::new();
                if refusal {
                    line.one_way = self.now.since(line.asked) / 2;
                    flights.push(self.syn(&line));
                }
                let rst = self.incoming(&line, Load::Rst { stream: line.stream, refusal });
                let landed = rst.id;
                flights.push(rst);
                let cause = self.remote(&line, "answers with a reset", flights);
                self.advance(Some(cause), Some(landed), stimulus);
            }
            Loss::TimedOut | Loss::Unreachable | Loss::Denied(_) | Loss::Unresolved(_) => {
                self.advance(Some(line.last_sent), None, stimulus);
            }
        }
    }

    /// The SYN that the relay has sent for us: only now is it known that it did.
    fn syn(&mut self, line: &Line) -> Flight {
        let arrive = self.now - line.one_way;
        let load = Load::Syn { stream: line.stream, port: line.port };
        self.fly(TAB_HOST, line.peer, load, (arrive - line.one_way).max(line.asked), arrive)
    }

    fn incoming(&mut self, line: &Line, load: Load) -> Flight {
        let depart = self.now - line.one_way;
        self.fly(line.peer, TAB_HOST, load, depart, self.now)
    }

    fn line_of(&self, wire: u32) -> Option<(Conn, Line)> {
        let found = self.lines.iter().find(|(_, line)| line.wire == wire);
        found.map(|(conn, line)| (*conn, line.clone()))
    }
}

/// What the program is told of the relay's reason. The relay's own refusals keep their sentence.
fn loss(reset: &Reset) -> Loss {
    match reset.code {
        Code::Refused => Loss::Refused,
        Code::PeerReset | Code::Cancelled => Loss::Reset,
        Code::ConnectTimeout | Code::Idle => Loss::TimedOut,
        Code::HostUnreachable | Code::NetworkUnreachable => Loss::Unreachable,
        Code::NameNotFound
        | Code::DnsTimeout
        | Code::Protocol
        | Code::Policy
        | Code::AddressInUse
        | Code::AddressNotAvailable
        | Code::Permission
        | Code::Limit
        | Code::Rate
        | Code::FlowControl
        | Code::TooBig
        | Code::ShuttingDown
        | Code::Internal => Loss::Denied(reset.sentence().to_string()),
    }
}
