//! The keys of the live page: those of a lesson, as far as they mean something here.

use std::rc::Rc;

use yew::prelude::*;

use super::desk::{Desk, Do};
use crate::panels::keys::{Meaning, meant, use_keys, use_space};
use crate::panels::time::Travel;
use crate::state::lab::Playing;

/// Listens to the keys that people have in their fingers.
#[hook]
pub fn use_live_keys(desk: &Rc<Desk>, act: &Callback<Do>) {
    let (desk, act) = (desk.clone(), act.clone());
    let space = (desk.clone(), act.clone());
    use_space(move || space.1.emit(toggle(&space.0)));
    use_keys(move |key| match meant(key, &desk.view) {
        Some(meaning) => {
            act.emit(does(&desk, meaning));
            true
        }
        None => false,
    });
}

fn does(desk: &Desk, meaning: Meaning) -> Do {
    match meaning {
        Meaning::Toggle => toggle(desk),
        Meaning::Travel(travel) => Do::Travel(travel),
        Meaning::PickNext(forward) => Do::PickNext(forward),
        Meaning::PickNothing => Do::Pick(None),
        Meaning::View(view) => Do::View(view),
        Meaning::Undo => Do::Undo,
    }
}

/// Space plays and holds.
pub fn toggle(desk: &Desk) -> Do {
    Do::Travel(Travel::Play(desk.playing == Playing::Hold))
}
