//! Side by side: the messages of two runs, row by row.

use world::compare::{Cell, Comparison, Row};
use yew::prelude::*;

use super::ByPointer;
use crate::draw::units;
use crate::state::pick::Pick;

/// What the table is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The two runs; messages of the first can be opened in the inspector.
    pub found: ByPointer<Comparison>,
    /// What stands above the two columns.
    pub titles: [AttrValue; 2],
    /// What the two runs are, in a sentence.
    pub about: AttrValue,
    /// What is selected in the first run.
    pub picked: Option<Pick>,
    /// Selects a message of the first run.
    pub onpick: Callback<Pick>,
}

/// The table in the place of the ladder.
#[component]
pub fn Beside(props: &Props) -> Html {
    let found = &props.found.0;
    let says = match (found.rows.len(), found.differing()) {
        (0, _) => "Nothing has been said yet.".to_string(),
        (_, 0) => "Every message is the same in both.".to_string(),
        (all, differing) => format!("{differing} of {all} messages differ."),
    };
    let [first, second] = props.titles.clone();
    html! {
        <div class="beside" tabindex="0" role="region" aria-label="Side by side">
            <p role="status">{ says }{ " " }{ &props.about }{ " Times are not compared." }</p>
            <table>
                <thead><tr>
                    <th scope="col">{ first }</th><th scope="col">{ second }</th>
                </tr></thead>
                <tbody>{ for found.rows.iter().enumerate().map(|(n, row)| {
                    html! { <BesideRow key={n} row={row.clone()} onpick={props.onpick.clone()}
                        picked={is_picked(props.picked, row)} /> }
                }) }</tbody>
            </table>
        </div>
    }
}

fn is_picked(picked: Option<Pick>, row: &Row) -> bool {
    match (&row.cells[0], picked) {
        (Some(cell), Some(Pick::Arrow(id))) => cell.flight.0 == id,
        _ => false,
    }
}

/// What a row is told.
#[derive(Properties, PartialEq)]
struct RowProps {
    row: Row,
    onpick: Callback<Pick>,
    picked: bool,
}

/// A matched pair, and below it how the two differ.
#[component]
fn BesideRow(props: &RowProps) -> Html {
    let row = &props.row;
    let differs = !row.differences.is_empty();
    let [first, second] = &row.cells;
    html! {
        <>
            <tr data-differs={differs.to_string()} data-picked={props.picked.to_string()}>
                <td>{ cell(first.as_ref(), Some(&props.onpick)) }</td>
                <td>{ cell(second.as_ref(), None) }</td>
            </tr>
            if differs {
                <tr class="how"><td colspan="2"><ul>
                    { for row.differences.iter().enumerate().map(|(n, difference)| html! {
                        <li key={n}>{ &difference.says }
                            if let Some(rule) = difference.rule {
                                <small>{ format!("{} [{}]", rule.says, rule.source) }</small>
                            }
                        </li>
                    }) }
                </ul></td></tr>
            }
        </>
    }
}

/// A message; one of the first run can be opened in the inspector.
fn cell(cell: Option<&Cell>, onpick: Option<&Callback<Pick>>) -> Html {
    let Some(cell) = cell else {
        return html! { <span class="none">{ "not there" }</span> };
    };
    let way = format!("{} \u{2192} {}", cell.from, cell.to);
    let at = units::time(cell.at.as_nanos() as f64);
    let words = html! {
        <><b>{ &cell.title }</b><small>{ format!("{way}, {at}") }</small></>
    };
    match onpick {
        Some(onpick) => {
            let flight = cell.flight.0;
            let onclick = onpick.reform(move |_: MouseEvent| Pick::Arrow(flight));
            html! { <button data-protocol={cell.protocol} {onclick}>{ words }</button> }
        }
        None => html! { <div data-protocol={cell.protocol}>{ words }</div> },
    }
}
