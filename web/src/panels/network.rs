//! The network map: hosts, links and what is in flight.

use std::rc::Rc;

use world::{HostId, Lane, Link, LinkId};
use yew::prelude::*;

use super::ladder::{colour, use_width};
use crate::draw::ladder::{Arrow, Fate};
use crate::draw::map::{Map, along, layout};
use crate::draw::units;
use crate::state::clock::{Clock, use_paint};
use crate::state::lab::{Do, Lab};
use crate::state::pick::Pick;

/// What the map is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The page's state.
    pub lab: Rc<Lab>,
    /// Does something.
    pub act: Callback<Do>,
    /// The playhead.
    pub clock: Clock,
}

/// A flight that is drawn, with its way.
#[derive(Clone, PartialEq)]
struct Moving {
    id: u64,
    leaves: f64,
    arrives: f64,
    way: Vec<(f32, f32)>,
}

/// The network map.
#[component]
pub fn Network(props: &Props) -> Html {
    let node = use_node_ref();
    let width = use_width(&node);
    let lab = &props.lab;
    let run = lab.run.borrow();
    let plan = run.history.plan();
    let map = layout(plan, width, HEIGHT_PX);
    let in_air = |arrow: &&Arrow| arrow.entry < lab.moment && arrow.arrives > lab.now;
    let arrows: Vec<&Arrow> = lab.told.sketch.arrows.iter().filter(in_air).collect();
    let moving: Vec<Moving> = arrows
        .iter()
        .map(|arrow| Moving {
            id: arrow.id,
            leaves: arrow.leaves as f64,
            arrives: arrow.arrives as f64,
            way: map.way(plan, arrow.from as u32, arrow.to as u32),
        })
        .collect();
    use_paint(&props.clock, (moving, node.clone()), |(moving, node), nanos| {
        let Some(svg) = node.cast::<web_sys::Element>() else { return };
        for flight in moving {
            let share = (nanos - flight.leaves) / (flight.arrives - flight.leaves).max(1.0);
            let (x, y) = along(&flight.way, share as f32);
            if let Ok(Some(dot)) = svg.query_selector(&format!("[data-flight='{}']", flight.id)) {
                let _ = dot.set_attribute("transform", &format!("translate({x:.1} {y:.1})"));
            }
        }
    });
    let viewbox = format!("0 0 {width} {HEIGHT_PX}");
    html! {
        <div class="network" ref={node}>
            <svg viewBox={viewbox} preserveAspectRatio="xMidYMid meet" role="group"
                aria-label="Map of the network">
                <g>{ for plan.links.iter().enumerate().map(|(at, link)| {
                    let now = run.history.world().link(LinkId(at as u32));
                    wire(props, &map, at, &link.name, now)
                }) }</g>
                <g>{ for arrows.iter().map(|arrow| flight(props, arrow)) }</g>
                <g>{ for plan.routers.iter().zip(&map.routers).enumerate().map(|(at, (router, p))| {
                    let (x, y) = (p.0.to_string(), p.1.to_string());
                    html! {
                        <g key={at} class="router">
                            <circle cx={x.clone()} cy={y} r="7"
                                fill="var(--card)" stroke="var(--edge)" stroke-width="2" />
                            <text {x} y={(p.1 + 24.0).to_string()}>{ &router.name }</text>
                        </g>
                    }
                }) }</g>
                <g>{ for plan.hosts.iter().zip(&map.hosts).enumerate().map(|(at, (host, p))| {
                    host_box(props, at, &host.name, &host.address.to_string(), *p)
                }) }</g>
            </svg>
        </div>
    }
}

fn pressed(props: &Props, pick: Pick) -> (Callback<MouseEvent>, Callback<KeyboardEvent>) {
    let by_key = props.act.clone();
    let click = props.act.reform(move |_: MouseEvent| Do::Pick(Some(pick)));
    let key = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Enter" || event.key() == " " {
            event.prevent_default();
            by_key.emit(Do::Pick(Some(pick)));
        }
    });
    (click, key)
}

fn wire(props: &Props, map: &Map, at: usize, name: &str, link: Option<&Link>) -> Html {
    let Some(((x1, y1), (x2, y2))) = map.links.get(at).copied() else {
        return html! { <g key={at}></g> };
    };
    let picked = props.lab.picked == Some(Pick::Link(at));
    let up = link.is_none_or(|link| link.conditions().up);
    let carried = |lane: &Lane| units::bytes(usize::try_from(lane.bytes).unwrap_or(usize::MAX));
    let load = link.map(|link| {
        format!("{} \u{2192}   \u{2190} {}", carried(link.lane(0)), carried(link.lane(1)))
    });
    let (click, key) = pressed(props, Pick::Link(at));
    let (x, y) = ((x1 + x2) / 2.0, (y1 + y2) / 2.0);
    html! {
        <g key={at} class={classes!("link", picked.then_some("sel"))} onclick={click}>
            <g class="hit" role="button" tabindex="0" aria-pressed={picked.to_string()}
                aria-label={format!("the {name}")} onkeydown={key}>
            <line class={classes!("wire", (!up).then_some("cut"))} x1={x1.to_string()}
                y1={y1.to_string()} x2={x2.to_string()} y2={y2.to_string()} />
            <line class="reach" x1={x1.to_string()} y1={y1.to_string()} x2={x2.to_string()}
                y2={y2.to_string()} />
            </g>
            <text aria-hidden="true" x={x.to_string()}
                y={(y - 12.0).to_string()}>{ name.to_string() }</text>
            <text class="load" aria-hidden="true" x={x.to_string()}
                y={(y + 20.0).to_string()}>{ load }</text>
        </g>
    }
}

fn flight(props: &Props, arrow: &Arrow) -> Html {
    let pick = Pick::Arrow(arrow.id);
    let (click, key) = pressed(props, pick);
    let picked = props.lab.picked == Some(pick);
    let lost = matches!(arrow.fate, Fate::Lost { .. });
    html! {
        <g key={arrow.id} class={classes!("flight", picked.then_some("sel"),
            lost.then_some("lost"))}
            style={colour(arrow.protocol)} data-flight={arrow.id.to_string()} onclick={click}>
            <g class="hit" role="button" tabindex="0" onkeydown={key}
                aria-label={format!("{} on its way", arrow.title)}>
                <circle r="8" /></g><text aria-hidden="true" y="-14">{ &arrow.title }</text>
        </g>
    }
}

fn host_box(props: &Props, at: usize, name: &str, address: &str, place: (f32, f32)) -> Html {
    let picked = props.lab.picked == Some(Pick::Host(at));
    let (click, key) = pressed(props, Pick::Host(at));
    let off = !props.lab.run.borrow().history.world().is_on(HostId(at as u32));
    let label = if off { format!("host {name}, switched off") } else { format!("host {name}") };
    html! {
        <g key={at} onclick={click}
            class={classes!("host-box", picked.then_some("sel"), off.then_some("off"))}
            transform={format!("translate({} {})", place.0, place.1)}>
            <g class="hit" role="button" tabindex="0" aria-pressed={picked.to_string()}
                aria-label={label} onkeydown={key}>
                <rect x="-62" y="-22" width="124" height="44" rx="10" />
            </g>
            <text aria-hidden="true" y="-3" font-weight="600">{ name.to_string() }</text>
            <text class="address" aria-hidden="true" y="13">{ address.to_string() }</text>
        </g>
    }
}

/// The map's height in its own units.
const HEIGHT_PX: f32 = 520.0;
