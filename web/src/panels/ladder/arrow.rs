//! One arrow of the ladder: its line or band, its head, its cross, its words.

use yew::prelude::*;

use super::Props;
use crate::draw::ladder::{Arrow, Drawn, Fate, Kind, Shape};
use crate::draw::units;
use crate::state::pick::Pick;

/// The strokes of an arrow; none where it has not left yet or is out of sight.
pub fn lines(props: &Props, drawn: &Drawn, shown: &impl Fn(f32, f32) -> bool) -> Option<Html> {
    let arrow = props.sketch.arrows.get(drawn.arrow)?;
    let shape = &drawn.shape;
    if arrow.entry >= props.moment || !shown(shape.tail.1, shape.head_end.1) {
        return None;
    }
    let thick = shape.tail_end.1 - shape.tail.1 > THICK_PX;
    let end = shape.lost.unwrap_or(shape.head_end);
    Some(html! {
        <g key={arrow.id} class={classes(props, arrow)} style={colour(arrow.protocol)}>
            if thick {
                <path class="band" d={band(shape)} />
            }
            <path class="shaft" d={shaft(shape, thick)} />
            if shape.lost.is_none() {
                <path class="head" d={head(shape)} />
            } else {
                <path class="cross" d={format!("M{0:.1} {1:.1}l12 12m0 -12l-12 12",
                    end.0 - 6.0, end.1 - 6.0)} />
            }
        </g>
    })
}

/// The words of an arrow, and the area that takes the clicks.
pub fn label(
    props: &Props,
    drawn: &Drawn,
    now_y: f32,
    shown: &impl Fn(f32, f32) -> bool,
) -> Option<Html> {
    let arrow = props.sketch.arrows.get(drawn.arrow)?;
    let shape = &drawn.shape;
    if arrow.entry >= props.moment || !shown(shape.tail.1, shape.head_end.1) {
        return None;
    }
    let words = drawn.label.as_ref().map(|label| {
        html! {
            <text key="words" aria-hidden="true" x={label.x.to_string()} y={label.y.to_string()}>
                <tspan class="title">{ &label.title }</tspan>
                if !label.detail.is_empty() {
                    <tspan class="detail" dx="6">{ &label.detail }</tspan>
                }
            </text>
        }
    });
    let lost = shape.lost.is_some_and(|(_, y)| y <= now_y);
    let reason = drawn.reason.as_ref().filter(|_| lost).map(|label| {
        html! {
            <text key="reason" class="reason" aria-hidden="true" x={label.x.to_string()}
                y={label.y.to_string()}>
                { &label.detail }
            </text>
        }
    });
    if props.still {
        return Some(html! { <g key={arrow.id} class="arrow">{ words }{ reason }</g> });
    }
    let pick = Pick::Arrow(arrow.id);
    let picked = props.picked == Some(pick);
    let onpick = props.onpick.clone();
    let onkeydown = {
        let onpick = props.onpick.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" || event.key() == " " {
                event.prevent_default();
                onpick.emit(pick);
            }
        })
    };
    let first = props.picked.is_none() && drawn.arrow == 0;
    Some(html! {
        <g key={arrow.id} class={classes(props, arrow)} style={colour(arrow.protocol)}
            onclick={move |_| onpick.emit(pick)}>
            <g class="hit" id={format!("arrow-{}", arrow.id)} role="button"
                aria-pressed={picked.to_string()} aria-label={spoken(props, arrow)}
                tabindex={if picked || first { "0" } else { "-1" }} {onkeydown}>
                <path class="touch" d={shaft(shape, false)} />
            </g>
            { words }{ reason }
        </g>
    })
}

/// An arrow in one sentence.
pub fn spoken(props: &Props, arrow: &Arrow) -> String {
    let name = |line: usize| props.sketch.lines.get(line).map_or("", |line| line.name.as_str());
    let fate = match &arrow.fate {
        Fate::Arrives => format!("arrives at {}", units::time(arrow.arrives as f64)),
        Fate::Lost { why, .. } => format!("lost: {why}"),
    };
    format!(
        "{} {}, from {} to {}, leaves at {}, {fate}",
        arrow.title,
        arrow.detail,
        name(arrow.from),
        name(arrow.to),
        units::time(arrow.leaves as f64),
    )
}

/// The colour of a protocol, as the style of whatever is drawn in it.
pub fn colour(protocol: &str) -> AttrValue {
    match protocol {
        "" => "--c:var(--line)".into(),
        "tcp" => "--c:var(--p-tcp)".into(),
        "http" => "--c:var(--p-http)".into(),
        "dns" | "dns-tcp" => "--c:var(--p-dns)".into(),
        "chord" | "kademlia" => "--c:var(--p-dht)".into(),
        "smtp" | "pop3" | "imap" | "ftp" => format!("--c:var(--p-{protocol})").into(),
        _ => "--c:var(--p-other)".into(),
    }
}

fn classes(props: &Props, arrow: &Arrow) -> Classes {
    let kind = match arrow.kind {
        Kind::Message => "message",
        Kind::More => "more",
        Kind::Datagram => "datagram",
        Kind::Signal => "signal",
    };
    let picked = props.picked == Some(Pick::Arrow(arrow.id));
    let lost = matches!(arrow.fate, Fate::Lost { .. });
    classes!("arrow", kind, picked.then_some("sel"), lost.then_some("lost"))
}

fn shaft(shape: &Shape, thick: bool) -> String {
    let end = shape.lost.unwrap_or(if thick { shape.head } else { shape.head_end });
    format!("M{:.1} {:.1}L{:.1} {:.1}", shape.tail.0, shape.tail.1, end.0, end.1)
}

/// The parallelogram between the first bit and the last.
fn band(shape: &Shape) -> String {
    let (to, to_end) = match shape.lost {
        None => (shape.head, shape.head_end),
        Some((x, y)) => ((x, y), (x, y + shape.tail_end.1 - shape.tail.1)),
    };
    format!(
        "M{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}z",
        shape.tail.0,
        shape.tail.1,
        to.0,
        to.1,
        to_end.0,
        to_end.1,
        shape.tail_end.0,
        shape.tail_end.1
    )
}

/// The arrow's head, at the moment of the last bit, turned as the shaft is.
fn head(shape: &Shape) -> String {
    let (x, y) = shape.head_end;
    let (dx, dy) = (shape.head.0 - shape.tail.0, shape.head.1 - shape.tail.1);
    let length = dx.hypot(dy).max(1.0);
    let (ux, uy) = (dx / length, dy / length);
    let (bx, by) = (x - ux * HEAD_PX, y - uy * HEAD_PX);
    let (wx, wy) = (-uy * HEAD_PX / 2.0, ux * HEAD_PX / 2.0);
    format!("M{x:.1} {y:.1}L{:.1} {:.1}L{:.1} {:.1}z", bx + wx, by + wy, bx - wx, by - wy)
}

/// A transmission drawn higher than this is a band.
const THICK_PX: f32 = 3.0;
const HEAD_PX: f32 = 10.0;
