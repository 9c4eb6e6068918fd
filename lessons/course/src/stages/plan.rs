//! What several stages are built of: hosts, links and how links behave.

use core::net::{IpAddr, Ipv4Addr, SocketAddr};
use core::time::Duration;
use std::collections::BTreeMap;

use protocols::dns::{self, DNS_PORT, Name, Zone};
use protocols::endpoint::{Endpoint, Resolvers};
use protocols::http::Version;
use protocols::http::client::{Config, Mode};
use protocols::http::server::{self, Server};
use protocols::http::site::Site;
use protocols::wire::Time;
use world::{Conditions, HostPlan, LinkPlan, Node, Plan, Program, RouterPlan};

use super::Params;

/// When every stage of the course begins: a Saturday morning in November 2026.
pub(super) const EPOCH: Time = Time::from_secs(1_795_251_600);

/// A plan in the making.
#[derive(Debug)]
pub(super) struct Draft {
    plan: Plan,
    names: Names,
}

/// How the hosts of a stage find the addresses of names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Names {
    /// Each as its stage says for it.
    Own,
    /// They ask the stage's name server.
    Asked,
    /// They look into a file.
    Known,
}

impl Draft {
    /// A plan with nothing on it. No host knows a name but those that are given a name server.
    pub(super) fn new() -> Draft {
        Draft { plan: Plan { epoch: EPOCH, ..Plan::default() }, names: Names::Own }
    }

    /// A plan with nothing on it, whose hosts find each other as the parameter `names` says.
    pub(super) fn naming(params: &Params) -> Draft {
        let names = match params.word("names") {
            "known" => Names::Known,
            _ => Names::Asked,
        };
        Draft { names, ..Draft::new() }
    }

    /// Adds a host. It asks the stage's name server for names, or looks into a file.
    pub(super) fn host<E: Endpoint>(
        &mut self,
        name: &str,
        address: Ipv4Addr,
        place: (i16, i16),
        endpoint: E,
    ) -> Node {
        match self.names {
            Names::Asked => self.resolving(name, address, place, endpoint, NAME_SERVER),
            Names::Known | Names::Own => self.program(name, address, place, Program::of(endpoint)),
        }
    }

    /// Adds a host that asks a name server for the names it needs.
    pub(super) fn resolving<E: Endpoint>(
        &mut self,
        name: &str,
        address: Ipv4Addr,
        place: (i16, i16),
        endpoint: E,
        resolver: Ipv4Addr,
    ) -> Node {
        let servers = vec![SocketAddr::new(IpAddr::V4(resolver), DNS_PORT)];
        let program = Program::resolving(endpoint, Resolvers { servers });
        self.program(name, address, place, program)
    }

    /// Adds a host that runs a program, and asks nobody for names.
    pub(super) fn program(
        &mut self,
        name: &str,
        address: Ipv4Addr,
        place: (i16, i16),
        program: Program,
    ) -> Node {
        let address = IpAddr::V4(address);
        if self.names == Names::Known {
            self.plan.names.insert(name.to_string(), address);
        }
        self.plan.hosts.push(HostPlan { name: name.to_string(), address, program, place });
        Node::Host(last(self.plan.hosts.len()))
    }

    /// Adds a web server with its site.
    pub(super) fn server(
        &mut self,
        name: &str,
        address: Ipv4Addr,
        place: (i16, i16),
        site: Site,
    ) -> Node {
        self.host(name, address, place, Server::new(server::Config::default(), site))
    }

    /// Adds the name server that knows every host so far, if hosts ask one; what it stands at.
    pub(super) fn name_server(&mut self, place: (i16, i16)) -> Option<Node> {
        if self.names != Names::Asked {
            return None;
        }
        let config = dns::server::Config::default();
        let program = Program::of(dns::server::Server::new(config, zones(&self.plan.hosts)));
        let (name, address) = ("ns".to_string(), IpAddr::V4(NAME_SERVER));
        self.plan.hosts.push(HostPlan { name, address, program, place });
        Some(Node::Host(last(self.plan.hosts.len())))
    }

    /// Adds a router.
    pub(super) fn router(&mut self, name: &str, place: (i16, i16)) -> Node {
        self.plan.routers.push(RouterPlan { name: name.to_string(), place });
        Node::Router(last(self.plan.routers.len()))
    }

    /// Adds a link.
    pub(super) fn link(&mut self, name: &str, ends: (Node, Node), conditions: Conditions) {
        self.plan.links.push(LinkPlan { name: name.to_string(), ends, conditions });
    }

    /// The plan as it is now.
    pub(super) fn plan(self) -> Plan {
        self.plan
    }
}

/// Zones with the addresses of these hosts, one for each top level among their names.
fn zones(hosts: &[HostPlan]) -> Vec<Zone> {
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    for host in hosts {
        let top = host.name.rsplit('.').next().unwrap_or_default();
        let text = texts.entry(top).or_insert_with(|| {
            format!(
                "$TTL 3600\n{top}. IN SOA ns.{top}. hostmaster.{top}. 1 7200 900 604800 60\n\
                 {top}. IN NS ns.{top}.\nns.{top}. IN A {NAME_SERVER}\n"
            )
        });
        text.push_str(&format!("{}. IN A {}\n", host.name, host.address));
    }
    texts.values().map(|text| zone(text)).collect()
}

/// A zone out of its text, which is one of the course's own.
pub(super) fn zone(text: &str) -> Zone {
    match Zone::parse(text, &Name::root()) {
        Ok(zone) => zone,
        Err(error) => unreachable!("{error}"),
    }
}

/// The name server of a stage that is not about names.
const NAME_SERVER: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 53);

/// A link that a message crosses in half of this round-trip time, with the stage's loss.
pub(super) fn conditions(rtt_secs: f64, bandwidth_bps: f64, params: &Params) -> Conditions {
    Conditions {
        delay: Duration::from_secs_f64((rtt_secs / 2.0).max(0.0)),
        bandwidth_bps: (bandwidth_bps >= 1.0).then_some(bandwidth_bps as u64),
        loss_ppm: (params.number("loss") * 1e6) as u32,
        ..Conditions::default()
    }
}

/// The index of the last of so many.
fn last(count: usize) -> u32 {
    u32::try_from(count.saturating_sub(1)).unwrap_or(u32::MAX)
}

/// A browser that uses connections as the stage's parameters say, where it has such.
pub(super) fn browser(params: &Params) -> Config {
    let mode = match params.word("mode") {
        "serial" => Mode::Serial,
        "parallel" => Mode::Parallel(params.number("parallel") as usize),
        "pipelined" => Mode::Pipelined,
        _ => Mode::Persistent(1),
    };
    let version = match params.word("version") {
        "1.0" => Version::Http10,
        _ => Version::Http11,
    };
    Config { mode, version, ..Config::default() }
}

/// Long before the stage begins: so old is what is said to have changed long ago.
pub(super) const YEAR: Duration = Duration::from_secs(365 * 86_400);
