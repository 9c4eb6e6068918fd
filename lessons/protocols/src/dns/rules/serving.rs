//! The rules by which a name server answers, over datagrams and over streams (RFC 1035 section
//! 4.1.1, RFC 6891, RFC 7766).

use super::rule;
use crate::wire::Rule;

/// The rules of this topic.
pub(super) const ALL: &[&Rule] = &[
    &BOTH_TRANSPORTS,
    &FORMAT_ERROR,
    &NO_HEADER,
    &ONE_QUESTION,
    &NOT_IMPLEMENTED,
    &NOT_OURS,
    &NO_TRANSFER,
    &NEAREST_ZONE,
    &DATAGRAM_LIMIT,
    &EDNS_ANSWERED,
    &EDNS_UNKNOWN,
    &EDNS_SIZE,
    &EDNS_VERSION,
    &PIPELINING,
    &IDLE_STREAM,
    &TEARDOWN,
    &TOO_MANY_STREAMS,
    &SERIAL,
];

/// A server is reached over both.
pub static BOTH_TRANSPORTS: Rule = rule(
    "dns.both-transports",
    "RFC 7766",
    "5",
    "A name server must answer over UDP and over TCP, on the same port.",
    "Nearly all answers fit into a datagram, which costs no handshake. Those that do not must be \
     had some other way.",
);

/// What cannot be read is answered all the same.
pub static FORMAT_ERROR: Rule = rule(
    "dns.format-error",
    "RFC 1035",
    "4.1.1",
    "A query that cannot be read is answered with its own header and the code 1, format error.",
    "The asker learns that asking again in the same way is no use, and need not wait for a \
     time-out.",
);

/// Less than a header.
pub static NO_HEADER: Rule = rule(
    "dns.no-header",
    "RFC 1035",
    "4.1.1",
    "What is shorter than a header gets no answer here.",
    "There is no id that the answer could repeat, so nobody could tell what it answers.",
);

/// One question.
pub static ONE_QUESTION: Rule = rule(
    "dns.one-question",
    "RFC 9619",
    "4",
    "A standard query has one question. One with more is answered with a format error, and so is, \
     here, one with none.",
    "There is one response code and one AA bit: they could not be right for two names at once.",
);

/// Other kinds of query.
pub static NOT_IMPLEMENTED: Rule = rule(
    "dns.not-implemented",
    "RFC 1035",
    "4.1.1",
    "A query of a kind that the server does not know is answered with the code 4, not implemented.",
    "What follows the header may have another meaning in another kind of query. The code says so \
     without having read it.",
);

/// Names outside of all zones.
pub static NOT_OURS: Rule = rule(
    "dns.not-ours",
    "RFC 1035",
    "4.1.1",
    "A server may refuse a question for policy: code 5. This one refuses those about names outside \
     of its zones, because it does not ask on.",
    "It knows nothing about them, not even that they do not exist. To answer strangers' questions \
     about everything would make it useful to those who forge the sender of a query.",
);

/// Whole zones are not given to everyone.
pub static NO_TRANSFER: Rule = rule(
    "dns.no-transfer",
    "RFC 1035",
    "4.1.1",
    "A server may refuse an operation for policy; this one refuses to hand out whole zones, and \
     whatever else is no type of records.",
    "A list of all hosts is what an intruder would begin with.",
);

/// The zone that is nearest above the name.
pub static NEAREST_ZONE: Rule = rule(
    "dns.zone-of-the-name",
    "RFC 1034",
    "4.3.2",
    "Of its zones a server takes the one whose top is nearest above the name.",
    "A server may hold a zone and one that was given away from it: the lower one knows better.",
);

/// 512 bytes.
pub static DATAGRAM_LIMIT: Rule = rule(
    "dns.datagram-limit",
    "RFC 1035",
    "4.2.1",
    "Without EDNS a datagram carries at most 512 bytes of DNS. Longer messages are cut short, and \
     TC is set.",
    "Every host must take an IP packet of 576 bytes; more might be broken into pieces and be lost.",
);

/// EDNS is answered with EDNS.
pub static EDNS_ANSWERED: Rule = rule(
    "dns.edns-answered",
    "RFC 6891",
    "6.1.1",
    "A query with an OPT record must be answered with one, and a query without one must be \
     answered without (section 7).",
    "So each side knows what the other understands, and programs of before 1999 are not confused.",
);

/// A server without EDNS.
pub static EDNS_UNKNOWN: Rule = rule(
    "dns.edns-unknown",
    "RFC 6891",
    "7",
    "A server that does not speak EDNS must answer a query with an OPT record with FORMERR, and \
     without an OPT record.",
    "The asker can tell such a server from one that finds fault with the question, and ask again \
     plainly.",
);

/// The size that both can take.
pub static EDNS_SIZE: Rule = rule(
    "dns.edns-size",
    "RFC 6891",
    "6.2.3",
    "The asker's OPT record states the largest datagram that it takes; below 512 counts as 512. \
     The server sends no more than that, nor than its own limit.",
    "The asker knows its own memory, and the server what size gets through without fragments.",
);

/// Versions of EDNS that nobody has defined.
pub static EDNS_VERSION: Rule = rule(
    "dns.edns-version",
    "RFC 6891",
    "6.1.3",
    "A query with a version of EDNS above 0 is answered with BADVERS, and with the highest version \
     that the server knows.",
    "The asker can ask again in that version.",
);

/// Several queries on one connection.
pub static PIPELINING: Rule = rule(
    "dns.pipelining",
    "RFC 7766",
    "6.2.1.1",
    "A client should not wait for the last answer before it sends its next query on a connection.",
    "The ids tell which answer belongs to which, so nobody has to wait for a round trip each time.",
);

/// Streams on which nothing whole comes.
pub static IDLE_STREAM: Rule = rule(
    "dns.idle-stream",
    "RFC 7766",
    "6.2.3",
    "A server closes a connection on which no whole message has come for some seconds.",
    "Each open connection costs memory. If part of a message counted, a few bytes now and then \
     would hold it open for ever.",
);

/// How a connection ends.
pub static TEARDOWN: Rule = rule(
    "dns.teardown",
    "RFC 7766",
    "6.2.4",
    "As a rule the client closes the connection; then the server does so too, and must send \
     nothing more.",
    "Whoever closes first keeps the port occupied for a while: better a client than the server.",
);

/// More streams than a server holds.
pub static TOO_MANY_STREAMS: Rule = rule(
    "dns.too-many-streams",
    "RFC 7766",
    "10",
    "A server is advised to limit how many connections it holds at a time.",
    "Otherwise anybody could use up its memory with connections that ask nothing.",
);

/// A changed zone has a new number.
pub static SERIAL: Rule = rule(
    "dns.serial",
    "RFC 1034",
    "4.3.5",
    "Whoever changes a zone advances the serial number in its SOA record.",
    "Servers that keep a copy look at this number alone to know whether to fetch the zone again.",
);
