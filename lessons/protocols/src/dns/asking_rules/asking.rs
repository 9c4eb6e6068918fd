//! The rules of asking a name server: what makes an answer the answer (RFC 1035, RFC 5452).

use super::rule;
use crate::wire::Rule;

/// The rules of this topic.
pub(super) const ALL: &[&Rule] = &[
    &CONVERT,
    &STUB,
    &RANDOM_ID,
    &RANDOM_PORT,
    &OTHER_ID,
    &OTHER_SOURCE,
    &OTHER_QUESTION,
    &NO_RESPONSE,
    &UNREADABLE,
    &RETRY,
    &NEXT_SERVER,
    &TCP,
    &EDNS_OFFERED,
    &EDNS_FALLBACK,
    &EDNS_SILENCE,
    &COALESCE,
    &GIVE_UP,
    &ALIAS,
    &ALIAS_LIMIT,
];

/// A name is no address.
pub static CONVERT: Rule = rule(
    "dns.convert",
    "RFC 1123",
    "6.1.1",
    "Messages go to addresses. Where a program has only a host's name, the host's resolver must \
     find the address before anything can be sent.",
    "Names stay when machines move, and people can remember them. The network knows only \
     addresses.",
);

/// Asking a resolver.
pub static STUB: Rule = rule(
    "dns.stub",
    "RFC 1123",
    "6.1.3.1",
    "A host that does not resolve names itself asks a recursive name server and says with the \
     RD bit that it wants the whole work done.",
    "One server near many hosts can keep what it has found out for all of them, and the hosts \
     stay simple.",
);

/// Ids by chance.
pub static RANDOM_ID: Rule = rule(
    "dns.random-id",
    "RFC 5452",
    "9.2",
    "The id of a query is chosen by chance, each time anew, from all 65536.",
    "Whoever cannot see the query has to guess the id to have a false answer believed. Ids \
     that count up need no guessing.",
);

/// Ports by chance.
pub static RANDOM_PORT: Rule = rule(
    "dns.random-port",
    "RFC 5452",
    "9.2",
    "Each query is sent from a port chosen by chance.",
    "The id alone has 16 bits, which an attacker tries in seconds. The port multiplies the \
     number of guesses by some 50 000.",
);

/// The id is another.
pub static OTHER_ID: Rule = rule(
    "dns.other-id",
    "RFC 5452",
    "9.1",
    "A response whose id is not that of the query is thrown away, and the answer still waited \
     for.",
    "It is late, or forged by somebody who guesses. The true answer may yet come.",
);

/// It comes from elsewhere.
pub static OTHER_SOURCE: Rule = rule(
    "dns.other-source",
    "RFC 5452",
    "9.1",
    "A response must come from the address and port that the query was sent to. Others are \
     thrown away.",
    "Anybody can send a datagram to our port. Only the server that we asked has been trusted \
     with the question.",
);

/// It answers another question.
pub static OTHER_QUESTION: Rule = rule(
    "dns.other-question",
    "RFC 5452",
    "9.1",
    "A response repeats the question: same name, type and class. One that does not is thrown \
     away.",
    "An id is used again and again. Only the question tells a late answer from the one that \
     is wanted.",
);

/// It is a query.
pub static NO_RESPONSE: Rule = rule(
    "dns.no-response",
    "RFC 1035",
    "7.3",
    "A message without the QR bit is no response, whatever else it says; it is thrown away.",
    "To treat queries as answers would let two servers send the same message back and forth.",
);

/// It cannot be read.
pub static UNREADABLE: Rule = rule(
    "dns.unreadable-answer",
    "RFC 1035",
    "7.3",
    "A response that cannot be read is no answer. The next server is asked.",
    "Nothing in a message can be relied on once one length or pointer in it is wrong.",
);

/// No answer in time.
pub static RETRY: Rule = rule(
    "dns.retry",
    "RFC 1035",
    "4.2.1",
    "When no answer comes in time, the next server is asked, and when all have been asked, the \
     first again, with twice the wait (RFC 1123 section 6.1.3.3).",
    "Datagrams are lost without a word. Waiting longer each round keeps a crowd of askers from \
     burying a server that is only slow.",
);

/// The server cannot say.
pub static NEXT_SERVER: Rule = rule(
    "dns.next-server",
    "RFC 1034",
    "5.3.3",
    "When a server answers with an error of its own, such as SERVFAIL or REFUSED, another is \
     asked.",
    "The error says something about that server, nothing about the name.",
);

/// Truncated answers come again over TCP.
pub static TCP: Rule = rule(
    "dns.tcp-fallback",
    "RFC 2181",
    "9",
    "An answer with the TC bit should be ignored: the same question goes to the same server over \
     TCP.",
    "A datagram of plain DNS holds 512 bytes. A part of the addresses would look like all of them.",
);

/// Saying how large an answer may be.
pub static EDNS_OFFERED: Rule = rule(
    "dns.edns-offered",
    "RFC 6891",
    "6.2.3",
    "A query may have an OPT record that says how large a datagram its sender takes. It should be \
     a size that gets through; we say 1232.",
    "An answer that fits costs one round trip; over TCP it costs two more. With larger datagrams \
     the pieces of a fragmented one may be lost.",
);

/// A server without EDNS.
pub static EDNS_FALLBACK: Rule = rule(
    "dns.edns-fallback",
    "RFC 6891",
    "7",
    "Whoever speaks EDNS must fall back to plain DNS with those who do not. A server that answers \
     an OPT record with FORMERR, NOTIMP or BADVERS is asked again without one, and remembered.",
    "A server from before 1999 knows no OPT record, and knows the answer all the same.",
);

/// A server that says nothing to EDNS.
pub static EDNS_SILENCE: Rule = rule(
    "dns.edns-silence",
    "RFC 6891",
    "6.2.5",
    "An asker may fall back when larger sizes fail. After two rounds without an answer we ask \
     without EDNS.",
    "Some firewalls throw away what they do not know, and datagrams over 512 bytes, without a \
     word.",
);

/// Asked already.
pub static COALESCE: Rule = rule(
    "dns.coalesce",
    "RFC 5452",
    "5",
    "A question that is on its way already is not sent a second time: all who ask share the \
     answer.",
    "Many equal queries at once would give an attacker as many chances to guess one of their \
     ids.",
);

/// No server left.
pub static GIVE_UP: Rule = rule(
    "dns.give-up",
    "RFC 1034",
    "5.3.3",
    "There is a limit to what is done for one question. Beyond it the answer is that there is \
     none.",
    "Whoever asked has a user who waits; and a question built to make much work must not \
     succeed.",
);

/// The answer is an alias.
pub static ALIAS: Rule = rule(
    "dns.alias",
    "RFC 1034",
    "5.2.2",
    "A CNAME says that the name is another name for the canonical one. The question is asked \
     again for that one, unless its records are in the same answer.",
    "Whoever runs the canonical host can move it, and all its aliases move with it.",
);

/// Too many aliases.
pub static ALIAS_LIMIT: Rule = rule(
    "dns.alias-limit",
    "RFC 1034",
    "5.2.2",
    "Aliases that lead back to each other are an error. A chain of them is none, though it costs \
     time; we follow at most 16.",
    "Two aliases for each other would otherwise be followed for ever.",
);
