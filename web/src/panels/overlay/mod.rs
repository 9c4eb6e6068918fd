//! The overlay: its nodes on the circle of identifiers, on a canvas, with what they know and what
//! the followed lookup does; below it the same in numbers and in words.

mod base;
mod controls;
mod eye;
mod label;
mod live;
mod pen;
mod plots;
mod scene;
mod table;

use std::rc::Rc;

use gloo::events::EventListener;
use protocols::overlay::Geometry;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlCanvasElement, MutationObserver, MutationObserverInit, ResizeObserver};
use yew::prelude::*;

use crate::browser;
use crate::draw::overlay::{Camera, Census, Path};
use crate::state::clock::{Clock, use_paint};
use crate::state::lab::{Do, Lab};
use crate::state::pick::Pick;
use eye::Eye;
use pen::Inks;
use scene::{Addresses, Scene};

/// What the overlay is told.
#[derive(Clone, Properties, PartialEq)]
pub struct Props {
    /// The page's state.
    pub lab: Rc<Lab>,
    /// Does something.
    pub act: Callback<Do>,
    /// The playhead.
    pub clock: Clock,
}

/// The overlay.
#[component]
pub fn Overlay(props: &Props) -> Html {
    let lab = &props.lab;
    let [panel, below, above] = [use_node_ref(), use_node_ref(), use_node_ref()];
    let chosen = use_state_eq(|| None::<bool>);
    let size = use_size(&panel);
    let eye = (*use_memo((), |()| Eye::new(lab.clone()))).clone();
    let scene = use_scene(lab, size);
    use_canvas(&eye, &panel, [below.clone(), above.clone()]);
    {
        let (eye, lab, scene) = (eye.clone(), lab.clone(), scene.clone());
        use_effect_with((lab.version, lab.picked, size), move |_| eye.show(&lab, scene, size));
    }
    use_paint(&props.clock, eye.clone(), |eye, nanos| eye.tick(nanos));
    let label = label(&scene);
    // Of a few nodes every hop is worth reading; of many, what is usual among them.
    let words = chosen.unwrap_or(scene.crowd.dots.len() <= FEW);
    html! {
        <div class="overlay">
            { controls::status(props, &scene) }
            <div class="overlay-canvas" ref={panel}>
                <canvas ref={below} aria-hidden="true"></canvas>
                { canvas(props, &eye, above, label) }
                { controls::tools(&eye, &scene) }
                { controls::inks() }
            </div>
            <div class="overlay-foot">
                <div class="overlay-row">
                    { controls::turn(&chosen, words) }
                    { controls::legend(&scene) }
                </div>
                if words {
                    { table::tables(lab, &scene, &props.act) }
                } else {
                    { plots::plots(lab, &scene.crowd) }
                }
            </div>
        </div>
    }
}

/// The canvas that takes the pointer and the keys.
fn canvas(props: &Props, eye: &Eye, node: NodeRef, label: String) -> Html {
    let on = |does: fn(&Eye, &PointerEvent)| {
        let eye = eye.clone();
        Callback::from(move |event: PointerEvent| does(&eye, &event))
    };
    let onpointerup = {
        let (eye, act) = (eye.clone(), props.act.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some(dot) = eye.up(&event) {
                act.emit(Do::Pick(Some(Pick::Host(dot.host as usize))));
            }
        })
    };
    let onwheel = {
        let eye = eye.clone();
        Callback::from(move |event: WheelEvent| {
            event.prevent_default();
            eye.wheel(&event);
        })
    };
    let ondblclick = {
        let eye = eye.clone();
        Callback::from(move |event: MouseEvent| {
            let at = (f64::from(event.offset_x()), f64::from(event.offset_y()));
            if let Some(dot) = eye.node_at(at) {
                eye.approach(dot.host);
            }
        })
    };
    let leave = {
        let eye = eye.clone();
        Callback::from(move |_: PointerEvent| {
            eye.mark(None);
        })
    };
    html! {
        <canvas class="live" ref={node} tabindex="0" role="application" aria-label={label}
            onpointerdown={on(|eye, event| eye.down(event))}
            onpointermove={on(|eye, event| eye.moved(event))}
            onpointercancel={on(|eye, event| { eye.up(event); })}
            onpointerleave={leave} {onpointerup} {onwheel} {ondblclick}
            onkeydown={controls::keys(props, eye)}></canvas>
    }
}

