//! A run as text: the first-class twin of the ladder.

use protocols::wire::{Rule, Time};

use super::{Line, Story};
use crate::trace::Trace;

/// The first so many entries of a run as text, a paragraph for each: when, who, what came in, what
/// was done about it, and why. A rule is told in full where it is first met, and by its source
/// alone after that.
pub fn transcript(story: &Story, trace: Trace<'_>, moment: u32) -> String {
    let width = trace.parties.iter().map(|party| party.name.chars().count()).max().unwrap_or(0);
    let mut page =
        Page { indent: CLOCK_WIDTH + 2 + width + 2, met: Vec::new(), text: String::new() };
    for entry in trace.entries.iter().take(moment as usize) {
        let told = story.narrate(trace, entry);
        let who = trace.parties.get(entry.host.0 as usize).map_or("", |party| party.name.as_str());
        let when = clock(trace.epoch, entry.at);
        page.text.push_str(&format!("{when:>CLOCK_WIDTH$}  {who:<width$}  {}\n", told.what));
        for line in &told.does {
            page.line(line);
        }
    }
    page.text
}

/// A moment on the clock of a run, from its beginning on: `40.080 ms`, and from a second up
/// `2 min 7.300 s`. Exact to a microsecond.
pub fn clock(epoch: Time, at: Time) -> String {
    let micros = at.since(epoch).as_micros();
    if micros < MICROS_PER_SEC {
        return format!("{}.{:03} ms", micros / 1_000, micros % 1_000);
    }
    let (secs, micros) = (micros / MICROS_PER_SEC, micros % MICROS_PER_SEC);
    let fraction = match micros % 1_000 {
        0 => format!("{:03}", micros / 1_000),
        _ => format!("{micros:06}"),
    };
    format!("{}{}.{fraction} s", minutes(secs), secs % 60)
}

/// The hours and minutes in so many seconds, to stand before the rest of them: `2 min `.
pub(super) fn minutes(secs: u128) -> String {
    match (secs / 3_600, secs / 60 % 60) {
        (0, 0) => String::new(),
        (0, minutes) => format!("{minutes} min "),
        (hours, minutes) => format!("{hours} h {minutes} min "),
    }
}

/// The text so far, and which rules it has told.
struct Page {
    indent: usize,
    met: Vec<&'static Rule>,
    text: String,
}

impl Page {
    fn line(&mut self, line: &Line) {
        let (known, new): (Vec<_>, Vec<_>) =
            line.because.iter().copied().partition(|rule| self.met.contains(rule));
        // Two rules of one section are one place to look.
        let mut sources: Vec<String> = Vec::new();
        for source in known.iter().map(|rule| rule.source.to_string()) {
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        let mut says = line.says.clone();
        if !sources.is_empty() {
            let gap = if says.is_empty() { "" } else { " " };
            says.push_str(&format!("{gap}[{}]", sources.join(", ")));
        }
        if !says.is_empty() {
            self.paragraph(&says, 0);
        }
        for rule in new {
            self.paragraph(&format!("because: {} [{}]", rule.says, rule.source), 2);
            self.met.push(rule);
        }
    }

    /// Words, broken so that they fit beside the clock and the names.
    fn paragraph(&mut self, words: &str, deeper: usize) {
        let indent = self.indent + deeper;
        let room = TEXT_WIDTH.saturating_sub(indent).max(MIN_ROOM);
        let mut line = String::new();
        for word in words.split(' ') {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > room {
                self.text.push_str(&format!("{:indent$}{line}\n", ""));
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.text.push_str(&format!("{:indent$}{line}\n", ""));
    }
}

const MICROS_PER_SEC: u128 = 1_000_000;

/// Room for the clock of a run of an hour; what is longer moves its own line alone.
const CLOCK_WIDTH: usize = 14;

/// How wide a transcript is: what fits a page of print and half a screen.
const TEXT_WIDTH: usize = 100;

/// The least room that words get, whatever the names of the hosts take.
const MIN_ROOM: usize = 40;
