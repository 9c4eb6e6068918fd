//! Which links a flight takes: the fewest, and of as many the ones that the plan lists first.

use core::net::IpAddr;
use std::collections::{BTreeMap, VecDeque};

use super::Direction;
use crate::entry::{HostId, LinkId};
use crate::plan::{Node, Plan};

/// The routes of a plan and its addresses. Routers know the way to each other, hosts only to the
/// nodes that they are linked to, so that ten thousand hosts need no table of all pairs.
#[derive(Debug, Default)]
pub struct Routes {
    hosts: BTreeMap<IpAddr, Vec<HostId>>,
    /// The links that leave each node, in the order of the plan.
    leaving: BTreeMap<Node, Vec<(Node, Hop)>>,
    /// The ways from each router to every other.
    between_routers: BTreeMap<(u32, u32), Vec<Hop>>,
}

/// One link of a route and the way along it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hop {
    /// The link.
    pub link: LinkId,
    /// Which way.
    pub direction: Direction,
}

impl Routes {
    /// The routes of a plan.
    pub fn of(plan: &Plan) -> Routes {
        let mut routes = Routes::default();
        for (index, link) in plan.links.iter().enumerate() {
            let id = LinkId(index as u32);
            let (a, b) = link.ends;
            let mut leave = |from, to, direction| {
                routes.leaving.entry(from).or_default().push((to, Hop { link: id, direction }));
            };
            leave(a, b, 0);
            leave(b, a, 1);
        }
        for (index, host) in plan.hosts.iter().enumerate() {
            routes.hosts.entry(host.address).or_default().push(HostId(index as u32));
        }
        for router in 0..plan.routers.len() as u32 {
            routes.reach_from(router);
        }
        routes
    }

    /// The hosts that have this address: more than one where programs share a machine.
    pub fn hosts_at(&self, address: IpAddr) -> &[HostId] {
        self.hosts.get(&address).map_or(&[], Vec::as_slice)
    }

    /// The links from one host to another; none where there is no way.
    pub fn between(&self, from: HostId, to: HostId) -> Option<Vec<Hop>> {
        if from == to {
            return Some(Vec::new());
        }
        let out = self.leaving.get(&Node::Host(from.0))?;
        if let Some((_, hop)) = out.iter().find(|(node, _)| *node == Node::Host(to.0)) {
            return Some(vec![*hop]);
        }
        let mut best: Option<(Hop, &[Hop], Hop)> = None;
        for (near, first) in out {
            for (far, last) in self.leaving.get(&Node::Host(to.0))? {
                let (Node::Router(near), Node::Router(far)) = (near, far) else { continue };
                let Some(middle) = self.between_routers.get(&(*near, *far)) else { continue };
                if best.is_none_or(|(_, known, _)| middle.len() < known.len()) {
                    // A link is the same both ways: towards the host is the other way along it.
                    let last = Hop { direction: 1 - last.direction, ..*last };
                    best = Some((*first, middle, last));
                }
            }
        }
        let (first, middle, last) = best?;
        Some([&[first], middle, &[last]].concat())
    }

    /// A host at or near one end of a link: where a change of the link is written down.
    pub fn host_near(&self, plan: &Plan, link: LinkId) -> HostId {
        let ends = plan.links.get(link.0 as usize).map(|link| link.ends);
        match ends {
            Some((Node::Host(host), _)) | Some((Node::Router(_), Node::Host(host))) => HostId(host),
            Some((Node::Router(_), Node::Router(_))) | None => HostId(0),
        }
    }

    /// Breadth first over routers only: hosts do not forward.
    fn reach_from(&mut self, from: u32) {
        self.between_routers.insert((from, from), Vec::new());
        let mut next = VecDeque::from([from]);
        while let Some(router) = next.pop_front() {
            let way = self.between_routers.get(&(from, router)).cloned().unwrap_or_default();
            for (node, hop) in self.leaving.get(&Node::Router(router)).into_iter().flatten() {
                let Node::Router(further) = *node else { continue };
                self.between_routers.entry((from, further)).or_insert_with(|| {
                    next.push_back(further);
                    [way.as_slice(), &[*hop]].concat()
                });
            }
        }
    }
}
