//! The stage `ring`: nodes of a Chord ring around one router.
//!
//! With 6 bits the nodes are those of the ring that the longer paper draws (ToN 2003, figure 2); in
//! larger spaces an identifier is the SHA-1 of the node's address, as the paper has it.

use core::net::SocketAddrV4;
use core::time::Duration;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use protocols::chord::node::{Config, Lookups, Node, Routing};
use protocols::chord::{Contact, State};
use protocols::overlay::{Key, Role};
use world::{HostId, Plan, Prelude, Program, World};

use super::overlay::{
    ASKS, Crowd, NODES, OUTSIDE, RTT, SESSION, START, SWITCHING_ON, every, joins_slowly,
};
use super::{Domain, Params, Spec, Word};
use crate::measure::Kind;

/// The parameters of the stage.
pub(super) const SPECS: &[Spec] = &[
    NODES, VIRTUAL, BITS, MODE, LOOKUP, SUCCESSORS, REPLICAS, KEYS, START, OUTSIDE, UPKEEP, ASKS,
    SESSION, RTT,
];

/// How long identifiers are.
const BITS: Spec = Spec {
    name: "bits",
    label: "Bits of an identifier",
    says: "How many bits identifiers have; 160 where there would be too little room.",
    domain: Domain::Number { kind: Kind::Plain, least: 4.0, most: 160.0, default: 6.0 },
};

/// How many nodes a machine is.
const VIRTUAL: Spec = Spec {
    name: "virtual",
    label: "Virtual nodes",
    says: "How many nodes each machine is, at different places of the ring; fewer where there \
           would be more than 10 000 in all.",
    domain: Domain::Number { kind: Kind::Plain, least: 1.0, most: 20.0, default: 1.0 },
};

/// How much is stored.
const KEYS: Spec = Spec {
    name: "keys",
    label: "Keys stored",
    says: "How many keys have been stored before, each at its successor; with a beginning that is \
           settled.",
    domain: Domain::Number { kind: Kind::Plain, least: 0.0, most: 100_000.0, default: 0.0 },
};

/// What nodes know.
const MODE: Spec = Spec {
    name: "mode",
    label: "What nodes know",
    says: "Whom a node keeps to find keys by.",
    domain: Domain::Word(&[
        Word { name: "fingers", says: "Its successors, and fingers at doubling distances." },
        Word { name: "successors", says: "Its successors only." },
    ]),
};

/// How lookups travel.
const LOOKUP: Spec = Spec {
    name: "lookup",
    label: "Lookups",
    says: "How a lookup travels.",
    domain: Domain::Word(&[
        Word { name: "iterative", says: "The asker asks one node after another." },
        Word { name: "recursive", says: "The question is passed from node to node." },
    ]),
};

/// How many successors a node keeps.
const SUCCESSORS: Spec = Spec {
    name: "successors",
    label: "Successors kept",
    says: "How many of the next nodes on the ring a node keeps.",
    domain: Domain::Number { kind: Kind::Plain, least: 1.0, most: 20.0, default: 3.0 },
};

/// How many nodes hold a key.
const REPLICAS: Spec = Spec {
    name: "replicas",
    label: "Copies of a key",
    says: "How many nodes hold each key, its owner included.",
    domain: Domain::Number { kind: Kind::Plain, least: 1.0, most: 20.0, default: 1.0 },
};

/// How often nodes look after the ring.
const UPKEEP: Spec = Spec {
    name: "upkeep",
    label: "Stabilisation",
    says: "How often each node stabilises, on average; 0 for only when it is told to.",
    domain: Domain::Number { kind: Kind::Time, least: 0.0, most: 3600.0, default: 0.0 },
};

