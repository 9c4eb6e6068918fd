//! The middle of the page: the ladder or the map, how it is looked at, and what is at hand.

use std::rc::Rc;
use std::time::Duration;

use course::lesson::Panel;
use world::{Conditions, FlightId, HostId, LinkId, Power};
use yew::prelude::*;

use super::inspector::Meddle;
use super::time::Travel;
use super::{Beside, ByPointer, Ladder, Network, ask, follow, looks};
use crate::draw::icon::{Icon, drawn, icon};
use crate::draw::units;
use crate::parts::OverlayLater;
use crate::state::clock::Clock;
use crate::state::lab::{Beside as Laid, Do, Lab, Playing};
use crate::state::pick::Pick;
use crate::state::telling::since;

/// What the middle is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The page's state.
    pub lab: Rc<Lab>,
    /// Does something.
    pub act: Callback<Do>,
    /// The playhead.
    pub clock: Clock,
}

/// The middle of the page.
#[component]
pub fn Middle(props: &Props) -> Html {
    let lab = &props.lab;
    let onpick = props.act.reform(|pick| Do::Pick(Some(pick)));
    let run = lab.run.clone();
    let onseek = props.act.reform(move |nanos: u64| {
        let run = run.borrow();
        let trace = run.history.trace();
        let before = |entry: &Rc<world::Entry>| since(trace, entry.at) <= nanos;
        Do::Travel(Travel::To(trace.entries.partition_point(before)))
    });
    let nobody = lab.is_overlay() && lab.told.sketch.lines.is_empty();
    let next: AttrValue = match (&lab.asked, lab.more() && lab.playing == Playing::Hold) {
        (Some(_), _) => "what happens next? the question is waiting".into(),
        (None, true) if lab.has_open_question() => {
            "what happens next? step, or predict it first".into()
        }
        (None, true) => "what happens next? step".into(),
        (None, false) => "".into(),
    };
    html! {
        <>
            { toolbar(props) }
            { former(lab, &props.act) }
            <div class="stage">
                if let Some(beside) = &lab.beside {
                    <Beside found={ByPointer(beside.found.clone())} picked={lab.picked}
                        about={played(beside)} parting={beside.parting.clone()}
                        titles={beside.names.clone().map(AttrValue::from)} {onpick} />
                } else if lab.map && lab.is_overlay() {
                    <OverlayLater lab={lab.clone()} act={props.act.clone()}
                        clock={props.clock.clone()} />
                } else if lab.map {
                    <Network lab={lab.clone()} act={props.act.clone()}
                        clock={props.clock.clone()} />
                } else if nobody {
                    { ask::unfollowed(lab, &props.act) }
                } else {
                    <Ladder sketch={lab.told.sketch.clone()} moment={lab.moment} now={lab.now}
                        clock={props.clock.clone()} picked={lab.picked} view={lab.view.clone()}
                        {onpick} {onseek} {next} />
                }
                if lab.beside.is_none() { { at_hand(props) } }
            </div>
        </>
    }
}

/// What the two futures are, and how far each is known.
fn played(beside: &Laid) -> String {
    let [here, there] = beside.played.map(|nanos| units::time(nanos as f64));
    format!(
        "Both are futures of one run. The one on the left has been played to {here}, the other to \
         {there}."
    )
}

fn toolbar(props: &Props) -> Html {
    let (lab, act) = (&props.lab, &props.act);
    let beside = lab.beside.is_some();
    let turn = |map: bool, picture, label: &'static str| {
        html! {
            <button aria-pressed={(lab.map == map).to_string()}
                onclick={act.reform(move |_| Do::Map(map))}>
                { icon(picture) }{ label }</button>
        }
    };
    html! {
        <div class="bar-top" role="toolbar" aria-label="How the run is looked at">
            <div class="seg small" role="group" aria-label="Picture">
                { turn(false, Icon::Ladder, "Ladder") }
                if lab.is_overlay() {
                    { turn(true, Icon::Ring, "Overlay") }
                } else {
                    { turn(true, Icon::Map, "Map") }
                }
            </div>
            <span class="space"></span>
            if lab.is_overlay() && !lab.map && !beside {
                { follow(lab, act, 2) }
            }
            if !lab.map {
                { looks(&lab.told.sketch, &lab.view, &act.reform(Do::View)) }
            }
            if !lab.has(Panel::Text) {
                <button class="quiet" title="The same run as text"
                    onclick={act.reform(|_| Do::Show(Panel::Text))}>
                    { icon(Icon::Text) }<span>{ "Text" }</span></button>
            }
            if lab.has_branches() {
                <button class="quiet" aria-label="Side by side"
                    aria-pressed={lab.beside.is_some().to_string()}
                    title="This future and the one that it left, message by message"
                    onclick={act.reform(move |_| Do::Beside(!beside))}>
                    { icon(Icon::Fork) }<span>{ "Side by side" }</span></button>
            }
            <button class="quiet" title="Undo the last thing done (Ctrl-Z)" aria-label="Undo"
                disabled={!lab.can_undo()} onclick={act.reform(|_| Do::Undo)}>
                { icon(Icon::Undo) }<span>{ "Undo" }</span></button>
            <button class="quiet" title="Start this scene's run anew" aria-label="Anew"
                onclick={act.reform(|_| Do::Anew)}>
                { drawn(ROUND) }<span>{ "Anew" }</span></button>
        </div>
    }
}

