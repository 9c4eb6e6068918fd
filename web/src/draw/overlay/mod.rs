//! The overlay as geometry: where nodes stand on the circle of identifiers, what is in sight of it,
//! the prefix tree inside it, and the way of a lookup across it.
//!
//! The circle has the radius 1 and its zero at the top; identifiers grow clockwise. Chord's ring is
//! this circle. Kademlia's tree is bent into it: the root in the middle, the leaves on the circle.

mod badge;
mod camera;
mod census;
mod crowd;
mod curve;
mod names;
mod path;
#[cfg(test)]
mod tests;
mod tree;

pub use badge::badge;
pub use camera::Camera;
pub use census::Census;
pub use crowd::{Crowd, Dot, Standing};
pub use curve::Curve;
pub use names::{Busy, Wanted, Whose, names};
pub use path::{Hop, Outcome, Path};
pub use tree::{Wedge, boughs, depth_radius, wedges};

/// A point in units of the circle's radius, from its middle to the right and down.
pub type Point = (f64, f64);

/// The point at a turn, so far from the middle.
pub fn point(turn: f64, radius: f64) -> Point {
    let angle = turn * core::f64::consts::TAU;
    (radius * angle.sin(), -radius * angle.cos())
}

/// The turn in which a point lies, seen from the middle.
pub fn turn_of((x, y): Point) -> f64 {
    (x.atan2(-y) / core::f64::consts::TAU).rem_euclid(1.0)
}

/// How far it is from one turn to another, clockwise.
pub fn clockwise(from: f64, to: f64) -> f64 {
    (to - from).rem_euclid(1.0)
}
