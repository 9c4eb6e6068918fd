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
    /// Every address in order; of several hosts at one, as the plan lists them.
    blocks: Vec<Block>,
    /// The links that leave each host, in the order of the plan. Most hosts have one.
    leaving_hosts: Vec<SmallVec<[(Node, Hop); 1]>>,
    /// The links that leave each router.
    leaving_routers: Vec<Vec<(Node, Hop)>>,
    /// The ways from each router to every other, router by router; none where there is no way.
    between_routers: Vec<Option<Box<[Hop]>>>,
}

/// Neighbours by address that are neighbours in the plan too. Large stages number their hosts, and
/// are one block: to find a host among ten thousand then reads next to nothing.
#[derive(Debug)]
struct Block {
    /// The first address, as a number.
    first: u128,
    /// The last one.
    last: u128,
    /// The index of the host that has the first.
    owner: u32,
}

impl Block {
    /// The host of this block that has an address.
    fn owner(&self, ip: u128) -> HostId {
        HostId(self.owner + (ip - self.first) as u32)
    }
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
        let mut routes = Routes {
            blocks: blocks(plan),
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
        let from = self.blocks.partition_point(|block| block.last < ip);
        let rest = self.blocks.iter().skip(from);
        rest.take_while(move |block| block.first <= ip).map(move |block| block.owner(ip))
    }

    /// The links that leave a host.
    pub fn leaving(&self, host: HostId) -> impl Iterator<Item = LinkId> {
        let leaving = self.leaving_hosts.get(host.0 as usize);
        leaving.into_iter().flatten().map(|(_, hop)| hop.link)
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

/// The addresses of a plan in order. A block ends no later than the next one begins.
fn blocks(plan: &Plan) -> Vec<Block> {
    let mut owners: Vec<(u128, u32)> =
        plan.hosts.iter().zip(0..).map(|(host, index)| (bits(host.address), index)).collect();
    owners.sort_unstable();
    let mut blocks: Vec<Block> = Vec::new();
    for (ip, owner) in owners {
        match blocks.last_mut() {
            Some(block)
                if block.last.checked_add(1) == Some(ip) && block.owner(ip) == HostId(owner) =>
            {
                block.last = ip;
            }
            Some(_) | None => blocks.push(Block { first: ip, last: ip, owner }),
        }
    }
    blocks.shrink_to_fit();
    blocks
}

/// An address as a number; one of IPv4 is what RFC 4291 section 2.5.5.2 maps it to.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(ip) => ip.to_ipv6_mapped().to_bits(),
        IpAddr::V6(ip) => ip.to_bits(),
    }
}

#[cfg(test)]
mod tests {
    use core::net::Ipv4Addr;

    use super::*;
    use crate::plan::{HostPlan, Program};
    use crate::toy;

    fn addressed(addresses: &[u32]) -> Plan {
        let host = |(index, address): (usize, &u32)| HostPlan {
            name: index.to_string(),
            address: IpAddr::V4(Ipv4Addr::from_bits(*address)),
            program: Program::of(toy::Toy::caller()),
            place: (0, 0),
        };
        Plan { hosts: addresses.iter().enumerate().map(host).collect(), ..Plan::default() }
    }

    #[test]
    fn those_who_share_an_address_are_found_in_the_order_of_the_plan_and_nobody_else() {
        let addresses = [10, 11, 12, 11, 12, 13, 20, 19, 10, u32::MAX, 0];
        let routes = Routes::of(&addressed(&addresses));
        for address in [0, 1, 9, 10, 11, 12, 13, 14, 18, 19, 20, 21, u32::MAX - 1, u32::MAX] {
            let found = routes.hosts_at(IpAddr::V4(Ipv4Addr::from_bits(address)));
            let those = (0..).zip(addresses).filter(|(_, other)| *other == address);
            assert!(found.eq(those.map(|(index, _)| HostId(index))), "at {address}");
        }
    }

    #[test]
    fn ten_thousand_numbered_hosts_are_one_block() {
        let numbered: Vec<u32> = (77..10_077).collect();
        assert_eq!(Routes::of(&addressed(&numbered)).blocks.len(), 1);
    }
}
