//! The form for the web, with what a fetch means: settings first, then the request.

use yew::prelude::*;

use super::ask::ask;
use super::desk::{Desk, Do};
use super::fields::FormProps;
use super::form::Form;
use super::wish::{Wish, setting};

/// The form, filled in.
#[component]
pub fn WebForm(props: &FormProps) -> Html {
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
        <Form wish={(*wish).clone()} {onwish} {onfetch} wrong={(*wrong).clone()} {practice}>
            { props.children.clone() }
        </Form>
    }
}

/// Fetches what is wished: really, or in the fork that is looked at.
fn fetch(desk: &Desk, act: &Callback<Do>, wish: &Wish) -> Result<(), String> {
    let config = match desk.at {
        Some(_) => desk.read(|trace| setting(trace, desk.moment)),
        None => desk.read(|trace| setting(trace, trace.entries.len())),
    };
    ask(desk, act, wish.commands(&config)?)
}
