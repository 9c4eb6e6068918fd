//! A teacher's own lesson: a Markdown file dropped on the page or chosen is read and played.

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DragEvent, File, HtmlInputElement};
use yew::prelude::*;

use super::Item;
use super::keys::use_modal;
use crate::browser;
use crate::parts;

/// What was wrong with a file.
#[derive(Clone, PartialEq)]
struct Refused {
    name: String,
    says: String,
}

/// Takes lesson files, wherever on the page they are dropped, and says what is wrong with one.
#[component]
pub fn LessonFile() -> Html {
    let refused = use_state_eq(|| None::<Refused>);
    let dialog = use_node_ref();
    use_modal(&dialog, refused.is_some());
    let take = {
        let refused = refused.setter();
        use_callback((), move |file: File, ()| {
            let refused = refused.clone();
            spawn_local(async move { refused.set(play(&file).await.err()) });
        })
    };
    use_drop(take.clone());
    let onchange = Callback::from(move |event: Event| {
        let input = event.target_unchecked_into::<HtmlInputElement>();
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            take.emit(file);
        }
        // So that the same file can be chosen again once it is mended.
        input.set_value("");
    });
    let setter = refused.setter();
    let close = Callback::from(move |()| setter.set(None));
    html! {
        <>
            <input type="file" id={INPUT} hidden={true} accept=".md,text/markdown" {onchange}
                aria-label="A lesson file" />
            <dialog ref={dialog} class="dialog" aria-labelledby="refused-title"
                onclose={close.reform(|_: Event| ())}>
                <h2 id="refused-title">{ "This file is not a lesson yet" }</h2>
                if let Some(refused) = refused.as_ref() {
                    <p><code>{ &refused.name }</code></p>
                    <p class="refusal">{ &refused.says }</p>
                }
                <p><button class="button" onclick={close.reform(|_: MouseEvent| ())}>
                    { "Close" }</button></p>
            </dialog>
        </>
    }
}

/// Lets the user choose a lesson file.
pub fn choose() {
    if let Some(input) = browser::by_id(INPUT) {
        input.click();
    }
}

/// The same, for the palette.
pub fn item() -> Item {
    Item::new("Open a lesson file", "file", choose)
}

/// Reads a file as a lesson and goes to it.
async fn play(file: &File) -> Result<(), Refused> {
    let refused = |says: String| Refused { name: file.name(), says };
    if file.size() > MOST_BYTES {
        return Err(refused("It is larger than any lesson: over a million bytes.".to_string()));
    }
    let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
    let Some(text) = text else {
        return Err(refused("The browser could not read it as text.".to_string()));
    };
    parts::open(text).await.map_err(refused)
}

/// Takes the files that are dropped anywhere on the page.
#[hook]
fn use_drop(take: Callback<File>) {
    use_effect_with((), move |()| {
        let listen = |name: &'static str, take: Option<Callback<File>>| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&browser::document(), name, options, move |event| {
                let Some(files) = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer)
                else {
                    return;
                };
                // Texts are dragged into the page's own fields as ever.
                if !files.types().includes(&"Files".into(), 0) {
                    return;
                }
                event.prevent_default();
                let file = files.files().and_then(|files| files.get(0));
                if let (Some(take), Some(file)) = (&take, file) {
                    take.emit(file);
                }
            })
        };
        let listeners = [listen("dragover", None), listen("drop", Some(take))];
        move || drop(listeners)
    });
}

const INPUT: &str = "lesson-file";
/// The lessons of the course are below ten thousand bytes.
const MOST_BYTES: f64 = 1_000_000.0;
