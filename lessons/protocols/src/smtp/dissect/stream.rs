//! One direction of a session: its bytes, where its chunks begin, and its messages.

use crate::wire::{Message, Note, Side, Span, Violation};

/// What one side says.
#[derive(Clone)]
pub(super) struct Stream {
    side: Side,
    bytes: Vec<u8>,
    /// Where each chunk of this side begins in its stream, with the chunk's index.
    chunks: Vec<Start>,
    /// Where the last message ends.
    read: usize,
    pub(super) messages: Vec<Message>,
}

/// Where a chunk begins.
#[derive(Clone)]
struct Start {
    at: usize,
    chunk: usize,
}

/// A message but for its side and chunk.
pub(super) struct Part {
    pub(super) span: Span,
    pub(super) title: String,
    pub(super) detail: String,
    pub(super) notes: Vec<Note>,
    pub(super) complete: bool,
    pub(super) fault: Option<Violation>,
}

impl Stream {
    pub(super) const fn new(side: Side) -> Stream {
        Stream { side, bytes: Vec::new(), chunks: Vec::new(), read: 0, messages: Vec::new() }
    }

    /// Takes one chunk.
    pub(super) fn take(&mut self, chunk: usize, bytes: &[u8]) {
        self.chunks.push(Start { at: self.bytes.len(), chunk });
        self.bytes.extend_from_slice(bytes);
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Where the last message ends.
    pub(super) fn read(&self) -> usize {
        self.read
    }

    /// Hands over the messages that are complete, and forgets where their chunks began.
    pub(super) fn settled(&mut self) -> Vec<Message> {
        let after = self.chunks.partition_point(|start| start.at <= self.read);
        self.chunks.drain(..after.saturating_sub(1));
        core::mem::take(&mut self.messages)
    }

    /// All bytes from an offset on.
    pub(super) fn from(&self, at: usize) -> &[u8] {
        self.bytes.get(at..).unwrap_or_default()
    }

    /// These bytes for a title.
    pub(super) fn text(&self, span: Span) -> String {
        let text = String::from_utf8_lossy(span.of(&self.bytes));
        text.trim_end().chars().take(TITLE_MAX).filter(|c| !c.is_control()).collect()
    }

    pub(super) fn push(&mut self, part: Part) {
        let after = self.chunks.partition_point(|start| start.at <= part.span.start);
        let chunk = self.chunks.get(after.saturating_sub(1)).map_or(0, |start| start.chunk);
        let Part { span, title, detail, notes, complete, fault } = part;
        let side = self.side;
        self.read = span.end;
        let title = title.chars().take(TITLE_MAX).collect();
        self.messages.push(Message { side, chunk, span, title, detail, notes, complete, fault });
    }
}

/// As much of a line as a title can hold.
const TITLE_MAX: usize = 120;
