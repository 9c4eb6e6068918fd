//! The stage `mainline`: nodes of the Mainline DHT around one router.
//!
//! Up to 16 nodes have identifiers with first bytes of the lab's choice, so that distances can be
//! calculated by hand. Of more, each has the SHA-1 of its address.

use core::net::SocketAddrV4;
use core::time::Duration;
use std::rc::Rc;
use std::sync::Arc;

use protocols::kademlia::node::{Config, Node};
use protocols::kademlia::{Contact, DHT_PORT};
use protocols::overlay::Key;
use world::{Plan, Prelude, Program};

use super::overlay::{
    ASKS, Crowd, NODES, OUTSIDE, RTT, SESSION, START, SWITCHING_ON, every, joins_slowly,
};
use super::plan::EPOCH;
use super::{Domain, Params, Spec};
use crate::measure::Kind;

/// The parameters of the stage.
pub(super) const SPECS: &[Spec] = &[NODES, K, ALPHA, START, OUTSIDE, ASKS, SESSION, RTT];

/// How many nodes a bucket holds.
const K: Spec = Spec {
    name: "k",
    label: "Nodes in a bucket",
    says: "How many nodes a bucket holds, and how many of the nearest a search is for.",
    domain: Domain::Number { kind: Kind::Plain, least: 1.0, most: 20.0, default: 8.0 },
};

/// How many nodes are asked at once.
const ALPHA: Spec = Spec {
    name: "alpha",
    label: "Asked at once",
    says: "How many nodes a search asks at the same time.",
    domain: Domain::Number { kind: Kind::Plain, least: 1.0, most: 10.0, default: 3.0 },
};

/// Builds the stage.
pub(super) fn plan(params: &Params) -> Plan {
    let crowd = Crowd::of(params);
    let is_few = crowd.hosts() <= FIRST_BYTES.len();
    let own = |index: usize| Contact {
        id: id(index, is_few),
        address: SocketAddrV4::new(Crowd::address(index), DHT_PORT),
    };
    let config = Arc::new(Config {
        k: params.number("k") as u8,
        alpha: params.number("alpha") as usize,
        asks_every: every(params, "asks"),
        ..Config::default()
    });
    let mut all: Vec<Contact> = (0..crowd.members).map(own).collect();
    all.sort_by_key(|contact| contact.id);
    let all: Rc<[Contact]> = all.into();
    let is_joined = joins_slowly(params);
    let mut draft = Crowd::draft();
    for index in 0..crowd.hosts() {
        let Contact { id, .. } = own(index);
        let fresh = || Node::new(Arc::clone(&config), id);
        let program = match (index < crowd.members, is_joined) {
            (true, false) => {
                // Its table is most of the work.
                let (config, all) = (Arc::clone(&config), Rc::clone(&all));
                Program::making(move || Node::settled(Arc::clone(&config), id, &all, EPOCH))
            }
            (true, true) if index > 0 => {
                Program::of(fresh().joining(own(0).address, JOINS_EVERY * index as u32))
            }
            (true | false, _) => Program::of(fresh()),
        };
        crowd.add(&mut draft, index, &name(id, crowd.hosts()), id, program);
    }
    let lasts = JOINS_EVERY * crowd.members as u32 + SETTLES_FOR;
    let prelude = match is_joined {
        true => Prelude { lasts, done: None },
        false => SWITCHING_ON,
    };
    Plan { prelude: Some(prelude), churn: crowd.churn(params), ..draft.plan() }
}

/// The identifier of a host.
fn id(index: usize, is_few: bool) -> Key {
    let hash = Key::hash(Crowd::address(index).to_string().as_bytes());
    let mut bytes = *hash.as_bytes();
    if let Some(first) = FIRST_BYTES.get(index).filter(|_| is_few) {
        bytes[0] = *first;
    }
    Key::new(bytes)
}

/// A host's name among so many: as many digits of its identifier as tell it from all others.
fn name(id: Key, hosts: usize) -> String {
    let digits = match hosts {
        0..=16 => 2,
        17..=1000 => 8,
        _ => 10,
    };
    id.to_string().chars().take(digits).collect()
}

/// The first bytes of the identifiers of a few nodes, spread over all; the 15th shares its first
/// digit with the 9th, so that there is something to split.
const FIRST_BYTES: [u8; 16] = [
    0x35, 0xd1, 0x6e, 0x0b, 0x83, 0xcd, 0x58, 0xf7, 0x2c, 0xa6, 0x47, 0xe4, 0x12, 0xb9, 0x26, 0x94,
];

/// Nodes join one after the other at this distance.
const JOINS_EVERY: Duration = Duration::from_secs(2);

/// How long the last ones are given to fill their tables.
const SETTLES_FOR: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use world::{Building, HostId};

    use super::*;

    #[test]
    fn nodes_that_joined_are_members_and_newcomers_are_not() {
        let params = Params::with(
            SPECS,
            &[("nodes", "12"), ("outside", "2"), ("start", "joined"), ("k", "3")],
        );
        let history = Building::new(&Rc::new(plan(&params)), 1).finish();
        let is_member = |host| history.world().place(HostId(host)).unwrap().is_member;
        assert!((0..12).all(is_member) && !is_member(12) && !is_member(13));
        assert!(history.world().pointers(HostId(5)).len() >= 3);
    }

    #[test]
    fn names_are_beginnings_of_ids_and_no_two_are_the_same() {
        for (nodes, first) in [("16", "35"), ("1000", "ed1665c1"), ("10000", "ed1665c190")] {
            let plan = plan(&Params::with(SPECS, &[("nodes", nodes)]));
            let names: std::collections::BTreeSet<&str> =
                plan.hosts.iter().map(|host| &*host.name).collect();
            assert_eq!(names.len(), plan.hosts.len());
            assert!(names.contains(first), "the lessons name it");
        }
    }
}
