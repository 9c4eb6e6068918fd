//! A thousand worlds with churn and loss: after quiet time the ring is one ring, and every live
//! key is found.

use core::ops::Range;
use core::time::Duration;
use std::collections::BTreeMap;
use std::sync::Arc;

use protocols::chord::node::{Config, Lookups, Node};
use world::{Conditions, HostId, LinkId, Power};

use crate::die::{Die, in_a_thousand_worlds};
use crate::ring::{Ring, lively, small};

#[test]
fn after_quiet_time_the_ring_is_one_and_every_live_key_is_found() {
    in_a_thousand_worlds(hold_in_worlds);
}

fn hold_in_worlds(seeds: Range<u64>) {
    let (mut crashes, mut lost) = (0, 0);
    for seed in seeds {
        let outcome = churned(seed);
        crashes += outcome.crashes;
        lost += outcome.lost;
    }
    // The worlds are not idle: nodes do crash, and now and then all holders of a key at once.
    assert!(crashes > 500, "{crashes} crashes");
    println!("{crashes} crashes, {lost} keys died with all their holders");
}

struct Outcome {
    crashes: u32,
    lost: u32,
}

fn churned(seed: u64) -> Outcome {
    let mut die = Die(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut ring = stage(seed, &mut die);
    let count = ring.nodes.len() as u64;
    ring.run(15_000);
    let mut outcome = Outcome { crashes: 0, lost: 0 };
    let mut put: BTreeMap<u64, String> = BTreeMap::new();
    for turn in 0..6 + die.below(8) {
        // The two that others join through stay.
        let host = HostId((2 + die.below(count - 2)) as u32);
        match (die.below(3), ring.world.is_on(host)) {
            (0, true) => {
                ring.power(host, Power::Off);
                outcome.crashes += 1;
            }
            (1, true) if is_member(&ring, host) => {
                let act = world::Act::Command { host, text: "leave".to_string() };
                ring.meddle(&act);
            }
            (0 | 1, _) => {
                if !ring.world.is_on(host) {
                    ring.power(host, Power::On);
                }
            }
            _ => {
                let key = die.below(64);
                let text = format!("put #{key} s{seed}t{turn}");
                ring.meddle(&world::Act::Command { host: HostId(0), text });
                put.insert(key, String::new());
            }
        }
        ring.run(die.below(6_000));
    }
    calm_down(&mut ring);
    ring.run(QUIET_MS);
    ring.is_one_ring().unwrap_or_else(|why| panic!("seed {seed}: {why}"));
    for host in (0..ring.nodes.len() as u32).map(HostId).filter(|host| ring.world.is_on(*host)) {
        let state = ring.view(host).state;
        assert!(state == "Member" || state == "Outside" && host.0 > 1, "seed {seed}: {state}");
    }
    for key in put.into_keys() {
        let held = newest(&ring, key);
        let told = ask(&mut ring, HostId((key % 2) as u32), &format!("get #{key}"));
        match held {
            Some((_, value)) => {
                let right = format!("K{key} holds {value}, from ");
                assert!(told.starts_with(&right), "seed {seed}: {told}, not {value}");
            }
            None => outcome.lost += 1,
        }
    }
    outcome
}

/// A few to eleven nodes, of which the first makes the ring and the others join at once.
fn stage(seed: u64, die: &mut Die) -> Ring {
    let mut ids: Vec<u64> = (0..5 + die.below(7)).map(|_| die.below(64)).collect();
    ids.sort_unstable();
    ids.dedup();
    // Sorted identifiers would have the founder always first on the circle.
    let by = die.below(ids.len() as u64) as usize;
    ids.rotate_left(by);
    let lookups = [Lookups::Iterative, Lookups::Recursive][(seed % 2) as usize];
    let config = Arc::new(Config {
        lookups,
        retries: 2,
        joins_through: vec![small(ids[0]).address, small(ids[1]).address],
        joins_within: Duration::from_secs(5),
        fix_fingers_every: Some(Duration::from_secs(4)),
        check_predecessor_every: Some(Duration::from_secs(4)),
        ..lively(4, 3)
    });
    let conditions = Conditions {
        delay: Duration::from_millis(1 + die.below(30)),
        jitter: Duration::from_millis(die.below(40)),
        loss_ppm: if seed.is_multiple_of(3) { 0 } else { die.below(60_000) as u32 },
        double_ppm: die.below(100_000) as u32,
        ..Conditions::default()
    };
    let nodes = ids.iter().enumerate().map(|(at, id)| {
        let own = small(*id);
        (own, if at == 0 { Node::founder(&config, own) } else { Node::new(&config, own) })
    });
    Ring::new(nodes.collect(), &conditions, seed)
}

fn is_member(ring: &Ring, host: HostId) -> bool {
    ring.world.place(host).is_some_and(|place| place.is_member)
}

/// Nothing is lost from now on.
fn calm_down(ring: &mut Ring) {
    for link in 0..ring.nodes.len() as u32 {
        let link = LinkId(link);
        let now = ring.world.link(link).unwrap().conditions().clone();
        let conditions = Conditions { loss_ppm: 0, ..now };
        ring.meddle(&world::Act::Link { link, conditions });
    }
}

/// The newest copy of a key that any member holds: its version and value.
fn newest(ring: &Ring, key: u64) -> Option<(u32, String)> {
    let hosts = (0..ring.nodes.len() as u32).map(HostId);
    let on = hosts.filter(|host| ring.world.is_on(*host) && is_member(ring, *host));
    let rows = on.flat_map(|host| {
        let view = ring.view(host);
        let table = view.tables.into_iter().find(|table| table.title == "keys");
        table.map_or_else(Vec::new, |table| table.rows)
    });
    let of_key = rows.filter(|row| row.cells[0] == format!("K{key}"));
    of_key.map(|row| (row.cells[2].parse().unwrap(), row.cells[1].clone())).max()
}

/// What a node answers; the world is run until it does, and no longer.
fn ask(ring: &mut Ring, host: HostId, text: &str) -> String {
    let before = ring.told.len();
    ring.meddle(&world::Act::Command { host, text: text.to_string() });
    let is_answer = |(by, text): &&(HostId, String)| {
        let begins = ["K", "nothing", "failed", "not done"];
        *by == host && begins.iter().any(|begin| text.starts_with(begin))
    };
    for _ in 0..PATIENCE_MS / GLANCE_MS {
        if let Some((_, text)) = ring.told[before..].iter().find(is_answer) {
            return text.clone();
        }
        ring.run(GLANCE_MS);
    }
    "nothing at all".to_string()
}

/// Long enough for a lookup to end.
const PATIENCE_MS: u64 = 20_000;

/// How often one looks for its answer.
const GLANCE_MS: u64 = 200;

/// Long enough for a ring of eleven to be repaired one node a turn.
const QUIET_MS: u64 = 60_000;
