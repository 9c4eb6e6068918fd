//! The ladder's time axis: where each moment is, with idle time pressed together.

/// A span of time that is drawn shorter than the scale would have it.
#[derive(Clone, PartialEq, Debug)]
pub struct Gap {
    /// Where it begins, in pixels from the top.
    pub top: f32,
    /// How high it is drawn, in pixels.
    pub height: f32,
    /// How much time passes in it, in nanoseconds.
    pub nanos: u64,
}

/// Maps moments (nanoseconds since the run began) to pixels from the top, and back.
#[derive(Clone, PartialEq, Debug)]
pub struct Axis {
    knots: Vec<Knot>,
    gaps: Vec<Gap>,
    px_per_nano: f32,
}

/// A moment whose place is fixed; between two of them the axis is straight.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Knot {
    nanos: u64,
    y: f32,
}

/// What the axis is made for.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Scale {
    /// Pixels that a millisecond takes.
    pub px_per_ms: f32,
    /// Whether spans in which nothing happens are pressed together.
    pub compress: bool,
    /// Where something is in the air, a span is drawn no higher than about this, if they are.
    pub longest_px: f32,
    /// Where the axis begins, in pixels from the top.
    pub top: f32,
}

impl Axis {
    /// The axis over these moments, which need not be sorted.
    ///
    /// If `compress` is set, a span between two neighbours that would be drawn higher than
    /// [`LONGEST_PX`], or during a flight than `longest_px`, is a gap; and each of the flights,
    /// from departure to arrival, is drawn at least [`FLATTEST_PX`] high, for nothing can be read
    /// on a round trip of 4 ms among others of 60 when both are to one scale.
    pub fn new(
        moments: impl IntoIterator<Item = u64>,
        flights: impl IntoIterator<Item = (u64, u64)>,
        scale: Scale,
    ) -> Axis {
        let mut moments: Vec<u64> = moments.into_iter().collect();
        moments.push(0);
        moments.sort_unstable();
        moments.dedup();
        let px_per_nano = scale.px_per_ms / 1e6;
        let mut spans = vec![(1.0f32, LONGEST_PX); moments.len()];
        if scale.compress {
            for (from, to) in flights {
                stretch(&moments, &mut spans, (from, to), &scale);
            }
        }
        let mut axis = Axis { knots: Vec::with_capacity(moments.len()), gaps: vec![], px_per_nano };
        let mut last = Knot { nanos: 0, y: scale.top };
        for (nanos, (factor, longest_px)) in moments.into_iter().zip(spans) {
            let full = (nanos - last.nanos) as f32 * px_per_nano * factor;
            let height =
                if scale.compress { pressed(full, longest_px) } else { full.min(TALLEST_PX) };
            if height < full * GAP_FROM {
                axis.gaps.push(Gap { top: last.y, height, nanos: nanos - last.nanos });
            }
            last = Knot { nanos, y: last.y + height };
            axis.knots.push(last);
        }
        axis
    }

    /// Where a moment is, in pixels from the top. After the last moment the scale goes on.
    pub fn y(&self, nanos: u64) -> f32 {
        let after = self.knots.partition_point(|knot| knot.nanos <= nanos);
        let Some(below) = after.checked_sub(1).and_then(|at| self.knots.get(at)) else {
            return self.knots.first().map_or(0.0, |knot| knot.y);
        };
        match self.knots.get(after) {
            Some(above) => {
                let share = (nanos - below.nanos) as f32 / (above.nanos - below.nanos) as f32;
                below.y + share * (above.y - below.y)
            }
            None => {
                let full = (nanos - below.nanos) as f32 * self.px_per_nano;
                below.y + pressed(full, LONGEST_PX)
            }
        }
    }

    /// The moment at this place, in nanoseconds; the last one for places below the axis.
    pub fn nanos(&self, y: f32) -> u64 {
        let after = self.knots.partition_point(|knot| knot.y <= y);
        let Some(below) = after.checked_sub(1).and_then(|at| self.knots.get(at)) else { return 0 };
        match self.knots.get(after) {
            Some(above) => {
                let share = (y - below.y) / (above.y - below.y);
                below.nanos + (share * (above.nanos - below.nanos) as f32) as u64
            }
            None => below.nanos,
        }
    }

