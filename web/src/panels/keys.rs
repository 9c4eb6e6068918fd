//! Keys: one listener for those that work anywhere on the page, and the dialog that lists them.

use std::cell::Cell;
use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement, KeyboardEvent};
use yew::prelude::*;

use super::time::Travel;
use super::{LadderView, ZOOM};
use crate::browser;

/// A key that was pressed.
#[derive(Clone, PartialEq, Debug)]
pub struct Key {
    /// The key's name as the browser has it: `ArrowLeft`, ` `, `k`.
    pub name: String,
    /// Whether Ctrl, or Command on a Mac, was held.
    pub ctrl: bool,
    /// Whether Shift was held.
    pub shift: bool,
    /// Whether it goes into a text that is being written, or to a dialog.
    pub typing: bool,
    /// Whether it goes to something that has its own use for Space and Enter.
    pub pressing: bool,
    /// Whether it goes to something that has its own use for the arrow keys, Home and End.
    pub roving: bool,
    /// Whether it goes to something that scrolls by the arrow keys.
    pub scrolls: bool,
}

impl Key {
    fn of(event: &KeyboardEvent) -> Key {
        let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
        let within = |what: &str| {
            target.as_ref().is_some_and(|target| target.closest(what).ok().flatten().is_some())
        };
        Key {
            name: event.key(),
            ctrl: event.ctrl_key() || event.meta_key(),
            shift: event.shift_key(),
            typing: within("input:not([type=range]), textarea, select, dialog, [contenteditable]"),
            pressing: within("button, a, summary, [role=button], [role=tab], [role=option]"),
            roving: within("[role=tablist], [role=listbox], input[type=range], select"),
            scrolls: target.as_ref().is_some_and(|t| t.matches(".pane").unwrap_or(false)),
        }
    }
}

/// What a key means on every page that shows a run.
#[derive(Clone, PartialEq, Debug)]
pub enum Meaning {
    /// Play, or hold if it plays.
    Toggle,
    /// Move in time.
    Travel(Travel),
    /// Select the arrow after, or before.
    PickNext(bool),
    /// Select nothing.
    PickNothing,
    /// Look at the ladder in another way.
    View(LadderView),
    /// Take the last meddling back.
    Undo,
}

/// The meaning of a key, where the ladder is looked at in this way; none for keys that are meant
/// for something else.
pub fn meant(key: &Key, view: &LadderView) -> Option<Meaning> {
    if key.typing {
        return None;
    }
    let zoomed = |zoom: f32| Meaning::View(LadderView { zoom, ..view.clone() });
    Some(match key.name.as_str() {
        "z" if key.ctrl => Meaning::Undo,
        _ if key.ctrl => return None,
        " " if !key.pressing => Meaning::Toggle,
        "ArrowRight" if !key.roving => Meaning::Travel(Travel::Step),
        "ArrowLeft" if !key.roving => Meaning::Travel(Travel::Back),
        "Home" if !key.roving => Meaning::Travel(Travel::Start),
        "End" if !key.roving => Meaning::Travel(Travel::End),
        "ArrowDown" if !key.roving && !key.scrolls => Meaning::PickNext(true),
        "ArrowUp" if !key.roving && !key.scrolls => Meaning::PickNext(false),
        "Escape" => Meaning::PickNothing,
        "+" | "=" => zoomed(view.zoom * ZOOM),
        "-" => zoomed(view.zoom / ZOOM),
        "0" => zoomed(1.0),
        _ => return None,
    })
}

/// Listens to keys anywhere on the page. `take` says whether it made use of the key.
#[hook]
pub fn use_keys(take: impl Fn(&Key) -> bool + 'static) {
    let latest = use_mut_ref(|| None::<Box<dyn Fn(&Key) -> bool>>);
    *latest.borrow_mut() = Some(Box::new(take));
    use_effect_with((), move |()| {
        let options = EventListenerOptions::enable_prevent_default();
        let listener = EventListener::new_with_options(
            &browser::document(),
            "keydown",
            options,
            move |event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
                if event.default_prevented() || event.alt_key() {
                    return;
                }
                let taken = latest.borrow().as_ref().is_some_and(|take| take(&Key::of(event)));
                if taken {
                    event.prevent_default();
                }
            },
        );
        move || drop(listener)
    });
}

/// Space plays and holds, also where a button or an arrow has the focus only since it was clicked:
/// it would be pressed once more. Whoever has come there by Tab presses it, as ever.
#[hook]
pub fn use_space(toggle: impl Fn() + 'static) {
    let latest = use_mut_ref(|| None::<Box<dyn Fn()>>);
    *latest.borrow_mut() = Some(Box::new(toggle));
    use_effect_with((), move |()| {
        let clicked = Rc::new(Cell::new(false));
        let taken = Rc::new(Cell::new(false));
        let listen = |name: &'static str, hear: Box<dyn Fn(&Event)>| {
            let options = EventListenerOptions::run_in_capture_phase();
            let options = EventListenerOptions { passive: false, ..options };
            let hear = move |event: &Event| hear(event);
            EventListener::new_with_options(&browser::window(), name, options, hear)
        };
        let at = clicked.clone();
        let pointer = listen("pointerdown", Box::new(move |_| at.set(true)));
        let was = taken.clone();
        let down = move |event: &Event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            let key = Key::of(event);
            if is_to_toggle(&key, &clicked) && !event.alt_key() {
                event.prevent_default();
                event.stop_propagation();
                was.set(true);
                if let (Some(toggle), false) = (&*latest.borrow(), event.repeat()) {
                    toggle();
                }
            }
        };
        // Some browsers press a button only when the key is let go.
        let up = move |event: &Event| {
            if taken.take() {
                event.prevent_default();
            }
        };
        let listeners = [pointer, listen("keydown", Box::new(down)), listen("keyup", Box::new(up))];
        move || drop(listeners)
    });
}

