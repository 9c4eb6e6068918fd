//! The published numbers of Chord beside those of the lab's own machines.
//!
//! `cargo run --release -p course --example chord_figures`; with `--quick` smaller rings, for a
//! test. Every lookup is made by simulated nodes that send each other real bytes. The papers are
//! those of SIGCOMM 2001 and IEEE/ACM Transactions on Networking 11(1), 2003. The program ends
//! with 1 if a number lies further from the paper's than the tolerance that is printed beside it.

mod chance;
mod failures;
mod load;
mod paths;
mod rings;
mod table;

use std::process::ExitCode;

use rings::Scale;

fn main() -> ExitCode {
    let is_quick = std::env::args().any(|argument| argument == "--quick");
    let scale = if is_quick { Scale::Quick } else { Scale::Whole };
    let mut is_right = true;
    println!("{WHAT_COUNTS}");
    for figure in [paths::lengths, paths::distribution, load::per_node, load::virtual_nodes] {
        is_right &= figure(scale).print();
    }
    for figure in [failures::at_once, failures::afterwards] {
        is_right &= figure(scale).print();
    }
    if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

const WHAT_COUNTS: &str = "\
A path is as long as it asks nodes: those that name a nearer node, and the one before the key, which
names the key's owner. The asker is not counted, and neither is the owner, though our lookups ask it
too whether it is there. The paper counts in the same way: with 1000 nodes and 20 successors each it
expects half of log2 1000, less half of log2 20, and 1 for the step to the node before the key,
which makes 3.82 (ToN 2003, section V-D).

`follows` is what a calculation gives for nodes at places by chance. The paper's half of log2 N is
the mean count of ones in a distance of log2 N bits, which is right for nodes at equal distances. A
finger that points to the first node behind its start goes a little further than that start, so that
rings of hashes need 0.14 nodes less. In a small ring it also counts that one key in N is the
asker's own, which it knows without asking anybody.";
