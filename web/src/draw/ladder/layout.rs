//! From a sketch to places: which line goes where, and which label finds room.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use yew::AttrValue;

use super::axis::{Axis, Scale};
use super::columns::{NARROW_PX, TAG_PX, columns, wide_enough};
use super::labels::{HEIGHT_PX, Label, Line, Rect, Taken, along};
use super::sketch::{Alarm, Arrow, Fate, Kind, Ring, Sketch, State};
use crate::draw::metrics::{Face, width};
use crate::draw::units;

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
    let axis = axis(sketch, &shown, room);
    let mut taken = Taken::default();
    let mut arrows: Vec<Drawn> = shown
        .iter()
        .filter_map(|(at, arrow)| {
            let shape = shape(arrow, &columns, &axis)?;
            Some(Drawn { arrow: *at, shape, label: None, reason: None })
        })
        .collect();
    label_arrows(sketch, &mut arrows, &mut taken);
    label_losses(sketch, &mut arrows, room.width, &mut taken);
    let bars = bars(sketch, &columns, &axis, room, &mut taken);
    let hooks = hooks(sketch, &columns, &axis, room, &mut taken);
    let pauses = pauses(&columns, &axis, &mut taken);
    let height = axis.bottom() + FOOT_PX;
    Picture { columns, axis, arrows, bars, hooks, pauses, height, width: room.width }
}

/// The axis through all that is shown, at a scale at which a usual delay has a visible slope.
fn axis(sketch: &Sketch, shown: &[(usize, &Arrow)], room: &Room) -> Axis {
    let mut delays: Vec<u64> =
        shown.iter().map(|(_, arrow)| arrow.arrives - arrow.sent.min(arrow.arrives)).collect();
    delays.sort_unstable();
    let usual = delays.get(delays.len() / 2).copied().unwrap_or(0).max(SHORTEST_NANOS);
    let px_per_ms = SLOPE_PX * 1e6 / usual as f32 * room.zoom;
    let moments = shown
        .iter()
        .flat_map(|(_, arrow)| [arrow.leaves, arrow.sent, arrow.arrives])
        .chain(states(sketch, room).into_iter().map(|(_, state)| state.from))
        .chain(alarms(sketch, room).filter(|(_, a)| a.ring == Ring::Rang).map(|(_, a)| a.due))
        .chain([end(sketch, room)]);
    Axis::new(moments, Scale { px_per_ms, compress: room.compress, top: TOP_PX })
}

fn shape(arrow: &Arrow, columns: &[Option<f32>], axis: &Axis) -> Option<Shape> {
    let from = columns.get(arrow.from).copied().flatten()?;
    let to = columns.get(arrow.to).copied().flatten()?;
    let towards = if to >= from { 1.0 } else { -1.0 };
    let (from, to) = (from + towards * INSET_PX, to - towards * INSET_PX);
    let first_in = arrow.arrives - (arrow.sent - arrow.leaves).min(arrow.arrives - arrow.leaves);
    let tail = (from, axis.y(arrow.leaves));
    let head_end = (to, axis.y(arrow.arrives));
    let lost = match arrow.fate {
        Fate::Arrives => None,
        Fate::Lost(_) => Some((
            tail.0 + (head_end.0 - tail.0) * LOST_AT,
            tail.1 + (head_end.1 - tail.1) * LOST_AT,
        )),
    };
    Some(Shape {
        tail,
        tail_end: (from, axis.y(arrow.sent)),
        head: (to, axis.y(first_in)),
        head_end,
        lost,
    })
}

/// What arrows that lie on one another and say the same have in common: one label tells of all.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Alike {
    from: usize,
    to: usize,
    /// Where they leave and arrive, in pixels.
    ends: (i32, i32),
    title: AttrValue,
}

impl Alike {
    fn of(arrow: &Arrow, shape: &Shape) -> Alike {
        let ends = (shape.tail.1.round() as i32, shape.head_end.1.round() as i32);
        Alike { from: arrow.from, to: arrow.to, ends, title: arrow.title.clone() }
    }
}

