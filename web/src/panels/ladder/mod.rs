//! The ladder: lifelines, messages as sloping arrows, and the line that says what is now.

mod arrow;
mod marks;
mod whole;

pub use arrow::colour;

use std::rc::Rc;

use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::ResizeObserver;
use yew::prelude::*;

use crate::browser;
use crate::draw::ladder::{Drawn, Label, Lifeline, NARROW_PX, Picture, Room, Sketch, layout};
use crate::state::clock::{Clock, use_paint};
use crate::state::pick::Pick;

/// What a ladder is told.
#[derive(Properties)]
pub struct Props {
    /// The run, as far as it has come in any moment.
    pub sketch: Rc<Sketch>,
    /// How many of its entries have happened.
    pub moment: usize,
    /// When the last of them happened, in nanoseconds since the run began.
    pub now: u64,
    /// The playhead.
    pub clock: Clock,
    /// What is selected.
    #[prop_or_default]
    pub picked: Option<Pick>,
    /// What the student set.
    #[prop_or_default]
    pub view: LadderView,
    /// Called with what is clicked.
    #[prop_or_default]
    pub onpick: Callback<Pick>,
    /// Whether it is only a picture, not to be worked with.
    #[prop_or_default]
    pub still: bool,
    /// Called with the moment that is clicked beside everything, in nanoseconds.
    #[prop_or_default]
    pub onseek: Option<Callback<u64>>,
    /// What stands below the now-line.
    #[prop_or_default]
    pub next: AttrValue,
}

impl PartialEq for Props {
    fn eq(&self, other: &Props) -> bool {
        Rc::ptr_eq(&self.sketch, &other.sketch)
            && (self.moment, self.now, self.still) == (other.moment, other.now, other.still)
            && self.clock == other.clock
            && self.picked == other.picked
            && self.view == other.view
            && self.next == other.next
    }
}

/// How a ladder is looked at.
#[derive(Clone, PartialEq, Debug)]
pub struct LadderView {
    /// How many times larger than usual time is drawn.
    pub zoom: f32,
    /// Whether idle time is pressed together.
    pub compress: bool,
    /// Hosts that are not shown, by index.
    pub hidden_lines: std::collections::BTreeSet<usize>,
    /// Protocols that are not shown.
    pub hidden_protocols: std::collections::BTreeSet<String>,
}

impl Default for LadderView {
    fn default() -> LadderView {
        LadderView {
            zoom: 1.0,
            compress: true,
            hidden_lines: Default::default(),
            hidden_protocols: Default::default(),
        }
    }
}

/// The ladder.
#[component]
pub fn Ladder(props: &Props) -> Html {
    let node = use_node_ref();
    let width = use_width(&node);
    let window = use_window(&node);
    let id = use_memo((), |()| format!("now-{}", browser::clock_ms().to_bits()));
    let picture = use_picture(props, width);
    let now_y = picture.axis.y(props.now);
    use_now(props, &picture, &node);
    use_follow(&node, now_y, props.moment, latest(props, &picture).zip(picture.lane()));
    let shown = |top: f32, bottom: f32| bottom > window.0 && top < window.1 && top <= now_y + 4.0;
    let sketch = &props.sketch;
    let clip = format!("url(#{id})");
    let onclick = seeking(props, &picture);
    let label = format!("Ladder of {} hosts; the text tab says the same.", sketch.lines.len());
    html! {
        <div class={classes!("ladder", props.still.then_some("still"))} ref={node.clone()}>
            <div class="hosts" style={format!("width:{}px", picture.width)}>
                { for sketch.left_to_right().filter_map(|at| {
                    let line = sketch.lines.get(at)?;
                    let x = picture.columns.get(at).copied().flatten()?;
                    Some(host(props, at, line, x, box_width(&picture)))
                }) }
            </div>
            <svg width={picture.width.to_string()} height={picture.height.to_string()}
                role={if props.still { "img" } else { "group" }} aria-label={label} {onclick}>
                <defs><clipPath id={(*id).clone()}>
                    <rect class="now-clip" x="0" y="0" width={picture.width.to_string()}
                        height="0" />
                </clipPath></defs>
                <g class="lines">{ for lifelines(&picture) }</g>
                <g class="past" clip-path={clip}>
                    <g>{ for marks::bars(props, &picture, &shown) }</g>
                    <g>{ for marks::hooks(props, &picture, &shown) }</g>
                    <g>{ for marks::gaps(&picture, window) }</g>
                    <g>{ for picture.arrows.iter().filter_map(|drawn| {
                        arrow::lines(props, drawn, &shown)
                    }) }</g>
                </g>
                if drawn_at(&props.sketch, props.moment).start > 0 {
                    <text class="state" x={(picture.width / 2.0).to_string()} y="14">
                        { "Earlier steps: go back in time to see them." }</text>
                }
                { now_line(props, &picture, now_y, width) }
                <g class="labels">
                    <g>{ for picture.arrows.iter().filter_map(|drawn| {
                        arrow::label(props, drawn, now_y, &shown)
                    }) }</g>
                    <g>{ for marks::labels(props, &picture, now_y, &shown) }</g>
                </g>
                if !props.still {
                    <whole::Whole sketch={ByPointer(props.sketch.clone())}
                        picture={ByPointer(picture.clone())} picked={props.picked}
                        ladder={node.clone()} />
                }
            </svg>
        </div>
    }
}

