//! What lookups cost after many nodes have crashed at once (ToN 2003, table II), and that the ring
//! is whole again after a while.

use core::time::Duration;

use protocols::chord::node::Config;
use protocols::overlay::{Key, Role, quantity};
use world::HostId;

use crate::rings::{Die, Ring, Scale, still};
use crate::table::{Row, Table, mean};

/// Path length and time-outs with 0 to 50 % of 1000 nodes gone, before anything is repaired. Our
/// lookups also ask the owner of the key whether it is there; the paper counts the time-outs on
/// the way to it only, so those at dead owners are taken off.
pub fn at_once(scale: Scale) -> Table {
    let paper = [
        (0, 3.84, 0.0),
        (10, 4.03, 0.60),
        (20, 4.22, 1.17),
        (30, 4.44, 2.02),
        (40, 4.69, 3.23),
        (50, 5.09, 5.10),
    ];
    let mut rows = Vec::new();
    for (percent, length, time_outs) in paper {
        if scale == Scale::Quick && percent % 25 != 0 {
            continue;
        }
        let run = Crashed::new(percent, scale);
        let what = |of: &str| format!("{percent} % failed: {of}");
        rows.push(Row::new(what("path length"), run.length, length, 0.35));
        rows.push(Row::new(what("time-outs"), run.time_outs, time_outs, 0.15 + time_outs * 0.25));
        rows.push(Row::new(what("right answers"), run.right, 1.0, 0.0));
    }
    let title = "Lookups right after many of 1000 nodes crashed, 20 successors each (ToN table II)";
    Table { title: title.to_string(), rows }
}

struct Crashed {
    length: f64,
    time_outs: f64,
    right: f64,
}

impl Crashed {
    fn new(percent: usize, scale: Scale) -> Crashed {
        let rounds = if scale == Scale::Whole { 10 } else { 1 };
        let (mut hops, mut time_outs) = (Vec::new(), Vec::new());
        let (mut right, mut all, mut at_owners) = (0, 0, 0);
        let mut die = Die(percent as u64 + 1);
        let mut crashed = Ring::settled(NODES, still(SUCCESSORS), 1);
        crash(&mut crashed, percent, &mut die);
        for _ in 0..rounds {
            // A node that has found another dead remembers it: each asks once, in the same ring.
            let mut ring = crashed.clone();
            for host in (0..NODES as u32).map(HostId) {
                if ring.world.is_on(host) {
                    all += 1;
                    let number = die.roll();
                    at_owners += dead_owners(&ring, number);
                    right += usize::from(finds(&mut ring, host, number));
                }
            }
            hops.extend_from_slice(ring.all(quantity::HOPS));
            time_outs.extend_from_slice(ring.all(quantity::TIMEOUTS));
        }
        Crashed {
            length: mean(&hops),
            time_outs: mean(&time_outs) - at_owners as f64 / all as f64,
            right: right as f64 / all as f64,
        }
    }
}

/// Half of the nodes crash; after some minutes of stabilisation every node that is left knows its
/// true neighbours, and lookups are as if nothing had happened.
pub fn afterwards(scale: Scale) -> Table {
    let mut die = Die(7);
    let repairs = Config {
        stabilise_every: Some(Duration::from_secs(10)),
        fix_fingers_every: Some(Duration::from_secs(10)),
        check_predecessor_every: Some(Duration::from_secs(10)),
        ..still(SUCCESSORS)
    };
    let nodes = if scale == Scale::Whole { NODES } else { 100 };
    let mut ring = Ring::settled(nodes, repairs, 1);
    crash(&mut ring, 50, &mut die);
    ring.run(Duration::from_secs(600));
    let on = |ring: &Ring, index: usize| ring.world.is_on(HostId(index as u32));
    let left: Vec<usize> = (0..nodes).filter(|index| on(&ring, *index)).collect();
    let linked = left.iter().zip(left.iter().cycle().skip(1)).filter(|(one, next)| {
        let known = ring.world.pointers(HostId(**one as u32));
        let successor = known.iter().find(|p| p.role == Role::Successor && p.rank == 0);
        successor.is_some_and(|p| p.id == ring.nodes[**next].id)
    });
    let linked = linked.count() as f64 / left.len() as f64;
    ring.measured.clear();
    let right = left.iter().filter(|index| finds(&mut ring, HostId(**index as u32), die.roll()));
    let right = right.count() as f64 / left.len() as f64;
    let rows = vec![
        Row::new("nodes with the right successor", linked, 1.0, 0.0),
        Row::new("right answers", right, 1.0, 0.0),
        Row::new("time-outs", mean(ring.all(quantity::TIMEOUTS)), 0.0, 0.05),
    ];
    let title =
        format!("Ten minutes after half of {nodes} nodes crashed (section 5.2: the ring holds)");
    Table { title, rows }
}

fn crash(ring: &mut Ring, percent: usize, die: &mut Die) {
    let count = ring.nodes.len();
    let mut order: Vec<u32> = (0..count as u32).collect();
    (1..count).rev().for_each(|at| order.swap(at, die.below(at + 1)));
    for host in order.into_iter().take(count * percent / 100) {
        ring.crash(HostId(host));
    }
}

/// How many crashed nodes lie from a key up to the live node that owns it.
fn dead_owners(ring: &Ring, number: u64) -> usize {
    let key = key_of(number);
    let owner = ring.owner(key);
    let at = ring.nodes.partition_point(|node| node.id < key);
    let round = (at..ring.nodes.len()).chain(0..at);
    round.take_while(|index| ring.nodes[*index] != owner).count()
}

/// The key that is looked up under a number.
fn key_of(number: u64) -> Key {
    Key::hash(format!("{number:016x}").as_bytes())
}

/// Whether a node's lookup of a key leads to the live node that owns it.
fn finds(ring: &mut Ring, host: HostId, number: u64) -> bool {
    let owner = ring.owner(key_of(number));
    let before = ring.told.len();
    ring.tell(host, format!("lookup {number:016x}"));
    ring.run(PATIENCE);
    let right = format!(" is at {owner}: ");
    ring.told[before..].iter().any(|(by, text)| *by == host && text.contains(&right))
}

const NODES: usize = 1_000;

/// The paper's r: twice log2 N.
const SUCCESSORS: u8 = 20;

/// Longer than any lookup takes: 32 time-outs.
const PATIENCE: Duration = Duration::from_secs(20);
