//! The Text tab: the same run in words, row by row; only the rows in sight are rendered.

use std::rc::Rc;

use gloo::events::EventListener;
use yew::prelude::*;

use crate::draw::unbroken::unbroken;
use crate::draw::units;
use crate::panels::ByPointer;
use crate::panels::ladder::colour;
use crate::state::pick::Pick;
use crate::state::reading::Line;
use crate::tape::Tape;

/// What the tab is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The rows of the whole run.
    pub lines: ByPointer<Tape<Line>>,
    /// How many entries have happened.
    pub moment: usize,
    /// What is selected.
    pub picked: Option<Pick>,
    /// Called with the row's arrow or entry.
    pub onpick: Callback<Pick>,
}

/// The Text tab.
#[component]
pub fn TextTab(props: &Props) -> Html {
    let node = use_node_ref();
    let top = use_rows(&node);
    let lines: &Rc<Tape<Line>> = &props.lines.0;
    let happened = lines.partition_point(|line| line.entry < props.moment);
    let first = top.saturating_sub(SPARE_ROWS);
    let last = (top + SIGHT_ROWS + SPARE_ROWS).min(happened);
    let chosen = props.picked.and_then(|pick| row_of(lines, happened, pick));
    {
        let node = node.clone();
        use_effect_with((chosen, happened), move |(chosen, happened)| {
            let row = chosen.unwrap_or(happened.saturating_sub(1)) as i32 * ROW_PX;
            if let Some(pane) = pane(&node) {
                let (top, height) = (pane.scroll_top(), pane.client_height());
                if row < top || row + ROW_PX * 2 > top + height {
                    pane.set_scroll_top(row - height / 2);
                }
            }
        });
    }
    html! {
        <div class="text" ref={node}>
            if happened == 0 {
                <p class="mute">{ "Nothing has happened yet." }</p>
            }
            <ol style={format!("padding-top:{}px;padding-bottom:{}px",
                first as i32 * ROW_PX, (happened - last.min(happened)) as i32 * ROW_PX)}>
                { for lines.range(first, last).map(|(n, line)| {
                    row(props, n, line, chosen == Some(n))
                }) }
            </ol>
        </div>
    }
}

fn row(props: &Props, n: usize, line: &Line, chosen: bool) -> Html {
    let pick = line.arrow.map_or(Pick::Entry(line.entry), Pick::Arrow);
    html! {
        <li key={n} style={colour(line.protocol)}>
            <button aria-pressed={chosen.to_string()} onclick={props.onpick.reform(move |_| pick)}
                title={line.text.clone()}>
                <small>{ units::time(line.at as f64) }</small>
                <span><b>{ &line.host }</b>{ " " }{ unbroken(&line.text) }</span>
            </button>
        </li>
    }
}

/// The first row that tells of what is selected.
fn row_of(lines: &Tape<Line>, happened: usize, pick: Pick) -> Option<usize> {
    match pick {
        Pick::Arrow(id) => lines.iter().take(happened).position(|line| line.arrow == Some(id)),
        Pick::Entry(entry) => {
            let at = lines.partition_point(|line| line.entry < entry);
            lines.get(at).filter(|line| line.entry == entry && at < happened).map(|_| at)
        }
        Pick::Host(_) | Pick::Link(_) => None,
    }
}

/// The first row in sight.
#[hook]
fn use_rows(node: &NodeRef) -> usize {
    let top = use_state_eq(|| 0_usize);
    let (node, setter) = (node.clone(), top.setter());
    use_effect_with((), move |()| {
        let listener = pane(&node).map(|pane| {
            let seen = pane.clone();
            EventListener::new(&pane, "scroll", move |_| {
                let row = (seen.scroll_top() / ROW_PX).max(0) as usize;
                setter.set(row - row % BAND_ROWS);
            })
        });
        move || drop(listener)
    });
    *top
}

/// The element that scrolls: the inspector's pane.
fn pane(node: &NodeRef) -> Option<web_sys::Element> {
    node.cast::<web_sys::Element>()?.closest(".pane").ok().flatten()
}

/// The height of a row; the style sheet has the same.
const ROW_PX: i32 = 30;
/// A tall screen shows this many.
const SIGHT_ROWS: usize = 60;
const SPARE_ROWS: usize = 20;
/// The list is rendered anew every so many rows.
const BAND_ROWS: usize = 10;
