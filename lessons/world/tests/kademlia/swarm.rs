//! The stage of these tests: nodes of one DHT, each on a link of its own to one router.

use core::net::{IpAddr, Ipv4Addr, SocketAddrV4};
use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use protocols::endpoint::{Output, View};
use protocols::kademlia::node::{Config, Node};
use protocols::kademlia::{Contact, DHT_PORT};
use protocols::overlay::Key;
use protocols::wire::Time;
use world::{
    Act, Conditions, Entry, HostId, HostPlan, LinkPlan, Node as End, Plan, Power, Program,
    RouterPlan, What, World,
};

/// When the world begins.
pub const EPOCH: Time = Time::from_secs(1_795_251_600);

/// The node with this number.
pub fn contact(number: u32) -> Contact {
    let ip = Ipv4Addr::from(0x0a00_0001 + number);
    Contact { id: Key::hash(&ip.octets()), address: SocketAddrV4::new(ip, DHT_PORT) }
}

/// Ten milliseconds on every link.
pub fn calm() -> Conditions {
    Conditions { delay: Duration::from_millis(10), ..Conditions::default() }
}

/// A DHT in a world, with what its nodes have told and measured.
pub struct Swarm {
    pub world: World,
    pub told: Vec<(HostId, String)>,
    pub measured: BTreeMap<&'static str, Vec<u64>>,
    /// The rules that have been cited.
    pub cited: BTreeSet<&'static str>,
    count: u32,
    /// Until when time has passed.
    until: Time,
}

impl Swarm {
    /// These nodes, which have not been started yet.
    pub fn new(nodes: Vec<Node>, conditions: &Conditions, seed: u64) -> Swarm {
        let count = nodes.len() as u32;
        let hosts = nodes.into_iter().zip(0..).map(|(node, number)| HostPlan {
            name: format!("host {number}"),
            address: IpAddr::V4(*contact(number).address.ip()),
            program: Program::of(node),
            place: (0, 0),
        });
        let links = (0..count).map(|host| LinkPlan {
            name: format!("link {host}"),
            ends: (End::Host(host), End::Router(0)),
            conditions: conditions.clone(),
        });
        let routers = vec![RouterPlan { name: "router".to_string(), place: (0, 0) }];
        let (hosts, links) = (hosts.collect(), links.collect());
        let plan = Plan { epoch: EPOCH, hosts, routers, links, ..Plan::default() };
        let world = World::new(&Rc::new(plan), seed);
        let mut swarm = Swarm {
            world,
            told: Vec::new(),
            measured: BTreeMap::new(),
            cited: BTreeSet::new(),
            count,
            until: EPOCH,
        };
        swarm.run(Duration::ZERO);
        swarm
    }

    /// So many nodes that have settled.
    pub fn settled(count: u32, config: Config, conditions: &Conditions) -> Swarm {
        let config = Arc::new(config);
        let mut sorted: Vec<Contact> = (0..count).map(contact).collect();
        sorted.sort_by_key(|contact| contact.id);
        let node = |number| Node::settled(Arc::clone(&config), contact(number).id, &sorted, EPOCH);
        Swarm::new((0..count).map(node).collect(), conditions, 1)
    }

    /// So many nodes, each of which joins through one of those before it, so long after the one
    /// before it; and time for the last of them.
    pub fn joined(count: u32, config: Config, each: Duration, conditions: &Conditions) -> Swarm {
        let mut swarm = Swarm::joining(count, config, each, conditions, 1);
        swarm.run(each * count + Duration::from_secs(60));
        swarm
    }

    /// The same, none of which has joined yet.
    pub fn joining(
        count: u32,
        config: Config,
        each: Duration,
        conditions: &Conditions,
        seed: u64,
    ) -> Swarm {
        let config = Arc::new(config);
        let node = |number: u32| {
            let node = Node::new(Arc::clone(&config), contact(number).id);
            match number.checked_sub(1) {
                Some(before) => {
                    let through = (number.wrapping_mul(2_654_435_761) >> 8) % (before + 1);
                    node.joining(contact(through).address, each * number)
                }
                None => node,
            }
        };
        Swarm::new((0..count).map(node).collect(), conditions, seed)
    }

