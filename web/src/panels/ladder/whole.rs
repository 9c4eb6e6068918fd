//! The whole text of one arrow, where the ladder has no room for it: of the one that the pointer or
//! the focus is on, or else of the one that is selected.

use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::ByPointer;
use crate::draw::ladder::{Drawn, Picture, Sketch, text_width};
use crate::state::pick::Pick;

/// What the text is made of.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The run.
    pub sketch: ByPointer<Sketch>,
    /// Where its arrows are.
    pub picture: ByPointer<Picture>,
    /// What is selected.
    pub picked: Option<Pick>,
    /// The ladder, over which the pointer moves.
    pub ladder: NodeRef,
}

/// The whole text, above all else; nothing where the ladder has it in full.
#[component]
pub fn Whole(props: &Props) -> Html {
    let pointed = use_pointed(&props.ladder);
    let selected = match props.picked {
        Some(Pick::Arrow(id)) => Some(id),
        Some(Pick::Host(_) | Pick::Link(_) | Pick::Entry(_)) | None => None,
    };
    let drawn = pointed.or(selected).and_then(|id| {
        let arrows = &props.picture.0.arrows;
        arrows.iter().find(|d| props.sketch.0.arrows.get(d.arrow).is_some_and(|a| a.id == id))
    });
    drawn.and_then(|drawn| tag(props, drawn)).unwrap_or_else(|| html! { <g class="whole"></g> })
}

fn tag(props: &Props, drawn: &Drawn) -> Option<Html> {
    let arrow = props.sketch.0.arrows.get(drawn.arrow)?;
    let said = |label: &&crate::draw::ladder::Label| {
        label.title.starts_with(arrow.title.as_str()) && label.detail == arrow.detail.as_str()
    };
    if drawn.label.as_ref().filter(said).is_some() || arrow.title.is_empty() {
        return None;
    }
    let wide = text_width(&arrow.title, &arrow.detail) + 2.0 * PAD_PX;
    let (tail, head) = (drawn.shape.tail, drawn.shape.head);
    let (x, y) = match &drawn.label {
        Some(label) => (label.x, label.y),
        None => ((tail.0 + head.0) / 2.0, (tail.1 + head.1) / 2.0 - LIFT_PX),
    };
    let half = wide / 2.0;
    let x = x.min(props.picture.0.width - half - EDGE_PX).max(half + EDGE_PX);
    Some(html! {
        <g class="whole" aria-hidden="true">
            <rect x={(x - half).to_string()} y={(y - RISE_PX).to_string()} rx="6"
                width={wide.to_string()} height={HEIGHT_PX.to_string()} />
            <text x={x.to_string()} y={y.to_string()}>
                <tspan class="title">{ &arrow.title }</tspan>
                if !arrow.detail.is_empty() {
                    <tspan class="detail" dx="6">{ &arrow.detail }</tspan>
                }
            </text>
        </g>
    })
}

/// The arrow that the pointer or the focus is on. One listener hears of all of them, so that only
/// this text is made anew when the pointer moves.
#[hook]
fn use_pointed(ladder: &NodeRef) -> Option<u64> {
    let pointed = use_state_eq(|| None::<u64>);
    let (ladder, setter) = (ladder.clone(), pointed.setter());
    use_effect_with((), move |()| {
        let element = ladder.cast::<web_sys::Element>();
        let listeners = ["pointerover", "focusin", "focusout"].map(|event| {
            let setter = setter.clone();
            element.as_ref().map(|element| {
                EventListener::new(element, event, move |event| {
                    let left = event.type_() == "focusout";
                    setter.set(if left { None } else { arrow_under(event) });
                })
            })
        });
        move || drop(listeners)
    });
    *pointed
}

/// The arrow whose group an event happened in.
fn arrow_under(event: &Event) -> Option<u64> {
    let element = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let group = element.closest(".labels .arrow").ok()??;
    let hit = group.query_selector("[id^='arrow-']").ok()??;
    hit.id().strip_prefix("arrow-")?.parse().ok()
}

/// Around the text.
const PAD_PX: f32 = 8.0;
/// The tag keeps this far from the sides of the picture.
const EDGE_PX: f32 = 3.0;
/// From the base line up to the tag's upper edge, and its height.
const RISE_PX: f32 = 15.0;
const HEIGHT_PX: f32 = 21.0;
/// So far above the middle of an arrow that has no label.
const LIFT_PX: f32 = 5.0;
