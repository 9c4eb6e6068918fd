//! A node of the DHT with the ID of a real one, the nodes that it has named, and the peers that
//! it has given.

use core::net::SocketAddrV4;
use core::time::Duration;
use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use protocols::endpoint::{Host, Running};
use protocols::kademlia::node::{Config, Node};
use protocols::kademlia::{Ask, Body, Contact, codec};
use protocols::overlay::Key;
use protocols::wire::{Notes, Side, Time};
use world::Conversation;

use super::{Since, messages};
use crate::TAB_HOST;

/// The node, at the port of the real one. From the beginning of a recording on it does not know the
/// tab yet, though the real one may have named it later.
pub fn node(port: u16, talks: &[&Conversation], since: Since, now: Time) -> Box<dyn Host> {
    let mut seen = Seen::default();
    for talk in talks {
        let theirs = match talk.initiator == TAB_HOST {
            true => Side::Responder,
            false => Side::Initiator,
        };
        seen.read(talk, theirs);
    }
    if let (Since::Beginning, Some(tab)) = (since, seen.asker) {
        seen.named.remove(&tab);
    }
    let config = |port| Arc::new(Config { port, upkeep: UPKEEP, ..Config::default() });
    let node = match seen.id {
        Some(id) => {
            let named: Vec<Contact> = seen.named.into_values().collect();
            let peers = seen.peers.iter().copied();
            Node::settled(config(port), id, &named, now).keeping(peers, now)
        }
        // It never said anything, and goes on so.
        None => Node::nameless(config(NOWHERE)),
    };
    Box::new(Running::new(node, u64::from(port)))
}

/// What a real node has told of itself.
#[derive(Debug, Default)]
struct Seen {
    id: Option<Key>,
    /// The ID of the tab that has asked it.
    asker: Option<Key>,
    named: BTreeMap<Key, Contact>,
    peers: Vec<(Key, SocketAddrV4)>,
}

impl Seen {
    fn read(&mut self, talk: &Conversation, theirs: Side) {
        // What was asked for, by transaction: an answer with peers does not repeat it.
        let mut asked: BTreeMap<Bytes, Key> = BTreeMap::new();
        for (side, bytes) in messages(talk) {
            let Ok(message) = codec::read(&Bytes::from(bytes), &mut Notes::off()) else { continue };
            match message.body {
                Body::Query(query) if side == theirs => self.id = Some(query.id),
                Body::Query(query) => {
                    self.asker = Some(query.id);
                    if let Ask::GetPeers { info_hash } = query.ask {
                        asked.insert(message.transaction, info_hash);
                    }
                }
                Body::Response(response) if side == theirs => {
                    self.id = Some(response.id);
                    let named = response.nodes.unwrap_or_default();
                    self.named.extend(named.into_iter().map(|contact| (contact.id, contact)));
                    let of = asked.get(&message.transaction);
                    let peers = response.values.unwrap_or_default();
                    self.peers.extend(peers.into_iter().filter_map(|peer| Some((*of?, peer))));
                }
                Body::Response(_) | Body::Error(_) => {}
            }
        }
    }
}

/// A port to which nobody sends.
const NOWHERE: u16 = 0;

/// Long enough that a simulation is over before: the real node's upkeep is not known here.
const UPKEEP: Duration = Duration::from_secs(24 * 60 * 60);
