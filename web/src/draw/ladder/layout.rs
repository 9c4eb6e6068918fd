//! From a sketch to places: which line goes where, and which label finds room.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use yew::AttrValue;

use super::aside::{alarms, bars, beside, end, hooks, pauses, states};
use super::axis::{Axis, LONGEST_PX, Scale};
use super::columns::{columns, wide_enough};
use super::labels::{Label, Line, Rect, Taken, along};
use super::sketch::{Arrow, Fate, Kind, LostAt, Ring, Sketch};

/// How much room there is, and what the student set.
#[derive(Clone, PartialEq, Debug)]
pub struct Room {
    /// The picture's width in pixels.
    pub width: f32,
    /// How many times larger than it would be by itself time is drawn.
    pub zoom: f32,
    /// Whether idle time is pressed together.
    pub compress: bool,
    /// Lifelines that are not drawn, by index.
    pub hidden_lines: BTreeSet<usize>,
    /// Protocols that are not drawn.
    pub hidden_protocols: BTreeSet<String>,
    /// The entries that are drawn: nobody looks at a hundred thousand arrows at once.
    pub entries: Range<usize>,
}

/// A sketch with a place for everything.
#[derive(Clone, PartialEq, Debug)]
pub struct Picture {
    /// The middle of each lifeline from the left, none for hidden ones.
    pub columns: Vec<Option<f32>>,
    /// The time axis.
    pub axis: Axis,
    /// The arrows that are drawn.
    pub arrows: Vec<Drawn>,
    /// The state strips.
    pub bars: Vec<Bar>,
    /// The alarms.
    pub hooks: Vec<Hook>,
    /// How long nothing happens, where that is drawn shorter.
    pub pauses: Vec<Label>,
    /// The picture's height in pixels.
    pub height: f32,
    /// The picture's width in pixels.
    pub width: f32,
}

impl Picture {
    /// How far the lifelines stand apart; none where there is only one.
    pub fn lane(&self) -> Option<f32> {
        let shown = || self.columns.iter().flatten();
        let ends = |(least, most): (f32, f32), x: &f32| (least.min(*x), most.max(*x));
        let (least, most) = shown().fold((f32::MAX, 0.0), ends);
        (least < most).then(|| (most - least) / (shown().count() - 1) as f32)
    }
}

/// An arrow with its place.
#[derive(Clone, PartialEq, Debug)]
pub struct Drawn {
    /// Its index in the sketch.
    pub arrow: usize,
    /// Its outline.
    pub shape: Shape,
    /// Its label, where there was room for one.
    pub label: Option<Label>,
    /// Why it was lost, beside the cross, where there was room.
    pub reason: Option<Label>,
}

/// The corners of an arrow: it leaves from `tail` to `tail_end` and comes in from `head` to
/// `head_end`; the two pairs are the first and the last bit.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Shape {
    /// Where the first bit leaves.
    pub tail: (f32, f32),
    /// Where the last bit leaves.
    pub tail_end: (f32, f32),
    /// Where the first bit arrives.
    pub head: (f32, f32),
    /// Where the last bit arrives.
    pub head_end: (f32, f32),
    /// Where it is lost, if it is.
    pub lost: Option<(f32, f32)>,
}

impl Shape {
    /// The way of the first bit, from left to right.
    fn line(&self) -> Line {
        let (tail, head) = (self.tail, self.head);
        let (left, right) = if tail.0 <= head.0 { (tail, head) } else { (head, tail) };
        Line { left, right }
    }
}

/// A state strip with its place.
#[derive(Clone, PartialEq, Debug)]
pub struct Bar {
    /// Its lifeline.
    pub line: usize,
    /// Its rectangle.
    pub rect: Rect,
    /// Its label, where there was room.
    pub label: Option<Label>,
    /// Whether the label stands to the left of the line.
    pub leftward: bool,
    /// Its index in the sketch.
    pub state: usize,
}

