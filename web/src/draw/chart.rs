//! A machine's chart as geometry: boxes on the grid that the chart names, and bent arrows.

use protocols::wire::Chart;

use super::metrics::{Face, width};

/// A chart with a place for everything.
#[derive(Clone, PartialEq, Debug)]
pub struct ChartPicture {
    /// One box for each state, in the chart's order.
    pub boxes: Vec<StateBox>,
    /// One curve for each edge, in the chart's order.
    pub curves: Vec<Curve>,
    /// The picture's width in pixels.
    pub width: f32,
    /// The picture's height in pixels.
    pub height: f32,
}

/// A state's box, by its middle.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct StateBox {
    /// The middle, from the left.
    pub x: f32,
    /// The middle, from the top.
    pub y: f32,
    /// How wide.
    pub width: f32,
}

/// An edge's curve as SVG path data, and where its name stands.
#[derive(Clone, PartialEq, Debug)]
pub struct Curve {
    /// The path.
    pub path: String,
    /// The middle of the curve.
    pub middle: (f32, f32),
}

/// Finds a place for each state and each edge.
pub fn layout(chart: &'static Chart, room: f32) -> ChartPicture {
    let columns = chart.states.iter().map(|s| s.at.0).max().map_or(1.0, |c| f32::from(c) + 1.0);
    let rows = chart.states.iter().map(|s| s.at.1).max().map_or(1.0, |r| f32::from(r) + 1.0);
    let (column, row) = (room / columns, ROW_PX);
    let boxes: Vec<StateBox> = chart
        .states
        .iter()
        .map(|state| StateBox {
            x: (f32::from(state.at.0) + 0.5) * column,
            y: (f32::from(state.at.1) + 0.5) * row,
            width: (width(state.name, NAME_PX, Face::Bold) + 18.0).min(column - 8.0).max(36.0),
        })
        .collect();
    let curves = chart
        .edges
        .iter()
        .enumerate()
        .map(|(at, edge)| match (boxes.get(edge.from), boxes.get(edge.to)) {
            (Some(from), Some(_)) if edge.from == edge.to => own(from),
            (Some(from), Some(to)) => bent(from, to, twins(chart, at)),
            _ => Curve { path: String::new(), middle: (0.0, 0.0) },
        })
        .collect();
    ChartPicture { boxes, curves, width: room, height: rows * row }
}

/// How many edges before this one join the same two states the same way.
fn twins(chart: &Chart, at: usize) -> usize {
    let Some(edge) = chart.edges.get(at) else { return 0 };
    chart.edges.iter().take(at).filter(|e| e.from == edge.from && e.to == edge.to).count()
}

/// A loop from a state to itself, over its upper edge.
fn own(from: &StateBox) -> Curve {
    let top = from.y - BOX_PX / 2.0;
    let path = format!("M{:.1} {top:.1}c-6 -22 22 -22 16 -1", from.x - 8.0);
    Curve { path, middle: (from.x, top - 16.0) }
}

/// A curve from the edge of one box to the edge of another, bent to the right of its direction so
/// that the way back does not lie on the way there.
fn bent(from: &StateBox, to: &StateBox, twin: usize) -> Curve {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx.hypot(dy).max(1.0);
    let bend = BEND_PX + twin as f32 * 14.0;
    let control =
        ((from.x + to.x) / 2.0 - dy / length * bend, (from.y + to.y) / 2.0 + dx / length * bend);
    let start = border(from, control);
    let end = border(to, control);
    let middle =
        ((start.0 + 2.0 * control.0 + end.0) / 4.0, (start.1 + 2.0 * control.1 + end.1) / 4.0);
    let path = format!(
        "M{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}",
        start.0, start.1, control.0, control.1, end.0, end.1
    );
    Curve { path, middle }
}

/// The point at which the line from a box's middle towards a point leaves the box.
fn border(of: &StateBox, towards: (f32, f32)) -> (f32, f32) {
    let (dx, dy) = (towards.0 - of.x, towards.1 - of.y);
    let across = if dx.abs() < 0.01 { f32::MAX } else { (of.width / 2.0 + 2.0) / dx.abs() };
    let along = if dy.abs() < 0.01 { f32::MAX } else { (BOX_PX / 2.0 + 2.0) / dy.abs() };
    let share = across.min(along).min(1.0);
    (of.x + dx * share, of.y + dy * share)
}

/// The height of a state's box.
pub const BOX_PX: f32 = 26.0;
/// The height of a row of the chart's grid.
const ROW_PX: f32 = 62.0;
/// The size of a state's name.
pub const NAME_PX: f32 = 11.5;
const BEND_PX: f32 = 12.0;
