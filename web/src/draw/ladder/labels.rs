//! Labels that never overlap: each asks for its places in turn and takes the first that is free.

use std::ops::Range;

use crate::draw::metrics::{Face, shortened, width};

/// A rectangle on the picture, in pixels.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Rect {
    /// The left edge.
    pub left: f32,
    /// The upper edge.
    pub top: f32,
    /// How wide.
    pub width: f32,
    /// How high.
    pub height: f32,
}

impl Rect {
    /// Whether the two share any point.
    pub fn meets(&self, other: &Rect) -> bool {
        self.left < other.left + other.width
            && other.left < self.left + self.width
            && self.top < other.top + other.height
            && other.top < self.top + self.height
    }
}

/// A label with its place.
#[derive(Clone, PartialEq, Debug)]
pub struct Label {
    /// The bold part.
    pub title: String,
    /// The quiet part; may be empty.
    pub detail: String,
    /// The middle of the text, in pixels from the left.
    pub x: f32,
    /// The base line, in pixels from the top.
    pub y: f32,
    /// What it covers.
    pub rect: Rect,
}

/// What is already taken, sorted into bands so that a place is tried against few others.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    bands: Vec<Vec<Rect>>,
    shafts: Vec<Vec<Line>>,
}

impl Taken {
    /// Whether nothing is there yet.
    pub fn is_free(&self, rect: &Rect) -> bool {
        bands(rect).all(|band| {
            self.bands.get(band).is_none_or(|taken| taken.iter().all(|other| !other.meets(rect)))
        })
    }

    /// Takes a place.
    pub fn take(&mut self, rect: Rect) {
        put(&mut self.bands, bands(&rect), rect);
    }

    /// Says that a line runs there. Words may stand upon it, but rather where they do so upon few.
    pub fn draw(&mut self, line: Line) {
        put(&mut self.shafts, bands(&line.reach()), line);
    }

    /// How much lines run through words that stand there: one for each, and more for a long way.
    /// It counts no further than to `most`.
    pub fn struck(&self, rect: &Rect, most: usize) -> usize {
        let mut struck = 0;
        for line in self.shafts.get(*bands(rect).start()).into_iter().flatten() {
            let way = line.way_through(rect);
            if way > 0.0 {
                struck += 1 + (way / LONG_WAY_PX) as usize;
            }
            if struck >= most {
                break;
            }
        }
        struck
    }
}

fn put<T: Copy>(bands: &mut Vec<Vec<T>>, at: std::ops::RangeInclusive<usize>, what: T) {
    if bands.len() <= *at.end() {
        bands.resize_with(*at.end() + 1, Vec::new);
    }
    for band in at {
        if let Some(there) = bands.get_mut(band) {
            there.push(what);
        }
    }
}

/// Where a label may go: along a line, or to one side of a point.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Line {
    /// One end, the left one.
    pub left: (f32, f32),
    /// The other end.
    pub right: (f32, f32),
}

impl Line {
    fn slope(&self) -> f32 {
        (self.right.1 - self.left.1) / (self.right.0 - self.left.0).max(1.0)
    }

    /// How high it is there, or at the end that is nearer.
    fn y(&self, x: f32) -> f32 {
        self.left.1 + (x.clamp(self.left.0, self.right.0) - self.left.0) * self.slope()
    }

    /// Where words begin that it may run through, so far as their height goes.
    fn reach(&self) -> Rect {
        let top = self.left.1.min(self.right.1) - HEIGHT_PX;
        let height = (self.left.1 - self.right.1).abs() + HEIGHT_PX;
        Rect { left: self.left.0, top, width: self.right.0 - self.left.0, height }
    }

    /// How far it runs through the letters of such words, from left to right.
    fn way_through(&self, rect: &Rect) -> f32 {
        let (top, bottom) = (rect.top + RIM_PX, rect.top + rect.height - RIM_PX);
        let ((_, left), (_, right)) = (self.left, self.right);
        if left.max(right) < top || left.min(right) > bottom {
            return 0.0;
        }
        // Where it is as high as the one and the other.
        let at = |y: f32| self.left.0 + (y - self.left.1) / self.slope();
        let (one, other) = (at(top), at(bottom));
        let from = one.min(other).max(rect.left).max(self.left.0);
        one.max(other).min(rect.left + rect.width).min(self.right.0) - from
    }

    /// The base line of words around this place that stand above all of it there, or where it is
    /// steep upon it, so far above its middle.
    fn above(&self, x: f32, half: f32, most: f32) -> f32 {
        self.y(x - half).min(self.y(x + half)).max(self.y(x) - most) - LIFT_PX
    }
}

