//! The form for the DHT: through whom to join it, and what to ask of it.

use std::rc::Rc;

use protocols::kademlia::node::Command;
use yew::prelude::*;

use super::ask::ask;
use super::desk::{Desk, Do};
use super::fields::{FormProps, choice, line};
use super::practice::Practice;
use super::wish::TAB;

/// The form as it is filled in.
#[derive(Clone, PartialEq, Debug)]
struct Request {
    /// Address and port of a node.
    node: String,
    /// What is asked, in the node's own word.
    verb: String,
    /// An infohash or ID, or a word of which it is the hash.
    key: String,
    /// Where this tab would take connections, if it could.
    port: String,
}

impl Request {
    /// The command to join through the node that is named.
    fn joining(&self) -> Result<String, String> {
        self.at_node("bootstrap")
    }

    /// The command for what is asked.
    fn command(&self) -> Result<String, String> {
        let (key, port) = (self.key.trim(), self.port.trim());
        match (self.verb.as_str(), key) {
            (PING, _) => self.at_node(PING),
            (_, "") => Err("Give an ID of 40 hexadecimal digits, or any word.".to_string()),
            (ANNOUNCE, key) => understood(format!("{ANNOUNCE} {key} {port}")),
            (verb, key) => understood(format!("{verb} {key}")),
        }
    }

    fn at_node(&self, verb: &str) -> Result<String, String> {
        match self.node.trim() {
            "" => Err("Give the address of a node, such as 127.0.0.1:24881.".to_string()),
            node => understood(format!("{verb} {node}")),
        }
    }
}

/// A command that the node understands, as it says it itself.
fn understood(text: String) -> Result<String, String> {
    let command: Command = text.parse().map_err(|e: protocols::endpoint::CommandError| e.0)?;
    Ok(command.to_string())
}

/// The form.
#[component]
pub fn DhtForm(props: &FormProps) -> Html {
    let desk = &props.desk.0;
    let request = use_state_eq(|| Request {
        node: String::new(),
        verb: PEERS.to_string(),
        key: KNOWN.to_string(),
        port: USUAL_PORT.to_string(),
    });
    let wrong = use_state_eq(|| None::<AttrValue>);
    let practice = desk.session.practice();
    let first = practice.iter().find(|server| server.is_dht());
    use_offered(first.map(Practice::authority), &request);
    let change = |fill: fn(&mut Request, String)| {
        let request = request.clone();
        Callback::from(move |value: String| {
            let mut changed = (*request).clone();
            fill(&mut changed, value);
            request.set(changed);
        })
    };
    let carry_out = sender(desk, &props.act, &wrong);
    let onjoin = {
        let (request, carry_out) = (request.clone(), carry_out.clone());
        move |_: MouseEvent| carry_out.emit(request.joining())
    };
    // Whoever knows nobody joins first: that is the button to press.
    let alone = is_alone(desk);
    let onsubmit = asker(&request, carry_out, alone);
    let main = |is_next: bool| classes!("button", is_next.then_some("main"));
    let onnode = change(|request, value| request.node = value);
    html! {
        <form class="wish" {onsubmit} novalidate={true}>
            { offer(first, &request.node, &onnode) }
            { line("live-node", "Node", &request.node, onnode) }
            <div class="acts"><button class={main(alone)} type="button" onclick={onjoin}>
                { "Join through it" }</button></div>
            { choice("live-dht", "Ask", ASKS, &request.verb,
                change(|request, value| request.verb = value)) }
            <p class="small">
                { "This is the query " }<code>{ query(&request.verb) }</code>{ "." }
            </p>
            if request.verb != PING {
                { line("live-key", "Word or ID", &request.key,
                    change(|request, value| request.key = value)) }
            }
            if request.verb == ANNOUNCE {
                { line("live-port", "Port", &request.port,
                    change(|request, value| request.port = value)) }
            }
            <div class="acts"><button class={main(!alone)} type="submit">{ "Ask" }</button></div>
            <p id="live-wrong" class="warn" role="alert">{ (*wrong).clone() }</p>
            { props.children.clone() }
            <div class="help"><p>{ REACHED }</p></div>
        </form>
    }
}

/// Asks for what stands in the form. A node that knows nobody can only ping.
fn asker(
    request: &Request,
    carry_out: Callback<Result<String, String>>,
    alone: bool,
) -> Callback<SubmitEvent> {
    let lonely = alone && request.verb != PING;
    let command = if lonely { Err(KNOWS_NOBODY.to_string()) } else { request.command() };
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        carry_out.emit(command.clone());
    })
}

