//! Names beside the circle: of what is selected and followed, of the key that is looked for, and of
//! whoever has room.

use std::collections::BTreeSet;

use protocols::overlay::{Geometry, Key};

use super::FEW;
use super::base::{DISC_PX, load_px, load_stroke};
use super::pen::{Inks, Pen};
use super::scene::Scene;
use super::table;
use crate::draw::overlay::{Busy, Dot, Standing, Wanted, Whose, clockwise, names, point};

/// Writes them.
pub fn paint(pen: &Pen, inks: &Inks, scene: &Scene) {
    // Strokes that stand close are written over, with a rim around the letters.
    let dense = scene.spacing() < DISC_PX;
    let wanted = whose(scene).into_iter().filter_map(|whose| wanted(scene, whose));
    for name in names(wanted, &scene.camera, &busy(scene)) {
        let (ink, bold) = match name.whose {
            Whose::Key => (&inks.way, true),
            Whose::Host(host) => {
                let followed = scene.path.as_ref().is_some_and(|path| path.meets(host));
                let picked = scene.picked == Some(host);
                let member = |dot: &Dot| dot.standing == Standing::Member;
                let ink = match (picked, scene.crowd.at(host).is_some_and(member)) {
                    (true, _) => &inks.accent,
                    (false, true) => &inks.ink,
                    (false, false) => &inks.mute,
                };
                (ink, picked || followed)
            }
        };
        pen.fill_of(ink);
        let face = if bold { "600 12px" } else { "12px" };
        match dense || name.upon {
            true => pen.words_on(&name.text, face, name.middle(), &inks.paper),
            false => pen.words(&name.text, face, name.at),
        }
    }
}

/// Whose names are written, the more important first.
fn whose(scene: &Scene) -> Vec<Whose> {
    let mut whose = matters(scene);
    if scene.spacing() >= NAMED_PX {
        let (from, reach) = scene.camera.arc();
        whose.extend(scene.crowd.within(from, reach).map(|dot| Whose::Host(dot.host)));
    }
    let mut seen = BTreeSet::new();
    whose.retain(|one| seen.insert(*one));
    whose
}

/// Whose names one looks for: of what is selected, and of the lookup that is followed.
fn matters(scene: &Scene) -> Vec<Whose> {
    let picked = scene.picked.into_iter().chain(scene.under);
    let first = picked.chain(scene.owner().map(|dot| dot.host)).map(Whose::Host);
    let met = scene.met().map(Whose::Host);
    first.chain([Whose::Key]).chain(met).collect()
}

/// The name of a node, or of the key that is looked for, beside its place on the circle.
fn wanted(scene: &Scene, whose: Whose) -> Option<Wanted> {
    let (text, turn, out_px) = match whose {
        Whose::Host(host) => {
            let dot = scene.crowd.at(host)?;
            (scene.name(host).to_string(), dot.turn, off_px(scene, dot))
        }
        Whose::Key => {
            let (key, bits) = (scene.target()?, scene.crowd.bits);
            (key_name(scene, key), key.turn(bits), KEY_OUT_PX + KEY_PX + 4.0)
        }
    };
    // Among many only what one looks for is worth a place that is not its own.
    let must = matters(scene).contains(&whose);
    let may_move = must || scene.crowd.dots.len() <= FEW;
    Some(Wanted { whose, text, turn, out_px, may_move, must })
}

/// How far out from the circle a node's name stands: beyond the stroke for its keys, beyond the key
/// that is looked for, and beyond where the arrows to successors begin.
fn off_px(scene: &Scene, dot: &Dot) -> f64 {
    let dense = scene.spacing() < DISC_PX;
    let arrows = scene.picked == Some(dot.host) && !dense && scene.has_neighbours();
    let arrows = arrows && dot.holds == 0;
    let rim = scene.dot_radius() + if dense { 11.0 } else { 7.0 };
    let rim = rim + if arrows { ARROWS_PX } else { 0.0 };
    let mean = scene.crowd.mean_load();
    match dot.holds {
        held if held > 0 => rim + load_px(dot, mean) + 2.0,
        _ if is_before_owner(scene, dot) => rim + KEY_PX + 6.0,
        _ => rim,
    }
}

