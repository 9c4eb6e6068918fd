//! The rules of finding an answer from the root down (RFC 1034 section 5.3.3).

use super::rule;
use crate::wire::Rule;

/// The rules of this topic.
pub(super) const ALL: &[&Rule] = &[
    &ROOT_HINTS,
    &NEAREST,
    &REFERRAL,
    &BAILIWICK,
    &LAME,
    &GLUELESS,
    &WORK_LIMIT,
    &RECURSION,
    &NO_RECURSION,
    &FIT,
];

/// Beginning at the root.
pub static ROOT_HINTS: Rule = rule(
    "dns.root-hints",
    "RFC 1034",
    "5.3.2",
    "A resolver that knows no nearer server begins with those of the root, whose addresses it \
     was given.",
    "Every name ends at the root, so every search can begin there.",
);

/// Beginning as near as possible.
pub static NEAREST: Rule = rule(
    "dns.nearest-zone",
    "RFC 1034",
    "5.3.3",
    "The search begins at the servers of the nearest zone above the name that is known \
     already.",
    "A resolver that knows the servers of a domain leaves root and top level alone.",
);

/// A referral.
pub static REFERRAL: Rule = rule(
    "dns.follow-referral",
    "RFC 1034",
    "4.3.1",
    "A server that is not responsible names those that are nearer. They are asked next.",
    "No server has to know more than the zones directly below its own.",
);

/// Out of bailiwick.
pub static BAILIWICK: Rule = rule(
    "dns.bailiwick",
    "RFC 5452",
    "6",
    "From a server that was asked about one zone, records for names outside of that zone are \
     thrown away.",
    "The server of one domain could otherwise plant an address for a bank in every cache that asks \
     it anything.",
);

/// A lame server.
pub static LAME: Rule = rule(
    "dns.lame",
    "RFC 1912",
    "2.8",
    "A server that is named for a zone, but neither answers for it nor refers further down, \
     is left alone for this question.",
    "Somebody named it in the parent zone and did not set it up. The other servers may be \
     fine.",
);

/// A server without an address.
pub static GLUELESS: Rule = rule(
    "dns.glueless",
    "RFC 1034",
    "5.3.3",
    "When only the names of the servers are known, their addresses are looked up first, by \
     the same search.",
    "A zone's servers may lie in a zone that its parent knows nothing of.",
);

/// Only so much work.
pub static WORK_LIMIT: Rule = rule(
    "dns.work-limit",
    "RFC 1034",
    "5.3.3",
    "The amount of work for one question is limited: so many queries, so many lookups within \
     lookups.",
    "A referral to very many servers without addresses would let one query cause hundreds (the \
     NXNS attack of 2020).",
);

/// Recursion on demand.
pub static RECURSION: Rule = rule(
    "dns.recursion",
    "RFC 1034",
    "4.3.1",
    "A query with RD set is answered in full by a server that offers recursion, and RA in the \
     answer says that it does.",
    "The asking side decides whether it wants the answer or the next step.",
);

/// Recursion not wanted.
pub static NO_RECURSION: Rule = rule(
    "dns.no-recursion",
    "RFC 1034",
    "4.3.1",
    "Without RD a resolver answers from what it remembers, and asks nobody else; where it \
     remembers nothing, ours refuses.",
    "Whoever asks without RD wants to know what this server has.",
);

/// Only what fits.
pub static FIT: Rule = rule(
    "dns.fit-datagram",
    "RFC 1035",
    "4.2.1",
    "An answer that does not fit into the datagram that the asking side can take is cut off \
     between records and marked with TC.",
    "The asking side sees that something is missing and comes again over TCP.",
);
