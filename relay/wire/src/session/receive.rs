//! What a message does to the session.

use bytes::Bytes;

use super::half::{Incoming, Outgoing, Stream};
use super::sockets::Socket;
use super::{Event, Session, Side, Violation, unsupported};
use crate::code::{Code, Detail};
use crate::frame::{Body, Frame, GoAway, Hello, Open, Opened, Reset, TcpInfo, UdpOpen};
use crate::{MAX_DATA, VERSION};

impl Session {
    /// Takes in one binary message. What it meant is in [`Session::next_event`]; an error means
    /// that the session is over.
    pub fn receive(&mut self, message: Bytes) -> Result<(), Violation> {
        let outcome = match Frame::decode(message) {
            Ok(frame) => self.on_frame(frame),
            Err(malformed) => Err(protocol(malformed.to_string())),
        };
        if let Err(violation) = &outcome
            && self.side == Side::Relay
        {
            self.go_away(GoAway {
                code: violation.code,
                deadline_ms: 0,
                retry_after_ms: 0,
                text: violation.text.clone(),
            });
        }
        outcome
    }

    fn on_frame(&mut self, frame: Frame) -> Result<(), Violation> {
        let Frame { stream, body } = frame;
        if self.peer.is_none() {
            return match body {
                Body::Hello(hello) => self.on_hello(hello),
                Body::GoAway(goaway) if self.side == Side::Client => self.on_goaway(goaway),
                _ => Err(protocol("The first frame has to be HELLO.")),
            };
        }
        match body {
            Body::Hello(_) => Err(protocol("HELLO may be said only once.")),
            Body::Data(bytes) => self.on_data(stream, bytes),
            Body::Credit(offset) => self.on_credit(stream, offset),
            Body::Fin(offset) => self.on_fin(stream, offset),
            Body::Stop => self.on_stop(stream),
            Body::Reset(reset) => self.on_reset(stream, reset),
            Body::Datagram(datagram) => {
                self.check_used(stream)?;
                if self.sockets.contains_key(&stream) {
                    self.events.push_back(Event::Datagram {
                        socket: stream,
                        peer: datagram.peer,
                        bytes: datagram.bytes,
                        dropped: datagram.dropped,
                    });
                }
                Ok(())
            }
            Body::Ping(payload) => {
                self.control.push_back(Frame { stream: 0, body: Body::Pong(payload) });
                Ok(())
            }
            Body::Pong(payload) => {
                self.events.push_back(Event::Pong { payload });
                Ok(())
            }
            Body::Unknown { .. } => Ok(()),
            other => match self.side {
                Side::Relay => self.on_request(stream, other),
                Side::Client => self.on_answer(stream, other),
            },
        }
    }

    fn on_hello(&mut self, hello: Hello) -> Result<(), Violation> {
        if hello.version != VERSION {
            return Err(protocol(format!("This end speaks version {VERSION} only.")));
        }
        self.outgoing.limit = u64::from(hello.session_window);
        self.peer = Some(hello.clone());
        if self.side == Side::Relay {
            let own = Body::Hello(self.own.clone());
            self.control.push_back(Frame { stream: 0, body: own });
        }
        self.events.push_back(Event::Hello(hello));
        Ok(())
    }

    fn on_goaway(&mut self, goaway: GoAway) -> Result<(), Violation> {
        self.leaving = true;
        self.events.push_back(Event::GoAway(goaway));
        Ok(())
    }

    /// What only a client may send.
    fn on_request(&mut self, stream: u32, body: Body) -> Result<(), Violation> {
        match body {
            Body::Open(open) => self.on_open(stream, open),
            Body::UdpOpen(open) => self.on_udp_open(stream, open),
            Body::Listen(_) => {
                self.check_new(stream)?;
                self.refuse(stream, unsupported("listening").detail(Detail::Listen));
                Ok(())
            }
            Body::Resolve(_) => {
                self.check_new(stream)?;
                self.refuse(stream, unsupported("resolving names for the page"));
                Ok(())
            }
            Body::Membership(_) => {
                self.check_used(stream)?;
                self.abort(stream, unsupported("multicast"));
                Ok(())
            }
            Body::TcpInfo(_) => {
                self.check_used(stream)?;
                let body = Body::TcpInfo(TcpInfo::default());
                self.control.push_back(Frame { stream, body });
                Ok(())
            }
            _ => Err(protocol("A client may not send this type of frame.")),
        }
    }

