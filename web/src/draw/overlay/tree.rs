//! The prefix tree of the identifiers, bent into the circle, and the buckets of one node in it.
//!
//! Levels lie the closer together the deeper they are: a subtree seen from near looks as the whole
//! does from afar.

use super::{Crowd, Dot, clockwise};

/// A piece of the tree: from an inner node to its two children, all as turn and radius.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Bough {
    /// How many bits all identifiers below it share.
    pub depth: u8,
    /// Where it is.
    pub turn: f64,
    /// Its children: their turns, and whether they are single leaves.
    pub children: [Option<Twig>; 2],
}

/// The way to one child.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Twig {
    /// Where the child is.
    pub turn: f64,
    /// Whether nothing branches below it: it goes straight to the circle.
    pub is_leaf: bool,
}

/// The part of the circle that a bucket covers.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Wedge {
    /// How many bits what is in it shares with the node.
    pub shared: u8,
    /// Where it begins.
    pub from: f64,
    /// How far it goes clockwise.
    pub reach: f64,
    /// How many nodes there are in it.
    pub nodes: usize,
}

/// How far from the middle the nodes of the tree are that share so many bits.
pub fn depth_radius(depth: u8) -> f64 {
    1.0 - SHRINK.powi(i32::from(depth))
}

/// The tree in an arc, down to boughs that cover no less than `finest` of a turn.
pub fn boughs(crowd: &Crowd, arc: (f64, f64), finest: f64) -> Vec<Bough> {
    let mut found = Vec::new();
    let whole = Span { depth: 0, from: 0.0, dots: &crowd.dots };
    grow(whole, arc, finest, &mut found);
    found
}

/// The buckets of a node: for each number of shared bits the part of the circle across the branch.
pub fn wedges(crowd: &Crowd, own: &Dot, most: usize) -> Vec<Wedge> {
    let mut wedges = Vec::new();
    let mut span = Span { depth: 0, from: 0.0, dots: &crowd.dots };
    while span.dots.len() > 1 && wedges.len() < most && span.depth < MOST_DEPTH {
        let [low, high] = span.halves();
        let is_low = own.turn < high.from;
        let (mine, other) = if is_low { (low, high) } else { (high, low) };
        wedges.push(Wedge {
            shared: span.depth,
            from: other.from,
            reach: other.reach(),
            nodes: other.dots.len(),
        });
        span = mine;
    }
    wedges
}

/// All identifiers with one prefix.
#[derive(Clone, Copy)]
struct Span<'a> {
    depth: u8,
    from: f64,
    dots: &'a [Dot],
}

impl<'a> Span<'a> {
    fn reach(&self) -> f64 {
        0.5_f64.powi(i32::from(self.depth))
    }

    fn middle(&self) -> f64 {
        self.from + self.reach() / 2.0
    }

    /// With one more bit: 0, and 1.
    fn halves(&self) -> [Span<'a>; 2] {
        let middle = self.middle();
        let (low, high) = self.dots.split_at(self.dots.partition_point(|dot| dot.turn < middle));
        let depth = self.depth + 1;
        [Span { depth, from: self.from, dots: low }, Span { depth, from: middle, dots: high }]
    }
}

fn grow(span: Span<'_>, arc: (f64, f64), finest: f64, found: &mut Vec<Bough>) {
    let fine = span.reach() < finest || span.depth >= MOST_DEPTH;
    if span.dots.len() < 2 || fine || !meets(span, arc) {
        return;
    }
    let halves = span.halves();
    let children = halves.map(|half| match half.dots {
        [] => None,
        [leaf] => Some(Twig { turn: leaf.turn, is_leaf: true }),
        _ => Some(Twig { turn: half.middle(), is_leaf: false }),
    });
    found.push(Bough { depth: span.depth, turn: span.middle(), children });
    halves.into_iter().for_each(|half| grow(half, arc, finest, found));
}

/// Whether any of a span lies in an arc.
fn meets(span: Span<'_>, (from, reach): (f64, f64)) -> bool {
    reach >= 1.0
        || clockwise(from, span.from) <= reach
        || clockwise(span.from, from) <= span.reach()
}

/// Each level is so much nearer to the circle than the one above it.
const SHRINK: f64 = 0.66;
/// A double tells no more bits of a turn apart.
const MOST_DEPTH: u8 = 52;
