//! How the hosts and links stand at a moment of a run.

use std::collections::BTreeMap;

use world::{History, HostId, HostPlan, LinkId};

use crate::lesson::Scene;
use crate::measure::{Expr, Standing};

impl Scene {
    /// Whether a goal or a formula of it asks how hosts and links stand: unless one does, that need
    /// not be found out at every moment.
    pub fn surveys(&self) -> bool {
        let goals = self.goals().flat_map(|goal| &goal.holds);
        let formulas = self.formulas().flat_map(|formula| [&formula.is, &formula.beside]);
        goals.chain(formulas).any(Expr::surveys)
    }
}

/// The bytes that links have carried, both ways together, by the name of the link.
pub(super) fn link_bytes(history: &History) -> BTreeMap<String, u64> {
    let mut bytes = BTreeMap::new();
    for (index, plan) in (0..).zip(&history.plan().links) {
        if let Some(link) = history.world().link(LinkId(index)) {
            *bytes.entry(plan.name.clone()).or_default() += link.lane(0).bytes + link.lane(1).bytes;
        }
    }
    bytes
}

/// The nodes of the overlay at the moment that is looked at.
pub(super) fn standings(history: &History) -> Vec<Standing> {
    let (world, hosts) = (history.world(), &history.plan().hosts);
    let is_crowd = hosts.len() > MOST_KNOWN;
    let standing = |(index, plan): (u32, &HostPlan)| {
        let host = HostId(index);
        Some(Standing {
            name: plan.name.clone(),
            place: world.place(host)?,
            is_on: world.is_on(host),
            pointers: if is_crowd { Vec::new() } else { world.pointers(host) },
        })
    };
    (0..).zip(hosts).filter_map(standing).collect()
}

/// In a larger crowd nobody asks whom a single node knows, and listing that takes time.
const MOST_KNOWN: usize = 100;
