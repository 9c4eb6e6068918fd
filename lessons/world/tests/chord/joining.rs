//! Joining a ring and leaving it.

use core::net::SocketAddrV4;
use std::sync::Arc;

use protocols::chord::node::{Config, Node};
use protocols::overlay::Role;
use world::{Act, Power};

use crate::ring::{Ring, calm, dialled, lively, small};

/// Nodes that are outside, but for the first, which makes a ring.
fn outside(ids: &[u64], config: Config) -> Ring {
    let config = Arc::new(config);
    let nodes = ids.iter().enumerate().map(|(at, id)| {
        let own = small(*id);
        (own, if at == 0 { Node::founder(&config, own) } else { Node::new(&config, own) })
    });
    Ring::new(nodes.collect(), &calm(), 7)
}

fn neighbours(ring: &Ring, id: u64) -> (Option<u64>, Option<u64>) {
    let of = |role| ring.known(ring.host(id), role).first().and_then(|p| p.id.value());
    (of(Role::Predecessor), of(Role::Successor))
}

#[test]
fn a_node_joins_between_two_others_and_is_woven_in_by_stabilisation() {
    // SIGCOMM 2001 section 5.1, drawn in ToN 2003, figure 7: node 26 joins between 21 and 32.
    let mut ring = outside(&[21, 32, 26], lively(1, 1));
    ring.tell(32, &format!("join {}", dialled(small(21))));
    ring.run(10_000);
    assert_eq!(neighbours(&ring, 21), (Some(32), Some(32)));
    ring.tell(26, &format!("join {}", dialled(small(21))));
    ring.run(100);
    assert_eq!(neighbours(&ring, 26), (None, Some(32)), "it knows its successor, and no more");
    assert_eq!(neighbours(&ring, 21).1, Some(32), "nobody knows of it yet");
    ring.run(10_000);
    assert_eq!(neighbours(&ring, 26), (Some(21), Some(32)));
    assert_eq!(neighbours(&ring, 21), (Some(32), Some(26)));
    assert_eq!(neighbours(&ring, 32), (Some(26), Some(21)));
}

#[test]
fn the_keys_between_its_predecessor_and_itself_move_to_a_node_that_joins() {
    let mut ring = outside(&[21, 32, 26], lively(1, 1));
    ring.tell(32, &format!("join {}", dialled(small(21))));
    ring.run(10_000);
    for key in [22, 24, 26, 27, 30, 5] {
        assert!(ring.ask(21, &format!("put #{key} v{key}")).starts_with("stored"));
    }
    let held = |ring: &Ring, id| ring.column(ring.host(id), "keys", 0);
    assert_eq!(held(&ring, 32), ["K22", "K24", "K26", "K27", "K30"]);
    ring.tell(26, &format!("join {}", dialled(small(21))));
    ring.run(10_000);
    assert_eq!(held(&ring, 26), ["K22", "K24", "K26"]);
    assert_eq!(held(&ring, 32), ["K27", "K30"]);
    assert_eq!(held(&ring, 21), ["K5"]);
    assert!(ring.told.contains(&(ring.host(32), "keys moved to N26: 3".to_string())));
    assert_eq!(ring.ask(32, "get #24"), "K24 holds v24, from N26");
}

#[test]
fn a_node_that_leaves_hands_its_keys_over_and_links_its_neighbours() {
    let mut ring = Ring::of_the_paper(lively(2, 1));
    for key in [22, 30, 32] {
        assert!(ring.ask(8, &format!("put #{key} v{key}")).starts_with("stored"));
    }
    ring.tell(32, "leave");
    let host = ring.host(32);
    assert_eq!(ring.until(host, |text| text.starts_with("left")), "left the ring");
    // At once, without waiting for anybody's next turn.
    assert_eq!(neighbours(&ring, 21).1, Some(38));
    assert_eq!(neighbours(&ring, 38).0, Some(21));
    let held = ring.column(ring.host(38), "keys", 0);
    assert_eq!(held, ["K22", "K30", "K32"]);
    assert_eq!(ring.ask(8, "get #30"), "K30 holds v30, from N38");
    assert_eq!(ring.ask(32, "lookup #30"), "not done: the node is not a member of a ring");
}

