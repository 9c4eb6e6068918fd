//! Rings of simulated nodes, and what they measure.

use core::net::{IpAddr, Ipv4Addr, SocketAddrV4};
use core::time::Duration;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use protocols::chord::Contact;
use protocols::chord::node::{Config, Node};
use protocols::endpoint::Output;
use protocols::overlay::Key;
use protocols::wire::Time;
use world::{
    Act, Conditions, HostId, HostPlan, LinkPlan, Node as End, Plan, Power, Program, RouterPlan,
    What, World,
};

/// How large the experiments are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// As in the papers.
    #[allow(dead_code, reason = "the test makes small ones only")]
    Whole,
    /// As small as still shows the same.
    Quick,
}

/// A settled ring in the middle of a run.
#[derive(Clone)]
pub struct Ring {
    /// The simulated network.
    pub world: World,
    /// The nodes, sorted; a host has the index of its node.
    pub nodes: Rc<[Contact]>,
    /// What was measured since it was last asked for.
    pub measured: BTreeMap<&'static str, Vec<u64>>,
    /// What was told, and by whom.
    pub told: Vec<(HostId, String)>,
}

/// Numbers by chance from a seed, the same each time (SplitMix64).
pub struct Die(pub u64);

impl Die {
    /// The next number.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The next number below this one.
    pub fn below(&mut self, end: usize) -> usize {
        (self.roll() % end as u64) as usize
    }
}

/// The settings of the papers' simulations where nothing is repaired: iterative lookups, no copies,
/// and whoever does not answer once is dead.
pub fn still(successors: u8) -> Config {
    Config {
        successors,
        replicas: 1,
        retries: 0,
        stabilise_every: None,
        fix_fingers_every: None,
        check_predecessor_every: None,
        bring_home_every: None,
        ..Config::default()
    }
}

impl Ring {
    /// A settled ring of so many nodes, whose identifiers are the hashes of their addresses.
    pub fn settled(count: usize, config: Config, seed: u64) -> Ring {
        let first = (seed as u32).wrapping_mul(0x0001_0000);
        let address = |n: usize| {
            SocketAddrV4::new(Ipv4Addr::from(0x0a00_0000 + (first ^ n as u32) % 0x00ff_ffff), PORT)
        };
        let mut nodes: Vec<Contact> =
            (1..=count).map(|n| Contact::hashed(address(n), Key::BITS)).collect();
        nodes.sort();
        let config = Arc::new(config);
        let host = |(index, contact): (usize, &Contact)| {
            let node = Node::settled(&config, &nodes, index)?;
            Some(HostPlan {
                name: format!("node {index}"),
                address: IpAddr::V4(*contact.address.ip()),
                program: Program::of(node),
                place: (0, 0),
            })
        };
        let hosts: Vec<_> = nodes.iter().enumerate().filter_map(host).collect();
        let delay = Duration::from_millis(25);
        let links = (0..count as u32).map(|host| LinkPlan {
            name: String::new(),
            ends: (End::Host(host), End::Router(0)),
            conditions: Conditions { delay, ..Conditions::default() },
        });
        let links = links.collect();
        let routers = vec![RouterPlan { name: "router".to_string(), place: (0, 0) }];
        let epoch = Time::from_secs(1_795_251_600);
        let plan = Plan { epoch, hosts, routers, links, ..Plan::default() };
        let world = World::new(&Rc::new(plan), seed);
        let (measured, told) = (BTreeMap::new(), Vec::new());
        let mut ring = Ring { world, nodes: nodes.into(), measured, told };
        ring.run(Duration::ZERO);
        ring
    }

    /// Tells a node to do something.
    pub fn tell(&mut self, host: HostId, text: String) {
        let entry = self.world.meddle(&Act::Command { host, text });
        if let Ok(What::Step(step)) = entry.map(|entry| entry.what) {
            self.note(host, &step.outputs);
        }
    }

    /// Switches a node off.
    pub fn crash(&mut self, host: HostId) {
        // A host that is off already stays off.
        let _ = self.world.meddle(&Act::Power { host, power: Power::Off });
    }

    /// Runs until nothing is due any more: for rings that do nothing by themselves.
    pub fn drain(&mut self) {
        while let Some(entry) = self.world.step() {
            if let What::Step(step) = &entry.what {
                self.note(entry.host, &step.outputs);
            }
        }
    }

    /// Runs for a while.
    pub fn run(&mut self, lasts: Duration) {
        let until = self.world.now() + lasts;
        while self.world.next_at().is_some_and(|at| at <= until) {
            let Some(entry) = self.world.step() else { break };
            if let What::Step(step) = &entry.what {
                self.note(entry.host, &step.outputs);
            }
        }
    }

    /// Everything measured of a quantity.
    pub fn all(&self, quantity: &str) -> &[u64] {
        self.measured.get(quantity).map_or(&[], Vec::as_slice)
    }

    /// The first node that is on, from a key clockwise: its owner.
    pub fn owner(&self, key: Key) -> Contact {
        let at = self.nodes.partition_point(|node| node.id < key);
        let round = (at..self.nodes.len()).chain(0..at);
        let mut on = round.filter(|index| self.world.is_on(HostId(*index as u32)));
        self.nodes[on.next().unwrap_or(0)]
    }

    fn note(&mut self, host: HostId, outputs: &[Output]) {
        for output in outputs {
            match output {
                Output::Measure { quantity, value } => {
                    self.measured.entry(quantity).or_default().push(*value);
                }
                Output::Emit(text) => self.told.push((host, text.clone())),
                _ => {}
            }
        }
    }
}

const PORT: u16 = 4000;
