//! The parts that the program is cut into. The start page is one; what it does not show at once is
//! fetched when it is first wanted, so that the first visit does not grow with the course.
//!
//! A function with `wasm_split` begins a part: all that only it can reach goes there, and what
//! several reach into parts that they share. `.ci/split.mjs` cuts, from the linker's relocations.
//! Natively the functions are called at once.

use std::collections::BTreeSet;

use course::stages::{Family, Machines};
use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use yew::prelude::*;

use crate::browser;
use crate::live::LivePage;
use crate::pages::{LessonPage, Own, take_up};
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
    let draw = use_fetched((props.part, lessons::family(&props.id)), fetch);
    let whole_page = matches!(props.part, Part::Lesson | Part::Live);
    // A lesson waits for its machines, too; that a page did not arrive can be read at once.
    let is_there = match draw {
        Some(Ok(_)) => props.part == Part::Live,
        Some(Err(Missed)) => whole_page,
        None => false,
    };
    use_effect_with(is_there, |usable| {
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

async fn fetch((part, family): (Part, Option<Family>)) -> Result<Draw, Missed> {
    match (part, family) {
        (Part::Own, _) => own().await,
        (Part::Lesson, Some(family)) => playing(family).await,
        (Part::Lesson, None) => lesson().await,
        (Part::Live, _) => live().await,
    }
}

/// Fetches a lesson's page with the machines of a family.
async fn playing(family: Family) -> Result<Draw, Missed> {
    match family {
        Family::Web => http().await,
        Family::Mail => mail().await,
        Family::MailAndWeb => both().await,
        Family::Tables => tables().await,
    }
}

/// The overlay in a lesson. It comes with the machines of hash tables: other lessons have none.
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

/// What waits for machines.
#[derive(Properties, PartialEq)]
pub struct WithMachinesProps {
    /// The families whose machines it needs.
    pub families: BTreeSet<Family>,
    /// What is shown once they are there.
    pub children: Html,
}

/// A lesson's page once the machines of its stages are there: at once, unless it is a teacher's
/// own.
#[component]
pub fn WithMachines(props: &WithMachinesProps) -> Html {
    let arrived = use_state_eq(|| {
        let are_here = props.families.iter().all(|family| family.machines().is_some());
        are_here.then_some(Ok(()))
    });
    {
        let (arrived, families) = (arrived.clone(), props.families.clone());
        use_effect_with((), move |()| {
            if arrived.is_none() {
                spawn_local(async move { arrived.set(Some(all(families).await)) });
            }
        });
    }
    use_effect_with(arrived.is_some(), |usable| {
        if *usable {
            browser::interactive();
        }
    });
    match *arrived {
        Some(Ok(())) => props.children.clone(),
        Some(Err(Missed)) => missed_page(),
        None => waiting(),
    }
}

async fn all(families: BTreeSet<Family>) -> Result<(), Missed> {
    for family in families {
        playing(family).await?;
    }
    Ok(())
}

/// Reads a lesson file, keeps it and goes to the lesson.
///
/// # Errors
/// What is wrong with the file and where, or that the reader itself did not arrive.
pub async fn open(text: String) -> Result<(), String> {
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
    Ok(lesson_page)
}

fn lesson_page(id: &AttrValue) -> Html {
    html! { <LessonPage key={id.to_string()} id={id.clone()} /> }
}

#[wasm_split(lesson, fallible)]
fn read(text: String) -> Result<Result<(), String>, Missed> {
    Ok(take_up(&text))
}

#[wasm_split(tables, fallible)]
fn overlay() -> Result<DrawOverlay, Missed> {
    Ok(|props| html! { <Overlay ..props.clone() /> })
}

#[wasm_split(live, fallible)]
fn live() -> Result<Draw, Missed> {
    Ok(|_| html! { <LivePage key="live" /> })
}

// The machines of a family come with the page that plays them. So whatever the page reaches, each
// of these parts reaches, and it is one part that they share, not one for each set of them that
// does.

#[wasm_split(http, fallible)]
fn http() -> Result<Draw, Missed> {
    Machines::web().arrive();
    Ok(lesson_page)
}

#[wasm_split(mail, fallible)]
fn mail() -> Result<Draw, Missed> {
    Machines::mail().arrive();
    Ok(lesson_page)
}

#[wasm_split(both, fallible)]
fn both() -> Result<Draw, Missed> {
    Machines::web().arrive();
    Machines::mail().arrive();
    Machines::mail_and_web().arrive();
    Ok(lesson_page)
}

#[wasm_split(tables, fallible)]
fn tables() -> Result<Draw, Missed> {
    Machines::tables().arrive();
    Ok(lesson_page)
}
