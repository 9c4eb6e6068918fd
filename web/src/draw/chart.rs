//! A machine's chart as geometry: boxes on the grid that the chart names, and bent arrows.
//!
//! A state that nearly every other can move to would make a tangle of arrows. It is drawn with the
//! words "from any state" instead, as state charts on paper have it.

use std::collections::{BTreeMap, BTreeSet};

use protocols::wire::Chart;

use super::metrics::{Face, width};

/// A chart with a place for everything.
#[derive(Clone, PartialEq, Debug)]
pub struct ChartPicture {
    /// One box for each state, in the chart's order.
    pub boxes: Vec<StateBox>,
    /// One curve for each two states that moves of their own join.
    pub curves: Vec<Curve>,
    /// The picture's width in pixels.
    pub width: f32,
    /// The picture's height in pixels.
    pub height: f32,
}

/// A state's box, by its middle.
#[derive(Clone, PartialEq, Debug)]
pub struct StateBox {
    /// The middle, from the left.
    pub x: f32,
    /// The middle, from the top.
    pub y: f32,
    /// How wide.
    pub width: f32,
    /// How high.
    pub height: f32,
    /// The moves that lead here from nearly everywhere, where there are such.
    pub anywhere: Option<Anywhere>,
}

/// Moves to one state from nearly all others, said in words instead of drawn.
#[derive(Clone, PartialEq, Debug)]
pub struct Anywhere {
    /// The moves, by their indices in the chart.
    pub edges: Vec<usize>,
    /// From where, in words.
    pub says: &'static str,
}

/// Moves from one state to another as SVG path data.
#[derive(Clone, PartialEq, Debug)]
pub struct Curve {
    /// The moves, by their indices in the chart.
    pub edges: Vec<usize>,
    /// The path.
    pub path: String,
}

/// Finds a place for each state and each edge.
pub fn layout(chart: &'static Chart, room: f32) -> ChartPicture {
    let rows = chart.states.iter().map(|s| s.at.1).max().map_or(1.0, |r| f32::from(r) + 1.0);
    let common = common(chart);
    let mut boxes: Vec<StateBox> = chart
        .states
        .iter()
        .enumerate()
        .map(|(at, state)| {
            let anywhere = common.get(&at).map(|edges| anywhere(chart, at, edges));
            let words = anywhere.as_ref().map_or("", |anywhere| anywhere.says);
            let name =
                width(state.name, NAME_PX, Face::Bold).max(width(words, FROM_PX, Face::Sans));
            let height = if anywhere.is_some() { TALL_BOX_PX } else { BOX_PX };
            let y = (f32::from(state.at.1) + 0.5) * ROW_PX;
            StateBox { x: 0.0, y, width: name + PAD_PX, height, anywhere }
        })
        .collect();
    spread(chart, &mut boxes, room);
    let height = rows * ROW_PX;
    let curves = drawn(chart, &common)
        .into_iter()
        .filter_map(|((from, to), edges)| {
            let (one, other) = (boxes.get(from)?, boxes.get(to)?);
            let path = if from == to { own(one) } else { bent(one, other, &boxes, (room, height)) };
            Some(Curve { edges, path })
        })
        .collect();
    ChartPicture { boxes, curves, width: room, height }
}

/// Puts each box into the middle of its column, and shares the room among the columns: each gets
/// what its widest box needs, and the same of what is left.
fn spread(chart: &Chart, boxes: &mut [StateBox], room: f32) {
    let mut needs: Vec<f32> = Vec::new();
    for (state, place) in chart.states.iter().zip(boxes.iter()) {
        let column = usize::from(state.at.0);
        needs.resize(needs.len().max(column + 1), 0.0);
        if let Some(need) = needs.get_mut(column) {
            *need = need.max(place.width);
        }
    }
    let rest = (room - needs.iter().sum::<f32>()) / needs.len().max(1) as f32;
    for (state, place) in chart.states.iter().zip(boxes) {
        let column = usize::from(state.at.0);
        let before: f32 = needs.iter().take(column).map(|need| need + rest).sum();
        let own = needs.get(column).copied().unwrap_or_default() + rest;
        place.x = before + own / 2.0;
        place.width = place.width.min(own - 2.0);
    }
}

