//! What the lab knows of a protocol as a whole: its name, its rules, and how to read its bytes.

use core::fmt;

use bytes::Bytes;

use super::{Chart, Dissector, Note, Rule, Span, Violation};

/// A protocol as the lab knows it. Endpoints name it when they listen, bind or dial, so that
/// whoever looks at the bytes later knows how to read them.
pub struct Protocol {
    /// The name in lower case, unique: `http`, `dns`. Colours and filters go by it.
    pub name: &'static str,
    /// The name as written: `HTTP`, `DNS`.
    pub title: &'static str,
    /// Every rule that its machines can cite.
    pub rules: &'static [&'static Rule],
    /// Every chart that its machines move by.
    pub charts: &'static [&'static Chart],
    /// Makes a reader of its conversations: [`growing`](super::growing) of its
    /// [`Reading`](super::Reading).
    pub reader: fn() -> Box<dyn Dissector>,
}

impl Protocol {
    /// Reads a conversation, in the order in which its chunks were sent, into its messages.
    pub fn dissect(&self, chunks: &[Chunk]) -> Vec<Message> {
        let mut reader = (self.reader)();
        reader.take(chunks);
        reader.messages().to_vec()
    }
}

impl fmt::Debug for Protocol {
    /// By its name: all of it would be long, and the place of its code is another on each machine.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Protocol({})", self.name)
    }
}

impl PartialEq for Protocol {
    /// Protocols are statics: the same name is the same protocol.
    fn eq(&self, other: &Protocol) -> bool {
        self.name == other.name
    }
}

impl Eq for Protocol {}

/// Which end of a conversation: the one that dialled (or asked first), or the other.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Side {
    /// The end that dialled, or sent the first datagram.
    Initiator,
    /// The end that was dialled.
    Responder,
}

impl Side {
    /// The other end.
    pub const fn other(self) -> Side {
        match self {
            Side::Initiator => Side::Responder,
            Side::Responder => Side::Initiator,
        }
    }

    /// What its messages are in a protocol in which only the end that dialled asks.
    pub const fn turn(self) -> Turn {
        match self {
            Side::Initiator => Turn::Asks,
            Side::Responder => Turn::Answers,
        }
    }
}

/// Whether a message asks or answers. Between two nodes of an overlay both ends do either.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Turn {
    /// It asks, or tells something of its own accord.
    Asks,
    /// It answers, be it with an error.
    Answers,
}

/// A run of bytes that one side sent in one go; a datagram is one chunk.
#[derive(Clone, PartialEq, Debug)]
pub struct Chunk {
    /// Who sent it.
    pub side: Side,
    /// What was sent.
    pub bytes: Bytes,
}

/// One message of a conversation as the inspector shows it.
#[derive(Clone, PartialEq, Debug)]
pub struct Message {
    /// Who sent it.
    pub side: Side,
    /// Whether it asks or answers.
    pub turn: Turn,
    /// Index of the chunk in which it begins.
    pub chunk: usize,
    /// Its bytes, by offset in everything that its side sent in this conversation.
    pub span: Span,
    /// What it is, in a few words: `GET /index.html`, `304 Not Modified`.
    pub title: String,
    /// What else matters at a glance: `text/html, 2140 B`.
    pub detail: String,
    /// Its fields; spans are counted from the start of the message.
    pub notes: Vec<Note>,
    /// Whether its end has been seen.
    pub complete: bool,
    /// What is wrong with it; its span is counted from the start of the side's stream.
    pub fault: Option<Violation>,
}
