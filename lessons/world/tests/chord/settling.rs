//! A ring that has come about node by node has the tables that are computed for it.

use core::time::Duration;
use std::sync::Arc;

use protocols::chord::Contact;
use protocols::chord::node::{Config, Node};
use protocols::overlay::Key;
use world::HostId;

use crate::ring::{Ring, calm, lively, sorted};

#[test]
fn sixty_four_nodes_that_joined_one_by_one_have_the_tables_of_a_settled_ring() {
    joined_is_settled(64, 300);
}

#[test]
fn so_have_two_hundred_and_fifty_six() {
    joined_is_settled(256, 600);
}

fn joined_is_settled(count: u32, within_s: u64) {
    let nodes = sorted(count);
    let config = Config {
        bits: Key::BITS,
        joins_through: vec![nodes[0].address],
        joins_within: Duration::from_secs(60),
        fix_fingers_every: Some(Duration::from_secs(2)),
        ..lively(4, 1)
    };
    let shared = Arc::new(config.clone());
    let program = |(at, own): (usize, &Contact)| match at {
        0 => (*own, Node::founder(&shared, *own)),
        _ => (*own, Node::new(&shared, *own)),
    };
    let mut joined =
        Ring::new(nodes.iter().enumerate().map(program).collect(), &calm(), count.into());
    let settled = Ring::settled(config, nodes, &calm());
    let differs = |joined: &Ring| {
        let hosts = (0..count).map(HostId);
        hosts.filter(|host| joined.world.pointers(*host) != settled.world.pointers(*host)).count()
    };
    for _ in 0..within_s / 20 {
        joined.run(20_000);
        if differs(&joined) == 0 {
            return joined.is_one_ring().unwrap();
        }
    }
    panic!("{} of {count} nodes differ after {within_s} s", differs(&joined));
}
