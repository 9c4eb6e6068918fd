//! Why something happened: the chain of entries that caused it, each with its rules.

use std::cell::RefCell;

use world::{EntryId, Story, Trace};

use super::lines::host_name;
use super::{by_student, since};
use crate::state::reading::Cause;

/// The chain of causes of an entry, from itself back to what the student or the stage began.
pub fn causes(story: &RefCell<Story>, trace: Trace<'_>, entry: usize) -> Vec<Cause> {
    let story = story.borrow();
    let chain = story.why(EntryId(u32::try_from(entry).unwrap_or(u32::MAX)));
    let causes = chain.into_iter().take(LONGEST_CHAIN).map(|entry| {
        let told = story.narrate(trace, entry);
        let mut text = told.what;
        let done = told.does.iter().filter(|line| !line.says.is_empty()).take(MOST_DONE);
        for line in done {
            text = format!("{text}; {}", line.says);
        }
        if by_student(trace, entry) {
            text += " (by you)";
        }
        Cause {
            entry: entry.id.0 as usize,
            at: since(trace, entry.at),
            host: host_name(trace, entry.host.0 as usize),
            text: text.into(),
            rules: told.rules,
        }
    });
    causes.collect()
}

/// Longer chains are cut: nobody reads to their end.
const LONGEST_CHAIN: usize = 200;
/// More than this done in one step is not told in a chain.
const MOST_DONE: usize = 4;
