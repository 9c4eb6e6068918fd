//! The ladder of a run.

use std::collections::BTreeMap;

use protocols::endpoint::{AlarmId, Output, Stimulus};
use world::{Entry, HostId, Load, Trace, What};
use yew::AttrValue;

use super::flights::{Flown, Passage};
use super::since;
use super::talk::Talks;
use crate::draw::ladder::{Alarm, Arrow, Fate, Kind, Lifeline, Ring, Sketch, State};
use crate::draw::units;

/// Reduces a run to lines, arrows, states and alarms.
pub fn sketch(trace: &Trace, flown: &Flown, talks: &Talks) -> Sketch {
    let end = trace.entries.last().map_or(0, |entry| since(trace, entry.at));
    let lines = trace.parties.iter().map(|party| Lifeline {
        name: party.name.clone().into(),
        address: party.address.map(|a| a.to_string()).unwrap_or_default().into(),
    });
    Sketch {
        lines: lines.collect(),
        arrows: flown.all().map(|passage| arrow(trace, passage, talks)).collect(),
        states: states(trace, end),
        alarms: alarms(trace),
        end,
    }
}

fn arrow(trace: &Trace, passage: &Passage, talks: &Talks) -> Arrow {
    let flight = &passage.flight;
    let (title, detail, kind) = words(passage, talks);
    Arrow {
        id: flight.id.0,
        entry: passage.entry.0 as usize,
        from: flight.from.0 as usize,
        to: flight.to.0 as usize,
        leaves: since(trace, flight.depart),
        sent: since(trace, flight.sent),
        arrives: since(trace, flight.arrive),
        fate: match passage.lost {
            None => Fate::Arrives,
            Some(why) => Fate::Lost(why.to_string().into()),
        },
        title,
        detail,
        protocol: talks.protocol(flight),
        kind,
    }
}

/// What stands beside an arrow.
pub fn words(passage: &Passage, talks: &Talks) -> (AttrValue, AttrValue, Kind) {
    let flight = &passage.flight;
    let carried = talks.carried(flight);
    let kind = match (&flight.load, carried.begins.is_empty()) {
        (Load::Datagram { .. }, _) => Kind::Datagram,
        (Load::Data { .. }, false) => Kind::Message,
        (Load::Data { .. }, true) => Kind::More,
        _ => Kind::Signal,
    };
    let title = match &flight.load {
        Load::Syn { .. } => "SYN".into(),
        Load::SynAck { .. } => "SYN ACK".into(),
        Load::Ack { .. } => "ACK".into(),
        Load::Fin { .. } => "FIN".into(),
        Load::Rst { .. } => "RST".into(),
        Load::Data { bytes, .. } | Load::Datagram { bytes, .. } => match carried.begins.as_slice() {
            [] => AttrValue::from(units::bytes(bytes.len())),
            [one] => one.title.clone().into(),
            [first, more @ ..] => format!("{} and {} more", first.title, more.len()).into(),
        },
    };
    let mut detail = match (carried.begins.as_slice(), carried.goes_on, &flight.load) {
        ([first, ..], _, _) => first.detail.clone(),
        ([], Some(message), _) => format!("of {}", message.title),
        ([], None, Load::Rst { refusal: true, .. }) => "nobody listens there".to_string(),
        ([], None, _) => String::new(),
    };
    for (holds, says) in [
        (flight.attempt > 0, "sent again"),
        (flight.doubled, "a second copy"),
        (passage.edited.is_some(), "edited by you"),
    ] {
        if holds {
            detail = if detail.is_empty() { says.into() } else { format!("{says} · {detail}") };
        }
    }
    (title, detail.into(), kind)
}

/// What each host was in the middle of, from one change to the next.
fn states(trace: &Trace, end: u64) -> Vec<State> {
    let mut done: Vec<State> = Vec::new();
    let mut open: BTreeMap<HostId, usize> = BTreeMap::new();
    for entry in trace.entries {
        let at = since(trace, entry.at);
        let last = open.get(&entry.host).and_then(|index| done.get_mut(*index));
        if let Some(last) = last {
            if last.name == entry.state {
                continue;
            }
            last.to = at;
        }
        open.insert(entry.host, done.len());
        done.push(State {
            line: entry.host.0 as usize,
            entry: entry.id.0 as usize,
            from: at,
            to: end,
            name: entry.state.clone().into(),
        });
    }
    done.retain(|state| state.to > state.from || state.to == end);
    done
}

fn alarms(trace: &Trace) -> Vec<Alarm> {
    let mut alarms: Vec<Alarm> = Vec::new();
    let mut armed: BTreeMap<(HostId, AlarmId), usize> = BTreeMap::new();
    for entry in trace.entries {
        let What::Step(step) = &entry.what else { continue };
        let at = since(trace, entry.at);
        if let Stimulus::Alarm(alarm) = step.stimulus {
            let found = armed.remove(&(entry.host, alarm)).and_then(|index| alarms.get_mut(index));
            if let Some(alarm) = found {
                alarm.ring = Ring::Rang;
            }
        }
        for output in &step.outputs {
            match output {
                Output::Arm { alarm, name, after, .. } => {
                    armed.insert((entry.host, *alarm), alarms.len());
                    let due = at.saturating_add(u64::try_from(after.as_nanos()).unwrap_or(u64::MAX));
                    alarms.push(Alarm {
                        id: alarms.len() as u64,
                        line: entry.host.0 as usize,
                        entry: entry.id.0 as usize,
                        set: at,
                        due,
                        ring: Ring::Armed,
                        name: (*name).into(),
                    });
                }
                Output::Disarm { alarm } => {
                    let index = armed.remove(&(entry.host, *alarm));
                    if let Some(alarm) = index.and_then(|index| alarms.get_mut(index)) {
                        alarm.ring = Ring::Stopped(at);
                    }
                }
                Output::Listen { .. }
                | Output::Dial { .. }
                | Output::Send { .. }
                | Output::SendTo { .. }
                | Output::Join { .. }
                | Output::Finish { .. }
                | Output::Abort { .. }
                | Output::Emit(_)
                | Output::Cite(_) => {}
            }
        }
    }
    alarms
}