/// An alarm with its place.
#[derive(Clone, PartialEq, Debug)]
pub struct Hook {
    /// Its index in the sketch.
    pub alarm: usize,
    /// The lifeline's middle.
    pub x: f32,
    /// Where it was set.
    pub top: f32,
    /// Where it rings, or was stopped.
    pub bottom: f32,
    /// Its label, where there was room.
    pub label: Option<Label>,
}

/// Finds a place for everything. The same sketch in the same room is the same picture.
pub fn layout(sketch: &Sketch, room: &Room) -> Picture {
    let room = &wide_enough(sketch, room);
    let columns = columns(sketch, room);
    let within = |after: usize| sketch.arrows.partition_point(|arrow| arrow.entry < after);
    let shown: Vec<(usize, &Arrow)> = sketch
        .arrows
        .range(within(room.entries.start), within(room.entries.end))
        .filter(|(_, arrow)| !room.hidden_protocols.contains(arrow.protocol))
        .collect();
    let lifelines = columns.iter().flatten().count();
    let axis = axis(sketch, &shown, lifelines, room);
    let mut taken = Taken::default();
    let mut arrows: Vec<Drawn> = shown
        .iter()
        .filter_map(|(at, arrow)| {
            // Those that come after it would hide it where it is.
            let hide = together(sketch, at + 1..at + LOOKED_AT, arrow, false);
            let shape = shape(arrow, &columns, &axis, BESIDE_PX * hide as f32)?;
            Some(Drawn { arrow: *at, shape, label: None, reason: None })
        })
        .collect();
    label_arrows(sketch, &mut arrows, room.width, &mut taken);
    label_losses(sketch, &mut arrows, room.width, &mut taken);
    let bars = bars(sketch, &columns, &axis, room, &mut taken);
    let hooks = hooks(sketch, &columns, &axis, room, &mut taken);
    let pauses = pauses(&columns, &axis, &mut taken);
    let height = axis.bottom() + FOOT_PX;
    Picture { columns, axis, arrows, bars, hooks, pauses, height, width: room.width }
}

/// The axis through all that is shown, at a scale at which a usual delay has a visible slope; where
/// arrows of many hosts cross each other, a larger one.
fn axis(sketch: &Sketch, shown: &[(usize, &Arrow)], lifelines: usize, room: &Room) -> Axis {
    let mut delays: Vec<u64> =
        shown.iter().map(|(_, arrow)| arrow.arrives - arrow.sent.min(arrow.arrives)).collect();
    delays.sort_unstable();
    let usual = delays.get(delays.len() / 2).copied().unwrap_or(0).max(SHORTEST_NANOS);
    let crowd = if lifelines >= MANY_LIFELINES { pairs_at_once(shown) } else { 1.0 };
    let slope = SLOPE_PX * crowd.clamp(1.0, MOST_STRETCHED);
    let px_per_ms = slope * 1e6 / usual as f32 * room.zoom;
    let moments = shown
        .iter()
        .flat_map(|(_, arrow)| [arrow.leaves, arrow.sent, arrow.arrives])
        .chain(states(sketch, room).into_iter().map(|(_, state)| state.from))
        .chain(alarms(sketch, room).filter(|(_, a)| a.ring == Ring::Rang).map(|(_, a)| a.due))
        .chain([end(sketch, room)]);
    let flights = shown.iter().map(|(_, arrow)| (arrow.sent, arrow.arrives));
    // What is drawn larger than usual is pressed together only where it would be higher still.
    let longest_px = LONGEST_PX * (slope * room.zoom / SLOPE_PX).max(1.0);
    let compress = room.compress;
    Axis::new(moments, flights, Scale { px_per_ms, compress, longest_px, top: TOP_PX })
}

