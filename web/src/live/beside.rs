//! Side by side: the messages of the live run and of its simulated twin, row by row.

use std::rc::Rc;

use world::compare::{Cell, Comparison, Row};
use yew::prelude::*;

use super::desk::{Desk, Do};
use crate::draw::units;
use crate::state::pick::Pick;

/// The table in the place of the ladder.
pub fn beside(desk: &Rc<Desk>, act: &Callback<Do>, found: &Comparison) -> Html {
    let says = match (found.rows.len(), found.differing()) {
        (0, _) => "Nothing has been said yet.".to_string(),
        (_, 0) => "Every message is the same in both.".to_string(),
        (all, differing) => format!("{differing} of {all} messages differ."),
    };
    html! {
        <div class="beside" tabindex="0" role="region" aria-label="Side by side">
            <p role="status">{ says }
                { " The twin was asked the same by the same program; our own servers answered it, \
                  over paths as long as the real ones were measured to be. Times are not compared." }
            </p>
            <table>
                <thead><tr>
                    <th scope="col">{ "Live" }</th><th scope="col">{ "Simulated" }</th>
                </tr></thead>
                <tbody>{ for found.rows.iter().enumerate().map(|(n, row)| {
                    html! { <BesideRow key={n} row={row.clone()} act={act.clone()}
                        picked={is_picked(desk, row)} /> }
                }) }</tbody>
            </table>
        </div>
    }
}

fn is_picked(desk: &Desk, row: &Row) -> bool {
    match (&row.cells[0], desk.picked) {
        (Some(cell), Some(Pick::Arrow(id))) => cell.flight.0 == id,
        _ => false,
    }
}

/// What a row is told.
#[derive(Properties, PartialEq)]
struct RowProps {
    row: Row,
    act: Callback<Do>,
    picked: bool,
}

/// A matched pair, and below it how the two differ.
#[component]
fn BesideRow(props: &RowProps) -> Html {
    let row = &props.row;
    let differs = !row.differences.is_empty();
    let [live, made] = &row.cells;
    html! {
        <>
            <tr data-differs={differs.to_string()} data-picked={props.picked.to_string()}>
                <td>{ cell(live.as_ref(), Some(&props.act)) }</td>
                <td>{ cell(made.as_ref(), None) }</td>
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

/// A message; one of the live run can be opened in the inspector.
fn cell(cell: Option<&Cell>, act: Option<&Callback<Do>>) -> Html {
    let Some(cell) = cell else {
        return html! { <span class="none">{ "not there" }</span> };
    };
    let way = format!("{} \u{2192} {}", cell.from, cell.to);
    let at = units::time(cell.at.as_nanos() as f64);
    let words = html! {
        <><b>{ &cell.title }</b><small>{ format!("{way}, {at}") }</small></>
    };
    match act {
        Some(act) => {
            let flight = cell.flight.0;
            let onclick = act.reform(move |_| Do::Pick(Some(Pick::Arrow(flight))));
            html! { <button data-protocol={cell.protocol} {onclick}>{ words }</button> }
        }
        None => html! { <div data-protocol={cell.protocol}>{ words }</div> },
    }
}
