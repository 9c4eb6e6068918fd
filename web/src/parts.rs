//! The parts that the program is cut into. The start page is one; what it does not show at once is
//! fetched when it is first wanted, so that the first visit does not grow with the course.
//!
//! A function with `wasm_split` begins a part: all that only it can reach goes there, and what
//! several reach into parts that they share. `.ci/split.mjs` cuts, from the linker's relocations.
//! Natively the functions are called at once.

use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use yew::prelude::*;

use crate::browser;
use crate::live::LivePage;
use crate::pages::{LessonPage, Own};
use crate::panels::{Header, Overlay, OverlayProps};
use crate::state::lessons;

/// A part of the page that is fetched when it is first shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// The teacher's own lesson on the start page: it must be read to be listed.
    Own,
    /// A lesson's page.
    Lesson,
    /// Live mode.
    Live,
}

/// What is shown later.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The part.
    pub part: Part,
    /// Which of its kind, where there are several: a lesson's id.
    #[prop_or_default]
    pub id: AttrValue,
}

/// How a part that has arrived draws itself, given an id. A function, not what it draws, so that
/// it is drawn anew whenever it is to change.
type Draw = fn(&AttrValue) -> Html;

/// The same for the overlay, given what it is told.
type DrawOverlay = fn(&OverlayProps) -> Html;

/// Fetches a part, and shows it when it is there.
#[component]
pub fn Later(props: &Props) -> Html {
    let draw = use_fetched(props.part, fetch);
    let whole_page = matches!(props.part, Part::Lesson | Part::Live);
    use_effect_with(draw.is_some() && whole_page, |usable| {
        if *usable {
            browser::interactive();
        }
    });
    match (draw, whole_page) {
        (Some(Ok(draw)), _) => draw(&props.id),
        (Some(Err(Missed)), true) => missed_page(),
        (None, true) => waiting(),
        (Some(Err(Missed)) | None, false) => Html::default(),
    }
}

async fn fetch(part: Part) -> Result<Draw, Missed> {
    match part {
        Part::Own => own().await,
        Part::Lesson => lesson().await,
        Part::Live => live().await,
    }
}

/// The overlay in a lesson, a part of its own: most lessons have none.
#[component]
pub fn OverlayLater(props: &OverlayProps) -> Html {
    match use_fetched((), |()| overlay()) {
        Some(Ok(draw)) => draw(props),
        Some(Err(Missed)) => html! {
            <div class="missed">
                <h2>{ "The overlay did not arrive" }</h2>
                { missed() }
            </div>
        },
        None => html! { <div class="overlay" aria-busy="true"></div> },
    }
}

/// Fetches what is named, whenever another is; none as long as it is on its way.
#[hook]
fn use_fetched<Which, Part, Way>(
    which: Which,
    fetch: fn(Which) -> Way,
) -> Option<Result<Part, Missed>>
where
    Which: Copy + PartialEq + 'static,
    Part: Copy + 'static,
    Way: Future<Output = Result<Part, Missed>> + 'static,
{
    let fetched = use_state(|| None);
    let set = fetched.setter();
    use_effect_with(which, move |which| {
        let way = fetch(*which);
        spawn_local(async move { set.set(Some(way.await)) });
    });
    *fetched
}

/// Reads a lesson file and keeps it; gives the lesson's id.
///
/// # Errors
/// What is wrong with the file and where, or that the reader itself did not arrive.
pub async fn open(text: String) -> Result<String, String> {
    match read(text).await {
        Ok(read) => read,
        Err(Missed) => Err("The part of the lab that reads lessons did not arrive.".to_string()),
    }
}

/// The head of the page, and what also stands there before the program runs.
fn waiting() -> Html {
    html! {
        <div class="page">
            <Header />
            <main id="main" class="skeleton" aria-busy="true"><i></i><i></i><i></i></main>
        </div>
    }
}

fn missed_page() -> Html {
    html! {
        <div class="page">
            <Header />
            <main id="main" class="plain">
                <h1>{ "This page did not arrive" }</h1>
                { missed() }
            </main>
        </div>
    }
}

/// Why a part may not have arrived, and the way out.
fn missed() -> Html {
    let again = |_: MouseEvent| {
        let _ = browser::window().location().reload();
    };
    html! {
        <>
            <p>
                { "The network was gone, or the lab has been renewed since you opened it. Nothing \
                   that you did is lost." }
            </p>
            <p><button class="button" onclick={again}>{ "Try again" }</button></p>
        </>
    }
}

/// A part could not be fetched. The console says why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Missed;

impl From<SplitLoaderError> for Missed {
    fn from(_: SplitLoaderError) -> Missed {
        Missed
    }
}

#[wasm_split(lesson, fallible)]
fn own() -> Result<Draw, Missed> {
    Ok(|_| html! { <Own /> })
}

#[wasm_split(lesson, fallible)]
fn lesson() -> Result<Draw, Missed> {
    Ok(|id| html! { <LessonPage key={id.to_string()} id={id.clone()} /> })
}

#[wasm_split(lesson, fallible)]
fn read(text: String) -> Result<Result<String, String>, Missed> {
    Ok(lessons::open(&text).map_err(|why| why.to_string()))
}

#[wasm_split(overlay, fallible)]
fn overlay() -> Result<DrawOverlay, Missed> {
    Ok(|props| html! { <Overlay ..props.clone() /> })
}

#[wasm_split(live, fallible)]
fn live() -> Result<Draw, Missed> {
    Ok(|_| html! { <LivePage key="live" /> })
}
