//! Weighs a message that somebody might send: the protocol's own machines read it.

use protocols::wire::{Chunk, Message, Protocol, Side, Span, Violation};

/// What the protocol says of a message that is sent now.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Weight {
    /// It may be sent: the messages that it is, at least one; their spans count from its first
    /// byte.
    Legal(Vec<Message>),
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
    let new = messages.into_iter().filter(|m| m.side == side && m.span.end > sent);
    let mut legal = Vec::new();
    let own = |span: Span| Span {
        start: span.start.saturating_sub(sent),
        end: span.end.saturating_sub(sent),
    };
    for mut message in new {
        if let Some(fault) = message.fault {
            return Weight::Broken(Violation { span: own(fault.span), ..fault });
        }
        message.span = own(message.span);
        legal.push(message);
    }
    match legal.iter().all(|message| message.complete) && !legal.is_empty() {
        true => Weight::Legal(legal),
        false => Weight::Unfinished,
    }
}
