//! The ladder of a run, kept up with it: what is new is added, what has changed is drawn again.

use std::collections::{BTreeMap, BTreeSet};

use protocols::endpoint::{AlarmId, Output, Stimulus};
use world::{
    Act, Entry, Fate as Became, Fault, FlightId, HostId, Load, LossCause, Power, Story, Trace, What,
};

use super::since;
use crate::draw::ladder::{Alarm, Arrow, Fate, Kind, Lifeline, LostAt, Ring, Sketch, State};

/// Where the sketch of a run stands, so that it can go on from there.
#[derive(Debug, Default)]
pub struct Pencil {
    /// The arrow of each flight.
    by_flight: BTreeMap<FlightId, usize>,
    /// The arrows of each conversation, in order.
    talks: BTreeMap<usize, Vec<usize>>,
    /// The state that each host is in.
    current: BTreeMap<usize, usize>,
    /// The alarms that may still ring, by host.
    armed: BTreeMap<(u32, AlarmId), usize>,
    /// The lifeline of each host, where only some have one.
    rows: Option<BTreeMap<u32, usize>>,
}

/// What some entries touch of what was drawn before.
#[derive(Default)]
struct Touched {
    flights: BTreeSet<FlightId>,
    talks: BTreeSet<usize>,
    /// Conversations of which a part was edited.
    edited: BTreeSet<usize>,
}

impl Pencil {
    /// Goes on with a sketch of the first `from` entries, with lifelines for these hosts only, if
    /// any are named. Returns the earliest entry, by its number in the run, of which something is
    /// worded otherwise than before.
    pub fn go_on(
        &mut self,
        sketch: &mut Sketch,
        story: &Story,
        trace: Trace<'_>,
        from: usize,
        hosts: Option<&[HostId]>,
    ) -> Option<usize> {
        self.line_up(sketch, trace, hosts);
        sketch.end = trace.entries.last().map_or(0, |entry| since(trace, entry.at));
        let mut touched = Touched::default();
        for one in story.arrows().iter().skip(sketch.arrows.len()) {
            let at = sketch.arrows.len();
            self.by_flight.insert(one.flight.id, at);
            if let Some(place) = one.place {
                self.talks.entry(place.conversation).or_default().push(at);
                touched.talks.insert(place.conversation);
            }
            sketch.arrows.push(self.arrow(story, trace, one));
        }
        for entry in trace.entries.iter().skip(from) {
            touched.flights.extend(entry.landed);
            if let What::Meddling(Act::Flight { flight, fault }) = &entry.what {
                touched.flights.insert(*flight);
                let place = story.arrow(*flight).and_then(|arrow| arrow.place);
                let edited = place.filter(|_| matches!(fault, Fault::Edit(_)));
                touched.edited.extend(edited.map(|place| place.conversation));
            }
            touched.flights.extend(story.cut_off(entry).map(|arrow| arrow.flight.id));
            self.state(sketch, trace, entry);
            self.alarms(sketch, trace, entry);
        }
        self.again(sketch, story, trace, &touched)
    }

    /// Gives lifelines to hosts; those that have one keep it.
    fn line_up(&mut self, sketch: &mut Sketch, trace: Trace<'_>, hosts: Option<&[HostId]>) {
        let Some(hosts) = hosts else {
            if sketch.lines.len() != trace.parties.len() {
                sketch.lines = trace.parties.iter().enumerate().map(line).collect();
            } else {
                // A live session learns addresses as it goes.
                let lines = trace.parties.iter().enumerate().map(line);
                sketch.lines.iter_mut().zip(lines).for_each(|(old, new)| *old = new);
            }
            return;
        };
        let rows = self.rows.get_or_insert_default();
        for host in hosts.iter().skip(sketch.lines.len()) {
            let at = host.0 as usize;
            if let Some(party) = trace.parties.get(at) {
                rows.insert(host.0, sketch.lines.len());
                sketch.lines.push(line((at, party)));
            }
        }
    }

    /// The lifeline of a host.
    fn row(&self, host: HostId) -> usize {
        match &self.rows {
            None => host.0 as usize,
            // Whoever is not shown has a lifeline beyond all that are.
            Some(rows) => rows.get(&host.0).copied().unwrap_or(usize::MAX),
        }
    }

    /// Draws again what is touched; the earliest entry of which something is worded otherwise.
    fn again(
        &self,
        sketch: &mut Sketch,
        story: &Story,
        trace: Trace<'_>,
        touched: &Touched,
    ) -> Option<usize> {
        let mut earliest: Option<usize> = None;
        let mut draw = |at: usize| {
            let Some(new) = story.arrows().get(at).map(|one| self.arrow(story, trace, one)) else {
                return false;
            };
            let Some(old) = sketch.arrows.get(at).filter(|old| **old != new) else { return false };
            let worded = (&old.title, &old.detail, old.kind) != (&new.title, &new.detail, new.kind);
            if worded {
                earliest = Some(earliest.map_or(new.entry, |entry| entry.min(new.entry)));
            }
            if let Some(old) = sketch.arrows.get_mut(at) {
                *old = new;
            }
            worded
        };
        for at in touched.flights.iter().filter_map(|flight| self.by_flight.get(flight)) {
            draw(*at);
        }
        for talk in touched.talks.union(&touched.edited) {
            let most = if touched.edited.contains(talk) { usize::MAX } else { STEADY };
            let mut steady = 0;
            for at in self.talks.get(talk).into_iter().flatten().rev() {
                steady = if draw(*at) { 0 } else { steady + 1 };
                if steady > most {
                    break;
                }
            }
        }
        earliest
    }

