//! The relay's token. It comes in the part of the address after `#`, which a browser sends to no
//! server, and is kept for the tab alone: the address bar is for what can be shared.

use gloo::events::EventListener;

use crate::browser;

/// Takes the token out of the address, now and whenever one is entered while the page is there.
pub fn keep() {
    take();
    EventListener::new(&browser::window(), "hashchange", |_| take()).forget();
}

/// The token that this tab was given, or nothing. A browser that keeps nothing leaves it where it
/// came from.
pub fn kept() -> String {
    in_address().or_else(|| browser::recall_in_tab(KEY)).unwrap_or_default()
}

fn take() {
    if let Some(token) = in_address()
        && browser::keep_in_tab(KEY, &token)
    {
        browser::set_hash("");
    }
}

fn in_address() -> Option<String> {
    browser::hash().strip_prefix(TOKEN).map(str::to_string)
}

const TOKEN: &str = "token=";
const KEY: &str = "wirelab.token";
