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

    /// Says that a line runs there. A label may cross it, but rather stands where it crosses few.
    pub fn draw(&mut self, line: Line) {
        put(&mut self.shafts, bands(&line.within()), line);
    }

    /// How many lines run through a place, of those that begin no later than a line of that height:
    /// what comes later must not push a label about that is drawn already.
    fn crossings(&self, rect: &Rect, from: f32) -> usize {
        let shafts = bands(rect).filter_map(|band| self.shafts.get(band)).flatten();
        shafts.filter(|line| line.within().top <= from && line.crosses(rect)).count()
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
    /// How much the line rises over half of a text of this width: so much higher the text stands.
    fn rise(&self, wide: f32) -> f32 {
        self.slope().abs() * wide / 2.0
    }

    fn slope(&self) -> f32 {
        (self.right.1 - self.left.1) / (self.right.0 - self.left.0).max(1.0)
    }

    fn at(&self, share: f32) -> (f32, f32) {
        let (x, y) = self.left;
        (x + (self.right.0 - x) * share, y + (self.right.1 - y) * share)
    }

    /// The rectangle whose corners the ends are.
    fn within(&self) -> Rect {
        let (top, bottom) = (self.left.1.min(self.right.1), self.left.1.max(self.right.1));
        let width = self.right.0 - self.left.0;
        Rect { left: self.left.0, top, width, height: bottom - top }
    }

    /// Whether it runs through a rectangle.
    fn crosses(&self, rect: &Rect) -> bool {
        let from = rect.left.max(self.left.0);
        let to = (rect.left + rect.width).min(self.right.0);
        let y = |x: f32| self.left.1 + (x - self.left.0) * self.slope();
        let (one, other) = (y(from), y(to));
        from < to && one.min(other) < rect.top + rect.height && one.max(other) > rect.top
    }
}

/// The first free place for a label just above a line, the full text before a shorter one; none
/// where even the shortest would cover another. A text that is too long for the line runs over the
/// lanes beside it, between the sides of the picture. What it takes is marked as taken.
pub fn along(
    line: Line,
    words: (&str, &str),
    sides: Range<f32>,
    taken: &mut Taken,
) -> Option<Label> {
    let (title, detail) = words;
    let lane = line.right.0 - line.left.0 - 2.0 * MARGIN_PX;
    let fits = fitting(title, detail, lane);
    let found = fits.iter().find_map(|(title, detail)| inside(line, title, detail, taken));
    if found.is_some() {
        return found;
    }
    if fits.is_empty() {
        let room = MOST_OVER_PX.min(sides.end - sides.start);
        let first = detail.split(", ").next().unwrap_or_default();
        let mut wide = fitting(title, first, room);
        wide.extend(
            by_word(title, room)
                .into_iter()
                .filter(|_| lane < room)
                .map(|cut| (cut, String::new())),
        );
        let found =
            wide.iter().find_map(|(title, detail)| across(line, (title, detail), &sides, taken));
        if found.is_some() {
            return found;
        }
    }
    let mut cuts: Vec<String> =
        [lane, SHORT_PX.min(lane)].into_iter().filter_map(|room| by_word(title, room)).collect();
    cuts.dedup();
    cuts.iter().find_map(|cut| inside(line, cut, "", taken))
}

/// The first free place between the line's ends.
fn inside(line: Line, title: &str, detail: &str, taken: &mut Taken) -> Option<Label> {
    let wide = text_width(title, detail);
    let least = line.left.0 + MARGIN_PX + wide / 2.0;
    let most = (line.right.0 - MARGIN_PX - wide / 2.0).max(least);
    let places = SHARES.into_iter().map(|share| {
        let (x, y) = line.at(share);
        (x.clamp(least, most), y - LIFT_PX - line.rise(wide).min(MOST_RISE_PX))
    });
    let label = places.map(|place| label(title, detail, place)).find(|l| taken.is_free(&l.rect))?;
    taken.take(label.rect);
    Some(label)
}

