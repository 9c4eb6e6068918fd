//! The stage `web-proxy`: two browsers in one building, a caching proxy, and a narrow access link
//! to the servers beyond.

use super::specs::{LOSS, MODE, OBJECTS, PARALLEL, RTT, SIZE};
use super::{Domain, Spec, Word};
use crate::measure::Kind;

/// The parameters of the stage.
pub(super) const SPECS: &[Spec] = &[RTT, ACCESS, LOSS, PROXY, MODE, PARALLEL, OBJECTS, SIZE, HITS];

/// The bandwidth of the access link.
const ACCESS: Spec = Spec {
    name: "access",
    label: "Access link",
    says: "How many bits a second the link from the building to the rest carries each way.",
    domain: Domain::Number { kind: Kind::Rate, least: 1e3, most: 10e9, default: 2e6 },
};

/// Whether the browsers go through the proxy.
const PROXY: Spec = Spec {
    name: "proxy",
    label: "Proxy",
    says: "Whether the browsers send their requests through the proxy.",
    domain: Domain::Word(&[
        Word { name: "off", says: "The browsers go to the servers themselves." },
        Word { name: "on", says: "The browsers ask the proxy for everything." },
    ]),
};

/// How much of one page another browser has fetched already.
const HITS: Spec = Spec {
    name: "hits",
    label: "Hit rate",
    says: "The share of the pictures of Bob's page that Alice's page has too.",
    domain: Domain::Number { kind: Kind::Share, least: 0.0, most: 1.0, default: 0.4 },
};
