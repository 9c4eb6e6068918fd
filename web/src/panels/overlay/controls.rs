//! What stands around the canvas: what is followed, the scale, the legend; and the keys.

use protocols::overlay::{Geometry, Role};
use yew::prelude::*;

use super::eye::Eye;
use super::live::MOST_OTHERS;
use super::pen::Inks;
use super::scene::Scene;
use super::{Props, table};
use crate::browser;
use crate::draw::icon::{Icon, icon};
use crate::draw::units::grouped;
use crate::panels::follow;
use crate::state::lab::{Do, Lab};
use crate::state::pick::Pick;

/// How many nodes there are, and which lookup is followed.
pub fn status(props: &Props, scene: &Scene) -> Html {
    let crowd = &scene.crowd;
    let all = grouped(crowd.dots.len());
    let nodes = match crowd.members == crowd.dots.len() {
        true if scene.plan.machines.is_empty() => format!("{all} nodes"),
        true => format!("{all} nodes, {} machines", grouped(scene.plan.machines.len())),
        false => format!("{} of {all} nodes are members", grouped(crowd.members)),
    };
    html! {
        <div class="overlay-status">
            <p>{ nodes }</p>
            { follow(&props.lab, &props.act, 1) }
            if let Some(path) = &scene.path {
                <p class="way">{ table::summary(path) }</p>
            }
        </div>
    }
}

/// The buttons for the scale.
pub fn tools(eye: &Eye, scene: &Scene) -> Html {
    let tool = |picture, label: &'static str, does: Callback<MouseEvent>| {
        html! {
            <button class="quiet" title={label} aria-label={label}
                onclick={does}>{ icon(picture) }</button>
        }
    };
    let zoom = |by: f64| {
        let eye = eye.clone();
        Callback::from(move |_: MouseEvent| zoomed(&eye, by))
    };
    let whole = {
        let eye = eye.clone();
        Callback::from(move |_: MouseEvent| whole(&eye))
    };
    let near = scene.picked.map(|host| {
        let eye = eye.clone();
        Callback::from(move |_: MouseEvent| eye.approach(host))
    });
    html! {
        <div class="overlay-tools" role="group" aria-label="Scale">
            { tool(Icon::Closer, "Larger (+)", zoom(STEP)) }
            { tool(Icon::Farther, "Smaller (\u{2212})", zoom(1.0 / STEP)) }
            { tool(Icon::Ring, "The whole circle (0)", whole) }
            if let Some(near) = near {
                { tool(Icon::Lens, "The neighbourhood of the selected node", near) }
            }
        </div>
    }
}

/// What each colour and stroke means.
pub fn legend(scene: &Scene) -> Html {
    let ring = scene.crowd.geometry == Geometry::Ring;
    let loaded = scene.crowd.mean_load() > 0.0;
    let skyline = ring && scene.is_skyline();
    let several = scene.shown().is_some_and(|host| scene.machine(host).is_some());
    let has = |role: Role| scene.aims.iter().any(|aim| aim.role == role);
    let followed = match scene.target().is_some() {
        true if ring => "the followed lookup",
        true => "the followed lookup, in order of asking",
        false => "the followed command",
    };
    let others = match scene.crowd.dots.len() > MOST_OTHERS {
        true => format!("other messages, at most {MOST_OTHERS}"),
        false => "other messages".to_string(),
    };
    let rows = [
        (!skyline, "ink", "dot", "node"),
        (skyline, "ink", "bar", "nodes, longer where more stand"),
        (scene.crowd.members < scene.crowd.dots.len(), "edge", "hollow", "off, or not a member"),
        (
            loaded,
            "key",
            "bar",
            if skyline { "keys that they hold, on average" } else { "keys that it holds" },
        ),
        (has(Role::Successor), "successor", "stroke", "successors"),
        (has(Role::Predecessor), "predecessor", "dashed", "predecessor"),
        (has(Role::Finger), "accent", "stroke", "fingers"),
        (has(Role::Bucket), "accent", "stroke", "known nodes"),
        (several, "accent", "dot", "nodes of the same machine"),
        (ring && has(Role::Predecessor), "key", "thick", "keys that are its own"),
        (scene.path.is_some(), "way", "stroke", followed),
        (
            scene.path.as_ref().is_some_and(|path| path.has_named()),
            "way",
            "dotted",
            "who named the next node",
        ),
        (scene.target().is_some(), "way", "key", "its key"),
        (true, "mute", "dot", others.as_str()),
    ];
    html! {
        <ul class="overlay-legend" aria-label="Legend">
            { for rows.into_iter().filter(|row| row.0).enumerate().map(|(at, row)| html! {
                <li key={at}><i class={row.2} style={style(row.1)}></i>{ row.3.to_string() }</li>
            }) }
        </ul>
    }
}

