//! The rules by which the ring is made and repaired.

use super::{longer, ours, paper};
use crate::wire::Rule;

/// The rules of this topic.
pub(super) const ALL: &[&Rule] = &[
    &CREATE,
    &JOIN,
    &JOIN_AGAIN,
    &START_AGAIN,
    &STABILISE,
    &NOTIFY,
    &FIX_FINGERS,
    &KNOWN_FINGER,
    &CHECK_PREDECESSOR,
    &SUCCESSOR_LIST,
    &LOST_SUCCESSORS,
    &LEAVE,
];

/// A ring of one.
pub static CREATE: Rule = longer(
    "chord.create",
    "IV-E",
    "The first node is a ring by itself: it is its own successor and has no predecessor.",
    "Somebody must begin; everybody else joins through a node that is there already.",
);

/// Joining through another node.
pub static JOIN: Rule = paper(
    "chord.join",
    "5.1",
    "A node that joins asks any member for the successor of its own identifier, and takes that as \
     its successor. It does nothing else: nobody knows of it yet.",
    "The ring stays whole at every moment; stabilisation weaves the newcomer in.",
);

/// Joining is tried again.
pub static JOIN_AGAIN: Rule = ours(
    "chord.join-again",
    "A node whose join has come to nothing waits a little longer each time and tries again, \
     through another member where it knows several.",
    "The member may be switched off, or not a member itself yet.",
);

/// Making a ring after all.
pub static START_AGAIN: Rule = ours(
    "chord.start-again",
    "A node through which others join, and which finds no member itself, makes a ring again after \
     some tries. A ring of one asks the other members that it knows of whenever it stabilises, and \
     joins theirs as soon as one answers.",
    "If all of them waited for each other there would never be a ring again. Two rings of several \
     nodes stay two, though: to stabilisation each looks whole (SIGCOMM 2001, sections 5.1 and 7).",
);

/// Asking the successor for its predecessor.
pub static STABILISE: Rule = paper(
    "chord.stabilise",
    "5.1",
    "From time to time each node asks its successor for the latter's predecessor. If that lies \
     between the two, it is the better successor from now on.",
    "This is how nodes learn of newcomers, and the only thing that the ring depends on.",
);

/// Telling the successor.
pub static NOTIFY: Rule = paper(
    "chord.notify",
    "5.1",
    "A node tells its successor that it is there. The successor takes it as its predecessor if it \
     has none, or if the node lies between the one it has and itself.",
    "Predecessors are a hint by which successors are found; they may be wrong for a while.",
);

/// Refreshing fingers.
pub static FIX_FINGERS: Rule = paper(
    "chord.fix-fingers",
    "5.1",
    "From time to time each node looks one of its fingers up anew: finger i is the successor of \
     the node's own identifier plus 2 to the power of i.",
    "Fingers are only for speed, so they may be refreshed at leisure.",
);

/// Fingers that need no question.
pub static KNOWN_FINGER: Rule = paper(
    "chord.known-finger",
    "4.4",
    "Where finger i is known and lies at or behind the start of finger i + 1, it is that finger \
     too.",
    "Of the 160 fingers of a full identifier only about log N are different, and only those are \
     looked up and kept.",
);

/// Whether the predecessor lives.
pub static CHECK_PREDECESSOR: Rule = longer(
    "chord.check-predecessor",
    "IV-E",
    "From time to time a node asks its predecessor whether it is there, and forgets it if it does \
     not answer.",
    "Only then does it believe another node that says it is the predecessor.",
);

/// More successors than one.
pub static SUCCESSOR_LIST: Rule = paper(
    "chord.successor-list",
    "5.2",
    "A node knows its next r nodes: its successor, and that one's list but for the last. When the \
     successor does not answer, the next one of the list takes its place.",
    "The ring breaks only if r nodes in a row fail before it is repaired. With r twice log2 N that \
     hardly ever happens even if every second node fails.",
);

/// When no successor is left.
pub static LOST_SUCCESSORS: Rule = ours(
    "chord.lost-successors",
    "A node whose last successor is gone takes its nearest finger for one, and stabilisation leads \
     from there back to the right one. Without a finger it joins anew, if it knows through whom.",
    "Any live node of the ring leads to all others; until then answers may be wrong.",
);

/// Leaving with a word.
pub static LEAVE: Rule = longer(
    "chord.leave",
    "IV-E",
    "A node that leaves gives its keys to its successor, and tells its successor and its \
     predecessor about each other.",
    "Nothing is lost then, and nobody has to wait for a time-out.",
);
