//! What two hosts said to each other, chunk by chunk, and the messages that it makes.

use core::cell::{Ref, RefCell};
use core::fmt;
use core::net::SocketAddr;
use std::collections::BTreeMap;

use bytes::Bytes;
use protocols::wire::{Chunk, Dissector, Message, Protocol, Side, Span};

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
    /// Which of its side's bytes each chunk is.
    spans: Vec<Span>,
    /// Which chunks are each side's, initiator first.
    own: [Vec<usize>; 2],
    /// How many bytes each side has sent, initiator first.
    sent: [usize; 2],
    /// How often a chunk was changed.
    edits: u32,
    reading: RefCell<Reading>,
}

/// Which messages of a conversation are final.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Settled {
    /// So many, from the first on, stay as they are while the other numbers here do.
    pub messages: usize,
    /// How often a chunk was changed on its way.
    pub edits: u32,
    /// How often all was read anew, since another side began to speak.
    pub begun: u32,
}

impl Settled {
    /// Whether what was final before is so still.
    pub fn continues(&self, before: &Settled) -> bool {
        (self.edits, self.begun) == (before.edits, before.begun)
    }
}

/// What is made of the chunks when somebody looks: nothing before that, and then it goes on where
/// it stopped.
#[derive(Default)]
struct Reading {
    reader: Option<Box<dyn Dissector>>,
    /// How many chunks have been read.
    taken: usize,
}

impl Clone for Reading {
    /// Nothing has been read of a copy until somebody looks.
    fn clone(&self) -> Reading {
        Reading::default()
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reading({} chunks)", self.taken)
    }
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
            spans: Vec::new(),
            own: Default::default(),
            sent: [0, 0],
            edits: 0,
            reading: RefCell::default(),
        }
    }

    /// What was sent, in the order of sending, as it arrived: edits are in it.
    pub fn chunks(&self) -> &[Chunk] {
        &self.chunks
    }

    /// Its messages, read by the protocol's own machines. What has been read is not read again
    /// when the conversation has grown.
    pub fn messages(&self) -> Ref<'_, [Message]> {
        if self.reading.borrow().taken < self.chunks.len() {
            let mut reading = self.reading.borrow_mut();
            let new = self.chunks.get(reading.taken..).unwrap_or_default();
            reading.reader.get_or_insert_with(self.protocol.reader).take(new);
            reading.taken = self.chunks.len();
        }
        Ref::map(self.reading.borrow(), |reading| match &reading.reader {
            Some(reader) => reader.messages(),
            None => &[],
        })
    }

    /// How many of its messages nothing that may follow can change.
    pub fn settled(&self) -> Settled {
        let edits = self.edits;
        drop(self.messages());
        match &self.reading.borrow().reader {
            Some(reader) => Settled { messages: reader.settled(), edits, begun: reader.begun() },
            None => Settled { edits, ..Settled::default() },
        }
    }

    /// How many bytes have been read to know its messages: what looking has cost.
    pub fn read_bytes(&self) -> u64 {
        self.reading.borrow().reader.as_ref().map_or(0, |reader| reader.read_bytes())
    }

    /// Which bytes of its side a chunk is.
    pub fn span_of(&self, chunk: usize) -> Span {
        self.spans.get(chunk).copied().unwrap_or_default()
    }

    /// The chunk that has this byte of a side.
    pub fn chunk_at(&self, side: Side, byte: usize) -> Option<usize> {
        let own = &self.own[index(side)];
        let after = own.partition_point(|chunk| self.span_of(*chunk).end <= byte);
        own.get(after).copied()
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
        // They are in the order of beginning, and those of one side do not overlap.
        let begun = messages.partition_point(|message| message.chunk <= chunk);
        let own = messages.iter().enumerate().take(begun).rev();
        let own = own.filter(|(_, message)| message.side == this.side);
        let near = own.skip_while(|(_, message)| message.span.start >= span.end);
        let inside = near.take_while(|(_, message)| span.start < message.span.end);
        let mut inside: Vec<usize> = inside.map(|(index, _)| index).collect();
        inside.reverse();
        inside
    }

    pub(super) fn side_of(&self, socket: SocketAddr) -> Side {
        match self.socket {
            Some(own) if own != socket => Side::Responder,
            _ => Side::Initiator,
        }
    }

    pub(super) fn say(&mut self, side: Side, bytes: Bytes) -> usize {
        self.place(side, bytes.len());
        self.chunks.push(Chunk { side, bytes });
        self.chunks.len() - 1
    }

    /// The next chunk of a side is of so many bytes.
    fn place(&mut self, side: Side, len: usize) {
        self.own[index(side)].push(self.spans.len());
        let own = &mut self.sent[index(side)];
        self.spans.push(Span::new(*own, *own + len));
        *own += len;
    }

    pub(super) fn edit(&mut self, chunk: usize, bytes: Bytes) {
        // What comes after it may mean something else now: all is read again.
        self.reading = RefCell::default();
        if let Some(place) = self.chunks.get_mut(chunk) {
            let was = core::mem::replace(&mut place.bytes, bytes);
            self.originals.entry(chunk).or_insert(was);
        }
        self.edits += 1;
        self.spans.clear();
        self.own = Default::default();
        self.sent = [0, 0];
        let placed: Vec<_> = self.chunks.iter().map(|c| (c.side, c.bytes.len())).collect();
        placed.into_iter().for_each(|(side, len)| self.place(side, len));
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

const fn index(side: Side) -> usize {
    match side {
        Side::Initiator => 0,
        Side::Responder => 1,
    }
}
