//! A knob: a parameter of the stage that the student may turn.

use course::lesson::{Knob, Range};
use course::stages::{self, Value};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::state::lab::{Do, Lab};

/// A knob with its value; turning it starts the run anew.
pub fn knob(lab: &Lab, act: &Callback<Do>, knob: &Knob) -> Html {
    let id = format!("knob-{}", knob.param);
    let value = lab.knobs().value(&knob.param).cloned();
    let stage = lab.scene().and_then(|scene| stages::named(&scene.opening.stage));
    let spec = stage.and_then(|s| s.specs.iter().find(|spec| spec.name == knob.param));
    let shown = match (spec, &value) {
        (Some(spec), Some(value)) => spec.show(value),
        _ => String::new(),
    };
    let hint = spec.map(|spec| spec.says).unwrap_or_default();
    let param = knob.param.clone();
    match (&knob.range, value) {
        (Range::Numbers { least, most, step }, Some(Value::Number(number))) => {
            let onchange = act.reform(move |event: Event| {
                let value = event.target_unchecked_into::<HtmlInputElement>().value();
                Do::Turn(param.clone(), value)
            });
            html! {
                <div class="knob-row" title={hint}>
                    <label for={id.clone()}>{ &knob.label }</label>
                    <output for={id.clone()}>{ shown.clone() }</output>
                    <input type="range" {id} min={least.to_string()} max={most.to_string()}
                        step={step.to_string()} value={number.to_string()} aria-valuetext={shown}
                        {onchange} />
                </div>
            }
        }
        (Range::Words(words), Some(Value::Word(word))) => {
            let onchange = act.reform(move |event: Event| {
                let value = event.target_unchecked_into::<HtmlSelectElement>().value();
                Do::Turn(param.clone(), value)
            });
            html! {
                <div class="knob-row" title={hint}>
                    <label for={id.clone()}>{ &knob.label }</label>
                    <select {id} {onchange}>
                        { for words.iter().map(|option| html! {
                            <option key={option.clone()} value={option.clone()}
                                selected={*option == word}>{ option }</option>
                        }) }
                    </select>
                </div>
            }
        }
        (Range::Numbers { .. } | Range::Words(_), _) => html! { <div hidden={true}></div> },
    }
}