/// What the canvas is, for those who do not see it.
fn label(scene: &Scene) -> String {
    let shape = match scene.crowd.geometry {
        Geometry::Ring => "Ring",
        Geometry::Xor => "Prefix tree",
    };
    format!(
        "{shape} of {} nodes, {} of them members. Left and right walk along the circle, up and \
         down through the nodes that the selected one knows, Enter selects, plus, minus and 0 \
         change the scale. The table below says the same in words.",
        scene.crowd.dots.len(),
        scene.crowd.members
    )
}

/// What is to be drawn. Nodes are looked at only where something has happened.
#[hook]
fn use_scene(lab: &Rc<Lab>, size: (f64, f64)) -> Scene {
    let run = lab.run.borrow();
    let plan = run.history.plan().clone();
    let census = use_mut_ref(Census::default);
    let crowd = use_memo(lab.version, |_| census.borrow_mut().at(&run.history));
    let addresses = use_memo(Rc::as_ptr(&plan) as usize, |_| Rc::new(Addresses::of(&plan)));
    let picked = match lab.picked {
        Some(Pick::Host(host)) => Some(host as u32),
        Some(Pick::Arrow(_) | Pick::Link(_) | Pick::Entry(_)) | None => None,
    };
    let aims = use_memo((lab.version, picked), |(_, picked)| {
        let host = picked.filter(|host| crowd.at(*host).is_some());
        Rc::new(host.map_or_else(Vec::new, |host| scene::aims(&run.history, &addresses, host)))
    });
    let path = use_memo((lab.version, lab.followed()), |(_, followed)| {
        let threads = run.threads()?;
        let thread = threads.begun_in((*followed)?)?;
        let mut entries = threads.entries_of(thread);
        entries.retain(|entry| (entry.id.0 as usize) < lab.moment);
        Path::of(&entries, run.history.trace(), crowd.geometry, crowd.bits).map(Rc::new)
    });
    Scene {
        crowd: Rc::clone(&crowd),
        plan,
        addresses: Rc::clone(&addresses),
        camera: Camera::whole(size.0, size.1),
        picked,
        under: None,
        aims: Rc::clone(&aims),
        path: (*path).clone(),
    }
}

/// Gives the eye its canvases and colours, and new colours when the theme changes.
#[hook]
fn use_canvas(eye: &Eye, panel: &NodeRef, canvases: [NodeRef; 2]) {
    let (eye, panel) = (eye.clone(), panel.clone());
    use_effect_with((), move |()| {
        let open = Rc::new(move || {
            let [below, above] = canvases.each_ref().map(|node| node.cast::<HtmlCanvasElement>());
            if let (Some(panel), Some(below), Some(above)) =
                (panel.cast::<web_sys::Element>(), below, above)
            {
                eye.open([below, above], Inks::of(&panel));
                eye.draw();
            }
        });
        open();
        let again = open.clone();
        let renewed = Closure::<dyn FnMut()>::new(move || again());
        let observer = MutationObserver::new(renewed.as_ref().unchecked_ref()).ok();
        let wish = MutationObserverInit::new();
        wish.set_attributes(true);
        if let (Some(observer), Some(root)) = (&observer, browser::document().document_element()) {
            let _ = observer.observe_with_options(&root, &wish);
        }
        let dark = browser::window().match_media("(prefers-color-scheme: dark)").ok().flatten();
        let listener = dark.map(|dark| EventListener::new(&dark, "change", move |_| open()));
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop((renewed, listener));
        }
    });
}

/// The size that the canvas has, kept up to date however it changes.
#[hook]
fn use_size(node: &NodeRef) -> (f64, f64) {
    let size = use_state_eq(|| (0.0, 0.0));
    let (node, setter) = (node.clone(), size.setter());
    use_effect_with((), move |()| {
        let seen = node.clone();
        let measure = Closure::<dyn FnMut()>::new(move || {
            if let Some(element) = seen.cast::<web_sys::Element>() {
                let size = (element.client_width(), element.client_height());
                setter.set((f64::from(size.0), f64::from(size.1)));
            }
        });
        let observer = ResizeObserver::new(measure.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(element)) = (&observer, node.cast::<web_sys::Element>()) {
            observer.observe(&element);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(measure);
        }
    });
    *size
}

/// So few nodes are told by name at first, not by numbers.
const FEW: usize = 16;
