//! What BEP 3 says about bencode, in our words.

use crate::wire::{Rule, Source};

/// Every rule of bencode.
pub const ALL: &[&Rule] = &[
    &VALUE,
    &STRING,
    &INTEGER,
    &INTEGER_SIZE,
    &ONE_WAY,
    &LIST,
    &DICTIONARY,
    &KEY_ORDER,
    &NOTHING_AFTER,
    &LIMITS,
    &BROKEN,
];

const fn rule(id: &'static str, says: &'static str, why: &'static str) -> Rule {
    Rule { id, source: Source::new("BEP 3", "bencoding"), says, why }
}

/// The four kinds.
pub static VALUE: Rule = rule(
    "bencode.value",
    "A value is a string, an integer, a list or a dictionary, and its first byte tells which.",
    "A reader needs no description of the message: whatever is in it, known or not, has an end \
     that can be found.",
);

/// Strings.
pub static STRING: Rule = rule(
    "bencode.string",
    "A string is its length in decimal digits, a colon, and that many bytes.",
    "Since the length comes first, the bytes may be anything, colons and zeros included; nothing \
     is escaped. A hash can be sent as it is.",
);

/// Integers.
pub static INTEGER: Rule = rule(
    "bencode.integer",
    "An integer is the letter i, decimal digits with a minus sign before them or not, and the \
     letter e.",
    "Decimal digits have no size and no byte order on which two machines could disagree.",
);

/// Their size.
pub static INTEGER_SIZE: Rule = rule(
    "bencode.integer-size",
    "Integers have no limit of size. These machines read those that 64 bits hold and refuse \
     others.",
    "No message needs a larger one, and a number of a thousand digits that is cut to 64 bits \
     would be another number.",
);

/// No zero in front.
pub static ONE_WAY: Rule = rule(
    "bencode.one-way",
    "No number has a zero in front, but for zero itself; there is no minus zero. These machines \
     hold lengths to the same.",
    "With one way to write each value, equal values have equal bytes, and so equal hashes. The \
     name of a torrent is such a hash.",
);

/// Lists.
pub static LIST: Rule = rule(
    "bencode.list",
    "A list is the letter l, values one after the other, and the letter e.",
    "It needs no count in front: a writer can begin before it knows how many there will be.",
);

/// Dictionaries.
pub static DICTIONARY: Rule = rule(
    "bencode.dictionary",
    "A dictionary is the letter d, keys each followed by its value, and the letter e. Keys are \
     strings.",
    "What has a name can be left out, and what is new can be added: who does not know a key \
     passes over its value.",
);

/// Their order.
pub static KEY_ORDER: Rule = rule(
    "bencode.key-order",
    "The keys of a dictionary stand in the order of their bytes, each once.",
    "Otherwise one dictionary could be written in many ways, and two readers could take different \
     values for a key that stands twice.",
);

/// One value.
pub static NOTHING_AFTER: Rule = rule(
    "bencode.nothing-after",
    "A message is one value, and ends with it.",
    "Bytes behind it would be seen by some readers and not by others.",
);

/// How deep and how many.
pub static LIMITS: Rule = rule(
    "bencode.limits",
    "Lists and dictionaries may stand inside each other to any depth. These machines read to a \
     fixed depth and a fixed number of values.",
    "Each level costs two bytes to send and much more to hold: ten thousand letters l would empty \
     the stack of a reader that trusts them.",
);

/// What stands behind a fault is not read.
pub static BROKEN: Rule = rule(
    "bencode.broken",
    "These machines read nothing behind a place where bencode cannot be read on.",
    "Each value begins where the one before it ends; when one has no end, the place of all others \
     is unknown.",
);
