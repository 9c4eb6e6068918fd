//! The stage `web`: one browser, one link, one web server.

use super::{Domain, Spec, Word};
use crate::measure::Kind;

/// The parameters of the stage.
pub(super) const SPECS: &[Spec] = &[
    Spec {
        name: "rtt",
        label: "Round-trip time",
        says: "How long a small message takes to the server and back.",
        domain: Domain::Number { kind: Kind::Time, least: 0.0, most: 2.0, default: 0.060 },
    },
    Spec {
        name: "bandwidth",
        label: "Bandwidth",
        says: "How many bits a second the link carries each way; 0 for no limit.",
        domain: Domain::Number { kind: Kind::Rate, least: 0.0, most: 10e9, default: 10e6 },
    },
    Spec {
        name: "objects",
        label: "Objects",
        says: "How many images the page refers to.",
        domain: Domain::Number { kind: Kind::Plain, least: 0.0, most: 40.0, default: 8.0 },
    },
    Spec {
        name: "size",
        label: "Size of an object",
        says: "How many bytes the content of each image has.",
        domain: Domain::Number { kind: Kind::Size, least: 1.0, most: 1e6, default: 1000.0 },
    },
    Spec {
        name: "mode",
        label: "Connections",
        says: "How the browser uses connections.",
        domain: Domain::Word(MODES),
    },
    Spec {
        name: "parallel",
        label: "Connections at once",
        says: "How many connections the browser opens at most at the same time.",
        domain: Domain::Number { kind: Kind::Plain, least: 1.0, most: 16.0, default: 5.0 },
    },
    Spec {
        name: "loss",
        label: "Loss",
        says: "The share of segments that the link loses.",
        domain: Domain::Number { kind: Kind::Share, least: 0.0, most: 0.5, default: 0.0 },
    },
];

/// How a browser can use connections.
const MODES: &[Word] = &[
    Word { name: "persistent", says: "One connection for everything, one request at a time." },
    Word { name: "serial", says: "A connection for each object, one after the other." },
    Word { name: "parallel", says: "A connection for each object, several at once." },
    Word { name: "pipelined", says: "One connection, requests sent without waiting." },
];