/// Between how many pairs of hosts something is in the air at once, on average while anything is.
/// In halves, so that the picture seldom changes its scale while it grows.
fn pairs_at_once(shown: &[(usize, &Arrow)]) -> f32 {
    let mut pairs: Vec<(usize, usize, Covered)> = Vec::new();
    let mut all = Covered::default();
    // In the order in which they were sent.
    for (_, arrow) in shown {
        let (from, to) = (arrow.from.min(arrow.to), arrow.from.max(arrow.to));
        let known = pairs.iter().position(|(a, b, _)| (*a, *b) == (from, to));
        let at = known.unwrap_or(pairs.len());
        if at == pairs.len() {
            pairs.push((from, to, Covered::default()));
        }
        pairs[at].2.add(arrow);
        all.add(arrow);
    }
    let apart: u64 = pairs.iter().map(|(.., covered)| covered.nanos).sum();
    match all.nanos {
        0 => 1.0,
        any => (2.0 * apart as f32 / any as f32).round() / 2.0,
    }
}

/// How much time flights cover together, and until when.
#[derive(Clone, Copy, Default)]
struct Covered {
    nanos: u64,
    until: u64,
}

impl Covered {
    fn add(&mut self, arrow: &Arrow) {
        self.nanos += arrow.arrives.saturating_sub(arrow.sent.max(self.until));
        self.until = self.until.max(arrow.arrives);
    }
}

fn shape(arrow: &Arrow, columns: &[Option<f32>], axis: &Axis, up: f32) -> Option<Shape> {
    let from = columns.get(arrow.from).copied().flatten()?;
    let to = columns.get(arrow.to).copied().flatten()?;
    let towards = if to >= from { 1.0 } else { -1.0 };
    let (from, to) = (from + towards * INSET_PX, to - towards * INSET_PX);
    let first_in = arrow.arrives - (arrow.sent - arrow.leaves).min(arrow.arrives - arrow.leaves);
    let y = |nanos: u64| axis.y(nanos) - up;
    let tail = (from, y(arrow.leaves));
    let head_end = (to, y(arrow.arrives));
    let lost = match arrow.fate {
        Fate::Arrives => None,
        Fate::Lost { at, .. } => {
            let share = lost_at(at);
            let between = |from: f32, to: f32| from + (to - from) * share;
            Some((between(tail.0, head_end.0), between(tail.1, head_end.1)))
        }
    };
    Some(Shape { tail, tail_end: (from, y(arrow.sent)), head: (to, y(first_in)), head_end, lost })
}

/// How many datagrams of a range one host sends at once with this one: those that say the same, to
/// whomever, or those that say something else to the same host.
fn together(sketch: &Sketch, range: Range<usize>, arrow: &Arrow, same: bool) -> usize {
    let sent = sketch.arrows.range(range.start, range.end);
    sent.filter(|(_, other)| {
        arrow.kind == Kind::Datagram
            && (other.from, other.leaves) == (arrow.from, arrow.leaves)
            && (other.title == arrow.title) == same
            && (same || other.to == arrow.to)
    })
    .count()
}

/// The share of its way at which a lost arrow ends.
fn lost_at(at: LostAt) -> f32 {
    match at {
        LostAt::Sender => 0.08,
        LostAt::Way => 0.62,
        LostAt::Receiver => 0.96,
    }
}

/// What arrows that lie on one another and say the same have in common, or those that say the same
/// to many: one label tells of all.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Alike {
    from: usize,
    /// None where they go to any.
    to: Option<usize>,
    /// Where they leave and arrive, in pixels.
    ends: (i32, i32),
    title: AttrValue,
}

impl Alike {
    fn of(arrow: &Arrow, shape: &Shape) -> Alike {
        let ends = (shape.tail.1.round() as i32, shape.head_end.1.round() as i32);
        Alike { from: arrow.from, to: Some(arrow.to), ends, title: arrow.title.clone() }
    }
}

