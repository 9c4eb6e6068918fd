//! Ten thousand hosts under criterion: steps without a history and with one, going back, and what a
//! frame asks, side by side in one run.
//!
//! `cargo bench -p world` prints times for a thousand steps; the figures of a whole run are those
//! of `cargo run --profile bench -p world --example swarm`.

#[path = "../examples/swarm/peer.rs"]
mod peer;
#[path = "../examples/swarm/stage.rs"]
mod stage;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use world::{History, World};

criterion_group!(benches, steps, travels);
criterion_main!(benches);

fn steps(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("steps");
    group.throughput(Throughput::Elements(SLICE.into()));
    for hosts in [100, 1_000, 10_000] {
        let plan = stage::swarm(hosts);
        let mut world = World::new(&plan, 1);
        run(&mut world, 5 * hosts);
        group.bench_function(format!("no history, {hosts} hosts"), |bench| {
            bench.iter(|| run(&mut world, SLICE));
        });
        let mut begun = History::new(plan, 1);
        begun.run(5 * hosts);
        let mut history = begun.clone();
        group.bench_function(format!("with history, {hosts} hosts"), |bench| {
            bench.iter(|| {
                if history.len() > MOST_ENTRIES {
                    history = begun.clone();
                }
                history.run(SLICE)
            });
        });
    }
    group.finish();
}

fn travels(criterion: &mut Criterion) {
    let mut history = History::new(stage::swarm(10_000), 1);
    history.run(MOST_ENTRIES);
    let mut moments = (0..).map(|n: u32| n.wrapping_mul(0x9e37_79b9) % MOST_ENTRIES);
    let mut group = criterion.benchmark_group("among 10^5 entries of 10000 hosts");
    group.sample_size(20);
    group.bench_function("going to any moment", |bench| {
        bench.iter(|| history.seek(moments.next().unwrap_or(0)));
    });
    group.bench_function("one step back", |bench| {
        bench.iter(|| history.back() || history.seek(MOST_ENTRIES) > 0);
    });
    group.bench_function("what a frame asks", |bench| {
        let world = history.world();
        bench.iter(|| (black_box(world).in_the_air().count(), world.is_quiet(), world.next_at()));
    });
    group.finish();
}

fn run(world: &mut World, steps: u32) {
    for _ in 0..steps {
        world.step();
    }
}

/// Steps that are timed at once.
const SLICE: u32 = 1_000;

/// Entries of a run that is walked through.
const MOST_ENTRIES: u32 = 100_000;
