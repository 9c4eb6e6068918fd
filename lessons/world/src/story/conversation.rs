//! What two hosts said to each other, chunk by chunk, and the messages that it makes.

use core::cell::OnceCell;
use core::net::SocketAddr;
use std::collections::BTreeMap;
use std::rc::Rc;

use bytes::Bytes;
use protocols::wire::{Chunk, Message, Protocol, Side, Span};

use crate::entry::{HostId, StreamId};

/// A stream, or an exchange of datagrams between two sockets.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// The stream, if it is one.
    pub stream: Option<StreamId>,
    /// What is spoken.
    pub protocol: &'static Protocol,
    /// The host that began it.
    pub initiator: HostId,
    /// The host at the other end, once something has been sent there.
    pub responder: Option<HostId>,
    /// In datagrams, the address of the socket that began.
    socket: Option<SocketAddr>,
    chunks: Vec<Chunk>,
    /// What chunks were when they were sent, of those that were edited on their way.
    originals: BTreeMap<usize, Bytes>,
    reading: OnceCell<Reading>,
}

/// What is made of the chunks when somebody looks.
#[derive(Clone, Debug)]
struct Reading {
    messages: Rc<[Message]>,
    /// Which of its side's bytes each chunk is.
    spans: Vec<Span>,
}

/// Bytes that no note explains.
#[derive(Clone, PartialEq, Debug)]
pub struct Unexplained {
    /// The conversation, by index.
    pub conversation: usize,
    /// Who sent them.
    pub side: Side,
    /// Which of that side's bytes.
    pub span: Span,
}

impl Conversation {
    /// A conversation on a stream that this host dials.
    pub fn on_stream(stream: StreamId, protocol: &'static Protocol, initiator: HostId) -> Self {
        Conversation { stream: Some(stream), ..Conversation::new(protocol, initiator) }
    }

    /// A conversation in datagrams that this socket begins.
    pub fn in_datagrams(
        protocol: &'static Protocol,
        initiator: HostId,
        socket: SocketAddr,
    ) -> Conversation {
        Conversation { socket: Some(socket), ..Conversation::new(protocol, initiator) }
    }

    fn new(protocol: &'static Protocol, initiator: HostId) -> Conversation {
        Conversation {
            stream: None,
            protocol,
            initiator,
            responder: None,
            socket: None,
            chunks: Vec::new(),
            originals: BTreeMap::new(),
            reading: OnceCell::new(),
        }
    }

    /// What was sent, in the order of sending, as it arrived: edits are in it.
    pub fn chunks(&self) -> &[Chunk] {
        &self.chunks
    }

    /// Its messages, read by the protocol's own machines.
    pub fn messages(&self) -> Rc<[Message]> {
        Rc::clone(&self.reading().messages)
    }

    fn reading(&self) -> &Reading {
        self.reading.get_or_init(|| {
            let messages = Rc::from((self.protocol.dissect)(&self.chunks));
            let mut sent = [0, 0];
            let spans = self.chunks.iter().map(|chunk| {
                let own = match chunk.side {
                    Side::Initiator => &mut sent[0],
                    Side::Responder => &mut sent[1],
                };
                let start = *own;
                *own += chunk.bytes.len();
                Span::new(start, *own)
            });
            Reading { messages, spans: spans.collect() }
        })
    }

    /// Which bytes of its side a chunk is.
    pub fn span_of(&self, chunk: usize) -> Span {
        self.reading().spans.get(chunk).copied().unwrap_or_default()
    }

    /// All that one side sent.
    pub fn bytes(&self, side: Side) -> Vec<u8> {
        let own = self.chunks.iter().filter(|chunk| chunk.side == side);
        own.flat_map(|chunk| chunk.bytes.iter().copied()).collect()
    }

    /// The messages that have bytes in a chunk, by index.
    pub fn messages_in(&self, chunk: usize) -> Vec<usize> {
        let Some(this) = self.chunks.get(chunk) else { return Vec::new() };
        let span = self.span_of(chunk);
        let messages = self.messages();
        let inside = messages.iter().enumerate().filter(|(_, message)| {
            message.side == this.side
                && message.span.start < span.end
                && span.start < message.span.end
        });
        inside.map(|(index, _)| index).collect()
    }

    pub(super) fn side_of(&self, socket: SocketAddr) -> Side {
        match self.socket {
            Some(own) if own != socket => Side::Responder,
            _ => Side::Initiator,
        }
    }

    pub(super) fn say(&mut self, side: Side, bytes: Bytes) -> usize {
        self.reading = OnceCell::new();
        self.chunks.push(Chunk { side, bytes });
        self.chunks.len() - 1
    }

    pub(super) fn edit(&mut self, chunk: usize, bytes: Bytes) {
        self.reading = OnceCell::new();
        if let Some(place) = self.chunks.get_mut(chunk) {
            let was = core::mem::replace(&mut place.bytes, bytes);
            self.originals.entry(chunk).or_insert(was);
        }
    }

    /// The edited bytes will not arrive: what is sent again is the original.
    pub(super) fn undo_edit(&mut self, chunk: usize) {
        if let Some(original) = self.originals.remove(&chunk) {
            self.edit(chunk, original);
            self.originals.remove(&chunk);
        }
    }

    /// The conversation as this side knows it: what it sent is as it sent it, what it heard is as
    /// it arrived. None where nothing that it sent was edited.
    pub(super) fn as_sent_by(&self, side: Side) -> Option<Conversation> {
        let of_side = |index: &usize| self.chunks.get(*index).is_some_and(|c| c.side == side);
        if !self.originals.keys().any(of_side) {
            return None;
        }
        let mut sent = self.clone();
        for (index, original) in self.originals.iter().filter(|(index, _)| of_side(index)) {
            sent.edit(*index, original.clone());
        }
        Some(sent)
    }

    /// The bytes that no message or no note at depth 0 covers.
    pub(super) fn unexplained(&self, conversation: usize) -> Vec<Unexplained> {
        let mut missing = Vec::new();
        let messages = self.messages();
        for side in [Side::Initiator, Side::Responder] {
            let mut at = 0;
            let mut miss = |from: usize, to: usize| {
                if from < to {
                    let span = Span::new(from, to);
                    missing.push(Unexplained { conversation, side, span });
                }
            };
            for message in messages.iter().filter(|message| message.side == side) {
                miss(at, message.span.start);
                at = message.span.start;
                for note in message.notes.iter().filter(|note| note.depth == 0) {
                    let span = note.span.shifted(message.span.start);
                    miss(at, span.start);
                    at = at.max(span.end);
                }
                miss(at, message.span.end);
                at = message.span.end;
            }
            miss(at, self.bytes(side).len());
        }
        missing
    }
}
