//! A run of the real machines, kept as text, so that the start page can show one without loading
//! them. A test plays the run again and holds that it is the same to the nanosecond.

#[cfg(test)]
mod tests;

use std::rc::Rc;

use yew::AttrValue;

use crate::draw::ladder::{Alarm, Arrow, Fate, Kind, Lifeline, Ring, Sketch, State};

/// A finished run, ready to be drawn.
#[derive(PartialEq, Debug, Default)]
pub(super) struct Film {
    /// The whole run.
    pub(super) sketch: Rc<Sketch>,
    /// When each entry happened, in nanoseconds since the run began.
    pub(super) times: Vec<u64>,
    /// How many entries had happened before the first cue.
    pub(super) opened: usize,
}

impl Film {
    /// The first scene of the first lesson that has something to press, played to its end.
    pub(super) fn of_the_first_lesson() -> Film {
        Film::read(KEPT)
    }

    /// Reads what [`tests::written`] writes: one thing on each line, its parts between tabs. What
    /// cannot be read is left out.
    fn read(text: &'static str) -> Film {
        let mut film = Film::default();
        let mut sketch = Sketch::default();
        for line in text.lines() {
            let mut cells = Cells(line);
            match cells.text() {
                "opened" => film.opened = cells.number() as usize,
                "end" => sketch.end = cells.number(),
                "entry" => film.times.push(cells.number()),
                "line" => {
                    let host = sketch.lines.len();
                    sketch.lines.push(Lifeline { host, ..cells.line() });
                }
                "arrow" => sketch.arrows.push(cells.arrow()),
                "state" => sketch.states.push(cells.state()),
                "alarm" => sketch.alarms.push(cells.alarm()),
                _ => {}
            }
        }
        film.sketch = Rc::new(sketch);
        film
    }
}

/// What is left of a line.
struct Cells(&'static str);

impl Cells {
    fn text(&mut self) -> &'static str {
        let (first, rest) = self.0.split_once('\t').unwrap_or((self.0, ""));
        self.0 = rest;
        first
    }

    fn words(&mut self) -> AttrValue {
        AttrValue::Static(self.text())
    }

    fn number(&mut self) -> u64 {
        self.text().parse().unwrap_or_default()
    }

    fn index(&mut self) -> usize {
        self.number() as usize
    }

    fn line(&mut self) -> Lifeline {
        let (name, address) = (self.words(), self.words());
        let column = self.text().parse().unwrap_or_default();
        Lifeline { name, address, column, ..Lifeline::default() }
    }

    fn arrow(&mut self) -> Arrow {
        Arrow {
            id: self.number(),
            entry: self.index(),
            from: self.index(),
            to: self.index(),
            leaves: self.number(),
            sent: self.number(),
            arrives: self.number(),
            fate: Fate::Arrives,
            kind: match self.text() {
                "message" => Kind::Message,
                "more" => Kind::More,
                "datagram" => Kind::Datagram,
                _ => Kind::Signal,
            },
            protocol: self.text(),
            title: self.words(),
            detail: self.words(),
        }
    }

    fn state(&mut self) -> State {
        State {
            line: self.index(),
            entry: self.index(),
            from: self.number(),
            to: self.text().parse().unwrap_or(u64::MAX),
            name: self.words(),
        }
    }

    fn alarm(&mut self) -> Alarm {
        Alarm {
            id: self.number(),
            line: self.index(),
            entry: self.index(),
            set: self.number(),
            due: self.number(),
            ring: match self.text() {
                "armed" => Ring::Armed,
                "rang" => Ring::Rang,
                stopped => Ring::Stopped(stopped.parse().unwrap_or_default()),
            },
            name: self.words(),
        }
    }
}

const KEPT: &str = include_str!("film/kept.txt");
