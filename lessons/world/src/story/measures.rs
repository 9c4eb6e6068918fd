//! What the nodes of an overlay have measured: samples in the order of the run, and histograms that
//! follow the moment in both directions.

use std::rc::Rc;

use protocols::endpoint::Output;
use protocols::wire::Time;

use crate::entry::{Entry, EntryId, HostId, What};
use crate::trace::Trace;

/// One number that a node wrote down.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Sample {
    /// The entry in which it did.
    pub entry: EntryId,
    /// When.
    pub at: Time,
    /// Which node.
    pub host: HostId,
    /// What is measured: a name of `protocols::overlay::quantity`.
    pub quantity: &'static str,
    /// The number, in the unit that the quantity says.
    pub value: u64,
}

/// Everything measured in a run, as far as it has been read.
#[derive(Clone, Debug, Default)]
pub struct Measures {
    samples: Vec<Sample>,
    read: usize,
    last: Option<Rc<Entry>>,
}

impl Measures {
    /// Reads on where it stopped; starts afresh if the trace is not a longer form of what was
    /// read, and says so by `false`.
    pub fn read(&mut self, trace: Trace<'_>) -> bool {
        let theirs = self.read.checked_sub(1).and_then(|at| trace.entries.get(at));
        let same = match (&self.last, theirs) {
            (None, None) => true,
            (Some(mine), Some(theirs)) => Rc::ptr_eq(mine, theirs),
            (Some(_), None) | (None, Some(_)) => false,
        };
        if !same {
            *self = Measures::default();
        }
        for entry in trace.entries.iter().skip(self.read) {
            self.take(entry);
        }
        if self.read < trace.entries.len() {
            self.read = trace.entries.len();
            self.last = trace.entries.last().cloned();
        }
        same
    }

    /// What was measured in the first so many entries, in order.
    pub fn until(&self, moment: u32) -> &[Sample] {
        let end = self.samples.partition_point(|sample| sample.entry.0 < moment);
        self.samples.get(..end).unwrap_or(&[])
    }

    fn take(&mut self, entry: &Entry) {
        let What::Step(step) = &entry.what else { return };
        for output in &step.outputs {
            if let Output::Measure { quantity, value } = output {
                let (at, host) = (entry.at, entry.host);
                let (quantity, value) = (*quantity, *value);
                self.samples.push(Sample { entry: entry.id, at, host, quantity, value });
            }
        }
    }
}

/// How often each value of one quantity was measured up to a moment. Moving the moment costs what
/// was measured in between, in either direction.
#[derive(Clone, PartialEq, Debug)]
pub struct Histogram {
    quantity: &'static str,
    counts: Vec<u32>,
    sum: u64,
    count: u32,
    /// Samples of every quantity that have been counted.
    taken: usize,
}

impl Histogram {
    /// Nothing yet of this quantity.
    pub fn of(quantity: &'static str) -> Histogram {
        Histogram { quantity, counts: Vec::new(), sum: 0, count: 0, taken: 0 }
    }

    /// Goes to the moment at which this many entries have happened. The measures must be those of
    /// the same run as before.
    pub fn go_to(&mut self, measures: &Measures, moment: u32) {
        let until = measures.until(moment).len();
        let (from, to) = (self.taken.min(until), self.taken.max(until));
        let more = until > self.taken;
        for sample in measures.samples.iter().take(to).skip(from) {
            if sample.quantity == self.quantity {
                self.count(sample.value, more);
            }
        }
        self.taken = until;
    }

    /// How often each value was measured, from 0; the last place holds all from there on.
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// How many samples there are.
    pub fn len(&self) -> u32 {
        self.count
    }

    /// Whether nothing has been measured.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The sum of all values.
    pub fn sum(&self) -> u64 {
        self.sum
    }

    /// The mean of all values; none where nothing has been measured.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / f64::from(self.count))
    }

    fn count(&mut self, value: u64, more: bool) {
        let place = usize::try_from(value).unwrap_or(usize::MAX).min(LAST_PLACE);
        if self.counts.len() <= place {
            self.counts.resize(place + 1, 0);
        }
        let Some(count) = self.counts.get_mut(place) else { return };
        match more {
            true => {
                (*count, self.count) = (*count + 1, self.count + 1);
                self.sum += value;
            }
            false => {
                (*count, self.count) = (count.saturating_sub(1), self.count.saturating_sub(1));
                self.sum = self.sum.saturating_sub(value);
            }
        }
        let used = self.counts.iter().rposition(|count| *count > 0).map_or(0, |at| at + 1);
        self.counts.truncate(used);
    }
}

/// Larger values share one place. No lookup of a lesson takes so many hops: a ring walked node by
/// node is shown with 64 nodes at the most.
const LAST_PLACE: usize = 1023;

#[cfg(test)]
mod tests {
    use super::*;

    /// Samples of two quantities, one in each entry.
    fn measures(values: &[u64]) -> Measures {
        let samples = values.iter().zip(0..).map(|(value, at)| Sample {
            entry: EntryId(at),
            at: Time::from_secs(at.into()),
            host: HostId(0),
            quantity: if at % 3 == 2 { "other" } else { "hops" },
            value: *value,
        });
        Measures { samples: samples.collect(), read: values.len(), last: None }
    }

    #[test]
    fn a_histogram_that_goes_to_and_fro_counts_what_one_counted_afresh_does() {
        let values: Vec<u64> = (0..60).map(|n| n * 7 % 11).collect();
        let measures = measures(&values);
        let mut walking = Histogram::of("hops");
        for moment in (0..61).chain((0..61).rev()).chain([7, 59, 3, 60, 0, 31]) {
            walking.go_to(&measures, moment);
            let mut fresh = Histogram::of("hops");
            fresh.go_to(&measures, moment);
            assert_eq!(walking, fresh, "at {moment}");
            let counted = (0..moment).filter(|at| at % 3 != 2).count();
            assert_eq!(walking.len() as usize, counted);
            assert_eq!(walking.counts().iter().sum::<u32>(), walking.len());
        }
    }

    #[test]
    fn the_mean_is_that_of_the_values_and_large_ones_share_a_place() {
        let mut histogram = Histogram::of("hops");
        histogram.go_to(&measures(&[2, 4]), 2);
        assert_eq!((histogram.mean(), histogram.counts()), (Some(3.0), &[0, 0, 1, 0, 1][..]));
        histogram.go_to(&measures(&[2, u64::MAX / 2]), 0);
        assert_eq!(histogram.mean(), None);
        histogram.go_to(&measures(&[u64::MAX / 2]), 1);
        assert_eq!(histogram.counts().len(), LAST_PLACE + 1);
    }
}
