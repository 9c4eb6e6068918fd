//! One lesson in the list on the start page.

use course::{Entry, Lesson, Progress};
use yew::prelude::*;

use crate::app::Route;
use crate::panels::Goto;
use crate::state::{lessons, store};

/// A lesson, and how far the student is in it.
pub(super) struct Row {
    /// The lesson's id.
    pub(super) id: AttrValue,
    /// Its title.
    pub(super) title: AttrValue,
    summary: AttrValue,
    /// The part of the course that it belongs to.
    pub(super) part: u32,
    /// How many minutes to plan for it.
    pub(super) minutes: u32,
    /// For each scene, whether it is done.
    pub(super) done: Vec<bool>,
    /// Whether anything was reached or tried in it.
    pub(super) begun: bool,
}

impl Row {
    /// A lesson that comes with the lab.
    pub(super) fn listed(entry: &'static Entry, progress: &Progress) -> Row {
        let scenes = entry.scenes.iter().enumerate();
        Row {
            id: entry.id.into(),
            title: entry.title.into(),
            summary: entry.summary.into(),
            part: entry.part,
            minutes: entry.minutes,
            done: scenes.map(|(at, aims)| progress.scene(entry.id, at).reaches(aims)).collect(),
            begun: is_begun(progress, entry.id, entry.scenes.len()),
        }
    }

    /// A lesson that was read.
    fn read(lesson: &Lesson, progress: &Progress) -> Row {
        let scenes = lesson.scenes.iter().enumerate();
        let done = scenes.map(|(at, scene)| progress.scene(&lesson.id, at).done(scene));
        Row {
            id: lesson.id.clone().into(),
            title: lesson.title.clone().into(),
            summary: lesson.summary.clone().into(),
            part: lesson.part,
            minutes: lesson.minutes,
            done: done.collect(),
            begun: is_begun(progress, &lesson.id, lesson.scenes.len()),
        }
    }

    /// The row as the `n`th of its list.
    pub(super) fn draw(&self, n: usize) -> Html {
        let count = self.done.iter().filter(|done| **done).count();
        let said = match self.begun {
            false => format!("{} scenes", self.done.len()),
            true => format!("{count} of {} scenes done", self.done.len()),
        };
        html! {
            <li key={self.id.to_string()}>
                <Goto to={Route::Lesson { id: self.id.to_string() }}>
                    <span class="number" aria-hidden="true">{ n + 1 }</span>
                    <span class="what"><b>{ &self.title }</b><span>{ &self.summary }</span></span>
                    <span class="scenes" aria-hidden="true">
                        { for self.done.iter().enumerate().map(|(s, done)| html! {
                            <i key={s} class={done.then_some("done")}></i>
                        }) }
                    </span>
                    <span class="so-far">{ said }</span>
                    <span class="minutes">{ format!("{} min", self.minutes) }</span>
                </Goto>
            </li>
        }
    }
}

/// The lesson that was opened from a file, in a list of its own.
#[component]
pub fn Own() -> Html {
    let row =
        use_memo((), |()| lessons::own().map(|lesson| Row::read(&lesson, &store::progress())));
    match row.as_ref() {
        Some(row) => html! {
            <>
                <h2 class="own">{ "From your file" }</h2>
                <ol class="lessons">{ row.draw(0) }</ol>
            </>
        },
        None => Html::default(),
    }
}

fn is_begun(progress: &Progress, lesson: &str, scenes: usize) -> bool {
    (0..scenes).any(|at| progress.scene(lesson, at).is_begun())
}
