//! What of the circle is in sight, and how large.

use super::{Point, clockwise, point, turn_of};

/// Where one looks from. The usual look has the whole circle in sight.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Camera {
    /// How many times larger than usual.
    pub zoom: f64,
    /// The point in the middle of the picture.
    pub middle: Point,
    /// The picture's size in pixels.
    pub size: (f64, f64),
}

impl Camera {
    /// The whole circle in a picture of this size.
    pub fn whole(width: f64, height: f64) -> Camera {
        Camera { zoom: 1.0, middle: (0.0, 0.0), size: (width, height) }
    }

    /// The circle's radius in pixels.
    pub fn radius(&self) -> f64 {
        self.room().max(LEAST_RADIUS_PX) * self.zoom
    }

    /// How large a circle fits with its names.
    fn room(&self) -> f64 {
        let (wide, high) = (self.size.0 / 2.0 - BESIDE_PX, self.size.1 / 2.0 - ABOVE_PX);
        wide.min(high)
    }

    /// Where a point is in the picture.
    pub fn project(&self, (x, y): Point) -> Point {
        let radius = self.radius();
        (
            self.size.0 / 2.0 + (x - self.middle.0) * radius,
            self.size.1 / 2.0 + (y - self.middle.1) * radius,
        )
    }

    /// The point that is there in the picture.
    pub fn unproject(&self, (x, y): Point) -> Point {
        let radius = self.radius();
        (
            self.middle.0 + (x - self.size.0 / 2.0) / radius,
            self.middle.1 + (y - self.size.1 / 2.0) / radius,
        )
    }

    /// The same size in another picture.
    pub fn resized(self, width: f64, height: f64) -> Camera {
        Camera { size: (width, height), ..self }
    }

    /// So many times larger, with what is at this place of the picture staying there.
    pub fn zoomed(self, by: f64, at: Point) -> Camera {
        let fixed = self.unproject(at);
        let zoom = (self.zoom * by).clamp(1.0, LARGEST);
        let mut camera = Camera { zoom, ..self };
        let moved = camera.unproject(at);
        camera.middle.0 += fixed.0 - moved.0;
        camera.middle.1 += fixed.1 - moved.1;
        camera.held()
    }

    /// The picture pushed by so many pixels.
    pub fn pushed(self, by: Point) -> Camera {
        let radius = self.radius();
        let middle = (self.middle.0 - by.0 / radius, self.middle.1 - by.1 / radius);
        Camera { middle, ..self }.held()
    }

    /// A look at the neighbourhood of a turn: this share of a turn to both sides is in sight.
    pub fn near(self, turn: f64, reach: f64) -> Camera {
        let across = (core::f64::consts::TAU * reach).max(f64::MIN_POSITIVE);
        let room = self.room();
        let usual = room.max(LEAST_RADIUS_PX);
        let zoom = (room.max(1.0) / (usual * across)).clamp(1.0, LARGEST);
        // A little inside the circle: that is where its pointers go.
        let inside = 1.0 - 0.3 / zoom;
        let middle = if zoom > 1.0 { point(turn, inside) } else { (0.0, 0.0) };
        Camera { zoom, middle, ..self }.held()
    }

    /// The turns that may be in sight, as where they begin and how far they go clockwise.
    pub fn arc(&self) -> (f64, f64) {
        let corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
        let (left, top) = self.unproject((-BORDER_PX, -BORDER_PX));
        let (right, bottom) = self.unproject((self.size.0 + BORDER_PX, self.size.1 + BORDER_PX));
        if left <= 0.0 && right >= 0.0 && top <= 0.0 && bottom >= 0.0 {
            return (0.0, 1.0);
        }
        let middle = turn_of(((left + right) / 2.0, (top + bottom) / 2.0));
        // Seen from outside, a rectangle is at its widest between two of its corners.
        let sides = corners.map(|(x, y)| {
            let corner = (left + (right - left) * x, top + (bottom - top) * y);
            let off = clockwise(middle, turn_of(corner));
            if off > 0.5 { off - 1.0 } else { off }
        });
        let least = sides.iter().fold(0.0_f64, |a, b| a.min(*b));
        let most = sides.iter().fold(0.0_f64, |a, b| a.max(*b));
        ((middle + least).rem_euclid(1.0), most - least)
    }

    /// Whether a place of the picture is in sight, or near it.
    pub fn sees(&self, (x, y): Point) -> bool {
        (-BORDER_PX..self.size.0 + BORDER_PX).contains(&x)
            && (-BORDER_PX..self.size.1 + BORDER_PX).contains(&y)
    }

    /// Some of the circle stays in sight.
    fn held(mut self) -> Camera {
        if self.zoom <= 1.0 {
            self.middle = (0.0, 0.0);
        }
        let far = self.middle.0.hypot(self.middle.1);
        if far > FARTHEST {
            let by = FARTHEST / far;
            self.middle = (self.middle.0 * by, self.middle.1 * by);
        }
        self
    }
}

/// Beside the circle there is room for names, which are longer than they are high.
const BESIDE_PX: f64 = 72.0;
/// Above and below it there is room for names, and for strokes that say how many keys there are.
const ABOVE_PX: f64 = 42.0;
/// The circle is never smaller.
const LEAST_RADIUS_PX: f64 = 60.0;
/// Beyond this, neighbours among a million nodes would be a screen apart.
const LARGEST: f64 = 2e5;
/// The middle of the picture is never farther from the circle's.
const FARTHEST: f64 = 1.1;
/// What is so near the picture's edge may still reach into it.
const BORDER_PX: f64 = 40.0;