/// The moves to each state that nearly all others can move to.
fn common(chart: &Chart) -> BTreeMap<usize, Vec<usize>> {
    let mut into: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, edge) in chart.edges.iter().enumerate().filter(|(_, edge)| edge.from != edge.to) {
        into.entry(edge.to).or_default().push(at);
    }
    let others = chart.states.len().saturating_sub(1);
    into.retain(|_, edges| {
        let from = sources(chart, edges).len();
        from >= FEWEST_SOURCES && 2 * from > others
    });
    into
}

fn sources(chart: &Chart, edges: &[usize]) -> BTreeSet<usize> {
    edges.iter().filter_map(|at| chart.edges.get(*at)).map(|edge| edge.from).collect()
}

fn anywhere(chart: &Chart, to: usize, edges: &[usize]) -> Anywhere {
    let from = sources(chart, edges);
    let leaving: BTreeSet<usize> = chart.edges.iter().map(|edge| edge.from).collect();
    let all = leaving.iter().all(|state| *state == to || from.contains(state));
    let says = if all { "from any state" } else { "from most states" };
    Anywhere { edges: edges.to_vec(), says }
}

/// The moves that are drawn, by the two states that they join. Of a state from which only such
/// moves lead as are said in words, the first is drawn all the same: it is the way on.
fn drawn(
    chart: &Chart,
    common: &BTreeMap<usize, Vec<usize>>,
) -> BTreeMap<(usize, usize), Vec<usize>> {
    let mut pairs: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (at, edge) in chart.edges.iter().enumerate() {
        let away =
            |other: &&protocols::wire::Edge| other.from == edge.from && other.to != edge.from;
        let mut ways = chart.edges.iter().filter(away).peekable();
        let first = ways.peek().is_some_and(|first| std::ptr::eq(*first, edge));
        let only_way = first && ways.all(|way| common.contains_key(&way.to));
        if !common.contains_key(&edge.to) || edge.from == edge.to || only_way {
            pairs.entry((edge.from, edge.to)).or_default().push(at);
        }
    }
    pairs
}

/// A loop from a state to itself, over its upper edge.
fn own(from: &StateBox) -> String {
    let top = from.y - from.height / 2.0;
    format!("M{:.1} {top:.1}c-6 -22 22 -22 16 -1", from.x - 8.0)
}

/// A curve from the edge of one box to the edge of another, bent to the right of its direction so
/// that the way back does not lie on the way there, and as far as it must to pass other boxes by.
fn bent(from: &StateBox, to: &StateBox, boxes: &[StateBox], room: (f32, f32)) -> String {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx.hypot(dy).max(1.0);
    let curve = |bend: f32| {
        let middle = ((from.x + to.x) / 2.0, (from.y + to.y) / 2.0);
        let control = (middle.0 - dy / length * bend, middle.1 + dx / length * bend);
        [border(from, control), control, border(to, control)]
    };
    let clear = |curve: &[(f32, f32); 3]| {
        (1..STEPS).map(|step| on(curve, step as f32 / STEPS as f32)).all(|point| {
            let others = boxes.iter().filter(|b| **b != *from && **b != *to);
            let inside =
                point.0 > 2.0 && point.0 < room.0 - 2.0 && point.1 > 2.0 && point.1 < room.1;
            inside && others.into_iter().all(|other| !other.holds(point))
        })
    };
    let free = BENDS_PX.into_iter().map(curve).find(clear);
    let [start, control, end] = free.unwrap_or_else(|| curve(BENDS_PX[0]));
    format!(
        "M{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}",
        start.0, start.1, control.0, control.1, end.0, end.1
    )
}

