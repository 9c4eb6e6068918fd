//! The rules of routing table, lookup and store (BEP 5, "Overview" and "Routing Table").

use super::bep5;
use crate::wire::{Rule, Source};

/// The rules of this topic.
pub(super) const ALL: &[&Rule] = &[
    &METRIC,
    &GOOD,
    &QUESTIONABLE,
    &BAD,
    &BUCKET,
    &SPLIT,
    &KEEP_OLD,
    &REPLACE,
    &CHECK,
    &REFRESH,
    &JOIN,
    &SAVED,
    &ITERATE,
    &PARALLEL,
    &UNTIL_NONE_NEARER,
    &BOUNDED,
    &ANNOUNCE_TO_NEAREST,
    &SECRETS,
    &STORE,
    &ANNOUNCE_AGAIN,
    &SECURE_ID,
];

/// Distance.
pub static METRIC: Rule = bep5(
    "kademlia.metric",
    "Overview",
    "The distance of two IDs is their exclusive or, read as a number.",
    "It is the same from both ends, so that whoever asks a node is somebody whom that node can use \
     in its own table. And from any ID there is exactly one at each distance: searches for one \
     target meet.",
);

/// Good nodes.
pub static GOOD: Rule = bep5(
    "kademlia.good",
    "Routing Table",
    "A node is good if it answered a query of ours within 15 minutes, or if it ever did and has \
     sent us one within 15 minutes. Only good nodes are passed on.",
    "Whoever asks for nodes pays a time-out for each that is gone. A node that only asks proves \
     nothing: it may be unable to receive.",
);

/// Questionable nodes.
pub static QUESTIONABLE: Rule = bep5(
    "kademlia.questionable",
    "Routing Table",
    "After 15 minutes without hearing from it, a node is questionable.",
    "It may be gone or merely have had no reason to write; a ping will tell, when it matters.",
);

/// Bad nodes.
pub static BAD: Rule = bep5(
    "kademlia.bad",
    "Routing Table",
    "A node that leaves several queries in a row unanswered is bad. Here two are enough.",
    "One datagram gets lost easily; two in a row hardly ever.",
);

/// Buckets.
pub static BUCKET: Rule = bep5(
    "kademlia.bucket",
    "Routing Table",
    "The table is divided into buckets, each for a range of IDs, and holds at most k nodes in \
     each; in BitTorrent k is 8.",
    "Half of all IDs begin with the other first bit, and k nodes stand for all of them; of the \
     nodes nearby nearly all are known. So each step of a search at least halves the distance, and \
     the table grows with the logarithm of the network only.",
);

/// Splitting.
pub static SPLIT: Rule = bep5(
    "kademlia.split",
    "Routing Table",
    "A full bucket is split in two halves if the node's own ID falls into its range; otherwise \
     nothing more is added to it.",
    "Only the neighbourhood of the own ID needs to be known in ever more detail.",
);

/// Old nodes stay.
pub static KEEP_OLD: Rule = bep5(
    "kademlia.keep-old",
    "Routing Table",
    "If a bucket is full of good nodes, a new one is simply discarded.",
    "A node that has been up for long is likely to stay up. And whoever floods the network with \
     new nodes does not get into tables that are full.",
);

/// Bad nodes are replaced.
pub static REPLACE: Rule = bep5(
    "kademlia.replace",
    "Routing Table",
    "If a full bucket has a bad node, the new one takes its place.",
    "A place that is held by nobody is wasted.",
);

/// Questionable ones are asked.
pub static CHECK: Rule = bep5(
    "kademlia.check",
    "Routing Table",
    "If a full bucket has questionable nodes, the one not heard of for longest is pinged, and once \
     more if it does not answer; then the new node takes its place. If it answers, the next is \
     pinged.",
    "An old node is given the chance to show that it lives before a stranger gets its place.",
);

/// Refresh.
pub static REFRESH: Rule = bep5(
    "kademlia.refresh",
    "Routing Table",
    "For a bucket in which nothing has changed for 15 minutes, a random ID of its range is \
     searched for.",
    "What passes by keeps tables fresh for nothing. Where nothing passes, nodes leave without \
     being noticed.",
);

