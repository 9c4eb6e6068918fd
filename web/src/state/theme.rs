//! Light or dark: what the system has, unless the student chose otherwise.

use crate::browser;

/// Turns to the other theme and keeps the choice.
pub fn toggle() {
    let next = if is_dark() { "light" } else { "dark" };
    browser::keep(KEY, next);
    if let Some(root) = browser::document().document_element() {
        let _ = root.set_attribute("data-theme", next);
    }
}

/// Whether the page is dark now.
fn is_dark() -> bool {
    let root = browser::document().document_element();
    match root.and_then(|root| root.get_attribute("data-theme")).as_deref() {
        Some("dark") => true,
        Some("light") => false,
        _ => {
            let query = browser::window().match_media("(prefers-color-scheme: dark)");
            query.ok().flatten().is_some_and(|query| query.matches())
        }
    }
}

/// `index.html` reads it before the first paint.
const KEY: &str = "wirelab.theme";
