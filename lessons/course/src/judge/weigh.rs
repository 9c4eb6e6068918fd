//! Weighs a message that somebody might send: the protocol's own machines read it.

use protocols::wire::{Chunk, Protocol, Side, Violation};

/// What the protocol says of a message that is sent now.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Weight {
    /// It may be sent. Its title, and how many messages it really is.
    Legal(String),
    /// So far it may be sent, but its end is missing.
    Unfinished,
    /// It breaks a rule; the span counts from the first byte of this message.
    Broken(Violation),
}

/// Weighs these bytes as what one side sends after a conversation that has gone on so far.
pub(crate) fn weigh(
    protocol: &'static Protocol,
    so_far: &[Chunk],
    side: Side,
    bytes: &[u8],
) -> Weight {
    let sent: usize =
        so_far.iter().filter(|chunk| chunk.side == side).map(|chunk| chunk.bytes.len()).sum();
    let mut chunks = so_far.to_vec();
    chunks.push(Chunk { side, bytes: bytes.to_vec().into() });
    let messages = protocol.dissect(&chunks);
    let mut new = messages.into_iter().filter(|m| m.side == side && m.span.end > sent);
    let mut first = None;
    let mut complete = true;
    for message in new.by_ref() {
        if let Some(mut fault) = message.fault {
            let span = fault.span;
            fault.span.start = span.start.saturating_sub(sent);
            fault.span.end = span.end.saturating_sub(sent);
            return Weight::Broken(fault);
        }
        complete &= message.complete;
        first.get_or_insert(message.title);
    }
    match first {
        Some(title) if complete => Weight::Legal(title),
        Some(_) | None => Weight::Unfinished,
    }
}