/// Whether this key is a Space to play by, wherever the focus is, after the latest click.
fn is_to_toggle(key: &Key, clicked: &Cell<bool>) -> bool {
    if key.name == "Tab" {
        clicked.set(false);
    }
    key.name == " " && clicked.get() && !key.typing && !key.ctrl
}

/// What the dialog is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Whether it is open.
    pub shown: bool,
    /// What to do once it is closed.
    pub close: Callback<()>,
}

/// The list of keys.
#[component]
pub fn KeysDialog(props: &Props) -> Html {
    let node = use_node_ref();
    use_modal(&node, props.shown);
    let closed = props.close.reform(|_: Event| ());
    let close = props.close.reform(|_: MouseEvent| ());
    html! {
        <dialog ref={node} class="dialog" aria-labelledby="keys-title" onclose={closed}>
            <h2 id="keys-title">{ "Keys" }</h2>
            <dl class="keys">
                { for KEYS.iter().map(|(key, does)| html! {
                    <div key={*key}>
                        <dt>{ for key.split(' ').map(|k| html! { <kbd key={k}>{ k }</kbd> }) }</dt>
                        <dd>{ *does }</dd>
                    </div>
                }) }
            </dl>
            <p><button class="button" onclick={close}>{ "Close" }</button></p>
        </dialog>
    }
}

/// Opens and closes a native dialog, which keeps the focus in and gives it back.
#[hook]
pub fn use_modal(node: &NodeRef, shown: bool) {
    let node = node.clone();
    use_effect_with(shown, move |shown| {
        if let Some(dialog) = node.cast::<HtmlDialogElement>() {
            if *shown && !dialog.open() {
                let _ = dialog.show_modal();
            } else if !*shown && dialog.open() {
                dialog.close();
            }
        }
    });
}

/// Every key and what it does, in the order of use.
const KEYS: &[(&str, &str)] = &[
    ("Space", "play, or hold"),
    ("\u{2192}", "one step on"),
    ("\u{2190}", "one step back"),
    ("Home", "to the start of the run"),
    ("End", "to the newest step"),
    ("\u{2191} \u{2193}", "the message before or after, in the ladder and the text"),
    ("Ctrl Z", "undo the last thing you did to the network"),
    ("+ \u{2212} 0", "larger, smaller, and usual scale of the ladder"),
    ("Ctrl K", "find any lesson or action, or give a host a command"),
    ("Esc", "let go of what is selected"),
    ("?", "this list"),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// A key that goes to the page itself.
    fn key(name: &str) -> Key {
        Key {
            name: name.to_string(),
            ctrl: false,
            shift: false,
            typing: false,
            pressing: false,
            roving: false,
            scrolls: false,
        }
    }

    #[test]
    fn keys_mean_nothing_where_they_are_meant_for_something_else() {
        let view = LadderView::default();
        let means = |key: Key| meant(&key, &view);
        assert_eq!(means(key("ArrowLeft")), Some(Meaning::Travel(Travel::Back)));
        assert_eq!(means(Key { roving: true, ..key("ArrowLeft") }), None);
        assert_eq!(means(key(" ")), Some(Meaning::Toggle));
        assert_eq!(means(Key { pressing: true, ..key(" ") }), None);
        assert_eq!(means(key("z")), None);
        assert_eq!(means(Key { ctrl: true, ..key("z") }), Some(Meaning::Undo));
        assert_eq!(means(Key { typing: true, ctrl: true, ..key("z") }), None);
        assert_eq!(means(Key { scrolls: true, ..key("ArrowDown") }), None);
    }

    #[test]
    fn space_plays_where_a_button_was_clicked_and_presses_it_where_tab_has_led_to_it() {
        let clicked = Cell::new(false);
        let toggles = |key: Key| is_to_toggle(&key, &clicked);
        let space = || Key { pressing: true, ..key(" ") };
        assert!(!toggles(space()), "nothing was clicked");
        clicked.set(true);
        assert!(toggles(space()) && !toggles(Key { pressing: true, ..key("Enter") }));
        assert!(!toggles(key("ArrowRight")) && toggles(space()), "a step does not move the focus");
        assert!(!toggles(Key { typing: true, ..key(" ") }), "a text is written");
        assert!(!toggles(key("Tab")) && !toggles(space()));
    }
}
