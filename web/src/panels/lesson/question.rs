//! A question's card: predict first, and the machine judges.

use std::rc::Rc;

use course::Answer;
use course::lesson::{Estimate, Kind, Moment, Question, Typed};
use web_sys::{
    HtmlInputElement, HtmlTextAreaElement, ScrollIntoViewOptions, ScrollLogicalPosition,
};
use yew::prelude::*;

use super::blocks::prose;
use crate::draw::icon::{Icon, icon};
use crate::state::lab::{Answered, Do, Lab};

/// What the card is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The page's state.
    pub lab: Rc<Lab>,
    /// Does something.
    pub act: Callback<Do>,
    /// The question's id.
    pub id: String,
}

/// The card.
#[component]
pub fn QuestionCard(props: &Props) -> Html {
    let draft = use_state_eq(|| None::<String>);
    let lab = &props.lab;
    let said = use_node_ref();
    use_shown(&said, lab.answers.get(&props.id).cloned());
    let found = lab.scene().and_then(|scene| scene.questions().find(|q| q.id == props.id));
    let Some(question) = found else { return html! { <div hidden={true}></div> } };
    let answered = lab.answers.get(&props.id);
    let open = answered.is_some() || lab.is_due(question);
    let reply = {
        let (act, id) = (props.act.clone(), props.id.clone());
        Callback::from(move |answer: Answer| act.emit(Do::Answer(id.clone(), answer)))
    };
    let answers = match &question.kind {
        Kind::Choice(choices) => {
            let labels: Vec<&str> = choices.iter().map(|choice| choice.label.as_str()).collect();
            options(&labels, answered, &reply)
        }
        Kind::Typed(typed) => written(typed, &draft, &reply),
        Kind::Number(estimate) => number(estimate, &draft, &reply),
    };
    html! {
        <section class="question card" aria-label={question.asks.clone()}>
            <fieldset disabled={!open}>
                <legend>{ &question.asks }</legend>
                { answers }
            </fieldset>
            if !open { <p class="mute">{ waiting(question) }</p> }
            <div ref={said} aria-live="polite">
                if let Some(answered) = answered {
                    { verdict(answered) }
                    if let Some(after) = question.after.as_ref().filter(|_| answered.is_over) {
                        { prose(lab, after) }
                    }
                }
            </div>
        </section>
    }
}

/// Brings what is said of an answer into sight: on a phone it would lie behind the bar of time.
#[hook]
fn use_shown(said: &NodeRef, answered: Option<Answered>) {
    let said = said.clone();
    use_effect_with(answered, move |answered| {
        if let (Some(_), Some(said)) = (answered, said.cast::<web_sys::Element>()) {
            let nearest = ScrollIntoViewOptions::new();
            nearest.set_block(ScrollLogicalPosition::Nearest);
            said.scroll_into_view_with_scroll_into_view_options(&nearest);
        }
    });
}

fn waiting(question: &Question) -> String {
    match &question.moment {
        Moment::Start => String::new(),
        Moment::Sent(sight) => format!(
            "The run will stop and ask this when {} has sent {}.",
            sight.host,
            // The star of a pattern means nothing to a student.
            sight.title.text().trim_end_matches(['*', ' '])
        ),
    }
}

fn options(labels: &[&str], answered: Option<&Answered>, reply: &Callback<Answer>) -> Html {
    labels
        .iter()
        .enumerate()
        .map(|(at, label)| {
            let mine = answered.filter(|answered| answered.answer == Answer::Option(at));
            let (class, mark) = match mine.and_then(Answered::right) {
                Some(true) => ("option right", Some(Icon::Check)),
                Some(false) => ("option wrong", Some(Icon::Cross)),
                None => ("option", None),
            };
            html! {
                <button key={at} {class} aria-pressed={mine.is_some().to_string()}
                    onclick={reply.reform(move |_| Answer::Option(at))}>
                    <span>{ label.to_string() }</span>
                    if let Some(mark) = mark { { icon(mark) } }
                </button>
            }
        })
        .collect()
}

fn written(
    typed: &Typed,
    draft: &UseStateHandle<Option<String>>,
    reply: &Callback<Answer>,
) -> Html {
    let text = (**draft).clone().unwrap_or_else(|| typed.starts.clone());
    let oninput = {
        let draft = draft.clone();
        Callback::from(move |event: InputEvent| {
            draft.set(Some(event.target_unchecked_into::<HtmlTextAreaElement>().value()));
        })
    };
    let send = text.clone();
    html! {
        <>
            <textarea rows="6" spellcheck="false" value={text} {oninput}
                aria-label={format!("The message that {} sends", typed.host)} />
            <p class="number"><button class="button main small"
                onclick={reply.reform(move |_| Answer::Text(send.clone()))}>
                    { "Send it" }</button></p>
        </>
    }
}

fn number(
    estimate: &Estimate,
    draft: &UseStateHandle<Option<String>>,
    reply: &Callback<Answer>,
) -> Html {
    let text = (**draft).clone().unwrap_or_default();
    let oninput = {
        let draft = draft.clone();
        Callback::from(move |event: InputEvent| {
            draft.set(Some(event.target_unchecked_into::<HtmlInputElement>().value()));
        })
    };
    let onkeydown = {
        let (reply, draft) = (reply.clone(), draft.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                reply.emit(Answer::Text((*draft).clone().unwrap_or_default()));
            }
        })
    };
    let say = text.clone();
    html! {
        <p class="number">
            <input type="text" inputmode="decimal" autocomplete="off" value={text.clone()}
                aria-label="Your prediction" {oninput} {onkeydown} />
            <span>{ &estimate.unit }</span>
            <button class="button main small" disabled={text.trim().is_empty()}
                onclick={reply.reform(move |_| Answer::Text(say.clone()))}>{ "Predict" }</button>
        </p>
    }
}

fn verdict(answered: &Answered) -> Html {
    let (class, mark) = match answered.right() {
        Some(true) => (None, Some(Icon::Check)),
        Some(false) => (Some("wrong"), Some(Icon::Cross)),
        None => (None, None),
    };
    let again = answered.right() == Some(false) && !answered.is_over;
    html! {
        <div class={classes!("verdict", class)}><p>
            if let Some(mark) = mark { { icon(mark) }{ " " } }
            { answered.says() }
            if again { { " Try once more." } }
        </p></div>
    }
}
