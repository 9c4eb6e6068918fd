//! The header: where one is, and what works everywhere.

use yew::prelude::*;

use super::lesson_file::{self, LessonFile};
use super::palette::{Item, Palette};
use super::{Goto, KeysDialog, keys};
use crate::app::Route;
use crate::browser;
use crate::draw::icon::{Icon, icon};
use crate::state::theme;

/// What a header is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Where one is, from the outside in.
    #[prop_or_default]
    pub crumbs: Vec<AttrValue>,
    /// Whether this is live mode.
    #[prop_or_default]
    pub live: bool,
    /// Shares what is shown; none where the page's own address will do.
    #[prop_or_default]
    pub share: Option<Callback<()>>,
    /// What can be found by Ctrl-K beside the lessons.
    #[prop_or_default]
    pub items: Vec<Item>,
}

/// The dialogs that the header opens.
#[derive(Clone, Copy, PartialEq)]
enum Dialog {
    None,
    Keys,
    Palette,
}

/// The header of every page.
#[component]
pub fn Header(props: &Props) -> Html {
    let dialog = use_state_eq(|| Dialog::None);
    let open = |which: Dialog| {
        let dialog = dialog.clone();
        move || dialog.set(which)
    };
    keys::use_keys({
        let (help, find) = (open(Dialog::Keys), open(Dialog::Palette));
        move |key: &keys::Key| match key.name.as_str() {
            "?" if !key.typing => {
                help();
                true
            }
            "k" if key.ctrl => {
                find();
                true
            }
            _ => false,
        }
    });
    let share = {
        let share = props.share.clone();
        Callback::from(move |_: MouseEvent| match &share {
            Some(share) => share.emit(()),
            None => browser::copy(browser::address(), "The link is on the clipboard."),
        })
    };
    let close = {
        let dialog = dialog.clone();
        Callback::from(move |()| dialog.set(Dialog::None))
    };
    let items: Vec<Item> = props.items.iter().cloned().chain([lesson_file::item()]).collect();
    html! {
        <header class="top">
            <a class="skip" href="#main" onclick={skip}>{ "To the content" }</a>
            <Goto to={Route::Home} classes="brand">{ "Wirelab" }</Goto>
            { crumbs(&props.crumbs) }
            <nav class="seg" aria-label="Mode">
                { mode(Route::Home, "Simulated", !props.live) }
                { mode(Route::Live, "Live", props.live) }
            </nav>
            <div class="tools">
                { tool(Icon::Search, "Find", "Find any lesson or action (Ctrl-K)",
                    open(Dialog::Palette)) }
                <button class="quiet" onclick={share} title="Copy the link to this moment">
                    { icon(Icon::Share) }<span>{ "Share" }</span>
                </button>
                { tool(Icon::Theme, "Theme", "Light or dark", theme::toggle) }
                { tool(Icon::Keys, "Keys", "The keys that work here (?)", open(Dialog::Keys)) }
            </div>
            <KeysDialog shown={*dialog == Dialog::Keys} close={close.clone()} />
            <Palette shown={*dialog == Dialog::Palette} {close} {items} />
            <LessonFile />
        </header>
    }
}

fn crumbs(crumbs: &[AttrValue]) -> Html {
    html! {
        <nav class="crumbs" aria-label="Where you are">
            <ol>
                { for crumbs.iter().enumerate().map(|(at, crumb)| html! {
                    <li key={at}>{ crumb }</li>
                }) }
            </ol>
        </nav>
    }
}

fn mode(to: Route, label: &'static str, current: bool) -> Html {
    html! {
        <Goto {to} {current}>{ label }</Goto>
    }
}

fn tool(
    picture: Icon,
    label: &'static str,
    title: &'static str,
    does: impl Fn() + 'static,
) -> Html {
    html! {
        <button class="quiet" {title} onclick={move |_| does()}>
            { icon(picture) }<span>{ label }</span>
        </button>
    }
}

/// Moves the focus to the content without leaving the address of the run.
fn skip(event: MouseEvent) {
    event.prevent_default();
    if let Some(main) = browser::by_id("main") {
        let _ = main.set_attribute("tabindex", "-1");
        let _ = main.focus();
    }
}
