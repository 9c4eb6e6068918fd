//! Whose turn it is to send: control frames first, then credit, then the streams in rotation.

use bytes::Bytes;

use super::Session;
use crate::frame::{Body, Datagram, Frame, data_header};

/// One binary message in two parts, so that content need not be copied behind its header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The header of a DATA frame, or any other frame whole.
    pub head: Bytes,
    /// The content of a DATA frame.
    pub body: Bytes,
}

impl Parts {
    /// The message in one run of bytes.
    pub fn join(self) -> Bytes {
        match self.body.is_empty() {
            true => self.head,
            false => [self.head, self.body].concat().into(),
        }
    }
}

impl Session {
    /// The next binary message to send, if any. Call it only when the WebSocket can take one:
    /// what has not been asked for yet can still be overtaken by control frames.
    pub fn next_message(&mut self) -> Option<Bytes> {
        self.next_parts().map(Parts::join)
    }

    /// The same, for whoever can write two pieces of memory at once.
    pub fn next_parts(&mut self) -> Option<Parts> {
        if let Some(frame) = self.control.pop_front() {
            return Some(whole(&frame));
        }
        while let Some(number) = self.owed.pop_first() {
            if let Some(granted) = self.granted(number) {
                return Some(whole(&Frame { stream: number, body: Body::Credit(granted) }));
            }
        }
        while let Some(number) = self.ready.pop_front() {
            if let Some(message) = self.turn_of(number) {
                return Some(message);
            }
        }
        None
    }

    fn granted(&self, number: u32) -> Option<u64> {
        if number == 0 {
            return Some(self.incoming.granted);
        }
        self.streams.get(&number).map(|stream| stream.incoming.granted)
    }

    fn turn_of(&mut self, number: u32) -> Option<Parts> {
        if self.sockets.contains_key(&number) {
            return self.turn_of_socket(number);
        }
        let max_data = self.max_data() as u64;
        let stream = self.streams.get_mut(&number)?;
        stream.queued = false;
        if stream.opening || stream.outgoing.fin_sent {
            return None;
        }
        let allowed = stream.outgoing.credit().min(self.outgoing.credit()).min(max_data);
        let count = allowed.min(stream.outgoing.waiting) as usize;
        if count > 0 {
            let body = stream.outgoing.pop(count);
            self.outgoing.sent += count as u64;
            self.outgoing.waiting -= count as u64;
            if stream.outgoing.waiting > 0 || stream.outgoing.fin_wanted {
                self.enqueue(number);
            }
            return Some(Parts { head: data_header(number), body });
        }
        if stream.outgoing.waiting > 0 || !stream.outgoing.fin_wanted {
            // Blocked by credit, or nothing to say: the next credit or send gives a turn again.
            return None;
        }
        stream.outgoing.fin_sent = true;
        let offset = stream.outgoing.sent;
        self.close_if_done(number);
        Some(whole(&Frame { stream: number, body: Body::Fin(offset) }))
    }

    fn turn_of_socket(&mut self, number: u32) -> Option<Parts> {
        let socket = self.sockets.get_mut(&number)?;
        socket.queued = false;
        if socket.opening {
            return None;
        }
        let waiting = socket.pop()?;
        let dropped = std::mem::take(&mut socket.dropped);
        if !socket.is_empty() {
            self.enqueue(number);
        }
        let body = Body::Datagram(Datagram { peer: waiting.peer, dropped, bytes: waiting.bytes });
        Some(whole(&Frame { stream: number, body }))
    }
}

fn whole(frame: &Frame) -> Parts {
    Parts { head: frame.encode(), body: Bytes::new() }
}
