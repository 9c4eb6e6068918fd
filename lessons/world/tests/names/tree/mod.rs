//! The stage of these tests: a client, its recursive server, and the servers of a small tree of
//! names, each on a link of its own to one router. One of the servers lies.

mod liar;

use core::net::{IpAddr, Ipv4Addr, SocketAddr};
use core::time::Duration;
use std::rc::Rc;

pub use liar::LIE;
use liar::Liar;
use protocols::dns::client::{self, Client};
use protocols::dns::resolver::{self, Resolver};
use protocols::dns::server::{self, Server};
use protocols::dns::{Name, Zone};
use protocols::endpoint::Output;
use protocols::wire::Time;
use world::{
    Act, Conditions, Flight, History, HostId, HostPlan, LinkPlan, Load, Node, Plan, Program,
    RouterPlan, What,
};

/// When the world begins.
pub const EPOCH: Time = Time::from_secs(1_795_251_600);
pub const CLIENT: HostId = HostId(0);
pub const RESOLVER: HostId = HostId(1);
/// How many hosts there are: each takes an entry to start.
pub const HOSTS: u32 = 8;
/// The servers of the root, of `test` and `net`, two of `cs.test`, and the one of `prov.net` and
/// `far.test`, which does not speak EDNS.
pub const SERVERS: [HostId; 5] = [HostId(2), HostId(3), HostId(4), HostId(5), HostId(6)];

const ROOT: &str = "\
$TTL 86400
.            IN SOA a.root. hostmaster.root. 1 7200 900 604800 300
.            IN NS  a.root.
a.root.      IN A   10.0.1.1
test.        IN NS  ns.nic.test.
net.         IN NS  ns.nic.test.
ns.nic.test. IN A   10.0.1.2
";

const TEST: &str = "\
$ORIGIN test.
$TTL 86400
@       IN SOA ns.nic hostmaster.nic 1 7200 900 604800 300
@       IN NS  ns.nic
ns.nic  IN A   10.0.1.2
cs      IN NS  ns1.cs
cs      IN NS  ns2.cs
ns1.cs  IN A   10.0.1.3
ns2.cs  IN A   10.0.1.4
far     IN NS  ns.prov.net.
lame    IN NS  ns1.cs
ring    IN NS  ns.ring.net.
evil    IN NS  ns.evil
ns.evil IN A   10.0.1.66
";

const NET: &str = "\
$ORIGIN net.
$TTL 86400
@       IN SOA ns.nic.test. hostmaster.nic.test. 1 7200 900 604800 300
@       IN NS  ns.nic.test.
prov    IN NS  ns.prov
ns.prov IN A   10.0.1.5
ring    IN NS  ns.ring.test.
";

const CS: &str = "\
$ORIGIN cs.test.
$TTL 600
@      IN SOA ns1 hostmaster 1 7200 900 604800 60
@      IN NS  ns1
@      IN NS  ns2
@      IN MX  10 mail
ns1    IN A   10.0.1.3
ns2    IN A   10.0.1.4
www    IN A   10.0.2.80
mail   IN A   10.0.2.25
alias  IN CNAME www.far.test.
";

const FAR: &str = "\
$ORIGIN far.test.
$TTL 300
@    IN SOA ns.prov.net. hostmaster.prov.net. 1 7200 900 604800 60
@    IN NS  ns.prov.net.
www  IN A   10.0.2.81
";

const PROV: &str = "\
$ORIGIN prov.net.
$TTL 300
@    IN SOA ns hostmaster 1 7200 900 604800 60
@    IN NS  ns
ns   IN A   10.0.1.5
";

const EVIL: &str = "\
$ORIGIN evil.test.
$TTL 600
@      IN SOA ns hostmaster 1 7200 900 604800 60
@      IN NS  ns
ns     IN A   10.0.1.66
www    IN A   10.0.2.66
alias  IN CNAME www.cs.test.
deep   IN NS  ns1.cs.test.
";

fn zone(text: &str) -> Zone {
    Zone::parse(text, &Name::root()).unwrap_or_else(|error| panic!("{error}"))
}

