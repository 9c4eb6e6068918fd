//! Which links a flight takes: the fewest, found once for each pair of hosts.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::Direction;
use crate::entry::{HostId, LinkId};
use crate::plan::{Node, Plan};

/// Every route between two hosts of a plan.
#[derive(Debug, Default)]
pub struct Routes {
    hops: BTreeMap<(HostId, HostId), Rc<[Hop]>>,
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
    /// The routes of a plan: the fewest links, and of as many the ones listed first.
    pub fn of(plan: &Plan) -> Routes {
        let mut neighbours: BTreeMap<Node, Vec<(Node, Hop)>> = BTreeMap::new();
        for (index, link) in plan.links.iter().enumerate() {
            let id = LinkId(index as u32);
            let (a, b) = link.ends;
            neighbours.entry(a).or_default().push((b, Hop { link: id, direction: 0 }));
            neighbours.entry(b).or_default().push((a, Hop { link: id, direction: 1 }));
        }
        let mut routes = Routes::default();
        for host in 0..plan.hosts.len() as u32 {
            routes.from(HostId(host), &neighbours);
        }
        routes
    }

    /// The links from one host to another; none where there is no way.
    pub fn between(&self, from: HostId, to: HostId) -> Option<Rc<[Hop]>> {
        if from == to {
            return Some(Rc::from([]));
        }
        self.hops.get(&(from, to)).cloned()
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
    fn from(&mut self, from: HostId, neighbours: &BTreeMap<Node, Vec<(Node, Hop)>>) {
        let start = Node::Host(from.0);
        let mut ways: BTreeMap<Node, Vec<Hop>> = BTreeMap::from([(start, Vec::new())]);
        let mut next = VecDeque::from([start]);
        while let Some(node) = next.pop_front() {
            let way = ways.get(&node).cloned().unwrap_or_default();
            for (neighbour, hop) in neighbours.get(&node).into_iter().flatten() {
                if ways.contains_key(neighbour) {
                    continue;
                }
                let mut further = way.clone();
                further.push(*hop);
                match neighbour {
                    Node::Host(to) => {
                        self.hops.insert((from, HostId(*to)), Rc::from(further.as_slice()));
                    }
                    Node::Router(_) => next.push_back(*neighbour),
                }
                ways.insert(*neighbour, further);
            }
        }
    }
}
