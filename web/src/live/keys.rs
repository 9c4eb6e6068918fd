//! The keys of the live page: those of a lesson, as far as they mean something here.

use std::rc::Rc;

use yew::prelude::*;

use super::desk::{Desk, Do};
use crate::panels::keys::{Key, use_keys};
use crate::panels::time::Travel;
use crate::panels::{LadderView, ZOOM};
use crate::state::lab::Playing;

/// Listens to the keys that people have in their fingers.
#[hook]
pub fn use_live_keys(desk: &Rc<Desk>, act: &Callback<Do>) {
    let (desk, act) = (desk.clone(), act.clone());
    use_keys(move |key| match meant(&desk, key) {
        Some(action) => {
            act.emit(action);
            true
        }
        None => false,
    });
}

fn meant(desk: &Desk, key: &Key) -> Option<Do> {
    if key.typing {
        return None;
    }
    let zoomed = |by: f32| Do::View(LadderView { zoom: desk.view.zoom * by, ..desk.view.clone() });
    Some(match key.name.as_str() {
        "z" if key.ctrl => Do::Undo,
        _ if key.ctrl => return None,
        " " if !key.pressing => toggle(desk),
        "ArrowRight" if !key.roving => Do::Travel(Travel::Step),
        "ArrowLeft" if !key.roving => Do::Travel(Travel::Back),
        "Home" if !key.roving => Do::Travel(Travel::Start),
        "End" if !key.roving => Do::Travel(Travel::End),
        "ArrowDown" if !key.roving && !key.scrolls => Do::PickNext(true),
        "ArrowUp" if !key.roving && !key.scrolls => Do::PickNext(false),
        "Escape" => Do::Pick(None),
        "+" | "=" => zoomed(ZOOM),
        "-" => zoomed(1.0 / ZOOM),
        "0" => Do::View(LadderView { zoom: 1.0, ..desk.view.clone() }),
        _ => return None,
    })
}

/// Space plays and holds.
pub fn toggle(desk: &Desk) -> Do {
    Do::Travel(Travel::Play(desk.playing == Playing::Hold))
}