/// What became of the run that this one has taken the place of, and the way back to it.
fn former(lab: &Lab, act: &Callback<Do>) -> Html {
    let told = lab.former.as_ref().filter(|_| lab.former_told);
    html! {
        <div class="former" role="status">
            if let Some(former) = told {
                <span>{ match former.is_newer {
                    true => "The newer run is kept.",
                    false => "The run begins anew. The former one is kept.",
                } }</span>
                <button class="button small" onclick={act.reform(|_| Do::TakeBack)}>
                    { icon(Icon::Undo) }
                    { if former.is_newer { "Go to it" } else { "Take it back" } }</button>
            }
        </div>
    }
}

/// What can be done with what is selected, beside it.
fn at_hand(props: &Props) -> Html {
    let lab = &props.lab;
    match lab.picked {
        Some(Pick::Arrow(id)) => {
            let arrow = lab.told.sketch.arrows.iter().find(|arrow| arrow.id == id);
            let in_air = arrow.filter(|arrow| {
                arrow.arrives > lab.now
                    && arrow.entry < lab.moment
                    && arrow.fate == crate::draw::ladder::Fate::Arrives
            });
            in_air.map_or_else(nothing, |arrow| flight_chip(props, id, &arrow.title))
        }
        Some(Pick::Link(at)) => link_chip(props, at),
        Some(Pick::Host(at)) => host_chip(props, at),
        Some(Pick::Entry(_)) | None => nothing(),
    }
}

fn nothing() -> Html {
    html! { <div class="chip" hidden={true}></div> }
}

fn flight_chip(props: &Props, id: u64, title: &AttrValue) -> Html {
    let meddle = |what: Meddle| {
        props.act.reform(move |_: MouseEvent| Do::Meddle(FlightId(id), what.clone()))
    };
    let button = |picture, label: &'static str, onclick| {
        html! {
            <button class="button small" {onclick}>{ icon(picture) }{ label }</button>
        }
    };
    html! {
        <div class="chip" role="group" aria-label="On its way">
            <span><b>{ title }</b>{ " is on its way" }</span>
            { button(Icon::Drop, "Drop", meddle(Meddle::Drop)) }
            { button(Icon::Delay, "Delay", meddle(Meddle::Delay(DELAY_MS))) }
            { button(Icon::Double, "Double", meddle(Meddle::Double)) }
            { button(Icon::Edit, "Edit", props.act.reform(|_| Do::Edit)) }
        </div>
    }
}

fn host_chip(props: &Props, at: usize) -> Html {
    let run = props.lab.run.borrow();
    let id = HostId(at as u32);
    let Some(plan) = run.history.plan().hosts.get(at) else { return nothing() };
    let (state, label, power) = match run.history.world().is_on(id) {
        true => (" is on", "Switch off", Power::Off),
        false => (" is switched off", "Switch on", Power::On),
    };
    let onclick = props.act.reform(move |_: MouseEvent| Do::Power(id, power));
    let asks = props.lab.is_overlay() && power == Power::Off;
    let verb = ask::verb(run.history.world(), id).filter(|_| asks);
    html! {
        <div class="chip" role="group" aria-label={plan.name.clone()}>
            <span><b>{ &plan.name }</b>{ state }</span>
            if let Some(verb) = verb {
                <ask::Ask host={plan.name.clone()} {verb} act={props.act.clone()} />
            }
            <button class="button small" {onclick}>{ label }</button>
        </div>
    }
}

fn link_chip(props: &Props, at: usize) -> Html {
    let lab = &props.lab;
    let run = lab.run.borrow();
    let id = LinkId(at as u32);
    let plan = run.history.plan().links.get(at);
    let now = run.history.world().link(id).map(|link| link.conditions().clone());
    let (Some(plan), Some(now)) = (plan, now) else { return nothing() };
    let change = |to: Conditions| props.act.reform(move |_: MouseEvent| Do::Link(id, to.clone()));
    let button = |label: &'static str, to: Conditions| {
        html! {
            <button class="button small" onclick={change(to)}>{ label }</button>
        }
    };
    html! {
        <div class="chip" role="group" aria-label={plan.name.clone()}>
            <span><b>{ &plan.name }</b>{ " " }{ told(&now) }</span>
            if now.up {
                { button("Cut", Conditions { up: false, ..now.clone() }) }
            } else {
                { button("Mend", Conditions { up: true, ..now.clone() }) }
            }
            { button("Lose one in ten", Conditions { loss_ppm: TENTH_PPM, ..now.clone() }) }
            { button("Twice the delay", Conditions {
                delay: (now.delay * 2).min(LONGEST_DELAY), ..now.clone() }) }
            { button("As it was", plan.conditions.clone()) }
        </div>
    }
}

/// A link's conditions in a few words.
pub fn told(now: &Conditions) -> String {
    let delay = units::time(now.delay.as_nanos() as f64);
    let bandwidth = match now.bandwidth_bps {
        Some(bps) => format!(", {} Mbit/s", bps as f64 / 1e6),
        None => String::new(),
    };
    let loss = match now.loss_ppm {
        0 => String::new(),
        ppm => format!(", loses {}%", f64::from(ppm) / 1e4),
    };
    let cut = if now.up { "" } else { ", cut" };
    format!("{delay} one way{bandwidth}{loss}{cut}")
}

/// An arrow round to where it began.
const ROUND: &str = "M12.500 5.200A5.500 5.500 0 1 0 13.500 8M13 2.300v3.200H9.800";
/// One step of the zoom.
pub const ZOOM: f32 = 1.4;
/// Long enough to come after what usually follows, in milliseconds.
const DELAY_MS: u64 = 200;
const TENTH_PPM: u32 = 100_000;
/// Doubling ends here: nobody waits longer.
const LONGEST_DELAY: Duration = Duration::from_secs(60);