    /// The spans that are drawn shorter than they are.
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// Where the axis ends, in pixels from the top.
    pub fn bottom(&self) -> f32 {
        self.knots.last().map_or(0.0, |knot| knot.y)
    }
}

/// Raises the factors of the spans in a flight that is too flat, and how high they may be.
/// `spans[n]` is the one before `moments[n]`.
fn stretch(moments: &[u64], spans: &mut [(f32, f32)], (from, to): (u64, u64), scale: &Scale) {
    let full = to.saturating_sub(from) as f32 * scale.px_per_ms / 1e6;
    let flat = 0.0 < full && full < FLATTEST_PX;
    let within = moments.partition_point(|m| *m <= from)..moments.partition_point(|m| *m <= to);
    for (factor, longest_px) in spans.get_mut(within).into_iter().flatten() {
        *longest_px = scale.longest_px;
        if flat {
            *factor = factor.max(FLATTEST_PX / full);
        }
    }
}

/// A height as it is drawn: itself while short, then growing ever more slowly.
fn pressed(full_px: f32, longest_px: f32) -> f32 {
    if full_px <= longest_px { full_px } else { longest_px + (full_px / longest_px).ln() * 6.0 }
}

/// A span between two happenings is drawn no higher than about this where nothing is in the air.
pub const LONGEST_PX: f32 = 64.0;

/// An arrow is drawn no flatter than this, so that one below another can have a label too.
pub const FLATTEST_PX: f32 = 24.0;

/// Not even an uncompressed span is drawn higher: browsers give up on pictures beyond this.
const TALLEST_PX: f32 = 20_000.0;

/// A span is marked as a gap when it is drawn at less than this share of its height.
const GAP_FROM: f32 = 0.8;

#[cfg(test)]
mod tests {
    use super::*;

    const SCALE: Scale =
        Scale { px_per_ms: 1.0, compress: true, longest_px: LONGEST_PX, top: 10.0 };

    #[test]
    fn later_moments_are_lower_and_the_way_back_is_the_way_there() {
        let axis = Axis::new([5_000_000, 30_000_000, 9_000_000_000], [], SCALE);
        let mut last = f32::MIN;
        for ms in [0, 1, 5, 17, 30, 400, 9000, 9001] {
            let y = axis.y(ms * 1_000_000);
            assert!(y > last, "{ms} ms at {y}, the one before at {last}");
            last = y;
            if ms <= 9000 {
                let back = axis.nanos(y) / 1000;
                assert!(back.abs_diff(ms * 1000) <= ms + 1, "{ms} ms came back as {back} us");
            }
        }
    }

    #[test]
    fn idle_time_is_pressed_and_told_of_and_busy_time_is_to_scale() {
        let axis = Axis::new([20_000_000, 5_020_000_000], [], SCALE);
        assert!((axis.y(20_000_000) - 30.0).abs() < 0.01);
        assert!(axis.bottom() < 200.0);
        assert_eq!(axis.gaps().len(), 1);
        assert_eq!(axis.gaps()[0].nanos, 5_000_000_000);
        let plain = Axis::new([20_000_000, 5_020_000_000], [], Scale { compress: false, ..SCALE });
        assert!((plain.bottom() - 5030.0).abs() < 1.0);
        assert!(plain.gaps().is_empty());
    }

    #[test]
    fn a_short_flight_among_long_ones_is_stretched_and_the_long_ones_stay_to_scale() {
        let moments = [2_000_000, 4_000_000, 34_000_000, 64_000_000];
        let flights = [(0, 2_000_000), (2_000_000, 4_000_000), (4_000_000, 34_000_000)];
        let axis = Axis::new(moments, flights, SCALE);
        assert!((axis.y(2_000_000) - axis.y(0) - FLATTEST_PX).abs() < 0.01);
        assert!((axis.y(4_000_000) - axis.y(2_000_000) - FLATTEST_PX).abs() < 0.01);
        assert!((axis.y(34_000_000) - axis.y(4_000_000) - 30.0).abs() < 0.01);
        assert!(axis.gaps().is_empty());
        let plain = Axis::new(moments, flights, Scale { compress: false, ..SCALE });
        assert!((plain.y(2_000_000) - plain.y(0) - 2.0).abs() < 0.01);
    }
}
