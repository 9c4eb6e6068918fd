//! The ladder of a run.

use world::{Fate as Became, Load, Story, Trace};

use super::since;
use crate::draw::ladder::{Alarm, Arrow, Fate, Kind, Lifeline, Ring, Sketch, State};

/// Reduces a run to lines, arrows, states and alarms.
pub fn sketch(story: &Story, trace: Trace<'_>) -> Sketch {
    let moment = u32::try_from(trace.entries.len()).unwrap_or(u32::MAX);
    let end = trace.entries.last().map_or(0, |entry| since(trace, entry.at));
    let lines = trace.parties.iter().map(|party| Lifeline {
        name: party.name.clone().into(),
        address: party.address.map(|a| a.to_string()).unwrap_or_default().into(),
    });
    let states = story.strips(moment).into_iter().map(|strip| State {
        line: strip.host.0 as usize,
        entry: strip.began_in.0 as usize,
        from: since(trace, strip.from),
        to: strip.to.map_or(end, |to| since(trace, to)),
        name: strip.state.into(),
    });
    Sketch {
        lines: lines.collect(),
        arrows: story.arrows().iter().map(|one| arrow(story, trace, one)).collect(),
        states: states.collect(),
        alarms: alarms(story, trace, moment),
        end,
    }
}

fn arrow(story: &Story, trace: Trace<'_>, arrow: &world::Arrow) -> Arrow {
    let flight = &arrow.flight;
    let label = story.label(arrow);
    let kind = match &flight.load {
        Load::Datagram { .. } => Kind::Datagram,
        Load::Data { .. } if label.continues => Kind::More,
        Load::Data { .. } => Kind::Message,
        Load::Syn { .. }
        | Load::SynAck { .. }
        | Load::Ack { .. }
        | Load::Fin { .. }
        | Load::Rst { .. } => Kind::Signal,
    };
    Arrow {
        id: flight.id.0,
        entry: arrow.departed_in.0 as usize,
        from: flight.from.0 as usize,
        to: flight.to.0 as usize,
        leaves: since(trace, flight.depart),
        sent: since(trace, flight.sent),
        arrives: since(trace, arrow.arrive),
        fate: match flight.fate {
            Became::Arrives => Fate::Arrives,
            Became::Lost { why, .. } => Fate::Lost(why.to_string().into()),
        },
        title: label.title.into(),
        detail: label.detail.into(),
        protocol: label.protocol,
        kind,
    }
}

fn alarms(story: &Story, trace: Trace<'_>, moment: u32) -> Vec<Alarm> {
    let over = |id: world::EntryId| trace.entries.get(id.0 as usize);
    let marks = story.alarms(moment).into_iter().enumerate();
    let alarms = marks.map(|(id, mark)| Alarm {
        id: id as u64,
        line: mark.host.0 as usize,
        entry: mark.armed_in.0 as usize,
        set: since(trace, mark.armed),
        due: since(trace, mark.due),
        ring: match (mark.rang, mark.over_in.and_then(over)) {
            (true, _) => Ring::Rang,
            (false, Some(entry)) => Ring::Stopped(since(trace, entry.at)),
            (false, None) => Ring::Armed,
        },
        name: mark.name.into(),
    });
    alarms.collect()
}
