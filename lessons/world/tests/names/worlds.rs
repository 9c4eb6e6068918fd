//! A thousand worlds with faults, and a server among them that lies.

use core::time::Duration;

use protocols::dns::outstanding::TCP_WAIT;
use protocols::dns::stub::PATIENCE;
use protocols::endpoint::Output;
use world::{Act, Conditions, Fate, History, Load, Power, Story, What};

use crate::tree::{CLIENT, HOSTS, LIE, RESOLVER, SERVERS, done, plan, tell};

/// Questions and the truth about them.
const QUESTIONS: [(&str, &str); 9] = [
    ("www.cs.test", "answer www.cs.test A: A 10.0.2.80"),
    ("alias.cs.test", "answer alias.cs.test A: CNAME www.far.test, A 10.0.2.81"),
    ("no.cs.test", "nothing for no.cs.test A: no such name"),
    ("www.cs.test TXT", "nothing for www.cs.test TXT: the name has no such record"),
    ("mail.cs.test", "answer mail.cs.test A: A 10.0.2.25"),
    ("www.far.test", "answer www.far.test A: A 10.0.2.81"),
    ("www.evil.test", "answer www.evil.test A: A 10.0.2.66"),
    ("alias.evil.test", "answer alias.evil.test A: CNAME www.cs.test, A 10.0.2.80"),
    // The servers that the liar names for it know nothing of it.
    ("www.deep.evil.test", "nothing for www.deep.evil.test A: the name servers cannot say"),
];

/// Those that lead to the liar, so that what it says is there when another is asked.
const LURES: [usize; 3] = [6, 7, 8];

#[test]
fn every_lookup_ends_in_time_with_the_truth_or_a_stated_error_in_a_thousand_worlds() {
    let (mut undisturbed, mut calm) = (0, 0);
    for seed in 0..1_000 {
        let mut history = faulty(seed);
        let lure = QUESTIONS[LURES[seed as usize % LURES.len()]];
        let questions = [lure, QUESTIONS[seed as usize % QUESTIONS.len()]];
        for (place, (question, truth)) in questions.into_iter().enumerate() {
            let begin = history.len();
            tell(&mut history, &format!("lookup {question}"));
            let crashes = place == 1 && crash_at_random(&mut history, seed);
            let told = done(&mut history, seed);
            let [.., only] = told.as_slice() else { panic!("seed {seed}: nothing is told") };
            assert_eq!(told.len(), place + 1, "seed {seed}: one answer to each question");
            let failed = ["no name server answered", "the name servers cannot say"];
            let stated = failed.iter().any(|why| only.ends_with(why));
            assert!(only == truth || stated, "seed {seed}: {only}");
            let took = took(&history, begin);
            assert!(took <= longest(), "seed {seed}: {took:?}");
            // A round trip of four links fits into the shortest wait, so that nothing is sent again
            // unless something was lost. What was lost earlier counts: failures are remembered.
            if !crashes && nothing_lost(&history) {
                undisturbed += 1;
                assert_eq!(only, truth, "seed {seed}: nothing stood in its way");
            }
            calm += usize::from(seed.is_multiple_of(3) && !crashes);
            nothing_false_is_remembered(&history, seed);
        }
        assert_eq!(Story::of(history.trace()).unexplained(), [], "seed {seed}");
        if seed.is_multiple_of(100) {
            let (meddlings, plan) = (history.meddlings().to_vec(), history.plan().clone());
            let again = History::replay(plan, seed, &meddlings, history.len()).unwrap();
            assert_eq!(again.trace().entries, history.trace().entries, "seed {seed}");
        }
    }
    // A third of the worlds lose nothing; of those, one in four is never switched off either.
    assert_eq!(calm, 334 + 84);
    assert!(undisturbed >= calm, "{undisturbed} of {calm}");
}

