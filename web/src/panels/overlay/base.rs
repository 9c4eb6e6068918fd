//! What lies still: the circle, the tree in it, the nodes, the keys that they hold, their names.

use protocols::overlay::Geometry;
use protocols::wire::counted;

use super::label;
use super::pen::{Inks, Pen};
use super::scene::Scene;
use crate::draw::overlay::{
    Dot, Point, Standing, Wedge, boughs, clockwise, depth_radius, point, wedges,
};
use crate::draw::units::grouped;

/// Draws it.
pub fn paint(pen: &Pen, inks: &Inks, scene: &Scene) {
    pen.strength(1.0);
    if scene.crowd.geometry == Geometry::Xor {
        let own = scene.shown().and_then(|host| scene.crowd.at(host));
        let buckets = own.map_or(Vec::new(), |own| wedges(&scene.crowd, own, MOST_WEDGES));
        shade(pen, inks, scene, &buckets);
        tree(pen, inks, scene);
    }
    circle(pen, inks, scene);
    let spacing = scene.spacing();
    match scene.crowd.geometry {
        _ if spacing >= DISC_PX => discs(pen, inks, scene),
        Geometry::Ring if scene.is_skyline() => skyline(pen, inks, scene),
        Geometry::Ring | Geometry::Xor => ticks(pen, inks, scene),
    }
    label::paint(pen, inks, scene);
}

/// The circle itself, and on a small ring a mark for each identifier.
fn circle(pen: &Pen, inks: &Inks, scene: &Scene) {
    pen.line_of(&inks.edge, 1.3, &[]);
    scene.arc(0.0, 1.0, 1.0).into_iter().for_each(|arc| pen.line(arc));
    let camera = &scene.camera;
    if scene.crowd.bits <= MOST_MARKED_BITS && scene.crowd.geometry == Geometry::Ring {
        let all = 1_u32 << scene.crowd.bits;
        let mark = |id: u32| {
            let turn = f64::from(id) / f64::from(all);
            let length = if id.is_multiple_of(8) { 7.0 } else { 3.5 };
            let inner = 1.0 - length / camera.radius();
            (camera.project(point(turn, inner)), camera.project(point(turn, 1.0)))
        };
        pen.dashes((0..all).map(mark));
    }
    // Zero, where the circle begins and ends.
    let (x, y) = camera.project(point(0.0, 1.0));
    let length = if scene.is_skyline() { DENSITY_PX + 5.0 } else { 13.0 };
    let inner = camera.project(point(0.0, 1.0 - length / camera.radius()));
    pen.dashes([(inner, (x, y))]);
    pen.fill_of(&inks.mute);
    pen.words_around("0", "11px", (inner.0, inner.1 + 11.0));
}

/// Nodes that can be told apart: full where they take part, hollow where they do not.
fn discs(pen: &Pen, inks: &Inks, scene: &Scene) {
    let radius = scene.dot_radius();
    let (from, reach) = scene.camera.arc();
    let seen: Vec<&Dot> = scene.crowd.within(from, reach).collect();
    let of = |standing: Standing| {
        seen.iter().filter(move |dot| dot.standing == standing).map(|dot| scene.place(dot))
    };
    loads(pen, inks, scene, &seen, radius + 4.0, (scene.spacing() * 0.3).clamp(1.4, 5.0));
    pen.fill_of(&inks.paper);
    pen.discs(seen.iter().map(|dot| scene.place(dot)), radius + 1.5);
    pen.fill_of(&inks.ink);
    pen.discs(of(Standing::Member), radius);
    pen.line_of(&inks.mute, 1.5, &[]);
    of(Standing::Outside).for_each(|at| pen.circle(at, radius - 0.5));
    pen.line_of(&inks.edge, 1.4, &[2.0, 2.6]);
    of(Standing::Off).for_each(|at| pen.circle(at, radius - 0.5));
}

