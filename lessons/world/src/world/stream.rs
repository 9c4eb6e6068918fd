//! A stream between two hosts: what has been sent, what has arrived, what still waits.

use core::net::SocketAddr;
use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use protocols::endpoint::Conn;
use protocols::wire::Side;

use crate::entry::HostId;
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
    /// Segments that may be on their way.
    pub window: u32,
    /// Segments that are.
    pub on_their_way: u32,
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

    /// Whether nothing more can happen on it: each end has let go of it, or has sent its end and
    /// been told of the other's.
    pub fn is_over(&self) -> bool {
        self.ends.iter().all(|end| end.phase == Phase::Gone || (end.finished && end.told_end))
    }
}

impl End {
    fn new(host: HostId, address: SocketAddr, conn: Option<Conn>, tcp: &Tcp) -> End {
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
            window: tcp.slow_start.unwrap_or(u32::MAX),
            on_their_way: 0,
            expected: 0,
            arrived: BTreeMap::new(),
        }
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
