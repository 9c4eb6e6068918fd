//! Conversations read as they grow: a chunk costs its own bytes, not those that came before it.

use super::{Chunk, Message, Side};

/// How the bytes of a protocol are read back into messages, chunk by chunk.
///
/// It runs the protocol's own machines; there is no second parser. Every byte of every chunk is in
/// exactly one message: what cannot be read is a message of its own with the violation in it.
pub trait Reading: Clone + 'static {
    /// Nothing has been read of a conversation in which these sides say something.
    fn begin(speaks: Speaks) -> Self;

    /// Reads the next chunk, which has this index in the conversation.
    fn take(&mut self, index: usize, chunk: &Chunk);

    /// Hands over the messages that nothing which is still to come can change, each once.
    fn settled(&mut self) -> Vec<Message>;

    /// Makes messages of all that has not been handed over, as if nothing more came.
    fn finish(self) -> Vec<Message>;
}

/// Which sides of a conversation say anything. Where only one is known, a reader supposes the
/// other.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Speaks {
    /// Whether the end that dialled does.
    pub initiator: bool,
    /// Whether the end that was dialled does.
    pub responder: bool,
}

impl Speaks {
    /// The sides that say something in these chunks.
    pub fn of(chunks: &[Chunk]) -> Speaks {
        chunks.iter().fold(Speaks::default(), |speaks, chunk| speaks.and(chunk.side))
    }

    fn and(self, side: Side) -> Speaks {
        match side {
            Side::Initiator => Speaks { initiator: true, ..self },
            Side::Responder => Speaks { responder: true, ..self },
        }
    }

    fn both(self) -> bool {
        self.initiator && self.responder
    }
}

/// A [`Reading`] with its type rubbed off, and the messages that it has made so far.
pub trait Dissector {
    /// The conversation has grown by these chunks.
    fn take(&mut self, chunks: &[Chunk]);

    /// The messages of all chunks, in the order in which they begin; the same as if all had been
    /// read at once.
    fn messages(&self) -> &[Message];

    /// How many of the messages, from the first on, stay as they are whatever follows, until the
    /// reading begins anew.
    fn settled(&self) -> usize;

    /// How often the reading has begun anew, since a side spoke that had not spoken before.
    fn begun(&self) -> u32;

    /// How many bytes have been read so far, those read twice counted twice: what it has cost.
    fn read_bytes(&self) -> u64;
}

/// A reader for conversations that grow, as [`Protocol`](super::Protocol) wants it.
pub fn growing<R: Reading>() -> Box<dyn Dissector> {
    let reading = R::begin(Speaks::default());
    Box::new(Growing {
        reading,
        speaks: Speaks::default(),
        one_sided: Vec::new(),
        taken: 0,
        messages: Vec::new(),
        open: Vec::new(),
        begun: 0,
        read_bytes: 0,
    })
}

/// Reads a whole conversation at once.
pub fn dissect<R: Reading>(chunks: &[Chunk]) -> Vec<Message> {
    let mut reading = R::begin(Speaks::of(chunks));
    for (index, chunk) in chunks.iter().enumerate() {
        reading.take(index, chunk);
    }
    let mut messages = reading.finish();
    messages.sort_by_key(order);
    messages
}

/// Reads nothing: for bytes of which nobody knows how they are to be read.
#[derive(Clone, Copy, Debug)]
pub struct Unread;

impl Reading for Unread {
    fn begin(_: Speaks) -> Unread {
        Unread
    }

    fn take(&mut self, _: usize, _: &Chunk) {}

    fn settled(&mut self) -> Vec<Message> {
        Vec::new()
    }

    fn finish(self) -> Vec<Message> {
        Vec::new()
    }
}

/// How the datagrams of a protocol are read: each is one message, whole.
pub trait Datagram: Clone + Default + 'static {
    /// Reads one; the reader remembers what the next ones are not clear without.
    fn read(&mut self, chunk: &Chunk, at: At) -> Message;
}

/// Where a datagram stands in its conversation.
#[derive(Clone, Copy, Debug)]
pub struct At {
    /// The index of its chunk.
    pub chunk: usize,
    /// Where its first byte is among all that its side has sent, in bytes.
    pub start: usize,
}

/// Datagrams as far as they have been read.
#[derive(Clone, Default)]
pub struct Datagrams<D> {
    reader: D,
    /// Bytes that each side has sent, initiator first.
    sent: [usize; 2],
    messages: Vec<Message>,
}

impl<D: Datagram> Reading for Datagrams<D> {
    fn begin(_: Speaks) -> Datagrams<D> {
        Datagrams::default()
    }

    fn take(&mut self, index: usize, chunk: &Chunk) {
        let own = match chunk.side {
            Side::Initiator => &mut self.sent[0],
            Side::Responder => &mut self.sent[1],
        };
        let at = At { chunk: index, start: *own };
        *own += chunk.bytes.len();
        self.messages.push(self.reader.read(chunk, at));
    }

    fn settled(&mut self) -> Vec<Message> {
        core::mem::take(&mut self.messages)
    }

    fn finish(self) -> Vec<Message> {
        self.messages
    }
}

struct Growing<R> {
    reading: R,
    speaks: Speaks,
    /// The chunks so far while only one side has spoken: all is read otherwise once the other does.
    one_sided: Vec<Chunk>,
    taken: usize,
    messages: Vec<Message>,
    /// Which of the messages may still change, in order.
    open: Vec<usize>,
    begun: u32,
    read_bytes: u64,
}

impl<R: Reading> Growing<R> {
    fn go_on(&mut self, chunk: &Chunk) {
        let speaks = self.speaks.and(chunk.side);
        if speaks != self.speaks {
            self.speaks = speaks;
            self.begun += 1;
            self.reading = R::begin(speaks);
            self.messages.clear();
            for (index, before) in core::mem::take(&mut self.one_sided).iter().enumerate() {
                self.read(index, before);
            }
        }
        if !speaks.both() {
            self.one_sided.push(chunk.clone());
        }
        self.read(self.taken, chunk);
        self.taken += 1;
        for message in self.reading.settled() {
            self.put(message);
        }
    }

    fn read(&mut self, index: usize, chunk: &Chunk) {
        self.read_bytes += chunk.bytes.len() as u64;
        self.reading.take(index, chunk);
    }

    /// Puts a message where it belongs, which is near the end; says where.
    fn put(&mut self, message: Message) -> usize {
        let at = self.messages.partition_point(|other| order(other) <= order(&message));
        self.messages.insert(at, message);
        at
    }
}

impl<R: Reading> Dissector for Growing<R> {
    fn take(&mut self, chunks: &[Chunk]) {
        for at in core::mem::take(&mut self.open).into_iter().rev() {
            self.messages.remove(at);
        }
        for chunk in chunks {
            self.go_on(chunk);
        }
        let mut rest = self.reading.clone().finish();
        rest.sort_by_key(order);
        for message in rest {
            let at = self.put(message);
            self.open.push(at);
        }
    }

    fn messages(&self) -> &[Message] {
        &self.messages
    }

    fn settled(&self) -> usize {
        // What is still to come begins where the first of those that are open does, or after it.
        self.open.first().copied().unwrap_or(self.messages.len())
    }

    fn begun(&self) -> u32 {
        self.begun
    }

    fn read_bytes(&self) -> u64 {
        self.read_bytes
    }
}

fn order(message: &Message) -> (usize, Side, super::Span) {
    (message.chunk, message.side, message.span)
}
