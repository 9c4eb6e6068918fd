//! A lesson.

use yew::prelude::*;

use crate::panels::Header;

/// What the page is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The lesson's id.
    pub id: AttrValue,
}

/// A lesson's page.
#[component]
pub fn LessonPage(props: &Props) -> Html {
    html! {
        <div class="page">
            <Header crumbs={vec![props.id.clone()]} />
            <main id="main" class="plain"><h1>{ &props.id }</h1></main>
        </div>
    }
}
