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

    /// The curve without so much of its end, in the units of its corners: an arrow that ends at the
    /// rim of what it points to has its head in sight.
    pub fn shortened(&self, by: f64) -> Curve {
        let gap = |share: f64| {
            let (x, y) = self.at(share);
            (self.to.0 - x).hypot(self.to.1 - y)
        };
        let end = (1..=CUTS).map(|cut| 1.0 - f64::from(cut) / f64::from(2 * CUTS));
        let Some(end) = end.into_iter().find(|share| gap(*share) >= by) else { return *self };
        let mix = |a: f64, b: f64| a + (b - a) * end;
        let by = (mix(self.from.0, self.by.0), mix(self.from.1, self.by.1));
        Curve { from: self.from, by, to: self.at(end) }
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

/// The end of a curve is looked for in so many places of its second half.
const CUTS: u32 = 200;
/// How strongly curves bend towards the middle.
const BEND: f64 = 0.55;