/// Gives labels to arrows: messages first, then signals, then what continues a message.
fn label_arrows(sketch: &Sketch, arrows: &mut [Drawn], room: f32, taken: &mut Taken) {
    let mut crowd: BTreeMap<Alike, usize> = BTreeMap::new();
    let close = close_behind(sketch, arrows);
    for drawn in arrows.iter() {
        taken.draw(drawn.shape.line());
        if let Some(arrow) = sketch.arrows.get(drawn.arrow) {
            *crowd.entry(Alike::of(arrow, &drawn.shape)).or_default() += 1;
        }
    }
    let mut said = BTreeSet::new();
    for round in [Kind::Message, Kind::Datagram, Kind::Signal, Kind::More] {
        for drawn in arrows.iter_mut() {
            let Some(arrow) = sketch.arrows.get(drawn.arrow) else { continue };
            if arrow.kind != round || arrow.title.is_empty() || close.contains(&drawn.arrow) {
                continue;
            }
            let mut alike = Alike::of(arrow, &drawn.shape);
            let mut alikes = crowd.get(&alike).copied().unwrap_or(1);
            let mut detail = arrow.detail.as_str();
            let around = drawn.arrow.saturating_sub(LOOKED_AT)..drawn.arrow + LOOKED_AT;
            let fanned = together(sketch, around, arrow, true);
            if fanned > MOST_FANNED {
                (alike.to, alike.ends.1, alikes, detail) = (None, 0, fanned, "");
            }
            if said.contains(&alike) {
                continue;
            }
            let title = match alikes {
                0 | 1 => arrow.title.to_string(),
                count => format!("{} \u{d7}{count}", arrow.title),
            };
            let sides = EDGE_PX..room - EDGE_PX;
            drawn.label = along(drawn.shape.line(), (&title, detail), sides, taken);
            said.insert(alike);
        }
    }
}

/// What only continues a message and follows so close upon what went before it on the same way that
/// a label would tell it from nothing.
fn close_behind(sketch: &Sketch, arrows: &[Drawn]) -> BTreeSet<usize> {
    let mut last: BTreeMap<(usize, usize), f32> = BTreeMap::new();
    let mut close = BTreeSet::new();
    for drawn in arrows {
        let Some(arrow) = sketch.arrows.get(drawn.arrow) else { continue };
        let y = drawn.shape.tail.1;
        let before = last.insert((arrow.from, arrow.to), y);
        let behind = before.map(|before| y - before).filter(|gap| (1.0..APART_PX).contains(gap));
        if arrow.kind == Kind::More && behind.is_some() {
            close.insert(drawn.arrow);
        }
    }
    close
}

/// Says beside each cross why the arrow was lost.
fn label_losses(sketch: &Sketch, arrows: &mut [Drawn], room: f32, taken: &mut Taken) {
    for drawn in arrows.iter_mut() {
        let Some((x, y)) = drawn.shape.lost else { continue };
        taken.take(Rect { left: x - 7.0, top: y - 7.0, width: 14.0, height: 14.0 });
        let fate = sketch.arrows.get(drawn.arrow).map(|arrow| &arrow.fate);
        if let Some(Fate::Lost { why: reason, .. }) = fate {
            let tried = [(4.0, false), (4.0, true), (16.0, false), (16.0, true)];
            drawn.reason =
                beside(reason, x, &tried.map(|(down, left)| (y + down, left)), room, taken);
        }
    }
}

/// Time begins this far below the picture's upper edge.
const TOP_PX: f32 = 26.0;
/// Below the last moment there is room for what comes next.
const FOOT_PX: f32 = 96.0;
/// Segments of one message that leave closer to each other than this have no labels of their own.
const APART_PX: f32 = 20.0;
/// Arrows end this far from the middle of a lifeline.
const INSET_PX: f32 = 6.0;
/// So many datagrams that say the same to several hosts at once have a label each.
const MOST_FANNED: usize = 3;
/// Datagrams that leave and arrive together are drawn so far above each other, the last of them at
/// its time.
const BESIDE_PX: f32 = 5.0;
/// A host sends no more at once than so many, or nearly.
const LOOKED_AT: usize = 16;
/// The usual delay is drawn this high.
const SLOPE_PX: f32 = 36.0;
/// With so many lifelines the arrows to one cross others.
const MANY_LIFELINES: usize = 4;
/// However many pairs are busy at once, time is drawn no larger than this many times.
const MOST_STRETCHED: f32 = 2.5;
/// No delay counts as usual that is shorter than this, in nanoseconds.
const SHORTEST_NANOS: u64 = 10_000;
/// Labels stay this far from the picture's sides.
const EDGE_PX: f32 = 4.0;
