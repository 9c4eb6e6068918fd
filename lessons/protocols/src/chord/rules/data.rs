//! The rules about what is stored.

use super::{ours, paper};
use crate::wire::Rule;

/// The rules of this topic.
pub(super) const ALL: &[&Rule] =
    &[&OWNER_STORES, &OWNER_ANSWERS, &HAND_OVER, &REPLICAS, &GIVEN, &BRING_HOME, &NO_ROOM];

/// Where a value goes.
pub static OWNER_STORES: Rule = paper(
    "chord.put",
    "3",
    "A value is stored at the node that its key belongs to. Chord itself only finds that node; \
     storing is what an application does with it.",
    "Whoever looks the key up later comes to the same node.",
);

/// Where a value comes from.
pub static OWNER_ANSWERS: Rule = ours(
    "chord.get",
    "A node answers with what it stores. If it stores nothing under the key and knows that the key \
     is not its own, it names its predecessor instead.",
    "Right after a join the asker may have been led to the node that had the key before.",
);

/// Keys move when a node comes.
pub static HAND_OVER: Rule = paper(
    "chord.hand-over",
    "4.2",
    "When a node joins, some of the keys of its successor become its own: those from its \
     predecessor up to itself. The successor gives them to it.",
    "No other keys move anywhere, which is what consistent hashing is for.",
);

/// Copies on the next nodes.
pub static REPLICAS: Rule = paper(
    "chord.replicas",
    "5.2",
    "Copies of a key are kept by the nodes that follow its owner. When the owner fails, the next \
     node owns the key, and has it already.",
    "A successor list tells a node who should hold copies of its keys, and when to make new ones.",
);

/// What others give.
pub static GIVEN: Rule = ours(
    "chord.given",
    "A node keeps the keys that another gives it, unless it has them in this version or a later \
     one, and says that it has received them.",
    "They may be its own from now on, or copies of another's: the giver knows, and goes on giving \
     until it is told that they have arrived.",
);

/// Copies in the wrong place.
pub static BRING_HOME: Rule = ours(
    "chord.bring-home",
    "From time to time a node looks up who owns one of the keys that it holds for others, and \
     sends it there. If the node is not among those that should hold a copy, it forgets it.",
    "After several changes at once a key may lie where nobody looks for it.",
);

/// Bounds of what is stored.
pub static NO_ROOM: Rule = ours(
    "chord.no-room",
    "A node that holds as many keys as it can refuses more, and takes no new copies.",
    "Otherwise anybody could use up its memory.",
);
