//! The network map as geometry: where hosts and routers stand, and the way of a flight.

use std::collections::VecDeque;

use world::{Node, Plan};

/// A plan with a place for every node.
#[derive(Clone, PartialEq, Debug)]
pub struct Map {
    /// The places of the hosts, by index.
    pub hosts: Vec<(f32, f32)>,
    /// The places of the routers, by index.
    pub routers: Vec<(f32, f32)>,
    /// The ends of the links, by index.
    pub links: Vec<((f32, f32), (f32, f32))>,
}

/// Finds a place for every node of a plan in a room of this size.
pub fn layout(plan: &Plan, width: f32, height: f32) -> Map {
    let places = plan.hosts.iter().map(|host| host.place);
    let places: Vec<(i16, i16)> = places.chain(plan.routers.iter().map(|r| r.place)).collect();
    let range = |of: fn(&(i16, i16)) -> i16| {
        let least = places.iter().map(of).min().unwrap_or(0);
        let most = places.iter().map(of).max().unwrap_or(0);
        (f32::from(least), f32::from(most))
    };
    let (left, right) = range(|place| place.0);
    let (top, bottom) = range(|place| place.1);
    let scaled = |at: i16, from: f32, to: f32, room: f32, margin: f32| match to > from {
        true => margin + (f32::from(at) - from) / (to - from) * (room - 2.0 * margin),
        false => room / 2.0,
    };
    let at = |place: &(i16, i16)| {
        let margin = if width < NARROW_PX { NARROW_MARGIN_PX } else { MARGIN_PX };
        (
            scaled(place.0, left, right, width, margin),
            scaled(place.1, top, bottom, height, MARGIN_PX),
        )
    };
    let hosts: Vec<_> = plan.hosts.iter().map(|host| at(&host.place)).collect();
    let routers: Vec<_> = plan.routers.iter().map(|router| at(&router.place)).collect();
    let mut map = Map { hosts, routers, links: Vec::new() };
    map.links = plan.links.iter().map(|link| (map.at(link.ends.0), map.at(link.ends.1))).collect();
    map
}

impl Map {
    /// Where a node stands.
    fn at(&self, node: Node) -> (f32, f32) {
        let found = match node {
            Node::Host(host) => self.hosts.get(host as usize),
            Node::Router(router) => self.routers.get(router as usize),
        };
        found.copied().unwrap_or_default()
    }

    /// The corners of the way from one host to another, over the fewest links.
    pub fn way(&self, plan: &Plan, from: u32, to: u32) -> Vec<(f32, f32)> {
        let (start, end) = (Node::Host(from), Node::Host(to));
        let mut seen = vec![start];
        let mut ways = VecDeque::from([vec![start]]);
        while let Some(way) = ways.pop_front() {
            let Some(last) = way.last().copied() else { continue };
            if last == end {
                return way.into_iter().map(|node| self.at(node)).collect();
            }
            if matches!(last, Node::Host(_)) && last != start {
                continue;
            }
            for link in &plan.links {
                let next = match link.ends {
                    (one, other) if one == last => other,
                    (one, other) if other == last => one,
                    _ => continue,
                };
                if !seen.contains(&next) {
                    seen.push(next);
                    ways.push_back(way.iter().copied().chain([next]).collect());
                }
            }
        }
        vec![self.at(start), self.at(end)]
    }
}

/// The point at this share of a way.
pub fn along(way: &[(f32, f32)], share: f32) -> (f32, f32) {
    let length = |pair: &[(f32, f32)]| match pair {
        [a, b] => (b.0 - a.0).hypot(b.1 - a.1),
        _ => 0.0,
    };
    let total: f32 = way.windows(2).map(length).sum();
    let mut left = total * share.clamp(0.0, 1.0);
    for pair in way.windows(2) {
        let here = length(pair);
        if let [a, b] = pair
            && left <= here
            && here > 0.0
        {
            let part = left / here;
            return (a.0 + (b.0 - a.0) * part, a.1 + (b.1 - a.1) * part);
        }
        left -= here;
    }
    way.last().copied().unwrap_or_default()
}

const MARGIN_PX: f32 = 110.0;
const NARROW_MARGIN_PX: f32 = 64.0;
/// Narrower rooms have the smaller margin.
const NARROW_PX: f32 = 520.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flight_is_where_its_time_has_brought_it() {
        let way = [(0.0, 0.0), (10.0, 0.0), (10.0, 30.0)];
        assert_eq!(along(&way, 0.0), (0.0, 0.0));
        assert_eq!(along(&way, 0.25), (10.0, 0.0));
        assert_eq!(along(&way, 0.5), (10.0, 10.0));
        assert_eq!(along(&way, 2.0), (10.0, 30.0));
    }
}
