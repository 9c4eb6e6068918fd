//! The whole app: which page the address means.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::pages::{Home, Missing};
use crate::parts::{Later, Part};

/// What an address can mean.
#[derive(Clone, PartialEq, Debug, Routable)]
pub enum Route {
    /// The start page.
    #[at("/")]
    Home,
    /// A lesson by its id. Which scene and run is in the part after `#`.
    #[at("/lesson/:id")]
    Lesson {
        /// The lesson's id.
        id: String,
    },
    /// Live mode.
    #[at("/live")]
    Live,
    /// Anything else.
    #[not_found]
    #[at("/404")]
    Missing,
}

/// The whole app.
#[component]
pub fn App() -> Html {
    html! {
        <BrowserRouter>
            <Switch<Route> render={page} />
        </BrowserRouter>
    }
}

fn page(route: Route) -> Html {
    match route {
        Route::Home => html! { <Home key="home" /> },
        Route::Lesson { id } => {
            let id = AttrValue::from(id);
            html! { <Later key={id.to_string()} part={Part::Lesson} id={id.clone()} /> }
        }
        Route::Live => html! { <Later key="live" part={Part::Live} /> },
        Route::Missing => html! { <Missing key="missing" /> },
    }
}
