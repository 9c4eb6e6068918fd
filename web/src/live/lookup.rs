//! The form for names: what to look up, and whom to ask.

use std::rc::Rc;

use yew::prelude::*;

use super::ask::ask;
use super::desk::{Desk, Do};
use super::fields::{FormProps, choice, line};
use super::practice::Practice;

/// The form as it is filled in.
#[derive(Clone, PartialEq, Debug)]
struct Question {
    name: String,
    kind: String,
    server: String,
}

impl Question {
    /// The command for it.
    fn command(&self) -> Result<String, String> {
        let (name, server) = (self.name.trim(), self.server.trim());
        match (name, server) {
            ("", _) => Err("Give a name, such as www.cs.test.".to_string()),
            (_, "") => Err("Give the address of a name server, such as 127.0.0.1:15353.".into()),
            (name, server) => Ok(format!("lookup {name} {} @{server}", self.kind)),
        }
    }
}

/// The form.
#[component]
pub fn NamesForm(props: &FormProps) -> Html {
    let desk = &props.desk.0;
    let question = use_state_eq(|| Question {
        name: "www.cs.test".to_string(),
        kind: TYPES[0].to_string(),
        server: String::new(),
    });
    let wrong = use_state_eq(|| None::<AttrValue>);
    let practice = desk.session.practice();
    let servers: Vec<&Practice> = practice.iter().filter(|server| server.is_names()).collect();
    {
        let first = servers.first().map(|server| server.authority());
        let question = question.clone();
        use_effect_with(first, move |first| {
            if let Some(server) = first.clone().filter(|_| question.server.is_empty()) {
                question.set(Question { server, ..(*question).clone() });
            }
        });
    }
    let onsubmit = submission(desk, &props.act, &question, &wrong);
    let change = |fill: fn(&mut Question, String)| {
        let question = question.clone();
        Callback::from(move |value: String| {
            let mut changed = (*question).clone();
            fill(&mut changed, value);
            question.set(changed);
        })
    };
    let types: Vec<(&str, &str)> = TYPES.iter().map(|kind| (*kind, *kind)).collect();
    let offers =
        offers(&servers, &question.server, &change(|question, value| question.server = value));
    let oninput = {
        let change = change(|question, value| question.name = value);
        change.reform(|event: InputEvent| {
            event.target_unchecked_into::<web_sys::HtmlInputElement>().value()
        })
    };
    html! {
        <form class="wish" {onsubmit} novalidate={true}>
            { offers }
            <label for="live-name">{ "Name" }</label>
            <div class="address">
                <input id="live-name" type="text" autocomplete="off" autocapitalize="off"
                    spellcheck="false" value={question.name.clone()} {oninput}
                    aria-invalid={wrong.is_some().to_string()} aria-describedby="live-wrong" />
                <button class="button main" type="submit">{ "Look up" }</button>
            </div>
            <p id="live-wrong" class="warn" role="alert">{ (*wrong).clone() }</p>
            { props.children.clone() }
            { choice("live-type", "Type", &types, &question.kind,
                change(|question, value| question.kind = value)) }
            { line("live-server", "Ask", &question.server,
                change(|question, value| question.server = value)) }
        </form>
    }
}

/// Asks what the form says, or says what is wrong with it.
fn submission(
    desk: &Rc<Desk>,
    act: &Callback<Do>,
    question: &UseStateHandle<Question>,
    wrong: &UseStateHandle<Option<AttrValue>>,
) -> Callback<SubmitEvent> {
    let (desk, act, question, wrong) = (desk.clone(), act.clone(), question.clone(), wrong.clone());
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        let done = question.command().and_then(|text| ask(&desk, &act, vec![text]));
        wrong.set(done.err().map(AttrValue::from));
    })
}

/// The name servers of the practice internet, to pick one.
fn offers(servers: &[&Practice], current: &str, pick: &Callback<String>) -> Html {
    let offers = servers.iter().map(|server| {
        let at = server.authority();
        let onclick = {
            let (pick, at) = (pick.clone(), at.clone());
            move |_| pick.emit(at.clone())
        };
        let pressed = (current == at).to_string();
        html! {
            <button key={at.clone()} type="button" aria-pressed={pressed} {onclick}>
                <b>{ &server.name }</b><small>{ at }</small></button>
        }
    });
    html! {
        <div class="servers" role="group" aria-label="Practice name servers"
            hidden={servers.is_empty()}>
            <p class="kicker">{ "Practice servers of the relay" }</p>
            { for offers }
        </div>
    }
}

/// The types that a course speaks of; others can be given in the palette's own words.
const TYPES: [&str; 9] = ["A", "AAAA", "NS", "CNAME", "MX", "TXT", "SOA", "SRV", "PTR"];
