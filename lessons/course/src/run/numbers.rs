//! The numbers in the prose, computed from rehearsals.

use super::sitting::set;
use crate::judge::rehearse;
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
    /// rehearsal takes milliseconds on the stages of the course.
    pub fn of(scene: &Scene, params: &Params) -> Numbers {
        let mut runs: Vec<Run> = Vec::new();
        let mut values = Vec::new();
        let all = scene.prose().chain(scene.questions().filter_map(|q| q.after.as_ref()));
        for number in all.flat_map(|prose| prose.numbers()) {
            let known = runs.iter().position(|run| run.with == number.with);
            let at = known.unwrap_or_else(|| {
                if runs.len() >= MOST_RUNS {
                    return runs.len();
                }
                runs.push(Run::of(scene, params, &number.with));
                runs.len() - 1
            });
            let value = runs.get(at).and_then(|run| {
                let digest = run.digest.as_ref()?;
                number.expr.value(&Facts::of(scene, &run.params, digest))
            });
            values.push((number.clone(), value));
        }
        Numbers { values }
    }

    /// The value of a number, in base units.
    pub fn value(&self, number: &Number) -> Option<f64> {
        self.values.iter().find(|(known, _)| known == number).and_then(|(_, value)| *value)
    }
}

/// The most rehearsals that one scene's prose may ask for; numbers beyond them are not computed, so
/// that no file can keep the page busy.
const MOST_RUNS: usize = 16;

/// A rehearsal with some settings over the knobs.
struct Run {
    with: Vec<Setting>,
    params: Params,
    /// What happened; nothing where it could not be played.
    digest: Option<Digest>,
}

impl Run {
    fn of(scene: &Scene, params: &Params, with: &[Setting]) -> Run {
        let mut params = params.clone();
        let ready = with.iter().all(|setting| set(&mut params, &scene.opening, setting).is_ok());
        let run = if ready { rehearse(scene, &params).ok() } else { None };
        Run { with: with.to_vec(), params, digest: run.map(|run| run.digest()) }
    }
}
