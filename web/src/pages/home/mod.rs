//! The start page: a run that plays by itself, a way in, and the list of lessons.

mod demo;

use yew::prelude::*;

use crate::app::Route;
use crate::browser;
use crate::draw::icon::{Icon, icon};
use crate::panels::{Goto, Header, choose};
use crate::state::{lessons, store};
use course::{Lesson, Progress};
use demo::Demo;

/// The start page.
#[component]
pub fn Home() -> Html {
    use_effect_with((), |()| browser::title("Wirelab: see protocols at work"));
    let progress = use_memo((), |()| store::progress());
    let lessons = lessons::all();
    let next = lessons.iter().find(|lesson| !is_done(lesson, &progress)).or(lessons.first());
    let begun = lessons.iter().any(|lesson| is_begun(lesson, &progress));
    html! {
        <div class="page home">
            <Header />
            <main id="main">
                <section class="hero" aria-labelledby="hero">
                    <div>
                        <h1 id="hero">{ "See protocols at work" }</h1>
                        <p class="lead">
                            { "Every message on the wire drawn as it travels, every byte named, \
                               every step one that you can take back, break, or ask about." }
                        </p>
                        if let Some(lesson) = next {
                            <p class="start">
                                <Goto to={Route::Lesson { id: lesson.id.clone() }}
                                    classes="button big">
                                    { icon(Icon::Play) }
                                    { if begun { "Go on" } else { "Start" } }
                                </Goto>
                                <span>
                                    { &lesson.title }
                                    <small>{ format!("{} minutes", lesson.minutes) }</small>
                                </span>
                            </p>
                        }
                    </div>
                    <Demo />
                </section>
                <section aria-labelledby="lessons">
                    <h2 id="lessons">{ "Lessons on the web" }</h2>
                    <ol class="lessons">
                        { for lessons.iter().enumerate().map(|(n, lesson)| {
                            entry(n, lesson, &progress)
                        }) }
                    </ol>
                    { own(&progress) }
                </section>
                <section class="special" aria-label="What is special here">
                    { for SPECIAL.iter().map(|(picture, title, says)| html! {
                        <div key={*title}>
                            { icon(*picture) }<h3>{ *title }</h3><p>{ *says }</p>
                        </div>
                    }) }
                </section>
                <footer class="colophon">
                    <p>
                        { "All of it runs in this tab, also without a network. Nothing you do \
                           leaves it unless you share a link or go live." }
                    </p>
                </footer>
            </main>
        </div>
    }
}

/// The lesson that was opened from a file, and the way to open one.
fn own(progress: &Progress) -> Html {
    html! {
        <>
            if let Some(lesson) = lessons::own() {
                <h2 class="own">{ "From your file" }</h2>
                <ol class="lessons">{ entry(0, &lesson, progress) }</ol>
            }
            <p class="own-file">
                <button class="button" onclick={|_: MouseEvent| choose()}>
                    { icon(Icon::Book) }{ "Open a lesson file" }</button>
                <span>{ "Or drop one on any page: a lesson is one Markdown file." }</span>
            </p>
        </>
    }
}

fn entry(n: usize, lesson: &Lesson, progress: &Progress) -> Html {
    let scenes = lesson.scenes.iter().enumerate();
    let done: Vec<bool> =
        scenes.map(|(at, scene)| progress.scene(&lesson.id, at).done(scene)).collect();
    let said = match (is_begun(lesson, progress), progress.done(lesson)) {
        (false, _) => format!("{} scenes", done.len()),
        (true, count) => format!("{count} of {} scenes done", done.len()),
    };
    html! {
        <li key={lesson.id.clone()}>
            <Goto to={Route::Lesson { id: lesson.id.clone() }}>
                <span class="number" aria-hidden="true">{ n + 1 }</span>
                <span class="what"><b>{ &lesson.title }</b><span>{ &lesson.summary }</span></span>
                <span class="scenes" aria-hidden="true">
                    { for done.iter().enumerate().map(|(s, done)| html! {
                        <i key={s} class={done.then_some("done")}></i>
                    }) }
                </span>
                <span class="so-far">{ said }</span>
                <span class="minutes">{ format!("{} min", lesson.minutes) }</span>
            </Goto>
        </li>
    }
}

/// Whether anything was reached or tried in a lesson.
fn is_begun(lesson: &Lesson, progress: &Progress) -> bool {
    (0..lesson.scenes.len()).any(|at| {
        let scene = progress.scene(&lesson.id, at);
        !scene.goals.is_empty() || !scene.tried.is_empty()
    })
}

fn is_done(lesson: &Lesson, progress: &Progress) -> bool {
    progress.done(lesson) == lesson.scenes.len()
}

/// What other tools do not do.
const SPECIAL: &[(Icon, &str, &str)] = &[
    (
        Icon::Back,
        "Go back",
        "A run is kept whole. Step back to any moment, change one thing, and see the other future \
         beside the first.",
    ),
    (
        Icon::Drop,
        "Break it",
        "Drop a packet, cut a link, rewrite a header while it is in the air. The machines answer \
         by the standard, and say which rule they follow.",
    ),
    (
        Icon::Out,
        "Go live",
        "The same client, byte for byte, talks to real servers through the relay on your own \
         machine. That run can be rewound too.",
    ),
];
