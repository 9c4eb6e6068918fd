//! How a ladder is looked at: its scale, its idle time, what of it is shown.

use std::collections::BTreeSet;

use yew::prelude::*;

use super::ladder::LadderView;
use super::middle::ZOOM;
use crate::draw::icon::{Icon, icon};
use crate::draw::ladder::Sketch;

/// The tools for it, to stand in a toolbar.
pub fn looks(sketch: &Sketch, view: &LadderView, onview: &Callback<LadderView>) -> Html {
    let change = |change: fn(&mut LadderView)| {
        let mut view = view.clone();
        change(&mut view);
        onview.reform(move |_: MouseEvent| view.clone())
    };
    html! {
        <>
            { tool(Icon::Farther, "Smaller (\u{2212})", None, change(|v| v.zoom /= ZOOM)) }
            { tool(Icon::Closer, "Larger (+)", None, change(|v| v.zoom *= ZOOM)) }
            { tool(Icon::Squeeze, "Press idle time together", Some(view.compress),
                change(|v| v.compress = !v.compress)) }
            { filter(sketch, view, onview) }
        </>
    }
}

fn tool(
    picture: Icon,
    label: &'static str,
    pressed: Option<bool>,
    onclick: Callback<MouseEvent>,
) -> Html {
    html! {
        <button class="quiet" title={label} aria-label={label} {onclick}
            aria-pressed={pressed.map(|pressed| pressed.to_string())}>{ icon(picture) }</button>
    }
}

fn filter(sketch: &Sketch, view: &LadderView, onview: &Callback<LadderView>) -> Html {
    let protocols: BTreeSet<&'static str> = sketch.arrows.iter().map(|a| a.protocol).collect();
    let host = |at: usize| {
        let mut view = view.clone();
        if !view.hidden_lines.remove(&at) {
            view.hidden_lines.insert(at);
        }
        onview.reform(move |_: Event| view.clone())
    };
    let protocol = |name: &'static str| {
        let mut view = view.clone();
        if !view.hidden_protocols.remove(name) {
            view.hidden_protocols.insert(name.to_string());
        }
        onview.reform(move |_: Event| view.clone())
    };
    html! {
        <details class="filter">
            <summary class="quiet">{ "Filter" }</summary>
            <div>
                <h3>{ "Hosts" }</h3>
                { for sketch.lines.iter().enumerate().map(|(at, line)| html! {
                    <label key={at}><input type="checkbox" onchange={host(at)}
                        checked={!view.hidden_lines.contains(&at)} />{ &line.name }</label>
                }) }
                <h3>{ "Protocols" }</h3>
                { for protocols.into_iter().map(|name| html! {
                    <label key={name}><input type="checkbox" onchange={protocol(name)}
                        checked={!view.hidden_protocols.contains(name)} />
                        { name.to_uppercase() }</label>
                }) }
            </div>
        </details>
    }
}