/// Joining.
pub static JOIN: Rule = bep5(
    "kademlia.join",
    "Routing Table",
    "With its first contact, and whenever it starts again, a node searches for the nodes nearest \
     to itself. Here it then refreshes the buckets that are further away.",
    "The search fills its own table, and every node that it asks learns of it: after one search it \
     is known where others will look for it.",
);

/// The table outlives the program.
pub static SAVED: Rule = bep5(
    "kademlia.saved",
    "Routing Table",
    "The routing table should be kept while the program does not run.",
    "Most of it will still be right, and no first contact has to be asked for.",
);

/// Iterating.
pub static ITERATE: Rule = bep5(
    "kademlia.iterate",
    "Overview",
    "To find what is nearest to a target, a node asks the nearest nodes that it knows for nearer \
     ones, and asks those in turn.",
    "The asker keeps control: it sees which nodes do not answer and goes round them, and nobody \
     else has to remember its search.",
);

/// Several at once.
pub static PARALLEL: Rule = bep5(
    "kademlia.parallel",
    "Overview",
    "A search asks several nodes at a time. How many, BEP 5 leaves open; Kademlia's authors call \
     the number alpha, and take three.",
    "Waiting for one dead node would hold up the search by a whole time-out.",
);

/// The end.
pub static UNTIL_NONE_NEARER: Rule = bep5(
    "kademlia.until-none-nearer",
    "Overview",
    "The search goes on until no nearer nodes are found: here, until the k nearest that are known \
     and not dead have all answered, k being the size of a bucket.",
    "As long as one of the nearest has not been asked, it may know one that is nearer still.",
);

/// A search ends.
pub static BOUNDED: Rule = bep5(
    "kademlia.bounded",
    "Overview",
    "The search ends when it is exhausted. These machines also end it after a fixed number of \
     queries, take no more nodes from one answer than two buckets hold, and one from each address.",
    "A node that always knows somebody nearer, namely itself under another ID, could keep a search \
     going for ever.",
);

/// Where announcements go.
pub static ANNOUNCE_TO_NEAREST: Rule = bep5(
    "kademlia.announce-to-nearest",
    "Overview",
    "After the search for an infohash, a node announces itself to the nearest nodes that \
     answered, with the token of each.",
    "Others who look for the torrent come to the same nodes. There are k of them, 8 in BitTorrent, \
     so that some are left when others leave.",
);

/// Secrets.
pub static SECRETS: Rule = bep5(
    "kademlia.secrets",
    "Overview",
    "A token is the SHA-1 of the asker's IP address and a secret that changes every 5 minutes; \
     tokens up to 10 minutes old are taken. These machines send the first 8 bytes.",
    "The node need not remember to whom it gave which token: it makes it again and compares.",
);

/// What is stored.
pub static STORE: Rule = bep5(
    "kademlia.store",
    "announce_peer",
    "The IP address of whoever announces is kept with the port under the infohash. Here it is \
     forgotten after half an hour, and the number of peers is bounded.",
    "Peers leave without saying so. And a stranger shall not be able to fill up the memory.",
);

/// Announcing again.
pub static ANNOUNCE_AGAIN: Rule = bep5(
    "kademlia.announce-again",
    "Overview",
    "How long an announcement holds, BEP 5 does not say. These machines repeat theirs every 15 \
     minutes.",
    "Nodes that keep it leave, and new ones come nearer to the infohash, who do not know of it.",
);

/// IDs that are bound to addresses.
pub static SECURE_ID: Rule = Rule {
    id: "kademlia.secure-id",
    source: Source::new("BEP 42", "Node ID restriction"),
    says: "The first 21 bits of a node's ID are those of the CRC32C of parts of its IP address and \
           three random bits, which also end the ID.",
    why: "Whoever could choose IDs freely would choose the 8 nearest to some infohash, and own \
          what is kept there. With one address only 8 beginnings are to be had.",
};
