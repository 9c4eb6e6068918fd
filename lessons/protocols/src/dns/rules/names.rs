//! The rules of names on the wire (RFC 1035 sections 2.3 and 4.1.4).

use super::rule;
use crate::wire::Rule;

/// The rules of this topic.
pub(super) const ALL: &[&Rule] = &[
    &NAME,
    &CASE,
    &LABEL_LIMIT,
    &NAME_LIMIT,
    &LABEL_KIND,
    &COMPRESSION,
    &POINTER_BACK,
    &POINTER_CHAIN,
];

/// How a name is written.
pub static NAME: Rule = rule(
    "dns.name",
    "RFC 1035",
    "3.1",
    "A name is a run of labels, each after its length in one byte, and ends with a length of \
     zero: the root.",
    "With lengths in front, a label may hold any byte, and a reader can skip what it does not care \
     for.",
);

/// Case does not matter.
pub static CASE: Rule = rule(
    "dns.case",
    "RFC 1035",
    "2.3.3",
    "Names are compared without regard to the case of letters, and kept in the case in which they \
     came.",
    "People type names, and nobody should have to remember which letters were capitals.",
);

/// The longest label.
pub static LABEL_LIMIT: Rule = rule(
    "dns.label-limit",
    "RFC 1035",
    "2.3.4",
    "A label has at most 63 bytes.",
    "Six bits hold its length. The two bits above them are left to tell a label from a pointer.",
);

/// The longest name.
pub static NAME_LIMIT: Rule = rule(
    "dns.name-limit",
    "RFC 1035",
    "2.3.4",
    "A name has at most 255 bytes with its lengths, and so at most 127 labels.",
    "Readers can set aside room for the longest name before they read it. Pointers would otherwise \
     let a few bytes unfold into a name without end.",
);

/// Neither a label nor a pointer.
pub static LABEL_KIND: Rule = rule(
    "dns.label-kind",
    "RFC 1035",
    "4.1.4",
    "The two upper bits of a length are 00 for a label and 11 for a pointer; 01 and 10 are \
     reserved.",
    "A reader cannot know how long something of another kind is, so it cannot find what follows.",
);

/// Pointers in the place of names that were written before.
pub static COMPRESSION: Rule = rule(
    "dns.compression",
    "RFC 1035",
    "4.1.4",
    "A name, or the end of one, may be a pointer to where the same labels stand earlier in the \
     message: two bits set, then the offset in fourteen bits.",
    "A response repeats the same names over and over; a pointer makes two bytes of each \
     repetition, and more records fit into a datagram.",
);

/// Pointers point to what came before.
pub static POINTER_BACK: Rule = rule(
    "dns.pointer-back",
    "RFC 1035",
    "4.1.4",
    "A pointer leads to an earlier place in the message, where a name stands.",
    "If a pointer could lead to itself or onwards, two of them could lead to each other, and a \
     reader that follows them would never come to an end.",
);

/// How many pointers one name may follow.
pub static POINTER_CHAIN: Rule = rule(
    "dns.pointer-chain",
    "RFC 1035",
    "4.1.4",
    "A pointer may lead to labels that end with another pointer. This reader follows at most 127 \
     for one name: one for each label that a name can have.",
    "A message full of pointers to pointers would make a reader walk the whole of it again for \
     each name.",
);