/// A point on a quadratic curve, at this share of its way.
fn on([start, control, end]: &[(f32, f32); 3], share: f32) -> (f32, f32) {
    let (a, b, c) = ((1.0 - share).powi(2), 2.0 * share * (1.0 - share), share.powi(2));
    (a * start.0 + b * control.0 + c * end.0, a * start.1 + b * control.1 + c * end.1)
}

impl StateBox {
    /// Whether a point is in the box or touches it.
    fn holds(&self, (x, y): (f32, f32)) -> bool {
        (x - self.x).abs() < self.width / 2.0 + NEAR_PX
            && (y - self.y).abs() < self.height / 2.0 + NEAR_PX
    }
}

/// The point at which the line from a box's middle towards a point leaves the box.
fn border(of: &StateBox, towards: (f32, f32)) -> (f32, f32) {
    let (dx, dy) = (towards.0 - of.x, towards.1 - of.y);
    let across = if dx.abs() < 0.01 { f32::MAX } else { (of.width / 2.0 + 2.0) / dx.abs() };
    let along = if dy.abs() < 0.01 { f32::MAX } else { (of.height / 2.0 + 2.0) / dy.abs() };
    let share = across.min(along).min(1.0);
    (of.x + dx * share, of.y + dy * share)
}

/// The height of a state's box, and of one that says from where it is reached.
const BOX_PX: f32 = 26.0;
const TALL_BOX_PX: f32 = 38.0;
/// A box is wider than its text by this.
const PAD_PX: f32 = 12.0;
/// The height of a row of the chart's grid.
const ROW_PX: f32 = 64.0;
/// The size of a state's name.
const NAME_PX: f32 = 11.5;
/// The size of the words that say from where a state is reached.
const FROM_PX: f32 = 10.0;
/// How far a curve may be bent, from the best to the worst.
const BENDS_PX: [f32; 11] = [12.0, 24.0, 38.0, 54.0, -24.0, -38.0, -54.0, 72.0, -72.0, 90.0, -90.0];
/// A curve keeps so far from the boxes that it passes.
const NEAR_PX: f32 = 3.0;
/// A curve is looked at in so many places.
const STEPS: u8 = 24;
/// What fewer states lead to is no tangle.
const FEWEST_SOURCES: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;
    use protocols::{http, pop3, smtp};

    fn charts() -> [&'static Chart; 6] {
        [
            &http::machine::CLIENT,
            &http::machine::SERVER,
            &smtp::machine::CLIENT,
            &smtp::machine::SERVER,
            &pop3::machine::CLIENT,
            &pop3::machine::SERVER,
        ]
    }

    #[test]
    fn every_move_of_every_chart_is_drawn_or_said() {
        for chart in charts() {
            let picture = layout(chart, 380.0);
            let drawn = picture.curves.iter().flat_map(|curve| &curve.edges);
            let said = picture.boxes.iter().filter_map(|b| b.anywhere.as_ref());
            let told: BTreeSet<usize> =
                drawn.chain(said.flat_map(|anywhere| &anywhere.edges)).copied().collect();
            assert_eq!(told.len(), chart.edges.len(), "{}", chart.name);
        }
    }

    #[test]
    fn no_chart_is_a_tangle() {
        for chart in charts() {
            let picture = layout(chart, 380.0);
            let most = 2 * chart.states.len();
            assert!(picture.curves.len() <= most, "{}: {}", chart.name, picture.curves.len());
        }
    }

    #[test]
    fn names_fit_their_boxes_and_no_box_covers_another() {
        for chart in charts() {
            let picture = layout(chart, 380.0);
            for (state, place) in chart.states.iter().zip(&picture.boxes) {
                let name = width(state.name, NAME_PX, Face::Bold);
                assert!(name <= place.width, "{} of {}: {name}", state.name, chart.name);
                let over = picture.boxes.iter().filter(|other| {
                    (other.x - place.x).abs() < (other.width + place.width) / 2.0
                        && (other.y - place.y).abs() < (other.height + place.height) / 2.0
                });
                assert_eq!(over.count(), 1, "{} of {}", state.name, chart.name);
            }
        }
    }
}