/// The longest that the client may wait for an answer, by the time-outs of its stub resolver: in
/// each round the answer may come cut off at the last moment and cost the wait for TCP as well,
/// and after it the alias that it ends with may be asked for.
fn longest() -> Duration {
    let rounds = (0..PATIENCE.rounds).map(|round| PATIENCE.first * 2u32.pow(round) + TCP_WAIT);
    let question: Duration = rounds.sum();
    question * 2
}

/// How long the client waited for what it told last.
fn took(history: &History, begin: u32) -> Duration {
    let entries = &history.trace().entries[begin as usize..];
    let tells = |entry: &&std::rc::Rc<world::Entry>| match &entry.what {
        What::Step(step) => step.outputs.iter().any(|output| matches!(output, Output::Emit(_))),
        What::Network(_) | What::Meddling(_) => false,
    };
    let mut of_client = entries.iter().filter(|entry| entry.host == CLIENT);
    of_client.rfind(tells).map_or(Duration::MAX, |last| last.at.since(entries[0].at))
}

/// Whether every flight arrived.
fn nothing_lost(history: &History) -> bool {
    let entries = history.trace().entries;
    entries.iter().flat_map(|entry| &entry.flights).all(|flight| flight.fate == Fate::Arrives)
}

/// Whatever the resolver and the client remember was said by a server of a zone around it, and
/// nothing leads to where the liar would have it.
fn nothing_false_is_remembered(history: &History, seed: u64) {
    for (host, title) in [(RESOLVER, "cache"), (CLIENT, "name cache")] {
        let Some(view) = history.world().view(host) else { continue };
        let cache = view.tables.iter().find(|table| table.title == title).unwrap();
        for row in &cache.rows {
            let [name, _, data, _, from, _] = row.cells.as_slice() else { panic!("six columns") };
            let around = |zone: &&str| *zone == "." || name.ends_with(zone);
            assert!(zones_at(from).iter().any(around), "seed {seed}: {name} from {from}");
            assert!(!data.contains(&LIE.to_string()), "seed {seed}: {name} is {data}");
        }
    }
    let steps = history.trace().entries.iter().filter(|entry| entry.host == RESOLVER);
    let misled = steps.flat_map(|entry| &entry.flights).any(|flight| match &flight.load {
        Load::Datagram { to, .. } => to.ip() == LIE,
        _ => false,
    });
    assert!(!misled, "seed {seed}: the resolver asks whom the liar names");
}

/// The zones that the server at this address is responsible for, as their parents say.
fn zones_at(from: &str) -> &'static [&'static str] {
    match from.trim_end_matches(":53") {
        // The root's server, and for the client its resolver.
        "10.0.1.1" | "10.0.0.53" => &["."],
        "10.0.1.2" => &["test", "net"],
        "10.0.1.3" | "10.0.1.4" => &["cs.test"],
        "10.0.1.5" => &["far.test", "prov.net"],
        "10.0.1.66" => &["evil.test"],
        _ => &[],
    }
}

/// A network of this seed that loses, delays and doubles.
pub fn faulty(seed: u64) -> History {
    let die = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let conditions = Conditions {
        delay: Duration::from_millis(die >> 58),
        jitter: Duration::from_millis((die >> 40) % 80),
        loss_ppm: if seed.is_multiple_of(3) { 0 } else { ((die >> 30) % 120_000) as u32 },
        double_ppm: ((die >> 10) % 200_000) as u32,
        ..Conditions::default()
    };
    let mut history = History::new(plan(&conditions), seed);
    history.run(HOSTS);
    history
}

/// Switches servers off and on again while the lookup runs; whether it did.
fn crash_at_random(history: &mut History, seed: u64) -> bool {
    let mut random = seed.wrapping_mul(0x2545_f491_4f6c_dd1d) | 1;
    for _ in 0..seed % 4 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let host = match (random >> 33) % 6 {
            0 => RESOLVER,
            other => SERVERS[other as usize - 1],
        };
        for power in [Power::Off, Power::On] {
            history.meddle(Act::Power { host, power }).unwrap();
            for _ in 0..(random >> 62) {
                history.step();
            }
        }
    }
    !seed.is_multiple_of(4)
}
