//! What a node of a settled ring weighs, with its host, link and alarms, counted by the allocator.

#[path = "chord/ring.rs"]
#[allow(dead_code, reason = "the stage of other tests as well")]
mod ring;

use std::alloc::System;
use std::time::Duration;

use protocols::chord::node::Config;
use ring::Ring;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[test]
fn a_node_with_everything_that_it_needs_weighs_less_than_four_kibibytes() {
    let nodes = ring::sorted(NODES);
    let empty = Region::new(COUNTED);
    let asks_every = Some(Duration::from_secs(30));
    let mut ring = Ring::settled(Config { asks_every, ..Config::default() }, nodes, &ring::calm());
    let at_first = held(&empty) / NODES as usize;
    // By then every alarm has rung, and lookups are on their way.
    ring.run(60_000);
    (ring.told, ring.measured) = Default::default();
    let each = held(&empty) / NODES as usize;
    println!("{at_first} bytes a node at first, {each} after a minute");
    assert!((500..4_096).contains(&each), "{each} bytes a node");
    assert!(each < at_first + 1_000, "{at_first}, then {each}: it grows");
    drop(ring);
}

/// Bytes that are held now and were not then.
fn held(since: &Region<'_, System>) -> usize {
    let stats = since.change();
    stats.bytes_allocated.saturating_sub(stats.bytes_deallocated)
}

const NODES: u32 = 2_000;
