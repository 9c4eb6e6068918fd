//! What a formula shows: what it gives, what was measured, and neither before there is anything.

use super::Facts;
use crate::lesson::Formula;

impl Formula {
    /// What it gives, and what it is compared with, in base units, as far as either can be said.
    ///
    /// What counts something of the run has no value before anything has been done: the count
    /// stands at nothing then, and would be taken for the answer. A formula that counts waits
    /// until there is something to compare it with.
    pub fn values(&self, facts: &Facts<'_>) -> (Option<f64>, Option<f64>) {
        let begun = !facts.run.is_untouched();
        let beside = self.beside.value(facts).filter(|_| begun || !self.beside.counts());
        let is = self.is.value(facts);
        (is.filter(|_| !self.is.counts() || begun && beside.is_some()), beside)
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
