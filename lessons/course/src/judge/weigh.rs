//! Weighs a message that somebody might send: the protocol's own machines read it.

use protocols::wire::{Chunk, Message, Note, Protocol, Side, Span, Turn, Violation};

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

/// The number of an answer that is that of no question which the other side has asked before; none
/// where each answer has one, or the protocol numbers nothing.
pub(crate) fn stray<'a>(said: &[Message], side: Side, answers: &'a [Message]) -> Option<&'a Note> {
    let asked: Vec<&Note> = said
        .iter()
        .filter(|message| message.side != side && message.turn == Turn::Asks)
        .filter_map(number_of)
        .collect();
    let answers = answers.iter().filter(|message| message.turn == Turn::Answers);
    answers.filter_map(number_of).find(|own| !asked.iter().any(|note| note.value == own.value))
}

/// The number that a question is given and its answer repeats.
fn number_of(message: &Message) -> Option<&Note> {
    message.notes.iter().find(|note| REPEATED.contains(&&*note.name))
}

/// What an answer repeats of its question: the ID of a query (RFC 1035 section 4.1.1), and the
/// transaction ID of KRPC (BEP 5).
const REPEATED: [&str; 2] = ["ID", "transaction ID (t)"];
