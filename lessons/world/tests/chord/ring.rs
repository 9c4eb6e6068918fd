//! The stage of these tests: nodes of a ring, each on a link of its own to one router.

use core::net::{IpAddr, Ipv4Addr, SocketAddr, SocketAddrV4};
use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use protocols::chord::Contact;
use protocols::chord::node::{Config, Node};
use protocols::endpoint::{Output, View};
use protocols::overlay::{Key, Pointer, Role};
use protocols::wire::Time;
use world::{
    Act, Conditions, Entry, HostId, HostPlan, LinkPlan, Node as End, Plan, Power, Program,
    RouterPlan, What, World,
};

/// The ring of the papers' figures.
pub const PAPER: [u64; 10] = [1, 8, 14, 21, 32, 38, 42, 48, 51, 56];

/// The bits of that ring.
pub const PAPER_BITS: u8 = 6;

/// A node of a small ring, by its identifier.
pub fn small(id: u64) -> Contact {
    Contact { id: Key::from_value(id), address: address(id as u32) }
}

/// The node with this number in a large ring.
pub fn large(number: u32) -> Contact {
    Contact::hashed(address(number), Key::BITS)
}

/// `count` nodes of a large ring, in the order of their identifiers.
pub fn sorted(count: u32) -> Vec<Contact> {
    let mut ring: Vec<Contact> = (1..=count).map(large).collect();
    ring.sort();
    ring
}

fn address(number: u32) -> SocketAddrV4 {
    SocketAddrV4::new(Ipv4Addr::from(0x0a00_0000 + number), PORT)
}

/// Ten milliseconds on every link.
pub fn calm() -> Conditions {
    Conditions { delay: Duration::from_millis(10), ..Conditions::default() }
}

/// A configuration that does nothing by itself: for single lookups.
pub fn still(successors: u8) -> Config {
    Config {
        bits: PAPER_BITS,
        successors,
        replicas: 1,
        stabilise_every: None,
        fix_fingers_every: None,
        check_predecessor_every: None,
        bring_home_every: None,
        ..Config::default()
    }
}

/// One that repairs the ring every second or two.
pub fn lively(successors: u8, replicas: u8) -> Config {
    Config {
        bits: PAPER_BITS,
        successors,
        replicas,
        stabilise_every: Some(Duration::from_secs(2)),
        fix_fingers_every: Some(Duration::from_secs(1)),
        check_predecessor_every: Some(Duration::from_secs(2)),
        bring_home_every: Some(Duration::from_secs(3)),
        ..Config::default()
    }
}

/// A ring in a world, with what it has told and measured.
pub struct Ring {
    pub world: World,
    pub nodes: Vec<Contact>,
    pub told: Vec<(HostId, String)>,
    pub measured: BTreeMap<&'static str, Vec<u64>>,
    pub datagrams: usize,
    /// The rules that have been cited.
    pub cited: BTreeSet<&'static str>,
}

impl Ring {
    /// These programs on these nodes' hosts.
    pub fn new(nodes: Vec<(Contact, Node)>, conditions: &Conditions, seed: u64) -> Ring {
        let contacts = nodes.iter().map(|(contact, _)| *contact).collect();
        let hosts = nodes.into_iter().enumerate().map(|(index, (contact, node))| HostPlan {
            name: format!("host {index}"),
            address: IpAddr::V4(*contact.address.ip()),
            program: Program::of(node),
            place: (0, 0),
        });
        let hosts: Vec<_> = hosts.collect();
        let links = (0..hosts.len() as u32).map(|host| LinkPlan {
            name: format!("link {host}"),
            ends: (End::Host(host), End::Router(0)),
            conditions: conditions.clone(),
        });
        let links = links.collect();
        let routers = vec![RouterPlan { name: "router".to_string(), place: (0, 0) }];
        let epoch = Time::from_secs(1_795_251_600);
        let plan = Rc::new(Plan { epoch, hosts, routers, links, ..Plan::default() });
        let world = World::new(&plan, seed);
        let mut ring = Ring {
            world,
            nodes: contacts,
            told: Vec::new(),
            measured: BTreeMap::new(),
            datagrams: 0,
            cited: BTreeSet::new(),
        };
        ring.run(0);
        ring
    }

    /// A ring of these nodes that has settled.
    pub fn settled(config: Config, mut nodes: Vec<Contact>, conditions: &Conditions) -> Ring {
        nodes.sort();
        let config = Arc::new(config);
        let programs: Vec<Node> =
            (0..nodes.len()).map(|at| Node::settled(&config, &nodes, at).unwrap()).collect();
        Ring::new(nodes.into_iter().zip(programs).collect(), conditions, 1)
    }

