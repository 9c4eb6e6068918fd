//! Rows of a form: a label and what can be filled in.

use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::desk::{Desk, Do};
use crate::panels::ByPointer;

/// What a form of the live page is told.
#[derive(Properties, PartialEq)]
pub struct FormProps {
    /// The page's state.
    pub desk: ByPointer<Desk>,
    /// Does something.
    pub act: Callback<Do>,
    /// What came of it.
    pub children: Html,
}

/// A row with a line of text.
pub fn line(id: &'static str, label: &'static str, value: &str, on: Callback<String>) -> Html {
    typed("text", id, label, value, on)
}

/// A row with a password, which nothing but the program in the tab is given.
pub fn password(id: &'static str, label: &'static str, value: &str, on: Callback<String>) -> Html {
    typed("password", id, label, value, on)
}

fn typed(
    kind: &'static str,
    id: &'static str,
    label: &'static str,
    value: &str,
    on: Callback<String>,
) -> Html {
    let oninput =
        on.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    html! {
        <div class="knob-row">
            <label for={id}>{ label }</label>
            <input {id} type={kind} autocomplete="off" autocapitalize="off" spellcheck="false"
                value={value.to_string()} {oninput} />
        </div>
    }
}

/// A row with several lines of text.
pub fn text(id: &'static str, label: &'static str, value: &str, on: Callback<String>) -> Html {
    let oninput =
        on.reform(|event: InputEvent| event.target_unchecked_into::<HtmlTextAreaElement>().value());
    html! {
        <div class="knob-row">
            <label for={id}>{ label }</label>
            <textarea {id} rows="4" value={value.to_string()} {oninput} />
        </div>
    }
}

/// A row with a choice among values, each with what it is called.
pub fn choice(
    id: &'static str,
    label: &'static str,
    choices: &[(&str, &str)],
    value: &str,
    on: Callback<String>,
) -> Html {
    let onchange =
        on.reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value());
    html! {
        <div class="knob-row">
            <label for={id}>{ label }</label>
            <select {id} {onchange}>
                { for choices.iter().map(|(choice, says)| html! {
                    <option key={choice.to_string()} value={choice.to_string()}
                        selected={*choice == value}>{ says.to_string() }</option>
                }) }
            </select>
        </div>
    }
}
