//! How fast a world of ten thousand hosts runs, and what a host and an entry weigh.
//!
//! `cargo run --profile bench -p world --example swarm -- [peers|chord|kademlia] [HOSTS]` prints a
//! figure a line.
//! `make bench` sets the same in a browser beside it.

mod mainline;
mod measure;
mod peer;
mod ring;
mod stage;

use core::time::Duration;

use rustix::time::{ClockId, clock_gettime};

fn main() {
    let mut args = std::env::args().skip(1);
    let stage = args.next().unwrap_or_else(|| "peers".to_string());
    let hosts = args.next().and_then(|text| text.parse().ok()).unwrap_or(10_000);
    measure::run(&stage, hosts, &processor_time, &resident_bytes, &mut |line| println!("{line}"));
}

/// How long a processor has worked for this process: what it waits for others does not count.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// What of this process is in memory, where the system tells.
fn resident_bytes() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let resident = pages.as_deref().and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok());
    resident.unwrap_or(0) * PAGE_BYTES
}

const PAGE_BYTES: u64 = 4_096;
