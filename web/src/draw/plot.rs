//! Small plots as geometry: bars over an axis, with the marks that an axis needs.

/// Bars over an axis that begins at 0.
#[derive(Clone, PartialEq, Debug)]
pub struct Bars {
    /// The bars from left to right.
    pub bars: Vec<Bar>,
    /// What stands below the axis: a place in pixels, and a text.
    pub below: Vec<(f64, String)>,
    /// What stands beside it: a height in pixels, and a text.
    pub beside: Vec<(f64, String)>,
    /// How wide each value of the axis is.
    step: f64,
    first: f64,
}

/// One bar.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Bar {
    /// Its left side.
    pub left: f64,
    /// Its upper end.
    pub top: f64,
    /// How wide it is.
    pub width: f64,
    /// How high it is.
    pub height: f64,
}

impl Bars {
    /// A bar for each count; `each` is how much one bar covers of what is measured, `from` where
    /// the first begins.
    pub fn of(counts: &[f64], from: f64, each: f64) -> Bars {
        let most = counts.iter().fold(0.0_f64, |a, b| a.max(*b));
        // An axis without anything on it still has a scale.
        let top = if most > 0.0 { up_to(&TOPS, most) } else { 1.0 };
        let places = counts.len().max(1) as f64;
        let wide = (WIDTH_PX - LEFT_PX - RIGHT_PX) / places;
        let bars = counts.iter().enumerate().map(|(at, count)| {
            let height = count / top * DEEP_PX;
            let gap = if wide > 3.0 { 1.0 } else { 0.0 };
            Bar {
                left: LEFT_PX + wide * at as f64,
                top: TOP_PX + DEEP_PX - height,
                width: (wide - gap).max(0.5),
                height,
            }
        });
        let apart = round_up(places * each / MOST_TEXTS).max(each);
        let first = (from / apart - 1e-9).ceil() * apart;
        let marks = (0..).map(|n| first + f64::from(n) * apart);
        let bars: Vec<Bar> = bars.collect();
        let mut plot = Bars {
            bars,
            below: Vec::new(),
            beside: vec![(TOP_PX + DEEP_PX, "0".to_string()), (TOP_PX, number(top, top))],
            step: wide / each,
            first: from,
        };
        let end = from + places * each;
        plot.below =
            marks.take_while(|at| *at < end).map(|at| (plot.x(at), number(at, apart))).collect();
        plot
    }

    /// Where a value stands on the axis: the middle of its bar.
    pub fn x(&self, value: f64) -> f64 {
        let wide = self.bars.first().map_or(0.0, |bar| bar.width);
        LEFT_PX + (value - self.first) * self.step + wide / 2.0
    }
}

/// The next larger of 1, 2 and 5 times a power of ten.
pub fn round_up(value: f64) -> f64 {
    if value <= 0.0 { 0.0 } else { up_to(&[1.0, 2.0, 5.0], value) }
}

/// The next larger of these times a power of ten.
fn up_to(steps: &[f64], value: f64) -> f64 {
    let power = 10_f64.powf(value.log10().floor());
    let found = steps.iter().find(|step| **step * power >= value * (1.0 - 1e-9));
    found.copied().unwrap_or(10.0) * power
}

/// A number as short as it can be said, told apart from others that are so far from it.
fn number(value: f64, apart: f64) -> String {
    if value >= 10_000.0 {
        return format!("{}k", (value / 1000.0).round());
    }
    let digits = if apart < 1.0 { (-apart.log10()).ceil().clamp(0.0, 6.0) as usize } else { 0 };
    format!("{value:.digits$}")
}

/// A plot's size.
pub const WIDTH_PX: f64 = 232.0;
/// See [`WIDTH_PX`].
pub const HEIGHT_PX: f64 = 104.0;
/// The axis lies so far from the sides.
pub const LEFT_PX: f64 = 30.0;
/// See [`LEFT_PX`].
pub const RIGHT_PX: f64 = 8.0;
/// The bars begin so far below the upper edge.
pub const TOP_PX: f64 = 18.0;
/// The highest bar is so high.
pub const DEEP_PX: f64 = 60.0;
/// Where a scale may end: a half of a plot with nothing in it would say nothing.
const TOPS: [f64; 7] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0];
/// More texts below an axis run into one another.
const MOST_TEXTS: f64 = 7.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_at_round_numbers() {
        assert_eq!(
            [0.0, 0.3, 1.0, 1.1, 7.0, 42.0, 501.0].map(round_up),
            [0.0, 0.5, 1.0, 2.0, 10.0, 50.0, 1000.0]
        );
    }

    #[test]
    fn the_highest_bar_fits_and_each_value_stands_in_the_middle_of_its_bar() {
        let plot = Bars::of(&[1.0, 4.0, 2.0], 0.0, 1.0);
        assert!(plot.bars.iter().all(|bar| bar.top >= TOP_PX && bar.height <= DEEP_PX));
        for (at, bar) in plot.bars.iter().enumerate() {
            assert!((plot.x(at as f64) - (bar.left + bar.width / 2.0)).abs() < 1e-9);
        }
        assert_eq!(plot.beside.last().map(|(_, text)| text.as_str()), Some("4"));
        let many = Bars::of(&[53.0], 0.0, 1.0);
        assert_eq!(many.beside.last().map(|(_, text)| text.as_str()), Some("60"));
    }

    #[test]
    fn an_empty_plot_has_a_scale_and_marks_stand_at_round_numbers() {
        let empty = Bars::of(&[0.0; 8], 0.0, 1.0);
        let texts: Vec<&str> = empty.beside.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["0", "1"]);
        assert!(empty.bars.iter().all(|bar| bar.height == 0.0));
        let late = Bars::of(&[1.0; 32], 0.02, 0.01);
        let texts: Vec<&str> = late.below.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["0.05", "0.10", "0.15", "0.20", "0.25", "0.30"]);
    }
}
