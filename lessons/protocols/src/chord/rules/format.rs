//! The rules of the format, which is this lab's own.

use super::ours;
use crate::wire::Rule;

/// The rules of this topic.
pub(super) const ALL: &[&Rule] = &[
    &FORMAT,
    &TRANSACTION,
    &MALFORMED,
    &UNKNOWN_KIND,
    &UNSOLICITED,
    &TIME_OUT,
    &NOT_A_MEMBER,
    &OTHER_NODE,
    &BUSY,
];

/// What a message begins with.
pub static FORMAT: Rule = ours(
    "chord.format",
    "Every message is one datagram: a version, a kind, the number of the transaction, the \
     identifier of who sends it, and what the kind needs. Numbers are big-endian.",
    "The papers say what nodes tell each other but not in which bytes.",
);

/// Questions and answers.
pub static TRANSACTION: Rule = ours(
    "chord.transaction",
    "An answer repeats the number of its request, which the asker has drawn by chance.",
    "Datagrams may be lost, doubled and overtaken: the number tells which answer belongs to what, \
     and a stranger would have to guess it.",
);

/// Requests that cannot be read.
pub static MALFORMED: Rule = ours(
    "chord.malformed",
    "A request that cannot be read is answered with an error. An answer that cannot be read, and \
     what is shorter than a header, is dropped.",
    "The asker need not wait for a time-out; and if errors were answered, two nodes could do so \
     for ever.",
);

/// Requests of an unknown kind.
pub static UNKNOWN_KIND: Rule = ours(
    "chord.unknown-kind",
    "A request of a kind that a node does not know is answered with an error.",
    "Nodes of a later version can tell that the other is of an earlier one.",
);

/// Answers that nobody asked for.
pub static UNSOLICITED: Rule = ours(
    "chord.unsolicited",
    "An answer counts only if a request with its number is outstanding and was sent to the address \
     that it comes from. The last answer of a recursive lookup may come from anywhere. All else is \
     dropped and counted.",
    "Otherwise anybody could put nodes into another's tables.",
);

/// Requests that are not answered.
pub static TIME_OUT: Rule = ours(
    "chord.time-out",
    "A request that is not answered in time is sent again, and after a few times its node is taken \
     for dead and struck from all tables.",
    "A lost datagram looks like a dead node; asking again tells them apart more often than not.",
);

/// Who is outside answers nothing.
pub static NOT_A_MEMBER: Rule = ours(
    "chord.not-a-member",
    "A node that is not a member of a ring says so to whatever it is asked.",
    "Others strike it from their tables at once, as they do when it is dead.",
);

/// Another node at that address.
pub static OTHER_NODE: Rule = ours(
    "chord.other-node",
    "If an answer comes from another identifier than the one that was asked, the node that was \
     asked is taken for dead.",
    "Somebody else has its address now, with another place on the circle.",
);

/// Too much at once.
pub static BUSY: Rule = ours(
    "chord.busy",
    "A node with as many requests outstanding as it can keep takes on no more.",
    "What it keeps for others must have an end.",
);
