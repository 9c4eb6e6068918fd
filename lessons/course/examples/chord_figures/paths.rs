//! How many nodes a lookup asks (SIGCOMM 2001 section 6.3, figure 10).

use protocols::overlay::quantity;
use protocols::wire::counted;
use world::HostId;

use crate::chance;
use crate::rings::{Die, Ring, Scale, still};
use crate::table::{Row, Table, mean};

/// The mean path length for rings of 2^3 to 2^14 nodes.
pub fn lengths(scale: Scale) -> Table {
    let largest = match scale {
        Scale::Whole => 14,
        Scale::Quick => 8,
    };
    let row = |exponent: u32| {
        let hops = lookups(exponent, scale);
        let paper = f64::from(exponent) / 2.0;
        let follows = chance::mean(&chance::shares(1 << exponent));
        let what = format!("2^{exponent} nodes");
        Row::new(what, mean(&hops), paper, LENGTH_TOLERANCE)
            .follows(follows, by_chance(scale, 0.04))
    };
    Table {
        title: "Mean path length; the paper: about half of log2 N (figure 10a)".to_string(),
        rows: (3..=largest).map(row).collect(),
    }
}

/// How path lengths are distributed in a ring of 2^12 nodes. The paper's curve is that of how many
/// ones a number of 12 bits has, each bit 0 or 1 with the same chance (section 6.3).
pub fn distribution(scale: Scale) -> Table {
    let exponent = match scale {
        Scale::Whole => 12,
        Scale::Quick => 8,
    };
    let hops = lookups(exponent, scale);
    let share = |length: u64| {
        hops.iter().filter(|hops| **hops == length).count() as f64 / hops.len() as f64
    };
    let follows = chance::shares(1 << exponent);
    let mut ways = 1.0;
    let row = |length: u32| {
        let paper = ways / f64::from(exponent).exp2();
        ways *= f64::from(exponent - length) / f64::from(length + 1);
        let what = format!("{} asked", counted(length, "node"));
        let follows = follows.get(length as usize).copied().unwrap_or(0.0);
        let share = share(length.into());
        Row::new(what, share, paper, SHARE_TOLERANCE).follows(follows, by_chance(scale, 0.012))
    };
    Table {
        title: format!(
            "Shares of path lengths among 2^{exponent} nodes; the paper: bell-shaped around half \
             of log2 N (figure 10b)"
        ),
        rows: (0..=exponent).map(row).collect(),
    }
}

/// The path lengths of lookups of random keys, each from a random node, over several rings.
fn lookups(exponent: u32, scale: Scale) -> Vec<u64> {
    let (count, wanted) = (1_usize << exponent, if scale == Scale::Whole { 20_000 } else { 4_000 });
    // Small rings differ much from each other.
    let rings = ((1 << 11) >> exponent).clamp(1, if scale == Scale::Whole { 256 } else { 64 });
    let mut hops = Vec::new();
    for seed in 1..=rings {
        let mut ring = Ring::settled(count, still(1), seed);
        let mut die = Die(seed);
        let mut left = wanted / rings as usize;
        while left > 0 {
            let batch = left.min(count * 8);
            left -= batch;
            for _ in 0..batch {
                let host = HostId(die.below(count) as u32);
                ring.tell(host, format!("lookup {:016x}", die.roll()));
            }
            ring.drain();
        }
        hops.extend_from_slice(ring.all(quantity::HOPS));
    }
    assert!(hops.len() * 100 >= wanted * 99, "{} of {wanted} lookups end", hops.len());
    hops
}

/// About four standard errors of what is measured; with a fifth of the lookups twice as much.
fn by_chance(scale: Scale, whole: f64) -> f64 {
    match scale {
        Scale::Whole => whole,
        Scale::Quick => 2.0 * whole,
    }
}

/// The paper says "about": in rings of nodes by chance it is 0.14 less (see [`chance`]), and here
/// a node that owns the key itself knows it at once, which counts in the smallest rings.
const LENGTH_TOLERANCE: f64 = 0.4;

/// As far as a curve can be read off a figure.
const SHARE_TOLERANCE: f64 = 0.03;
