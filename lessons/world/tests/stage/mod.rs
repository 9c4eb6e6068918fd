//! The stage of these tests: a browser and a web server on one link.

use core::net::{IpAddr, Ipv4Addr};
use std::rc::Rc;

use protocols::http::client::Client;
use protocols::http::server::Server;
use protocols::wire::Time;
use world::{Conditions, HostPlan, LinkPlan, Node, Plan, Program};

/// When the world begins.
pub const EPOCH: Time = Time::from_secs(1_795_251_600);

pub fn browser_and_server(client: Client, server: Server, conditions: Conditions) -> Rc<Plan> {
    let address = |last| IpAddr::V4(Ipv4Addr::new(10, 0, 0, last));
    let host = |name: &str, last, program| HostPlan {
        name: name.to_string(),
        address: address(last),
        program,
        place: (0, 0),
    };
    let hosts =
        vec![host("browser", 2, Program::of(client)), host("www.cs.test", 80, Program::of(server))];
    let ends = (Node::Host(0), Node::Host(1));
    let links = vec![LinkPlan { name: "link".to_string(), ends, conditions }];
    let names = [("www.cs.test".to_string(), address(80))].into();
    Rc::new(Plan { epoch: EPOCH, hosts, links, names, ..Plan::default() })
}
