//! The film must be what the machines do today.

use std::fmt::Write as _;

use course::Run;

use super::*;
use crate::state::telling::{Telling, since};

/// Plays the first scene of the first lesson that has something to press.
fn played() -> Film {
    let lesson = course::catalogue()[0].read().expect("a lesson of ours");
    let scene = lesson.scenes.iter().find(|scene| scene.cues().count() > 0).expect("a scene");
    let mut run = Run::open(&scene.opening, &scene.opening.params).expect("it opens");
    for cue in scene.cues() {
        run.orders(&cue.orders).expect("a host of ours");
    }
    run.settle();
    let mut told = Telling::default();
    let trace = run.history.trace();
    told.read(trace);
    let times = trace.entries.iter().map(|entry| since(trace, entry.at)).collect();
    Film { sketch: told.sketch.clone(), times, opened: run.opened() as usize }
}

/// A film as [`Film::read`] reads it.
fn written(film: &Film) -> String {
    let sketch = &film.sketch;
    let mut text = format!("opened\t{}\nend\t{}\n", film.opened, sketch.end);
    for at in &film.times {
        let _ = writeln!(text, "entry\t{at}");
    }
    for line in &sketch.lines {
        let _ = writeln!(text, "line\t{}\t{}\t{}", line.name, line.address, line.column);
    }
    for arrow in sketch.arrows.iter() {
        let Arrow { id, entry, from, to, leaves, sent, arrives, .. } = arrow;
        let Arrow { protocol, title, detail, .. } = arrow;
        assert_eq!(arrow.fate, Fate::Arrives, "a lost message cannot be written");
        let kind = match arrow.kind {
            Kind::Message => "message",
            Kind::More => "more",
            Kind::Datagram => "datagram",
            Kind::Signal => "signal",
        };
        let _ = write!(text, "arrow\t{id}\t{entry}\t{from}\t{to}\t{leaves}\t{sent}\t{arrives}");
        let _ = writeln!(text, "\t{kind}\t{protocol}\t{title}\t{detail}");
    }
    for State { line, entry, from, to, name } in sketch.states.iter() {
        let to = if *to == u64::MAX { "on".to_string() } else { to.to_string() };
        let _ = writeln!(text, "state\t{line}\t{entry}\t{from}\t{to}\t{name}");
    }
    for Alarm { id, line, entry, set, due, ring, name } in sketch.alarms.iter() {
        let ring = match ring {
            Ring::Armed => "armed".to_string(),
            Ring::Rang => "rang".to_string(),
            Ring::Stopped(at) => at.to_string(),
        };
        let _ = writeln!(text, "alarm\t{id}\t{line}\t{entry}\t{set}\t{due}\t{ring}\t{name}");
    }
    text
}

#[test]
fn the_film_is_what_the_machines_do_today() {
    let film = played();
    if std::env::var_os("UPDATE").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/pages/film/kept.txt");
        std::fs::write(path, written(&film)).expect("the file can be written");
        return;
    }
    assert!(film.sketch.arrows.len() > 4, "too little happens: {}", film.sketch.arrows.len());
    assert_eq!(Film::of_the_first_lesson(), film, "UPDATE=1 writes it anew");
}