fn lifelines(picture: &Picture) -> impl Iterator<Item = Html> + '_ {
    picture.columns.iter().enumerate().filter_map(|(at, x)| {
        let x = (*x)?.to_string();
        Some(html! {
            <line key={at} x1={x.clone()} x2={x} y1="0" y2={picture.height.to_string()} />
        })
    })
}

/// The line of the moment, under all that is written, its clock, and below it what comes next.
/// Where the clock has no room of its own at the right, it hangs below it where nothing is written.
fn now_line(props: &Props, picture: &Picture, now_y: f32, width: f32) -> Html {
    let written = written(props, picture, now_y);
    let mut tag_y = 0.0;
    if width < NARROW_PX || width < picture.width {
        tag_y = TAG_DOWN_PX;
        let upon = |tag_y: f32| {
            let upon = |(top, bottom): &&(f32, f32)| (top - tag_y < 11.0) && tag_y - bottom < 11.0;
            written.iter().find(upon).map(|(_, bottom)| bottom + TAG_DOWN_PX)
        };
        while let Some(lower) = upon(tag_y) {
            tag_y = lower;
        }
    }
    let next_y = written.iter().fold(tag_y, |next_y, (_, bottom)| next_y.max(*bottom)) + NEXT_PX;
    html! {
        <g class="now">
            <line x1="6" x2={(picture.width - 6.0).to_string()} y1="0" y2="0" />
            <g class="tag">
                <rect y={(tag_y - 11.0).to_string()} height="22" rx="11" />
                <text y={(tag_y + 4.0).to_string()}></text>
            </g>
            <text class="next" y={next_y.to_string()}>
                { &props.next }
            </text>
        </g>
    }
}

/// A click on the paper itself goes to the moment at that height.
fn seeking(props: &Props, picture: &Rc<Picture>) -> Callback<MouseEvent> {
    let (picture, onseek) = (picture.clone(), props.onseek.clone());
    Callback::from(move |event: MouseEvent| {
        let svg = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if let (Some(svg), Some(onseek)) = (svg.filter(|s| s.tag_name() == "svg"), &onseek) {
            let y = f64::from(event.client_y()) - svg.get_bounding_client_rect().top();
            onseek.emit(picture.axis.nanos(y as f32));
        }
    })
}

/// From where to where labels reach that are drawn already, seen from the now-line.
fn written(props: &Props, picture: &Picture, now_y: f32) -> Vec<(f32, f32)> {
    let gone = |entry: Option<usize>| entry.is_some_and(|entry| entry < props.moment);
    let arrows = picture.arrows.iter().filter(|drawn| gone(sketch_entry(props, drawn.arrow)));
    let states = |at: usize| props.sketch.states.get(at).map(|state| state.entry);
    let bars = picture.bars.iter().filter(|bar| gone(states(bar.state)));
    let labels = arrows.filter_map(|drawn| drawn.label.as_ref());
    let labels = labels.chain(bars.filter_map(|bar| bar.label.as_ref()));
    let reach =
        |label: &Label| (label.rect.top - now_y, label.rect.top + label.rect.height - now_y);
    labels.map(reach).collect()
}

fn sketch_entry(props: &Props, arrow: usize) -> Option<usize> {
    props.sketch.arrows.get(arrow).map(|arrow| arrow.entry)
}

/// How wide a host's box may be, so that each stands over its lifeline and beside its neighbours.
fn box_width(picture: &Picture) -> f32 {
    let apart = picture.lane().unwrap_or(picture.width);
    let sides = picture
        .columns
        .iter()
        .flatten()
        .map(|x| x.min(picture.width - x))
        .fold(picture.width, f32::min);
    (apart - 8.0).min(2.0 * sides - 4.0).clamp(64.0, 150.0)
}

