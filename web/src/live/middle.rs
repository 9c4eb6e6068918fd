//! The middle of the live page: whether this is real or simulated, and the ladder.

use std::rc::Rc;

use yew::prelude::*;

use super::desk::{Desk, Do};
use super::session::Between;
use crate::draw::icon::{Icon, icon};
use crate::draw::unbroken::unbroken;
use crate::panels::{Beside, ByPointer, Ladder, looks};
use crate::state::clock::Clock;
use crate::state::lab::Playing;

/// The middle of the page.
pub fn middle(desk: &Rc<Desk>, act: &Callback<Do>, clock: &Clock) -> Html {
    let onpick = act.reform(|pick| Do::Pick(Some(pick)));
    let next: AttrValue = match (desk.at, desk.more()) {
        (None, true) => "this is the past: step on, or fork here".into(),
        (None, false) => "".into(),
        (Some(_), true) if desk.playing == Playing::Hold => "what happens next? step".into(),
        (Some(_), true) => "".into(),
        (Some(_), false) => "nothing is due any more: ask for something".into(),
    };
    html! {
        <>
            <div class="bar-top" role="toolbar" aria-label="How the run is looked at">
                { kind(desk) }
                <span class="space"></span>
                { looks(&desk.told.sketch, &desk.view, &act.reform(Do::View)) }
                { twin(desk, act) }
                { turn(desk, act) }
            </div>
            <div class="notice" role="alert">
                if let Some(notice) = &desk.notice { <p class="fault">{ unbroken(notice) }</p> }
            </div>
            <div class="stage">
                if let Some(found) = &desk.beside {
                    <Beside found={ByPointer(found.clone())} about={TWIN} picked={desk.picked}
                        titles={["Live".into(), "Simulated".into()]} {onpick} />
                } else {
                    <Ladder sketch={desk.told.sketch.clone()} moment={desk.moment} now={desk.now}
                        clock={clock.clone()} picked={desk.picked} view={desk.view.clone()}
                        {onpick} {next} />
                }
            </div>
        </>
    }
}

/// What is looked at, in words beside a mark.
fn kind(desk: &Desk) -> Html {
    let connected = matches!(desk.session.between(), Between::Connected(_));
    let (kind, says) = match (desk.at, desk.follows(), desk.playing) {
        (Some(_), _, _) => ("simulated", "Simulated from here, against our own server"),
        (None, true, _) if connected => ("live", "Live: real bytes, real time"),
        (None, true, _) => ("past", "Live, but not connected"),
        (None, false, Playing::Hold) => ("past", "Live, looked back at"),
        (None, false, Playing::On | Playing::UntilQuiet) => ("past", "Live, played again"),
    };
    html! { <p class="kind" data-kind={kind}><i aria-hidden="true"></i>{ says }</p> }
}

/// The way to the comparison with a simulated twin, and back to the ladder.
fn twin(desk: &Desk, act: &Callback<Do>) -> Html {
    let shown = desk.beside.is_some();
    let nothing = desk.told.sketch.arrows.iter().next().is_none();
    html! {
        <button class="button small" aria-pressed={shown.to_string()}
            hidden={desk.at.is_some()} disabled={nothing && !shown}
            title="The same run against our own servers, message by message"
            onclick={act.reform(move |_| Do::Beside(!shown))}>{ "Side by side" }</button>
    }
}

/// The way into a simulation, and the way back.
fn turn(desk: &Desk, act: &Callback<Do>) -> Html {
    match desk.at {
        None => html! {
            <button class="button small" onclick={act.reform(|_| Do::Fork)}
                title="Go on from this moment as a simulation, against our own server">
                { icon(Icon::Fork) }{ "Fork here" }</button>
        },
        Some(_) => html! {
            <button class="button small" onclick={act.reform(|_| Do::Return)}>
                { icon(Icon::Undo) }{ "Back to the live run" }</button>
        },
    }
}

const TWIN: &str = "The twin was asked the same by the same program; our own servers answered it, \
                    over paths as long as the real ones were measured to be. \
                    Times are not compared.";
