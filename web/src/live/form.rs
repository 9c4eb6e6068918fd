//! The form of the live page: what to fetch, and how connections are used for it.

use protocols::http::Version;
use protocols::http::client::{MAX_CONNECTIONS, Mode};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::practice::Practice;
use super::wish::{VISIT, Wish};

/// What the form is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The form as it is filled in.
    pub wish: Wish,
    /// Called with the form as it is to be.
    pub onwish: Callback<Wish>,
    /// Called when it is sent off.
    pub onfetch: Callback<()>,
    /// What was wrong with what was sent off last.
    pub wrong: Option<AttrValue>,
    /// The practice servers.
    pub practice: std::rc::Rc<Vec<Practice>>,
    /// What came of it, to stand below the address.
    pub children: Html,
}

/// The form.
#[component]
pub fn Form(props: &Props) -> Html {
    let onsubmit = props.onfetch.reform(|event: SubmitEvent| event.prevent_default());
    let wish = &props.wish;
    let onurl = changed(props, |wish, value| wish.url = value);
    let wrong = props.wrong.is_some();
    html! {
        <form class="wish" {onsubmit} novalidate={true}>
            { servers(props) }
            <label for="live-url">{ "URL" }</label>
            <div class="address">
                <input id="live-url" type="text" inputmode="url" autocomplete="off"
                    autocapitalize="off" spellcheck="false" placeholder="http://127.0.0.1:8081/"
                    value={wish.url.clone()} oninput={onurl} aria-invalid={wrong.to_string()}
                    aria-describedby="live-wrong" />
                <button class="button main" type="submit">{ "Fetch" }</button>
            </div>
            <p id="live-wrong" class="warn" role="alert">{ props.wrong.clone() }</p>
            { props.children.clone() }
            { choice(props, "live-verb", "Ask for", VERBS, wish.verb, |wish, value| {
                wish.verb = VERBS.iter().find(|(verb, _)| *verb == value).map_or(VISIT, |v| v.0);
            }) }
            if wish.has_body() {
                <div class="knob-row">
                    <label for="live-body">{ "Content" }</label>
                    <input id="live-body" type="text" autocomplete="off" spellcheck="false"
                        value={wish.body.clone()} placeholder="name=Ada"
                        oninput={changed(props, |wish, value| wish.body = value)} />
                </div>
            }
            { connections(props) }
            <details class="more-settings">
                <summary>{ "Version, proxy, cache" }</summary>
                { choice(props, "live-version", "Version", VERSIONS, &wish.version.to_string(),
                    |wish, value| wish.version = match value.as_str() {
                        "HTTP/1.0" => Version::Http10,
                        _ => Version::Http11,
                    }) }
                { through(props) }
                { choice(props, "live-cache", "Cache", CACHES,
                    if wish.cache { "on" } else { "off" },
                    |wish, value| wish.cache = value == "on") }
            </details>
        </form>
    }
}

/// The practice servers, each a button that fills the address in.
fn servers(props: &Props) -> Html {
    let web = props.practice.iter().filter(|server| server.is_web());
    let buttons = web.map(|server| {
        let url = server.url();
        let (current, wish) = (props.wish.url == url, props.wish.clone());
        let onclick = props.onwish.reform(move |_| Wish { url: url.clone(), ..wish.clone() });
        html! {
            <button key={server.authority()} type="button" aria-pressed={current.to_string()}
                {onclick}><b>{ &server.name }</b><small>{ server.authority() }</small></button>
        }
    });
    let buttons: Vec<Html> = buttons.collect();
    html! {
        <div class="servers" role="group" aria-label="Practice servers" hidden={buttons.is_empty()}>
            <p class="kicker">{ "Practice servers of the relay" }</p>
            { for buttons }
        </div>
    }
}

