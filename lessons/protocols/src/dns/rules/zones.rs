//! The rules of zones: how a name is looked up in one, and how one is written down (RFC 1034
//! section 4.3, RFC 1035 section 5, RFC 2308).

use super::rule;
use crate::wire::Rule;

/// The rules of this topic.
pub(super) const ALL: &[&Rule] = &[
    &ZONE,
    &MASTER_FILE,
    &TTL_DIRECTIVE,
    &ALONE,
    &SAME_TTL,
    &LOOKUP,
    &DELEGATION,
    &GLUE,
    &ALIAS,
    &WILDCARD,
    &NO_DATA,
    &NO_SUCH_NAME,
    &NEGATIVE_TTL,
    &ADDITIONAL,
];

/// What a zone is.
pub static ZONE: Rule = rule(
    "dns.zone",
    "RFC 1034",
    "4.2",
    "A zone is a part of the tree that one organisation keeps: from its top, where one SOA record \
     and the NS records stand, down to where it gives parts away.",
    "Each organisation changes its own names without asking anybody above it.",
);

/// How a zone is written down.
pub static MASTER_FILE: Rule = rule(
    "dns.master-file",
    "RFC 1035",
    "5.1",
    "A master file has a record on each line: owner, time to live, class, type, data. Names \
     without a last dot are meant below the origin; a line that begins with a blank has the owner \
     of the line before it.",
    "Zones are kept by people, who should not have to write the same ending on every line.",
);

/// The default time to live.
pub static TTL_DIRECTIVE: Rule = rule(
    "dns.ttl-directive",
    "RFC 2308",
    "4",
    "$TTL gives the time to live of all records after it that state none.",
    "Hardly any record of a zone needs a time of its own.",
);

/// A CNAME record stands alone.
pub static ALONE: Rule = rule(
    "dns.cname-alone",
    "RFC 1034",
    "3.6.2",
    "Where a CNAME record stands, no other record does.",
    "All that there is to say about an alias is said at its canonical name. A cache that holds the \
     alias need not ask whether anything else stands there.",
);

/// A set of records has one time to live.
pub static SAME_TTL: Rule = rule(
    "dns.same-ttl",
    "RFC 2181",
    "5.2",
    "All records of one owner and type have the same time to live.",
    "If one of two addresses expired before the other, a cache would hold half an answer and take \
     it for the whole.",
);

/// How a name is found.
pub static LOOKUP: Rule = rule(
    "dns.lookup",
    "RFC 1034",
    "4.3.2",
    "In its zone a server goes down label by label until it finds the name, comes to a part that \
     was given away, or finds nothing.",
    "Each of the three has its own answer: the records, a referral, or no.",
);

/// A part that is given away.
pub static DELEGATION: Rule = rule(
    "dns.delegation",
    "RFC 1034",
    "4.3.2",
    "Where NS records stand below the top of a zone, the zone ends. About what is there and below, \
     its server only says who knows: a referral, without authority.",
    "The servers of the child have the data. The parent need not hear of changes in it.",
);

/// Addresses of servers that are inside what they serve.
pub static GLUE: Rule = rule(
    "dns.glue",
    "RFC 1034",
    "4.2.1",
    "If a name server of a child zone has its name inside that zone, the parent keeps its address \
     too and sends it along with the referral.",
    "To find the address one would have to ask the very server whose address it is.",
);

/// Aliases are followed within the zone.
pub static ALIAS: Rule = rule(
    "dns.alias-in-zone",
    "RFC 1034",
    "4.3.2",
    "When the name is an alias, the server puts the CNAME record into the answer and begins again \
     with the canonical name, as long as that is in its zones.",
    "The asker would have to ask for it next.",
);

/// Records for all names that do not exist.
pub static WILDCARD: Rule = rule(
    "dns.wildcard",
    "RFC 1034",
    "4.3.3",
    "Records of the name *.x stand for names below x that do not exist; the answer bears the name \
     that was asked for. A name that exists is not covered, not even for a type that it lacks, and \
     neither is what is below it.",
    "A zone can answer for names that nobody has written down.",
);

/// The name is there, and this type is not.
pub static NO_DATA: Rule = rule(
    "dns.no-data",
    "RFC 2308",
    "2.2",
    "If the name exists without a record of that type, the answer is empty, without error, and the \
     SOA record stands in the authority section.",
    "No address of the newer kind does not mean no such host.",
);

/// There is no such name.
pub static NO_SUCH_NAME: Rule = rule(
    "dns.no-such-name",
    "RFC 2308",
    "2.1",
    "If neither the name nor anything below it exists, the response code is NXDOMAIN, and the SOA \
     record stands in the authority section.",
    "It holds for every type: whoever knows it need not ask for the next.",
);

/// How long a no may be remembered.
pub static NEGATIVE_TTL: Rule = rule(
    "dns.negative-ttl",
    "RFC 2308",
    "3",
    "The SOA record of a negative answer has as its time to live the lesser of its own and the \
     minimum that it states: so long the no may be remembered.",
    "What does not exist has no record whose time to live could say it.",
);

/// Addresses that will be asked for next.
pub static ADDITIONAL: Rule = rule(
    "dns.additional",
    "RFC 1035",
    "3.3.9",
    "With NS, MX and SRV records a server sends the addresses of the hosts that they name, as far \
     as it has them.",
    "Whoever asks for a mail exchange wants to connect to it.",
);
