//! The rules of remembering answers (RFC 1034 section 5.3, RFC 2181, RFC 2308).

use super::rule;
use crate::wire::Rule;

/// The rules of this topic.
pub(super) const ALL: &[&Rule] = &[
    &CACHE_HIT,
    &TTL,
    &TTL_LIMIT,
    &NEGATIVE,
    &NEGATIVE_WITHOUT_SOA,
    &FAILURE,
    &TRUST,
    &GLUE_IS_NO_ANSWER,
    &BESIDE,
];

/// Answered from memory.
pub static CACHE_HIT: Rule = rule(
    "dns.cache-hit",
    "RFC 1034",
    "5.3.3",
    "What has been learnt before and is not too old is the answer; nobody is asked.",
    "Most names are asked for again and again. Without memory the root would be asked for \
     each of them.",
);

/// Time to live.
pub static TTL: Rule = rule(
    "dns.ttl",
    "RFC 1035",
    "3.2.1",
    "A record may be kept for as many seconds as its TTL says, and the TTL that is passed on \
     is what is left of it.",
    "The owner of the zone decides how long the world may go on with an old address after a \
     change.",
);

/// A TTL that is too long.
pub static TTL_LIMIT: Rule = rule(
    "dns.ttl-limit",
    "RFC 2181",
    "8",
    "A TTL is at most 2^31 - 1; one with the first bit set counts as 0. We keep nothing for \
     longer than a week.",
    "A mistake or a forged answer should not stay for years.",
);

/// Nothing can be kept as well.
pub static NEGATIVE: Rule = rule(
    "dns.negative",
    "RFC 2308",
    "5",
    "That a name or a record does not exist is kept for the smaller of the TTL of the zone's \
     SOA record and its MINIMUM field.",
    "Programs ask for names that do not exist all the time. Without this each of them would \
     go to the zone's servers.",
);

/// Nothing, without a term.
pub static NEGATIVE_WITHOUT_SOA: Rule = rule(
    "dns.negative-without-soa",
    "RFC 2308",
    "5",
    "A negative answer without an SOA record should not be kept.",
    "It states no time to live, and two servers could learn it from each other again and again, \
     for ever.",
);

/// A failure is kept as well.
pub static FAILURE: Rule = rule(
    "dns.failure-cached",
    "RFC 2308",
    "7.1",
    "That a question could not be answered may be kept for five minutes at most, and is the answer \
     until then. Ours keeps it for a few seconds.",
    "Whoever gets SERVFAIL asks again, and again. Servers that are down or overloaded would get \
     the whole search each time.",
);

/// Better sources win.
pub static TRUST: Rule = rule(
    "dns.trust",
    "RFC 2181",
    "5.4.1",
    "What a zone's own servers answer is trusted more than what another answer carries on the \
     side. Lesser data never replaces better.",
    "A referral's addresses are hints from the parent zone. They lead to the servers, and no \
     further.",
);

/// Glue is no answer.
pub static GLUE_IS_NO_ANSWER: Rule = rule(
    "dns.glue-is-no-answer",
    "RFC 2181",
    "5.4.1",
    "Addresses that came with a referral are used to reach the servers, and should never be given \
     as an answer.",
    "The parent only repeats what it was once told. The zone's own server knows what holds.",
);

/// Addresses beside an answer.
pub static BESIDE: Rule = rule(
    "dns.beside",
    "RFC 1034",
    "3.7",
    "The additional section holds records that help to use the answer. Ours keeps the addresses of \
     hosts that the answer names, if they are below the name that was asked for, and connects to \
     them without a further question.",
    "It spares a round trip. About a host elsewhere another zone decides; whoever answers here \
     could send us anywhere with it.",
);