/// The place for a label just above a line at which the fewest lines run through it: the full text
/// before a shorter one, the middle before the ends; none where even the shortest would cover
/// another. A text that is too long for the line runs over the lanes beside it, between the sides
/// of the picture. What it takes is marked as taken.
pub fn along(
    line: Line,
    (title, detail): (&str, &str),
    sides: Range<f32>,
    taken: &mut Taken,
) -> Option<Label> {
    let lane = line.right.0 - line.left.0 - 2.0 * MARGIN_PX;
    let room = MOST_OVER_PX.min(sides.end - sides.start);
    let mut wordings = fitting(title, detail, lane);
    if wordings.is_empty() && lane < room {
        // Nothing but the title is worth the neighbour's room.
        wordings = fitting(title, "", room);
        wordings.extend(by_word(title, room));
    }
    clearest(line, &wordings, &sides, taken).or_else(|| {
        let cuts = [lane, SHORT_PX.min(lane)].into_iter().filter_map(|room| by_word(title, room));
        clearest(line, &cuts.collect::<Vec<_>>(), &sides, taken)
    })
}

/// Of all places that are free, the first at which lines run through the words the least.
fn clearest(
    line: Line,
    wordings: &[Wording],
    sides: &Range<f32>,
    taken: &mut Taken,
) -> Option<Label> {
    let mut best: Option<Label> = None;
    let mut least = usize::MAX;
    let (middle, reach) = ((line.left.0 + line.right.0) / 2.0, (line.right.0 - line.left.0) / 2.0);
    for (title, detail) in wordings {
        let half = text_width(title, detail) / 2.0;
        // Where there is room it stays in its lane, else it begins or ends above the line.
        let aside = match reach - MARGIN_PX - half {
            free if free >= 0.0 => free,
            _ => half - reach / 2.0,
        };
        for share in SHARES {
            let x = middle + aside * share;
            let x = x.min(sides.end - half).max(sides.start + half);
            let mut last = f32::NAN;
            for rise in RISES_PX {
                let y = line.above(x, half, rise);
                if least == 0 || y == last {
                    break;
                }
                last = y;
                let (left, top) = (x - half, y - ASCENT_PX);
                let rect = Rect { left, top, width: 2.0 * half, height: HEIGHT_PX };
                let struck = taken.struck(&rect, least);
                if struck < least && taken.is_free(&rect) {
                    let (title, detail) = (title.clone(), detail.clone());
                    (best, least) = (Some(Label { title, detail, x, y, rect }), struck);
                }
            }
        }
    }
    taken.take(best.as_ref()?.rect);
    best
}

/// The bold part and the quiet part.
type Wording = (String, String);

/// How wide a label is, in pixels.
pub fn text_width(title: &str, detail: &str) -> f32 {
    let gap = if detail.is_empty() { 0.0 } else { SPACE_PX };
    width(title, TITLE_PX, Face::Bold) + gap + width(detail, DETAIL_PX, Face::Sans)
}

/// The ways to word a label that fit and cut nothing in the middle: all of the detail, as many of
/// its parts as there is room for, none of it.
fn fitting(title: &str, detail: &str, room: f32) -> Vec<Wording> {
    let ends = detail.match_indices(", ").map(|(at, _)| at).chain([detail.len()]);
    let mut parts: Vec<&str> = ends.filter_map(|end| detail.get(..end)).collect();
    parts.reverse();
    parts.push("");
    parts.dedup();
    parts.retain(|part| text_width(title, part) <= room);
    parts.into_iter().map(|part| (title.to_string(), part.to_string())).collect()
}

/// The title cut to a width, behind a word where that does not cost much.
fn by_word(title: &str, room: f32) -> Option<Wording> {
    let cut = shortened(title, TITLE_PX, Face::Bold, room)?;
    let kept = cut.strip_suffix('…').unwrap_or(&cut);
    let whole = title.get(kept.len()..).is_none_or(|rest| rest.is_empty() || rest.starts_with(' '));
    let words = kept.rfind(' ').and_then(|at| kept.get(..at)).unwrap_or_default();
    let behind_word = !whole && 2 * words.len() > kept.len();
    Some((if behind_word { format!("{words}…") } else { cut }, String::new()))
}

fn bands(rect: &Rect) -> std::ops::RangeInclusive<usize> {
    let band = |y: f32| (y.max(0.0) / BAND_PX) as usize;
    band(rect.top)..=band(rect.top + rect.height)
}

