//! A canvas to draw on: its context, its colours, and the few strokes that the overlay is made of.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement};

use crate::browser;
use crate::draw::overlay::{Curve, Point};

/// The page's colours, as the canvas takes them. They are read from hidden elements that have them,
/// so that the canvas follows the theme.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Inks {
    /// The ground.
    pub paper: String,
    /// Text and nodes.
    pub ink: String,
    /// What is less important.
    pub mute: String,
    /// Thin lines.
    pub line: String,
    /// Edges that must be seen.
    pub edge: String,
    /// What is selected.
    pub accent: String,
    /// The lookup that is followed.
    pub way: String,
    /// Text upon it.
    pub on_way: String,
    /// Successors.
    pub successor: String,
    /// Predecessors.
    pub predecessor: String,
    /// Keys.
    pub key: String,
}

impl Inks {
    /// Reads the colours: each is that of an element with the name in `data-ink`.
    pub fn of(panel: &Element) -> Inks {
        let read = |name: &str| {
            let found = panel.query_selector(&format!("[data-ink='{name}']")).ok().flatten();
            let style = found.and_then(|ink| browser::window().get_computed_style(&ink).ok()?);
            style.and_then(|style| style.get_property_value("color").ok()).unwrap_or_default()
        };
        Inks {
            paper: read("paper"),
            ink: read("ink"),
            mute: read("mute"),
            line: read("line"),
            edge: read("edge"),
            accent: read("accent"),
            way: read("way"),
            on_way: read("on-way"),
            successor: read("successor"),
            predecessor: read("predecessor"),
            key: read("key"),
        }
    }

    /// The names of all of them, each with the custom property that it has.
    pub const ALL: [(&str, &str); 11] = [
        ("paper", "--paper"),
        ("ink", "--ink"),
        ("mute", "--mute"),
        ("line", "--line"),
        ("edge", "--edge"),
        ("accent", "--accent"),
        ("way", "--warn"),
        ("on-way", "--on-warn"),
        ("successor", "--good"),
        ("predecessor", "--f2"),
        ("key", "--f4"),
    ];
}

/// A canvas that is being drawn on. Places are in pixels of the page.
pub struct Pen {
    context: CanvasRenderingContext2d,
}

impl Pen {
    /// A pen for a canvas, which is made as large as it is shown, and empty.
    pub fn on(canvas: &HtmlCanvasElement, (width, height): (f64, f64)) -> Option<Pen> {
        let dense = browser::window().device_pixel_ratio().clamp(1.0, MOST_DENSE);
        let (wide, high) = ((width * dense).round() as u32, (height * dense).round() as u32);
        if (canvas.width(), canvas.height()) != (wide, high) {
            canvas.set_width(wide);
            canvas.set_height(high);
        }
        let context = canvas.get_context("2d").ok().flatten()?;
        let context = context.dyn_into::<CanvasRenderingContext2d>().ok()?;
        let _ = context.set_transform(dense, 0.0, 0.0, dense, 0.0, 0.0);
        context.clear_rect(0.0, 0.0, width, height);
        context.set_line_cap("round");
        context.set_line_join("round");
        Some(Pen { context })
    }

    /// How strongly everything is drawn from now on, from 0 to 1.
    pub fn strength(&self, alpha: f64) {
        self.context.set_global_alpha(alpha);
    }

    /// How wide and in which colour lines are from now on, and their dashes.
    pub fn line_of(&self, ink: &str, width: f64, dashes: &[f64]) {
        self.context.set_stroke_style_str(ink);
        self.context.set_line_width(width);
        let dashes: js_sys::Array = dashes.iter().copied().map(JsValue::from_f64).collect();
        let _ = self.context.set_line_dash(&dashes);
    }

    /// In which colour areas and words are from now on.
    pub fn fill_of(&self, ink: &str) {
        self.context.set_fill_style_str(ink);
    }

