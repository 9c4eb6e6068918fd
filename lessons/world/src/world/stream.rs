//! A stream between two hosts: what has been sent, what has arrived, what still waits.

use core::net::SocketAddr;
use core::time::Duration;
use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use protocols::endpoint::Conn;
use protocols::wire::{Side, Time};

use super::timeout::{Timeout, Unheard};
use crate::entry::{HostId, Load};
use crate::plan::Tcp;

/// A stream, with what both of its ends know.
#[derive(Clone, Debug)]
pub struct Stream {
    ends: [End; 2],
}

/// One end of a stream.
#[derive(Clone, Debug)]
pub struct End {
    /// The host.
    pub host: HostId,
    /// Its address and port.
    pub address: SocketAddr,
    /// The number that the host knows the stream by, once it knows it.
    pub conn: Option<Conn>,
    /// How far it is.
    pub phase: Phase,
    /// The number of its next segment.
    pub next_number: u32,
    /// Bytes that it has handed over to be sent.
    pub offset: u64,
    /// Whether it has ended its direction.
    pub finished: bool,
    /// Whether its host has been told that the other direction has ended.
    pub told_end: bool,
    /// Segments that wait for the window to open.
    pub waiting: VecDeque<Piece>,
    /// How many segments may be on their way, and how many are.
    pub window: Window,
    /// What it has sent and heard nothing of yet.
    pub unheard: BTreeMap<Owed, Unheard>,
    /// How long it waits for an answer.
    pub timeout: Timeout,
    /// The number of the segment that it expects next.
    pub expected: u32,
    /// Segments that have arrived and have not been delivered.
    pub arrived: BTreeMap<u32, Piece>,
}

/// How far one end of a stream is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// The handshake is not over.
    Opening,
    /// The endpoint has been told that it is open.
    Open,
    /// The endpoint has let go of it, or has been told that it is lost.
    Gone,
}

/// What one end of a stream owes the other an answer to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Owed {
    /// Its SYN, or its SYN ACK.
    Handshake,
    /// The segment of this number.
    Segment(u32),
}

impl Owed {
    /// What a flight is owed an answer to, and by which end it was sent; nothing for a bare ACK
    /// and a reset, which nobody answers, and for datagrams.
    pub fn to(load: &Load) -> Option<(Side, Owed)> {
        match load {
            Load::Syn { .. } => Some((Side::Initiator, Owed::Handshake)),
            Load::SynAck { .. } => Some((Side::Responder, Owed::Handshake)),
            Load::Data { side, number, .. } | Load::Fin { side, number, .. } => {
                Some((*side, Owed::Segment(*number)))
            }
            Load::Ack { .. } | Load::Rst { .. } | Load::Datagram { .. } => None,
        }
    }
}

/// How many segments one end may have on their way (RFC 5681 section 3.1, in segments).
#[derive(Clone, Debug)]
pub struct Window {
    /// Segments that may be on their way.
    pub most: u32,
    /// Segments that are.
    pub now: u32,
    /// Up to here it grows by one with each acknowledgement, beyond it by one with each windowful.
    threshold: u32,
    /// Acknowledgements towards the next growth beyond the threshold.
    credit: u32,
}

impl Window {
    /// A window that starts at so many segments, or one that never holds anything back.
    pub fn new(start: Option<u32>) -> Window {
        let most = start.map_or(u32::MAX, |segments| segments.max(1));
        Window { most, now: 0, threshold: u32::MAX, credit: 0 }
    }

    /// Whether one more may go.
    pub fn is_open(&self) -> bool {
        self.now < self.most
    }

    /// An acknowledgement has come back.
    pub fn acknowledged(&mut self) {
        self.now = self.now.saturating_sub(1);
        if self.most < self.threshold {
            self.most = self.most.saturating_add(1);
        } else {
            self.credit += 1;
            if self.credit >= self.most {
                self.credit = 0;
                self.most = self.most.saturating_add(1);
            }
        }
    }

    /// A segment was not heard of in time: back to one segment, and slower growth from half of
    /// what was on its way (RFC 5681 equation 4).
    pub fn timed_out(&mut self) {
        if self.most < u32::MAX {
            self.threshold = (self.now / 2).max(2);
            self.most = 1;
            self.credit = 0;
        }
    }
}

