//! The Message tab: fields and bytes, each lighting the other, and what can be done in flight.

use std::rc::Rc;

use yew::prelude::*;

use super::edit::Edit;
use super::fields::{fields, without_echoes};
use crate::browser;
use crate::draw::icon::{Icon, icon};
use crate::draw::unbroken::unbroken;
use crate::draw::units;
use crate::panels::hex::Hex;
use crate::panels::rule::{rule_note, source};
use crate::state::reading::Reading;

/// Something done to a flight on its way.
#[derive(Clone, PartialEq, Debug)]
pub enum Meddle {
    /// It does not arrive.
    Drop,
    /// It arrives later by this many milliseconds.
    Delay(u64),
    /// It arrives twice.
    Double,
    /// It arrives with other bytes.
    Edit(Vec<u8>),
}

/// What the tab is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What is selected; none where nothing is.
    pub reading: Option<Rc<Reading>>,
    /// Called with what is done to the flight; none where nothing can be done.
    #[prop_or_default]
    pub onmeddle: Option<Callback<Meddle>>,
    /// A command line that asks for the same with curl, where that fits.
    #[prop_or_default]
    pub curl: Option<AttrValue>,
    /// Whether the editor is open from the start.
    #[prop_or_default]
    pub editing: bool,
}

/// The Message tab.
#[component]
pub fn MessageTab(props: &Props) -> Html {
    let lit = use_state_eq(|| None::<usize>);
    let picked = use_state_eq(|| None::<usize>);
    let editing = use_state_eq(|| false);
    {
        let (picked, editing) = (picked.clone(), editing.clone());
        let deps = (props.reading.as_ref().map(|reading| reading.arrow), props.editing);
        use_effect_with(deps, move |(_, open)| {
            picked.set(None);
            editing.set(*open);
        });
    }
    let Some(reading) = props.reading.clone() else {
        return html! {
            <div class="empty"><p>{
                "Select an arrow in the ladder, or a row in the text, to see its \
                fields and its bytes." }</p></div>
        };
    };
    let onlight = {
        let lit = lit.clone();
        Callback::from(move |field| lit.set(field))
    };
    let onpick = {
        let picked = picked.clone();
        Callback::from(move |field: Option<usize>| {
            picked.set(if *picked == field { None } else { field });
        })
    };
    let wrong = reading.fault.as_ref().map(|fault| (fault.span.start, fault.span.end));
    let shown = lit.or(*picked);
    let (bytes, notes) = (Rc::new(reading.bytes.clone()), Rc::new(without_echoes(&reading.notes)));
    let edit = |open: bool| {
        let editing = editing.clone();
        Callback::from(move |()| editing.set(open))
    };
    html! {
        <div class="message">
            { head(&reading) }
            { verdicts(props, &reading, edit(true)) }
            if let (true, Some(onmeddle)) = (*editing && reading.in_flight, &props.onmeddle) {
                <Edit payload={reading.payload.clone()} close={edit(false)}
                    ondeliver={onmeddle.reform(Meddle::Edit)} />
            }
            { fault(&reading) }
            { fields(&notes, shown, *picked, &onlight, &onpick) }
            { explanation(&reading, *picked) }
            if !bytes.is_empty() {
                <Hex {bytes} {notes} lit={shown} {wrong} {onlight} {onpick} />
                { copies(&reading, props.curl.as_ref()) }
            }
        </div>
    }
}

fn head(reading: &Reading) -> Html {
    let arrival = match &reading.lost {
        Some(why) => html! { <span class="warn">{ format!("lost: {why}") }</span> },
        None => html! {
            <span>{ if reading.in_flight { "due " } else { "arrived " } }
                <b>{ units::time(reading.arrives as f64) }</b></span>
        },
    };
    html! {
        <div class="message-head">
            <h2>{ &reading.title }<small>{ unbroken(&reading.detail) }</small></h2>
            <p class="facts">
                <span>{ format!("{} \u{2192} {}", reading.from, reading.to) }</span>
                <span>{ "left " }<b>{ units::time(reading.leaves as f64) }</b></span>
                { arrival }
                { for reading.facts.iter().map(|(name, value)| html! {
                    <span key={name.to_string()}>{ name }{ " " }<b>{ value }</b></span>
                }) }
                if let Some(says) = unfinished(reading) { <span>{ says }</span> }
            </p>
        </div>
    }
}

