//! How many keys a node holds (SIGCOMM 2001 section 6.2, figures 8 and 9).

use protocols::wire::counted;
use world::HostId;

use crate::rings::{Die, Ring, Scale, still};
use crate::table::{Row, Table, percentile};

/// The load of a node with 10^4 nodes and 5 x 10^5 keys.
pub fn per_node(scale: Scale) -> Table {
    let (nodes, keys) = match scale {
        Scale::Whole => (10_000, 500_000),
        Scale::Quick => (500, 10_000),
    };
    let mut loads = stored(nodes, keys);
    loads.sort_unstable();
    let mean = keys as f64 / nodes as f64;
    let rows = vec![
        Row::new("1st percentile / mean", percentile(&loads, 0.01) / mean, 0.0, 0.1),
        Row::new("99th percentile / mean", percentile(&loads, 0.99) / mean, 4.6, 0.5),
        // The largest of all is a matter of chance: 9.1 in the paper's one run.
        Row::new("largest / mean", percentile(&loads, 1.0) / mean, 9.1, 4.0),
    ];
    let title = format!("Keys of a node with {nodes} nodes and {keys} keys (figure 8b)");
    Table { title, rows }
}

/// The load of a machine that has several nodes on the ring. The paper has 10^4 machines and 10^6
/// keys; here there are fewer machines with as many keys each.
pub fn virtual_nodes(scale: Scale) -> Table {
    let (machines, mean) = match scale {
        Scale::Whole => (1_000, 100),
        Scale::Quick => (100, 40),
    };
    let mut rows = Vec::new();
    for (each, paper) in
        [(1, [0.0, 4.8]), (2, [0.1, 3.3]), (5, [0.3, 2.3]), (10, [0.4, 1.9]), (20, [0.5, 1.6])]
    {
        if scale == Scale::Quick && (each == 2 || each == 10) {
            continue;
        }
        let loads = stored(machines * each, machines * mean);
        // Which nodes one machine has is by chance: their places on the ring are hashes.
        let mut order: Vec<usize> = (0..loads.len()).collect();
        let mut die = Die(each as u64);
        (1..order.len()).rev().for_each(|at| order.swap(at, die.below(at + 1)));
        let of_machine = |nodes: &[usize]| nodes.iter().map(|node| loads[*node]).sum();
        let mut sums: Vec<u64> = order.chunks(each).map(of_machine).collect();
        sums.sort_unstable();
        let tolerance = if each == 1 { 0.8 } else { 0.5 };
        for (share, paper, within) in [(0.01, paper[0], 0.2), (0.99, paper[1], tolerance)] {
            let which = if share < 0.5 { "1st" } else { "99th" };
            let nodes = counted(each, "node");
            let what = format!("{nodes} each, {which} percentile / mean");
            rows.push(Row::new(what, percentile(&sums, share) / mean as f64, paper, within));
        }
    }
    let title =
        format!("Keys of a machine with several virtual nodes, {machines} machines (figure 9)");
    Table { title, rows }
}

/// Stores so many keys in a ring, each from a random node; how many each node holds.
fn stored(nodes: usize, keys: usize) -> Vec<u64> {
    let mut ring = Ring::settled(nodes, still(1), nodes as u64);
    let mut die = Die(keys as u64);
    for key in 0..keys {
        let host = HostId(die.below(nodes) as u32);
        ring.tell(host, format!("put key-{key} x"));
        if key % BATCH == BATCH - 1 {
            ring.drain();
            ring.told.clear();
            ring.measured.clear();
        }
    }
    ring.drain();
    let place = |host: usize| ring.world.place(HostId(host as u32));
    let loads: Vec<u64> = (0..nodes).filter_map(place).map(|place| place.holds.into()).collect();
    assert_eq!(loads.iter().sum::<u64>(), keys as u64, "every key is held once");
    loads
}

/// How many keys are on their way at once.
const BATCH: usize = 500;
