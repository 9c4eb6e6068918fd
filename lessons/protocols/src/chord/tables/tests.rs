//! The tables of the paper's ring, and what becomes of them.

use core::net::{Ipv4Addr, SocketAddrV4};

use super::*;

/// The ring of the paper's figures: ten nodes in a space of 6 bits.
const RING: [u64; 10] = [1, 8, 14, 21, 32, 38, 42, 48, 51, 56];

fn node(id: u64) -> Contact {
    let address = SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, id as u8), 4000);
    Contact { id: Key::from_value(id), address }
}

fn ring() -> Vec<Contact> {
    RING.map(node).to_vec()
}

fn tables(id: u64, most: usize) -> Tables {
    let index = RING.iter().position(|node| *node == id).unwrap();
    Tables::settled(&ring(), index, 6, most, true).unwrap()
}

fn key(id: u64) -> Key {
    Key::from_value(id)
}

#[test]
fn the_fingers_of_node_8_are_those_of_the_paper() {
    // ToN 2003, figure 4: N14, N14, N14, N21, N32, N42.
    let tables = tables(8, 1);
    let fingers: Vec<_> = (0..6).map(|i| tables.finger(i).unwrap()).collect();
    assert_eq!(fingers, [14, 14, 14, 21, 32, 42].map(node));
    let kept: Vec<_> = tables.fingers().iter().map(|f| (f.from, f.to)).collect();
    assert_eq!(kept, [(3, 3), (4, 4), (5, 5)], "the successor is not kept twice");
    assert_eq!(tables.predecessor(), Some(node(1)));
}

#[test]
fn the_search_for_key_54_goes_from_8_over_42_and_51_to_56() {
    // ToN 2003, figure 4.
    assert_eq!(tables(8, 1).next(key(54), &[]), Next::Closer(node(42)));
    assert_eq!(tables(42, 1).next(key(54), &[]), Next::Closer(node(51)));
    assert_eq!(tables(51, 1).next(key(54), &[]), Next::Successor(vec![node(56)]));
    assert_eq!(tables(56, 1).next(key(54), &[]), Next::Own);
}

#[test]
fn a_key_equal_to_a_node_belongs_to_that_node() {
    assert_eq!(tables(8, 1).next(key(14), &[]), Next::Successor(vec![node(14)]));
    assert_eq!(tables(8, 1).next(key(8), &[]), Next::Own);
    assert_eq!(tables(8, 1).next(key(9), &[]), Next::Successor(vec![node(14)]));
}

#[test]
fn dead_nodes_are_passed_over_and_the_list_says_who_owns_the_key_then() {
    let tables = tables(8, 3);
    assert_eq!(tables.next(key(54), &[key(42)]), Next::Closer(node(32)));
    assert_eq!(tables.next(key(9), &[key(14)]), Next::Successor(vec![node(21), node(32)]));
    let everybody = RING.map(key);
    assert_eq!(tables.next(key(9), &everybody), Next::Nobody);
}

#[test]
fn the_last_successor_is_replaced_by_the_nearest_finger() {
    let mut tables = tables(8, 1);
    assert!(tables.forget(key(14)));
    assert_eq!(tables.successors(), [node(21)]);
    assert_eq!(tables.finger(3), Some(node(21)));
    assert_eq!(tables.fingers().len(), 2, "what the successor is needs no finger");
    assert!(!tables.forget(key(14)));
}

#[test]
fn a_finger_stands_for_every_exponent_up_to_its_distance() {
    let mut tables = Tables::new(node(8), 6);
    tables.set_successors(vec![node(9)], 4);
    assert_eq!(tables.next_finger(0), Some(1));
    assert_eq!(tables.set_finger(1, node(32)), Some(5), "24 away: fingers 1 to 4");
    assert_eq!(tables.set_finger(5, node(8)), None, "round to itself");
    assert_eq!(tables.finger(4), Some(node(32)));
    // A node that came between takes its part of the run away, in the middle too.
    assert_eq!(tables.set_finger(2, node(13)), Some(3));
    let runs: Vec<_> = tables.fingers().iter().map(|f| (f.from, f.to, f.contact)).collect();
    assert_eq!(runs, [(1, 1, node(32)), (2, 2, node(13)), (3, 4, node(32)), (5, 5, node(8))]);
    assert_eq!(tables.set_finger(1, node(13)), Some(3));
    assert_eq!(tables.fingers()[0], Finger { from: 1, to: 2, contact: node(13) });
}

#[test]
fn a_list_of_successors_ends_where_it_comes_round() {
    let mut tables = Tables::new(node(8), 6);
    tables.set_successors(vec![node(21), node(1), node(8), node(21)], 4);
    assert_eq!(tables.successors(), [node(21), node(1)]);
    tables.set_successors(vec![node(14), node(21), node(1)], 2);
    assert_eq!(tables.successors(), [node(14), node(21)]);
    tables.set_successors(vec![node(8)], 2);
    assert_eq!(tables.successors().len(), 2, "a list of nobody tells nothing");
}

#[test]
fn only_a_nearer_node_takes_the_predecessors_place() {
    let mut tables = Tables::new(node(8), 6);
    assert!(tables.offer_predecessor(node(32)));
    assert!(tables.offer_predecessor(node(1)));
    assert!(!tables.offer_predecessor(node(56)));
    assert!(!tables.offer_predecessor(node(8)));
    assert_eq!(tables.predecessor(), Some(node(1)));
}

#[test]
fn in_a_full_identifier_space_about_log_n_fingers_are_kept() {
    let address = |n: u32| SocketAddrV4::new(Ipv4Addr::from(0x0a00_0000 + n), 4000);
    let mut ring: Vec<_> = (0..1024).map(|n| Contact::hashed(address(n), 160)).collect();
    ring.sort();
    let kept: usize =
        (0..1024).map(|i| Tables::settled(&ring, i, 160, 4, true).unwrap().fingers().len()).sum();
    assert!((9..=11).contains(&(kept / 1024)), "{kept} fingers of 1024 nodes");
}