fn host(props: &Props, at: usize, line: &Lifeline, x: f32, wide: f32) -> Html {
    let pick = Pick::Host(line.host);
    let picked = props.picked == Some(pick);
    let style = format!("left:{:.1}px;width:{wide:.1}px", x - wide / 2.0);
    let words = html! { <><b>{ &line.name }</b><small>{ &line.address }</small></> };
    if props.still {
        return html! { <span key={at} class="host" {style}>{ words }</span> };
    }
    let onpick = props.onpick.clone();
    html! {
        <button key={at} class="host" {style} aria-pressed={picked.to_string()}
            onclick={move |_| onpick.emit(pick)}>{ words }</button>
    }
}

#[hook]
fn use_picture(props: &Props, width: f32) -> Rc<Picture> {
    let entries = drawn_at(&props.sketch, props.moment);
    let deps = (ByPointer(props.sketch.clone()), props.view.clone(), width, entries);
    use_memo(deps, |(sketch, view, width, entries)| {
        let room = Room {
            width: *width,
            zoom: view.zoom,
            compress: view.compress,
            hidden_lines: view.hidden_lines.clone(),
            hidden_protocols: view.hidden_protocols.clone(),
            entries: entries.clone(),
        };
        layout(&sketch.0, &room)
    })
}

/// The entries that are drawn around a moment. They change seldom, so that the picture stays. Few
/// messages are drawn all, however much else happens beside them: on a large stage a lookup that is
/// followed is a handful among many thousand entries.
fn drawn_at(sketch: &Sketch, moment: usize) -> std::ops::Range<usize> {
    let beside = sketch.states.len() + sketch.alarms.len();
    if sketch.arrows.len() <= BLOCK_ENTRIES && beside <= 2 * BLOCK_ENTRIES {
        return 0..usize::MAX;
    }
    let block = moment / BLOCK_ENTRIES;
    let from = block.saturating_sub(BLOCKS_BEFORE) * BLOCK_ENTRIES;
    from..(block + 2) * BLOCK_ENTRIES
}

/// Moves the now-line, its tag and what it uncovers, at every move of the playhead.
#[hook]
fn use_now(props: &Props, picture: &Rc<Picture>, node: &NodeRef) {
    let deps = (ByPointer(picture.clone()), node.clone(), props.now);
    use_paint(&props.clock, deps, move |(picture, node, _), nanos| {
        let Some(ladder) = node.cast::<web_sys::Element>() else { return };
        let find = |what: &str| ladder.query_selector(what).ok().flatten();
        let y = picture.0.axis.y(nanos.max(0.0) as u64);
        if let Some(clip) = find(".now-clip") {
            let _ = clip.set_attribute("height", &format!("{:.2}", y + 1.0));
        }
        if let Some(now) = find(".now") {
            let _ = now.set_attribute("transform", &format!("translate(0 {y:.2})"));
        }
        if let Some(tag) = find(".now .tag text") {
            let says = format!("t = {}", crate::draw::units::time(nanos));
            let _ = tag.set_attribute("x", &format!("{:.1}", tag_width(&says) / 2.0));
            if let Some(ground) = find(".now .tag rect") {
                let _ = ground.set_attribute("width", &format!("{:.1}", tag_width(&says)));
            }
            tag.set_text_content(Some(&says));
        }
        hold_tag(&ladder);
    });
}

/// Keeps the now-line's tag at the right of what is in sight, however the ladder is scrolled, and
/// what comes next in its middle.
fn hold_tag(ladder: &web_sys::Element) {
    let (left, wide) = (ladder.scroll_left(), ladder.client_width());
    // Nobody sees a ladder without width: it keeps them where they were.
    if wide == 0 {
        return;
    }
    let hang = |part: web_sys::Element, x: i32| {
        let _ = part.set_attribute("transform", &format!("translate({} 0)", left + x));
    };
    if let Ok(Some(tag)) = ladder.query_selector(".tag") {
        let taken = tag_width(&tag.text_content().unwrap_or_default()) as i32 + TAG_GAP_PX;
        hang(tag, wide - taken);
    }
    if let Ok(Some(next)) = ladder.query_selector(".next") {
        hang(next, wide / 2);
    }
}

/// How wide the now-line's tag is with so much on it, in pixels.
fn tag_width(says: &str) -> f32 {
    (says.chars().count() as f32 * TAG_LETTER_PX + TAG_PADDING_PX).max(TAG_LEAST_PX)
}

/// From the left to the right end of the arrow that left last, in pixels.
fn latest(props: &Props, picture: &Picture) -> Option<(f32, f32)> {
    let gone = |drawn: &&Drawn| sketch_entry(props, drawn.arrow).is_some_and(|e| e < props.moment);
    let shape = &picture.arrows.iter().rev().find(gone)?.shape;
    Some((shape.tail.0.min(shape.head.0), shape.tail.0.max(shape.head.0)))
}

