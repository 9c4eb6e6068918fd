//! The rules of messages (BEP 5, from "KRPC Protocol" on).

use super::{bep5, bep43};
use crate::wire::{Rule, Source};

/// The rules of this topic, in the order of a message.
pub(super) const ALL: &[&Rule] = &[
    &MESSAGE,
    &TRANSACTION,
    &KIND,
    &VERSION,
    &QUERY,
    &RESPONSE,
    &ERROR,
    &PROTOCOL_ERROR,
    &METHOD_UNKNOWN,
    &NO_ANSWER,
    &UNKNOWN_KEY,
    &NODE_ID,
    &INFOHASH,
    &COMPACT_PEER,
    &COMPACT_NODE,
    &PING,
    &FIND_NODE,
    &GET_PEERS,
    &ANNOUNCE_PEER,
    &IMPLIED_PORT,
    &TOKEN,
    &READ_ONLY,
    &YOUR_ADDRESS,
];

/// One dictionary in a datagram.
pub static MESSAGE: Rule = bep5(
    "krpc.message",
    "KRPC Protocol",
    "A message is one bencoded dictionary in one datagram: one packet asks, one packet answers, \
     and none is sent again.",
    "Most questions are asked of nodes that may be gone. To ask another node costs less than to \
     insist.",
);

/// The transaction ID.
pub static TRANSACTION: Rule = bep5(
    "krpc.transaction",
    "KRPC Protocol",
    "Every message has a transaction ID under t. Whoever asks chooses it, and the answer repeats \
     it.",
    "Several queries are on their way to the same node at once, and an answer does not say what it \
     answers. It is also all that a forger of answers would have to guess.",
);

/// The type of message.
pub static KIND: Rule = bep5(
    "krpc.type",
    "KRPC Protocol",
    "Every message has its type under y: q for a query, r for a response, e for an error.",
    "Both ends of every pair ask and answer at the same port; nothing else tells the two apart.",
);

/// Who wrote it.
pub static VERSION: Rule = bep5(
    "krpc.version",
    "KRPC Protocol",
    "Every message should have the sender's client and version under v, two letters and two \
     bytes. Not all have it, and nobody may count on it.",
    "When a client misbehaves, the others can find out which one it is.",
);

/// Queries.
pub static QUERY: Rule = bep5(
    "krpc.query",
    "Queries",
    "A query has the name of its method under q and a dictionary of arguments under a.",
    "Arguments by name can be added later without any old node being confused.",
);

/// Responses.
pub static RESPONSE: Rule = bep5(
    "krpc.response",
    "Responses",
    "A response has a dictionary of what is returned under r. It is sent when the query was \
     carried out.",
    "Every response at least says which node it is that answers: the asker learns that it lives.",
);

/// Errors.
pub static ERROR: Rule = bep5(
    "krpc.error",
    "Errors",
    "An error has a list under e: a number, and a text for people. 201 is generic, 202 the \
     responder's own trouble, 203 a protocol error, 204 an unknown method.",
    "A query that is wrong would be wrong the next time too: the asker should know, and not take \
     the node for dead.",
);

/// Malformed queries.
pub static PROTOCOL_ERROR: Rule = bep5(
    "krpc.protocol-error",
    "Errors",
    "A malformed packet, invalid arguments and a bad token are answered with error 203. These \
     machines do so if the packet has a transaction ID and says that it is a query.",
    "Without the transaction ID nobody could tell what the error is about; and an answer to an \
     answer could be answered for ever.",
);

/// Unknown methods.
pub static METHOD_UNKNOWN: Rule = bep5(
    "krpc.method-unknown",
    "Errors",
    "A query whose method the node does not know is answered with error 204.",
    "New methods can be tried on any node: those that do not know them say so.",
);

/// What is not answered.
pub static NO_ANSWER: Rule = bep5(
    "krpc.no-answer",
    "KRPC Protocol",
    "What is neither a query nor the answer to an outstanding query is dropped.",
    "Nobody asked for it. If it counted for anything, strangers could write into the routing \
     table whatever they like.",
);

/// Unknown keys.
pub static UNKNOWN_KEY: Rule = bep5(
    "krpc.unknown-key",
    "KRPC Protocol",
    "A message has the keys that its type asks for. These machines pass over all others.",
    "Extensions, such as those for IPv6, add keys; a node that does not know them goes on without.",
);