/// Gives labels to arrows: messages first, then signals, then what continues a message.
fn label_arrows(sketch: &Sketch, arrows: &mut [Drawn], taken: &mut Taken) {
    let mut crowd: BTreeMap<Alike, usize> = BTreeMap::new();
    for drawn in arrows.iter() {
        if let Some(arrow) = sketch.arrows.get(drawn.arrow) {
            *crowd.entry(Alike::of(arrow, &drawn.shape)).or_default() += 1;
        }
    }
    let mut said = BTreeSet::new();
    for round in [Kind::Message, Kind::Datagram, Kind::Signal, Kind::More] {
        for drawn in arrows.iter_mut() {
            let Some(arrow) = sketch.arrows.get(drawn.arrow) else { continue };
            if arrow.kind != round || arrow.title.is_empty() {
                continue;
            }
            let alike = Alike::of(arrow, &drawn.shape);
            if said.contains(&alike) {
                continue;
            }
            let title = match crowd.get(&alike).copied().unwrap_or(1) {
                0 | 1 => arrow.title.to_string(),
                count => format!("{} \u{d7}{count}", arrow.title),
            };
            let ends = (drawn.shape.tail, drawn.shape.head);
            let (left, right) = if ends.0.0 <= ends.1.0 { ends } else { (ends.1, ends.0) };
            drawn.label = along(Line { left, right }, &title, &arrow.detail, taken);
            said.insert(alike);
        }
    }
}

/// Says beside each cross why the arrow was lost.
fn label_losses(sketch: &Sketch, arrows: &mut [Drawn], room: f32, taken: &mut Taken) {
    for drawn in arrows.iter_mut() {
        let Some((x, y)) = drawn.shape.lost else { continue };
        taken.take(Rect { left: x - 7.0, top: y - 7.0, width: 14.0, height: 14.0 });
        if let Some(Fate::Lost(reason)) = sketch.arrows.get(drawn.arrow).map(|arrow| &arrow.fate) {
            drawn.reason = [(4.0, false), (4.0, true), (16.0, false), (16.0, true)]
                .into_iter()
                .find_map(|(down, left)| beside(reason, x, y + down, left, room, taken));
        }
    }
}

/// The states that are drawn: those that begin in the room's entries, and those that last into
/// them.
fn states<'a>(sketch: &'a Sketch, room: &Room) -> Vec<(usize, &'a State)> {
    let within = |after: usize| sketch.states.partition_point(|state| state.entry < after);
    let first = within(room.entries.start);
    let mut missing: BTreeSet<usize> = (0..sketch.lines.len()).collect();
    let mut before = Vec::new();
    for (at, state) in sketch.states.range(0, first).rev() {
        if missing.remove(&state.line) {
            before.push((at, state));
        }
        if missing.is_empty() {
            break;
        }
    }
    let within = sketch.states.range(first, within(room.entries.end));
    before.into_iter().rev().chain(within).filter(|(_, state)| state.from < state.to).collect()
}

