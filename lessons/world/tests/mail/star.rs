//! The network of these tests: hosts around a router, with a name server beside them.

use core::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::rc::Rc;

use protocols::dns::{self, Zone};
use protocols::endpoint::Resolvers;
use protocols::wire::Time;
use world::{Conditions, HostPlan, LinkPlan, Node, Plan, Program, RouterPlan};

/// These hosts, each with the last number of its address, and after them the name server of this
/// zone; every link has these conditions.
pub fn star(hosts: Vec<(&str, u8, Program)>, zone: &str, conditions: &Conditions) -> Rc<Plan> {
    let zone = Zone::parse(&format!("{AUTHORITY}{zone}"), &"test.".parse().unwrap()).unwrap();
    let names = dns::server::Server::new(dns::server::Config::default(), [zone]);
    let host = |(name, last, program): (&str, u8, Program)| HostPlan {
        name: name.into(),
        address: address(last),
        program,
        place: (0, 0),
    };
    let names = ("ns.test", NAMES, Program::of(names));
    let hosts: Vec<HostPlan> = hosts.into_iter().chain([names]).map(host).collect();
    let link = |index: u32| LinkPlan {
        name: format!("link {index}"),
        ends: (Node::Host(index), Node::Router(0)),
        conditions: conditions.clone(),
    };
    let links = (0..hosts.len() as u32).map(link).collect();
    let routers = vec![RouterPlan { name: "router".into(), place: (0, 0) }];
    let epoch = Time::from_secs(1_795_251_600);
    Rc::new(Plan { epoch, hosts, routers, links, ..Plan::default() })
}

/// Who asks the name server for names.
pub fn resolvers() -> Resolvers {
    Resolvers { servers: vec![SocketAddr::new(address(NAMES), 53)] }
}

/// The address with this last number.
pub fn address(last: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(10, 0, 0, last))
}

/// The last number of the name server's address.
const NAMES: u8 = 53;

const AUTHORITY: &str = "\
@ 3600 IN SOA ns.test. host.test. 1 3600 600 86400 60
@ 3600 IN NS ns.test.
ns 3600 IN A 10.0.0.53
";
