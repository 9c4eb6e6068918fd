//! How fast a long run is walked through, and what it costs in memory.
//!
//! `cargo run --profile bench -p world --example seek` makes a run of a hundred thousand entries of
//! HTTP and prints what a step costs, what going to any moment costs at the median and at worst,
//! and the memory of the entries and the worlds that are kept. A frame is 16.7 ms. `make bench`
//! sets the same in a browser beside it.

#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "a measurement takes time")]

mod measure;

use std::time::Instant;

fn main() {
    let begun = Instant::now();
    let before = resident_bytes();
    let history = measure::run(&|| begun.elapsed(), &mut |line| println!("{line}"));
    let bytes = resident_bytes().saturating_sub(before);
    println!("memory, bytes an entry\t{}", bytes / u64::from(history.len()));
}

/// What of this process is in memory, where the system tells.
fn resident_bytes() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let resident = pages.as_deref().and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok());
    resident.unwrap_or(0) * PAGE_BYTES
}

const PAGE_BYTES: u64 = 4_096;