/// The free place above the middle of a line, and beyond its ends, that crosses the fewest lines.
fn across(
    line: Line,
    (title, detail): (&str, &str),
    sides: &Range<f32>,
    taken: &mut Taken,
) -> Option<Label> {
    let wide = text_width(title, detail);
    let least = sides.start + wide / 2.0;
    let most = sides.end - wide / 2.0;
    if least > most {
        return None;
    }
    let (middle, y) = line.at(0.5);
    let reach = (line.right.0 - line.left.0) / 2.0;
    let over = wide / 2.0 - reach;
    let shifts =
        [0.0, over + MARGIN_PX, -over - MARGIN_PX, over + reach / 2.0, -over - reach / 2.0];
    let lift = LIFT_PX + line.rise(2.0 * reach).min(MOST_RISE_PX);
    let free = shifts.into_iter().flat_map(|shift| {
        let x = (middle + shift).clamp(least, most);
        [0.0, 8.0].map(|up| label(title, detail, (x, y - lift + up)))
    });
    let label = free
        .filter(|label| taken.is_free(&label.rect))
        .min_by_key(|label| taken.crossings(&label.rect, line.within().top))?;
    taken.take(label.rect);
    Some(label)
}

fn label(title: &str, detail: &str, (x, y): (f32, f32)) -> Label {
    let width = text_width(title, detail);
    let rect = Rect { left: x - width / 2.0, top: y - ASCENT_PX, width, height: HEIGHT_PX };
    Label { title: title.to_string(), detail: detail.to_string(), x, y, rect }
}

/// How wide a label is, in pixels.
pub fn text_width(title: &str, detail: &str) -> f32 {
    let gap = if detail.is_empty() { 0.0 } else { SPACE_PX };
    width(title, TITLE_PX, Face::Bold) + gap + width(detail, DETAIL_PX, Face::Sans)
}

/// The ways to word a label that fit and cut nothing in the middle: all of the detail, as many of
/// its parts as there is room for, none of it.
fn fitting(title: &str, detail: &str, room: f32) -> Vec<(String, String)> {
    let ends = detail.match_indices(", ").map(|(at, _)| at).chain([detail.len()]);
    let mut parts: Vec<&str> = ends.filter_map(|end| detail.get(..end)).collect();
    parts.reverse();
    parts.push("");
    parts.dedup();
    parts.retain(|part| text_width(title, part) <= room);
    parts.into_iter().map(|part| (title.to_string(), part.to_string())).collect()
}

/// The title cut to a width, behind a word where that does not cost much.
fn by_word(title: &str, room: f32) -> Option<String> {
    let cut = shortened(title, TITLE_PX, Face::Bold, room)?;
    let kept = cut.strip_suffix('…').unwrap_or(&cut);
    let whole = title.get(kept.len()..).is_none_or(|rest| rest.is_empty() || rest.starts_with(' '));
    match kept.rfind(' ').and_then(|at| kept.get(..at)) {
        Some(words) if !whole && 2 * words.len() > kept.len() => Some(format!("{words}…")),
        Some(_) | None => Some(cut),
    }
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
/// On a steep line the text may touch it rather than stand far off.
const MOST_RISE_PX: f32 = 12.0;
/// From the base line up to the tallest letter.
const ASCENT_PX: f32 = 11.0;
/// The height of a line of text.
pub const HEIGHT_PX: f32 = 15.0;
/// Labels keep this far from the lifelines.
const MARGIN_PX: f32 = 12.0;
/// A text that runs over other lanes is no wider than this.
const MOST_OVER_PX: f32 = 250.0;
/// A last wording is cut to this.
const SHORT_PX: f32 = 64.0;
const BAND_PX: f32 = 64.0;
/// Places along a line, from the best to the worst.
const SHARES: [f32; 9] = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9];

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
