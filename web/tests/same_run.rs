//! The same link gives the same bytes natively and in the browser.
//!
//! `.ci/page-test` runs this twice. Natively every scene of every lesson is played by its model
//! answer, put into a link, and what the link opens to is written to a file: the transcript and all
//! bytes. In the browser each link of that file is opened, and must tell the same.

use core::fmt::Write as _;
use std::rc::Rc;

use course::stages::{self, Params};
use world::{History, Shared, Story, transcript};

/// What a link opens to, as text: the transcript, then for each entry a hash of all that it holds,
/// every byte of every flight included.
fn told(link: &str) -> String {
    let shared = Shared::decode(link).expect("a link of ours");
    let stage = stages::named(&shared.stage).expect("a stage of ours");
    let mut params = Params::under_link(stage.specs);
    for (name, value) in &shared.params {
        params.set(stage.specs, name, value).expect("a setting of ours");
    }
    let plan = Rc::new(stages::build(&shared.stage, &params).expect("the stage can be built"));
    let history = History::replay(plan, shared.seed, &shared.meddlings, shared.moment)
        .expect("the run goes again as it went");
    let trace = history.trace();
    let mut text = transcript(&Story::of(trace), trace, shared.moment);
    for entry in trace.entries {
        let _ = writeln!(text, "entry {}: {:016x}", entry.id.0, fnv(&format!("{entry:?}")));
    }
    text
}

/// FNV-1a of 64 bits: small, and the same everywhere.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use course::{Sitting, catalogue};

    use super::*;

    #[test]
    fn every_link_opens_to_the_run_that_it_was_made_from() {
        let mut file = String::new();
        for entry in catalogue() {
            let lesson = entry.read().expect("a lesson of ours");
            for (number, scene) in lesson.scenes.iter().enumerate() {
                let mut sitting = Sitting::new(scene).expect("a scene of ours");
                for act in &scene.answer {
                    sitting.act(act).expect("the model answer can be given");
                }
                sitting.finish();
                let history = &sitting.run().history;
                let link = Shared {
                    lesson: lesson.id.clone(),
                    scene: u32::try_from(number).expect("few scenes"),
                    stage: scene.opening.stage.clone(),
                    params: sitting.params().texts().into_iter().collect(),
                    seed: history.seed(),
                    meddlings: history.meddlings().to_vec(),
                    moment: history.moment(),
                }
                .encode();
                let trace = history.trace();
                let original = transcript(&Story::of(trace), trace, history.moment());
                let again = told(&link);
                assert!(again.starts_with(&original), "{} {number} opens otherwise", lesson.id);
                file.push_str(&format!("{link}\n{again}{SEPARATOR}"));
            }
        }
        assert!(file.contains("HTTP/1.1"), "no byte of HTTP in all the runs");
        if let Ok(path) = std::env::var("WIRELAB_RUNS") {
            std::fs::write(&path, file).expect("the file for the browser");
        }
    }
}

#[cfg(target_arch = "wasm32")]
mod browser {
    use course::stages::Machines;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn the_browser_opens_every_link_to_the_same_bytes_as_a_native_program() {
        Machines::all().into_iter().for_each(Machines::arrive);
        let mut links = 0;
        for run in RUNS.split_terminator(SEPARATOR) {
            let (link, native) = run.split_once('\n').expect("a link and what it opened to");
            let here = told(link);
            for (number, (ours, theirs)) in here.lines().zip(native.lines()).enumerate() {
                assert_eq!(ours, theirs, "line {number} of {link}");
            }
            assert_eq!(here.len(), native.len(), "{link}");
            links += 1;
        }
        assert!(links >= 5, "only {links} links in the file: run .ci/page-test");
    }

    /// Written by the native test just before.
    const RUNS: &str = include_str!(env!("WIRELAB_RUNS", "run .ci/page-test, which sets it"));
}

/// Ends a run in the file: a form feed, which no transcript has.
const SEPARATOR: char = '\u{c}';
