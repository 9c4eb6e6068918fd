//! What a first visit weighs, and how soon it can be used.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::browser::{INTERACTIVE, Look, Tab};
use crate::lab::Lab;

/// The bytes of everything that a first visit loads, by kind of file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    parts: BTreeMap<String, Part>,
}

/// The files of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// How many there are.
    pub files: u64,
    /// Their bytes as the page sees them.
    pub unpacked_bytes: u64,
    /// Their bytes as they cross the network, without the heads of the answers.
    pub sent_bytes: u64,
}

/// When a first visit got so far, in milliseconds after it began.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Start {
    /// The first text or picture was on the screen.
    pub painted_ms: f64,
    /// The page answered to a student.
    pub usable_ms: f64,
}

impl Weight {
    /// Visits a page of the lab with an empty cache and asks the browser what it loaded until the
    /// page could be used and then fell silent.
    pub async fn of(lab: &Lab, path: &str) -> Self {
        let tab = Tab::open(Look::DESK).await;
        tab.enter(&lab.url(path)).await;
        tab.until("half a second without a new file", SILENT).await;
        let loaded = tab.value(LOADED).await;
        tab.close().await;
        let mut weight = Self::default();
        for file in loaded.as_array().into_iter().flatten() {
            let part =
                weight.parts.entry(kind(file["name"].as_str().unwrap_or_default())).or_default();
            part.files += 1;
            part.unpacked_bytes += file["unpacked"].as_u64().unwrap_or_default();
            part.sent_bytes += file["sent"].as_u64().unwrap_or_default();
        }
        weight
    }

    /// All parts together.
    #[must_use]
    pub fn total(&self) -> Part {
        self.parts.values().fold(Part::default(), |sum, part| Part {
            files: sum.files + part.files,
            unpacked_bytes: sum.unpacked_bytes + part.unpacked_bytes,
            sent_bytes: sum.sent_bytes + part.sent_bytes,
        })
    }

    /// A Markdown table of the parts and their sum.
    #[must_use]
    pub fn table(&self) -> String {
        let mut text = String::from("| a first visit loads | files | bytes | sent as brotli |\n");
        text.push_str("|---|--:|--:|--:|\n");
        let total = self.total();
        let parts = self.parts.iter().map(|(kind, part)| (kind.as_str(), part));
        for (kind, part) in parts.chain([("**all together**", &total)]) {
            let (unpacked, sent) = (grouped(part.unpacked_bytes), grouped(part.sent_bytes));
            let _ = writeln!(text, "| {kind} | {} | {unpacked} | {sent} |", part.files);
        }
        text
    }
}

impl Start {
    /// The median of several first visits, with a processor that is so many times slower.
    pub async fn measured(lab: &Lab, slower: u32) -> Self {
        let mut painted = Vec::new();
        let mut usable = Vec::new();
        for _ in 0..VISITS {
            let start = Self::once(lab, slower).await;
            painted.push(start.painted_ms);
            usable.push(start.usable_ms);
        }
        Self { painted_ms: median(painted), usable_ms: median(usable) }
    }

    async fn once(lab: &Lab, slower: u32) -> Self {
        // A new profile each time: nothing is cached, and nothing compiled is kept.
        let tab = Tab::open(Look::DESK).await;
        tab.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": slower })).await;
        tab.goto(&lab.url("/")).await;
        tab.until("the page can be used", INTERACTIVE).await;
        tab.until("something is painted", PAINTED).await;
        let start =
            Self { painted_ms: time(&tab, PAINTED).await, usable_ms: time(&tab, USABLE).await };
        tab.close().await;
        start
    }
}

async fn time(tab: &Tab, expression: &str) -> f64 {
    match tab.value(expression).await {
        Value::Number(number) => number.as_f64().unwrap_or(f64::NAN),
        other => panic!("{expression} is {other}"),
    }
}

fn kind(address: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let kind = match path.rsplit('/').next().and_then(|name| name.rsplit_once('.')) {
        Some((_, "wasm")) => "the program (wasm)",
        Some((_, "js")) => "its glue (js)",
        Some((_, "css")) => "styles",
        Some((_, "woff2")) => "fonts",
        Some(_) => "other files",
        None => "the page (html)",
    };
    kind.to_owned()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A number with its digits in groups of three.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// The goal for all that a first visit to the start page loads, fonts included.
pub const GOAL_BYTES: u64 = 300_000;

/// What a first visit may load at most: what it loads today and a little room, so that no change
/// makes it heavier unseen. Lower it whenever the page gets lighter.
pub const MAX_SENT_BYTES: u64 = 236_500;

/// What a first visit that begins with this page may load at most, in the same way: a lesson of
/// each family of protocols, and live mode.
pub const MOST: &[(&str, u64)] = &[
    ("/lesson/http-messages", 976_500),
    ("/lesson/mail-smtp", 950_500),
    ("/lesson/dht-ring", 938_500),
    ("/live", 976_000),
];

/// How many first visits a median is taken of: odd, and few enough to wait for.
const VISITS: usize = 5;

const PAINTED: &str = "(performance.getEntriesByName('first-contentful-paint')[0] || {}).startTime";
const USABLE: &str = "performance.getEntriesByName('wirelab-interactive')[0].startTime";
const SILENT: &str =
    "performance.now() > 500 + Math.max(...performance.getEntriesByType('resource')
    .map(entry => entry.responseEnd))";
const LOADED: &str = "[...performance.getEntriesByType('navigation'),
    ...performance.getEntriesByType('resource')]
    .filter(entry => new URL(entry.name).origin === location.origin)
    .map(entry => ({ name: new URL(entry.name).pathname,
                     unpacked: entry.decodedBodySize, sent: entry.encodedBodySize }))";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_in_threes() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1 000", "1 234 567"]);
    }

    #[test]
    fn the_table_ends_with_the_sum() {
        let part = Part { files: 1, unpacked_bytes: 2000, sent_bytes: 500 };
        let parts = ["a", "b"].map(|kind| (kind.to_owned(), part)).into_iter().collect();
        let table = Weight { parts }.table();
        assert!(table.ends_with("| **all together** | 2 | 4 000 | 1 000 |\n"), "{table}");
    }
}
