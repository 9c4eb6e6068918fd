//! Where the number of a hop stands: inside the circle beside its node, off the lines of the way.

use super::{Curve, Point};

/// A place for a number beside a node, so far from it in pixels: inwards if no line of the way runs
/// there and no other number stands there, else a little to one side. Where lines run everywhere it
/// is inwards too, upon them; none where another number stands there.
///
/// `inward` is the direction from the node to the middle, of length 1; `radius` is how large the
/// number's disc is.
pub fn badge(
    node: Point,
    inward: Point,
    off_px: f64,
    radius: f64,
    lines: &[Curve],
    others: &[Point],
) -> Option<Point> {
    let apart = |one: Point, other: Point| (one.0 - other.0).hypot(one.1 - other.1);
    let free = |at: &Point| others.iter().all(|other| apart(*at, *other) >= 2.0 * radius);
    let clear = |at: &Point| {
        let share = |point: u32| f64::from(point) / f64::from(POINTS);
        let points = lines.iter().flat_map(|line| (0..=POINTS).map(move |at| line.at(share(at))));
        points.into_iter().all(|on| apart(*at, on) >= radius + RIM_PX)
    };
    let places = ASIDE.map(|turn| {
        let (sin, cos) = (turn * core::f64::consts::TAU).sin_cos();
        let (x, y) = (inward.0 * cos - inward.1 * sin, inward.0 * sin + inward.1 * cos);
        (node.0 + x * off_px, node.1 + y * off_px)
    });
    let found = places.into_iter().find(|at| free(at) && clear(at));
    found.or_else(|| places.into_iter().take(1).find(free))
}

/// To either side of inwards, as parts of a turn, the nearest first.
const ASIDE: [f64; 5] = [0.0, -0.1, 0.1, -0.17, 0.17];
/// Between a number and a line there is at least this much.
const RIM_PX: f64 = 3.0;
/// A line is looked at in so many places.
const POINTS: u32 = 32;
