//! What is between the student and the server, drawn as the way that bytes take.

use yew::prelude::*;

use super::desk::Desk;
use super::practice::{Absence, place, socket_url};
use super::session::Between;
use super::task::Task;

/// A stretch of the way and how it stands; the words say it too.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Hop {
    Up,
    Trying,
    None,
    Broken,
}

impl Hop {
    /// Its name in the style sheet.
    const fn name(self) -> &'static str {
        match self {
            Hop::Up => "up",
            Hop::Trying => "trying",
            Hop::None => "none",
            Hop::Broken => "broken",
        }
    }
}

/// The way: stops and the hops between them, from the tab to the server.
pub fn way(desk: &Desk) -> Html {
    let server = server(desk);
    let between = desk.session.between();
    html! {
        <ol class="way" aria-label="What is between you and the server">
            if desk.at.is_some() {
                { stop("This tab", OURS, Some(Hop::Up)) }
                { hop(Hop::Up, "a simulated path", html! {
                    <small>{ "with the delay that was measured" }</small> }) }
                { stop("Our own server", &format!("for {server}, with what was seen to be served"),
                    None) }
            } else {
                { stop("This tab", OURS, Some(websocket(&between))) }
                { hop(websocket(&between), "WebSocket", html! { <code>{ socket_url() }</code> }) }
                { stop("The relay", &relay(&between), Some(tcp(&between))) }
                { hop(tcp(&between), transport(desk), html! {
                    <small>{ "opened by the relay, which finds the address of a name" }</small> }) }
                { stop("The server", &server, None) }
            }
        </ol>
    }
}

/// Who is at the far end: by name where the relay practises with it.
fn server(desk: &Desk) -> String {
    let at = desk.read(|trace| match trace.parties {
        [_, server] => server.name.clone(),
        [_, .., last] if desk.at.is_none() => last.name.clone(),
        [_, several @ ..] if !several.is_empty() => format!("{} servers", several.len()),
        [_, ..] | [] => "whichever you name, if the relay allows it".to_string(),
    });
    let practice = desk.session.practice();
    match practice.iter().find(|server| server.authority() == at) {
        Some(server) => format!("{}, {at}", server.name),
        None => at,
    }
}

/// The same in a sentence or two, which is read out whenever it changes.
pub fn standing(desk: &Desk) -> String {
    if desk.at.is_some() {
        return "Simulated from here, against our own server. Nothing leaves this tab. All that \
                comes before really happened."
            .to_string();
    }
    match desk.session.between() {
        Between::Looking => format!("Looking for a relay at {}.", place()),
        Between::NoRelay(Absence::Silence) => {
            "Not connected: there is no network, or what served this page has stopped.".to_string()
        }
        Between::NoRelay(_) => {
            "Not connected: this page comes from a place without a relay.".to_string()
        }
        Between::Connecting => format!("Connecting to the relay at {}.", socket_url()),
        Between::Connected(_) => format!("Connected through {}.", socket_url()),
        Between::Refused(why) => format!("The relay refused this page. {why}"),
        Between::Lost(why) => format!("Not connected any more. {why}"),
    }
}

/// What carries the bytes of the task beyond the relay.
fn transport(desk: &Desk) -> &'static str {
    match desk.session.task() {
        Task::Web | Task::Mail => "TCP",
        Task::Names => "UDP, TCP if need be",
        Task::Dht => "UDP",
    }
}

fn relay(between: &Between) -> String {
    match between {
        Between::Connected(policy) if policy.is_empty() => "says nothing of what it allows".into(),
        Between::Connected(policy) => policy.clone(),
        Between::Looking | Between::Connecting => "a program on your own machine".into(),
        Between::NoRelay(_) => "none here".into(),
        Between::Refused(_) => "there, but not for this page".into(),
        Between::Lost(_) => "gone".into(),
    }
}

fn websocket(between: &Between) -> Hop {
    match between {
        Between::Looking | Between::Connecting => Hop::Trying,
        Between::NoRelay(_) => Hop::None,
        Between::Connected(_) => Hop::Up,
        Between::Refused(_) | Between::Lost(_) => Hop::Broken,
    }
}

fn tcp(between: &Between) -> Hop {
    match between {
        Between::Connected(_) => Hop::Up,
        Between::Looking
        | Between::Connecting
        | Between::NoRelay(_)
        | Between::Refused(_)
        | Between::Lost(_) => Hop::None,
    }
}

fn stop(name: &'static str, says: &str, next: Option<Hop>) -> Html {
    html! {
        <li class="stop" data-next={next.map(Hop::name)}>
            <b>{ name }</b><small>{ says.to_string() }</small></li>
    }
}

fn hop(state: Hop, name: &'static str, says: Html) -> Html {
    let said = match state {
        Hop::Up => "",
        Hop::Trying => "not yet: ",
        Hop::None => "not there: ",
        Hop::Broken => "broken: ",
    };
    html! {
        <li class="hop" data-state={state.name()}>
            <span class="only-heard">{ said }</span><span>{ name }</span>{ says }
        </li>
    }
}

/// What the tab does on the way.
const OURS: &str = "with the client that the lessons have";
