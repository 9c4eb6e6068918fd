//! Where two futures of one run part, and what was done there.

use core::time::Duration;
use std::rc::Rc;

use super::{Comparison, Row, Run};
use crate::entry::{FlightId, What};

/// Where two futures of one run part.
#[derive(Clone, PartialEq, Debug)]
pub struct Parting {
    /// How many entries both have in common.
    pub entries: usize,
    /// When the first entry comes that only one of them has, since the run began.
    pub at: Duration,
    /// What was done there from outside, in each of the two; none where it went on by itself.
    pub done: [Option<String>; 2],
    /// How many rows at the head of the comparison are that common past.
    pub rows: usize,
}

impl Parting {
    /// Finds where the two runs of a comparison part.
    pub fn of(first: Run<'_>, second: Run<'_>, comparison: &Comparison) -> Parting {
        let pairs = first.trace.entries.iter().zip(second.trace.entries);
        let shared = pairs.take_while(|(one, other)| Rc::ptr_eq(one, other) || one == other);
        let entries = shared.count();
        let next = [first, second].map(|run| run.trace.entries.get(entries).map(|entry| entry.at));
        let last = first.trace.entries.get(entries.saturating_sub(1)).map(|entry| entry.at);
        let at = next.into_iter().flatten().min().or(last);
        let is_past = |row: &&Row| {
            row.differences.is_empty()
                && [first, second].iter().zip(&row.cells).all(|(run, cell)| {
                    cell.as_ref().is_some_and(|cell| is_before(*run, cell.flight, entries))
                })
        };
        Parting {
            entries,
            at: at.map_or(Duration::ZERO, |at| at.since(first.trace.epoch)),
            done: [first, second].map(|run| done(run, entries)),
            rows: comparison.rows.iter().take_while(is_past).count(),
        }
    }
}

/// Whether a flight left before the run had so many entries.
fn is_before(run: Run<'_>, flight: FlightId, entries: usize) -> bool {
    let arrow = run.story.arrow(flight);
    arrow.is_some_and(|arrow| (arrow.departed_in.0 as usize) < entries)
}

/// What was done from outside when the run had so many entries.
fn done(run: Run<'_>, entries: usize) -> Option<String> {
    let entry = run.trace.entries.get(entries)?;
    let What::Meddling(_) = entry.what else { return None };
    let who = run.trace.parties.get(entry.host.0 as usize)?;
    Some(format!("{} {}", who.name, run.story.narrate(run.trace, entry).what))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{Act, Fault, HostId};
    use crate::{History, Story, toy};

    fn shouted(history: &mut History) {
        let text = "shout 1".to_string();
        history.meddle(Act::Command { host: HostId(0), text }).unwrap();
        assert!(history.run(100));
    }

    fn parting(first: &History, second: &History) -> Parting {
        let stories = [first, second].map(|history| Story::of(history.trace()));
        let ours = Run { name: "ours", trace: first.trace(), story: &stories[0] };
        let theirs = Run { name: "theirs", trace: second.trace(), story: &stories[1] };
        Parting::of(ours, theirs, &Comparison::of(ours, theirs))
    }

    #[test]
    fn two_futures_part_where_a_datagram_was_dropped_in_one_of_them() {
        let mut kept = History::new(toy::stage(toy::conditions(10, None)), 1);
        kept.run(2);
        shouted(&mut kept);
        let early = kept.len();
        shouted(&mut kept);
        let mut dropped = kept.clone();
        dropped.seek(early + 1);
        let last = dropped.trace().entries[early as usize].flights[0].id;
        dropped.meddle(Act::Flight { flight: last, fault: Fault::Drop }).unwrap();
        dropped.run(100);
        let parting = parting(&dropped, &kept);
        assert_eq!(parting.entries, early as usize + 1);
        assert_eq!(parting.at.as_millis(), 20, "when the second was sent, at which it was dropped");
        let [Some(ours), None] = &parting.done else { panic!("{:?}", parting.done) };
        assert!(ours.starts_with("caller does not know it, but you drop"), "{ours}");
    }

    #[test]
    fn two_futures_in_which_the_same_was_done_never_part() {
        let mut played = History::new(toy::stage(toy::conditions(10, None)), 1);
        played.run(2);
        shouted(&mut played);
        let parting = parting(&played, &played.clone());
        assert_eq!(parting.entries, played.len() as usize);
        assert_eq!(parting.done, [None, None]);
    }
}
