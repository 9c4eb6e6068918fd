//! Our own servers in the place of real ones, furnished with what those were seen to have.
//!
//! All that is known of a real server is what it said. So each is made of the conversations with
//! it, read back by the machines of their protocol, and answers the same questions alike.

mod dns;
mod http;
mod kademlia;
mod mail;

use protocols::endpoint::Host;
use protocols::wire::{Side, Time};
use world::Conversation;

use super::ForkError;
use super::peer::Peer;

/// From when on a server of ours stands in for a real one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Since {
    /// From the beginning of the recording.
    #[default]
    Beginning,
    /// From its end.
    Now,
}

/// A server of ours that can stand in for a peer, not started.
///
/// # Errors
/// None of ours speaks what was spoken with it.
pub fn stand_in(
    peer: &Peer,
    talks: &[&Conversation],
    since: Since,
    now: Time,
) -> Result<Box<dyn Host>, ForkError> {
    let Some(first) = peer.ports.first() else { return Err(ForkError::HalfOpen) };
    match first.protocol.name {
        "http" => Ok(http::server(first.number, talks, now)),
        "dns" | "dns-tcp" => Ok(dns::server(first.number, talks)),
        "kademlia" => Ok(kademlia::node(first.number, talks, since, now)),
        "smtp" | "pop3" => Ok(mail::server(peer, talks, since, now)),
        _ => Err(ForkError::NobodyOfOurs(first.protocol.title)),
    }
}

/// The bytes of each message of a conversation, with who sent it, in order.
fn messages(talk: &Conversation) -> Vec<(Side, Vec<u8>)> {
    let sides = [Side::Initiator, Side::Responder].map(|side| talk.bytes(side));
    let [ours, theirs] = &sides;
    let all = talk.messages();
    let bytes = |side| match side {
        Side::Initiator => ours,
        Side::Responder => theirs,
    };
    all.iter().map(|m| (m.side, m.span.of(bytes(m.side)).to_vec())).collect()
}
