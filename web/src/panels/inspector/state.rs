//! The State tab: each machine on its chart, and what just changed in its memory.

use std::rc::Rc;

use protocols::endpoint::{Position, Table, View};
use yew::prelude::*;

use crate::draw::chart::{StateBox, layout};
use crate::panels::rule::source;

/// What the tab is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The host's name.
    pub host: AttrValue,
    /// The host as it is at the moment; none where no host is selected.
    pub now: Option<Rc<View>>,
    /// The host as it was before its latest step.
    pub before: Option<Rc<View>>,
    /// Whether the host is switched off: what it shows then is what lies on its disk.
    #[prop_or_default]
    pub off: bool,
    /// The hosts to choose from.
    pub hosts: Vec<AttrValue>,
    /// Called with the index of the host that is wanted.
    pub onhost: Callback<usize>,
    /// What stands here where nothing is known of the host.
    #[prop_or(AttrValue::Static("Choose a host."))]
    pub unknown: AttrValue,
}

/// The State tab.
#[component]
pub fn StateTab(props: &Props) -> Html {
    let open = use_state_eq(|| None::<String>);
    let Some(now) = props.now.clone() else {
        return html! {
            <div class="state">{ choice(props) }<p class="mute">{ &props.unknown }</p></div>
        };
    };
    let before = props.before.clone().unwrap_or_default();
    let moved = now.machines.iter().find(|m| was(&before, m).is_some_and(|at| at != m.at));
    let shown = now
        .machines
        .iter()
        .find(|m| open.as_ref() == Some(&m.title))
        .or(moved)
        .or(now.machines.last());
    html! {
        <div class="state">
            { choice(props) }
            { doing(now.state.as_str(), props.off) }
            if let Some(position) = shown {
                { chart(position, was(&before, position)) }
            }
            if now.machines.len() > 1 {
                <ul class="machines">
                    { for now.machines.iter().map(|m| {
                        let (open, title) = (open.clone(), m.title.clone());
                        let current = shown.is_some_and(|s| s.title == m.title);
                        html! {
                            <li key={m.title.clone()}>
                                <button aria-pressed={current.to_string()}
                                    onclick={move |_| open.set(Some(title.clone()))}>
                                    <span>{ &m.title }</span><b>{ state_name(m) }</b>
                                </button>
                            </li>
                        }
                    }) }
                </ul>
            }
            { for now.tables.iter().filter(|table| !table.rows.is_empty()).map(|table| {
                let earlier = before.tables.iter().find(|other| other.title == table.title);
                memory(table, earlier)
            }) }
            { empty(&now.tables) }
        </div>
    }
}

fn doing(state: &str, off: bool) -> Html {
    if off {
        return html! {
            <p class="doing">{ "It is " }<b>{ "switched off" }</b>
                { ". Its connections are gone. Below is what it keeps on its disk." }</p>
        };
    }
    html! { <p class="doing">{ "It is " }<b>{ state }</b>{ "." }</p> }
}

fn choice(props: &Props) -> Html {
    html! {
        <div class="choice" role="group" aria-label="Host">
            { for props.hosts.iter().enumerate().map(|(at, name)| html! {
                <button key={at} class="button small"
                    aria-pressed={(*name == props.host).to_string()}
                    onclick={props.onhost.reform(move |_| at)}>{ name }</button>
            }) }
        </div>
    }
}

/// Where a machine was in an earlier view.
fn was(before: &View, machine: &Position) -> Option<usize> {
    before.machines.iter().find(|other| other.title == machine.title).map(|other| other.at)
}

fn state_name(machine: &Position) -> &'static str {
    machine.chart.states.get(machine.at).map_or("", |state| state.name)
}

fn chart(machine: &Position, was: Option<usize>) -> Html {
    let picture = layout(machine.chart, CHART_PX);
    let label = format!("{}, now in the state {}", machine.chart.name, state_name(machine));
    html! {
        <figure class="chart">
            <figcaption>{ &machine.title }<small>{ machine.chart.name }</small></figcaption>
            <svg viewBox={format!("0 0 {} {}", picture.width, picture.height)} role="img"
                aria-label={label}>
                <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"
                    markerHeight="7" orient="auto"><path d="M0 .5L8 4 0 7.500z" /></marker></defs>
                { for picture.curves.iter().enumerate().map(|(at, curve)| html! {
                    <path key={at} class={classes!("edge", moves(machine, was, &curve.edges))}
                        d={curve.path.clone()} marker-end="url(#tip)">
                        <title>{ triggers(machine, &curve.edges) }</title>
                    </path>
                }) }
                { for picture.boxes.iter().enumerate().map(|(at, place)| {
                    state_box(machine, was, at, place)
                }) }
            </svg>
            <p>{ machine.chart.states.get(machine.at).map_or("", |state| state.says) }</p>
            { legal(machine) }
        </figure>
    }
}