/// Builds the stage.
pub(super) fn plan(params: &Params) -> Plan {
    let each = virtual_nodes(params);
    let mut crowd = Crowd::of(params);
    crowd.members *= each;
    let bits = bits(params, crowd.hosts());
    let ids = ids(bits, crowd.hosts());
    let own = |index: usize| {
        let address = SocketAddrV4::new(Crowd::address(index), PORT);
        Contact { id: ids.get(index).copied().unwrap_or_default(), address }
    };
    let mut ring: Vec<Contact> = (0..crowd.members).map(own).collect();
    ring.sort_by_key(|node| node.id);
    let shelves = shelves(&ring, bits, params.number("keys") as u32);
    let ring = Rc::new(Settled { ring, shelves });
    let is_joined = joins_slowly(params);
    let config = Arc::new(config(params, bits, &crowd));
    let waiting = waiting(&config);
    let mut draft = Crowd::draft();
    for index in 0..crowd.hosts() {
        let contact = own(index);
        let program = match (index < crowd.members, is_joined) {
            // The first one is there already, and the others join through it.
            (true, true) if index == 0 => Program::of(Node::founder(&config, contact)),
            (true, true) => Program::of(Node::new(&config, contact)),
            (true, false) => settled(&config, &ring, contact),
            (false, _) => Program::of(Node::new(&waiting, contact)),
        };
        crowd.add(&mut draft, index, &name(contact), contact.id, program);
    }
    let plan = draft.plan();
    let prelude = match is_joined {
        true => Prelude { lasts: WEAVES_FOR, done: Some(woven) },
        false => SWITCHING_ON,
    };
    let machines = match each {
        1 => Vec::new(),
        _ => {
            let (members, hosts) = (crowd.members as u32, crowd.hosts() as u32);
            let several = (0..members).step_by(each).map(|at| at..at + each as u32);
            several.chain((members..hosts).map(|at| at..at + 1)).collect()
        }
    };
    Plan { prelude: Some(prelude), churn: crowd.churn(params), machines, ..plan }
}

/// How many nodes each machine is.
fn virtual_nodes(params: &Params) -> usize {
    let machines = params.number("nodes").max(1.0);
    params.number("virtual").min(MOST_NODES / machines).max(1.0) as usize
}

/// The keys `key-0`, `key-1` and so on, as they lie on a ring of these nodes: those of each node,
/// in the order of the ring.
fn shelves(ring: &[Contact], bits: u8, keys: u32) -> Vec<Vec<Key>> {
    let mut shelves = vec![Vec::new(); ring.len()];
    for number in 0..keys {
        let key = Key::hash(format!("key-{number}").as_bytes()).modulo(bits);
        let place = ring.partition_point(|node| node.id < key) % ring.len().max(1);
        if let Some(shelf) = shelves.get_mut(place) {
            shelf.push(key);
        }
    }
    shelves
}

/// A ring as the protocol would leave it.
struct Settled {
    /// Its nodes, by identifier.
    ring: Vec<Contact>,
    /// The keys that lie at each.
    shelves: Vec<Vec<Key>>,
}

/// A node of it, with the tables that the protocol would lead to; working them out is most of the
/// work of making it.
fn settled(config: &Arc<Config>, all: &Rc<Settled>, own: Contact) -> Program {
    let (config, all) = (Arc::clone(config), Rc::clone(all));
    Program::making(move || {
        let place = all.ring.binary_search_by_key(&own.id, |node| node.id).ok();
        let node = place.and_then(|at| Node::settled(&config, &all.ring, at));
        let held = place.and_then(|at| all.shelves.get(at)).into_iter().flatten();
        let node = node.unwrap_or_else(|| Node::founder(&config, own));
        node.holding(held.map(|key| (*key, VALUE)))
    })
}