fn alarms<'a>(
    sketch: &'a Sketch,
    room: &Room,
) -> impl Iterator<Item = (usize, &'a Alarm)> + use<'a> {
    let within = |after: usize| sketch.alarms.partition_point(|alarm| alarm.entry < after);
    sketch.alarms.range(within(room.entries.start), within(room.entries.end))
}

/// Where the picture ends: with the run, or with the first arrow that is not drawn any more.
fn end(sketch: &Sketch, room: &Room) -> u64 {
    let after = sketch.arrows.partition_point(|arrow| arrow.entry < room.entries.end);
    sketch.arrows.get(after).map_or(sketch.end, |arrow| arrow.leaves.min(sketch.end))
}

fn bars(
    sketch: &Sketch,
    columns: &[Option<f32>],
    axis: &Axis,
    room: &Room,
    taken: &mut Taken,
) -> Vec<Bar> {
    let last = columns.iter().flatten().fold(0.0f32, |a, b| a.max(*b));
    let mut bars = Vec::new();
    let end = end(sketch, room);
    for (at, state) in states(sketch, room) {
        let Some(x) = columns.get(state.line).copied().flatten() else { continue };
        let top = axis.y(state.from);
        let height = axis.y(state.to.min(end)) - top;
        let rect = Rect { left: x - BAR_PX / 2.0, top, width: BAR_PX, height };
        let leftward = x < last;
        let label = beside(&state.name, x, top + 12.0, leftward, room.width, taken);
        bars.push(Bar { line: state.line, rect, label, leftward, state: at });
    }
    bars
}

fn hooks(
    sketch: &Sketch,
    columns: &[Option<f32>],
    axis: &Axis,
    room: &Room,
    taken: &mut Taken,
) -> Vec<Hook> {
    let last = columns.iter().flatten().fold(0.0f32, |a, b| a.max(*b));
    let mut hooks = Vec::new();
    for (at, alarm) in alarms(sketch, room) {
        let Some(x) = columns.get(alarm.line).copied().flatten() else { continue };
        let bottom = match alarm.ring {
            Ring::Armed => end(sketch, room).min(alarm.due),
            Ring::Rang => alarm.due,
            Ring::Stopped(when) => when,
        };
        let (top, bottom) = (axis.y(alarm.set), axis.y(bottom));
        let label = match alarm.ring {
            Ring::Rang if x < last => beside(&alarm.name, x, bottom + 4.0, true, room.width, taken),
            Ring::Rang => beside(&alarm.name, x + HOOK_PX, bottom + 4.0, false, room.width, taken),
            Ring::Armed | Ring::Stopped(_) => None,
        };
        hooks.push(Hook { alarm: at, x, top, bottom, label });
    }
    hooks
}

/// Says in the middle of a pressed span how long it is, where nothing else stands.
fn pauses(columns: &[Option<f32>], axis: &Axis, taken: &mut Taken) -> Vec<Label> {
    let shown = || columns.iter().flatten().copied();
    let middle = (shown().fold(f32::MAX, f32::min) + shown().fold(0.0, f32::max)) / 2.0;
    let labels = axis.gaps().iter().filter_map(|gap| {
        let detail = format!("{} pass", units::time(gap.nanos as f64));
        let wide = width(&detail, STATE_PX, Face::Sans);
        let y = gap.top + gap.height / 2.0 + 4.0;
        let (left, top) = (middle - wide / 2.0, y - 11.0);
        let rect = Rect { left, top, width: wide, height: HEIGHT_PX };
        let fits = gap.height >= HEIGHT_PX && left >= 0.0 && taken.is_free(&rect);
        fits.then(|| {
            taken.take(rect);
            Label { title: String::new(), detail, x: middle, y, rect }
        })
    });
    labels.collect()
}

/// A small label at the side of a lifeline, if there is room for it on the page and beside others.
fn beside(
    text: &AttrValue,
    x: f32,
    y: f32,
    leftward: bool,
    room: f32,
    taken: &mut Taken,
) -> Option<Label> {
    let wide = width(text, STATE_PX, Face::Sans);
    let left = if leftward { x - ASIDE_PX - wide } else { x + ASIDE_PX };
    let rect = Rect { left, top: y - 11.0, width: wide, height: HEIGHT_PX };
    let right = if room < NARROW_PX { room } else { room - TAG_PX };
    if left < 0.0 || left + wide > right || !taken.is_free(&rect) {
        return None;
    }
    taken.take(rect);
    Some(Label { title: String::new(), detail: text.to_string(), x: left + wide / 2.0, y, rect })
}

/// Time begins this far below the picture's upper edge.
const TOP_PX: f32 = 26.0;
/// Below the last moment there is room for what comes next.
const FOOT_PX: f32 = 96.0;
/// Arrows end this far from the middle of a lifeline.
const INSET_PX: f32 = 6.0;
/// A lost arrow ends at this share of its way.
const LOST_AT: f32 = 0.62;
/// The usual delay is drawn this high.
const SLOPE_PX: f32 = 36.0;
/// No delay counts as usual that is shorter than this, in nanoseconds.
const SHORTEST_NANOS: u64 = 10_000;
const BAR_PX: f32 = 8.0;
/// A hook reaches so far to the right of its lifeline.
const HOOK_PX: f32 = 8.0;
const ASIDE_PX: f32 = 12.0;
const STATE_PX: f32 = 11.0;
