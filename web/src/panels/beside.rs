//! Side by side: the messages of two runs, row by row.

use core::cmp::Ordering;
use core::time::Duration;
use std::rc::Rc;

use world::compare::{Cell, Comparison, Difference, Kind, Parting, Row};
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
    /// Where they part, if both are futures of one run: then their clocks are one clock, too.
    #[prop_or_default]
    pub parting: Option<Rc<Parting>>,
    /// What is selected in the first run.
    pub picked: Option<Pick>,
    /// Selects a message of the first run.
    pub onpick: Callback<Pick>,
}

/// The table in the place of the ladder.
#[component]
pub fn Beside(props: &Props) -> Html {
    let found = &props.found.0;
    let whole = use_state_eq(|| false);
    let says = match (found.rows.len(), found.differing()) {
        (0, _) => "Nothing has been said yet.".to_string(),
        (_, 0) => "Every message is the same in both.".to_string(),
        (all, differing) => format!("{differing} of {all} messages differ."),
    };
    let past = props.parting.as_ref().map_or(0, |parting| parting.rows);
    let folded = if *whole || past < FOLDED_MIN { 0 } else { past };
    let row = |(at, row): (usize, &Row)| {
        let told = at.checked_sub(1).and_then(|before| found.rows.get(before)).and_then(rule_of);
        html! {
            <BesideRow key={at} row={row.clone()} onpick={props.onpick.clone()} told={told}
                picked={is_picked(props.picked, row)} timed={props.parting.is_some()} />
        }
    };
    let rows = || found.rows.iter().enumerate();
    let [first, second] = props.titles.clone();
    html! {
        <div class="beside" tabindex="0" role="region" aria-label="Side by side">
            <p role="status">{ says }{ " " }{ &props.about }</p>
            <table>
                <thead><tr>
                    <th scope="col">{ first }</th><th scope="col">{ second }</th>
                </tr></thead>
                <tbody>
                    if past >= FOLDED_MIN { { fold(past, *whole, whole.setter()) } }
                    { for rows().take(past).skip(folded).map(row) }
                    if let Some(parting) = &props.parting { { parts(parting) } }
                    { for rows().skip(past).map(row) }
                </tbody>
            </table>
        </div>
    }
}

/// The way to the messages of the common past, and away from them.
fn fold(past: usize, whole: bool, set: UseStateSetter<bool>) -> Html {
    let says = match whole {
        true => format!("The first {past} messages are common to both: hide them"),
        false => format!("The first {past} messages are common to both: show them"),
    };
    html! {
        <tr class="fold"><td colspan="2">
            <button class="quiet" aria-expanded={whole.to_string()}
                onclick={move |_| set.set(!whole)}>{ says }</button>
        </td></tr>
    }
}

/// Where the two part, and what was done there.
fn parts(parting: &Parting) -> Html {
    let at = units::time(parting.at.as_nanos() as f64);
    let done: Vec<&String> = parting.done.iter().flatten().collect();
    let says = match (parting.done.each_ref(), done.as_slice()) {
        (_, []) => "Nothing was done to either from outside.".to_string(),
        ([Some(_), None], [here, ..]) => format!("On the left, {here}."),
        ([None, Some(_)], [there, ..]) => format!("On the right, {there}."),
        (_, both) => {
            let both: Vec<&str> = both.iter().map(|done| done.as_str()).collect();
            format!("On the left, {}.", both.join("; on the right, "))
        }
    };
    html! {
        <tr class="parting"><td colspan="2">
            <b>{ format!("Here they part, at {at}") }</b>{ " " }{ says }
        </td></tr>
    }
}

/// The rule that is told with a row.
fn rule_of(row: &Row) -> Option<&'static str> {
    row.differences.iter().rev().find_map(|difference| difference.rule).map(|rule| rule.id)
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
    /// Whether the two clocks are one clock.
    timed: bool,
    /// The rule that the row before has told.
    told: Option<&'static str>,
}

/// A matched pair, and below it how the two differ.
#[component]
fn BesideRow(props: &RowProps) -> Html {
    let row = &props.row;
    let differs = !row.differences.is_empty();
    let [first, second] = &row.cells;
    let later = match (props.timed, first, second) {
        (true, Some(first), Some(second)) => later(first, second),
        _ => None,
    };
    let how: Vec<Html> =
        row.differences.iter().filter_map(|difference| how(difference, props.told)).collect();
    html! {
        <>
            <tr data-differs={differs.to_string()} data-picked={props.picked.to_string()}>
                <td>{ cell(first.as_ref(), later, Some(&props.onpick)) }</td>
                <td>{ cell(second.as_ref(), None, None) }</td>
            </tr>
            if !how.is_empty() {
                <tr class="how"><td colspan="2"><ul>{ for how }</ul></td></tr>
            }
        </>
    }
}

/// A difference in words, and its rule unless the row before has told it. That only one has the
/// message is seen: what is told of that is why it was sent.
fn how(difference: &Difference, told: Option<&str>) -> Option<Html> {
    let says = Some(&difference.says).filter(|_| difference.kind != Kind::OnlyHere);
    let rule = difference.rule.filter(|rule| told != Some(rule.id));
    let rule = rule.map(|rule| format!("{} [{}]", rule.says, rule.source));
    (says.is_some() || rule.is_some()).then(|| {
        html! {
            <li>{ for says }
                if let Some(rule) = rule { <small>{ rule }</small> }
            </li>
        }
    })
}

/// How much later a message was sent in the first run than in the second, if not at the same time.
fn later(first: &Cell, second: &Cell) -> Option<String> {
    let time = |span: Duration| units::time(span.as_nanos() as f64);
    match first.at.cmp(&second.at) {
        Ordering::Greater => Some(format!("{} later", time(first.at - second.at))),
        Ordering::Less => Some(format!("{} earlier", time(second.at - first.at))),
        Ordering::Equal => None,
    }
}

/// A message; one of the first run can be opened in the inspector.
fn cell(cell: Option<&Cell>, later: Option<String>, onpick: Option<&Callback<Pick>>) -> Html {
    let Some(cell) = cell else {
        return html! { <span class="none">{ "not there" }</span> };
    };
    // A figure and its unit stay together on a narrow screen.
    let at = units::time(cell.at.as_nanos() as f64).replace(' ', "\u{a0}");
    let way = format!("{} \u{2192} {}, {at}", cell.from, cell.to);
    let words = html! {
        <><b>{ &cell.title }</b><small>{ way }
            if let Some(later) = later { { ", " }<em>{ later }</em> }</small></>
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

/// Fewer messages than this are not worth folding away.
const FOLDED_MIN: usize = 4;
