//! The Why tab: the chain of causes, back to what the student asked for.

use std::rc::Rc;

use yew::prelude::*;

use crate::draw::units;
use crate::panels::rule::rule_note;
use crate::state::reading::Cause;

/// What the tab is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The chain, from what is asked about back to its first cause.
    pub causes: Rc<Vec<Cause>>,
    /// Called with the entry that is to be selected.
    pub onpick: Callback<usize>,
}

/// The Why tab.
#[component]
pub fn WhyTab(props: &Props) -> Html {
    if props.causes.is_empty() {
        return html! {
            <div class="empty"><p>{
                "Select anything that happened, and its causes stand here, back \
                to the command that you gave." }</p></div>
        };
    }
    let last = props.causes.len() - 1;
    html! {
        <ol class="causes" reversed={true}>
            { for props.causes.iter().enumerate().map(|(n, cause)| {
                let entry = cause.entry;
                html! {
                    <li key={n}>
                        <p class="because-of">{ match n {
                            0 => "This happened",
                            n if n == last => "and all of it because",
                            _ => "because",
                        } }</p>
                        <button onclick={props.onpick.reform(move |_| entry)}>
                            <b>{ &cause.host }</b>{ " " }{ &cause.text }
                            <small>{ units::time(cause.at as f64) }</small>
                        </button>
                        <div class="rules">
                            { for cause.rules.iter().map(|rule| html! {
                                <div key={rule.id}>{ rule_note(rule) }</div>
                            }) }
                        </div>
                    </li>
                }
            }) }
        </ol>
    }
}
