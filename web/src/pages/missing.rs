//! The page for addresses that mean nothing.

use yew::prelude::*;

use crate::app::Route;
use crate::browser;
use crate::panels::{Goto, Header};

/// Says that there is nothing here, in the lab's own words.
#[component]
pub fn Missing() -> Html {
    use_effect_with((), |()| {
        browser::title("Nothing here · Wirelab");
        browser::interactive();
    });
    let path = browser::window().location().pathname().unwrap_or_default();
    html! {
        <div class="page">
            <Header crumbs={vec![AttrValue::from("Nothing here")]} />
            <main id="main" class="plain">
                <p class="kicker">{ "404 Not Found" }</p>
                <h1>{ "There is no page of this name" }</h1>
                <p>
                    { "You asked for " }<code>{ path }</code>
                    { ", and the lab has nothing under it. A lesson on redirects would now send \
                       you somewhere else; this page only offers it." }
                </p>
                <p><Goto to={Route::Home} classes="button">{ "To the lessons" }</Goto></p>
            </main>
        </div>
    }
}
