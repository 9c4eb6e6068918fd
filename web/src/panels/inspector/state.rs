//! The State tab: each machine on its chart, and what just changed in its memory.

use std::rc::Rc;

use protocols::endpoint::{Position, Table, View};
use yew::prelude::*;

use crate::draw::chart::{BOX_PX, layout};
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
            { for now.tables.iter().map(|table| {
                let earlier = before.tables.iter().find(|other| other.title == table.title);
                memory(table, earlier)
            }) }
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
    let edges = machine.chart.edges.iter().zip(&picture.curves).enumerate();
    let state = machine.chart.states.get(machine.at);
    html! {
        <figure class="chart">
            <figcaption>{ &machine.title }<small>{ machine.chart.name }</small></figcaption>
            <svg viewBox={format!("0 0 {} {}", picture.width, picture.height)} role="img"
                aria-label={label}>
                <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"
                    markerHeight="7" orient="auto"><path d="M0 .5L8 4 0 7.500z" /></marker></defs>
                { for edges.map(|(at, (edge, curve))| {
                    let taken = was == Some(edge.from) && edge.to == machine.at;
                    let class = classes!("edge", (edge.from == machine.at).then_some("legal"),
                        taken.then_some("taken"));
                    html! {
                        <path key={at} {class} d={curve.path.clone()} marker-end="url(#tip)">
                            <title>{ edge.on }</title>
                        </path>
                    }
                }) }
                { for machine.chart.states.iter().zip(&picture.boxes).enumerate().map(
                    |(at, (state, place))| html! {
                        <g key={at} class={classes!("box", (at == machine.at).then_some("here"))}>
                            <rect x={(place.x - place.width / 2.0).to_string()}
                                y={(place.y - BOX_PX / 2.0).to_string()} rx="8"
                                width={place.width.to_string()} height={BOX_PX.to_string()} />
                            <text x={place.x.to_string()} y={(place.y + 4.0).to_string()}>
                                { state.name }</text>
                            <title>{ state.says }</title>
                        </g>
                    }) }
            </svg>
            <p>{ state.map_or("", |state| state.says) }</p>
            { legal(machine) }
        </figure>
    }
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

fn memory(table: &Table, before: Option<&Table>) -> Html {
    let same = |key: &str| before.and_then(|before| before.rows.iter().find(|row| row.key == key));
    html! {
        <section key={table.title} class="memory" aria-label={table.title}>
            <h2>{ table.title }</h2>
            if table.rows.is_empty() {
                <p class="mute">{ "empty" }</p>
            } else {
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
            }
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
const CHART_PX: f32 = 360.0;
