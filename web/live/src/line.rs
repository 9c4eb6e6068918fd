//! One connection through the relay: what has gone over it, both ways.

use core::net::SocketAddr;
use core::time::Duration;

use protocols::wire::{Side, Time};
use world::{EntryId, HostId, StreamId};

/// A connection of the program, from being dialled on.
#[derive(Clone, Debug)]
pub struct Line {
    /// The relay's number for it.
    pub wire: u32,
    /// Its number in the recording.
    pub stream: StreamId,
    /// Who is at the other end.
    pub peer: HostId,
    /// The port that is dialled.
    pub port: u16,
    /// When the relay was asked.
    pub asked: Time,
    /// Both addresses, once it is open; the relay's end stands for ours.
    pub open: Option<(SocketAddr, SocketAddr)>,
    /// Half of the time that the handshake took: what is reckoned for one way.
    pub one_way: Duration,
    /// The last entry in which we sent something on it.
    pub last_sent: EntryId,
    /// Segments and bytes that each end has sent.
    sent: [(u32, u64); 2],
    /// Whether each end has ended its direction.
    pub finished: [bool; 2],
}

impl Line {
    /// A connection that has been asked for.
    pub fn asked(
        wire: u32,
        stream: StreamId,
        (peer, port): (HostId, u16),
        asked: Time,
        by: EntryId,
    ) -> Line {
        Line {
            wire,
            stream,
            peer,
            port,
            asked,
            open: None,
            one_way: Duration::ZERO,
            last_sent: by,
            sent: [(0, 0); 2],
            finished: [false; 2],
        }
    }

    /// Counts a segment of so many bytes; says its number and its offset.
    pub fn count(&mut self, side: Side, bytes: usize) -> (u32, u64) {
        let [ours, theirs] = &mut self.sent;
        let sent = match side {
            Side::Initiator => ours,
            Side::Responder => theirs,
        };
        let before = *sent;
        *sent = (before.0 + 1, before.1 + bytes as u64);
        before
    }
}
