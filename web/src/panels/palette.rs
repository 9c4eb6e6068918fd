//! The palette: type a few letters, find any lesson or action.

use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::prelude::*;

use super::keys::use_modal;
use crate::app::Route;
use crate::state::lessons;

/// Something that the palette can do.
#[derive(Clone, PartialEq)]
pub struct Item {
    /// What it is called.
    pub label: AttrValue,
    /// What kind of thing it is, or its key.
    pub hint: AttrValue,
    /// Does it; what was typed after the label's letters is handed over.
    pub act: Callback<String>,
    /// For commands: the text that the input must begin with, and that the rest is added to.
    pub takes_text: bool,
}

impl Item {
    /// An action without further words.
    pub fn new(
        label: impl Into<AttrValue>,
        hint: impl Into<AttrValue>,
        act: impl Fn() + 'static,
    ) -> Item {
        let act = Callback::from(move |_: String| act());
        Item { label: label.into(), hint: hint.into(), act, takes_text: false }
    }
}

/// What the palette is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Whether it is open.
    pub shown: bool,
    /// What to do once it is closed.
    pub close: Callback<()>,
    /// What can be done on this page, before the lessons.
    pub items: Vec<Item>,
}

/// The palette.
#[component]
pub fn Palette(props: &Props) -> Html {
    let node = use_node_ref();
    let query = use_state_eq(String::new);
    let at = use_state_eq(|| 0_usize);
    let navigator = use_navigator();
    use_modal(&node, props.shown);
    {
        let (query, at) = (query.clone(), at.clone());
        use_effect_with(props.shown, move |_| {
            query.set(String::new());
            at.set(0);
        });
    }
    let found = found(&props.items, navigator.as_ref(), &query);
    let chosen = (*at).min(found.len().saturating_sub(1));
    let pick = {
        let (close, query) = (props.close.clone(), query.to_string());
        move |item: &Item| {
            close.emit(());
            item.act.emit(query.trim().to_string());
        }
    };
    let onkeydown = {
        let (at, found, pick) = (at.clone(), found.clone(), pick.clone());
        Callback::from(move |event: KeyboardEvent| {
            let last = found.len().saturating_sub(1);
            match event.key().as_str() {
                "ArrowDown" => at.set(if chosen >= last { 0 } else { chosen + 1 }),
                "ArrowUp" => at.set(if chosen == 0 { last } else { chosen - 1 }),
                "Enter" => found.get(chosen).into_iter().for_each(&pick),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let oninput = {
        let (query, at) = (query.clone(), at.clone());
        Callback::from(move |event: InputEvent| {
            query.set(event.target_unchecked_into::<HtmlInputElement>().value());
            at.set(0);
        })
    };
    let active = (!found.is_empty()).then(|| format!("found-{chosen}"));
    html! {
        <dialog ref={node} class="dialog palette" aria-label="Find a lesson or an action"
            onclose={props.close.reform(|_: Event| ())}>
            <input type="text" role="combobox" aria-expanded="true" aria-controls="found"
                aria-activedescendant={active} aria-label="What are you looking for?"
                placeholder="A lesson, an action, or a command to a host" autocomplete="off"
                value={query.to_string()} {oninput} {onkeydown} />
            { list(&found, chosen, &pick) }
            if found.is_empty() {
                <p class="mute">{ "Nothing of that name." }</p>
            }
        </dialog>
    }
}

/// What was found, as a list to choose from.
fn list(found: &[Item], chosen: usize, pick: &(impl Fn(&Item) + Clone + 'static)) -> Html {
    html! {
        <ul id="found" role="listbox" aria-label="Found">
            { for found.iter().enumerate().map(|(n, item)| {
                let (chosen_one, pick) = (item.clone(), pick.clone());
                html! {
                    <li key={format!("{}{}", item.hint, item.label)} id={format!("found-{n}")}
                        role="option" aria-selected={(n == chosen).to_string()}
                        onclick={move |_| pick(&chosen_one)}>
                        <span>{ &item.label }</span><small>{ &item.hint }</small>
                    </li>
                }
            }) }
        </ul>
    }
}

/// The page's items, then the lessons, whose words hold all that was typed.
fn found(items: &[Item], navigator: Option<&Navigator>, query: &str) -> Vec<Item> {
    let lessons = lessons::all().iter().map(|lesson| {
        let navigator = navigator.cloned();
        Item::new(lesson.title, format!("lesson {}", lesson.id), move || {
            if let Some(navigator) = &navigator {
                navigator.push(&Route::Lesson { id: lesson.id.to_string() });
            }
        })
    });
    let wanted: Vec<String> = query.to_lowercase().split_whitespace().map(String::from).collect();
    let fits = |item: &Item| {
        let text = format!("{} {}", item.label, item.hint).to_lowercase();
        let begun =
            item.takes_text && wanted.first().is_some_and(|word| text.starts_with(word.as_str()));
        begun || wanted.iter().all(|word| text.contains(word.as_str()))
    };
    items.iter().cloned().chain(lessons).filter(fits).take(MOST_FOUND).collect()
}

/// A longer list is not read.
const MOST_FOUND: usize = 12;