/// Node IDs.
pub static NODE_ID: Rule = bep5(
    "krpc.node-id",
    "DHT Queries",
    "All queries and all responses have the sender's node ID under id, 20 bytes.",
    "Every message that is heard tells of a node and where it is, so that tables are kept fresh \
     mostly by what passes anyhow.",
);

/// Infohashes.
pub static INFOHASH: Rule = bep5(
    "krpc.infohash",
    "get_peers",
    "The infohash of the torrent stands under info_hash, 20 bytes, as long as a node ID.",
    "Distances are measured between infohashes and node IDs. Between numbers of different lengths \
     there is none, and no node would be the nearest.",
);

/// Compact addresses.
pub static COMPACT_PEER: Rule = bep5(
    "krpc.compact-peer",
    "Contact Encoding",
    "The contact of a peer is 6 bytes: the IPv4 address and the port, each with its most \
     significant byte first.",
    "A hundred of them fit into one datagram.",
);

/// Compact nodes.
pub static COMPACT_NODE: Rule = bep5(
    "krpc.compact-node",
    "Contact Encoding",
    "The contact of a node is 26 bytes: its ID, and then its address and port as for a peer. \
     Contacts stand one after the other in one string. These machines pass over what is left \
     after the last whole one.",
    "Eight of them, as many as a bucket holds in BitTorrent, take 208 bytes; a datagram has room \
     for more than that.",
);

/// Ping.
pub static PING: Rule = bep5(
    "krpc.ping",
    "ping",
    "A ping is answered with the responder's node ID.",
    "It is the cheapest proof that a node lives, and that the address has still the same ID.",
);

/// Find node.
pub static FIND_NODE: Rule = bep5(
    "krpc.find-node",
    "find_node",
    "find_node has under target the ID of the node that is sought, 20 bytes. It is answered with \
     that node, or the k good nodes nearest to it that the responder knows; in BitTorrent k is 8.",
    "The nearer a node is to the target, the more it knows of that region: the asker goes on \
     there.",
);

/// Get peers.
pub static GET_PEERS: Rule = bep5(
    "krpc.get-peers",
    "get_peers",
    "get_peers is answered with peers of the torrent if the responder knows any, otherwise with \
     the nodes nearest to its infohash, and in both cases with a token. These machines send the \
     nodes in both cases.",
    "The search goes on towards the infohash until somebody knows peers; and whoever will announce \
     itself needs the token and the nearest nodes anyhow.",
);

/// Announce peer.
pub static ANNOUNCE_PEER: Rule = bep5(
    "krpc.announce-peer",
    "announce_peer",
    "announce_peer says that the sender downloads a torrent at a port. The responder checks the \
     token and keeps the sender's IP address with the port under the infohash.",
    "The address is the one that the datagram comes from, never one that it names: nobody can sign \
     up somebody else.",
);

/// The port that the datagram comes from.
pub static IMPLIED_PORT: Rule = bep5(
    "krpc.implied-port",
    "announce_peer",
    "If implied_port is there and not 0, the port of the argument is ignored, and the one that the \
     datagram came from is kept.",
    "A peer behind a NAT does not know at which port others see it; the datagram shows it.",
);

/// Tokens.
pub static TOKEN: Rule = bep5(
    "krpc.token",
    "Overview",
    "To announce, a node shows the token that the same node gave it, at the same IP address, in \
     answer to a recent get_peers.",
    "Whoever forges its address does not get the answer, and so has no token: nobody can sign up \
     other hosts for torrents.",
);

/// Nodes that do not answer queries.
pub static READ_ONLY: Rule = bep43(
    "krpc.read-only",
    "A node that cannot answer queries sets ro to 1 in those that it sends, and others do not put \
     it into their tables.",
    "A node behind a firewall, or one that sleeps, would only take up a place and cost time-outs.",
);

/// The asker's address.
pub static YOUR_ADDRESS: Rule = Rule {
    id: "krpc.your-address",
    source: Source::new("BEP 42", "Bootstrapping"),
    says: "A response should have the asker's address and port, as the responder sees them, at \
           the top level under ip.",
    why: "A node behind a NAT does not know its own public address, and needs it to choose its ID.",
};