/// The zone of `cs.test`, with a name of sixty addresses, which fit a datagram with EDNS, and one
/// of ninety, which do not.
fn cs() -> Zone {
    let some = (1..=60).map(|last| format!("some IN A 10.0.3.{last}\n"));
    let many = (1..=90).map(|last| format!("many IN A 10.0.3.{last}\n"));
    zone(&(CS.to_string() + &some.chain(many).collect::<String>()))
}

fn address(third: u8, last: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(10, 0, third, last))
}

/// The stage, every link under these conditions.
pub fn plan(conditions: &Conditions) -> Rc<Plan> {
    let server = |zones: Vec<Zone>| Program::of(Server::new(server::Config::default(), zones));
    let old = server::Config { payload_size: None, ..server::Config::default() };
    let root = SocketAddr::new(address(1, 1), 53);
    let client = Client::new(client::Config {
        resolvers: vec![SocketAddr::new(address(0, 53), 53)],
        hints: vec![root],
        ..client::Config::default()
    });
    let resolver = Resolver::new(resolver::Config::new([address(1, 1)]));
    let hosts = vec![
        ("client", address(0, 2), Program::of(client)),
        ("resolver", address(0, 53), Program::of(resolver)),
        ("root", address(1, 1), server(vec![zone(ROOT)])),
        ("test", address(1, 2), server(vec![zone(TEST), zone(NET)])),
        ("ns1.cs", address(1, 3), server(vec![cs()])),
        ("ns2.cs", address(1, 4), server(vec![cs()])),
        ("ns.prov", address(1, 5), Program::of(Server::new(old, [zone(FAR), zone(PROV)]))),
        ("ns.evil", address(1, 66), Program::of(Liar::new(zone(EVIL)))),
    ];
    let links = (0..hosts.len() as u32).map(|host| LinkPlan {
        name: format!("link {host}"),
        ends: (Node::Host(host), Node::Router(0)),
        conditions: conditions.clone(),
    });
    let links = links.collect();
    let hosts = hosts.into_iter().map(|(name, address, program)| HostPlan {
        name: name.to_string(),
        address,
        program,
        place: (0, 0),
    });
    let routers = vec![RouterPlan { name: "router".to_string(), place: (0, 0) }];
    Rc::new(Plan { epoch: EPOCH, hosts: hosts.collect(), routers, links, ..Plan::default() })
}

/// A quiet stage, ten milliseconds on every link, switched on.
pub fn calm() -> History {
    let delay = Duration::from_millis(10);
    let mut history = History::new(plan(&Conditions { delay, ..Conditions::default() }), 1);
    history.run(HOSTS);
    history
}

/// Tells the client to do something.
pub fn tell(history: &mut History, text: &str) {
    history.meddle(Act::Command { host: CLIENT, text: text.to_string() }).unwrap();
}

/// Runs until every alarm has rung; what the client has told since then.
pub fn done(history: &mut History, seed: u64) -> Vec<String> {
    let begin = history.len();
    while history.len() < begin + MOST_ENTRIES {
        if history.step().is_none() {
            return told(history, CLIENT);
        }
    }
    panic!("seed {seed} never comes to rest");
}

/// Everything that a host has told its user.
pub fn told(history: &History, host: HostId) -> Vec<String> {
    let steps = history.trace().entries.iter().filter(|entry| entry.host == host);
    let outputs = steps.flat_map(|entry| match &entry.what {
        What::Step(step) => step.outputs.as_slice(),
        What::Network(_) | What::Meddling(_) => &[],
    });
    let texts = outputs.filter_map(|output| match output {
        Output::Emit(text) => Some(text.clone()),
        _ => None,
    });
    texts.collect()
}

/// The datagrams that have been sent, in order.
pub fn datagrams(history: &History) -> Vec<&Flight> {
    let flights = history.trace().entries.iter().flat_map(|entry| &entry.flights);
    flights.map(Rc::as_ref).filter(|flight| matches!(flight.load, Load::Datagram { .. })).collect()
}

const MOST_ENTRIES: u32 = 20_000;
