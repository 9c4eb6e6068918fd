//! A run in words: for each entry what came in, and for each of its outputs what was done.

use std::collections::BTreeMap;

use protocols::endpoint::{Output, Step, Stimulus};
use world::{Act, Entry, Fault, FlightId, Network, Trace, What};
use yew::AttrValue;

use super::since;
use crate::draw::ladder::{Arrow, Sketch};
use crate::draw::units;
use crate::state::reading::Line;

/// Tells a run row by row.
pub fn lines(trace: &Trace, sketch: &Sketch) -> Vec<Line> {
    let arrows: BTreeMap<u64, &Arrow> = sketch.arrows.iter().map(|a| (a.id, a)).collect();
    let mut lines = Vec::new();
    for entry in trace.entries {
        let host: AttrValue = host_name(trace, entry.host.0 as usize);
        let landed = entry.landed.and_then(|id| arrows.get(&id.0).copied());
        let at = since(trace, entry.at);
        let mut row = |text: String, arrow: Option<&Arrow>| {
            lines.push(Line {
                entry: entry.id.0 as usize,
                at,
                host: host.clone(),
                text: text.into(),
                arrow: arrow.map(|arrow| arrow.id),
                protocol: arrow.map_or("tcp", |arrow| arrow.protocol),
            });
        };
        if let Some(text) = came(trace, entry, landed) {
            row(text, landed);
        }
        for flight in &entry.flights {
            let Some(arrow) = arrows.get(&flight.id.0) else { continue };
            let to = host_name(trace, arrow.to);
            row(format!("sends {} {} to {to}", arrow.title, arrow.detail), Some(arrow));
        }
        if let What::Step(step) = &entry.what {
            said(step).for_each(|text| row(text, None));
        }
    }
    lines
}

/// What came in, as a sentence without the host.
pub fn came(trace: &Trace, entry: &Entry, landed: Option<&Arrow>) -> Option<String> {
    let what = |fallback: &str| match landed {
        Some(arrow) => format!("{} {}", arrow.title, arrow.detail).trim_end().to_string(),
        None => fallback.to_string(),
    };
    Some(match &entry.what {
        What::Step(step) => match &step.stimulus {
            Stimulus::Start => "is switched on".to_string(),
            Stimulus::Command(text) => format!("is asked to: {text}"),
            Stimulus::Opened { peer, port: Some(_), .. } => {
                format!("takes a connection from {peer}")
            }
            Stimulus::Opened { peer, port: None, .. } => format!("is connected to {peer}"),
            Stimulus::Data { bytes, .. } => format!("receives {}", what(&units::bytes(bytes.len()))),
            Stimulus::Finished { conn } => format!("hears that its peer on {conn} has finished"),
            Stimulus::Lost { conn, why } => format!("loses connection {conn}: {why}"),
            Stimulus::Datagram { from, .. } => format!("receives {} from {from}", what("a datagram")),
            Stimulus::Alarm(_) => "hears its alarm".to_string(),
        },
        What::Network(network) => below(network),
        What::Meddling(act) => meddling(trace, act),
    })
}

fn below(network: &Network) -> String {
    match network {
        Network::SynTaken { .. } => "answers the SYN: somebody listens there".to_string(),
        Network::SynRefused { port } => format!("refuses: nobody listens at port {port}"),
        Network::Buffered { .. } => "keeps a segment until the one before it comes".to_string(),
        Network::Discarded { why } => format!("discards what came: {why}"),
        Network::NobodyThere { port } => format!("drops a datagram: nobody has bound port {port}"),
        Network::Retransmitted { attempt, .. } => {
            format!("has heard nothing in time and sends again (attempt {})", attempt + 1)
        }
        Network::WindowOpened { segments, .. } => {
            format!("may now have {segments} segments on their way")
        }
    }
}

/// What the student did, as a sentence without a subject.
pub fn meddling(trace: &Trace, act: &Act) -> String {
    match act {
        Act::Command { text, .. } => format!("is asked to: {text}"),
        Act::Flight { flight, fault } => {
            let FlightId(number) = flight;
            match fault {
                Fault::Drop => format!("loses flight {number}: you dropped it"),
                Fault::Delay(by) => {
                    format!("waits {} longer for flight {number}: your doing", units::time(by.as_nanos() as f64))
                }
                Fault::Double => format!("has flight {number} doubled: your doing"),
                Fault::Edit(_) => format!("has flight {number} edited: your doing"),
            }
        }
        Act::Link { link, conditions } => {
            let name = trace.links.get(link.0 as usize).map_or("a link", |link| link.name.as_str());
            match conditions.up {
                true => format!("sees {name} changed by you"),
                false => format!("sees {name} cut by you"),
            }
        }
    }
}

/// What a host told its user.
fn said(step: &Step) -> impl Iterator<Item = String> {
    step.outputs.iter().filter_map(|output| match output {
        Output::Emit(text) => Some(format!("says: {text}")),
        Output::Listen { port, transport, .. } => Some(format!("listens at {transport} port {port}")),
        Output::Abort { conn } => Some(format!("throws connection {conn} away")),
        Output::Dial { .. }
        | Output::Send { .. }
        | Output::SendTo { .. }
        | Output::Join { .. }
        | Output::Finish { .. }
        | Output::Arm { .. }
        | Output::Disarm { .. }
        | Output::Cite(_) => None,
    })
}

/// A host's name by its index.
pub fn host_name(trace: &Trace, host: usize) -> AttrValue {
    trace.parties.get(host).map(|host| host.name.clone().into()).unwrap_or_default()
}
