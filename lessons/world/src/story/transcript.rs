//! A run as text: the first-class twin of the ladder.

use protocols::wire::{Rule, Time};

use super::Story;
use crate::trace::Trace;

/// The first so many entries of a run as text, a paragraph for each: when, who, what came in, what
/// was done about it, and why. A rule is told in full where it is first met.
pub fn transcript(story: &Story, trace: Trace<'_>, moment: u32) -> String {
    let width = trace.parties.iter().map(|party| party.name.chars().count()).max().unwrap_or(0);
    let indent = " ".repeat(CLOCK_WIDTH + 2 + width + 2);
    let mut met: Vec<&'static Rule> = Vec::new();
    let mut text = String::new();
    for entry in trace.entries.iter().take(moment as usize) {
        let told = story.narrate(trace, entry);
        let who = trace.parties.get(entry.host.0 as usize).map_or("", |party| party.name.as_str());
        let when = clock(trace.epoch, entry.at);
        text.push_str(&format!("{when:>CLOCK_WIDTH$}  {who:<width$}  {}\n", told.what));
        for line in &told.does {
            if !line.says.is_empty() {
                text.push_str(&format!("{indent}{}\n", line.says));
            }
            for rule in &line.because {
                let known = met.contains(rule);
                let says = if known { "" } else { rule.says };
                let gap = if known { "" } else { " " };
                text.push_str(&format!("{indent}  because{gap}{says} [{}]\n", rule.source));
                if !known {
                    met.push(rule);
                }
            }
        }
    }
    text
}

/// A moment as the page's clock shows it: milliseconds since the beginning, to a microsecond.
pub fn clock(epoch: Time, at: Time) -> String {
    let micros = at.since(epoch).as_micros();
    format!("{}.{:03} ms", micros / 1_000, micros % 1_000)
}

const CLOCK_WIDTH: usize = 14;
