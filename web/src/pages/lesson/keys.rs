//! The keys of a lesson's page.

use std::rc::Rc;

use yew::prelude::*;

use super::toggle;
use crate::panels::keys::{Key, use_keys};
use crate::panels::time::Travel;
use crate::panels::{LadderView, ZOOM};
use crate::state::lab::{Do, Lab};

/// Listens to the keys that people have in their fingers.
#[hook]
pub fn use_lesson_keys(lab: &Rc<Lab>, act: &Callback<Do>) {
    let (lab, act) = (lab.clone(), act.clone());
    use_keys(move |key| match meant(&lab, key) {
        Some(action) => {
            act.emit(action);
            true
        }
        None => false,
    });
}

fn meant(lab: &Lab, key: &Key) -> Option<Do> {
    if key.typing {
        return None;
    }
    let zoomed = |by: f32| Do::View(LadderView { zoom: lab.view.zoom * by, ..lab.view.clone() });
    Some(match key.name.as_str() {
        "z" if key.ctrl => Do::Undo,
        _ if key.ctrl => return None,
        " " if !key.pressing => toggle(lab),
        "ArrowRight" if !key.roving => Do::Travel(Travel::Step),
        "ArrowLeft" if !key.roving => Do::Travel(Travel::Back),
        "Home" if !key.roving => Do::Travel(Travel::Start),
        "End" if !key.roving => Do::Travel(Travel::End),
        "ArrowDown" if !key.roving && !key.scrolls => Do::PickNext(true),
        "ArrowUp" if !key.roving && !key.scrolls => Do::PickNext(false),
        "Escape" => Do::Pick(None),
        "+" | "=" => zoomed(ZOOM),
        "-" => zoomed(1.0 / ZOOM),
        "0" => Do::View(LadderView { zoom: 1.0, ..lab.view.clone() }),
        _ => return None,
    })
}
