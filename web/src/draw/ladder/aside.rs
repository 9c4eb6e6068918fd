//! What stands beside the lifelines: states, alarms, and how long nothing happens.

use std::collections::BTreeSet;

use yew::AttrValue;

use super::axis::Axis;
use super::columns::{NARROW_PX, TAG_PX};
use super::labels::{ASCENT_PX, HEIGHT_PX, Label, Rect, Taken};
use super::layout::{Bar, Hook, Room};
use super::sketch::{Alarm, Ring, Sketch, State};
use crate::draw::metrics::{Face, width};
use crate::draw::order::{ascending, in_order};
use crate::draw::units;

/// The states that are drawn: those that begin in the room's entries, and those that last into
/// them.
pub fn states<'a>(sketch: &'a Sketch, room: &Room) -> Vec<(usize, &'a State)> {
    let within = |after: usize| sketch.states.partition_point(|state| state.entry < after);
    let first = within(room.entries.start);
    let lines = sketch.lines.len();
    let mut found = BTreeSet::new();
    let mut before = Vec::new();
    for (at, state) in sketch.states.range(0, first).rev() {
        if state.line < lines && found.insert(state.line) {
            before.push((at, state));
        }
        if found.len() == lines {
            break;
        }
    }
    let within = sketch.states.range(first, within(room.entries.end));
    before.into_iter().rev().chain(within).filter(|(_, state)| state.from < state.to).collect()
}

/// The alarms that are set in the room's entries.
pub fn alarms<'a>(
    sketch: &'a Sketch,
    room: &Room,
) -> impl Iterator<Item = (usize, &'a Alarm)> + use<'a> {
    let within = |after: usize| sketch.alarms.partition_point(|alarm| alarm.entry < after);
    sketch.alarms.range(within(room.entries.start), within(room.entries.end))
}

/// Where the picture ends: with the run, or with the first arrow that is not drawn any more.
pub fn end(sketch: &Sketch, room: &Room) -> u64 {
    let after = sketch.arrows.partition_point(|arrow| arrow.entry < room.entries.end);
    sketch.arrows.get(after).map_or(sketch.end, |arrow| arrow.leaves.min(sketch.end))
}

/// The strips, each with its state's name beside it, somewhere along it. The longer ones are
/// labelled first: a moment's pause must not take the place of what comes of it.
pub fn bars(
    sketch: &Sketch,
    columns: &[Option<f32>],
    axis: &Axis,
    room: &Room,
    taken: &mut Taken,
) -> Vec<Bar> {
    let last = columns.iter().flatten().fold(0.0f32, |a, b| a.max(*b));
    let end = end(sketch, room);
    let placed = states(sketch, room).into_iter().filter_map(|(at, state)| {
        let x = columns.get(state.line).copied().flatten()?;
        let top = axis.y(state.from);
        let height = axis.y(state.to.min(end)) - top;
        let rect = Rect { left: x - BAR_PX / 2.0, top, width: BAR_PX, height };
        Some(Bar { line: state.line, rect, label: None, leftward: x < last, state: at })
    });
    let mut bars: Vec<Bar> = placed.collect();
    let tallest_first = in_order(bars.iter().map(|bar| -bar.rect.height));
    for at in tallest_first {
        let Some(bar) = bars.get_mut(at) else { continue };
        let Some(state) = sketch.states.get(bar.state) else { continue };
        let x = bar.rect.left + BAR_PX / 2.0;
        let tried = (0..MOST_TRIES)
            .map(|n| bar.rect.top + 12.0 + n as f32 * TRY_PX)
            .take_while(|y| *y <= bar.rect.top + bar.rect.height.max(12.0))
            .map(|y| (y, bar.leftward));
        bar.label = beside(&state.name, x, &tried.collect::<Vec<_>>(), room.width, taken);
    }
    bars
}

/// The alarms, each with its name where it rang.
pub fn hooks(
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
            Ring::Rang => {
                let (x, leftward) = if x < last { (x, true) } else { (x + HOOK_PX, false) };
                beside(&alarm.name, x, &[(bottom + 4.0, leftward)], room.width, taken)
            }
            Ring::Armed | Ring::Stopped(_) => None,
        };
        hooks.push(Hook { alarm: at, x, top, bottom, label });
    }
    hooks
}

/// Says in the middle of a pressed span how long it is, where nothing else stands.
pub fn pauses(columns: &[Option<f32>], axis: &Axis, taken: &mut Taken) -> Vec<Label> {
    let shown: Vec<f32> = columns.iter().flatten().copied().collect();
    let shown = ascending(&shown);
    // In the middle of a lane, since each lifeline has its mark of pressed time there.
    let lane = shown.get(shown.len().saturating_sub(1) / 2..).unwrap_or_default();
    let lane = lane.get(..2.min(lane.len())).unwrap_or_default();
    let middle = lane.iter().sum::<f32>() / lane.len().max(1) as f32;
    let room = lane.iter().map(|x| (x - middle).abs() * 2.0 - MARK_PX).fold(0.0, f32::max);
    let labels = axis.gaps().iter().filter_map(|gap| {
        let time = units::time(gap.nanos as f64);
        let detail = format!("{time} pass");
        let wide = |says: &str| width(says, STATE_PX, Face::Sans);
        let detail = if lane.len() > 1 && wide(&detail) > room { time } else { detail };
        let wide = wide(&detail);
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
/// Of the places that are tried, at a height and to the left or not, it is the first of those at
/// which arrows run through it the least.
pub fn beside(
    text: &AttrValue,
    x: f32,
    tried: &[(f32, bool)],
    room: f32,
    taken: &mut Taken,
) -> Option<Label> {
    let width = width(text, STATE_PX, Face::Sans);
    let right = if room < NARROW_PX { room } else { room - TAG_PX };
    let placed = tried.iter().map(|(y, leftward)| {
        let left = if *leftward { x - ASIDE_PX - width } else { x + ASIDE_PX };
        Rect { left, top: y - ASCENT_PX, width, height: HEIGHT_PX }
    });
    let free =
        placed.filter(|rect| rect.left >= 0.0 && rect.left + width <= right && taken.is_free(rect));
    let rect = free.min_by_key(|rect| taken.struck(rect, usize::MAX))?;
    taken.take(rect);
    let (x, y) = (rect.left + width / 2.0, rect.top + ASCENT_PX);
    Some(Label { title: String::new(), detail: text.to_string(), x, y, rect })
}

const BAR_PX: f32 = 8.0;
/// A hook reaches so far to the right of its lifeline.
const HOOK_PX: f32 = 8.0;
const ASIDE_PX: f32 = 12.0;
const STATE_PX: f32 = 11.0;
/// The mark of pressed time on a lifeline, with the air around it.
const MARK_PX: f32 = 16.0;
/// A state's name that finds no room moves down its strip by so much, and so often.
const TRY_PX: f32 = 9.0;
const MOST_TRIES: usize = 12;