/// Whether the node in the tab knows no other one.
fn is_alone(desk: &Desk) -> bool {
    desk.read(|trace| {
        let last = trace.entries.iter().rfind(|entry| entry.host == TAB);
        last.is_none_or(|entry| entry.state == ALONE)
    })
}

/// Fills the address of a node in, once one is known and as long as the student has given none.
#[hook]
fn use_offered(first: Option<String>, request: &UseStateHandle<Request>) {
    let request = request.clone();
    use_effect_with(first, move |first| {
        if let Some(node) = first.clone().filter(|_| request.node.is_empty()) {
            request.set(Request { node, ..(*request).clone() });
        }
    });
}

/// Gives a command to the node in the tab, or says what is wrong with it.
fn sender(
    desk: &Rc<Desk>,
    act: &Callback<Do>,
    wrong: &UseStateHandle<Option<AttrValue>>,
) -> Callback<Result<String, String>> {
    let (desk, act, wrong) = (desk.clone(), act.clone(), wrong.clone());
    Callback::from(move |command: Result<String, String>| {
        let done = command.and_then(|text| ask(&desk, &act, vec![text]));
        wrong.set(done.err().map(AttrValue::from));
    })
}

/// The node of the practice DHT through which others join.
fn offer(first: Option<&Practice>, current: &str, pick: &Callback<String>) -> Html {
    let Some(server) = first else { return html! { <div hidden={true}></div> } };
    let at = server.authority();
    let pressed = (current == at).to_string();
    let onclick = {
        let (pick, at) = (pick.clone(), at.clone());
        move |_| pick.emit(at.clone())
    };
    html! {
        <div class="servers" role="group" aria-label="Practice DHT">
            <p class="kicker">{ "Practice servers of the relay" }</p>
            <button type="button" aria-pressed={pressed} {onclick}>
                <b>{ &server.name }</b><small>{ at }</small></button>
        </div>
    }
}

/// The node's own word for its state while it knows nobody.
const ALONE: &str = "Alone";
/// What is said to who asks then.
const KNOWS_NOBODY: &str =
    "This tab knows nobody yet whom it could ask. Press \u{201c}Join through it\u{201d} first.";
const PING: &str = "ping";
const PEERS: &str = "peers";
const ANNOUNCE: &str = "announce";

/// What the query is called in BEP 5.
fn query(verb: &str) -> &'static str {
    match verb {
        PING => "ping",
        PEERS => "get_peers",
        ANNOUNCE => "announce_peer",
        _ => "find_node",
    }
}

/// What can be asked, in words that fit into the narrowest list.
const ASKS: &[(&str, &str)] = &[
    (PEERS, "who has it?"),
    (ANNOUNCE, "I have it"),
    ("find", "who is near it?"),
    (PING, "are you there?"),
];

/// What two of the practice nodes announce.
const KNOWN: &str = "lecture.ogv";
/// The first of the ports that BitTorrent has used from its beginning.
const USUAL_PORT: &str = "6881";

/// How far the tab is a node like others.
const REACHED: &str = "Others reach this tab at a socket of the relay, and only those whom the \
                       relay allows. It closes a socket on which nothing moves for 60 seconds: \
                       then this tab cannot be reached until it asks again, from another port. \
                       Nobody can connect to the port that is announced here.";

#[cfg(test)]
mod tests {
    use super::*;

    fn request(verb: &str) -> Request {
        Request {
            node: "127.0.0.1:24881".into(),
            verb: verb.into(),
            key: "film".into(),
            port: "7001".into(),
        }
    }

    #[test]
    fn each_question_is_a_command_that_the_node_understands() {
        let commands: Vec<String> =
            ASKS.iter().map(|(verb, _)| request(verb).command().unwrap()).collect();
        assert_eq!(
            commands,
            ["peers film", "announce film 7001", "find film", "ping 127.0.0.1:24881"]
        );
        assert_eq!(request(PEERS).joining().unwrap(), "bootstrap 127.0.0.1:24881");
    }

    #[test]
    fn what_no_node_understands_is_refused_with_a_sentence() {
        let wrong = [
            Request { key: " ".into(), ..request(PEERS) }.command(),
            Request { key: "two words".into(), ..request("find") }.command(),
            Request { port: "70000".into(), ..request(ANNOUNCE) }.command(),
            Request { node: String::new(), ..request(PING) }.command(),
            Request { node: "somewhere".into(), ..request(PING) }.joining(),
        ];
        for refused in wrong {
            let why = refused.unwrap_err();
            assert!(why.ends_with('.') && why.len() > 10, "{why}");
        }
    }
}
