//! The rules of messages: header, sections, transport (RFC 1035 section 4, RFC 6891, RFC 7766).

use super::rule;
use crate::wire::Rule;

/// The rules of this topic, in the order of a message.
pub(super) const ALL: &[&Rule] = &[
    &MESSAGE,
    &HEADER,
    &ID,
    &QR,
    &OPCODE,
    &AUTHORITATIVE,
    &TRUNCATED,
    &RECURSION,
    &RESERVED,
    &SECURITY_BITS,
    &RCODE,
    &COUNTS,
    &QUESTION,
    &NOTHING_AFTER,
    &BROKEN,
    &TCP_LENGTH,
    &INCOMPLETE,
];

/// The parts of a message.
pub static MESSAGE: Rule = rule(
    "dns.message",
    "RFC 1035",
    "4.1",
    "A message is a header of twelve bytes, questions, and three sections of records: answers, \
     authority, additional. None of them may break off in the middle.",
    "Query and response have one form, so that a response can repeat what was asked.",
);

/// The header.
pub static HEADER: Rule = rule(
    "dns.header",
    "RFC 1035",
    "4.1.1",
    "Each message begins with twelve bytes: an id, sixteen bits of flags, and four counts.",
    "The header is always there and always as long, so that even the answer to a message that \
     could not be read can bear the right id.",
);

/// The id ties an answer to its question.
pub static ID: Rule = rule(
    "dns.id",
    "RFC 1035",
    "4.1.1",
    "The asker chooses the id, and the response repeats it.",
    "Datagrams come in any order or not at all; the id tells which question a response answers.",
);

/// Query or response.
pub static QR: Rule = rule(
    "dns.qr",
    "RFC 1035",
    "4.1.1",
    "The first flag is 0 in a query and 1 in a response.",
    "Both have the same form and may come to the same port. A server that answered responses could \
     be made to talk with another server for ever.",
);

/// The kind of query.
pub static OPCODE: Rule = rule(
    "dns.opcode",
    "RFC 1035",
    "4.1.1",
    "Four bits tell the kind of query: 0 for a standard one. The response repeats them.",
    "Servers that know standard queries only can say so, in an answer of a form that all know.",
);

/// Authoritative answer.
pub static AUTHORITATIVE: Rule = rule(
    "dns.aa",
    "RFC 1035",
    "4.1.1",
    "In a response, AA says that the responder has authority for the first name in the answer.",
    "What comes from the zone itself is better than what somebody remembers of it.",
);

/// Cut short.
pub static TRUNCATED: Rule = rule(
    "dns.tc",
    "RFC 2181",
    "9",
    "TC is set when a record that belongs to the answer did not fit, and not for additional \
     records left out. Whoever receives it asks again over TCP.",
    "An answer cut short looks whole otherwise. Additional records are a courtesy; leaving them \
     out is not worth a connection.",
);

/// Recursion asked for, recursion offered.
pub static RECURSION: Rule = rule(
    "dns.recursion-bits",
    "RFC 1035",
    "4.1.1",
    "RD in a query asks the server to find the answer wherever it is, and is repeated in the \
     response. RA in a response says whether the server would.",
    "A small program can leave the work to a server; a server that has its own zones only says \
     that it will not.",
);

/// Must be zero.
pub static RESERVED: Rule = rule(
    "dns.reserved",
    "RFC 1035",
    "4.1.1",
    "The bit called Z must be zero in all queries and responses.",
    "It is kept for future use. A reader ignores it, so that the future can begin somewhere.",
);

/// The two bits of DNSSEC.
pub static SECURITY_BITS: Rule = rule(
    "dns.security-bits",
    "RFC 4035",
    "3.2",
    "AD says that the responder has checked the signatures of all records in answer and authority; \
     CD asks it not to check. These machines know no signatures, and set AD never.",
    "Whoever claims to have checked what he has not is worse than one who says nothing.",
);

/// The response code.
pub static RCODE: Rule = rule(
    "dns.rcode",
    "RFC 1035",
    "4.1.1",
    "Four bits of a response tell how it went: 0 no error, 1 format error, 2 server failure, 3 no \
     such name, 4 not implemented, 5 refused.",
    "No such name is an answer that can be remembered; a server failure is a reason to ask another \
     server.",
);

/// The counts say what there is.
pub static COUNTS: Rule = rule(
    "dns.counts",
    "RFC 1035",
    "4.1.1",
    "The header counts the questions and the records of each section, and there are as many as it \
     says.",
    "Sections have no marks of their own: the counts alone tell where one ends and the next \
     begins.",
);

/// A question.
pub static QUESTION: Rule = rule(
    "dns.question",
    "RFC 1035",
    "4.1.2",
    "A question is a name, a type and a class. The response repeats it.",
    "The asker sees which question is answered, and the responder need not remember it.",
);

/// A message ends with its last record.
pub static NOTHING_AFTER: Rule = rule(
    "dns.nothing-after",
    "RFC 1035",
    "4.1",
    "A message ends with the last record that its header counts.",
    "Bytes after it would be read by some and not by others. A wrong count is more likely than a \
     hidden message, and it is a reason not to trust the rest.",
);

/// What stands behind a fault is not read.
pub static BROKEN: Rule = rule(
    "dns.broken",
    "RFC 1035",
    "4.1",
    "These machines read nothing of a message after a fault.",
    "Each field begins where the one before it ends: when one cannot be read, the place of all \
     others is unknown.",
);

/// The length in front of a message on a stream.
pub static TCP_LENGTH: Rule = rule(
    "dns.tcp-length",
    "RFC 1035",
    "4.2.2",
    "On TCP each message stands after its length in two bytes.",
    "A stream has no ends of its own; the length says where the next message begins. It also makes \
     65535 bytes the longest message.",
);

/// A message on a stream whose end has not come.
pub static INCOMPLETE: Rule = rule(
    "dns.incomplete",
    "RFC 7766",
    "8",
    "A stream may be cut anywhere, even between the two bytes of the length: a reader waits for \
     the rest.",
    "TCP promises the order of bytes, and nothing about how many come together.",
);
