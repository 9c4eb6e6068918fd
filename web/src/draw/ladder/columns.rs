//! Where the lifelines stand, and how wide the picture must be for that.

use super::layout::Room;
use super::sketch::Sketch;

/// The room, as wide as it must be for lifelines to stand apart: the ladder then scrolls sideways.
pub fn wide_enough(sketch: &Sketch, room: &Room) -> Room {
    let lanes = lanes(sketch, room);
    let mut width = room.width;
    // A narrow picture that has to grow may get the margins of a wide one, and so grow once more.
    for _ in 0..2 {
        let (left, right) = margins(width, lanes);
        let least = if width < NARROW_PX { NARROW_STEP_PX } else { STEP_PX };
        width = width.max(left + right + least * lanes);
    }
    Room { width, ..room.clone() }
}

/// The middle of each lifeline, by its index; none for hidden ones.
pub fn columns(sketch: &Sketch, room: &Room) -> Vec<Option<f32>> {
    let lanes = lanes(sketch, room);
    let (margin, right) = margins(room.width, lanes);
    let step = (room.width - margin - right) / lanes;
    let mut columns = vec![None; sketch.lines.len()];
    let shown = sketch.left_to_right().filter(|line| !room.hidden_lines.contains(line));
    for (place, line) in shown.enumerate() {
        if let Some(column) = columns.get_mut(line) {
            *column = Some(margin + step * place as f32);
        }
    }
    columns
}

/// How many lanes there are between the lifelines that are shown; one at least.
fn lanes(sketch: &Sketch, room: &Room) -> f32 {
    let shown = sketch.lines.len() - room.hidden_lines.len().min(sketch.lines.len());
    (shown.max(2) - 1) as f32
}

/// From the picture's sides to the outer lifelines. On the right there is also the now-line's tag.
/// Where lanes would be narrow for it, the labels in them need the room more than the sides do.
fn margins(width: f32, lanes: f32) -> (f32, f32) {
    if width < NARROW_PX {
        return (NARROW_MARGIN_PX, NARROW_MARGIN_PX);
    }
    let is_wide = width - 2.0 * MARGIN_PX - TAG_PX >= WIDE_STEP_PX * lanes;
    let side = if is_wide { MARGIN_PX } else { SMALL_MARGIN_PX };
    (side, side + TAG_PX)
}

/// Narrower pictures have the smaller margin.
pub const NARROW_PX: f32 = 520.0;
/// The now-line's tag takes this much at the right.
pub const TAG_PX: f32 = 84.0;
/// From the picture's sides to the outer lifelines: room for state names.
const MARGIN_PX: f32 = 104.0;
const NARROW_MARGIN_PX: f32 = 54.0;
const SMALL_MARGIN_PX: f32 = 76.0;
/// In lanes as wide as this most labels stand in one line.
const WIDE_STEP_PX: f32 = 210.0;
/// Lifelines stand at least this far from one another, so that host names can be read. Labels that
/// are longer run over the next lane.
const STEP_PX: f32 = 88.0;
const NARROW_STEP_PX: f32 = 84.0;
