//! What the palette finds on a lesson's page: actions, scenes, and commands to hosts.

use std::rc::Rc;

use world::{HostId, Power};
use yew::prelude::*;

use super::toggle;
use crate::panels::Item;
use crate::panels::time::Travel;
use crate::state::lab::{Do, Lab};
use crate::state::pick::Pick;

/// Everything that can be done here.
pub fn items(lab: &Rc<Lab>, act: &Callback<Do>) -> Vec<Item> {
    let item = |label: &'static str, hint: &'static str, does: Do| {
        let act = act.clone();
        Item::new(label, hint, move || act.emit(does.clone()))
    };
    let mut items = vec![
        item("Play or hold", "Space", toggle(lab)),
        item("One step on", "\u{2192}", Do::Travel(Travel::Step)),
        item("One step back", "\u{2190}", Do::Travel(Travel::Back)),
        item("To the start", "Home", Do::Travel(Travel::Start)),
        item("To the newest step", "End", Do::Travel(Travel::End)),
        item("Begin another future here", "fork", Do::Travel(Travel::Fork)),
        item("Undo the last meddling", "Ctrl Z", Do::Undo),
        item("Start this scene's run anew", "run", Do::Anew),
        item("Show the map", "view", Do::Map(true)),
        item("Show the ladder", "view", Do::Map(false)),
        item("Show the run as text", "view", Do::Show(course::lesson::Panel::Text)),
    ];
    let cues = lab.scene().into_iter().flat_map(|scene| scene.cues());
    let cues = cues.filter(|cue| lab.params.are(&cue.only));
    items.extend(cues.map(|cue| {
        let (act, id) = (act.clone(), cue.id.clone());
        Item::new(cue.label.clone(), "cue", move || act.emit(Do::Cue(id.clone())))
    }));
    items.extend(switches(lab, act));
    items.extend(commands(lab, act));
    items
}

/// Whether a host is at hand. Of a large overlay only those are whose lifelines are shown, and the
/// one that is selected.
fn is_near(lab: &Lab, host: usize) -> bool {
    !lab.is_overlay()
        || lab.is_small()
        || lab.picked == Some(Pick::Host(host))
        || lab.told.sketch.lines.iter().any(|line| line.host == host)
}

/// The switch of each host.
fn switches(lab: &Rc<Lab>, act: &Callback<Do>) -> Vec<Item> {
    let run = lab.run.borrow();
    let hosts = run.history.plan().hosts.iter().enumerate().filter(|(at, _)| is_near(lab, *at));
    let switch = hosts.map(|(at, host)| {
        let id = HostId(at as u32);
        let (word, power) = match run.history.world().is_on(id) {
            true => ("off", Power::Off),
            false => ("on", Power::On),
        };
        let act = act.clone();
        let does = move || act.emit(Do::Power(id, power));
        Item::new(format!("{} switch {word}", host.name), "power", does)
    });
    switch.collect()
}

/// For each host the commands that it understands: type the template with its gaps filled.
fn commands(lab: &Rc<Lab>, act: &Callback<Do>) -> Vec<Item> {
    let run = lab.run.borrow();
    let hosts = run.history.plan().hosts.iter().enumerate().filter(|(at, _)| is_near(lab, *at));
    let each = hosts.flat_map(|(at, host)| {
        let templates = run.history.world().commands(HostId(at as u32));
        let name = host.name.clone();
        templates.iter().map(move |template| (name.clone(), *template))
    });
    let items = each.map(|(host, template)| {
        let act = act.clone();
        let prefix = format!("{host} ");
        let label = format!("{host} {template}");
        let typed = move |text: String| {
            let command = text.strip_prefix(&prefix).unwrap_or(template).to_string();
            act.emit(Do::Command(host.clone(), command));
        };
        Item {
            label: label.into(),
            hint: "command".into(),
            act: Callback::from(typed),
            takes_text: true,
        }
    });
    items.collect()
}
