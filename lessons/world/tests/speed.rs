//! The figures of `examples/seek` in a browser: what a student's machine makes of a long run.
//!
//! `make bench` runs this in headless Chromium and sets it beside what the same code does natively.
//! It measures and takes its time, so nothing else runs it: it needs the feature `bench`.
#![cfg(target_arch = "wasm32")]

#[path = "../examples/seek/measure.rs"]
mod measure;

use core::time::Duration;

use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn a_long_run_is_walked_through_in_the_browser() {
    let clock = web_sys::window().and_then(|window| window.performance()).expect("a clock");
    let now = || Duration::from_secs_f64(clock.now() / 1e3);
    measure::run(&now, &mut |line| console_log!("{line}"));
}