    /// Takes up the state that an entry leaves its host in.
    fn state(&mut self, sketch: &mut Sketch, trace: Trace<'_>, entry: &Entry) {
        let line = self.row(entry.host);
        let at = since(trace, entry.at);
        let current = self.current.get(&line).copied();
        if let Some(state) = current.and_then(|index| sketch.states.get(index))
            && state.name == entry.state.as_ref()
        {
            return;
        }
        if let Some(state) = current.and_then(|index| sketch.states.get_mut(index)) {
            state.to = at;
        }
        self.current.insert(line, sketch.states.len());
        sketch.states.push(State {
            line,
            entry: entry.id.0 as usize,
            from: at,
            to: u64::MAX,
            name: entry.state.clone().into_owned().into(),
        });
    }

    /// A host that is switched off forgets what it has armed.
    fn forget_alarms(&mut self, sketch: &mut Sketch, host: u32, at: u64) {
        let own = (host, AlarmId(0))..=(host, AlarmId(u32::MAX));
        let armed: Vec<_> = self.armed.range(own).map(|(alarm, index)| (*alarm, *index)).collect();
        for (alarm, index) in armed {
            self.armed.remove(&alarm);
            if let Some(mark) = sketch.alarms.get_mut(index) {
                mark.ring = Ring::Stopped(at);
            }
        }
    }

    /// Takes up the alarms that an entry rings, stops and sets.
    fn alarms(&mut self, sketch: &mut Sketch, trace: Trace<'_>, entry: &Entry) {
        let at = since(trace, entry.at);
        let line = self.row(entry.host);
        let step = match &entry.what {
            What::Step(step) => step,
            What::Meddling(Act::Power { host, power: Power::Off }) => {
                self.forget_alarms(sketch, host.0, at);
                return;
            }
            What::Meddling(_) | What::Network(_) => return,
        };
        let mut over = |alarm: AlarmId, ring: Ring| {
            let index = self.armed.remove(&(entry.host.0, alarm));
            if let Some(mark) = index.and_then(|index| sketch.alarms.get_mut(index)) {
                mark.ring = ring;
            }
        };
        if let Stimulus::Alarm(alarm) = step.stimulus {
            over(alarm, Ring::Rang);
        }
        for output in &step.outputs {
            if let Output::Disarm { alarm } = output {
                over(*alarm, Ring::Stopped(at));
            }
        }
        for output in &step.outputs {
            if let Output::Arm { alarm, name, after, .. } = output {
                let index = sketch.alarms.len();
                self.armed.insert((entry.host.0, *alarm), index);
                sketch.alarms.push(Alarm {
                    id: index as u64,
                    line,
                    entry: entry.id.0 as usize,
                    set: at,
                    due: since(trace, entry.at + *after),
                    ring: Ring::Armed,
                    name: (*name).into(),
                });
            }
        }
    }

    fn arrow(&self, story: &Story, trace: Trace<'_>, arrow: &world::Arrow) -> Arrow {
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
            from: self.row(flight.from),
            to: self.row(flight.to),
            leaves: since(trace, flight.depart),
            sent: since(trace, flight.sent),
            arrives: since(trace, arrow.arrive),
            fate: match flight.fate {
                Became::Arrives => Fate::Arrives,
                Became::Lost { why, .. } => {
                    Fate::Lost { why: why.to_string().into(), at: lost_at(why, arrow) }
                }
            },
            title: label.title.into(),
            detail: label.detail.into(),
            protocol: label.protocol,
            kind,
        }
    }
}

/// Where it is lost: what comes to a host that is off is lost there, and what had not wholly left
/// one when it went off is lost with it.
fn lost_at(why: LossCause, arrow: &world::Arrow) -> LostAt {
    match (why, arrow.landed_in) {
        (LossCause::SwitchedOff, Some(_)) => LostAt::Receiver,
        (LossCause::SwitchedOff, None) => LostAt::Sender,
        (LossCause::Chance | LossCause::Cut | LossCause::Dropped | LossCause::Denied, _) => {
            LostAt::Way
        }
    }
}

fn line((at, party): (usize, &world::Party)) -> Lifeline {
    Lifeline {
        host: at,
        column: party.column,
        name: party.name.clone().into(),
        address: party.address.map(|a| a.to_string()).unwrap_or_default().into(),
    }
}

/// A later chunk can only complete a message that is still open, and so only the last few arrows
/// of a conversation can be worded otherwise: after so many that stay as they were, all stay.
const STEADY: usize = 16;
