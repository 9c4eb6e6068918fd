//! A thousand random networks under HTTP: a page comes whole or its loss is told, and every byte on
//! every wire is explained.

mod stage;

use core::time::Duration;

use protocols::endpoint::Output;
use protocols::http::client::{Client, Config, Mode};
use protocols::http::server::{self, Server};
use protocols::http::site::Site;
use stage::EPOCH;
use world::{Act, Conditions, History, HostId, Story, What};

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

fn visited(seed: u64) -> History {
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
    let text = "visit http://www.cs.test/".to_string();
    history.meddle(Act::Command { host: BROWSER, text }).unwrap();
    assert!(history.run(20_000), "seed {seed} never comes to rest");
    history
}

fn emitted(history: &History) -> Vec<String> {
    let steps = history.trace().entries.iter().filter(|entry| entry.host == BROWSER);
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