/// Whence the canvas takes its colours.
pub fn inks() -> Html {
    html! {
        <span hidden={true}>
            { for Inks::ALL.iter().map(|(name, _)| html! {
                <i key={*name} data-ink={*name} style={style(name)}></i>
            }) }
        </span>
    }
}

fn style(name: &str) -> String {
    let property = Inks::ALL.iter().find(|(known, _)| *known == name).map_or("", |(_, p)| p);
    format!("color:var({property})")
}

/// Turns from numbers to words; says which of them are shown.
pub fn turn(chosen: &UseStateHandle<Option<bool>>, words: bool) -> Html {
    let to = |wanted: bool, label: &'static str| {
        let chosen = chosen.clone();
        html! {
            <button aria-pressed={(words == wanted).to_string()}
                onclick={move |_| chosen.set(Some(wanted))}>{ label }</button>
        }
    };
    html! {
        <div class="seg small" role="group" aria-label="Below the picture">
            { to(false, "Plots") }{ to(true, "Tables") }
        </div>
    }
}

/// The keys of the canvas.
pub fn keys(props: &Props, eye: &Eye) -> Callback<KeyboardEvent> {
    let (lab, act, eye) = (props.lab.clone(), props.act.clone(), eye.clone());
    Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let Some(scene) = eye.scene() else { return };
        match event.key().as_str() {
            "ArrowRight" => walk(&eye, &scene, 1),
            "ArrowLeft" => walk(&eye, &scene, -1),
            "ArrowDown" => walk_known(&lab, &eye, &scene, 1),
            "ArrowUp" => walk_known(&lab, &eye, &scene, -1),
            "Enter" | " " => {
                let Some(host) = scene.under else { return };
                act.emit(Do::Pick(Some(Pick::Host(host as usize))));
            }
            "+" | "=" => zoomed(&eye, STEP),
            "-" => zoomed(&eye, 1.0 / STEP),
            "0" => whole(&eye),
            _ => return,
        }
        event.prevent_default();
    })
}

/// Nearer or farther, about the node that is marked or selected, or the middle.
fn zoomed(eye: &Eye, by: f64) {
    let scene = eye.scene();
    let dot = scene.as_ref().and_then(|scene| {
        let host = scene.under.or(scene.picked)?;
        let at = scene.crowd.at(host).map(|dot| scene.place(dot))?;
        scene.camera.sees(at).then_some(at)
    });
    eye.look(|camera| camera.zoomed(by, dot.unwrap_or((camera.size.0 / 2.0, camera.size.1 / 2.0))));
}

fn whole(eye: &Eye) {
    eye.look(|camera| crate::draw::overlay::Camera::whole(camera.size.0, camera.size.1));
}

/// Along the circle.
fn walk(eye: &Eye, scene: &Scene, places: i64) {
    let from = scene.under.or(scene.picked);
    let to = match from.and_then(|host| scene.crowd.beside(host, places)) {
        Some(dot) => Some(dot),
        None => scene.crowd.dots.first(),
    };
    if let Some(dot) = to {
        arrive(eye, scene, dot.host, "");
    }
}

/// From one of the nodes that the selected one knows to the next.
fn walk_known(lab: &Lab, eye: &Eye, scene: &Scene, places: isize) {
    let Some(picked) = scene.picked else { return walk(eye, scene, 0) };
    let run = lab.run.borrow();
    let aims = super::scene::aims(&run.history, &scene.addresses, picked);
    let known: Vec<_> = aims.iter().filter(|aim| aim.host.is_some()).collect();
    let at = known.iter().position(|aim| aim.host == scene.under);
    let count = known.len() as isize;
    if count == 0 {
        return;
    }
    let next = at.map_or(0, |at| (at as isize + places).rem_euclid(count));
    if let Some(aim) = known.get(next as usize)
        && let Some(host) = aim.host
    {
        let role =
            format!("{} of {}. ", table::role(scene, aim.role, aim.rank), scene.name(picked));
        arrive(eye, scene, host, &role);
    }
}

fn arrive(eye: &Eye, scene: &Scene, host: u32, role: &str) {
    eye.mark(Some(host));
    let Some(dot) = scene.crowd.at(host) else { return };
    if !scene.camera.sees(scene.place(dot)) {
        eye.approach(host);
    }
    browser::say(&format!("{role}{}. {}", scene.name(host), table::about(scene, dot)));
}

const STEP: f64 = 1.5;
