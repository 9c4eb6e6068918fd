//! How a key is found.

use protocols::chord::node::{Config, Lookups, Routing};
use protocols::overlay::{Key, quantity};
use world::{Act, HostId};

use crate::ring::{PAPER, Ring, calm, sorted, still};

#[test]
fn key_54_is_found_from_node_8_over_42_and_51() {
    // ToN 2003, figure 4.
    let mut ring = Ring::of_the_paper(still(1));
    assert_eq!(ring.ask(8, "lookup #54"), "K54 is at N56: 2 hops");
    // Two questions and answers on the way, and whether the owner is there.
    assert_eq!(ring.datagrams, 6);
    assert_eq!(ring.all(quantity::LATENCY_US), [3 * 40_000]);
}

#[test]
fn with_successors_only_the_question_goes_from_node_to_node() {
    let config = Config { routing: Routing::Successors, ..still(1) };
    let mut ring = Ring::of_the_paper(config);
    // ToN 2003, figure 3: 14, 21, 32, 38, 42, 48, 51 and then the answer is known.
    assert_eq!(ring.ask(8, "lookup #54"), "K54 is at N56: 7 hops");
}

#[test]
fn a_recursive_lookup_passes_the_same_nodes_in_half_the_time() {
    let config = Config { lookups: Lookups::Recursive, ..still(1) };
    let mut ring = Ring::of_the_paper(config);
    assert_eq!(ring.ask(8, "lookup #54"), "K54 is at N56: 2 hops");
    // 8 to 42 to 51 and straight back: three ways; then the owner is asked: two more.
    assert_eq!(ring.all(quantity::LATENCY_US), [5 * 20_000]);
    ring.run(1_000);
    // Two questions, each taken on; the answer; ping and pong.
    assert_eq!(ring.datagrams, 7);
}

#[test]
fn every_node_finds_every_key_of_a_small_ring() {
    for lookups in [Lookups::Iterative, Lookups::Recursive] {
        for routing in [Routing::Successors, Routing::Fingers] {
            let config = Config { lookups, routing, ..still(2) };
            let mut ring = Ring::of_the_paper(config);
            for from in PAPER {
                for key in 0..64 {
                    let owner = PAPER.iter().find(|node| **node >= key).unwrap_or(&PAPER[0]);
                    let told = ring.ask(from, &format!("lookup #{key}"));
                    let right = format!("K{key} is at N{owner}: ");
                    assert!(told.starts_with(&right), "{from} asks for {key}: {told}");
                }
            }
        }
    }
}

#[test]
fn a_ring_with_successors_only_takes_about_half_of_its_nodes() {
    let mean = mean_hops(64, Routing::Successors);
    assert!((28.0..36.0).contains(&mean), "{mean} hops among 64 nodes");
}

#[test]
fn with_fingers_it_takes_about_half_of_log2_n_and_hardly_ever_more_than_log2_n() {
    for (count, log) in [(16, 4.0), (64, 6.0), (256, 8.0)] {
        let mean = mean_hops(count, Routing::Fingers);
        assert!((mean - log / 2.0).abs() < 0.5, "{mean} hops among {count} nodes");
    }
}

fn mean_hops(count: u32, routing: Routing) -> f64 {
    let config = Config { bits: Key::BITS, routing, ..still(1) };
    let mut ring = Ring::settled(config, sorted(count), &calm());
    for lookup in 0..400_u32 {
        let host = HostId(lookup.wrapping_mul(2_654_435_761) % count);
        let text = format!("lookup file-{lookup}");
        ring.meddle(&Act::Command { host, text });
        ring.run(10_000);
    }
    let hops = ring.all(quantity::HOPS);
    assert_eq!(hops.len(), 400);
    let most = f64::from(count).log2() as u64;
    let longer = hops.iter().filter(|hops| **hops > most).count();
    assert!(routing == Routing::Successors || longer <= 8, "{longer} of 400 are longer");
    hops.iter().sum::<u64>() as f64 / 400.0
}
