//! The inspector over a live run or a fork of it.

use std::rc::Rc;

use protocols::wire::Time;
use world::{FlightId, HostId};
use yew::prelude::*;

use super::desk::{Desk, Do};
use crate::panels::ByPointer;
use crate::panels::inspector::{Inspector, MessageTab, StateTab, Tab, TextTab, WhyTab};
use crate::state::pick::Pick;
use crate::state::telling::{causes, curl, reading};

/// The inspector.
pub fn right(desk: &Rc<Desk>, act: &Callback<Do>) -> Html {
    html! {
        <Inspector tabs={Tab::ALL.to_vec()} tab={desk.tab} ontab={act.reform(Do::Tab)}>
            { match desk.tab {
                Tab::Message => message(desk, act),
                Tab::State => state(desk, act),
                Tab::Why => why(desk, act),
                Tab::Text => text(desk, act),
            } }
        </Inspector>
    }
}

fn message(desk: &Desk, act: &Callback<Do>) -> Html {
    let opened = match desk.picked {
        Some(Pick::Arrow(id)) => desk.read(|trace| {
            let now = Time::from_nanos(trace.epoch.nanos().saturating_add(desk.now));
            reading(&desk.told.story, trace, id, now)
        }),
        Some(Pick::Host(_) | Pick::Link(_) | Pick::Entry(_)) | None => None,
    };
    let reading = opened.map(Rc::new);
    let curl = reading.as_ref().and_then(|reading| curl(reading));
    // Nobody can change what is on its way to a real server; a fork's flights may be meddled with.
    let flight = reading.as_ref().filter(|_| desk.at.is_some()).map(|r| FlightId(r.arrow));
    let onmeddle = flight.map(|flight| act.reform(move |what| Do::Meddle(flight, what)));
    html! { <MessageTab {reading} {onmeddle} {curl} /> }
}

fn state(desk: &Desk, act: &Callback<Do>) -> Html {
    let at = host_of(desk);
    let id = HostId(u32::try_from(at).unwrap_or(u32::MAX));
    let latest = desk.read(|trace| {
        let happened = trace.entries.iter().take(desk.moment);
        happened.rev().find(|entry| entry.host == id).map(|entry| entry.id.0 as usize)
    });
    let now = desk.host_at(id, desk.moment).map(Rc::new);
    let before = latest.and_then(|latest| desk.host_at(id, latest)).map(Rc::new);
    let lines = &desk.told.sketch.lines;
    let hosts: Vec<AttrValue> = lines.iter().map(|line| line.name.clone()).collect();
    let host = hosts.get(at).cloned().unwrap_or_default();
    let onhost = act.reform(|at| Do::Pick(Some(Pick::Host(at))));
    let unknown = "Nobody can look into a real server from here: only what it sends is known. Fork \
                   here, and our own server takes its place with a state that can be seen.";
    html! { <StateTab {host} {now} {before} {hosts} {onhost} {unknown} /> }
}

/// The host that is meant: the one selected, or else the client in the tab.
fn host_of(desk: &Desk) -> usize {
    match desk.picked {
        Some(Pick::Host(at)) => at,
        Some(Pick::Entry(at)) => desk
            .read(|trace| trace.entries.get(at).map(|entry| entry.host.0 as usize))
            .unwrap_or_default(),
        Some(Pick::Arrow(_) | Pick::Link(_)) | None => 0,
    }
}

fn why(desk: &Desk, act: &Callback<Do>) -> Html {
    let entry = match desk.picked {
        Some(Pick::Arrow(id)) => {
            let arrows = &desk.told.sketch.arrows;
            arrows.iter().find(|arrow| arrow.id == id).map(|arrow| arrow.entry)
        }
        Some(Pick::Entry(at)) => Some(at),
        Some(Pick::Host(_) | Pick::Link(_)) | None => desk.moment.checked_sub(1),
    };
    let causes = entry.map(|at| desk.read(|trace| causes(&desk.told.story, trace, at)));
    let onpick = act.reform(|at| Do::Pick(Some(Pick::Entry(at))));
    html! { <WhyTab causes={Rc::new(causes.unwrap_or_default())} {onpick} /> }
}

fn text(desk: &Desk, act: &Callback<Do>) -> Html {
    let onpick = act.reform(|pick| Do::Pick(Some(pick)));
    html! {
        <TextTab lines={ByPointer(desk.told.lines.clone())} moment={desk.moment}
            picked={desk.picked} {onpick} />
    }
}
