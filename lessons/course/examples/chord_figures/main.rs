//! The published numbers of Chord beside those of the lab's own machines.
//!
//! `cargo run --release -p course --example chord_figures`; with `--quick` smaller rings, for a
//! test. Every lookup is made by simulated nodes that send each other real bytes. The papers are
//! those of SIGCOMM 2001 and IEEE/ACM Transactions on Networking 11(1), 2003. The program ends
//! with 1 if a number lies further from the paper's than the tolerance that is printed beside it.

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
    for figure in [paths::lengths, paths::distribution, load::per_node, load::virtual_nodes] {
        is_right &= figure(scale).print();
    }
    for figure in [failures::at_once, failures::afterwards] {
        is_right &= figure(scale).print();
    }
    if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
