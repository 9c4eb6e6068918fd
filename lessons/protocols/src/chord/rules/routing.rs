//! The rules by which a key is found.

use super::{ours, paper};
use crate::wire::Rule;

/// The rules of this topic.
pub(super) const ALL: &[&Rule] = &[
    &CONSISTENT_HASHING,
    &FIND_SUCCESSOR,
    &CLOSEST_PRECEDING,
    &ITERATIVE,
    &RECURSIVE,
    &NEXT_BEST,
    &NOT_NEARER,
    &CONFIRM,
    &GIVE_UP,
];

/// Who owns a key.
pub static CONSISTENT_HASHING: Rule = paper(
    "chord.consistent-hashing",
    "4.2",
    "Nodes and keys get identifiers from one circle of numbers by a hash. A key belongs to its \
     successor: the first node whose identifier is equal to or follows the key's on the circle.",
    "On average every node has the same share, and when a node comes or goes only the keys next \
     to it move.",
);

/// How a lookup ends.
pub static FIND_SUCCESSOR: Rule = paper(
    "chord.find-successor",
    "4.3",
    "If the key lies between a node and its successor, the latter included, that successor is the \
     answer. Otherwise the question goes on to a node that is nearer to the key.",
    "A node needs to know only its successor for every lookup to end rightly; all else is speed.",
);

/// Whom to ask next.
pub static CLOSEST_PRECEDING: Rule = paper(
    "chord.closest-preceding-node",
    "4.3",
    "The question goes on to the node that most closely precedes the key among all that are known: \
     the fingers, and the list of successors too (ToN 2003, section IV-E).",
    "With fingers at half, a quarter, an eighth of the circle each step at least halves the way \
     that is left, so about log N steps are enough.",
);

/// The asker asks each node itself.
pub static ITERATIVE: Rule = paper(
    "chord.iterative",
    "6.1",
    "In an iterative lookup the asker asks one node after another; each names the next.",
    "The asker sees every step, notices who does not answer, and can try another way.",
);

/// The question is passed on.
pub static RECURSIVE: Rule = paper(
    "chord.recursive",
    "6.1",
    "In a recursive lookup each node passes the question on to the next. Here it tells the one \
     before that it has taken it, and the last one answers the asker straight.",
    "Half as many messages stand between question and answer; but the asker sees nothing of the \
     way, and starts again if it hears nothing in time.",
);

/// What to do about nodes that do not answer.
pub static NEXT_BEST: Rule = paper(
    "chord.next-best",
    "5.2",
    "When the next node does not answer in time, the lookup goes on with the best node that is \
     known before it. Here the asker tells whom it asks again which nodes are dead.",
    "Fingers may be out of date; the ring of successors alone decides whether an answer is right.",
);

/// An answer that leads nowhere.
pub static NOT_NEARER: Rule = ours(
    "chord.not-nearer",
    "A node that is named as the next one must lie between who names it and the key, and a \
     successor that is named must lie at or behind the key. If not, the lookup has failed.",
    "Otherwise one node that lies, or is mistaken, could send the asker round in circles.",
);

/// The answer itself must answer.
pub static CONFIRM: Rule = ours(
    "chord.confirm",
    "A lookup is over when the successor that was named has answered a ping. If it does not, the \
     next one in the list that came with it is tried.",
    "Who named it may not have noticed yet that it is gone.",
);

/// Bounds.
pub static GIVE_UP: Rule = ours(
    "chord.give-up",
    "A lookup that has met too many nodes, too many dead ones, or knows nobody else to ask, has \
     failed, and its user is told.",
    "In a broken ring it would go on for ever.",
);
