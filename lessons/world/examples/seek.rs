//! How fast a long run is walked through, and what it costs in memory.
//!
//! `cargo run --release -p world --example seek` makes a run of a hundred thousand entries of HTTP
//! and prints a table: what a step costs, what going to any moment costs at the median and at
//! worst, and the memory of the entries and the worlds that are kept. A frame is 16.7 ms.

#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "a measurement takes time")]

use core::net::{IpAddr, Ipv4Addr};
use core::time::Duration;
use std::rc::Rc;
use std::time::Instant;

use protocols::http::client::{Client, Config};
use protocols::http::server::{self, Server};
use protocols::http::site::Site;
use protocols::wire::Time;
use world::{
    Act, Conditions, History, HostId, HostPlan, LinkPlan, Node, Plan, Program, Story, transcript,
};

fn main() {
    let before = resident_bytes();
    let begun = Instant::now();
    let mut history = long_run();
    let took = begun.elapsed();
    let len = history.len();
    let bytes = resident_bytes().saturating_sub(before);
    println!("{len} entries, {} worlds kept", history.snapshots());
    println!("made in {took:?}: {:.0} steps a second", f64::from(len) / took.as_secs_f64());
    println!("memory: {:.1} MB, {} bytes an entry", bytes as f64 / 1e6, bytes / u64::from(len));

    print_times("seek to anywhere", (0..SEEKS).map(|n| seek(&mut history, scatter(n, len))));
    print_times("one step back", (0..SEEKS).map(|n| step_back(&mut history, scatter(n, len))));

    let begun = Instant::now();
    let mut story = Story::of(history.trace());
    println!("the story of all of it: {:?}", begun.elapsed());
    history.seek(len);
    let more = (0..SEEKS).map_while(|_| {
        history.step().or_else(|| visit(&mut history))?;
        let begun = Instant::now();
        story.read(history.trace());
        let last = story.entries().last()?;
        let told = story.narrate(history.trace(), last);
        Some(begun.elapsed() + Duration::from_nanos(told.what.is_empty().into()))
    });
    print_times("the story of one entry more", more);
    let begun = Instant::now();
    let lines = transcript(&story, history.trace(), history.len()).lines().count();
    println!("a transcript of {lines} lines: {:?}", begun.elapsed());
    println!("entries that came out differently: {}", history.disagreement().map_or(0, |_| 1));
}

/// Visits a page of pictures until there are entries enough.
fn long_run() -> History {
    let mut history = History::new(stage(), 1);
    history.run(2);
    while history.len() < ENTRIES {
        visit(&mut history);
        while !history.world().is_quiet() && history.step().is_some() {}
    }
    history
}

fn visit(history: &mut History) -> Option<Rc<world::Entry>> {
    let text = "visit http://www.cs.test/".to_string();
    history.meddle(Act::Command { host: HostId(0), text }).ok()
}

fn seek(history: &mut History, to: u32) -> Duration {
    let begun = Instant::now();
    history.seek(to);
    begun.elapsed()
}

fn step_back(history: &mut History, from: u32) -> Duration {
    history.seek(from);
    let begun = Instant::now();
    history.back();
    begun.elapsed()
}

/// Moments all over a run, in no order.
fn scatter(n: u64, len: u32) -> u32 {
    (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33) as u32 % len
}

fn print_times(what: &str, times: impl Iterator<Item = Duration>) {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    let worst = times.last().copied().unwrap_or_default();
    println!("{what}: median {median:?}, worst {worst:?} of {}", times.len());
}

fn stage() -> Rc<Plan> {
    let address = |last| IpAddr::V4(Ipv4Addr::new(10, 0, 0, last));
    let host = |name: &str, last, program| HostPlan {
        name: name.to_string(),
        address: address(last),
        program,
        place: (0, 0),
    };
    let site = Site::page_with_objects(20, 100_000, EPOCH);
    let hosts = vec![
        host("browser", 2, Program::of(Client::new(Config::default()))),
        host("www.cs.test", 80, Program::of(Server::new(server::Config::default(), site))),
    ];
    let conditions = Conditions {
        delay: Duration::from_millis(20),
        bandwidth_bps: Some(50_000_000),
        loss_ppm: 1_000,
        ..Conditions::default()
    };
    let ends = (Node::Host(0), Node::Host(1));
    let links = vec![LinkPlan { name: "link".to_string(), ends, conditions }];
    let names = [("www.cs.test".to_string(), address(80))].into();
    Rc::new(Plan { epoch: EPOCH, hosts, links, names, ..Plan::default() })
}

/// What of this process is in memory, where the system tells.
fn resident_bytes() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let resident = pages.as_deref().and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok());
    resident.unwrap_or(0) * PAGE_BYTES
}

const ENTRIES: u32 = 100_000;
const SEEKS: u64 = 500;
const PAGE_BYTES: u64 = 4_096;
const EPOCH: Time = Time::from_secs(1_795_251_600);
