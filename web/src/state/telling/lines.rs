//! A run in words, row by row: what came in, and what was done about it.

use world::{Entry, Story, Trace};
use yew::AttrValue;

use super::since;
use crate::state::reading::Line;

/// Tells an entry row by row.
pub fn told(story: &Story, trace: Trace<'_>, entry: &Entry) -> Vec<Line> {
    let host = host_name(trace, entry.host.0 as usize);
    let narration = story.narrate(trace, entry);
    let row = |text: String, arrow: Option<&world::Arrow>| Line {
        entry: entry.id.0 as usize,
        at: since(trace, entry.at),
        host: host.clone(),
        text: text.into(),
        arrow: arrow.map(|arrow| arrow.flight.id.0),
        protocol: arrow.map_or("", |arrow| story.label(arrow).protocol),
    };
    let landed = entry.landed.and_then(|id| story.arrow(id));
    let mut rows = vec![row(narration.what, landed)];
    // The narration tells of each flight that begins something, in the order of departure.
    let mut sent = entry
        .flights
        .iter()
        .filter_map(|flight| story.arrow(flight.id))
        .filter(|arrow| !story.label(arrow).continues);
    for line in narration.does.into_iter().filter(|line| !line.says.is_empty()) {
        let arrow = if line.says.starts_with(SENDS) { sent.next() } else { None };
        rows.push(row(line.says, arrow));
    }
    rows
}

/// A host's name by its index.
pub fn host_name(trace: Trace<'_>, host: usize) -> AttrValue {
    trace.parties.get(host).map(|party| party.name.clone().into()).unwrap_or_default()
}

/// How a narration begins to tell of a flight.
const SENDS: &str = "sends ";