/// Nodes that lie close: a short stroke across the circle for each.
fn ticks(pen: &Pen, inks: &Inks, scene: &Scene) {
    let (from, reach) = scene.camera.arc();
    let seen: Vec<&Dot> = scene.crowd.within(from, reach).collect();
    let radius = scene.camera.radius();
    let stroke = |dot: &&Dot| {
        let at = |px: f64| scene.camera.project(point(dot.turn, 1.0 + px / radius));
        (at(-4.5), at(4.5))
    };
    let width = (scene.spacing() * 0.45).clamp(0.5, 2.0);
    loads(pen, inks, scene, &seen, 7.0, width);
    for (standing, ink) in [(Standing::Off, &inks.line), (Standing::Outside, &inks.edge)] {
        pen.line_of(ink, width, &[]);
        pen.dashes(seen.iter().filter(|dot| dot.standing == standing).map(stroke));
    }
    pen.line_of(&inks.ink, width, &[]);
    pen.dashes(seen.iter().filter(|dot| dot.standing == Standing::Member).map(stroke));
}

/// How many keys each node holds, as strokes outwards; the mean has the same length everywhere.
fn loads(pen: &Pen, inks: &Inks, scene: &Scene, seen: &[&Dot], off_px: f64, width: f64) {
    let mean = scene.crowd.mean_load();
    if mean <= 0.0 {
        return;
    }
    pen.line_of(&inks.key, width, &[]);
    let loaded = seen.iter().filter(|dot| dot.holds > 0);
    pen.dashes(loaded.map(|dot| load_stroke(scene, dot, mean, off_px)));
}

/// Where the stroke is that says how many keys a node holds, so far off the circle.
pub fn load_stroke(scene: &Scene, dot: &Dot, mean: f64, off_px: f64) -> (Point, Point) {
    let radius = scene.camera.radius();
    let at = |px: f64| scene.camera.project(point(dot.turn, 1.0 + px / radius));
    (at(off_px), at(off_px + load_px(dot, mean)))
}

/// How long the stroke is that says how many keys a node holds. Where most hold none, a single key
/// is not made much of.
pub fn load_px(dot: &Dot, mean: f64) -> f64 {
    (f64::from(dot.holds) / mean.max(1.0) * MEAN_LOAD_PX).min(MOST_LOAD_PX)
}

/// More nodes than pixels: strokes inwards say how many stand there, strokes outwards how many keys
/// the mean of them holds.
fn skyline(pen: &Pen, inks: &Inks, scene: &Scene) {
    let (from, reach) = scene.camera.arc();
    let radius = scene.camera.radius();
    let around = reach * core::f64::consts::TAU * radius;
    let bins = (around / BIN_PX).ceil().clamp(1.0, MOST_BINS) as usize;
    let mut members = vec![0_u32; bins];
    let mut held = vec![0_u64; bins];
    for dot in scene.crowd.within(from, reach) {
        let bin = (clockwise(from, dot.turn) / reach * bins as f64) as usize;
        let member = dot.standing == Standing::Member;
        if let Some(count) = members.get_mut(bin).filter(|_| member) {
            *count += 1;
        }
        if let Some(keys) = held.get_mut(bin) {
            *keys += u64::from(dot.holds);
        }
    }
    let most = members.iter().copied().max().unwrap_or(0).max(1);
    let mean = scene.crowd.mean_load().max(f64::MIN_POSITIVE);
    let stroke = |bin: usize, begin: f64, length: f64| {
        let turn = from + reach * (bin as f64 + 0.5) / bins as f64;
        let at = |px: f64| scene.camera.project(point(turn, 1.0 + px / radius));
        (at(begin), at(begin + length))
    };
    pen.line_of(&inks.ink, BIN_PX * 0.7, &[]);
    pen.dashes(
        members.iter().enumerate().filter(|(_, count)| **count > 0).map(|(bin, count)| {
            stroke(bin, -2.0, -DENSITY_PX * f64::from(*count) / f64::from(most))
        }),
    );
    pen.line_of(&inks.key, BIN_PX * 0.7, &[]);
    let both = members.iter().zip(&held).enumerate();
    pen.dashes(both.filter(|(_, (_, keys))| **keys > 0).map(|(bin, (count, keys))| {
        let each = *keys as f64 / f64::from((*count).max(1));
        stroke(bin, 4.0, (each / mean * MEAN_LOAD_PX).min(MOST_LOAD_PX))
    }));
}

