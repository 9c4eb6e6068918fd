//! Names beside the circle: of what is selected and followed, of the key that is looked for, and of
//! whoever has room.

use std::collections::BTreeSet;

use protocols::overlay::{Geometry, Key};

use super::FEW;
use super::base::{DISC_PX, load_px, load_stroke};
use super::pen::{Inks, Pen};
use super::scene::Scene;
use super::table;
use crate::draw::overlay::{Dot, Point, Standing, clockwise, names, point};

/// Writes them.
pub fn paint(pen: &Pen, inks: &Inks, scene: &Scene) {
    let crowd = &scene.crowd;
    let key = scene.target().map(|key| stand_in(key, crowd.bits));
    let wanted = wanted(scene);
    let texts = wanted.iter().filter_map(|host| match *host {
        NO_HOST => key.as_ref().map(|dot| (dot, key_name(scene, dot.key))),
        host => crowd.at(host).map(|dot| (dot, scene.name(host).to_string())),
    });
    let followed = |host: u32| scene.path.as_ref().is_some_and(|path| path.meets(host));
    let out = |dot: &Dot| off_px(scene, dot);
    // Strokes that stand close are written over, with a rim around the letters.
    let dense = scene.spacing() < DISC_PX;
    let few = crowd.dots.len() <= FEW;
    for name in names(texts, &scene.camera, out, &strokes(scene), few) {
        let is_key = name.host == NO_HOST;
        let picked = scene.picked == Some(name.host);
        let off = crowd.at(name.host).is_none_or(|dot| dot.standing != Standing::Member);
        pen.fill_of(match (is_key, picked, off) {
            (true, _, _) => &inks.way,
            (false, true, _) => &inks.accent,
            (false, false, true) => &inks.mute,
            (false, false, false) => &inks.ink,
        });
        let bold = is_key || picked || followed(name.host);
        let face = if bold { "600 12px" } else { "12px" };
        match dense {
            true => pen.words_on(&name.text, face, name.middle(), &inks.paper),
            false => pen.words(&name.text, face, name.at),
        }
    }
}

/// The hosts that have their names written, the more important first, and the key among them.
fn wanted(scene: &Scene) -> Vec<u32> {
    let mut wanted: Vec<u32> = scene.picked.into_iter().chain(scene.under).collect();
    wanted.extend(scene.owner().map(|dot| dot.host));
    wanted.push(NO_HOST);
    wanted.extend(scene.met());
    if scene.spacing() >= NAMED_PX {
        let (from, reach) = scene.camera.arc();
        wanted.extend(scene.crowd.within(from, reach).map(|dot| dot.host));
    }
    let mut seen = BTreeSet::new();
    wanted.retain(|host| seen.insert(*host));
    wanted
}

/// How far out from the circle a name stands: beyond the stroke for the node's keys, beyond the key
/// that is looked for, and beyond where the arrows to successors begin.
fn off_px(scene: &Scene, dot: &Dot) -> f64 {
    let dense = scene.spacing() < DISC_PX;
    let arrows = scene.picked == Some(dot.host) && !dense && scene.has_neighbours();
    let arrows = arrows && dot.holds == 0;
    let rim = scene.dot_radius() + if dense { 11.0 } else { 7.0 };
    let rim = rim + if arrows { ARROWS_PX } else { 0.0 };
    let mean = scene.crowd.mean_load();
    let near_key = || {
        let apart = |key: Key| {
            let turn = key.turn(scene.crowd.bits);
            clockwise(turn, dot.turn).min(clockwise(dot.turn, turn))
        };
        let px = scene.target().map(apart).map(|turns| turns * scene.around());
        px.is_some_and(|px| px < 2.0 * KEY_PX)
    };
    match dot.holds {
        _ if dot.host == NO_HOST => KEY_OUT_PX + KEY_PX + 4.0,
        held if held > 0 => rim + load_px(dot, mean) + 2.0,
        _ if near_key() => rim + KEY_PX + 6.0,
        _ => rim,
    }
}

/// What names must not lie upon: nodes, the strokes for keys, and the key that is looked for.
fn strokes(scene: &Scene) -> Vec<(Point, Point)> {
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
    loaded.chain(discs).chain(key).collect()
}

/// A key has its name beside the circle as nodes have.
fn stand_in(key: Key, bits: u8) -> Dot {
    let turn = key.turn(bits);
    Dot { host: NO_HOST, key, turn, standing: Standing::Outside, holds: 0 }
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
/// More strokes than this run into one another, and no name is near all of them.
const MOST_STROKES: usize = 400;
/// No host has this number.
const NO_HOST: u32 = u32::MAX;
