//! Which nodes have their names written beside them, and where.

use super::{Camera, Point, point};
use crate::draw::metrics::{Face, width};

/// Whose name it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Whose {
    /// The node's that runs at this host.
    Host(u32),
    /// The key's that a lookup looks for.
    Key,
}

/// A name that is to be written.
#[derive(Clone, PartialEq, Debug)]
pub struct Wanted {
    /// Whose it is.
    pub whose: Whose,
    /// The text.
    pub text: String,
    /// Beside which place of the circle.
    pub turn: f64,
    /// So far out from it, in pixels.
    pub out_px: f64,
    /// Whether it may stand elsewhere if there is no room: farther out, behind the names of its
    /// neighbours, or beside the stroke that it would stand behind.
    pub may_move: bool,
    /// Whether it rather stands upon what keys are drawn with than nowhere.
    pub must: bool,
}

/// What names do not stand upon. Strokes go from one place in pixels to another.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Busy {
    /// Nodes, and the key that is looked for.
    pub nodes: Vec<(Point, Point)>,
    /// How many keys nodes hold. Names that must be written may stand upon them.
    pub loads: Vec<(Point, Point)>,
    /// Buttons.
    pub buttons: Option<Room>,
}

/// A name that found room.
#[derive(Clone, PartialEq, Debug)]
pub struct Name {
    /// Whose it is.
    pub whose: Whose,
    /// The text.
    pub text: String,
    /// The left end of its base line, in pixels.
    pub at: Point,
    /// Left, top, right and bottom of the room that it takes.
    pub room: Room,
    /// Whether it may stand upon strokes, and needs a rim.
    pub upon: bool,
}

/// Left, top, right and bottom, in pixels.
pub type Room = [f64; 4];

impl Name {
    /// The middle of its base line.
    pub fn middle(&self) -> Point {
        ((self.room[0] + self.room[2]) / 2.0, self.at.1)
    }
}

/// Finds room for names, the earlier ones first.
pub fn names(wanted: impl Iterator<Item = Wanted>, camera: &Camera, busy: &Busy) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    for wanted in wanted.take(MOST_TRIED) {
        let free = |name: &Name| {
            let [left, top, right, bottom] = name.room;
            let inside =
                left >= 0.0 && top >= 0.0 && right <= camera.size.0 && bottom <= camera.size.1;
            let mut others = names.iter().map(|other| other.room).chain(busy.buttons);
            let loads = busy.loads.iter().filter(|_| !name.upon);
            inside
                && others.all(|other| !overlap(name.room, other))
                && busy.nodes.iter().chain(loads).all(|stroke| !crosses(*stroke, name.room))
        };
        let tried = PLACES.get(..if wanted.may_move { PLACES.len() } else { 1 });
        let placed = |place: &(f64, f64)| placed(&wanted, camera, *place);
        let mut found = tried.into_iter().flatten().map(placed).find(free);
        if found.is_none() && wanted.must {
            found = PLACES.iter().map(|place| upon(placed(place), camera.size.0)).find(free);
        }
        names.extend(found);
        if names.len() >= MOST_NAMES {
            break;
        }
    }
    names
}

/// A name moved into the picture, if that is not far, and upon strokes for keys.
fn upon(name: Name, wide: f64) -> Name {
    let [left, top, right, bottom] = name.room;
    let aside = (-left).max(0.0) - (right - wide).max(0.0);
    let aside = aside.clamp(-MOST_ASIDE_PX, MOST_ASIDE_PX);
    let at = (name.at.0 + aside, name.at.1);
    Name { at, room: [left + aside, top, right + aside, bottom], upon: true, ..name }
}

/// A name so much farther out from the circle than it should be, and to one side or the other.
fn placed(wanted: &Wanted, camera: &Camera, (farther, aside): (f64, f64)) -> Name {
    let wide = f64::from(width(&wanted.text, SIZE_PX as f32, Face::Bold));
    let (dx, dy) = point(wanted.turn, 1.0);
    let (x, y) = camera.project((dx, dy));
    // Where the circle is steep, a corner of the name is nearer to it than the middle of a side.
    let corner = (dx.abs() - dx * dx) * wide / 2.0 + (dy.abs() - dy * dy) * SIZE_PX * 0.4;
    let out = wanted.out_px + farther + corner * OFF_CORNER;
    let (x, y) = (x - dy * aside * (wide / 2.0 + ASIDE_PX), y + dx * aside * (SIZE_PX + GAP_PX));
    let left = x + dx * out + (dx - 1.0) / 2.0 * wide;
    let base = y + dy * out + SIZE_PX * 0.36 + dy * SIZE_PX * 0.4;
    let room = [left - GAP_PX, base - SIZE_PX, left + wide + GAP_PX, base + GAP_PX];
    let (whose, text) = (wanted.whose, wanted.text.clone());
    Name { whose, text, at: (left, base), room, upon: false }
}

/// Whether two rooms share a place.
fn overlap(one: Room, other: Room) -> bool {
    one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3]
}

/// Whether a stroke has a point in a room.
fn crosses(((x, y), (to_x, to_y)): (Point, Point), room: Room) -> bool {
    let at = |share: f64| (x + (to_x - x) * share, y + (to_y - y) * share);
    let within = |(x, y): Point| room[0] < x && x < room[2] && room[1] < y && y < room[3];
    (0..=STROKE_POINTS).any(|step| within(at(f64::from(step) / f64::from(STROKE_POINTS))))
}

/// The size of names.
pub const SIZE_PX: f64 = 12.0;
/// Between two names there is at least this much.
const GAP_PX: f64 = 3.0;
/// Where names stand, and where else if they may: so much farther out, and to which side.
const PLACES: [(f64, f64); 7] =
    [(0.0, 0.0), (9.0, 0.0), (17.0, 0.0), (-14.0, 1.0), (-14.0, -1.0), (-22.0, 1.0), (-22.0, -1.0)];
/// Aside, a name keeps this far from the line through the node.
const ASIDE_PX: f64 = 9.0;
/// What must be written is moved into the picture by no more than this.
const MOST_ASIDE_PX: f64 = 24.0;
/// So much of what a corner would be nearer is made up for.
const OFF_CORNER: f64 = 0.75;
/// Strokes are short: so many points of each are nowhere farther apart than a letter is high.
const STROKE_POINTS: u32 = 6;
/// More names than this say nothing.
const MOST_NAMES: usize = 90;
/// So many are tried at the most.
const MOST_TRIED: usize = 400;
