//! Which of the commands on a stage of many nodes is followed: by the ladder, the transcript, and
//! the picture of the overlay.

use protocols::endpoint::Stimulus;
use web_sys::HtmlSelectElement;
use world::What;
use yew::prelude::*;

use crate::state::lab::{Do, Follow, Lab};

/// The commands that can be followed, latest first; nothing while there are fewer than `least`.
pub fn follow(lab: &Lab, act: &Callback<Do>, least: usize) -> Html {
    let run = lab.run.borrow();
    let Some(threads) = run.threads() else { return Html::default() };
    let asked = |root| {
        let entry = run.history.trace().entry(root)?;
        let What::Step(step) = &entry.what else { return None };
        let Stimulus::Command(text) = &step.stimulus else { return None };
        let host = run.history.plan().hosts.get(entry.host.0 as usize)?;
        Some((root, format!("{}: {text}", host.name)))
    };
    let roots = threads.all().iter().rev().map(|thread| thread.root);
    let known: Vec<_> = roots.filter_map(asked).take(MOST_CHOICES).collect();
    if known.len() < least {
        return Html::default();
    }
    let onchange = act.reform(|event: Event| {
        let value = event.target_unchecked_into::<HtmlSelectElement>().value();
        Do::Follow(match (value.as_str(), value.parse().map(world::EntryId)) {
            ("all", _) => Follow::All,
            (_, Ok(root)) => Follow::Thread(root),
            (_, Err(_)) => Follow::Latest,
        })
    });
    let is = |follow: Follow| lab.follow == follow;
    html! {
        <label class="follow">{ "Follow " }<select {onchange}>
            <option value="latest" selected={is(Follow::Latest)}>{ "the latest command" }</option>
            if lab.is_small() {
                <option value="all" selected={is(Follow::All)}>{ "everything" }</option>
            }
            { for known.into_iter().map(|(root, text)| html! {
                <option key={root.0} value={root.0.to_string()}
                    selected={is(Follow::Thread(root))}>{ text }</option>
            }) }
        </select></label>
    }
}

/// More commands than this are too long a list to choose from.
const MOST_CHOICES: usize = 30;
