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

/// Finds room for the names of nodes, the earlier ones first, each so far out from the circle.
pub fn names<'a>(
    dots: impl Iterator<Item = (&'a Dot, String)>,
    camera: &Camera,
    out_px: impl Fn(&Dot) -> f64,
) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    for (dot, text) in dots.take(MOST_TRIED) {
        let wide = f64::from(width(&text, SIZE_PX as f32, Face::Bold));
        let (x, y) = camera.project(point(dot.turn, 1.0));
        let (dx, dy) = point(dot.turn, 1.0);
        let out = out_px(dot);
        let (x, y) = (x + dx * out, y + dy * out);
        let left = x + (dx - 1.0) / 2.0 * wide;
        let base = y + SIZE_PX * 0.36 + dy * SIZE_PX * 0.4;
        let room = [left - GAP_PX, base - SIZE_PX, left + wide + GAP_PX, base + GAP_PX];
        let inside = room[0] >= 0.0
            && room[1] >= 0.0
            && room[2] <= camera.size.0
            && room[3] <= camera.size.1;
        let free = |other: &Name| {
            room[2] < other.room[0]
                || other.room[2] < room[0]
                || room[3] < other.room[1]
                || other.room[3] < room[1]
        };
        if inside && names.iter().all(free) {
            names.push(Name { host: dot.host, text, at: (left, base), room });
        }
        if names.len() >= MOST_NAMES {
            break;
        }
    }
    names
}

/// The size of names.
pub const SIZE_PX: f64 = 12.0;
/// Between two names there is at least this much.
const GAP_PX: f64 = 3.0;
/// More names than this say nothing.
const MOST_NAMES: usize = 90;
/// So many are tried at the most.
const MOST_TRIED: usize = 400;