fn state_box(machine: &Position, was: Option<usize>, at: usize, place: &StateBox) -> Html {
    let state = machine.chart.states.get(at);
    let (name, says) = state.map_or(("", ""), |state| (state.name, state.says));
    let named = place.y + if place.anywhere.is_some() { NAME_UP_PX } else { NAME_PX };
    html! {
        <g key={at} class={classes!("box", (at == machine.at).then_some("here"))}>
            <rect x={(place.x - place.width / 2.0).to_string()}
                y={(place.y - place.height / 2.0).to_string()} rx="8"
                width={place.width.to_string()} height={place.height.to_string()} />
            <text x={place.x.to_string()} y={named.to_string()}>{ name }</text>
            if let Some(anywhere) = &place.anywhere {
                <text class={classes!("from", moves(machine, was, &anywhere.edges))}
                    x={place.x.to_string()} y={(place.y + FROM_DOWN_PX).to_string()}>
                    { anywhere.says }
                    <title>{ triggers(machine, &anywhere.edges) }</title>
                </text>
            }
            <title>{ says }</title>
        </g>
    }
}

/// Whether one of these moves may come next, and whether one was the last.
fn moves(machine: &Position, was: Option<usize>, edges: &[usize]) -> Classes {
    let edges = || edges.iter().filter_map(|at| machine.chart.edges.get(*at));
    let legal = edges().any(|edge| edge.from == machine.at);
    let taken = edges().any(|edge| was == Some(edge.from) && edge.to == machine.at);
    classes!(legal.then_some("legal"), taken.then_some("taken"))
}

/// What makes the machine go these ways, in one line.
fn triggers(machine: &Position, edges: &[usize]) -> String {
    let edges = edges.iter().filter_map(|at| machine.chart.edges.get(*at));
    let mut names: Vec<&str> = Vec::new();
    for edge in edges {
        if !names.contains(&edge.on) {
            names.push(edge.on);
        }
    }
    names.join(", ")
}

/// The moves that may come next.
fn legal(machine: &Position) -> Html {
    let mut moves = machine.chart.leaving(machine.at).peekable();
    if moves.peek().is_none() {
        return html! { <p class="mute">{ "Nothing more can come here." }</p> };
    }
    html! {
        <dl class="moves">
            { for moves.enumerate().map(|(n, edge)| html! {
                <div key={n}>
                    <dt>{ edge.on }</dt>
                    <dd>{ "\u{2192} " }{ machine.chart.states.get(edge.to).map_or("", |s| s.name) }
                        { " " }{ source(edge.rule) }</dd>
                </div>
            }) }
        </dl>
    }
}

/// The tables in which nothing is, in one line.
fn empty(tables: &[Table]) -> Html {
    let titles: Vec<&str> =
        tables.iter().filter(|table| table.rows.is_empty()).map(|table| table.title).collect();
    if titles.is_empty() {
        return html! { <p class="mute" hidden={true}></p> };
    }
    html! { <p class="mute">{ format!("Empty: {}.", titles.join(", ")) }</p> }
}

fn memory(table: &Table, before: Option<&Table>) -> Html {
    let same = |key: &str| before.and_then(|before| before.rows.iter().find(|row| row.key == key));
    html! {
        <section key={table.title} class="memory" aria-label={table.title}>
            <h2>{ table.title }</h2>
                <div class="scroll" tabindex="0" role="group" aria-label={table.title}><table>
                    <thead><tr>{ for table.columns.iter().map(|column| html! {
                        <th key={*column} scope="col">{ *column }</th> }) }</tr></thead>
                    <tbody>{ for table.rows.iter().map(|row| {
                        let earlier = same(&row.key);
                        let class = match earlier {
                            _ if before.is_none() => None,
                            None => Some("new"),
                            Some(_) => None,
                        };
                        html! {
                            <tr key={row.key.clone()} {class}>
                                { for row.cells.iter().enumerate().map(|(at, cell)| {
                                    let changed =
                                        earlier.is_some_and(|e| e.cells.get(at) != Some(cell));
                                    html! {
                                        <td key={at} class={look(cell, changed)}>{ cell }</td>
                                    }
                                }) }
                            </tr>
                        }
                    }) }</tbody>
                </table></div>
        </section>
    }
}

/// How a cell looks: marked where it has just changed, in lines where it is long.
fn look(cell: &str, changed: bool) -> Classes {
    let long = cell.chars().count() > LONG_LETTERS;
    classes!(changed.then_some("changed"), long.then_some("long"))
}

/// A longer cell is broken into lines, at its spaces.
const LONG_LETTERS: usize = 20;
/// The width for which charts are laid out; they are scaled to what there is.
const CHART_PX: f32 = 380.0;
/// From the middle of a box down to the base line of its name: alone, and over a second line.
const NAME_PX: f32 = 4.0;
const NAME_UP_PX: f32 = -2.0;
/// The same for the second line.
const FROM_DOWN_PX: f32 = 12.0;
