//! Telling step by step must say what telling at once says, and must not tell all of it again.

use std::rc::Rc;

use course::{Sitting, catalogue};

use super::*;

/// The first so many entries of a trace.
fn first(trace: Trace<'_>, len: usize) -> Trace<'_> {
    Trace { entries: trace.entries.get(..len).unwrap_or(trace.entries), ..trace }
}

fn at_once(trace: Trace<'_>) -> Telling {
    let mut told = Telling::default();
    told.read(trace);
    told
}

#[test]
fn step_by_step_every_lesson_is_told_as_it_is_at_once() {
    for entry in catalogue() {
        let lesson = entry.read().expect("a lesson of ours");
        for (number, scene) in lesson.scenes.iter().enumerate() {
            let mut sitting = Sitting::new(scene).expect("a scene of ours");
            for act in &scene.answer {
                sitting.act(act).expect("the model answer can be given");
            }
            sitting.finish();
            // Crowds tell the same kinds of things again and again, and telling all takes its time.
            let most = if sitting.run().threads().is_some() { MOST_OF_A_CROWD } else { usize::MAX };
            let trace = sitting.run().history.trace();
            let mut told = Telling::default();
            for len in 0..=trace.entries.len().min(most) {
                told.read(first(trace, len));
                let whole = at_once(first(trace, len));
                let at = format!("{} scene {number} entry {len}", lesson.id);
                assert_eq!(told.sketch, whole.sketch, "{at}");
                assert!(told.lines == whole.lines && told.ticks == whole.ticks, "{at}");
            }
        }
    }
}

const MOST_OF_A_CROWD: usize = 150;

/// A page fetched again and again, until there are so many entries.
fn long_run(entries: usize) -> course::Run {
    let lesson = course::lesson("http-connections").expect("it comes with the lab");
    let scene = lesson.scene(0).expect("the first scene");
    let mut run = course::Run::open(&scene.opening, &scene.opening.params).expect("it opens");
    let cue = scene.cues().next().expect("a cue");
    while run.history.trace().entries.len() < entries {
        run.orders(&cue.orders).expect("a host of ours");
        run.settle();
    }
    run
}

#[test]
fn a_step_tells_few_entries_however_long_the_run_is() {
    let run = long_run(3_000);
    let trace = run.history.trace();
    let mut told = Telling::default();
    let counts: Vec<usize> =
        (1..=trace.entries.len()).map(|len| told.read(first(trace, len))).collect();
    let most = |counts: &[usize]| counts.iter().copied().max().unwrap_or_default();
    let (early, late) = counts.split_at(counts.len() / 2);
    assert!(most(&counts) <= 8, "{} entries told in one step", most(&counts));
    assert!(most(late) <= most(early), "later steps tell more: {}", most(late));
}

/// `cargo test --release -p web -- --ignored --nocapture measure` prints what a step costs.
#[test]
#[ignore = "it measures time, which depends on the machine"]
fn measure_a_step_at_a_hundred_thousand_entries() {
    use crate::draw::ladder::{Room, layout};
    let run = long_run(100_000);
    let trace = run.history.trace();
    let (len, steps) = (trace.entries.len() - 200, 200_u32);
    let mut told = at_once(first(trace, len));
    let mut tally = course::Tally::new(run.opened());
    tally.read(&told.story.borrow(), first(trace, len));
    let (mut counts, mut times) = (0, [std::time::Duration::ZERO; 3]);
    for len in len + 1..=trace.entries.len() {
        let before = told.clone();
        let began = std::time::Instant::now();
        counts += told.read(first(trace, len));
        times[0] += began.elapsed();
        let began = std::time::Instant::now();
        tally.read(&told.story.borrow(), first(trace, len));
        times[1] += began.elapsed();
        let room = Room {
            width: 700.0,
            zoom: 1.0,
            compress: true,
            hidden_lines: Default::default(),
            hidden_protocols: Default::default(),
            entries: len - 1_500..len + 500,
        };
        let began = std::time::Instant::now();
        let picture = layout(&told.sketch, &room);
        times[2] += began.elapsed();
        assert!(!picture.arrows.is_empty() && !Rc::ptr_eq(&before.sketch, &told.sketch));
    }
    let [telling, counting, drawing] = times.map(|time| time / steps);
    println!("{} entries; a step tells {counts}/{steps} entries:", trace.entries.len());
    println!("telling {telling:?}, counting {counting:?}, drawing {drawing:?}");
}
