//! Labels that never overlap: each asks for its places in turn and takes the first that is free.

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
        for band in bands(&rect) {
            if self.bands.len() <= band {
                self.bands.resize_with(band + 1, Vec::new);
            }
            if let Some(taken) = self.bands.get_mut(band) {
                taken.push(rect);
            }
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
        let run = (self.right.0 - self.left.0).max(1.0);
        ((self.right.1 - self.left.1) / run).abs() * wide / 2.0
    }

    fn at(&self, share: f32) -> (f32, f32) {
        let (x, y) = self.left;
        (x + (self.right.0 - x) * share, y + (self.right.1 - y) * share)
    }
}

/// The first free place for a label just above a line, the full text before a shorter one; none
/// where even the shortest would cover another. What it takes is marked as taken.
pub fn along(line: Line, title: &str, detail: &str, taken: &mut Taken) -> Option<Label> {
    let room = line.right.0 - line.left.0 - 2.0 * MARGIN_PX;
    for (title, detail) in wordings(title, detail, room) {
        let wide = text_width(&title, &detail);
        let lift = LIFT_PX + line.rise(wide).min(MOST_RISE_PX);
        for share in SHARES {
            let (x, y) = line.at(share);
            let x = x.clamp(
                line.left.0 + MARGIN_PX + wide / 2.0,
                (line.right.0 - MARGIN_PX - wide / 2.0).max(line.left.0 + MARGIN_PX + wide / 2.0),
            );
            let rect = Rect {
                left: x - wide / 2.0,
                top: y - lift - ASCENT_PX,
                width: wide,
                height: HEIGHT_PX,
            };
            if taken.is_free(&rect) {
                taken.take(rect);
                return Some(Label { title, detail, x, y: y - lift, rect });
            }
        }
    }
    None
}

/// How wide a label is, in pixels.
pub fn text_width(title: &str, detail: &str) -> f32 {
    let gap = if detail.is_empty() { 0.0 } else { SPACE_PX };
    width(title, TITLE_PX, Face::Bold) + gap + width(detail, DETAIL_PX, Face::Sans)
}

/// The ways to word a label, from the longest that fits to the shortest that says something.
fn wordings(title: &str, detail: &str, room: f32) -> Vec<(String, String)> {
    let mut ways = Vec::new();
    if !detail.is_empty() {
        if text_width(title, detail) <= room {
            ways.push((title.to_string(), detail.to_string()));
        } else {
            let rest = room - text_width(title, "") - SPACE_PX;
            if let Some(cut) = shortened(detail, DETAIL_PX, Face::Sans, rest) {
                ways.push((title.to_string(), cut));
            }
        }
    }
    ways.extend(shortened(title, TITLE_PX, Face::Bold, room).map(|cut| (cut, String::new())));
    ways.extend(
        shortened(title, TITLE_PX, Face::Bold, SHORT_PX.min(room)).map(|cut| (cut, String::new())),
    );
    ways.dedup();
    ways
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
                along(Line { left, right }, &format!("GET /object-{n}.png"), "HTTP/1.1", &mut taken)
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
    fn no_label_reaches_beyond_its_lane() {
        for label in crowd() {
            assert!(label.rect.left >= 120.0 && label.rect.left + label.rect.width <= 640.0);
        }
    }

    #[test]
    fn a_narrow_lane_shortens_the_label_and_a_hopeless_one_drops_it() {
        let mut taken = Taken::default();
        let line = Line { left: (40.0, 50.0), right: (150.0, 60.0) };
        let label = along(line, "GET /index.html", "HTTP/1.1", &mut taken).expect("it fits");
        assert!(label.detail.is_empty() && label.title.ends_with('…'), "{label:?}");
        let line = Line { left: (40.0, 50.0), right: (70.0, 60.0) };
        assert_eq!(along(line, "GET /index.html", "", &mut Taken::default()), None);
    }
}