fn config(params: &Params, bits: u8, crowd: &Crowd) -> Config {
    let upkeep = match (every(params, "upkeep"), joins_slowly(params)) {
        (None, true) => Some(WEAVES_EVERY),
        (upkeep, _) => upkeep,
    };
    let is_living = joins_slowly(params) || every(params, "session").is_some();
    let through = |index| SocketAddrV4::new(Crowd::address(index), PORT);
    Config {
        bits,
        routing: match params.word("mode") {
            "successors" => Routing::Successors,
            _ => Routing::Fingers,
        },
        lookups: match params.word("lookup") {
            "recursive" => Lookups::Recursive,
            _ => Lookups::Iterative,
        },
        successors: params.number("successors") as u8,
        replicas: params.number("replicas").min(params.number("successors") + 1.0) as u8,
        stabilise_every: upkeep,
        fix_fingers_every: upkeep.filter(|_| params.word("mode") != "successors"),
        check_predecessor_every: upkeep,
        bring_home_every: upkeep.map(|period| 2 * period),
        asks_every: every(params, "asks"),
        joins_through: match is_living {
            true => (0..crowd.faithful()).map(through).collect(),
            false => Vec::new(),
        },
        joins_within: if joins_slowly(params) { WEAVES_EVERY } else { Duration::ZERO },
        ..Config::default()
    }
}

/// The same for a node that waits until its user tells it to join.
fn waiting(config: &Arc<Config>) -> Arc<Config> {
    match config.joins_through.is_empty() {
        true => Arc::clone(config),
        false => Arc::new(Config { joins_through: Vec::new(), ..Config::clone(config) }),
    }
}

/// How many bits identifiers have: as the parameter says, unless the hosts would crowd.
fn bits(params: &Params, hosts: usize) -> u8 {
    let bits = params.number("bits") as u8;
    let room = 1_usize.checked_shl(bits.into()).unwrap_or(usize::MAX);
    if room / 2 < hosts { Key::BITS } else { bits }
}

/// The identifiers of so many hosts, no two the same.
fn ids(bits: u8, hosts: usize) -> Vec<Key> {
    if bits == PAPER_BITS {
        return PAPER.iter().take(hosts).map(|id| Key::from_value(*id)).collect();
    }
    let mut ids: Vec<Key> = Vec::with_capacity(hosts);
    let mut taken = BTreeSet::new();
    for index in 0..hosts {
        let address = SocketAddrV4::new(Crowd::address(index), PORT);
        let mut id = Key::hash(address.to_string().as_bytes()).modulo(bits);
        while !taken.insert(id) {
            id = id.plus_power_of_two(0, bits);
        }
        ids.push(id);
    }
    ids
}

/// A host's name: `N8`, or in a large space the beginning of its identifier.
fn name(contact: Contact) -> String {
    contact.to_string().trim_end_matches('…').to_string()
}

/// How much of the ring is as it should be, from 0 to 1: how many of those that have joined or are
/// joining are members whose neighbours are those next to them.
fn woven(world: &World) -> f64 {
    let (mut ring, mut joining): (Vec<(Key, HostId)>, usize) = (Vec::new(), 0);
    for host in (0..world.plan().hosts.len()).map(|index| HostId(index as u32)) {
        match world.place(host) {
            Some(place) if place.is_member => ring.push((place.id, host)),
            Some(_) if is_joining(world, host) => joining += 1,
            Some(_) | None => {}
        }
    }
    ring.sort_by_key(|(id, _)| *id);
    let next = ring.iter().cycle().skip(1);
    let is_woven = |((_, host), (after, _)): &(&(Key, HostId), &(Key, HostId))| {
        let known = world.pointers(*host);
        let next = known.iter().find(|known| known.role == Role::Successor);
        next.is_some_and(|next| next.id == *after)
            && known.iter().any(|known| known.role == Role::Predecessor)
    };
    match ring.len() + joining {
        0 => 1.0,
        all => ring.iter().zip(next).filter(is_woven).count() as f64 / all as f64,
    }
}

fn is_joining(world: &World, host: HostId) -> bool {
    world.view(host).is_some_and(|view| view.state == State::Joining.name())
}

/// What is stored under each key that has been stored before.
const VALUE: &[u8] = b"a value";

/// With virtual nodes there are no more than this, as there are without them.
const MOST_NODES: f64 = 10_000.0;

/// The port of every node.
const PORT: u16 = 4000;

