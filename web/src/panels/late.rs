//! Styles that the start page does not need: they come with the part of the program that does.

use yew::prelude::*;

/// The styles of live mode, of runs side by side, and of what is seldom seen in a lesson.
pub fn late_styles() -> Html {
    html! {
        <style>{ LIVE }{ SELDOM }</style>
    }
}

const LIVE: &str = include_str!("../../../static/styles/live.css");
const SELDOM: &str = include_str!("../../../static/styles/seldom.css");