    /// What only a relay may send.
    fn on_answer(&mut self, stream: u32, body: Body) -> Result<(), Violation> {
        match body {
            Body::Opened(opened) => self.on_opened(stream, opened),
            Body::UdpOpened(opened) => {
                self.check_used(stream)?;
                if let Some(socket) = self.sockets.get_mut(&stream) {
                    socket.opening = false;
                    self.events.push_back(Event::UdpOpened { socket: stream, opened });
                    self.enqueue(stream);
                }
                Ok(())
            }
            Body::GoAway(goaway) => self.on_goaway(goaway),
            // Only ever an answer to a question that this session does not ask.
            Body::TcpInfo(_) => Ok(()),
            _ => Err(protocol("A relay may not send this type of frame unasked.")),
        }
    }

    fn on_open(&mut self, stream: u32, open: Open) -> Result<(), Violation> {
        self.check_new(stream)?;
        if let Some(reset) = self.refusal_if_leaving() {
            self.refuse(stream, reset);
        } else if self.streams.len() >= usize::from(self.own.max_streams) {
            let text = format!("Only {} streams may be open at once.", self.own.max_streams);
            self.refuse(stream, Reset::new(Code::Limit, text).detail(Detail::Streams));
        } else {
            let incoming = Incoming::new(0, self.own.stream_window);
            let outgoing = Outgoing::new(u64::from(open.credit));
            self.streams.insert(stream, Stream::new(incoming, outgoing));
            self.events.push_back(Event::Open { stream, open });
        }
        Ok(())
    }

    fn on_udp_open(&mut self, socket: u32, open: UdpOpen) -> Result<(), Violation> {
        self.check_new(socket)?;
        if let Some(reset) = self.refusal_if_leaving() {
            self.refuse(socket, reset);
        } else if self.sockets.len() >= usize::from(self.own.max_sockets) {
            let text = format!("Only {} UDP sockets may be open at once.", self.own.max_sockets);
            self.refuse(socket, Reset::new(Code::Limit, text).detail(Detail::Sockets));
        } else {
            self.sockets.insert(socket, Socket::new());
            self.events.push_back(Event::UdpOpen { socket, open });
        }
        Ok(())
    }

    fn on_opened(&mut self, stream: u32, opened: Opened) -> Result<(), Violation> {
        self.check_used(stream)?;
        let Some(entry) = self.streams.get_mut(&stream) else { return Ok(()) };
        if !entry.opening {
            self.abort(stream, Reset::new(Code::Protocol, "The stream was opened twice."));
            return Ok(());
        }
        entry.opening = false;
        entry.outgoing.limit = u64::from(opened.credit);
        self.events.push_back(Event::Opened { stream, opened });
        self.enqueue(stream);
        Ok(())
    }

    fn on_data(&mut self, stream: u32, bytes: Bytes) -> Result<(), Violation> {
        let count = bytes.len() as u64;
        if bytes.len() > MAX_DATA {
            return Err(violation(Code::TooBig, "A DATA frame is longer than HELLO allows."));
        }
        self.check_used(stream)?;
        self.incoming.received += count;
        if self.incoming.received > self.incoming.granted {
            return Err(violation(Code::FlowControl, "The session's credit is overrun."));
        }
        let client = self.side == Side::Client;
        let Some(entry) = self.streams.get_mut(&stream) else {
            // The stream was reset while these bytes were under way.
            self.session_consumed(count);
            return Ok(());
        };
        let wrong = if entry.incoming.received + count > entry.incoming.granted {
            Some(Reset::new(Code::FlowControl, ""))
        } else if entry.incoming.ended {
            Some(Reset::new(Code::Protocol, "Bytes arrived after the end of the stream."))
        } else if entry.opening && client {
            Some(Reset::new(Code::Protocol, "Bytes arrived before the stream was opened."))
        } else {
            None
        };
        if let Some(reset) = wrong {
            self.session_consumed(count);
            self.abort(stream, reset);
            return Ok(());
        }
        entry.incoming.received += count;
        if entry.incoming.stopped {
            entry.incoming.consumed += count;
            self.session_consumed(count);
        } else if count > 0 {
            self.events.push_back(Event::Data { stream, bytes });
        }
        Ok(())
    }

