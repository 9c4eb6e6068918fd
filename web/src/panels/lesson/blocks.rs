//! The blocks of a scene in order: prose, buttons, knobs, formulas, questions.

use std::rc::Rc;

use course::Prose;
use course::lesson::{Block, Formula};
use course::measure::{Facts, show_in};
use yew::prelude::*;

use super::is_button;
use super::knob::knob;
use super::question::QuestionCard;
use crate::draw::icon::{Icon, icon};
use crate::state::lab::{Do, Lab};

/// Every block; goals stand together at the end, and neighbouring buttons in one row.
pub fn blocks(lab: &Rc<Lab>, act: &Callback<Do>, blocks: &[Block]) -> Html {
    let (mut looks, mut breaks) = (0, 0);
    let mut out: Vec<Html> = Vec::new();
    let mut row: Vec<Html> = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        if !is_button(block) && !row.is_empty() {
            out.push(acts(at, std::mem::take(&mut row)));
        }
        match block {
            Block::Prose(text) => out.push(html! { <div key={at}>{ prose(lab, text) }</div> }),
            Block::Cue(cue) if !lab.params.are(&cue.only) => {}
            Block::Cue(cue) => {
                let (id, used) = (cue.id.clone(), lab.used.contains(&cue.id));
                row.push(html! {
                    <button key={at} class={classes!("button", (!used).then_some("main"))}
                        data-done={used.then_some("")}
                        onclick={act.reform(move |_| Do::Cue(id.clone()))}>
                        { icon(Icon::Play) }{ &cue.label }</button>
                });
            }
            Block::Look(look) => {
                row.push(button(at, Icon::Lens, &look.label, act, Do::Look(looks)));
                looks += 1;
            }
            Block::Break(suggestion) => {
                row.push(button(at, Icon::Drop, &suggestion.label, act, Do::Break(breaks)));
                breaks += 1;
            }
            Block::Knob(one) => out.push(html! { <div key={at}>{ knob(lab, act, one) }</div> }),
            Block::Goal(_) => {}
            Block::Question(question) => out.push(html! {
                <QuestionCard key={format!("{}-{}", lab.scene, question.id)} lab={lab.clone()}
                    act={act.clone()} id={question.id.clone()} />
            }),
            Block::Formula(one) => out.push(html! { <div key={at}>{ formula(lab, one) }</div> }),
        }
    }
    if !row.is_empty() {
        out.push(acts(blocks.len(), row));
    }
    out.into_iter().collect()
}

fn acts(key: usize, buttons: Vec<Html>) -> Html {
    html! { <div key={format!("acts-{key}")} class="acts">{ for buttons }</div> }
}

fn button(key: usize, picture: Icon, label: &str, act: &Callback<Do>, does: Do) -> Html {
    html! {
        <button {key} class="button" onclick={act.reform(move |_| does.clone())}>
            { icon(picture) }{ label.to_string() }</button>
    }
}

/// Prose with its numbers; the reader lets nothing through but what Markdown itself makes.
pub fn prose(lab: &Lab, prose: &Prose) -> Html {
    let text = prose.html(|number| lab.numbers.value(number));
    html! { <div class="prose block">{ Html::from_html_unchecked(text.into()) }</div> }
}

/// A formula with what it gives and what was measured.
fn formula(lab: &Lab, formula: &Formula) -> Html {
    let Some(scene) = lab.scene() else { return html! { <div hidden={true}></div> } };
    if !lab.params.are(&formula.only) {
        return html! { <div hidden={true}></div> };
    }
    let tally = lab.tally.borrow();
    let facts = Facts::of(scene, &lab.params, tally.digest());
    let (says, measured) = formula.values(&facts);
    let show = |value: Option<f64>| match value {
        Some(value) => show_in(value, &formula.unit),
        None => "\u{2026}".to_string(),
    };
    let same = match (says, measured) {
        (Some(says), Some(measured)) => (says - measured).abs() <= says.abs() * SAME,
        _ => false,
    };
    html! {
        <div class="formula card" role="group" aria-label={formula.name.clone()}>
            <b>{ &formula.name }</b>
            if let Some(words) = &formula.says { <p class="mute">{ words }</p> }
            <dl>
                <dt><code>{ formula.is.words() }</code></dt>
                <dd>{ show(says) }</dd>
                <dt>{ formula.measures() }</dt>
                <dd class={same.then_some("same")}>{ show(measured) }
                    if same { { " " }{ icon(Icon::Check) } }</dd>
            </dl>
        </div>
    }
}

/// The formula and the measured number count as the same up to this share: what is rounded away.
const SAME: f64 = 0.002;