#[test]
fn a_join_is_tried_again_until_the_member_answers() {
    let mut ring = outside(&[21, 32], lively(2, 1));
    let member = ring.host(21);
    ring.power(member, Power::Off);
    ring.tell(32, &format!("join {}", dialled(small(21))));
    ring.run(5_000);
    let host = ring.host(32);
    let tries = ring.told.iter().filter(|(by, t)| *by == host && t.starts_with("not joined"));
    assert!(tries.count() >= 2);
    ring.power(member, Power::On);
    ring.until(host, |text| text.starts_with("joined"));
    ring.run(10_000);
    ring.is_one_ring().unwrap();
    assert_eq!(neighbours(&ring, 21), (Some(32), Some(32)));
}

#[test]
fn a_ring_of_one_answers_every_question_itself() {
    let mut ring = outside(&[21], lively(2, 1));
    assert_eq!(ring.ask(21, "lookup #54"), "K54 is at N21: 0 hops");
    assert_eq!(ring.ask(21, "put #54 x"), "stored K54 at N21");
    assert_eq!(ring.ask(21, "get #54"), "K54 holds x, from N21");
    assert_eq!(ring.ask(21, "get #55"), "nothing is stored under K55");
    assert_eq!(ring.datagrams, 0);
}

#[test]
fn the_second_of_two_nodes_with_one_identifier_goes_away() {
    let twin = protocols::chord::Contact {
        address: SocketAddrV4::new([10, 0, 9, 9].into(), 4000),
        ..small(32)
    };
    let config = Arc::new(lively(2, 1));
    let nodes = [small(21), small(32), small(40), twin];
    let programs = [
        Node::founder(&config, nodes[0]),
        Node::new(&config, nodes[1]),
        Node::new(&config, nodes[2]),
        Node::new(&config, nodes[3]),
    ];
    let mut ring = Ring::new(nodes.into_iter().zip(programs).collect(), &calm(), 7);
    for host in [1, 2, 3] {
        let text = format!("join {}", dialled(small(21)));
        ring.meddle(&Act::Command { host: world::HostId(host), text });
        ring.run(10_000);
    }
    let says = "not done: another node has this identifier".to_string();
    assert!(ring.told.contains(&(world::HostId(3), says)), "{:?}", ring.told);
    assert_eq!(neighbours(&ring, 21), (Some(40), Some(32)));
}

#[test]
fn two_rings_that_have_each_settled_stay_two_however_long_they_stabilise() {
    // SIGCOMM 2001 sections 5.1 and 7: to stabilisation each of them looks whole.
    let joins_through = vec![small(1).address, small(32).address];
    let config = Arc::new(Config { joins_through, ..lively(4, 1) });
    let programs = |ids: &[u64]| {
        let mut nodes: Vec<_> = ids.iter().map(|id| small(*id)).collect();
        nodes.sort();
        let settled = |at| (nodes[at], Node::settled(&config, &nodes, at).unwrap());
        (0..nodes.len()).map(settled).collect::<Vec<_>>()
    };
    let (odd, even) = ([1, 21, 51], [14, 32, 42]);
    let nodes = [programs(&odd), programs(&even)].concat();
    let mut ring = Ring::new(nodes, &calm(), 7);
    ring.run(3_600_000);
    let next = |ring: &Ring, id| neighbours(ring, id).1;
    assert_eq!(odd.map(|id| next(&ring, id)), [Some(21), Some(51), Some(1)]);
    assert_eq!(even.map(|id| next(&ring, id)), [Some(32), Some(42), Some(14)]);
    assert!(ring.ask(1, "lookup #40").starts_with("K40 is at N51: "));
    assert!(ring.ask(14, "lookup #40").starts_with("K40 is at N42: "));
}