    fn on_credit(&mut self, stream: u32, offset: u64) -> Result<(), Violation> {
        if stream == 0 {
            if self.outgoing.allow(offset) {
                self.events.push_back(Event::Credit { stream: 0 });
            }
            let waiting: Vec<u32> = self.streams.iter().filter_map(waits).collect();
            for number in waiting {
                self.enqueue(number);
            }
            return Ok(());
        }
        self.check_used(stream)?;
        if let Some(entry) = self.streams.get_mut(&stream) {
            if entry.outgoing.allow(offset) {
                self.events.push_back(Event::Credit { stream });
            }
            self.enqueue(stream);
        }
        Ok(())
    }

    fn on_fin(&mut self, stream: u32, offset: u64) -> Result<(), Violation> {
        self.check_used(stream)?;
        let Some(entry) = self.streams.get_mut(&stream) else { return Ok(()) };
        if entry.incoming.ended {
            self.abort(stream, Reset::new(Code::Protocol, "The stream ended twice."));
        } else if entry.incoming.received != offset {
            let text = format!(
                "The sender counted {offset} bytes, but {} arrived.",
                entry.incoming.received
            );
            self.abort(stream, Reset::new(Code::Protocol, text));
        } else {
            entry.incoming.ended = true;
            self.owed.remove(&stream);
            self.events.push_back(Event::Finished { stream });
            self.close_if_done(stream);
        }
        Ok(())
    }

    fn on_stop(&mut self, stream: u32) -> Result<(), Violation> {
        self.check_used(stream)?;
        let Some(entry) = self.streams.get_mut(&stream) else { return Ok(()) };
        if entry.outgoing.fin_sent {
            return Ok(());
        }
        self.outgoing.waiting -= entry.outgoing.discard();
        entry.outgoing.fin_wanted = true;
        self.events.push_back(Event::Stopped { stream });
        self.enqueue(stream);
        Ok(())
    }

    fn on_reset(&mut self, stream: u32, reset: Reset) -> Result<(), Violation> {
        self.check_used(stream)?;
        if self.forget(stream) {
            self.events.push_back(Event::Reset { stream, reset });
        }
        Ok(())
    }

    /// Ends a stream on which the peer broke a rule, and tells both sides.
    fn abort(&mut self, stream: u32, reset: Reset) {
        if self.forget(stream) {
            let body = Body::Reset(reset.clone());
            self.control.push_back(Frame { stream, body });
            self.events.push_back(Event::Reset { stream, reset });
        }
    }

    fn refuse(&mut self, stream: u32, reset: Reset) {
        self.control.push_back(Frame { stream, body: Body::Reset(reset) });
    }

    fn refusal_if_leaving(&self) -> Option<Reset> {
        self.leaving.then(|| Reset::new(Code::ShuttingDown, ""))
    }

    /// A number that the peer uses for the first time: its parity, and above all before it.
    fn check_new(&mut self, number: u32) -> Result<(), Violation> {
        if number % 2 != 1 {
            return Err(protocol("A client's streams have odd numbers."));
        }
        if number <= self.last_peer_number {
            return Err(protocol("Stream numbers have to rise."));
        }
        self.last_peer_number = number;
        Ok(())
    }

    /// A number that has been used before, whether or not it still stands for anything.
    fn check_used(&self, number: u32) -> Result<(), Violation> {
        let odd = number % 2 == 1;
        let used = match self.side {
            Side::Client if odd => number < self.next_number,
            Side::Relay if odd => number <= self.last_peer_number,
            Side::Client | Side::Relay => false,
        };
        if used { Ok(()) } else { Err(protocol("The frame names a stream that was never opened.")) }
    }
}

fn waits((number, stream): (&u32, &Stream)) -> Option<u32> {
    (stream.outgoing.waiting > 0).then_some(*number)
}

fn protocol(text: impl Into<String>) -> Violation {
    violation(Code::Protocol, text)
}

fn violation(code: Code, text: impl Into<String>) -> Violation {
    Violation { code, text: text.into() }
}
