//! The inspector: the message, the machine's state, the causes, and the run as text.

mod edit;
mod fields;
mod message;
mod state;
mod text;
mod why;

use yew::prelude::*;

pub use message::{Meddle, MessageTab};
pub use state::StateTab;
pub use text::TextTab;
pub use why::WhyTab;

/// The inspector's tabs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tab {
    /// Fields and bytes of what is selected.
    Message,
    /// The machine's chart and memory.
    State,
    /// The chain of causes.
    Why,
    /// The whole run in words.
    Text,
}

impl Tab {
    /// Every tab from left to right.
    pub const ALL: [Tab; 4] = [Tab::Message, Tab::State, Tab::Why, Tab::Text];

    /// Its name on the page.
    pub const fn name(self) -> &'static str {
        match self {
            Tab::Message => "Message",
            Tab::State => "State",
            Tab::Why => "Why",
            Tab::Text => "Text",
        }
    }
}

/// What the frame is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The tabs that there are.
    pub tabs: Vec<Tab>,
    /// The tab that is open.
    pub tab: Tab,
    /// Called with the tab that is wanted.
    pub ontab: Callback<Tab>,
    /// The open tab's content.
    pub children: Html,
}

/// The inspector's frame: the tab list and the open tab's panel.
#[component]
pub fn Inspector(props: &Props) -> Html {
    let onkeydown = {
        let (tabs, tab, ontab) = (props.tabs.clone(), props.tab, props.ontab.clone());
        Callback::from(move |event: KeyboardEvent| {
            let at = tabs.iter().position(|other| *other == tab).unwrap_or(0);
            let last = tabs.len().saturating_sub(1);
            let to = match event.key().as_str() {
                "ArrowRight" => {
                    if at == last {
                        0
                    } else {
                        at + 1
                    }
                }
                "ArrowLeft" => {
                    if at == 0 {
                        last
                    } else {
                        at - 1
                    }
                }
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            if let Some(next) = tabs.get(to) {
                ontab.emit(*next);
                if let Some(button) = crate::browser::by_id(&format!("tab-{}", next.name())) {
                    let _ = button.focus();
                }
            }
        })
    };
    html! {
        <div class="inspector">
            <div class="tabs" role="tablist" aria-label="Inspector" {onkeydown}>
                { for props.tabs.iter().map(|tab| {
                    let (tab, open) = (*tab, *tab == props.tab);
                    html! {
                        <button key={tab.name()} role="tab" id={format!("tab-{}", tab.name())}
                            aria-selected={open.to_string()} aria-controls="tab-panel"
                            tabindex={if open { "0" } else { "-1" }}
                            onclick={props.ontab.reform(move |_| tab)}>{ tab.name() }</button>
                    }
                }) }
            </div>
            // Each tab begins at its top.
            <div key={props.tab.name()} class="pane" id="tab-panel" role="tabpanel" tabindex="0"
                aria-labelledby={format!("tab-{}", props.tab.name())}>
                { props.children.clone() }
            </div>
        </div>
    }
}
