//! The few things that are asked of the browser itself, each total: no page, no storage and no
//! clipboard are all answered quietly.

use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlElement, Storage, Window};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = window, js_name = wirelabPanic)]
    fn wirelab_panic(detail: &str);
}

/// Shows the page that says that the program has stopped (`static/boot.js`).
pub fn panicked(detail: &str) {
    wirelab_panic(detail);
}

/// The window; there is always one in a tab.
pub fn window() -> Window {
    gloo::utils::window()
}

/// The document.
pub fn document() -> Document {
    gloo::utils::document()
}

/// The element that the app fills.
pub fn root() -> Element {
    document().get_element_by_id("app").unwrap_or_else(|| gloo::utils::body().into())
}

/// The element of this id.
pub fn by_id(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Marks the moment at which the page can be used, for whoever measures it.
pub fn interactive() {
    if let Some(clock) = window().performance() {
        let _ = clock.mark("wirelab-interactive");
    }
}

/// Milliseconds on a clock that never goes back.
pub fn clock_ms() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// What is kept for all tabs of this place; none where the user forbids it, and in tests, which
/// have no tab.
fn storage() -> Option<Storage> {
    cfg!(target_arch = "wasm32").then(window)?.local_storage().ok().flatten()
}

/// What is kept under a name.
pub fn recall(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Keeps a text under a name, if the browser lets us.
pub fn keep(key: &str, text: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, text);
    }
}

/// Forgets what is kept under a name.
pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

/// What is kept under a name for this tab, until it is closed.
pub fn recall_in_tab(key: &str) -> Option<String> {
    window().session_storage().ok().flatten()?.get_item(key).ok().flatten()
}

/// Keeps a text under a name for this tab; true if the browser has let us.
pub fn keep_in_tab(key: &str, text: &str) -> bool {
    let storage = window().session_storage().ok().flatten();
    storage.is_some_and(|storage| storage.set_item(key, text).is_ok())
}

/// Says something to those who listen, and to nobody else.
pub fn say(text: &str) {
    if let Some(region) = by_id("heard") {
        region.set_inner_text(text);
    }
}

/// Says something to everybody, for a few seconds.
pub fn toast(text: &str) {
    if let Some(region) = by_id("toast") {
        region.set_inner_text(text);
        let _ = region.set_attribute("data-shown", "");
        gloo::timers::callback::Timeout::new(TOAST_MS, move || {
            let _ = region.remove_attribute("data-shown");
        })
        .forget();
    }
}

/// Copies a text to the clipboard and says so.
pub fn copy(text: String, done: &'static str) {
    wasm_bindgen_futures::spawn_local(async move {
        let clipboard = window().navigator().clipboard();
        match wasm_bindgen_futures::JsFuture::from(clipboard.write_text(&text)).await {
            Ok(_) => toast(done),
            Err(_) => toast("The browser does not let this page use the clipboard."),
        }
    });
}

/// The part of the address after `#`, without it.
pub fn hash() -> String {
    window().location().hash().unwrap_or_default().trim_start_matches('#').to_string()
}

/// Puts a new part after `#` into the address bar, without a new entry in the tab's history.
pub fn set_hash(hash: &str) {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    let search = location.search().unwrap_or_default();
    let url = if hash.is_empty() { path + &search } else { format!("{path}{search}#{hash}") };
    if let Ok(history) = window().history() {
        let state = history.state().unwrap_or(JsValue::NULL);
        let _ = history.replace_state_with_url(&state, "", Some(&url));
    }
}

/// Puts another part that begins with `?` into the address bar, without a new entry in the tab's
/// history.
pub fn set_search(search: &str) {
    let location = window().location();
    let (path, hash) = (location.pathname(), location.hash());
    let url = path.unwrap_or_default() + search + &hash.unwrap_or_default();
    if let Ok(history) = window().history() {
        let state = history.state().unwrap_or(JsValue::NULL);
        let _ = history.replace_state_with_url(&state, "", Some(&url));
    }
}

/// The whole address of the page.
pub fn address() -> String {
    window().location().href().unwrap_or_default()
}

/// Whether the user asked for less motion.
pub fn less_motion() -> bool {
    is_so("(prefers-reduced-motion: reduce)")
}

/// Whether what is pointed with is a finger.
pub fn is_touched() -> bool {
    is_so("(pointer: coarse)")
}

fn is_so(media: &str) -> bool {
    window().match_media(media).ok().flatten().is_some_and(|query| query.matches())
}

/// Sets the tab's title.
pub fn title(text: &str) {
    document().set_title(text);
}

/// How long a short notice stays.
const TOAST_MS: u32 = 3500;
