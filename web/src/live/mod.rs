//! Live mode: the same machines, driven over a real network through the relay.

use yew::prelude::*;

use crate::panels::Header;

/// The live page.
#[component]
pub fn LivePage() -> Html {
    html! {
        <div class="page">
            <Header crumbs={vec![AttrValue::from("Live")]} live={true} />
            <main id="main" class="plain">
                <h1>{ "Live" }</h1>
                <p>{ "Nothing is connected." }</p>
            </main>
        </div>
    }
}
