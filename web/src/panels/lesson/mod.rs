//! The lesson's column: progress, prose, and what there is to press, turn, answer and reach.

mod blocks;
mod knob;
mod question;

use std::rc::Rc;

use course::lesson::Block;
use yew::prelude::*;

use crate::draw::icon::{Icon, icon};
use crate::draw::units;
use crate::state::lab::{Do, Lab};

/// What the column is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The page's state.
    pub lab: Rc<Lab>,
    /// Does something.
    pub act: Callback<Do>,
}

/// The lesson's column.
#[component]
pub fn LessonPanel(props: &Props) -> Html {
    let (lab, act) = (&props.lab, &props.act);
    let Some(scene) = lab.scene() else { return html! { <div></div> } };
    let last = lab.scene + 1 == lab.lesson.scenes.len();
    let done = lab.progress.scene(&lab.lesson.id, lab.scene).done(scene);
    html! {
        <div class="scene" key={lab.scene}>
            { progress(lab, act) }
            <p class="kicker">{ format!("Scene {}", lab.scene + 1) }</p>
            <h1>{ &scene.title }</h1>
            <div class="blocks">{ blocks::blocks(lab, act, &scene.blocks) }</div>
            { goals(lab) }
            <div class="turn">
                if lab.scene > 0 {
                    <button class="button"
                        onclick={to_scene(act, lab.scene - 1)}>{ "Back" }</button>
                } else {
                    <span></span>
                }
                if !last {
                    <button class={classes!("button", done.then_some("main"))}
                        onclick={to_scene(act, lab.scene + 1)}>
                        { "Next scene" }{ icon(Icon::Next) }</button>
                } else {
                    <crate::panels::Goto to={crate::app::Route::Home}
                        classes={classes!("button", done.then_some("main"))}>
                        { "To the other lessons" }</crate::panels::Goto>
                }
            </div>
        </div>
    }
}

fn to_scene(act: &Callback<Do>, scene: usize) -> Callback<MouseEvent> {
    act.reform(move |_| Do::Scene(scene))
}

fn progress(lab: &Rc<Lab>, act: &Callback<Do>) -> Html {
    html! {
        <ol class="progress" aria-label="Scenes">
            { for lab.lesson.scenes.iter().enumerate().map(|(at, scene)| {
                let done = lab.progress.scene(&lab.lesson.id, at).done(scene);
                let label = format!("Scene {}: {}{}", at + 1, scene.title,
                    if done { ", done" } else { "" });
                html! {
                    <li key={at} class={done.then_some("done")}>
                        <button aria-label={label.clone()} title={label} onclick={to_scene(act, at)}
                            aria-current={(at == lab.scene).then_some("step")}><i></i></button>
                    </li>
                }
            }) }
        </ol>
    }
}

fn goals(lab: &Lab) -> Html {
    let Some(scene) = lab.scene() else { return html! { <div></div> } };
    let reached = lab.progress.scene(&lab.lesson.id, lab.scene).goals;
    html! {
        <section class="goals" aria-label="To reach">
            <ul>
                { for scene.goals().map(|goal| {
                    let done = reached.contains(&goal.id) || lab.linked.contains(&goal.id);
                    html! {
                        <li key={goal.id.clone()} class={done.then_some("done")}>
                            <span class="mark">if done { { icon(Icon::Check) } }</span>
                            <span>{ &goal.says }
                                <span class="only-heard">
                                    { if done { " (reached)" } else { " (not yet)" } }
                                </span></span>
                        </li>
                    }
                }) }
            </ul>
            <div aria-live="polite">
                if let Some(nanos) = lab.lacks_time() {
                    <p class="mute">{ format!("Nothing is on its way now. Something is due in {}: \
                        press Play to let time pass.", units::time(nanos as f64)) }</p>
                }
            </div>
        </section>
    }
}

/// Whether a block is one of those that are drawn as a row of buttons.
fn is_button(block: &Block) -> bool {
    matches!(block, Block::Cue(_) | Block::Look(_) | Block::Break(_))
}
