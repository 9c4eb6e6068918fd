//! A conversation's bytes read back into messages.

use crate::wire::{Chunk, Message, Span};

/// Reads a conversation with one machine for each direction.
pub fn dissect(chunks: &[Chunk]) -> Vec<Message> {
    let mut ends = [0, 0];
    let mut messages = Vec::new();
    for (index, chunk) in chunks.iter().enumerate() {
        let side = match chunk.side {
            crate::wire::Side::Initiator => 0,
            crate::wire::Side::Responder => 1,
        };
        let start = ends[side];
        ends[side] += chunk.bytes.len();
        messages.push(Message {
            side: chunk.side,
            chunk: index,
            span: Span::new(start, ends[side]),
            title: "bytes".into(),
            detail: format!("{} B", chunk.bytes.len()),
            notes: Vec::new(),
            complete: true,
            fault: None,
        });
    }
    messages
}
