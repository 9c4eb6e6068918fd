//! Parameters that several stages have, said once.

use super::{Domain, Spec, Word};
use crate::measure::Kind;

/// How long a small message takes to the servers and back.
pub(super) const RTT: Spec = Spec {
    name: "rtt",
    label: "Round-trip time",
    says: "How long a small message takes to the server and back.",
    domain: Domain::Number { kind: Kind::Time, least: 0.0, most: 2.0, default: 0.060 },
};

/// How far away the server is that a host asks for names.
pub(super) const LOCAL: Spec = Spec {
    name: "local",
    label: "Round-trip time to the name server",
    says: "How long a message takes to the server that is asked for names, and back.",
    domain: Domain::Number { kind: Kind::Time, least: 0.0, most: 2.0, default: 0.004 },
};

/// The same where names are not what is taught: far enough for question and answer to be seen apart
/// on a ladder that shows a page, and nearer than the servers that the page is from.
pub(super) const NEAR: Spec = Spec {
    domain: Domain::Number { kind: Kind::Time, least: 0.0, most: 2.0, default: 0.020 },
    ..LOCAL
};

/// How hosts find the address of a name.
pub(super) const NAMES: Spec = Spec {
    name: "names",
    label: "Names",
    says: "How hosts find the address of a name.",
    domain: Domain::Word(&[
        Word { name: "asked", says: "They ask a name server, over DNS, and remember the answer." },
        Word { name: "known", says: "Each has a file with the addresses of the others." },
    ]),
};

/// How many bits a second a link carries.
pub(super) const BANDWIDTH: Spec = Spec {
    name: "bandwidth",
    label: "Bandwidth",
    says: "How many bits a second the link carries each way; 0 for no limit.",
    domain: Domain::Number { kind: Kind::Rate, least: 0.0, most: 10e9, default: 0.0 },
};

/// How many pictures a page has.
pub(super) const OBJECTS: Spec = Spec {
    name: "objects",
    label: "Objects",
    says: "How many pictures the page refers to.",
    domain: Domain::Number { kind: Kind::Plain, least: 0.0, most: 40.0, default: 8.0 },
};

/// How large a picture is.
pub(super) const SIZE: Spec = Spec {
    name: "size",
    label: "Size of an object",
    says: "How many bytes the content of each picture has.",
    domain: Domain::Number { kind: Kind::Size, least: 1.0, most: 1e6, default: 1000.0 },
};

/// How a browser uses connections.
pub(super) const MODE: Spec = Spec {
    name: "mode",
    label: "Connections",
    says: "How the browser uses connections.",
    domain: Domain::Word(&[
        Word { name: "persistent", says: "One connection, one request at a time." },
        Word { name: "serial", says: "A connection for each object, one after the other." },
        Word { name: "parallel", says: "A connection for each object, several at once." },
        Word { name: "pipelined", says: "One connection, requests sent without waiting." },
    ]),
};

/// Which version of HTTP a browser speaks.
pub(super) const VERSION: Spec = Spec {
    name: "version",
    label: "Version",
    says: "The version of HTTP that the browser speaks.",
    domain: Domain::Word(&[
        Word { name: "1.1", says: "Connections persist, and Host is required." },
        Word { name: "1.0", says: "A connection for each exchange, unless both ends agree." },
    ]),
};

/// How many connections a browser opens at once in parallel mode.
pub(super) const PARALLEL: Spec = Spec {
    name: "parallel",
    label: "Connections at once",
    says: "How many connections the browser opens at most at the same time.",
    domain: Domain::Number { kind: Kind::Plain, least: 1.0, most: 16.0, default: 5.0 },
};

/// How much a link loses.
pub(super) const LOSS: Spec = Spec {
    name: "loss",
    label: "Loss",
    says: "The share of segments that the link loses.",
    domain: Domain::Number { kind: Kind::Share, least: 0.0, most: 0.5, default: 0.0 },
};
