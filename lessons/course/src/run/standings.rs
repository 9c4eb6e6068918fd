//! Where the nodes of an overlay stand at a moment of a run.

use world::{History, HostId, HostPlan};

use crate::measure::Standing;

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
