//! What is measured, natively and in a browser alike, by whatever clock there is.
//!
//! Each figure is a line: what it is, a tab, a number.

use core::time::Duration;
use std::rc::Rc;

use world::{History, Plan, World};

use super::mainline::mainline;
use super::ring::ring;
use super::stage::swarm;

/// Measures a swarm of peers that do next to nothing, a ring of Chord, or a DHT of Kademlia. What
/// a host and an entry weigh can be told only of the first stage that a process runs: later ones
/// find memory that is free, and grow into that.
pub fn run(
    stage: &str,
    hosts: u32,
    clock: &dyn Fn() -> Duration,
    held: &dyn Fn() -> u64,
    say: &mut dyn FnMut(String),
) {
    let plan = match stage {
        "chord" => ring(hosts),
        "kademlia" => mainline(hosts),
        _ => swarm(hosts),
    };
    walk(plan, clock, held, &mut |line| say(format!("{stage}, {hosts} hosts: {line}")));
}

/// Runs a stage without a history and with one, and walks through that.
fn walk(
    plan: Rc<Plan>,
    clock: &dyn Fn() -> Duration,
    held: &dyn Fn() -> u64,
    say: &mut dyn FnMut(String),
) {
    let hosts = plan.hosts.len() as u32;
    let before = held();
    let (mut world, took) = timed(clock, || World::new(&plan, 1));
    say(format!("making the world, ms\t{}", ms(took)));
    // Every host has its alarms and something on its way by then.
    steps(&mut world, SETTLED);
    say_weight(say, "bytes a host", held().saturating_sub(before), hosts);
    let ((), took) = timed(clock, || steps(&mut world, STEPS));
    say_rate(say, "steps a second, no history", STEPS, took);
    drop(world);

    let mut history = History::new(plan, 1);
    history.run(SETTLED);
    let before = held();
    let (_, took) = timed(clock, || history.run(STEPS));
    say_rate(say, "steps a second, with history", STEPS, took);
    say_weight(say, "bytes an entry, worlds included", held().saturating_sub(before), STEPS);
    say(format!("worlds kept\t{}", history.snapshots()));

    let len = history.len();
    let seeks = (0..SEEKS).map(|n| timed(clock, || history.seek(scatter(n, len))).1).collect();
    say_times(say, "going to any moment", seeks);
    let looks = (0..SEEKS).map(|_| timed(clock, || look(&history)).1).collect();
    say_times(say, "what a frame asks", looks);
    assert!(history.disagreement().is_none(), "a run goes again as it went");
}

fn steps(world: &mut World, count: u32) {
    for _ in 0..count {
        world.step();
    }
}

/// What the page asks of the world for each frame that it draws.
fn look(history: &History) -> usize {
    let world = history.world();
    let flights = world.in_the_air().count();
    flights + usize::from(world.is_quiet()) + usize::from(world.next_at().is_some())
}

fn timed<T>(clock: &dyn Fn() -> Duration, act: impl FnOnce() -> T) -> (T, Duration) {
    let begun = clock();
    let done = act();
    (done, clock().saturating_sub(begun))
}

fn say_rate(say: &mut dyn FnMut(String), what: &str, count: u32, took: Duration) {
    say(format!("{what}\t{:.0}", f64::from(count) / took.as_secs_f64()));
}

fn say_weight(say: &mut dyn FnMut(String), what: &str, bytes: u64, count: u32) {
    say(format!("{what}\t{}", bytes / u64::from(count)));
}

fn say_times(say: &mut dyn FnMut(String), what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    let worst = times.last().copied().unwrap_or_default();
    say(format!("{what}, median ms\t{}", ms(median)));
    say(format!("{what}, worst ms\t{}", ms(worst)));
}

fn ms(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1e3)
}

/// Moments all over a run, in no order.
fn scatter(n: u64, len: u32) -> u32 {
    (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33) as u32 % len
}

const SETTLED: u32 = 50_000;
const STEPS: u32 = 100_000;
const SEEKS: u64 = 200;
