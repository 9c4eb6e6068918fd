//! A thousand random networks under HTTP: a page comes whole or its loss is told, and every byte on
//! every wire is explained.

mod stage;

use core::time::Duration;

use protocols::endpoint::{Loss, Output, Stimulus};
use protocols::http::client::{Client, Config, Mode};
use protocols::http::server::{self, Server};
use protocols::http::site::Site;
use stage::EPOCH;
use world::{Act, Conditions, Entry, History, HostId, Power, Story, What};

const BROWSER: HostId = HostId(0);

#[test]
fn a_page_comes_whole_or_its_loss_is_told_in_a_thousand_worlds() {
    let mut whole = 0;
    for seed in 0..1_000 {
        let mut history = visited(seed);
        let told = emitted(&history);
        let done = told.iter().filter(|text| text.contains(" done 3 ")).count();
        let failed = told.iter().filter(|text| text.starts_with("failed")).count();
        assert!(done == 1 || failed > 0, "seed {seed}: {told:?}");
        let pictures = told.iter().filter(|text| text.ends_with(" 200 3000")).count();
        assert!(failed > 0 || pictures == 3, "seed {seed}: {told:?}");
        whole += usize::from(failed == 0);
        let story = Story::of(history.trace());
        assert_eq!(story.unexplained(), [], "seed {seed}");
        if seed % 50 == 0 {
            let (len, disagreed) =
                (history.len(), |history: &History| history.disagreement().is_some());
            history.seek(len / 3);
            assert_eq!(history.seek(len), len, "seed {seed}");
            assert!(!disagreed(&history), "seed {seed} is not decided by its seed");
        }
    }
    assert!(whole > 500, "only {whole} of 1000 pages came whole");
}

#[test]
fn a_page_comes_whole_or_its_loss_is_told_though_hosts_crash_in_a_thousand_worlds() {
    let (mut whole, mut forgotten, mut resets) = (0, 0, 0);
    for seed in 0..1_000 {
        let mut history = begun(seed);
        crash_at_random(&mut history, seed);
        assert!(history.run(20_000), "seed {seed} never comes to rest");
        // Both are on: what was asked of a browser that crashed since is asked again.
        if told(&history).is_empty() {
            forgotten += 1;
            visit(&mut history);
            assert!(history.run(20_000), "seed {seed} never comes to rest");
        }
        let told = told(&history);
        let done = told.iter().filter(|text| text.contains(" done 3 ")).count();
        let failed = told.iter().filter(|text| text.starts_with("failed")).count();
        assert!(done == 1 || failed > 0, "seed {seed}: {told:?}");
        assert_eq!(Story::of(history.trace()).unexplained(), [], "seed {seed}");
        whole += usize::from(failed == 0);
        resets += usize::from(is_reset(&history));
        if seed % 50 == 0 {
            let meddlings = history.meddlings().to_vec();
            let plan = history.plan().clone();
            let again = History::replay(plan, seed, &meddlings, history.len()).unwrap();
            assert_eq!(again.trace().entries, history.trace().entries, "seed {seed}");
        }
    }
    assert!(whole > 300 && forgotten > 100 && resets > 100, "{whole} {forgotten} {resets}");
}

/// Switches one or both hosts off and on again, up to four times, some of them at once.
fn crash_at_random(history: &mut History, seed: u64) {
    let mut random = seed.wrapping_mul(0x2545_f491_4f6c_dd1d) | 1;
    for _ in 0..1 + seed % 4 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        history.run((random >> 58) as u32);
        // The browser one time in four: it forgets what it was asked.
        let host = HostId(u32::from(!(random >> 40).is_multiple_of(4)));
        history.meddle(Act::Power { host, power: Power::Off }).unwrap();
        history.run((random >> 50) as u32 % 16);
        history.meddle(Act::Power { host, power: Power::On }).unwrap();
    }
}

/// Whether the browser was ever told by a reset that the server had forgotten a connection.
fn is_reset(history: &History) -> bool {
    let reset = |entry: &Entry| match &entry.what {
        What::Step(step) => {
            entry.host == BROWSER
                && matches!(step.stimulus, Stimulus::Lost { why: Loss::Reset, .. })
        }
        What::Network(_) | What::Meddling(_) => false,
    };
    history.trace().entries.iter().any(|entry| reset(entry))
}

/// How many entries had happened when a host was switched on last.
fn since_start(history: &History, host: HostId) -> u32 {
    let started = |entry: &Entry| match &entry.what {
        What::Step(step) => entry.host == host && step.stimulus == Stimulus::Start,
        What::Network(_) | What::Meddling(_) => false,
    };
    history.trace().entries.iter().rposition(|entry| started(entry)).map_or(0, |at| at as u32)
}

/// What the browser has told its user since it was switched on last.
fn told(history: &History) -> Vec<String> {
    emitted_since(history, since_start(history, BROWSER))
}

fn visited(seed: u64) -> History {
    let mut history = begun(seed);
    assert!(history.run(20_000), "seed {seed} never comes to rest");
    history
}

/// A network of this seed in which the page has just been asked for.
fn begun(seed: u64) -> History {
    let die = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let conditions = Conditions {
        delay: Duration::from_millis(die >> 56),
        bandwidth_bps: [None, Some(64_000), Some(1_000_000)][(die >> 20) as usize % 3],
        jitter: Duration::from_millis((die >> 40) % 50),
        loss_ppm: ((die >> 30) % 200_000) as u32,
        ..Conditions::default()
    };
    let modes = [Mode::Serial, Mode::Parallel(3), Mode::Persistent(1), Mode::Pipelined];
    let mode = modes[seed as usize % modes.len()];
    let client = Client::new(Config { mode, ..Config::default() });
    let site = Site::page_with_objects(3, 3_000, EPOCH);
    let server = Server::new(server::Config::default(), site);
    let plan = stage::browser_and_server(client, server, conditions);
    let mut history = History::new(plan, seed);
    history.run(2);
    visit(&mut history);
    history
}

fn visit(history: &mut History) {
    let text = "visit http://www.cs.test/".to_string();
    history.meddle(Act::Command { host: BROWSER, text }).unwrap();
}

fn emitted(history: &History) -> Vec<String> {
    emitted_since(history, 0)
}

fn emitted_since(history: &History, from: u32) -> Vec<String> {
    let entries = history.trace().entries.iter().skip(from as usize);
    let steps = entries.filter(|entry| entry.host == BROWSER);
    let outputs = steps.flat_map(|entry| match &entry.what {
        What::Step(step) => step.outputs.as_slice(),
        What::Network(_) | What::Meddling(_) => &[],
    });
    let texts = outputs.filter_map(|output| match output {
        Output::Emit(text) => Some(text.clone()),
        _ => None,
    });
    texts.collect()
}
