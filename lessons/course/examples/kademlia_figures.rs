//! What searches of Kademlia cost, measured on the machines themselves in simulated worlds: hops
//! against the size of the network, and success while nodes come and go.
//!
//! `cargo run --release -p course --example kademlia_figures`
//!
//! Kademlia's paper (Maymounkov and Mazieres, IPTPS 2002) proves that a search takes at most about
//! log2 N steps, and says that in practice it takes fewer, since buckets of k nodes give each step
//! more than one bit. There are no measured figures in it to compare with. So the first table
//! shows the mean beside log2 N, and this program fails if it is more than half of that from 2^5
//! nodes on, or if any search ever ends at another node than the nearest of all. Of the second
//! table it fails if a search does not find what any node keeps; the output says how many may.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddrV4};
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use protocols::endpoint::Output;
use protocols::kademlia::node::{Config, Node};
use protocols::kademlia::{Contact, DHT_PORT};
use protocols::overlay::{Key, quantity};
use protocols::wire::Time;
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg32;
use world::{
    Act, Churn, Conditions, Entry, HostId, HostPlan, LinkPlan, Node as End, Plan, Program,
    RouterPlan, What, World,
};

fn main() -> ExitCode {
    println!(
        "Searches for random IDs by random nodes of settled networks, {SEARCHES} of each size:"
    );
    println!("{HOPS_HEAD}");
    let hops_hold = (3..=14).map(hops).filter(|holds| !holds).count() == 0;
    println!();
    println!(
        "Searches for a torrent that one node announces again and again among {CHURN_NODES} nodes \
         that come and go, {CHURN_SEARCHES} of each kind."
    );
    println!("{WHO_KEEPS}");
    println!();
    println!("{CHURN_HEAD}");
    let churn_holds = CHURNS.iter().filter(|of| !churn(of)).count() == 0;
    match hops_hold && churn_holds {
        true => ExitCode::SUCCESS,
        false => {
            println!("A figure is not what it should be.");
            ExitCode::FAILURE
        }
    }
}

/// A row of the first table; whether it is as it should be.
fn hops(exponent: u32) -> bool {
    let count = 1 << exponent;
    let mut network = Network::new(count, &Config::default(), None);
    let (mut right, mut asked) = (0, 0);
    for _ in 0..SEARCHES {
        let host = network.random.next_u32() % count;
        let target = Key::hash(&network.random.next_u64().to_be_bytes());
        let before = network.datagrams;
        let told = network.search(host, &format!("find {target}"));
        let others = (0..count).filter(|number| *number != host);
        let nearest = others.min_by_key(|number| contact(*number).id.xor(target));
        let is_it = |number| told.iter().any(|text| text.contains(&contact(number).to_string()));
        right += u32::from(nearest.is_some_and(is_it));
        asked += network.datagrams - before;
    }
    let hops = network.sorted(quantity::HOPS);
    let (mean, log) = (mean(&hops), f64::from(exponent));
    let [low, high] = [1, 99].map(|percent| hops[hops.len() * percent / 100]);
    println!(
        "{count:>6} {log:>7.0} {mean:>9.2} {:>8.2} {low:>6} {high:>6} {:>14.1} {right:>8}",
        mean / log,
        asked as f64 / f64::from(SEARCHES),
    );
    right == SEARCHES && (exponent < 5 || mean <= log / 2.0)
}

/// How nodes come and go, and how often is announced.
#[derive(Clone, Copy)]
struct Coming {
    /// How long a node stays on, and how long it stays away, on average; for ever if none.
    session_min: Option<u64>,
    /// How often the torrent is announced again.
    announced_min: u64,
}

/// A row of the second table; whether it is as it should be.
fn churn(of: &Coming) -> bool {
    let Coming { session_min, announced_min } = *of;
    let churn = session_min.map(|minutes| Churn {
        // The announcer stays, so that there is something to be found.
        hosts: 1..CHURN_NODES,
        session: Duration::from_secs(60 * minutes),
        absence: Duration::from_secs(60 * minutes),
    });
    let announce_again = Duration::from_secs(60 * announced_min);
    // It looks every so often whether it is time.
    let config = Config { announce_again, upkeep: announce_again / 5, ..Config::default() };
    let mut network = Network::new(CHURN_NODES, &config, churn);
    network.run(Duration::from_secs(60));
    network.search(0, "announce film 6881");
    network.run(WARM_UP);
    network.measured.clear();
    let (mut on, mut kept) = (0, 0);
    for _ in 0..CHURN_SEARCHES {
        network.run(Duration::from_secs(5));
        let alive = |host: &u32| network.world.is_on(HostId(*host));
        let awake: Vec<u32> = (0..CHURN_NODES).filter(alive).collect();
        let keeps = |host: &u32| network.world.place(HostId(*host)).is_some_and(|p| p.holds > 0);
        on += awake.len();
        kept += u32::from(awake.iter().any(keeps));
        let host = awake[network.random.next_u32() as usize % awake.len()];
        let act = Act::Command { host: HostId(host), text: "peers film".to_string() };
        network.meddle(&act);
    }
    network.run(Duration::from_secs(60));
    let (hops, timeouts) = (network.sorted(quantity::HOPS), network.sorted(quantity::TIMEOUTS));
    // Of those whose asker has not gone itself before they were over.
    let over = hops.len() + network.sorted(quantity::FAILED).len();
    let found = hops.len() as f64 / over as f64;
    let kept = f64::from(kept) / f64::from(CHURN_SEARCHES);
    println!(
        "{:>12} {:>9} min {:>8.0} % {:>7.1} % {:>8.1} % {:>10.2} {:>11.2} {:>10.2} s",
        session_min.map_or("for ever".to_string(), |minutes| format!("{minutes} min")),
        announced_min,
        100.0 * on as f64 / f64::from(CHURN_SEARCHES * CHURN_NODES),
        100.0 * kept,
        100.0 * found,
        mean(&hops),
        mean(&timeouts),
        mean(&network.sorted(quantity::LATENCY_US)) / 1e6,
    );
    let lasts = session_min.is_none_or(|minutes| minutes >= announced_min);
    found >= kept - MISSED && (!lasts || kept >= 0.99)
}

