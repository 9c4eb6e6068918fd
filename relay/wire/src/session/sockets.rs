//! UDP sockets: no credit, a short queue, and a count of what did not fit into it.

use std::collections::VecDeque;
use std::net::SocketAddr;

use bytes::Bytes;

use super::{Misuse, Session};
use crate::frame::{Body, Frame, UdpOpen, UdpOpened};
use crate::host::Target;
use crate::{MAX_DATAGRAM, MAX_QUEUED_DATAGRAM_BYTES, MAX_QUEUED_DATAGRAMS};

/// A UDP socket as one end of the session sees it.
#[derive(Clone, Debug)]
pub(super) struct Socket {
    pub(super) opening: bool,
    pub(super) queued: bool,
    pub(super) queued_bytes: usize,
    pub(super) dropped: u16,
    queue: VecDeque<Waiting>,
}

#[derive(Clone, Debug)]
pub(super) struct Waiting {
    pub(super) peer: SocketAddr,
    pub(super) bytes: Bytes,
}

impl Socket {
    pub(super) fn new() -> Socket {
        Socket { opening: true, queued: false, queued_bytes: 0, dropped: 0, queue: VecDeque::new() }
    }

    pub(super) fn pop(&mut self) -> Option<Waiting> {
        let waiting = self.queue.pop_front()?;
        self.queued_bytes -= waiting.bytes.len();
        Some(waiting)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    fn push(&mut self, peer: SocketAddr, bytes: Bytes) -> bool {
        let full = self.queue.len() >= MAX_QUEUED_DATAGRAMS
            || self.queued_bytes + bytes.len() > MAX_QUEUED_DATAGRAM_BYTES;
        if full {
            self.dropped = self.dropped.saturating_add(1);
            return false;
        }
        self.queued_bytes += bytes.len();
        self.queue.push_back(Waiting { peer, bytes });
        true
    }
}

impl Session {
    /// Asks for a UDP socket, bound as wished, connected to one peer if wished.
    pub fn udp_open(
        &mut self,
        bind: Option<SocketAddr>,
        connect: Option<Target>,
    ) -> Result<u32, Misuse> {
        let socket = self.take_number()?;
        self.sockets.insert(socket, Socket::new());
        let body = Body::UdpOpen(UdpOpen { bind, connect });
        self.control.push_back(Frame { stream: socket, body });
        Ok(socket)
    }

    /// The relay's answer to UDP_OPEN.
    pub fn udp_accept(&mut self, socket: u32, opened: UdpOpened) -> Result<(), Misuse> {
        let entry = self.sockets.get_mut(&socket).ok_or(Misuse::NoSuchStream)?;
        entry.opening = false;
        self.control.push_back(Frame { stream: socket, body: Body::UdpOpened(opened) });
        self.enqueue(socket);
        Ok(())
    }

    /// Queues a datagram. False if the queue was full: the datagram is lost and counted, as a
    /// router with a full queue would lose it.
    pub fn send_to(&mut self, socket: u32, peer: SocketAddr, bytes: Bytes) -> Result<bool, Misuse> {
        if bytes.len() > MAX_DATAGRAM {
            return Err(Misuse::TooBig);
        }
        let entry = self.sockets.get_mut(&socket).ok_or(Misuse::NoSuchStream)?;
        let taken = entry.push(peer, bytes);
        self.enqueue(socket);
        Ok(taken)
    }
}
