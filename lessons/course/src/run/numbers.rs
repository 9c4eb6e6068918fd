//! The numbers in the prose, computed from rehearsals.

use super::setup::{Doing, Headway, Setup};
use super::sitting::set;
use super::{Run, RunError};
use crate::lesson::{Scene, Setting};
use crate::measure::{Digest, Facts};
use crate::prose::Number;
use crate::stages::Params;

/// The numbers of one scene's prose, with the knobs as they stand.
#[derive(Clone, PartialEq, Debug)]
pub struct Numbers {
    values: Vec<(Number, Option<f64>)>,
}

impl Numbers {
    /// Computes the numbers of all prose in a scene. Each set of settings is rehearsed once; a
    /// rehearsal takes milliseconds on most stages of the course.
    pub fn of(scene: &Scene, params: &Params) -> Numbers {
        let mut measuring = Measuring::new(scene, params);
        while !measuring.advance(scene, None, &mut { u32::MAX }) {}
        measuring.numbers()
    }

    /// The value of a number, in base units.
    pub fn value(&self, number: &Number) -> Option<f64> {
        self.values.iter().find(|(known, _)| known == number).and_then(|(_, value)| *value)
    }
}

/// The numbers of a scene's prose while they are computed, a slice at a time.
#[derive(Clone, Debug)]
pub(super) struct Measuring {
    params: Params,
    values: Vec<(Number, Option<f64>)>,
    /// Rehearsals that are still to be played; the first one may be in hand.
    ahead: Vec<Rehearsal>,
    /// How many there are in all.
    all: usize,
}

/// A rehearsal with some settings over the knobs.
#[derive(Clone, Debug)]
struct Rehearsal {
    with: Vec<Setting>,
    setup: Option<Box<Setup>>,
}

impl Measuring {
    /// Nothing is computed yet.
    pub fn new(scene: &Scene, params: &Params) -> Measuring {
        let mut ahead: Vec<Rehearsal> = Vec::new();
        let all = scene.prose().chain(scene.questions().filter_map(|q| q.after.as_ref()));
        let values: Vec<_> =
            all.flat_map(|prose| prose.numbers()).map(|number| (number.clone(), None)).collect();
        for (number, _) in &values {
            let is_known = ahead.iter().any(|rehearsal| rehearsal.with == number.with);
            if !is_known && ahead.len() < MOST_RUNS {
                ahead.push(Rehearsal { with: number.with.clone(), setup: None });
            }
        }
        Measuring { params: params.clone(), values, all: ahead.len(), ahead }
    }

    /// Goes on for up to so many steps; says whether all is computed. A run that was opened with
    /// the knobs as they stand saves opening another.
    pub fn advance(&mut self, scene: &Scene, opened: Option<&Run>, steps: &mut u32) -> bool {
        while let Some(rehearsal) = self.ahead.first_mut() {
            let mut params = self.params.clone();
            let with = &rehearsal.with;
            let can = with.iter().all(|setting| set(&mut params, &scene.opening, setting).is_ok());
            let digest = match can.then(|| rehearsal.advance(scene, &params, opened, steps)) {
                Some(Ok(None)) => return false,
                Some(Ok(digest)) => digest,
                Some(Err(_)) | None => None,
            };
            let done = self.ahead.remove(0);
            let Some(digest) = digest else { continue };
            for (number, value) in &mut self.values {
                if number.with == done.with {
                    *value = number.expr.value(&Facts::of(scene, &params, &digest));
                }
            }
        }
        true
    }

    /// How far it is.
    pub fn headway(&self) -> Headway {
        let done = self.all - self.ahead.len();
        let setup = self.ahead.first().and_then(|rehearsal| rehearsal.setup.as_ref());
        let share = setup.map_or(0.0, |setup| setup.share_of_all());
        let share = (done as f64 + share) / self.all.max(1) as f64;
        Headway { doing: Doing::Rehearsal, share }
    }

    /// The numbers as far as they are computed.
    pub fn numbers(&self) -> Numbers {
        Numbers { values: self.values.clone() }
    }
}

impl Rehearsal {
    /// Goes on; gives what happened once it is over.
    fn advance(
        &mut self,
        scene: &Scene,
        params: &Params,
        opened: Option<&Run>,
        steps: &mut u32,
    ) -> Result<Option<Digest>, RunError> {
        let setup = match (&mut self.setup, opened) {
            (Some(setup), _) => setup,
            (none @ None, Some(run)) if self.with.is_empty() => {
                none.insert(Box::new(Setup::of(run.clone()).rehearsing(scene, params)))
            }
            (none @ None, Some(_) | None) => {
                let fresh = Setup::new(&scene.opening, params, scene.opening.seed)?;
                none.insert(Box::new(fresh.rehearsing(scene, params)))
            }
        };
        let is_over = setup.advance(steps)?;
        Ok(setup.run().filter(|_| is_over).map(Run::digest))
    }
}

/// The most rehearsals that one scene's prose may ask for; numbers beyond them are not computed, so
/// that no file can keep the page busy.
const MOST_RUNS: usize = 16;