/// The size of the bold part.
pub const TITLE_PX: f32 = 12.5;
/// The size of the quiet part.
pub const DETAIL_PX: f32 = 11.5;
/// Between the two parts.
pub const SPACE_PX: f32 = 6.0;
/// How far above its line the text stands.
const LIFT_PX: f32 = 4.0;
/// On a steep line the text rather stands upon it than farther off than the one or the other.
const RISES_PX: [f32; 3] = [36.0, 12.0, 0.0];
/// Above and below the letters, so much of their line is empty.
const RIM_PX: f32 = 1.5;
/// From the base line up to the tallest letter.
pub const ASCENT_PX: f32 = 11.0;
/// The height of a line of text.
pub const HEIGHT_PX: f32 = 15.0;
/// Labels keep this far from the lifelines.
const MARGIN_PX: f32 = 12.0;
/// A text that runs over other lanes is no wider than this.
const MOST_OVER_PX: f32 = 250.0;
/// A last wording is cut to this.
const SHORT_PX: f32 = 64.0;
const BAND_PX: f32 = 64.0;
/// A line that runs so far through words strikes them out.
const LONG_WAY_PX: f32 = 50.0;
/// Places along a line, from the best to the worst: to the left of its middle and to the right.
const SHARES: [f32; 7] = [0.0, -0.33, 0.33, -0.67, 0.67, -1.0, 1.0];

#[cfg(test)]
mod tests {
    use super::*;

    /// Forty arrows as a pipelining browser would send them: some at the same moment.
    fn crowd() -> Vec<Label> {
        let mut taken = Taken::default();
        (0u16..40)
            .filter_map(|n| {
                let y = 40.0 + f32::from(n / 4) * 13.0;
                let (left, right) = ((120.0, y), (640.0, y + 28.0));
                let title = format!("GET /object-{n}.png");
                along(Line { left, right }, (&title, "HTTP/1.1"), SIDES, &mut taken)
            })
            .collect()
    }

    #[test]
    fn no_two_labels_overlap_however_crowded() {
        let labels = crowd();
        assert!(labels.len() >= 20, "only {} labels found a place", labels.len());
        for (n, one) in labels.iter().enumerate() {
            for other in labels.iter().skip(n + 1) {
                assert!(!one.rect.meets(&other.rect), "{one:?} covers {other:?}");
            }
        }
    }

    #[test]
    fn no_label_reaches_beyond_a_lane_that_has_room_for_it() {
        for label in crowd() {
            assert!(label.rect.left >= 120.0 && label.rect.left + label.rect.width <= 640.0);
        }
    }

    #[test]
    fn a_text_too_long_for_its_lane_runs_over_the_next_one_whole_and_stays_in_the_picture() {
        for left in [10.0, 300.0, 570.0] {
            let line = Line { left: (left, 50.0), right: (left + 100.0, 86.0) };
            let mut taken = Taken::default();
            let words = ("220 mail.a.test ESMTP Wirelab", "");
            let label = along(line, words, SIDES, &mut taken).expect("there is room");
            assert_eq!(label.title, words.0);
            let (from, to) = (label.rect.left, label.rect.left + label.rect.width);
            assert!(from >= SIDES.start && to <= SIDES.end, "{label:?}");
            assert!(from < left + 50.0 && to > left + 50.0, "{label:?} is not above its arrow");
        }
    }

    #[test]
    fn a_long_text_keeps_off_the_lines_of_the_lane_beside_it() {
        let line = Line { left: (300.0, 50.0), right: (400.0, 86.0) };
        let mut taken = Taken::default();
        for y in [30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0] {
            taken.draw(Line { left: (400.0, y), right: (500.0, y) });
        }
        let label = along(line, ("220 mail.a.test ESMTP Wirelab", ""), SIDES, &mut taken);
        let rect = label.expect("there is room").rect;
        assert!(rect.left + rect.width <= 402.0, "{rect:?}");
    }

    #[test]
    fn a_text_too_long_for_any_place_is_cut_behind_a_word() {
        let line = Line { left: (300.0, 50.0), right: (400.0, 86.0) };
        let words = ("+OK POP3 server ready <e3deb39ebaad21f5@mx1.b.test>", "greeting");
        let label = along(line, words, SIDES, &mut Taken::default()).expect("there is room");
        assert_eq!(label.title, "+OK POP3 server ready…");
    }

    #[test]
    fn a_detail_is_cut_between_its_parts_only() {
        let line = Line { left: (100.0, 50.0), right: (300.0, 60.0) };
        let words = ("A? mail.a.test", "id 8713, recursion desired");
        let label = along(line, words, SIDES, &mut Taken::default()).expect("it fits");
        assert_eq!((label.title.as_str(), label.detail.as_str()), ("A? mail.a.test", "id 8713"));
    }

    #[test]
    fn a_narrow_picture_shortens_the_label_and_a_hopeless_one_drops_it() {
        let mut taken = Taken::default();
        let line = Line { left: (40.0, 50.0), right: (150.0, 60.0) };
        let words = ("GET /index.html", "HTTP/1.1");
        let label = along(line, words, 46.0..144.0, &mut taken).expect("it fits");
        assert!(label.detail.is_empty() && label.title.ends_with('…'), "{label:?}");
        let line = Line { left: (40.0, 50.0), right: (70.0, 60.0) };
        assert_eq!(along(line, words, 40.0..70.0, &mut Taken::default()), None);
    }

    const SIDES: Range<f32> = 4.0..696.0;
}