fn connections(props: &Props) -> Html {
    let mode = props.wish.mode;
    let (name, number) = match mode {
        Mode::Serial => ("serial", None),
        Mode::Parallel(n) => ("parallel", Some(n)),
        Mode::Persistent(n) => ("persistent", Some(n)),
        Mode::Pipelined => ("pipelined", None),
    };
    let onnumber = changed(props, |wish, value| {
        let n = value.parse().unwrap_or(1).clamp(1, MAX_CONNECTIONS);
        wish.mode = match wish.mode {
            Mode::Parallel(_) => Mode::Parallel(n),
            Mode::Persistent(_) => Mode::Persistent(n),
            other @ (Mode::Serial | Mode::Pipelined) => other,
        };
    });
    html! {
        <>
            { choice(props, "live-mode", "Connections", MODES, name, |wish, value| {
                wish.mode = match value.as_str() {
                    "serial" => Mode::Serial,
                    "parallel" => Mode::Parallel(USUAL_PARALLEL),
                    "pipelined" => Mode::Pipelined,
                    _ => Mode::Persistent(1),
                };
            }) }
            if let Some(number) = number {
                <div class="knob-row">
                    <label for="live-number">{ "At most" }</label>
                    <input id="live-number" type="number" min="1" max={MAX_CONNECTIONS.to_string()}
                        value={number.to_string()} oninput={onnumber} />
                </div>
            }
        </>
    }
}

/// The proxy, where the relay practises with one.
fn through(props: &Props) -> Html {
    let proxies: Vec<(String, String)> = props
        .practice
        .iter()
        .filter(|server| server.is_proxy())
        .map(|server| (server.authority(), server.name.clone()))
        .collect();
    if proxies.is_empty() {
        return html! { <div hidden={true}></div> };
    }
    let direct = ("", "straight to the server");
    let all = proxies.iter().map(|(at, name)| (at.as_str(), name.as_str()));
    let all: Vec<(&str, &str)> = [direct].into_iter().chain(all).collect();
    choice(props, "live-proxy", "Through", &all, &props.wish.proxy, |wish, value| {
        wish.proxy = value;
    })
}

/// A labelled list of choices.
fn choice(
    props: &Props,
    id: &'static str,
    label: &'static str,
    all: &[(&str, &str)],
    now: &str,
    set: fn(&mut Wish, String),
) -> Html {
    let wish = props.wish.clone();
    let onchange = props.onwish.reform(move |event: Event| {
        let mut wish = wish.clone();
        set(&mut wish, event.target_unchecked_into::<HtmlSelectElement>().value());
        wish
    });
    html! {
        <div class="knob-row">
            <label for={id}>{ label }</label>
            <select {id} {onchange}>
                { for all.iter().map(|(value, words)| html! {
                    <option key={value.to_string()} value={value.to_string()}
                        selected={*value == now}>{ words.to_string() }</option>
                }) }
            </select>
        </div>
    }
}

fn changed(props: &Props, set: fn(&mut Wish, String)) -> Callback<InputEvent> {
    let wish = props.wish.clone();
    props.onwish.reform(move |event: InputEvent| {
        let mut wish = wish.clone();
        set(&mut wish, event.target_unchecked_into::<HtmlInputElement>().value());
        wish
    })
}

const VERBS: &[(&str, &str)] = &[
    (VISIT, "the page and its objects"),
    ("get", "this alone (GET)"),
    ("head", "its fields only (HEAD)"),
    ("post", "an answer to a form (POST)"),
    ("put", "this to be stored (PUT)"),
    ("delete", "this to be removed (DELETE)"),
    ("options", "what is possible (OPTIONS)"),
];
const MODES: &[(&str, &str)] = &[
    ("persistent", "kept (persistent)"),
    ("serial", "new for each, in series"),
    ("parallel", "new for each, in parallel"),
    ("pipelined", "kept, without waiting (pipelined)"),
];
const VERSIONS: &[(&str, &str)] = &[("HTTP/1.1", "HTTP/1.1"), ("HTTP/1.0", "HTTP/1.0")];
const CACHES: &[(&str, &str)] = &[("off", "none"), ("on", "keep answers and use them again")];
/// As many as browsers open to one origin.
const USUAL_PARALLEL: usize = 6;
