//! The keys of a lesson's page.

use std::rc::Rc;

use yew::prelude::*;

use super::toggle;
use crate::panels::keys::{Meaning, meant, use_keys, use_space};
use crate::state::lab::{Do, Lab};

/// Listens to the keys that people have in their fingers.
#[hook]
pub fn use_lesson_keys(lab: &Rc<Lab>, act: &Callback<Do>) {
    let (lab, act) = (lab.clone(), act.clone());
    let space = (lab.clone(), act.clone());
    use_space(move || space.1.emit(toggle(&space.0)));
    use_keys(move |key| match meant(key, &lab.view) {
        Some(meaning) => {
            act.emit(does(&lab, meaning));
            true
        }
        None => false,
    });
}

fn does(lab: &Lab, meaning: Meaning) -> Do {
    match meaning {
        Meaning::Toggle => toggle(lab),
        Meaning::Travel(travel) => Do::Travel(travel),
        Meaning::PickNext(forward) => Do::PickNext(forward),
        Meaning::PickNothing => Do::Pick(None),
        Meaning::View(view) => Do::View(view),
        Meaning::Undo => Do::Undo,
    }
}
