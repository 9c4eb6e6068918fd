//! What stands along the lifelines: states, alarms, and the marks of pressed time.

use yew::prelude::*;

use super::Props;
use crate::draw::ladder::{Picture, Ring};
use crate::draw::units;

/// The marks of spans that are drawn shorter than they are.
pub fn gaps(picture: &Picture, window: (f32, f32)) -> Vec<Html> {
    let in_sight = picture
        .axis
        .gaps()
        .iter()
        .filter(|gap| gap.top + gap.height > window.0 && gap.top < window.1);
    in_sight
        .map(|gap| {
            let y = gap.top + gap.height / 2.0;
            let text = format!("{} without anything", units::time(gap.nanos as f64));
            html! {
                <g key={format!("{}", gap.top)} class="gap">
                    { for picture.columns.iter().flatten().enumerate().map(|(at, x)| html! {
                        <g key={at}>
                            <path class="hole" d={format!("M{:.1} {:.1}h12", x - 6.0, y)} />
                            <path d={format!("M{:.1} {:.1}l4 -4 4 4 4 -4m-12 8l4 -4 4 4 4 -4",
                                x - 6.0, y - 1.0)} />
                        </g>
                    }) }
                    <title>{ text }</title>
                </g>
            }
        })
        .collect()
}

/// The strips along the lifelines.
pub fn bars(props: &Props, picture: &Picture, shown: &impl Fn(f32, f32) -> bool) -> Vec<Html> {
    let bars = picture.bars.iter().filter_map(|bar| {
        let state = props.sketch.states.get(bar.state)?;
        let rect = &bar.rect;
        let drawn = state.entry < props.moment && shown(rect.top, rect.top + rect.height);
        let class = match state.name.as_str() {
            OFF => "bar off",
            _ if bar.state % 2 == 0 => "bar",
            _ => "bar odd",
        };
        drawn.then(|| {
            html! {
                <rect key={bar.state} {class}
                    x={rect.left.to_string()} y={rect.top.to_string()} rx="3"
                    width={rect.width.to_string()}
                    height={(rect.height - 1.0).max(0.5).to_string()}>
                    <title>{ &state.name }</title>
                </rect>
            }
        })
    });
    bars.collect()
}

/// The alarms: a thin hook from where one was set to where it rang or was stopped.
pub fn hooks(props: &Props, picture: &Picture, shown: &impl Fn(f32, f32) -> bool) -> Vec<Html> {
    let hooks = picture.hooks.iter().filter_map(|hook| {
        let alarm = props.sketch.alarms.get(hook.alarm)?;
        if alarm.entry >= props.moment || !shown(hook.top, hook.bottom) {
            return None;
        }
        let (x, top, bottom) = (hook.x + 5.0, hook.top, hook.bottom);
        let (class, tail) = match alarm.ring {
            Ring::Rang => ("hook rang", format!("M{:.1} {bottom:.1}l5 -4m-5 4l5 4", x + 1.0)),
            Ring::Armed => ("hook", String::new()),
            Ring::Stopped(_) => ("hook", format!("M{:.1} {bottom:.1}h6", x + 3.0)),
        };
        let d = format!("M{x:.1} {top:.1}q8 0 8 8V{:.1}q0 0 0 0{tail}", bottom.max(top + 8.0));
        let title =
            format!("alarm {}: after {}", alarm.name, units::time((alarm.due - alarm.set) as f64));
        Some(html! { <path key={alarm.id} {class} {d}><title>{ title }</title></path> })
    });
    hooks.collect()
}

/// The names of states and of alarms that rang.
pub fn labels(
    props: &Props,
    picture: &Picture,
    now_y: f32,
    shown: &impl Fn(f32, f32) -> bool,
) -> Vec<Html> {
    let bars = picture.bars.iter().filter_map(|bar| {
        let state = props.sketch.states.get(bar.state)?;
        let label = bar.label.as_ref()?;
        let drawn = state.entry < props.moment && shown(bar.rect.top, bar.rect.top + 15.0);
        drawn.then(|| words(format!("s{}", bar.state), "state", label.x, label.y, &label.detail))
    });
    let hooks = picture.hooks.iter().filter_map(|hook| {
        let label = hook.label.as_ref()?;
        let drawn = hook.bottom <= now_y + 1.0 && shown(hook.top, hook.bottom);
        drawn.then(|| words(format!("a{}", hook.alarm), "alarm", label.x, label.y, &label.detail))
    });
    let pauses = picture.pauses.iter().enumerate().filter_map(|(at, label)| {
        let drawn = label.y < now_y && shown(label.rect.top, label.y);
        drawn.then(|| words(format!("p{at}"), "state", label.x, label.y, &label.detail))
    });
    bars.chain(hooks).chain(pauses).collect()
}

fn words(key: String, class: &'static str, x: f32, y: f32, text: &str) -> Html {
    html! {
        <text {key} {class} x={x.to_string()} y={y.to_string()}>{ text.to_string() }</text>
    }
}

/// What a host's state is called while it is switched off: its strip is hollow.
const OFF: &str = "Off";