/// What is said of a message whose end the reader has not seen: that there is more to come, unless
/// it has stopped at what breaks a rule.
fn unfinished(reading: &Reading) -> Option<&'static str> {
    match (reading.complete || reading.bytes.is_empty(), &reading.fault) {
        (true, _) => None,
        (false, Some(_)) => Some("read as far as the broken rule"),
        (false, None) => Some("the rest is still to come"),
    }
}

/// What can be done to a flight that is on its way.
fn verdicts(props: &Props, reading: &Reading, edit: Callback<()>) -> Html {
    let Some(onmeddle) = props.onmeddle.as_ref().filter(|_| reading.in_flight) else {
        return html! { <div class="verdicts" hidden={true}></div> };
    };
    let button = |picture, label: &'static str, what: Meddle| {
        html! {
            <button class="button small" onclick={onmeddle.reform(move |_| what.clone())}>
                { icon(picture) }{ label }
            </button>
        }
    };
    html! {
        <div class="verdicts" role="group" aria-label="It is on its way: do something to it">
            <span>{ "On its way:" }</span>
            { button(Icon::Drop, "Drop", Meddle::Drop) }
            { button(Icon::Delay, "Delay", Meddle::Delay(DELAY_MS)) }
            { button(Icon::Double, "Double", Meddle::Double) }
            if !reading.payload.is_empty() {
                <button class="button small" onclick={edit.reform(|_| ())}>
                    { icon(Icon::Edit) }{ "Edit" }
                </button>
            }
        </div>
    }
}

fn fault(reading: &Reading) -> Html {
    let Some(fault) = &reading.fault else { return html! { <div hidden={true}></div> } };
    html! {
        <div class="fault" role="note">
            <p><b>{ "A rule is broken here. " }</b>{ &fault.found }</p>
            <p>{ "Legal here: " }{ &fault.legal }{ ". " }{ source(fault.rule) }</p>
        </div>
    }
}

fn explanation(reading: &Reading, picked: Option<usize>) -> Html {
    let note = picked.and_then(|index| reading.notes.get(index));
    html! {
        <div class="why-field" aria-live="polite">
            if let Some(note) = note {
                if let Some(rule) = note.rule {
                    { rule_note(rule) }
                } else {
                    <p class="mute">{ format!("{}: bytes {} to {}", note.name, note.span.start,
                        note.span.end.saturating_sub(1)) }</p>
                }
            }
        </div>
    }
}

fn copies(reading: &Rc<Reading>, curl: Option<&AttrValue>) -> Html {
    let (hex, text) = (reading.clone(), reading.clone());
    let curl = curl.cloned();
    html! {
        <div class="copies">
            <span>{ icon(Icon::Copy) }{ "Copy as" }</span>
            <button class="button small" onclick={move |_| {
                let text = hex.bytes.iter().map(|byte| format!("{byte:02x}"));
                browser::copy(text.collect::<Vec<_>>().join(" "), "Copied as hexadecimal.");
            }}>{ "hex" }</button>
            <button class="button small" onclick={move |_| {
                browser::copy(String::from_utf8_lossy(&text.bytes).into_owned(), "Copied as text.");
            }}>{ "text" }</button>
            if let Some(curl) = curl {
                <button class="button small" onclick={move |_| {
                    browser::copy(curl.to_string(), "Copied as a curl command.");
                }}>{ "curl" }</button>
            }
        </div>
    }
}

/// Long enough to come after what usually follows, in milliseconds.
const DELAY_MS: u64 = 200;
