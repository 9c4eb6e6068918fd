//! Nodes that crash without a word.

use protocols::chord::node::{Config, Lookups, Routing};
use protocols::overlay::{Role, quantity};
use world::Power;

use crate::ring::{PAPER, Ring, lively, still};

fn crash(ring: &mut Ring, id: u64) {
    let host = ring.host(id);
    ring.power(host, Power::Off);
}

#[test]
fn with_one_successor_each_and_no_fingers_a_crash_breaks_the_ring_for_good() {
    let config = Config { routing: Routing::Successors, ..lively(1, 1) };
    let mut ring = Ring::of_the_paper(config);
    crash(&mut ring, 14);
    ring.run(60_000);
    assert!(ring.is_one_ring().is_err());
    assert_eq!(ring.ask(1, "lookup #30"), "failed: K30: nobody is left to ask");
    assert!(ring.told.contains(&(ring.host(8), "cut off: no successor is left".to_string())));
}

#[test]
fn with_four_successors_each_the_ring_heals_after_three_crashes_in_a_row() {
    let config = Config { routing: Routing::Successors, ..lively(4, 1) };
    let mut ring = Ring::of_the_paper(config);
    for id in [14, 21, 32] {
        crash(&mut ring, id);
    }
    ring.run(30_000);
    ring.is_one_ring().unwrap();
    assert_eq!(ring.ask(8, "lookup #9"), "K9 is at N38: 0 hops");
    let successors = ring.known(ring.host(8), Role::Successor);
    let ids: Vec<_> = successors.iter().filter_map(|p| p.id.value()).collect();
    assert_eq!(ids, [38, 42, 48, 51]);
}

#[test]
fn right_after_the_crashes_of_14_21_and_32_node_8_is_wrong_about_key_30() {
    // SIGCOMM 2001 section 5.2 and ToN 2003 section IV-E: with nobody but fingers to go on with, 8
    // takes 42 for its successor; the right one, 38, it does not know.
    let mut ring = Ring::of_the_paper(lively(1, 1));
    for id in [14, 21, 32] {
        crash(&mut ring, id);
    }
    let host = ring.host(8);
    ring.until(host, |text| text == "the successor is N42 now");
    assert_eq!(ring.ask(8, "lookup #30"), "K30 is at N42: 0 hops");
    ring.run(30_000);
    ring.is_one_ring().unwrap();
    assert_eq!(ring.ask(8, "lookup #30"), "K30 is at N38: 0 hops");
}

#[test]
fn a_dead_node_on_the_way_costs_a_time_out_and_is_gone_round() {
    for lookups in [Lookups::Iterative, Lookups::Recursive] {
        let mut ring = Ring::of_the_paper(Config { lookups, retries: 0, ..still(2) });
        crash(&mut ring, 51);
        // 42 is asked again and names 48, which knows whom 51 was followed by.
        assert_eq!(ring.ask(8, "lookup #54").split(',').next(), Some("K54 is at N56: 2 hops"));
        if lookups == Lookups::Iterative {
            assert_eq!(ring.all(quantity::TIMEOUTS), [1]);
        }
        let again = ring.ask(8, "lookup #55");
        assert!(again.starts_with("K55 is at N56: 2 hops"), "{again}");
    }
}

#[test]
fn a_dead_owner_is_noticed_and_the_node_after_it_taken() {
    let mut ring = Ring::of_the_paper(Config { retries: 0, ..still(3) });
    crash(&mut ring, 56);
    assert_eq!(ring.ask(8, "lookup #54"), "K54 is at N1: 2 hops, 1 time-out");
    let mut ring = Ring::of_the_paper(Config { retries: 0, ..still(1) });
    crash(&mut ring, 56);
    assert_eq!(ring.ask(8, "lookup #54"), "failed: K54: no node that should have it answers");
    assert_eq!(ring.all(quantity::FAILED), [1]);
}

#[test]
fn a_value_survives_the_crash_of_its_owner_where_copies_are_kept() {
    for (replicas, found) in [(1, false), (3, true)] {
        let mut ring = Ring::of_the_paper(lively(4, replicas));
        assert_eq!(ring.ask(8, "put #54 song"), "stored K54 at N56");
        ring.run(1_000);
        crash(&mut ring, 56);
        let at_once = ring.ask(8, "get #54");
        assert_eq!(at_once.starts_with("K54 holds song, from N1"), found, "{at_once}");
        ring.run(30_000);
        let told = ring.ask(21, "get #54");
        assert_eq!(told == "K54 holds song, from N1", found, "{told}");
        // The copies have moved on: two more may crash.
        let holders = PAPER.iter().filter(|id| **id != 56);
        let holders = holders.filter(|id| !ring.column(ring.host(**id), "keys", 0).is_empty());
        assert_eq!(holders.count(), if found { 3 } else { 0 });
    }
}

#[test]
fn a_node_that_was_off_joins_again_through_a_member_and_has_forgotten_its_keys() {
    let through = *crate::ring::small(1).address.ip();
    let joins_through = vec![core::net::SocketAddrV4::new(through, 4000)];
    let mut ring = Ring::of_the_paper(Config { joins_through, ..lively(4, 3) });
    assert_eq!(ring.ask(8, "put #54 song"), "stored K54 at N56");
    ring.run(1_000);
    let host = ring.host(56);
    ring.power(host, Power::Off);
    ring.run(20_000);
    ring.power(host, Power::On);
    ring.run(40_000);
    ring.is_one_ring().unwrap();
    assert_eq!(ring.ask(8, "get #54"), "K54 holds song, from N56", "its successor gave it back");
}
