//! What a formula shows: what it gives, what was measured, and neither before there is anything.

use super::Facts;
use crate::lesson::Formula;

impl Formula {
    /// What it gives, and what it is compared with, in base units, as far as either can be said.
    ///
    /// What is compared counts something of the run, which stands at nothing before anything has
    /// been done and would be taken for the answer. What the formula gives is said together with
    /// it: before, it would be the answer to the question that mostly stands above it.
    pub fn values(&self, facts: &Facts<'_>) -> (Option<f64>, Option<f64>) {
        let begun = !facts.run.is_untouched();
        let beside = self.beside.value(facts).filter(|_| begun || !self.beside.counts());
        (self.is.value(facts).filter(|_| beside.is_some()), beside)
    }

    /// What it is compared with, in words.
    pub fn measures(&self) -> String {
        match (&self.measures, self.beside.text()) {
            (Some(words), _) => words.clone(),
            (None, "measured") => "measured in this run".to_string(),
            (None, "since_syn") => "measured in this run, from the first SYN on".to_string(),
            (None, _) => self.beside.words(),
        }
    }
}
