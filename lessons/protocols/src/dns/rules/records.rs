//! The rules of records and what is in them (RFC 1035 section 3.3, RFC 3596, RFC 3597, RFC 6891).

use super::rule;
use crate::wire::Rule;

/// The rules of this topic.
pub(super) const ALL: &[&Rule] = &[
    &RECORD,
    &CLASS,
    &TTL,
    &RDLENGTH,
    &A,
    &AAAA,
    &NS,
    &CNAME,
    &SOA,
    &PTR,
    &MX,
    &TXT,
    &SRV,
    &UNKNOWN_TYPE,
    &OPT,
    &ONE_OPT,
];

/// A record.
pub static RECORD: Rule = rule(
    "dns.record",
    "RFC 1035",
    "4.1.3",
    "A record is a name, a type, a class, a time to live, the length of its data, and the data.",
    "All types have the same frame: a reader can pass over those that it does not know.",
);

/// The class.
pub static CLASS: Rule = rule(
    "dns.class",
    "RFC 1035",
    "3.2.4",
    "The class says in which world the record is true: 1 for the Internet.",
    "The same tree of names was meant to serve other networks too. Hardly anything else is left.",
);

/// The time to live.
pub static TTL: Rule = rule(
    "dns.ttl-field",
    "RFC 2181",
    "8",
    "The time to live is a number of seconds below 2^31. A value with the first bit set is taken \
     for zero.",
    "Some read it with a sign and some without: what would be negative for one is not remembered \
     at all.",
);

/// The length of the data.
pub static RDLENGTH: Rule = rule(
    "dns.rdlength",
    "RFC 1035",
    "4.1.3",
    "The length of the data is exactly what the type needs, and does not reach beyond the message.",
    "The next record begins after it. If it lies, everything after it is read at the wrong \
     place.",
);

/// An IPv4 address.
pub static A: Rule = rule(
    "dns.a",
    "RFC 1035",
    "3.4.1",
    "The data of an A record is an IPv4 address in four bytes.",
    "It is what most questions are about.",
);

/// An IPv6 address.
pub static AAAA: Rule = rule(
    "dns.aaaa",
    "RFC 3596",
    "2.2",
    "The data of an AAAA record is an IPv6 address in sixteen bytes.",
    "Four times as long as an A record's: hence the name.",
);

/// A name server.
pub static NS: Rule = rule(
    "dns.ns",
    "RFC 1035",
    "3.3.11",
    "An NS record names a host that serves the zone beginning at its owner.",
    "This is how the tree is divided among servers: the parent holds the NS records of the child.",
);

/// Another name.
pub static CNAME: Rule = rule(
    "dns.cname",
    "RFC 1034",
    "3.6.2",
    "A CNAME record says that its owner is an alias, and what it is an alias of. Whoever looks for \
     something else at the alias goes on with the other name.",
    "A host can be moved, or be given to somebody else to run, by changing one record.",
);

/// The start of a zone.
pub static SOA: Rule = rule(
    "dns.soa",
    "RFC 1035",
    "3.3.13",
    "The SOA record stands at the top of a zone: its version, who is responsible, how often copies \
     are renewed, and how long an absence may be remembered.",
    "Servers that keep copies must know when to look again; resolvers, how long no means no.",
);

/// A pointer.
pub static PTR: Rule = rule(
    "dns.ptr",
    "RFC 1035",
    "3.5",
    "A PTR record points to another name. Below in-addr.arpa stand addresses read backwards, and \
     point to the names of hosts.",
    "The tree is divided from the right, and addresses from the left: read backwards, they fit.",
);

/// A mail exchange.
pub static MX: Rule = rule(
    "dns.mx",
    "RFC 1035",
    "3.3.9",
    "An MX record names a host that takes mail for its owner, and its preference: lower is tried \
     first.",
    "Mail for a domain can go to hosts outside it, and to a second one while the first is down.",
);

/// Text.
pub static TXT: Rule = rule(
    "dns.txt",
    "RFC 1035",
    "3.3.14",
    "A TXT record holds one or more strings, each after its length in one byte.",
    "It holds what has no type of its own.",
);

/// Where a service is.
pub static SRV: Rule = rule(
    "dns.srv",
    "RFC 3597",
    "4",
    "An SRV record (RFC 2782) tells on which host and port a service is, with a priority (lower \
     first) and a weight among equals. Its target is written whole; a reader takes a pointer there \
     all the same.",
    "A service can be on any port of any host, and be shared among several. An earlier standard \
     for the record demanded pointers, and some still write them.",
);

/// Types that we do not know.
pub static UNKNOWN_TYPE: Rule = rule(
    "dns.unknown-type",
    "RFC 3597",
    "3",
    "The data of a type that a program does not know is kept as it is, byte for byte. Only names \
     in the types of RFC 1035 may be compressed.",
    "New types must pass through old servers. A pointer inside data that is copied to another \
     message would point anywhere.",
);

/// EDNS.
pub static OPT: Rule = rule(
    "dns.opt",
    "RFC 6891",
    "6.1",
    "The OPT record in the additional section is no data: its class holds the largest datagram \
     that the sender takes, its time to live more bits of the response code, a version and flags. \
     Its owner is the root.",
    "The header of 1987 had no room left. A record of a new type is passed over by those who do \
     not know it.",
);

/// One OPT record.
pub static ONE_OPT: Rule = rule(
    "dns.one-opt",
    "RFC 6891",
    "6.1.1",
    "A message has at most one OPT record, and it stands in the additional section. A query with \
     more than one is answered with a format error.",
    "Two of them could say different things about one sender.",
);
