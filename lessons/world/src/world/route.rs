//! Which links a flight takes: the fewest, and of as many the ones that the plan lists first.

use core::net::IpAddr;
use std::collections::VecDeque;

use smallvec::SmallVec;

use super::Direction;
use crate::entry::{HostId, LinkId};
use crate::plan::{Node, Plan};

/// The routes of a plan and its addresses. Routers know the way to each other, hosts only to the
/// nodes that they are linked to, so that ten thousand hosts need no table of all pairs.
#[derive(Debug)]
pub struct Routes {
    /// Every address in order, as numbers; beside them who has it. They are apart, so that a
    /// search reads half as much.
    addresses: Vec<u128>,
    /// Of several hosts at an address, as the plan lists them.
    owners: Vec<HostId>,
    /// The links that leave each host, in the order of the plan. Most hosts have one.
    leaving_hosts: Vec<SmallVec<[(Node, Hop); 1]>>,
    /// The links that leave each router.
    leaving_routers: Vec<Vec<(Node, Hop)>>,
    /// The ways from each router to every other, router by router; none where there is no way.
    between_routers: Vec<Option<Box<[Hop]>>>,
}

/// One link of a route and the way along it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hop {
    /// The link.
    pub link: LinkId,
    /// Which way.
    pub direction: Direction,
}

/// A way from a host to a host; no links at all from a host to itself.
#[derive(Clone, Copy, Debug)]
pub struct Route<'a> {
    first: Option<Hop>,
    middle: &'a [Hop],
    last: Option<Hop>,
}

impl<'a> Route<'a> {
    /// The links in order.
    pub fn hops(self) -> impl Iterator<Item = Hop> + 'a {
        self.first.into_iter().chain(self.middle.iter().copied()).chain(self.last)
    }
}

impl Routes {
    /// The routes of a plan.
    pub fn of(plan: &Plan) -> Routes {
        let owner = |(index, host): (usize, &crate::HostPlan)| (bits(host.address), index);
        let addresses = plan.hosts.iter().enumerate().map(owner);
        let mut addresses: Vec<_> = addresses.map(|(ip, at)| (ip, HostId(at as u32))).collect();
        addresses.sort_unstable();
        let (addresses, owners) = addresses.into_iter().unzip();
        let mut routes = Routes {
            addresses,
            owners,
            leaving_hosts: vec![SmallVec::new(); plan.hosts.len()],
            leaving_routers: vec![Vec::new(); plan.routers.len()],
            between_routers: Vec::new(),
        };
        for (index, link) in plan.links.iter().enumerate() {
            let id = LinkId(index as u32);
            let (a, b) = link.ends;
            routes.leave(a, b, Hop { link: id, direction: 0 });
            routes.leave(b, a, Hop { link: id, direction: 1 });
        }
        for router in 0..plan.routers.len() {
            let ways = routes.ways_from(router);
            routes.between_routers.extend(ways);
        }
        routes
    }

    /// The hosts that have this address: more than one where programs share a machine.
    pub fn hosts_at(&self, address: IpAddr) -> impl Iterator<Item = HostId> + Clone {
        let ip = bits(address);
        let from = self.addresses.partition_point(|other| *other < ip);
        let rest = self.addresses.iter().zip(&self.owners).skip(from);
        rest.take_while(move |(other, _)| **other == ip).map(|(_, host)| *host)
    }

    /// The links from one host to another; none where there is no way.
    pub fn between(&self, from: HostId, to: HostId) -> Option<Route<'_>> {
        if from == to {
            return Some(Route { first: None, middle: &[], last: None });
        }
        let out = self.leaving_hosts.get(from.0 as usize)?;
        if let Some((_, hop)) = out.iter().find(|(node, _)| *node == Node::Host(to.0)) {
            return Some(Route { first: Some(*hop), middle: &[], last: None });
        }
        let mut best: Option<Route<'_>> = None;
        for (near, first) in out {
            for (far, last) in self.leaving_hosts.get(to.0 as usize)? {
                let (Node::Router(near), Node::Router(far)) = (near, far) else { continue };
                let Some(middle) = self.way(*near, *far) else { continue };
                if best.is_none_or(|known| middle.len() < known.middle.len()) {
                    // A link is the same both ways: towards the host is the other way along it.
                    let last = Hop { direction: 1 - last.direction, ..*last };
                    best = Some(Route { first: Some(*first), middle, last: Some(last) });
                }
            }
        }
        best
    }

    /// A host at or near one end of a link: where a change of the link is written down.
    pub fn host_near(&self, plan: &Plan, link: LinkId) -> HostId {
        let ends = plan.links.get(link.0 as usize).map(|link| link.ends);
        match ends {
            Some((Node::Host(host), _)) | Some((Node::Router(_), Node::Host(host))) => HostId(host),
            Some((Node::Router(_), Node::Router(_))) | None => HostId(0),
        }
    }

    fn leave(&mut self, from: Node, to: Node, hop: Hop) {
        match from {
            Node::Host(host) => {
                self.leaving_hosts.get_mut(host as usize).map(|out| out.push((to, hop)))
            }
            Node::Router(router) => {
                self.leaving_routers.get_mut(router as usize).map(|out| out.push((to, hop)))
            }
        };
    }

    fn way(&self, near: u32, far: u32) -> Option<&[Hop]> {
        let routers = self.leaving_routers.len();
        self.between_routers.get(near as usize * routers + far as usize)?.as_deref()
    }

    /// Breadth first over routers only: hosts do not forward.
    fn ways_from(&self, from: usize) -> Vec<Option<Box<[Hop]>>> {
        let mut ways: Vec<Option<Box<[Hop]>>> = vec![None; self.leaving_routers.len()];
        ways[from] = Some(Box::default());
        let mut next = VecDeque::from([from]);
        while let Some(router) = next.pop_front() {
            let way = ways[router].clone().unwrap_or_default();
            for (node, hop) in &self.leaving_routers[router] {
                let Node::Router(further) = *node else { continue };
                let Some(known) = ways.get_mut(further as usize) else { continue };
                if known.is_none() {
                    *known = Some([&way, core::slice::from_ref(hop)].concat().into());
                    next.push_back(further as usize);
                }
            }
        }
        ways
    }
}

/// An address as a number; one of IPv4 is what RFC 4291 section 2.5.5.2 maps it to.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(ip) => ip.to_ipv6_mapped().to_bits(),
        IpAddr::V6(ip) => ip.to_bits(),
    }
}
