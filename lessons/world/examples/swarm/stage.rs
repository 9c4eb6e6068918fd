//! A stage of so many hosts around a few dozen routers that are linked each to each.

use core::time::Duration;
use std::rc::Rc;

use protocols::wire::Time;
use world::{Conditions, HostPlan, LinkPlan, Node, Plan, Program, RouterPlan};

use super::peer::{Peer, address};

/// So many peers, each of which knows some of the others.
pub fn swarm(peers: u32) -> Rc<Plan> {
    let programs = (0..peers).map(|number| {
        let contacts = (1..=CONTACTS).map(|n| scatter(number * CONTACTS + n) % peers);
        Program::of(Peer::knowing(contacts.collect()))
    });
    around(programs.collect())
}

/// These programs on hosts as far from their routers as chance will.
pub fn around(programs: Vec<Program>) -> Rc<Plan> {
    let peers = programs.len() as u32;
    let hosts = programs.into_iter().zip(0..).map(|(program, number)| HostPlan {
        name: format!("peer {number}"),
        address: address(number),
        program,
        place: (0, 0),
    });
    let routers =
        (0..ROUTERS).map(|number| RouterPlan { name: format!("router {number}"), place: (0, 0) });
    let access = (0..peers).map(|number| {
        let ends = (Node::Host(number), Node::Router(scatter(number) % ROUTERS));
        link("access", ends, 2 + scatter(number + peers) % 30)
    });
    let pairs = (0..ROUTERS).flat_map(|a| (0..a).map(move |b| (a, b)));
    let core = pairs.map(|(a, b)| {
        link("core", (Node::Router(a), Node::Router(b)), 5 + scatter(a * ROUTERS + b) % 80)
    });
    let plan = Plan {
        epoch: EPOCH,
        hosts: hosts.collect(),
        routers: routers.collect(),
        links: access.chain(core).collect(),
        ..Plan::default()
    };
    Rc::new(plan)
}

fn link(name: &str, ends: (Node, Node), delay_ms: u32) -> LinkPlan {
    let delay = Duration::from_millis(delay_ms.into());
    let conditions = Conditions { delay, loss_ppm: 1_000, ..Conditions::default() };
    LinkPlan { name: name.to_string(), ends, conditions }
}

/// A number that looks like chance.
fn scatter(number: u32) -> u32 {
    (u64::from(number).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33) as u32
}

/// When the run begins.
pub const EPOCH: Time = Time::from_secs(1_795_251_600);

const ROUTERS: u32 = 32;
const CONTACTS: u32 = 16;