    /// The ring of the papers' figures.
    pub fn of_the_paper(config: Config) -> Ring {
        Ring::settled(config, PAPER.map(small).to_vec(), &calm())
    }

    /// The host of a node of a small ring.
    pub fn host(&self, id: u64) -> HostId {
        let id = Key::from_value(id);
        HostId(self.nodes.iter().position(|node| node.id == id).unwrap() as u32)
    }

    /// Tells a node of a small ring to do something.
    pub fn tell(&mut self, id: u64, text: &str) {
        let act = Act::Command { host: self.host(id), text: text.to_string() };
        self.meddle(&act);
    }

    /// Switches a host off or on.
    pub fn power(&mut self, host: HostId, power: Power) {
        self.meddle(&Act::Power { host, power });
    }

    /// Does something to the world.
    pub fn meddle(&mut self, act: &Act) {
        let entry = self.world.meddle(act).unwrap();
        self.note(&entry);
    }

    /// Runs for so many milliseconds.
    pub fn run(&mut self, ms: u64) {
        let until = self.world.now() + Duration::from_millis(ms);
        while self.world.next_at().is_some_and(|at| at <= until) {
            let Some(entry) = self.world.step() else { break };
            self.note(&entry);
        }
    }

    /// Runs until a node has told something that this holds for; what it told.
    pub fn until(&mut self, host: HostId, wanted: impl Fn(&str) -> bool) -> String {
        let mut seen = self.told.len();
        for _ in 0..MOST_STEPS {
            let found = self.told[seen..].iter().find(|(by, text)| *by == host && wanted(text));
            if let Some((_, text)) = found {
                return text.clone();
            }
            seen = self.told.len();
            let Some(entry) = self.world.step() else { break };
            self.note(&entry);
        }
        panic!("{host:?} has not told it, but {:?}", self.told);
    }

    /// Has a node of a small ring do something, and runs until it tells how that went.
    pub fn ask(&mut self, id: u64, text: &str) -> String {
        let (host, before) = (self.host(id), self.told.len());
        self.tell(id, text);
        let ends = |text: &str| {
            ["K", "stored", "nothing is", "failed", "not done"].iter().any(|s| text.starts_with(s))
        };
        let told = self.told[before..].iter().find(|(by, text)| *by == host && ends(text));
        match told {
            Some((_, text)) => text.clone(),
            None => self.until(host, ends),
        }
    }

    /// Everything measured of a quantity so far.
    pub fn all(&self, quantity: &str) -> &[u64] {
        self.measured.get(quantity).map_or(&[], Vec::as_slice)
    }

    /// What a node shows.
    pub fn view(&self, host: HostId) -> View {
        self.world.view(host).unwrap()
    }

    /// Whom a node knows as something, by identifier, by rank.
    pub fn known(&self, host: HostId, role: Role) -> Vec<Pointer> {
        let all = self.world.pointers(host);
        all.into_iter().filter(|pointer| pointer.role == role).collect()
    }

    /// The cells of a table of a node, a column of it.
    pub fn column(&self, host: HostId, title: &str, column: usize) -> Vec<String> {
        let view = self.view(host);
        let table = view.tables.iter().find(|table| table.title == title);
        table.map_or_else(Vec::new, |t| t.rows.iter().map(|r| r.cells[column].clone()).collect())
    }

    /// Whether every member's first successor is the next member on the circle, and its
    /// predecessor the one before: one ring, and nobody is left out. If not, why.
    pub fn is_one_ring(&self) -> Result<(), String> {
        let mut members: Vec<(Key, HostId)> = Vec::new();
        for (index, contact) in self.nodes.iter().enumerate() {
            let host = HostId(index as u32);
            if self.world.is_on(host) && self.world.place(host).is_some_and(|p| p.is_member) {
                members.push((contact.id, host));
            }
        }
        members.sort();
        for (at, (id, host)) in members.iter().enumerate() {
            if members.len() == 1 {
                continue;
            }
            let next = members[(at + 1) % members.len()].0;
            let before = members[(at + members.len() - 1) % members.len()].0;
            let first = self.known(*host, Role::Successor).first().map(|p| p.id);
            let last = self.known(*host, Role::Predecessor).first().map(|p| p.id);
            if first != Some(next) || last != Some(before) {
                return Err(format!(
                    "{id}: successor {first:?} instead of {next}, predecessor {last:?} instead of \
                     {before}"
                ));
            }
        }
        Ok(())
    }

    fn note(&mut self, entry: &Entry) {
        self.datagrams += entry.flights.len();
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

/// The address of a node as one dials it.
pub fn dialled(contact: Contact) -> SocketAddr {
    SocketAddr::V4(contact.address)
}

const PORT: u16 = 4000;

const MOST_STEPS: usize = 2_000_000;
