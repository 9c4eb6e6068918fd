//! The picture in words: whom the selected node knows, and the hops of the lookup.

use std::rc::Rc;

use protocols::overlay::{Geometry, Key, Role};
use yew::prelude::*;

use super::scene::Scene;
use crate::browser;
use crate::draw::overlay::{Dot, Hop, Outcome, Path, Standing};
use crate::draw::units;
use crate::state::lab::{Do, Lab};
use crate::state::pick::Pick;

/// Both tables.
pub fn tables(lab: &Rc<Lab>, scene: &Scene, act: &Callback<Do>) -> Html {
    // What there is to read comes first: on a phone the rest is out of sight.
    let only_way = scene.picked.is_none() && scene.path.is_some();
    html! {
        <div class="overlay-tables">
            if only_way {
                { way(lab, scene, act) }{ known(scene, act) }
            } else {
                { known(scene, act) }{ way(lab, scene, act) }
            }
        </div>
    }
}

fn known(scene: &Scene, act: &Callback<Do>) -> Html {
    let Some(dot) = scene.picked.and_then(|host| scene.crowd.at(host)) else {
        return html! {
            <section aria-label="Selected node">
                <h2>{ "No node is selected" }</h2>
                <p class="mute">{ match browser::is_touched() {
                    true => "Tap one to see whom it knows.",
                    false => "Click one, or walk along the circle with the arrow keys and press \
                              Enter.",
                } }</p>
            </section>
        };
    };
    let name = scene.name(dot.host);
    html! {
        <section aria-label="Selected node">
            <h2>{ format!("{name} knows") }</h2>
            <p class="mute">{ about(scene, dot) }</p>
            if scene.aims.is_empty() {
                <p>{ "nobody" }</p>
            } else {
                <table>
                    <thead><tr><th scope="col">{ "as" }</th><th scope="col">{ "node" }</th>
                        <th scope="col">{ "identifier" }</th></tr></thead>
                    <tbody>{ for scene.aims.iter().take(MOST_ROWS).enumerate().map(|(at, aim)| {
                        let other = aim.host.and_then(|host| scene.crowd.at(host));
                        let id = other.map(|dot| short(dot.key, scene.crowd.bits));
                        html! {
                            <tr key={at}>
                                <td>{ role(scene, aim.role, aim.rank) }</td>
                                <td>{ aim.host.map_or_else(|| "not on this stage".into(),
                                    |host| link(scene, host, act)) }</td>
                                <td>{ id.unwrap_or_default() }</td>
                            </tr>
                        }
                    }) }</tbody>
                </table>
            }
        </section>
    }
}

fn way(lab: &Lab, scene: &Scene, act: &Callback<Do>) -> Html {
    let Some(path) = &scene.path else {
        return html! {
            <section aria-label="Lookup">
                <h2>{ "No lookup is followed" }</h2>
                <p class="mute">{ "Select a node and ask it for a key." }</p>
            </section>
        };
    };
    // A search of Kademlia asks several at a time: its hops are fewer than whom it asks. And what
    // looks for nothing does not come nearer to it hop by hop.
    let numbered = match (scene.crowd.geometry, path.target) {
        (Geometry::Ring, Some(_)) => "hop",
        (Geometry::Ring, None) | (Geometry::Xor, _) => "asked",
    };
    let hops = path.hops.iter().zip(path.numbers(&scene.crowd));
    let sought = path.target.map(|key| format!(" The key is {}.", short(key, scene.crowd.bits)));
    let sought = sought.map(|text| text.replace("\u{2026}.", "\u{2026}"));
    html! {
        <section aria-label="Lookup">
            <h2>{ format!("{} asks: {}", scene.name(path.asker), path.command) }</h2>
            <p class="mute">{ summary(path) }{ sought }</p>
            <table>
                <thead><tr><th scope="col">{ numbered }</th><th scope="col">{ "node" }</th>
                    <th scope="col">{ "sent to it at" }</th>
                    <th scope="col">{ if path.has_named() { "by (named by)" } else { "by" } }</th>
                    <th scope="col">{ "went on at" }</th></tr></thead>
                <tbody>{ for hops.map(|(hop, number)| html! {
                    <tr key={hop.host}>
                        <td>{ match (hop.outcome, number) {
                            (Outcome::Silent, _) => "\u{d7}".to_string(),
                            (_, None) => "\u{2013}".to_string(),
                            (_, Some(at)) => at.to_string(),
                        } }</td>
                        <td>{ link(scene, hop.host, act) }</td>
                        <td>{ units::time(hop.asked as f64) }</td>
                        <td>{ sender(scene, hop) }</td>
                        <td>{ match hop.outcome {
                            Outcome::Asked if hop.asked > lab.now => "not yet sent".to_string(),
                            Outcome::Asked => "waiting".to_string(),
                            Outcome::Answered(when) => units::time(when as f64),
                            Outcome::Took(when) => {
                                format!("took it at {}", units::time(when as f64))
                            }
                            Outcome::Silent => "never: it was lost".to_string(),
                        } }</td>
                    </tr>
                }) }</tbody>
            </table>
        </section>
    }
}