/// What a segment holds.
#[derive(Clone, PartialEq, Debug)]
pub enum Piece {
    /// Bytes.
    Data(Bytes),
    /// The end.
    Fin,
}

impl Stream {
    /// A stream that is being dialled.
    pub fn dialled(
        from: (HostId, SocketAddr, Conn),
        to: (HostId, SocketAddr),
        tcp: &Tcp,
    ) -> Stream {
        let initiator = End::new(from.0, from.1, Some(from.2), tcp);
        let responder = End::new(to.0, to.1, None, tcp);
        Stream { ends: [initiator, responder] }
    }

    /// One end of it.
    pub fn end(&self, side: Side) -> &End {
        &self.ends[index(side)]
    }

    /// One end of it, to change.
    pub fn end_mut(&mut self, side: Side) -> &mut End {
        &mut self.ends[index(side)]
    }

    /// Whether a host remembers it: one that has been switched off since does not.
    pub fn is_known_to(&self, host: HostId) -> bool {
        self.ends.iter().any(|end| end.host == host && end.conn.is_some())
    }

    /// Whether nothing more can happen on it: each end has let go of it, or has sent its end and
    /// been told of the other's.
    pub fn is_over(&self) -> bool {
        self.ends.iter().all(|end| end.phase == Phase::Gone || (end.finished && end.told_end))
    }
}

impl End {
    /// An end of which nothing has happened yet.
    pub fn new(host: HostId, address: SocketAddr, conn: Option<Conn>, tcp: &Tcp) -> End {
        End {
            host,
            address,
            conn,
            phase: Phase::Opening,
            next_number: 0,
            offset: 0,
            finished: false,
            told_end: false,
            waiting: VecDeque::new(),
            window: Window::new(tcp.slow_start),
            unheard: BTreeMap::new(),
            timeout: Timeout::new(tcp.retransmit_after),
            expected: 0,
            arrived: BTreeMap::new(),
        }
    }

    /// Whether the host behind it has been told of the stream and waits to hear what becomes of it.
    pub fn is_followed(&self, side: Side) -> bool {
        let known = match (side, self.phase) {
            (_, Phase::Gone) => false,
            (Side::Initiator, Phase::Opening | Phase::Open) | (Side::Responder, Phase::Open) => {
                true
            }
            (Side::Responder, Phase::Opening) => false,
        };
        known && !(self.finished && self.told_end)
    }

    /// Lets go of the stream.
    pub fn let_go(&mut self) {
        self.phase = Phase::Gone;
        self.waiting.clear();
        self.unheard.clear();
        self.arrived.clear();
    }

    /// The host behind it was switched off: it does not even know its number any more.
    pub fn forget(&mut self) {
        self.let_go();
        self.conn = None;
    }

    /// An answer has come to what is owed one: how long that took, if it says anything of the
    /// path (RFC 6298 section 3: never of something that was sent again).
    pub fn heard(&mut self, owed: Owed, now: Time) -> Option<Duration> {
        let unheard = self.unheard.remove(&owed)?;
        let took = now.since(unheard.sent);
        if unheard.attempt == 0 {
            self.timeout.measured(took);
        }
        Some(took)
    }

    /// Whether what is expected next has arrived.
    pub fn deliverable(&self) -> bool {
        self.arrived.contains_key(&self.expected)
    }

    /// Takes what can be delivered now in one go: a run of bytes, or the end.
    pub fn deliver(&mut self) -> Option<Piece> {
        let mut run: Vec<Bytes> = Vec::new();
        while let Some(piece) = self.arrived.get(&self.expected) {
            match piece {
                Piece::Data(bytes) => run.push(bytes.clone()),
                Piece::Fin if run.is_empty() => {
                    self.arrived.remove(&self.expected);
                    self.expected += 1;
                    self.told_end = true;
                    return Some(Piece::Fin);
                }
                Piece::Fin => break,
            }
            self.arrived.remove(&self.expected);
            self.expected += 1;
        }
        match run.len() {
            0 => None,
            1 => run.pop().map(Piece::Data),
            _ => Some(Piece::Data(run.concat().into())),
        }
    }
}

const fn index(side: Side) -> usize {
    match side {
        Side::Initiator => 0,
        Side::Responder => 1,
    }
}
