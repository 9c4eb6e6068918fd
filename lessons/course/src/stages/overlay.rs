//! What stages of overlays have in common: many like hosts around one router.

use core::net::Ipv4Addr;
use core::time::Duration;

use protocols::overlay::Key;
use world::{Churn, Conditions, Node, Prelude, Program};

use super::plan::Draft;
use super::{Domain, Params, Spec, Word};
use crate::measure::Kind;

/// The hosts of an overlay: those that are members when the student comes, then those that are
/// not.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Crowd {
    /// How many are members.
    pub members: usize,
    /// How many wait outside.
    pub outside: usize,
    /// How long a small message takes from one node to another and back, on average.
    rtt_secs: f64,
}

impl Crowd {
    /// The crowd of these parameters.
    pub fn of(params: &Params) -> Crowd {
        Crowd {
            members: params.number("nodes") as usize,
            outside: params.number("outside") as usize,
            rtt_secs: params.number("rtt"),
        }
    }

    /// How many hosts there are.
    pub fn hosts(&self) -> usize {
        self.members + self.outside
    }

    /// The address of a host.
    pub fn address(index: usize) -> Ipv4Addr {
        Ipv4Addr::from_bits(FIRST_ADDRESS.to_bits().saturating_add(index as u32))
    }

    /// How many hosts never go: those through which others find back.
    pub fn faithful(&self) -> usize {
        (self.members / 4).clamp(1, MOST_FAITHFUL)
    }

    /// A plan with the router in the middle.
    pub fn draft() -> Draft {
        let mut draft = Draft::new();
        draft.router("internet", (0, 0));
        draft
    }

    /// Adds a host with its link to the router.
    ///
    /// A few hosts are all equally far from each other, so that times can be predicted. Of many
    /// each has its own distance, from a quarter to seven quarters of the average.
    pub fn add(&self, draft: &mut Draft, index: usize, name: &str, id: Key, program: Program) {
        let near = match self.hosts() > FEW {
            true => 0.25 + 1.5 * f64::from(id.as_bytes()[Key::BYTES - 1]) / 255.0,
            false => 1.0,
        };
        let place = (1 + (index % ROW) as i16, 1 + (index / ROW) as i16);
        let host = draft.program(name, Crowd::address(index), place, program);
        // From one node to another and back is four times over a link.
        let delay = Duration::from_secs_f64((near * self.rtt_secs / 4.0).max(0.0));
        let link = Conditions { delay, ..Conditions::default() };
        draft.link(&format!("{name}'s link"), (host, Node::Router(0)), link);
    }

    /// How its members come and go.
    pub fn churn(&self, params: &Params) -> Option<Churn> {
        let session = every(params, "session")?;
        let hosts = self.faithful() as u32..self.members as u32;
        Some(Churn { hosts, session, absence: session / SESSIONS_AN_ABSENCE })
    }
}

/// A period out of the parameters; none where it is 0.
pub(super) fn every(params: &Params, name: &str) -> Option<Duration> {
    let secs = params.number(name);
    (secs > 0.0).then(|| Duration::from_secs_f64(secs))
}

/// Whether the overlay is to be made by its nodes, instead of beginning as they would make it.
pub(super) fn joins_slowly(params: &Params) -> bool {
    params.word("start") == "joined"
}

/// How many nodes there are.
pub(super) const NODES: Spec = Spec {
    name: "nodes",
    label: "Nodes",
    says: "How many nodes there are.",
    domain: Domain::Number { kind: Kind::Plain, least: 1.0, most: 10_000.0, default: 10.0 },
};

/// How many more there are that have not joined.
pub(super) const OUTSIDE: Spec = Spec {
    name: "outside",
    label: "Newcomers",
    says: "How many more hosts there are that have not joined.",
    domain: Domain::Number { kind: Kind::Plain, least: 0.0, most: 8.0, default: 0.0 },
};

/// How it begins.
pub(super) const START: Spec = Spec {
    name: "start",
    label: "Beginning",
    says: "How the overlay has come about.",
    domain: Domain::Word(&[
        Word { name: "settled", says: "Each node has the tables that the protocol leads to." },
        Word {
            name: "joined",
            says: "One node after another has joined by the protocol; with 500 nodes that takes \
                   three million steps, so it is for small overlays.",
        },
    ]),
};

/// How often nodes ask by themselves.
pub(super) const ASKS: Spec = Spec {
    name: "asks",
    label: "Own lookups",
    says: "How often each node looks up a key drawn by chance, on average; 0 for never.",
    domain: Domain::Number { kind: Kind::Time, least: 0.0, most: 86_400.0, default: 0.0 },
};

/// How long nodes stay.
pub(super) const SESSION: Spec = Spec {
    name: "session",
    label: "Session",
    says: "How long a node stays until it crashes, on average; 0 for ever. It is away for a \
           quarter of that.",
    domain: Domain::Number { kind: Kind::Time, least: 0.0, most: 86_400.0, default: 0.0 },
};

/// How far nodes are from each other.
pub(super) const RTT: Spec = Spec {
    name: "rtt",
    label: "Round-trip time",
    says: "How long a small message takes from one node to another and back, on average.",
    domain: Domain::Number { kind: Kind::Time, least: 0.0, most: 0.4, default: 0.060 },
};

/// Hosts are switched on before the history begins: ten thousand starts teach nothing.
pub(super) const SWITCHING_ON: Prelude = Prelude { lasts: Duration::from_millis(1), done: None };

/// The address of the first host.
const FIRST_ADDRESS: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);

/// Up to this many hosts are equally far from each other.
const FEW: usize = 24;

/// Hosts in a row of the map.
const ROW: usize = 100;

/// A few nodes that are always there, as a network has well-known ones to join through.
const MOST_FAITHFUL: usize = 4;

/// A node that has gone is back after a quarter of a session, so that four in five are there.
const SESSIONS_AN_ABSENCE: u32 = 4;