/// Keeps the now-line and the latest arrow in sight when the moment changes. Sideways the ladder is
/// scrolled by whole lanes, and by no more of them than leave the arrow's left end in sight: the
/// first lifeline in sight then stands where the first of all does, and none is cut at the left.
#[hook]
fn use_follow(node: &NodeRef, now_y: f32, moment: usize, latest: Option<((f32, f32), f32)>) {
    let node = node.clone();
    use_effect_with((moment, now_y as i32, latest), move |(_, y, latest)| {
        let Some(ladder) = node.cast::<web_sys::Element>() else { return };
        let (top, height) = (ladder.scroll_top(), ladder.client_height());
        if *y > top + height - FOLLOW_PX || *y < top + 20 {
            ladder.set_scroll_top((y - height * 3 / 5).max(0));
        }
        let (left, width) = (ladder.scroll_left() as f32, ladder.client_width() as f32);
        if let Some(((from, to), lane)) = *latest
            && (from < left + SIDE_PX || to + EDGE_PX > left + width)
        {
            let (least, most) = ((to + EDGE_PX - width) / lane, (from - SIDE_PX) / lane);
            let lanes = least.ceil().min(most.floor()).max(0.0);
            ladder.set_scroll_left((lanes * lane) as i32);
        }
        hold_tag(&ladder);
    });
}

/// The width that the element has, kept up to date however it changes.
#[hook]
pub fn use_width(node: &NodeRef) -> f32 {
    let width = use_state_eq(|| USUAL_WIDTH_PX);
    let (node, setter) = (node.clone(), width.setter());
    use_effect_with((), move |()| {
        let seen = node.clone();
        let measure = Closure::<dyn FnMut()>::new(move || {
            let wide = seen.cast::<web_sys::Element>().map_or(0, |element| element.client_width());
            if wide > 0 {
                setter.set(wide as f32);
            }
        });
        let observer = ResizeObserver::new(measure.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(element)) = (&observer, node.cast::<web_sys::Element>()) {
            // It also reports the size at first.
            observer.observe(&element);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(measure);
        }
    });
    *width
}

/// The part of the picture that is worth drawing: what is in sight and a screen on either side.
#[hook]
fn use_window(node: &NodeRef) -> (f32, f32) {
    let top = use_state_eq(|| 0_i32);
    let (node, setter) = (node.clone(), top.setter());
    use_effect_with((), move |()| {
        let listener = node.cast::<web_sys::Element>().map(|element| {
            let seen = element.clone();
            EventListener::new(&element, "scroll", move |_| {
                hold_tag(&seen);
                setter.set(seen.scroll_top() / BAND_PX);
            })
        });
        move || drop(listener)
    });
    let top = (*top * BAND_PX) as f32;
    (top - MARGIN_PX, top + MARGIN_PX)
}

/// A shared value that is the same only when it is the very same.
pub struct ByPointer<T>(pub Rc<T>);

impl<T> Clone for ByPointer<T> {
    fn clone(&self) -> ByPointer<T> {
        ByPointer(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for ByPointer<T> {
    fn eq(&self, other: &ByPointer<T>) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The ladder is drawn in blocks of so many entries: the one of the moment, the next, and
/// [`BLOCKS_BEFORE`]. More would take longer to lay out than a step may.
const BLOCK_ENTRIES: usize = 500;
const BLOCKS_BEFORE: usize = 2;
/// What comes next stands so far below all that is there.
const NEXT_PX: f32 = 26.0;
/// Before the first measurement.
const USUAL_WIDTH_PX: f32 = 680.0;
/// The now-line is kept this far from the lower edge: the hosts' names, and what stands below it.
const FOLLOW_PX: i32 = 110;
/// The latest arrow is kept this far from the left side: as far as the outer lifelines are, so that
/// labels which begin before them can be read; and this far from the right one.
const SIDE_PX: f32 = 54.0;
const EDGE_PX: f32 = 8.0;
/// The now-line's tag takes this much at the right.
const TAG_GAP_PX: i32 = 6;
/// Where the ladder has no room for it, it hangs so far below the line, or what is written there.
const TAG_DOWN_PX: f32 = 14.0;
/// The least width of the tag: it does not change while milliseconds are counted.
const TAG_LEAST_PX: f32 = 94.0;
/// A letter of the tag's type, which is fixed in width, and what is left free around them.
const TAG_LETTER_PX: f32 = 6.6;
const TAG_PADDING_PX: f32 = 18.0;
/// What is in sight is reckoned in bands of this height.
const BAND_PX: i32 = 600;
/// Drawn beyond the band, so that no screen shows an end.
const MARGIN_PX: f32 = 2600.0;
