//! What takes longer than a blink: how far it is, and the button that takes it back.

use std::cell::Cell;

use course::{Doing, Headway};
use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};
use yew::prelude::*;

use super::ByPointer;
use crate::browser;
use crate::draw::units::grouped;
use crate::state::clock::Clock;
use crate::state::lab::Wish;

/// What it is told.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What is being worked on.
    pub wish: ByPointer<Wish>,
    /// It is there.
    pub onready: Callback<()>,
    /// It is not wanted any more.
    pub oncancel: Callback<()>,
}

/// Works on a wish frame by frame, so that the page stays alive, and shows how far it is.
#[component]
pub fn Waiting(props: &Props) -> Html {
    let shown = use_state_eq(|| None::<Shown>);
    {
        let (shown, onready) = (shown.clone(), props.onready.clone());
        use_effect_with(props.wish.clone(), move |wish| {
            shown.set(None);
            let frames = work(wish, shown.setter(), onready);
            move || frames.stop()
        });
    }
    let before = use_memo((), |()| focused());
    let oncancel = {
        let oncancel = props.oncancel.clone();
        Callback::from(move |()| {
            oncancel.emit(());
            browser::say("Cancelled. All is as it was.");
            // The button goes; whoever uses the keyboard is where the wish came from.
            if let Some(element) = &*before {
                let _ = element.focus();
            }
        })
    };
    use_escape(oncancel.clone());
    let what = words(shown.map(|shown| shown.doing), props.wish.0.nodes());
    {
        let what = shown.is_some().then(|| what.clone());
        use_effect_with(what, |what| {
            if let Some(what) = what {
                browser::say(what);
            }
        });
    }
    let Some(Shown { percent, .. }) = *shown else { return Html::default() };
    let onclick = oncancel.reform(|_: MouseEvent| ());
    html! {
        <div class="waiting" role="group" aria-label="In the making">
            <p><span id="waiting-for">{ what }</span>
                <b>{ format!("{percent}\u{202f}%") }</b>
            </p>
            <progress aria-labelledby="waiting-for" max="100"
                value={percent.to_string()}></progress>
            <button class="button small" {onclick}>{ "Cancel" }<kbd>{ "Esc" }</kbd></button>
        </div>
    }
}

/// Goes on with a wish at every frame, for [`SLICE_MS`] of it.
fn work(
    wish: &ByPointer<Wish>,
    shown: UseStateSetter<Option<Shown>>,
    onready: Callback<()>,
) -> Clock {
    let frames = Clock::default();
    let (wish, began, is_long) = (wish.0.clone(), browser::clock_ms(), Cell::new(false));
    frames.run(move |_| {
        let begun = browser::clock_ms();
        if wish.go_on(|| browser::clock_ms() - begun < SLICE_MS) {
            if is_long.get() {
                browser::say("It is ready.");
            }
            onready.emit(());
            return false;
        }
        if browser::clock_ms() - began > UNNOTICED_MS {
            is_long.set(true);
            shown.set(wish.headway().map(Shown::of));
        }
        true
    });
    frames
}

/// What is being done and how many hundredths of it are done: what is shown, and no finer.
#[derive(Clone, Copy, PartialEq)]
struct Shown {
    doing: Doing,
    percent: u32,
}

impl Shown {
    fn of(headway: Headway) -> Shown {
        Shown { doing: headway.doing, percent: (headway.share * 100.0) as u32 }
    }
}

/// What is being done, as a student would say it.
fn words(doing: Option<Doing>, nodes: Option<f64>) -> AttrValue {
    let all = nodes.map(|nodes| format!("{} nodes", grouped(nodes as usize)));
    match (doing.unwrap_or(Doing::Scene), all) {
        (Doing::Hosts, Some(all)) => format!("{all} get their tables").into(),
        (Doing::Hosts, None) => "The hosts are set up".into(),
        (Doing::Prelude, Some(all)) => format!("{all} find each other").into(),
        (Doing::Prelude, None) => "The hosts are switched on".into(),
        (Doing::Scene, _) => "The scene begins".into(),
        (Doing::Replay, _) => "Your run is made again".into(),
        (Doing::Rehearsal, _) => "The scene is rehearsed, to know its numbers".into(),
    }
}

/// Escape takes it back, before it means anything else.
#[hook]
fn use_escape(oncancel: Callback<()>) {
    use_effect_with(oncancel, |oncancel| {
        let (oncancel, capture) = (oncancel.clone(), EventListenerOptions::run_in_capture_phase());
        let capture = EventListenerOptions { passive: false, ..capture };
        let window = browser::window();
        let listener = EventListener::new_with_options(&window, "keydown", capture, move |event| {
            let key = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key);
            if key.as_deref() == Some("Escape") {
                event.stop_propagation();
                event.prevent_default();
                oncancel.emit(());
            }
        });
        move || drop(listener)
    });
}

fn focused() -> Option<HtmlElement> {
    browser::document().active_element()?.dyn_into().ok()
}

/// How much of a frame the work may take. A frame is 16 ms at 60 in a second; the rest is for
/// drawing, and for what the student does meanwhile.
const SLICE_MS: f64 = 8.0;
/// What is there sooner than this needs no telling: it would only flicker.
const UNNOTICED_MS: f64 = 150.0;