    /// A line through points.
    pub fn line(&self, points: impl IntoIterator<Item = Point>) {
        self.context.begin_path();
        self.along(points);
        self.context.stroke();
    }

    /// Many short lines at once.
    pub fn dashes(&self, pairs: impl IntoIterator<Item = (Point, Point)>) {
        self.context.begin_path();
        for ((x, y), (to_x, to_y)) in pairs {
            self.context.move_to(x, y);
            self.context.line_to(to_x, to_y);
        }
        self.context.stroke();
    }

    /// An area with these corners.
    pub fn area(&self, points: impl IntoIterator<Item = Point>) {
        self.context.begin_path();
        self.along(points);
        self.context.close_path();
        self.context.fill();
    }

    /// A curve; `head` is the length of the arrow's head at its end, 0 for none.
    pub fn curve(&self, curve: &Curve, head: f64) {
        let context = &self.context;
        context.begin_path();
        context.move_to(curve.from.0, curve.from.1);
        context.quadratic_curve_to(curve.by.0, curve.by.1, curve.to.0, curve.to.1);
        context.stroke();
        if head > 0.0 {
            let (dx, dy) = curve.heading(1.0);
            let (x, y) = curve.to;
            let (bx, by) = (x - dx * head, y - dy * head);
            let (wx, wy) = (-dy * head * 0.45, dx * head * 0.45);
            let dashes = js_sys::Array::new();
            let _ = context.set_line_dash(&dashes);
            context.begin_path();
            self.along([(bx + wx, by + wy), (x, y), (bx - wx, by - wy)]);
            context.stroke();
        }
    }

    /// A disc, filled.
    pub fn disc(&self, at: Point, radius: f64) {
        self.round(at, radius);
        self.context.fill();
    }

    /// A circle, not filled.
    pub fn circle(&self, at: Point, radius: f64) {
        self.round(at, radius);
        self.context.stroke();
    }

    /// Many discs of one size at once.
    pub fn discs(&self, places: impl IntoIterator<Item = Point>, radius: f64) {
        self.context.begin_path();
        for (x, y) in places {
            self.context.move_to(x + radius, y);
            let _ = self.context.arc(x, y, radius, 0.0, core::f64::consts::TAU);
        }
        self.context.fill();
    }

    /// A square that stands on its corner.
    pub fn diamond(&self, (x, y): Point, radius: f64) {
        let corners = [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)];
        self.area(corners);
    }

    /// Words in a face such as `600 12px`, from the left end of their base line.
    pub fn words(&self, text: &str, face: &str, (x, y): Point) {
        self.context.set_text_align("left");
        self.lettered(face);
        let _ = self.context.fill_text(text, x, y);
    }

    /// Words around their middle.
    pub fn words_around(&self, text: &str, face: &str, (x, y): Point) {
        self.context.set_text_align("center");
        self.lettered(face);
        let _ = self.context.fill_text(text, x, y);
    }

    /// The same, with a rim of the ground's colour that keeps them apart from what lies below.
    pub fn words_on(&self, text: &str, face: &str, (x, y): Point, ground: &str) {
        self.context.set_text_align("center");
        self.lettered(face);
        self.line_of(ground, 4.0, &[]);
        let _ = self.context.stroke_text(text, x, y);
        let _ = self.context.fill_text(text, x, y);
    }

    fn lettered(&self, face: &str) {
        self.context.set_font(&format!("{face} \"Lab Sans\", system-ui, sans-serif"));
    }

    fn along(&self, points: impl IntoIterator<Item = Point>) {
        let mut first = true;
        for (x, y) in points {
            match core::mem::take(&mut first) {
                true => self.context.move_to(x, y),
                false => self.context.line_to(x, y),
            }
        }
    }

    fn round(&self, (x, y): Point, radius: f64) {
        self.context.begin_path();
        let _ = self.context.arc(x, y, radius, 0.0, core::f64::consts::TAU);
    }
}

/// Screens that are denser are drawn on as if they were not: nobody sees the difference.
const MOST_DENSE: f64 = 3.0;