/// The prefix tree: from each branch a piece of circle to its children, and then outwards.
fn tree(pen: &Pen, inks: &Inks, scene: &Scene) {
    let finest = FINEST_PX / (core::f64::consts::TAU * scene.camera.radius());
    let found = boughs(&scene.crowd, scene.camera.arc(), finest);
    let camera = &scene.camera;
    for bough in found {
        let (here, next) = (depth_radius(bough.depth), depth_radius(bough.depth + 1));
        let width = (1.7 - 0.13 * f64::from(bough.depth)).max(0.6);
        pen.line_of(&inks.edge, width, &[]);
        pen.strength((1.0 - 0.05 * f64::from(bough.depth)).max(0.45));
        for child in bough.children.into_iter().flatten() {
            let off = clockwise(bough.turn, child.turn);
            let (from, reach) = match off <= 0.5 {
                true => (bough.turn, off),
                false => (child.turn, 1.0 - off),
            };
            scene.arc(from, reach, here).into_iter().for_each(|arc| pen.line(arc));
            let outer = if child.is_leaf { 1.0 } else { next };
            let out = [here, outer].map(|radius| camera.project(point(child.turn, radius)));
            if out.iter().any(|at| camera.sees(*at)) {
                pen.line(out);
            }
        }
    }
    pen.strength(1.0);
}

/// The buckets of the selected node: each covers the part of the circle across one branch.
fn shade(pen: &Pen, inks: &Inks, scene: &Scene, buckets: &[Wedge]) {
    pen.strength(0.13);
    for wedge in buckets {
        pen.fill_of(if wedge.shared % 2 == 0 { &inks.accent } else { &inks.successor });
        let outside = scene.arc(wedge.from, wedge.reach, 1.0);
        let inside = scene.arc(wedge.from, wedge.reach, depth_radius(wedge.shared + 1));
        for (outer, inner) in outside.into_iter().zip(inside) {
            pen.area(outer.into_iter().chain(inner.into_iter().rev()));
        }
    }
    pen.strength(1.0);
}

/// What there is in each bucket of the node, and how much of it the node knows.
pub fn tell(pen: &Pen, inks: &Inks, scene: &Scene, own: &Dot) {
    let buckets = wedges(&scene.crowd, own, MOST_WEDGES);
    let bits = scene.crowd.bits;
    let others = scene.aims.iter().filter_map(|aim| scene.crowd.at(aim.host?));
    let known: Vec<u8> = others.map(|dot| shared_bits(dot, own, bits)).collect();
    for wedge in &buckets {
        let middle = (1.0 + depth_radius(wedge.shared + 1)) / 2.0;
        let around = wedge.reach * core::f64::consts::TAU * scene.camera.radius() * middle;
        let (x, y) = scene.camera.project(point(wedge.from + wedge.reach / 2.0, middle));
        if around < LABEL_ROOM_PX || !scene.camera.sees((x, y)) {
            continue;
        }
        pen.fill_of(&inks.ink);
        let title = format!("{} in common", counted(wedge.shared, "bit"));
        pen.words_on(&title, "600 12px", (x, y - 3.0), &inks.paper);
        let count = known.iter().filter(|shared| **shared == wedge.shared).count();
        pen.fill_of(&inks.mute);
        let text = format!("knows {count} of {}", grouped(wedge.nodes));
        pen.words_on(&text, "11px", (x, y + 12.0), &inks.paper);
    }
}

fn shared_bits(one: &Dot, other: &Dot, bits: u8) -> u8 {
    let unused = protocols::overlay::Key::BITS - bits;
    one.key.shared_prefix_bits(other.key).saturating_sub(unused)
}

/// With so much of the circle for each, nodes are discs.
pub const DISC_PX: f64 = 6.0;
/// Rings with no more identifiers have a mark for each.
const MOST_MARKED_BITS: u8 = 7;
const BIN_PX: f64 = 1.7;
const MOST_BINS: f64 = 4000.0;
/// So far inwards reaches the stroke where nodes are densest.
const DENSITY_PX: f64 = 22.0;
/// So far outwards reaches the stroke of a node that holds as many keys as the mean.
const MEAN_LOAD_PX: f64 = 9.0;
const MOST_LOAD_PX: f64 = 38.0;
/// Branches of the tree that cover less than this are not drawn.
const FINEST_PX: f64 = 7.0;
/// Nobody has ever seen more buckets that are not empty.
const MOST_WEDGES: usize = 40;
/// A bucket's label needs so much of the circle.
const LABEL_ROOM_PX: f64 = 130.0;
