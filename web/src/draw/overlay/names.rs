//! Which nodes have their names written beside them, and where.

use super::{Camera, Dot, Point, point};
use crate::draw::metrics::{Face, width};

/// A name that found room.
#[derive(Clone, PartialEq, Debug)]
pub struct Name {
    /// The node's host.
    pub host: u32,
    /// The text.
    pub text: String,
    /// The left end of its base line, in pixels.
    pub at: Point,
    /// Left, top, right and bottom of the room that it takes.
    pub room: [f64; 4],
}

impl Name {
    /// The middle of its base line.
    pub fn middle(&self) -> Point {
        ((self.room[0] + self.room[2]) / 2.0, self.at.1)
    }
}

/// Finds room for the names of nodes, the earlier ones first, each so far out from the circle, and
/// none upon a stroke: strokes go from one place in pixels to another. Where there are few, a name
/// that has no room may stand `farther` out, behind those of its neighbours.
pub fn names<'a>(
    dots: impl Iterator<Item = (&'a Dot, String)>,
    camera: &Camera,
    out_px: impl Fn(&Dot) -> f64,
    strokes: &[(Point, Point)],
    farther: bool,
) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    for (dot, text) in dots.take(MOST_TRIED) {
        let free = |name: &Name| {
            let [left, top, right, bottom] = name.room;
            let inside =
                left >= 0.0 && top >= 0.0 && right <= camera.size.0 && bottom <= camera.size.1;
            inside
                && names.iter().all(|other| !overlap(name.room, other.room))
                && strokes.iter().all(|stroke| !crosses(*stroke, name.room))
        };
        let ranks = if farther { FARTHER_PX.as_slice() } else { &[0.0] };
        let out = out_px(dot);
        let tried = ranks.iter().map(|px| placed(dot, &text, camera, out + px));
        if let Some(name) = tried.into_iter().find(free) {
            names.push(name);
        }
        if names.len() >= MOST_NAMES {
            break;
        }
    }
    names
}

/// A name so far out from the circle.
fn placed(dot: &Dot, text: &str, camera: &Camera, out: f64) -> Name {
    let wide = f64::from(width(text, SIZE_PX as f32, Face::Bold));
    let (x, y) = camera.project(point(dot.turn, 1.0));
    let (dx, dy) = point(dot.turn, 1.0);
    // Where the circle is steep, a corner of the name is nearer to it than the middle of a side.
    let corner = (dx.abs() - dx * dx) * wide / 2.0 + (dy.abs() - dy * dy) * SIZE_PX * 0.4;
    let out = out + corner * OFF_CORNER;
    let left = x + dx * out + (dx - 1.0) / 2.0 * wide;
    let base = y + dy * out + SIZE_PX * 0.36 + dy * SIZE_PX * 0.4;
    let room = [left - GAP_PX, base - SIZE_PX, left + wide + GAP_PX, base + GAP_PX];
    Name { host: dot.host, text: text.to_string(), at: (left, base), room }
}

/// Whether two rooms share a place.
fn overlap(one: [f64; 4], other: [f64; 4]) -> bool {
    one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3]
}

/// Whether a stroke has a point in a room.
fn crosses(((x, y), (to_x, to_y)): (Point, Point), room: [f64; 4]) -> bool {
    let at = |share: f64| (x + (to_x - x) * share, y + (to_y - y) * share);
    let within = |(x, y): Point| room[0] < x && x < room[2] && room[1] < y && y < room[3];
    (0..=STROKE_POINTS).any(|step| within(at(f64::from(step) / f64::from(STROKE_POINTS))))
}

/// The size of names.
pub const SIZE_PX: f64 = 12.0;
/// Between two names there is at least this much.
const GAP_PX: f64 = 3.0;
/// Names stand so much farther out than they should, if they may.
const FARTHER_PX: [f64; 3] = [0.0, 9.0, 17.0];
/// So much of what a corner would be nearer is made up for.
const OFF_CORNER: f64 = 0.75;
/// Strokes are short: so many points of each are nowhere farther apart than a letter is high.
const STROKE_POINTS: u32 = 6;
/// More names than this say nothing.
const MOST_NAMES: usize = 90;
/// So many are tried at the most.
const MOST_TRIED: usize = 400;
