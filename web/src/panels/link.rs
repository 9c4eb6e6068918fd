//! A link to another page of the app, with what the router's own one lacks: the current page.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::app::Route;

/// What a link is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Where it leads.
    pub to: Route,
    /// Its classes.
    #[prop_or_default]
    pub classes: Classes,
    /// Whether it leads to the page that it stands on.
    #[prop_or_default]
    pub current: bool,
    /// What it says.
    pub children: Html,
}

/// A link that the router follows without loading the page anew.
#[component]
pub fn Goto(props: &Props) -> Html {
    let navigator = use_navigator();
    let to = props.to.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        if event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key() {
            return;
        }
        if let Some(navigator) = &navigator {
            event.prevent_default();
            navigator.push(&to);
            crate::browser::window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    });
    let current = props.current.then_some("page");
    html! {
        <a class={props.classes.clone()} href={props.to.to_path()} {onclick} aria-current={current}>
            { props.children.clone() }
        </a>
    }
}
