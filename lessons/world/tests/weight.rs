//! What a host, an entry and a step cost, counted by the allocator.

#[path = "../examples/swarm/mainline.rs"]
mod mainline;
#[path = "../examples/swarm/peer.rs"]
mod peer;
#[path = "../examples/swarm/ring.rs"]
mod ring;
#[path = "../examples/swarm/stage.rs"]
mod stage;

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use world::{History, World};

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// One test, since the count is of the whole process.
#[test]
fn a_step_allocates_little_and_a_host_and_an_entry_weigh_little() {
    let plan = stage::swarm(HOSTS);
    let empty = Region::new(COUNTED);
    let mut world = World::new(&plan, 1);
    // Every host has its alarms and something on its way by then.
    run(&mut world, 5 * HOSTS);
    let host = held(&empty) / HOSTS as usize;
    assert!((500..4_096).contains(&host), "{host} bytes a host");

    let before = Region::new(COUNTED);
    run(&mut world, STEPS);
    let stats = before.change();
    let each = (stats.allocations + stats.reallocations) as f64 / f64::from(STEPS);
    assert!((0.5..5.0).contains(&each), "{each} allocations a step");
    assert!(held(&before) < 200 * HOSTS as usize, "a world that runs does not grow");

    let mut history = History::new(plan, 1);
    history.run(5 * HOSTS);
    let before = Region::new(COUNTED);
    history.run(STEPS);
    let with_worlds = held(&before) / STEPS as usize;
    let kept = history.trace().entries.to_vec();
    drop(history);
    let entry = held(&before) / STEPS as usize;
    assert!((200..600).contains(&entry), "{entry} bytes an entry");
    assert!((entry..2_000).contains(&with_worlds), "{with_worlds} bytes an entry and its worlds");
    drop(kept);

    let plan = ring::ring(HOSTS);
    let empty = Region::new(COUNTED);
    let mut world = World::new(&plan, 1);
    run(&mut world, 20 * HOSTS);
    let node = held(&empty) / HOSTS as usize;
    assert!((1_000..4_096).contains(&node), "{node} bytes a node of Chord");
    drop(world);

    let [few, many] = [HOSTS, MOST_HOSTS].map(node_of_kademlia);
    assert!((2_000..4_096).contains(&few), "{few} bytes a node of Kademlia");
    // Ten times as many are 3.3 bits more, and for each bit it knows eight others more.
    let bucket = 8 * 32;
    assert!(
        (few + 2 * bucket..few + 4 * bucket).contains(&many),
        "{few}, and {many} among ten thousand"
    );
    assert!(many < 4_096, "{many} bytes a node of Kademlia among {MOST_HOSTS}");
    println!("bytes: {node} a node of Chord, {few} of Kademlia, {many} among {MOST_HOSTS}");
    println!("bytes: {host} a peer, {entry} an entry");
    println!("{with_worlds} bytes an entry with its worlds, {each} allocations a step");
}

/// What a node of Kademlia weighs among so many.
fn node_of_kademlia(hosts: u32) -> usize {
    let plan = mainline::mainline(hosts);
    let empty = Region::new(COUNTED);
    let mut world = World::new(&plan, 1);
    run(&mut world, 20 * hosts);
    held(&empty) / hosts as usize
}

fn run(world: &mut World, steps: u32) {
    for _ in 0..steps {
        world.step();
    }
}

/// Bytes that are held now and were not then.
fn held(since: &Region<'_, System>) -> usize {
    let stats = since.change();
    let (taken, given) = (stats.bytes_allocated, stats.bytes_deallocated);
    taken.saturating_sub(given)
}

const HOSTS: u32 = 1_000;
const MOST_HOSTS: u32 = 10_000;
const STEPS: u32 = 20_000;
