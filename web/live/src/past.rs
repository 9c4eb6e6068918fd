//! A recording read back to a moment: which connections were open then, and what had gone over
//! them.

use core::net::SocketAddr;
use std::collections::BTreeMap;
use std::rc::Rc;

use bytes::Bytes;
use protocols::endpoint::{AlarmId, Conn, Output, Stimulus, Transport};
use protocols::wire::{Protocol, Side, Time};
use world::{Entry, HostId, Load, StreamId, What};

use super::TAB_HOST;

/// What was going on at a moment of a recording.
#[derive(Debug, Default)]
pub struct Past {
    /// The clock.
    pub now: Time,
    /// Flights and streams so far.
    pub flights: u64,
    /// See `flights`.
    pub streams: u32,
    /// Alarms that were set.
    pub alarms: BTreeMap<AlarmId, Time>,
    /// Connections that were open or being opened.
    pub talks: BTreeMap<Conn, Talk>,
    /// UDP ports that the program had bound, and what is spoken there.
    pub bound: BTreeMap<u16, &'static Protocol>,
}

/// A connection at a moment.
#[derive(Clone, Debug)]
pub struct Talk {
    /// Its number in the recording.
    pub stream: StreamId,
    /// What is spoken on it.
    pub protocol: &'static Protocol,
    /// Who is at the other end.
    pub peer: HostId,
    /// The peer's address, once it is open.
    pub address: Option<SocketAddr>,
    /// What we had sent, and when.
    pub asked: Vec<(Time, Bytes)>,
    /// Segments and bytes that each end had sent.
    pub sent: [(u32, u64); 2],
    /// Whether each end had ended its direction.
    pub finished: [bool; 2],
}

impl Past {
    /// Reads so many entries.
    pub fn of(entries: &[Rc<Entry>]) -> Past {
        let mut past = Past::default();
        for entry in entries {
            past.now = past.now.max(entry.at);
            for dialled in &entry.dialled {
                let talk = Talk {
                    stream: dialled.stream,
                    protocol: dialled.protocol,
                    peer: TAB_HOST,
                    address: None,
                    asked: Vec::new(),
                    sent: [(0, 0); 2],
                    finished: [false; 2],
                };
                past.streams = past.streams.max(dialled.stream.0 + 1);
                past.talks.insert(dialled.conn, talk);
            }
            for flight in &entry.flights {
                past.flights = past.flights.max(flight.id.0 + 1);
                past.flown(entry, &flight.load, flight.to);
            }
            past.stepped(entry);
        }
        past.talks.retain(|_, talk| talk.finished != [true, true]);
        past
    }

    fn flown(&mut self, entry: &Entry, load: &Load, to: HostId) {
        let Some(stream) = load.stream() else { return };
        let Some(talk) = self.talks.values_mut().find(|talk| talk.stream == stream) else { return };
        match load {
            Load::Syn { .. } => talk.peer = to,
            Load::Data { side, bytes, .. } => {
                let sent = &mut talk.sent[index(*side)];
                *sent = (sent.0 + 1, sent.1 + bytes.len() as u64);
                if *side == Side::Initiator {
                    talk.asked.push((entry.at, bytes.clone()));
                }
            }
            Load::Fin { side, .. } => talk.finished[index(*side)] = true,
            Load::SynAck { .. } | Load::Ack { .. } | Load::Rst { .. } | Load::Datagram { .. } => {}
        }
    }

    fn stepped(&mut self, entry: &Entry) {
        let What::Step(step) = &entry.what else { return };
        match &step.stimulus {
            Stimulus::Alarm(alarm) => {
                self.alarms.remove(alarm);
            }
            Stimulus::Opened { conn, peer, .. } => {
                if let Some(talk) = self.talks.get_mut(conn) {
                    talk.address = Some(*peer);
                }
            }
            Stimulus::Lost { conn, .. } => {
                self.talks.remove(conn);
            }
            Stimulus::Start
            | Stimulus::Command(_)
            | Stimulus::Data { .. }
            | Stimulus::Finished { .. }
            | Stimulus::Datagram { .. } => {}
        }
        for output in &step.outputs {
            match output {
                Output::Arm { alarm, after, .. } => {
                    self.alarms.insert(*alarm, entry.at + *after);
                }
                Output::Disarm { alarm } => {
                    self.alarms.remove(alarm);
                }
                Output::Abort { conn } => {
                    self.talks.remove(conn);
                }
                Output::Listen { transport: Transport::Udp, port, protocol } => {
                    self.bound.insert(*port, protocol);
                }
                Output::Unbind { port } => {
                    self.bound.remove(port);
                }
                Output::Listen { transport: Transport::Tcp, .. }
                | Output::Dial { .. }
                | Output::Send { .. }
                | Output::Pace { .. }
                | Output::SendTo { .. }
                | Output::Join { .. }
                | Output::Finish { .. }
                | Output::Emit(_)
                | Output::Measure { .. }
                | Output::Cite(_) => {}
            }
        }
    }
}

const fn index(side: Side) -> usize {
    match side {
        Side::Initiator => 0,
        Side::Responder => 1,
    }
}