/// Whether a node lies near the key that is looked for, or between the key and the node that it
/// belongs to: a dotted line goes there outside the circle.
fn is_before_owner(scene: &Scene, dot: &Dot) -> bool {
    let Some(key) = scene.target().map(|key| key.turn(scene.crowd.bits)) else { return false };
    let (after, before) = (clockwise(key, dot.turn), clockwise(dot.turn, key));
    let owner = scene.owner().map_or(0.0, |owner| clockwise(key, owner.turn));
    after < owner || after.min(before) * scene.around() < 2.0 * KEY_PX
}

/// What names do not stand upon, among it the buttons in the corner of a narrow picture.
fn busy(scene: &Scene) -> Busy {
    let (from, reach) = scene.camera.arc();
    let mean = scene.crowd.mean_load();
    let off = scene.dot_radius() + 4.0;
    let loaded = scene.crowd.within(from, reach).filter(|dot| dot.holds > 0);
    let told_apart = scene.spacing() >= DISC_PX;
    let loaded = loaded.filter(|_| told_apart).take(MOST_STROKES);
    let loaded = loaded.map(|dot| load_stroke(scene, dot, mean, off));
    let radius = scene.camera.radius();
    let disc = |dot: &Dot| {
        let rim = 1.0 + (scene.dot_radius() + 1.0) / radius;
        (scene.place(dot), scene.camera.project(point(dot.turn, rim)))
    };
    let discs = scene.crowd.within(from, reach).filter(|_| told_apart).take(MOST_STROKES).map(disc);
    let key = scene.target().map(|key| {
        let at =
            |px: f64| scene.camera.project(point(key.turn(scene.crowd.bits), 1.0 + px / radius));
        (at(KEY_OUT_PX - KEY_PX), at(KEY_OUT_PX + KEY_PX))
    });
    let wide = scene.camera.size.0;
    let buttons = if scene.picked.is_some() { 4.0 } else { 3.0 };
    let buttons = [wide - buttons * BUTTON_PX, 0.0, wide, TOOLS_PX];
    // The dotted line from the key to its owner.
    let to_owner = scene.target().zip(scene.owner()).map(|(key, owner)| {
        let from = key.turn(scene.crowd.bits);
        scene.arc(from, clockwise(from, owner.turn), 1.0 + KEY_OUT_PX / radius)
    });
    let dotted = to_owner.into_iter().flatten().flat_map(|arc| {
        arc.iter().zip(arc.iter().skip(1)).map(|(one, next)| (*one, *next)).collect::<Vec<_>>()
    });
    Busy {
        nodes: discs.chain(key).chain(dotted).collect(),
        loads: loaded.collect(),
        buttons: (wide < NARROW_PX).then_some(buttons),
    }
}

/// How a key is called: on a ring as the papers write it.
fn key_name(scene: &Scene, key: Key) -> String {
    let id = table::short(key, scene.crowd.bits);
    match scene.crowd.geometry {
        Geometry::Ring => format!("K{id}"),
        Geometry::Xor => id,
    }
}

/// The key that is looked for stands so far out from the circle.
pub const KEY_OUT_PX: f64 = 10.0;
/// It is so large, from its middle to a corner.
pub const KEY_PX: f64 = 8.5;
/// The arrows to the successors of a node go so far out beside it.
const ARROWS_PX: f64 = 14.0;
/// With so much of the circle for each node, there may be room for names.
const NAMED_PX: f64 = 15.0;
/// In narrower pictures the buttons for the scale lie side by side where names may be, each so
/// wide, and they reach down so far.
const NARROW_PX: f64 = 520.0;
const BUTTON_PX: f64 = 36.0;
const TOOLS_PX: f64 = 40.0;
/// More strokes than this run into one another, and no name is near all of them.
const MOST_STROKES: usize = 400;
