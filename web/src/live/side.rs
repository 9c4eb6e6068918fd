//! The left part of the live page: the way to the server, the form, and what came of it.

use protocols::endpoint::{Output, Stimulus};
use world::{Trace, What};
use yew::prelude::*;

use super::desk::{Desk, Do};
use super::form::Form;
use super::practice::Absence;
use super::session::Between;
use super::way::{standing, way};
use super::wish::{TAB, Wish, setting};
use crate::draw::icon::{Icon, icon};
use crate::draw::units;
use crate::panels::ByPointer;
use crate::panels::time::Travel;
use crate::state::lab::Part;

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
    let wish = use_state_eq(Wish::default);
    let wrong = use_state_eq(|| None::<AttrValue>);
    let practice = desk.session.practice();
    {
        // The first practice server stands in the form from the start.
        let first = practice.iter().find(|server| server.is_web()).map(|server| server.url());
        let wish = wish.clone();
        use_effect_with(first, move |first| {
            if let Some(url) = first.as_ref().filter(|_| wish.url.is_empty()) {
                wish.set(Wish { url: url.clone(), ..(*wish).clone() });
            }
        });
    }
    let onwish = {
        let (wish, wrong) = (wish.clone(), wrong.clone());
        Callback::from(move |changed: Wish| {
            wish.set(changed);
            wrong.set(None);
        })
    };
    let onfetch = {
        let (desk, act, wish, wrong) =
            (desk.clone(), props.act.clone(), wish.clone(), wrong.clone());
        Callback::from(move |()| wrong.set(fetch(&desk, &act, &wish).err().map(AttrValue::from)))
    };
    html! {
        <div class="side">
            <h1>{ if desk.at.is_some() { "A fork of the live run" } else { "A real server" } }</h1>
            <p class="standing" role="status">{ standing(desk) }</p>
            { way(desk) }
            { help(props) }
            <Form wish={(*wish).clone()} {onwish} {onfetch} wrong={(*wrong).clone()} {practice}>
                { outcomes(desk) }
            </Form>
        </div>
    }
}

/// Fetches what is wished: really, or in the fork that is looked at.
fn fetch(desk: &Desk, act: &Callback<Do>, wish: &Wish) -> Result<(), String> {
    if desk.at.is_some() {
        wish.commands(&desk.read(|trace| setting(trace, desk.moment)))?;
        act.emit(Do::Fetch(Box::new(wish.clone())));
        return Ok(());
    }
    let recorded = desk.session.live().recording().trace().entries.len();
    let commands = wish.commands(&setting(desk.session.live().recording().trace(), recorded))?;
    match desk.session.between() {
        Between::Connected(_) => {}
        Between::Looking | Between::Connecting => {
            return Err("The relay is not connected yet. Try again in a moment.".to_string());
        }
        Between::NoRelay(_) | Between::Refused(_) | Between::Lost(_) => {
            return Err("Nothing can be fetched without a relay.".to_string());
        }
    }
    act.emit(Do::Travel(Travel::End));
    act.emit(Do::Part(Part::Middle));
    commands.iter().try_for_each(|command| desk.session.command(command))
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
                    html! { <li key={n} {class}>{ outcome(text) }</li> }
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
