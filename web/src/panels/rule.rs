//! A rule with its source, as a note for the student.

use protocols::wire::Rule;
use yew::prelude::*;

/// The rule in our words, why it is so, and where it stands.
pub fn rule_note(rule: &'static Rule) -> Html {
    html! {
        <div class="rule">
            <p>{ rule.says }{ " " }{ source(rule) }</p>
            if !rule.why.is_empty() {
                <p class="because">{ rule.why }</p>
            }
        </div>
    }
}

/// Where a rule stands, as a link where there is an address.
pub fn source(rule: &'static Rule) -> Html {
    let name = match rule.source.section {
        "" => rule.source.document.to_string(),
        section => format!("{} \u{a7}{section}", rule.source.document),
    };
    match rule.source.link() {
        Some(href) => html! {
            <a class="source" {href} target="_blank" rel="noreferrer">{ name }</a>
        },
        None => html! { <span class="source">{ name }</span> },
    }
}