/// Who sent something to a node, and who had named it.
fn sender(scene: &Scene, hop: &Hop) -> String {
    match hop.named_by {
        Some(by) => format!("{} ({})", scene.name(hop.from), scene.name(by)),
        None => scene.name(hop.from).to_string(),
    }
}

/// A lookup in a sentence.
pub fn summary(path: &Path) -> String {
    let answered = |hop: &&Hop| matches!(hop.outcome, Outcome::Answered(_) | Outcome::Took(_));
    match (path.counted(), path.hops.iter().filter(answered).count()) {
        _ if !path.says.is_empty() => sentence(&path.says),
        (Some(1), _) => "It has ended after 1 hop.".to_string(),
        (Some(hops), _) => format!("It has ended after {hops} hops."),
        (None, count) => match path.hops.len() {
            0 => "Nobody has been asked.".to_string(),
            1 if count == 1 => "One node has been asked, and has answered.".to_string(),
            1 => "One node has been asked.".to_string(),
            asked => format!("{asked} nodes have been asked; answers: {count}."),
        },
    }
}

/// What a node tells its user, as a sentence.
fn sentence(says: &str) -> String {
    let mut letters = says.trim_end_matches('.').chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let end = (!says.ends_with('\u{2026}')).then_some('.');
    first.chain(letters).chain(end).collect()
}

/// A node in a sentence.
pub fn about(scene: &Scene, dot: &Dot) -> String {
    let id = short(dot.key, scene.crowd.bits);
    let standing = match dot.standing {
        Standing::Member => "a member",
        Standing::Outside => "not a member",
        Standing::Off => "switched off",
    };
    let keys = match dot.holds {
        1 => "1 key".to_string(),
        count => format!("{} keys", units::grouped(count as usize)),
    };
    let machine = scene.machine(dot.host).map(|nodes| {
        let others = nodes.filter_map(|host| scene.crowd.at(host));
        let held: u32 = others.map(|dot| dot.holds).sum();
        format!(" All nodes of its machine hold {}.", units::grouped(held as usize))
    });
    format!("Identifier {id}, {standing}, holds {keys}.{}", machine.unwrap_or_default())
}

/// An identifier: as a number in a small space, else its first digits.
pub fn short(key: Key, bits: u8) -> String {
    match key.value().filter(|_| bits <= SMALL_BITS) {
        Some(value) => value.to_string(),
        None => {
            let digits = key.to_string();
            let spare = usize::from((Key::BITS - bits) / 4);
            format!("{}\u{2026}", digits.get(spare..spare + 8).unwrap_or(&digits))
        }
    }
}

/// What a node is known as.
pub fn role(scene: &Scene, role: Role, rank: u16) -> String {
    match role {
        Role::Predecessor => "predecessor".to_string(),
        Role::Successor if rank == 0 => "successor".to_string(),
        Role::Successor => format!("successor {}", rank + 1),
        Role::Finger if scene.crowd.bits <= SMALL_BITS => {
            format!("finger +{}", 1_u32 << rank.min(31))
        }
        Role::Finger => format!("finger +2^{rank}"),
        Role::Bucket => format!("bucket {rank}"),
    }
}

fn link(scene: &Scene, host: u32, act: &Callback<Do>) -> Html {
    let onclick = act.reform(move |_: MouseEvent| Do::Pick(Some(Pick::Host(host as usize))));
    html! { <button class="link" {onclick}>{ scene.name(host).to_string() }</button> }
}

/// In so small a space identifiers are written as numbers.
const SMALL_BITS: u8 = 16;
/// A node of Kademlia may know more than a table of the page should hold.
const MOST_ROWS: usize = 200;
