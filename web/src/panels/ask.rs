//! Asking a node for a key: beside the node that is selected, and in the place of a ladder on which
//! there is nothing to draw, since no command is followed.

use web_sys::{HtmlInputElement, SubmitEvent};
use world::{HostId, World};
use yew::prelude::*;

use crate::draw::units::grouped;
use crate::state::lab::{Do, Lab};
use crate::state::pick::Pick;

/// What the form is told in which a node is asked for a key.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The node's host.
    pub host: String,
    /// What its command begins with.
    pub verb: &'static str,
    /// Does something.
    pub act: Callback<Do>,
}

/// Asks a node for a key.
#[component]
pub fn Ask(props: &Props) -> Html {
    let node = use_node_ref();
    let verb = props.verb;
    let onsubmit = {
        let (act, host, node) = (props.act.clone(), props.host.clone(), node.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let field = node.cast::<HtmlInputElement>();
            let key = field.map(|field| field.value()).unwrap_or_default();
            act.emit(Do::Command(host.clone(), format!("{verb} {}", key.trim())));
        })
    };
    html! {
        <form class="ask" {onsubmit}>
            <input ref={node} aria-label={format!("Key that {} is asked for", props.host)}
                value="song.mp3" size="12" spellcheck="false" autocomplete="off" />
            <button class="button small">{ format!("Ask: {verb}") }</button>
        </form>
    }
}

/// How a host is asked for a key; none if it cannot be.
pub fn verb(world: &World, host: HostId) -> Option<&'static str> {
    let commands = world.commands(host).iter();
    let mut verbs = commands.filter_map(|template| template.split(' ').next());
    verbs.find(|verb| ["lookup", "find"].contains(verb))
}

/// What stands in the place of the ladder while no command is followed on a stage of many nodes:
/// why it is empty, and a node that can be asked.
pub fn unfollowed(lab: &Lab, act: &Callback<Do>) -> Html {
    let run = lab.run.borrow();
    let (world, hosts) = (run.history.world(), &run.history.plan().hosts);
    // A node that is selected has its form at hand already.
    let picked = matches!(lab.picked, Some(Pick::Host(_)));
    let ids = (0..hosts.len() as u32).map(HostId).filter(|id| !picked && world.is_on(*id));
    let able = ids.filter_map(|id| Some((hosts.get(id.0 as usize)?, verb(world, id)?))).next();
    html! {
        <div class="missed">
            <p>{ format!("No command is followed, and a ladder of all {} nodes could not be \
                read. Ask one of them for a key, here or by a button of the lesson: every message \
                that follows from it is drawn.", grouped(hosts.len())) }</p>
            if let Some((host, verb)) = able {
                <div class="acts"><b>{ host.name.clone() }</b>
                    <Ask host={host.name.clone()} {verb} act={act.clone()} /></div>
            }
        </div>
    }
}