    /// Lets time pass.
    pub fn run(&mut self, time: Duration) {
        // A world's clock stands still between one entry and the next.
        let end = self.until.max(self.world.now()) + time;
        self.until = end;
        while self.world.next_at().is_some_and(|next| next <= end) {
            let Some(entry) = self.world.step() else { return };
            self.take(&entry);
        }
    }

    /// Tells a node to do something; it has to be on.
    pub fn tell(&mut self, host: u32, text: &str) -> Entry {
        let act = Act::Command { host: HostId(host), text: text.to_string() };
        self.meddle(&act)
    }

    pub fn power(&mut self, host: u32, power: Power) {
        self.meddle(&Act::Power { host: HostId(host), power });
    }

    pub fn meddle(&mut self, act: &Act) -> Entry {
        let entry = self.world.meddle(act).unwrap_or_else(|why| panic!("{act:?}: {why}"));
        self.take(&entry);
        entry
    }

    /// Tells a node to do something and hands over what it says when it is done.
    pub fn ask(&mut self, host: u32, text: &str) -> String {
        self.told.clear();
        self.tell(host, text);
        for _ in 0..200 {
            // What it says meanwhile of itself and of others is no answer.
            let meanwhile = ["keeps", "joined", "not joined", "no answer"];
            let answers = |(teller, told): &&(HostId, String)| {
                teller.0 == host && !meanwhile.iter().any(|begin| told.starts_with(begin))
            };
            if let Some((_, told)) = self.told.iter().find(answers) {
                return told.clone();
            }
            self.run(Duration::from_millis(500));
        }
        panic!("host {host} says nothing to {text}: {:#?}", self.view(host));
    }

    pub fn view(&self, host: u32) -> View {
        self.world.view(HostId(host)).expect("a host")
    }

    /// The rows of one of the tables that a node shows.
    pub fn rows(&self, host: u32, title: &str) -> Vec<Vec<String>> {
        let view = self.view(host);
        let table = view.tables.into_iter().find(|table| table.title == title);
        table.map_or(Vec::new(), |table| table.rows.into_iter().map(|row| row.cells).collect())
    }

    /// The addresses in a node's routing table, by bucket.
    pub fn table(&self, host: u32) -> BTreeMap<usize, BTreeSet<SocketAddrV4>> {
        let mut table: BTreeMap<usize, BTreeSet<SocketAddrV4>> = BTreeMap::new();
        for row in self.rows(host, "routing table") {
            let (bucket, address) = (row[0].parse().unwrap(), row[2].parse().unwrap());
            table.entry(bucket).or_default().insert(address);
        }
        table
    }

    /// The nodes nearest to an ID, of all but one.
    pub fn nearest(&self, target: Key, but: u32, count: usize) -> Vec<u32> {
        let others = (0..self.count).filter(|number| *number != but);
        let mut all: Vec<u32> = others.filter(|number| self.world.is_on(HostId(*number))).collect();
        all.sort_by_key(|number| contact(*number).id.xor(target));
        all.truncate(count);
        all
    }

    /// The nodes that keep a peer for this infohash.
    pub fn keepers(&self, info_hash: Key) -> BTreeSet<u32> {
        let short = protocols::kademlia::short(info_hash);
        let keeps = |host: &u32| {
            self.rows(*host, "peers kept for others").iter().any(|row| row[0] == short)
        };
        (0..self.count).filter(keeps).collect()
    }

    fn take(&mut self, entry: &Entry) {
        let What::Step(step) = &entry.what else { return };
        for output in &step.outputs {
            match output {
                Output::Cite(rule) => drop(self.cited.insert(rule.id)),
                Output::Emit(text) => self.told.push((entry.host, text.clone())),
                Output::Measure { quantity, value } => {
                    self.measured.entry(quantity).or_default().push(*value);
                }
                _ => {}
            }
        }
    }
}
