//! The figures of `examples/seek` and `examples/swarm` in a browser: what a student's machine makes
//! of a long run, and of a large one.
//!
//! `make bench` runs this in headless Chromium and sets it beside what the same code does natively.
//! It measures and takes its time, so nothing else runs it: it needs the feature `bench`.
#![cfg(target_arch = "wasm32")]

#[path = "../examples/seek/measure.rs"]
mod measure;
#[path = "../examples/swarm/mod.rs"]
mod swarm;

use core::time::Duration;

use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn a_long_run_is_walked_through_in_the_browser() {
    measure::run(&clock(), &mut |line| console_log!("{line}"));
}

#[wasm_bindgen_test]
fn ten_thousand_hosts_run_in_the_browser() {
    let held = || core::arch::wasm32::memory_size::<0>() as u64 * PAGE_BYTES;
    for stage in ["peers", "chord", "kademlia"] {
        swarm::measure::run(stage, 10_000, &clock(), &held, &mut |line| console_log!("{line}"));
    }
}

fn clock() -> impl Fn() -> Duration {
    let clock = web_sys::window().and_then(|window| window.performance()).expect("a clock");
    move || Duration::from_secs_f64(clock.now() / 1e3)
}

/// WebAssembly's memory grows by pages of this size.
const PAGE_BYTES: u64 = 65_536;