/// A settled network in a world, with what its nodes have measured.
struct Network {
    world: World,
    random: Pcg32,
    measured: BTreeMap<&'static str, Vec<u64>>,
    told: Vec<String>,
    datagrams: usize,
    until: Time,
}

impl Network {
    fn new(count: u32, config: &Config, churn: Option<Churn>) -> Network {
        let config = Arc::new(config.clone());
        let mut sorted: Vec<Contact> = (0..count).map(contact).collect();
        sorted.sort_by_key(|contact| contact.id);
        let hosts = (0..count).map(|number| {
            let Contact { id, address } = contact(number);
            let node = Node::settled(Arc::clone(&config), id, &sorted, EPOCH);
            HostPlan {
                name: format!("node {number}"),
                address: IpAddr::V4(*address.ip()),
                program: Program::of(node),
                place: (0, 0),
            }
        });
        let conditions = Conditions { delay: Duration::from_millis(20), ..Conditions::default() };
        let links = (0..count).map(|host| LinkPlan {
            name: format!("link {host}"),
            ends: (End::Host(host), End::Router(0)),
            conditions: conditions.clone(),
        });
        let routers = vec![RouterPlan { name: "the Internet".to_string(), place: (0, 0) }];
        let (hosts, links) = (hosts.collect(), links.collect());
        let plan = Plan { epoch: EPOCH, hosts, routers, links, churn, ..Plan::default() };
        let mut network = Network {
            world: World::new(&Rc::new(plan), SEED),
            random: Pcg32::seed_from_u64(SEED),
            measured: BTreeMap::new(),
            told: Vec::new(),
            datagrams: 0,
            until: EPOCH,
        };
        network.run(Duration::ZERO);
        network
    }

    /// Lets time pass.
    fn run(&mut self, time: Duration) {
        self.until = self.until.max(self.world.now()) + time;
        while self.world.next_at().is_some_and(|next| next <= self.until) {
            let Some(entry) = self.world.step() else { return };
            self.take(&entry);
        }
    }

    fn meddle(&mut self, act: &Act) {
        match self.world.meddle(act) {
            Ok(entry) => self.take(&entry),
            Err(why) => println!("{act:?}: {why}"),
        }
    }

    /// Has a node search, and hands over what is told until it is done.
    fn search(&mut self, host: u32, text: &str) -> Vec<String> {
        self.told.clear();
        self.meddle(&Act::Command { host: HostId(host), text: text.to_string() });
        let end = self.world.now() + Duration::from_secs(300);
        while self.told.is_empty() && self.world.now() < end {
            let Some(entry) = self.world.step() else { break };
            self.take(&entry);
        }
        core::mem::take(&mut self.told)
    }

    fn take(&mut self, entry: &Entry) {
        self.datagrams += entry.flights.len();
        let What::Step(step) = &entry.what else { return };
        for output in &step.outputs {
            match output {
                Output::Emit(text) if !text.starts_with("keeps") => self.told.push(text.clone()),
                Output::Measure { quantity, value } => {
                    self.measured.entry(quantity).or_default().push(*value);
                }
                _ => {}
            }
        }
    }

    fn sorted(&self, quantity: &str) -> Vec<u64> {
        let mut values = self.measured.get(quantity).cloned().unwrap_or_default();
        values.sort_unstable();
        values
    }
}

fn contact(number: u32) -> Contact {
    let ip = Ipv4Addr::from(0x0a00_0001 + number);
    Contact { id: Key::hash(&ip.octets()), address: SocketAddrV4::new(ip, DHT_PORT) }
}

fn mean(values: &[u64]) -> f64 {
    values.iter().sum::<u64>() as f64 / values.len().max(1) as f64
}

const HOPS_HEAD: &str =
    " nodes  log2 N  mean hops  /log2 N    1 %   99 %  datagrams/search  nearest found";

const CHURN_HEAD: &str = "stays on for  announced again  nodes on      kept      found  mean hops  \
                          time-outs  until done";

const WHO_KEEPS: &str = "\
The 8 nodes to which it is announced keep it in memory, and forget it when they go: where all of
them have gone before it is announced again, nobody has what is searched for. `kept` is the share of
searches that began while any node had it, and has to be 99 % unless nodes stay for less than the
time between two announcements; `found` is that of the searches that found it, among those whose
asker stayed until they were over, and may be no more than 2 % less than what was kept.";

const CHURNS: [Coming; 6] = [
    Coming { session_min: None, announced_min: 15 },
    Coming { session_min: Some(60), announced_min: 15 },
    Coming { session_min: Some(30), announced_min: 15 },
    Coming { session_min: Some(15), announced_min: 15 },
    Coming { session_min: Some(5), announced_min: 15 },
    Coming { session_min: Some(5), announced_min: 5 },
];

/// The last node that has it may go while it is searched for.
const MISSED: f64 = 0.02;

const SEED: u64 = 4;

const EPOCH: Time = Time::from_secs(1_795_251_600);

const SEARCHES: u32 = 1_000;

const CHURN_NODES: u32 = 500;

const CHURN_SEARCHES: u32 = 500;

/// So that what is measured is not how well the settled tables were filled.
const WARM_UP: Duration = Duration::from_secs(45 * 60);
