//! The story of every scene, played by its model answer, as a text to be read in review.
//!
//! `UPDATE=1 cargo test -p course --test stories` writes the files anew; read what changed as
//! prose, for it is what students read.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use course::lesson::{Act, Block, Scene};
use course::measure::Overlay;
use course::{Lesson, Numbers, Sitting, catalogue};
use world::{Story, transcript};

#[test]
fn every_lesson_tells_the_story_that_was_read_in_review() {
    let mut changed = Vec::new();
    for lesson in catalogue().iter().map(|entry| entry.read().unwrap()) {
        let told = story(&lesson);
        let path = path(&lesson.id);
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, &told).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        if let Some((line, (new, old))) =
            told.lines().zip(kept.lines()).enumerate().find(|(_, (new, old))| new != old)
        {
            changed.push(format!("{}:{}\n  was {old}\n  now {new}", lesson.id, line + 1));
        } else if told.lines().count() != kept.lines().count() {
            changed.push(format!("{}: longer or shorter", lesson.id));
        }
    }
    assert!(changed.is_empty(), "{}\nUPDATE=1 writes them anew.", changed.join("\n"));
}

#[test]
fn every_byte_on_every_wire_in_every_lesson_is_explained() {
    for lesson in catalogue().iter().map(|entry| entry.read().unwrap()) {
        for scene in &lesson.scenes {
            let sitting = played(scene);
            let story = Story::of(sitting.run().present());
            assert!(!story.arrows().is_empty(), "{}: {} sends nothing", lesson.id, scene.title);
            assert_eq!(story.unexplained(), [], "{}: {}", lesson.id, scene.title);
        }
    }
}

/// A scene after its model answer, run on until nothing is due any more.
fn played(scene: &Scene) -> Sitting<'_> {
    let mut sitting = Sitting::new(scene).unwrap();
    for act in &scene.answer {
        sitting.act(act).unwrap_or_else(|error| panic!("{}: {act:?}: {error}", scene.title));
    }
    sitting.finish();
    sitting
}

/// A lesson as text: for each scene its prose with its numbers, what the machine says to the model
/// answers, and the transcript of the run.
fn story(lesson: &Lesson) -> String {
    let mut text = format!("{}\n{}\n", lesson.title, "=".repeat(lesson.title.chars().count()));
    for (at, scene) in lesson.scenes.iter().enumerate() {
        write!(text, "\n{}. {}\n\n", at + 1, scene.title).unwrap();
        let numbers = Numbers::of(scene, &scene.opening.params);
        for block in &scene.blocks {
            if let Block::Prose(prose) = block {
                let prose = prose.markdown(&|number| numbers.value(number));
                writeln!(text, "{}\n", prose.trim()).unwrap();
            }
        }
        let mut sitting = Sitting::new(scene).unwrap();
        for act in &scene.answer {
            match (act, sitting.act(act).unwrap()) {
                (Act::Reply { question, text: reply }, Some(verdict)) => {
                    let asks = scene.questions().find(|q| q.id == *question).unwrap();
                    let says = verdict.says();
                    write!(text, "? {}\n  {reply}\n! {says}\n", asks.asks).unwrap();
                }
                (Act::Turn(setting), _) => {
                    writeln!(text, "> turn {} to {}", setting.param, setting.value).unwrap();
                }
                (Act::Break(label), _) => writeln!(text, "> break: {label}").unwrap(),
                (Act::Cue(id), _) => writeln!(text, "> cue: {id}").unwrap(),
                (Act::Order(order), _) => {
                    writeln!(text, "> {}: {}", order.host, order.command).unwrap();
                }
                (Act::Reply { .. }, None) => panic!("{}: nothing to reply to", scene.title),
            }
        }
        sitting.finish();
        let run = sitting.run();
        let threads = run.threads();
        // Of an overlay that is never at rest, what the student has begun is told.
        let trace = run.counted(threads.as_deref());
        write!(text, "\n{}", transcript(&Story::of(trace), trace, run.history.moment())).unwrap();
        measured(&mut text, &run.digest().overlay);
    }
    text
}

/// What the nodes of an overlay have measured, as means.
fn measured(text: &mut String, overlay: &Overlay) {
    let names: BTreeSet<&str> = overlay.samples.iter().map(|sample| sample.quantity).collect();
    for name in names {
        let of_name = overlay.samples.iter().filter(|sample| sample.quantity == name);
        let values: Vec<f64> = of_name.map(|sample| sample.value as f64).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        writeln!(text, "measured {name}: {} times, {mean:.2} on average", values.len()).unwrap();
    }
}

fn path(id: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/stories").join(format!("{id}.txt"))
}
