//! The inspector of a simulated run: what each tab is told.

use std::rc::Rc;

use protocols::wire::Time;
use world::{FlightId, HostId};
use yew::prelude::*;

use super::ByPointer;
use super::inspector::{Inspector, MessageTab, StateTab, Tab, TextTab, WhyTab};
use crate::state::clock::{Clock, use_paint};
use crate::state::lab::{Do, Lab, Playing};
use crate::state::pick::Pick;
use crate::state::reading::Reading;
use crate::state::telling::{causes, curl, reading};

/// What the inspector is told.
#[derive(Clone, Properties, PartialEq)]
pub struct Props {
    /// The page's state.
    pub lab: Rc<Lab>,
    /// Does something.
    pub act: Callback<Do>,
    /// The playhead.
    pub clock: Clock,
}

/// The inspector.
#[component]
pub fn Right(props: &Props) -> Html {
    let lab = &props.lab;
    let ontab = props.act.reform(Do::Tab);
    html! {
        <Inspector tabs={lab.tabs()} tab={lab.tab} {ontab}>
            { match lab.tab {
                Tab::Message => message(props),
                Tab::State => html! { <State ..props.clone() /> },
                Tab::Why => why(props),
                Tab::Text => text(props),
            } }
        </Inspector>
    }
}

/// The flight that is selected, opened up.
fn opened(lab: &Lab) -> Option<Reading> {
    let Some(Pick::Arrow(id)) = lab.picked else { return None };
    let run = lab.run.borrow();
    let trace = run.history.trace();
    let now = Time::from_nanos(trace.epoch.nanos() + lab.now);
    reading(&lab.told.story, trace, id, now)
}

fn message(props: &Props) -> Html {
    let lab = &props.lab;
    let reading = opened(lab).map(Rc::new);
    let curl = reading.as_ref().and_then(|reading| curl(reading));
    let flight = reading.as_ref().map(|reading| FlightId(reading.arrow));
    let onmeddle = flight.map(|flight| props.act.reform(move |what| Do::Meddle(flight, what)));
    html! { <MessageTab {reading} {onmeddle} {curl} editing={lab.editing} /> }
}

/// The host as it is where the playhead is: what it remembers grows old between two entries too.
#[component]
fn State(props: &Props) -> Html {
    let lab = &props.lab;
    let second = use_state_eq(|| 0_u64);
    {
        let second = second.clone();
        use_paint(&props.clock, (), move |(), nanos| second.set(nanos as u64 / NANOS_PER_S));
    }
    let sketch = &lab.told.sketch;
    let at = host_of(lab);
    let id = HostId(at as u32);
    let run = lab.run.borrow();
    let party = |host: usize| run.history.trace().parties.get(host).map(|party| &party.name);
    // Those that have a lifeline, and the one that is meant.
    let mut shown: Vec<usize> = sketch.lines.iter().map(|line| line.host).collect();
    if !shown.contains(&at) {
        shown.push(at);
    }
    let named = |host: &usize| party(*host).map(|name| AttrValue::from(name.clone()));
    let hosts: Vec<AttrValue> = shown.iter().map(|host| named(host).unwrap_or_default()).collect();
    let epoch = run.history.trace().epoch;
    let then = Time::from_nanos(epoch.nanos() + *second * NANOS_PER_S);
    let now = run.history.world().view_at(id, then).map(Rc::new);
    let off = !run.history.world().is_on(id);
    let entries = run.history.trace().entries.iter().take(lab.moment);
    // What has just changed is seen when time is held; to find it while an overlay plays would take
    // longer than a frame.
    let held = lab.playing == Playing::Hold || !lab.is_overlay();
    let mut own = entries.rev().filter(|entry| held && entry.host == id);
    let past = own.next().and_then(|latest| run.history.world_at(latest.id.0));
    let before = past.and_then(|past| past.view(id).map(Rc::new));
    let host = named(&at).unwrap_or_default();
    let onhost =
        props.act.reform(move |at: usize| Do::Pick(shown.get(at).map(|host| Pick::Host(*host))));
    html! { <StateTab {host} {now} {before} {hosts} {onhost} {off} /> }
}

/// The host that is meant: the one selected, or the one where the latest entry happened.
fn host_of(lab: &Lab) -> usize {
    let entry = |at: usize| {
        let run = lab.run.borrow();
        run.history.trace().entries.get(at).map(|entry| entry.host.0 as usize)
    };
    let picked = match lab.picked {
        Some(Pick::Host(at)) => Some(at),
        Some(Pick::Entry(at)) => entry(at),
        Some(Pick::Arrow(_) | Pick::Link(_)) | None => None,
    };
    picked.or_else(|| entry(lab.moment.checked_sub(1)?)).unwrap_or(0)
}

fn why(props: &Props) -> Html {
    let lab = &props.lab;
    let sketch = &lab.told.sketch;
    let entry = match lab.picked {
        Some(Pick::Arrow(id)) => {
            sketch.arrows.iter().find(|arrow| arrow.id == id).map(|arrow| arrow.entry)
        }
        Some(Pick::Entry(at)) => Some(at),
        Some(Pick::Host(_) | Pick::Link(_)) | None => lab.moment.checked_sub(1),
    };
    let run = lab.run.borrow();
    let causes = entry.map(|at| causes(&lab.told.story, run.history.trace(), at));
    let onpick = props.act.reform(|at| Do::Pick(Some(Pick::Entry(at))));
    html! { <WhyTab causes={Rc::new(causes.unwrap_or_default())} {onpick} /> }
}

fn text(props: &Props) -> Html {
    let lab = &props.lab;
    let onpick = props.act.reform(|pick| Do::Pick(Some(pick)));
    html! {
        <TextTab lines={ByPointer(lab.told.lines.clone())} moment={lab.moment} picked={lab.picked}
            {onpick} />
    }
}

const NANOS_PER_S: u64 = 1_000_000_000;
