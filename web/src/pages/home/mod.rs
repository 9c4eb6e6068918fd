//! The start page: a run that plays by itself, a way in, and the list of lessons.

mod demo;
mod row;

pub use row::Own;

use yew::prelude::*;

use crate::app::Route;
use crate::browser;
use crate::draw::icon::{Icon, icon};
use crate::panels::{Goto, Header, choose};
use crate::parts::{Later, Part};
use crate::state::{lessons, store};
use demo::Demo;
use row::Row;

/// The start page.
#[component]
pub fn Home() -> Html {
    use_effect_with((), |()| {
        browser::title("Wirelab: see protocols at work");
        browser::interactive();
    });
    let rows = use_memo((), |()| {
        let progress = store::progress();
        lessons::all().iter().map(|entry| Row::listed(entry, &progress)).collect::<Vec<Row>>()
    });
    let next = rows.iter().find(|row| row.done.contains(&false)).or(rows.first());
    let begun = rows.iter().any(|row| row.begun);
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
                        if let Some(row) = next {
                            <p class="start">
                                <Goto to={Route::Lesson { id: row.id.to_string() }}
                                    classes="button big">
                                    { icon(Icon::Play) }
                                    { if begun { "Go on" } else { "Start" } }
                                </Goto>
                                <span>
                                    { &row.title }
                                    <small>{ format!("{} minutes", row.minutes) }</small>
                                </span>
                            </p>
                        }
                    </div>
                    <Demo />
                </section>
                <section aria-labelledby="lessons">
                    <h2 id="lessons">{ "Lessons" }</h2>
                    { for lessons::PARTS.iter().map(|(part, title)| of_part(&rows, *part, title)) }
                    { own() }
                </section>
                { special() }
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

/// The lessons of one part of the course under its title, numbered through all parts.
fn of_part(rows: &[Row], part: u32, title: &str) -> Html {
    let own = rows.iter().enumerate().filter(|(_, row)| row.part == part);
    let own: Vec<Html> = own.map(|(n, row)| row.draw(n)).collect();
    if own.is_empty() {
        return Html::default();
    }
    html! {
        <div class="part" key={part}>
            <h3>{ title }</h3>
            <ol class="lessons">{ for own }</ol>
        </div>
    }
}

/// The lesson that was opened from a file, and the way to open one.
fn own() -> Html {
    html! {
        <>
            if lessons::has_own() {
                <Later part={Part::Own} />
            }
            <p class="own-file">
                <button class="button" onclick={|_: MouseEvent| choose()}>
                    { icon(Icon::Book) }{ "Open a lesson file" }</button>
                <span>{ "Or drop one on any page: a lesson is one Markdown file." }</span>
            </p>
        </>
    }
}

fn special() -> Html {
    html! {
        <section class="special" aria-label="What is special here">
            { for SPECIAL.iter().map(|(picture, title, says)| html! {
                <div key={*title}>{ icon(*picture) }<h3>{ *title }</h3><p>{ *says }</p></div>
            }) }
        </section>
    }
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
