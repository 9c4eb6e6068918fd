//! The way across the circle from one node to another: a curve that bends towards the middle.

use super::{Point, point};

/// A curve of the second degree.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Curve {
    /// Where it begins.
    pub from: Point,
    /// What it bends towards.
    pub by: Point,
    /// Where it ends.
    pub to: Point,
}

impl Curve {
    /// The curve between two turns. The farther apart they are, the nearer to the middle it goes.
    pub fn between(from: f64, to: f64) -> Curve {
        Curve::of(point(from, 1.0), point(to, 1.0))
    }

    /// The curve between two points on the circle.
    pub fn of(from: Point, to: Point) -> Curve {
        let half = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
        let apart = (to.0 - from.0).hypot(to.1 - from.1);
        let inward = 1.0 - BEND * apart / 2.0;
        Curve { from, by: (half.0 * inward, half.1 * inward), to }
    }

    /// The point at this share of the way.
    pub fn at(&self, share: f64) -> Point {
        let share = share.clamp(0.0, 1.0);
        let rest = 1.0 - share;
        let (a, b, c) = (rest * rest, 2.0 * rest * share, share * share);
        (
            a * self.from.0 + b * self.by.0 + c * self.to.0,
            a * self.from.1 + b * self.by.1 + c * self.to.1,
        )
    }

    /// The same with every corner moved.
    pub fn map(&self, by: impl Fn(Point) -> Point) -> Curve {
        Curve { from: by(self.from), by: by(self.by), to: by(self.to) }
    }

    /// The last stretch before this share of the way, as a direction of length 1.
    pub fn heading(&self, share: f64) -> Point {
        let ((x, y), (to_x, to_y)) = (self.at(share - 0.02), self.at(share));
        let length = (to_x - x).hypot(to_y - y).max(f64::MIN_POSITIVE);
        ((to_x - x) / length, (to_y - y) / length)
    }
}

/// How strongly curves bend towards the middle.
const BEND: f64 = 0.55;
