//! The left part of the live page: the way to the server, the form, and what came of it.

use protocols::endpoint::{Output, Stimulus};
use world::{Trace, What};
use yew::prelude::*;

use super::desk::{Desk, Do};
use super::dht::DhtForm;
use super::fetch::WebForm;
use super::lookup::NamesForm;
use super::post::MailForm;
use super::practice::Absence;
use super::session::Between;
use super::task::Task;
use super::way::{standing, way};
use super::wish::TAB;
use crate::draw::icon::{Icon, icon};
use crate::draw::unbroken::unbroken;
use crate::draw::units;
use crate::panels::ByPointer;

/// What the left part is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The page's state.
    pub desk: ByPointer<Desk>,
    /// Does something.
    pub act: Callback<Do>,
}

/// The left part.
#[component]
pub fn Side(props: &Props) -> Html {
    let desk = &props.desk.0;
    let (given, act) = (props.desk.clone(), props.act.clone());
    let said = outcomes(desk);
    html! {
        <div class="side">
            { tasks(props) }
            <h1>{ if desk.at.is_some() { "A fork of the live run" } else { "A real server" } }</h1>
            <p class="standing" role="status">{ unbroken(&standing(desk)) }</p>
            { way(desk) }
            { help(props) }
            { match desk.session.task() {
                Task::Web => html! { <WebForm desk={given} {act}>{ said }</WebForm> },
                Task::Names => html! { <NamesForm desk={given} {act}>{ said }</NamesForm> },
                Task::Mail => html! { <MailForm desk={given} {act}>{ said }</MailForm> },
                Task::Dht => html! { <DhtForm desk={given} {act}>{ said }</DhtForm> },
            } }
        </div>
    }
}

/// What is done: a program for each.
fn tasks(props: &Props) -> Html {
    let now = props.desk.0.session.task();
    html! {
        <div class="seg tasks" role="group" aria-label="What to do">
            { for Task::ALL.into_iter().map(|task| html! {
                <button key={task.label()} aria-pressed={(task == now).to_string()}
                    onclick={props.act.reform(move |_| Do::Turn(task))}>{ task.label() }</button>
            }) }
        </div>
    }
}

/// How to come by a relay, where there is none, and the way back from a fork.
fn help(props: &Props) -> Html {
    let desk = &props.desk.0;
    if desk.at.is_some() {
        return html! {
            <div class="acts"><button class="button" onclick={props.act.reform(|_| Do::Return)}>
                { icon(Icon::Undo) }{ "Back to the live run" }</button></div>
        };
    }
    let connect = |label: &'static str| {
        let session = desk.session.clone();
        html! {
            <div class="acts"><button class="button" onclick={move |_| session.connect()}>
                { label }</button></div>
        }
    };
    match desk.session.between() {
        Between::NoRelay(what) => html! {
            <div class="help">
                <p>{ "A page may not open TCP connections by itself. A small program on your own \
                    machine, the relay, opens them for it; it comes with Wirelab." }</p>
                if what == Absence::PlainFiles {
                    <p>{ "In a copy of the sources, this starts one and opens the page that it \
                        serves:" }</p>
                } else {
                    <p>{ "If it has stopped, start it again where the sources are:" }</p>
                }
                <pre tabindex="0"><code>{ START }</code></pre>
                <p>{ "The lessons work without it." }</p>
                { connect("Look again") }
            </div>
        },
        Between::Refused(_) => connect("Try again"),
        Between::Lost(_) => connect("Reconnect"),
        Between::Looking | Between::Connecting | Between::Connected(_) => {
            html! { <div hidden={true}></div> }
        }
    }
}

/// What the client has told since the last command.
fn outcomes(desk: &Desk) -> Html {
    let told = desk.read(|trace| told(trace, desk.moment));
    html! {
        <section class="outcomes" aria-label="What the client says" aria-live="polite"
            hidden={told.is_empty()}>
            <ul>
                { for told.iter().enumerate().map(|(n, text)| {
                    let class = text.starts_with("failed ").then_some("warn");
                    html! { <li key={n} {class}>{ unbroken(&outcome(text)) }</li> }
                }) }
            </ul>
        </section>
    }
}

fn told(trace: Trace<'_>, moment: usize) -> Vec<String> {
    let mut told = Vec::new();
    for entry in trace.entries.iter().take(moment).filter(|entry| entry.host == TAB) {
        let What::Step(step) = &entry.what else { continue };
        if matches!(step.stimulus, Stimulus::Command(_)) {
            told.clear();
        }
        told.extend(step.outputs.iter().filter_map(|output| match output {
            Output::Emit(text) => Some(text.clone()),
            _ => None,
        }));
    }
    told.split_off(told.len().saturating_sub(MOST_TOLD))
}

/// What the client tells, in words; what is not known here stays as the client tells it.
fn outcome(text: &str) -> String {
    let number = |text: &str| text.parse().map_or(text.to_string(), units::bytes);
    let words: Vec<&str> = text.split(' ').collect();
    match words.as_slice() {
        ["response", url, status, bytes] => format!("{status} for {url}, {}", number(bytes)),
        ["page", url, "done", objects, bytes] => {
            format!("{url} is here with {objects} objects, {} in all", number(bytes))
        }
        ["failed", ..] => {
            let (url, why) =
                text.trim_start_matches("failed ").split_once(": ").unwrap_or((text, ""));
            let why = why.trim_start_matches(NO_CONNECTION);
            format!("{url} cannot be had: {why}")
        }
        _ => text.to_string(),
    }
}

/// What the client says before the reason; here it goes without saying.
const NO_CONNECTION: &str = "no connection: ";
/// The command that the README gives, too.
const START: &str = "make";
/// A page may have more objects than anybody reads the outcomes of.
const MOST_TOLD: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_told_in_words() {
        let page = outcome("page http://a.test/ done 2 3140");
        assert!(page.starts_with("http://a.test/ is here with 2 objects"), "{page}");
        let failed = outcome("failed http://a.test/: no connection: It said: no.");
        assert_eq!(failed, "http://a.test/ cannot be had: It said: no.");
        assert_eq!(outcome("nothing to reload"), "nothing to reload");
    }
}