/// The space of those figures.
const PAPER_BITS: u8 = 6;

/// The ring of ToN 2003, figure 2, then N26, which joins in its figure 7, and more.
const PAPER: [u64; 32] = [
    1, 8, 14, 21, 32, 38, 42, 48, 51, 56, 26, 60, 17, 45, 5, 35, 11, 23, 29, 53, 3, 62, 40, 19, 58,
    6, 30, 46, 12, 49, 33, 24,
];

/// How long a ring is given to weave itself, at the most.
const WEAVES_FOR: Duration = Duration::from_secs(3600);

/// How often nodes stabilise where they have to weave a ring and nothing else is said.
const WEAVES_EVERY: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use core::net::SocketAddr;
    use protocols::overlay::Pointer;
    use world::{Act, Building, History};

    use super::*;

    /// The pointers of every host, once the prelude is over.
    fn pointers(params: &Params) -> Vec<Vec<Pointer>> {
        let history = Building::new(&Rc::new(plan(params)), 1).finish();
        let hosts = 0..history.plan().hosts.len() as u32;
        hosts.map(|host| history.world().pointers(HostId(host))).collect()
    }

    #[test]
    fn the_ring_of_six_bits_is_that_of_figure_2_and_its_newcomer_that_of_figure_7() {
        let plan = plan(&Params::with(SPECS, &[("outside", "1")]));
        let names: Vec<&str> = plan.hosts.iter().map(|host| &*host.name).collect();
        let paper = ["N1", "N8", "N14", "N21", "N32", "N38", "N42", "N48", "N51", "N56", "N26"];
        assert_eq!(names, paper);
        let mut history = History::new(Rc::new(plan), 1);
        while history.step().is_some() {}
        assert!(history.world().pointers(HostId(10)).is_empty(), "N26 has not joined");
    }

    #[test]
    fn a_ring_that_was_joined_has_the_neighbours_of_one_that_begins_settled() {
        let neighbours = |start: &str| {
            let params = Params::with(SPECS, &[("nodes", "32"), ("bits", "12"), ("start", start)]);
            let of = |known: Vec<Pointer>| -> Vec<SocketAddr> {
                let near = known.iter().filter(|one| one.role != Role::Finger && one.rank == 0);
                near.map(|one| one.to).collect()
            };
            pointers(&params).into_iter().map(of).collect::<Vec<_>>()
        };
        assert_eq!(neighbours("joined"), neighbours("settled"));
    }

    #[test]
    fn keys_that_were_stored_before_lie_where_puts_bring_them() {
        let held = |history: &History| -> Vec<u32> {
            let hosts = 0..history.plan().hosts.len() as u32;
            hosts.map(|host| history.world().place(HostId(host)).unwrap().holds).collect()
        };
        let with =
            |keys| Params::with(SPECS, &[("nodes", "12"), ("virtual", "3"), ("bits", "160"), keys]);
        let stored = Building::new(&Rc::new(plan(&with(("keys", "200")))), 1).finish();
        let mut put = Building::new(&Rc::new(plan(&with(("keys", "0")))), 1).finish();
        assert_eq!(held(&put), [0; 36]);
        for number in 0..200 {
            let text = format!("put key-{number} a value");
            put.meddle(Act::Command { host: HostId(number % 36), text }).unwrap();
            while put.step().is_some() {}
        }
        assert_eq!(held(&stored), held(&put));
        assert_eq!(held(&stored).iter().sum::<u32>(), 200);
    }

    #[test]
    fn no_two_of_ten_thousand_nodes_share_a_name_and_a_crowd_gets_a_larger_space() {
        let plan = plan(&Params::with(SPECS, &[("nodes", "10000"), ("bits", "13")]));
        let names: BTreeSet<&str> = plan.hosts.iter().map(|host| &*host.name).collect();
        assert_eq!(names.len(), 10_000);
        assert!(names.contains("N2b45b454"), "the lessons name it: SHA-1 of 10.0.0.1:4000");
    }
}
