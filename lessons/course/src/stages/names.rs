//! The stage `names`: a laptop, the campus's resolver, and beyond the access link the name servers
//! of the root, of a top-level domain and of a department.

use core::net::{IpAddr, Ipv4Addr, SocketAddr};

use protocols::dns::DNS_PORT;
use protocols::dns::client::{self, Client};
use protocols::dns::resolver::{self, Resolver};
use protocols::dns::server::{self, Server};
use world::{Conditions, Plan};

use super::plan::{Draft, conditions, zone};
use super::specs::{LOCAL, LOSS, RTT};
use super::{Domain, Params, Spec, Word};
use crate::measure::Kind;

/// The parameters of the stage.
pub(super) const SPECS: &[Spec] = &[RTT, LOCAL, LOSS, TTL, ZONES];

/// How long the address of the web server may be kept.
const TTL: Spec = Spec {
    name: "ttl",
    label: "Time to live",
    says: "How long the address of www.cs.test may be kept, in whole seconds.",
    domain: Domain::Number { kind: Kind::Time, least: 0.0, most: 604_800.0, default: 60.0 },
};

/// Which zones there are.
const ZONES: Spec = Spec {
    name: "zones",
    label: "Zones",
    says: "Which zones there are at the ends of the tree.",
    domain: Domain::Word(&[
        Word { name: "one", says: "cs.test alone." },
        Word { name: "two", says: "Also far.test, whose server is under another top level." },
    ]),
};

/// Builds the stage.
pub(super) fn plan(params: &Params) -> Plan {
    let mut draft = Draft::new();
    let hints = vec![SocketAddr::new(IpAddr::V4(ROOT), DNS_PORT)];
    let resolvers = vec![SocketAddr::new(IpAddr::V4(RESOLVER), DNS_PORT)];
    let laptop = Client::new(client::Config { resolvers, hints, ..client::Config::default() });
    let laptop = draft.host("laptop", Ipv4Addr::new(10, 0, 0, 2), (0, 0), laptop);
    let resolver = Resolver::new(resolver::Config::new([IpAddr::V4(ROOT)]));
    let resolver = draft.host("resolver", RESOLVER, (0, 2), resolver);
    let campus = draft.router("campus", (1, 1));
    let internet = draft.router("internet", (3, 1));
    let local = conditions(params.number("local"), 0.0, &Params::default());
    draft.link("laptop's link", (laptop, campus), local);
    draft.link("resolver's link", (resolver, campus), Conditions::default());
    let access = conditions(params.number("rtt"), 0.0, params);
    draft.link("access", (campus, internet), access);
    let ttl = params.number("ttl") as u32;
    let mut servers = vec![
        ("root", ROOT, (5, 0), vec![ROOT_ZONE.to_string()]),
        ("ns.test", Ipv4Addr::new(10, 0, 1, 2), (5, 1), vec![TEST.into(), NET.into()]),
        ("ns.cs.test", Ipv4Addr::new(10, 0, 1, 3), (5, 2), vec![department(ttl)]),
    ];
    if params.word("zones") == "two" {
        let zones = vec![FAR.to_string(), PROVIDER.to_string()];
        servers.push(("ns.prov.net", Ipv4Addr::new(10, 0, 1, 4), (5, 3), zones));
    }
    for (name, address, place, texts) in servers {
        let zones = texts.iter().map(|text| zone(text));
        let program = Server::new(server::Config::default(), zones);
        let server = draft.host(name, address, place, program);
        draft.link(&format!("{name}'s link"), (server, internet), Conditions::default());
    }
    draft.plan()
}

/// The department's zone, with the time to live of its web server's address, and with a name of
/// so many addresses that they fit no datagram.
fn department(ttl: u32) -> String {
    let farm: String = (1..=FARM).map(|last| format!("farm IN A 10.0.3.{last}\n")).collect();
    format!("{DEPARTMENT}www {ttl} IN A 10.0.2.80\n{farm}")
}

const RESOLVER: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 53);
const ROOT: Ipv4Addr = Ipv4Addr::new(10, 0, 1, 1);

/// Addresses of the name `farm.cs.test`.
const FARM: u8 = 60;

/// The root knows who is responsible for each top-level domain, and nothing below.
const ROOT_ZONE: &str = "\
$TTL 518400
.        IN SOA root. hostmaster.root. 2026112100 1800 900 604800 86400
.        IN NS  root.
root.    IN A   10.0.1.1
test.    IN NS  ns.test.
ns.test. IN A   10.0.1.2
net.     IN NS  ns.test.
";

/// The top-level domain knows who is responsible for each domain below it. The server of
/// `far.test` is in a domain of which it has no addresses to give.
const TEST: &str = "\
$ORIGIN test.
$TTL 172800
@       IN SOA ns hostmaster 2026112100 1800 900 604800 900
@       IN NS  ns
ns      IN A   10.0.1.2
cs      IN NS  ns.cs
ns.cs   IN A   10.0.1.3
far     IN NS  ns.prov.net.
";

const NET: &str = "\
$ORIGIN net.
$TTL 172800
@       IN SOA ns.test. hostmaster.test. 2026112100 1800 900 604800 900
@       IN NS  ns.test.
prov    IN NS  ns.prov
ns.prov IN A   10.0.1.4
";

/// What the department keeps itself. That something is not there may be kept for half a minute.
const DEPARTMENT: &str = "\
$ORIGIN cs.test.
$TTL 3600
@      IN SOA ns hostmaster 2026112100 7200 900 604800 30
@      IN NS  ns
@      IN MX  10 mail
ns     IN A   10.0.1.3
mail   IN A   10.0.2.25
info   IN CNAME www
mirror IN CNAME www.far.test.
";

const FAR: &str = "\
$ORIGIN far.test.
$TTL 3600
@    IN SOA ns.prov.net. hostmaster.prov.net. 2026112100 7200 900 604800 30
@    IN NS  ns.prov.net.
www  IN A   10.0.2.81
";

const PROVIDER: &str = "\
$ORIGIN prov.net.
$TTL 3600
@    IN SOA ns hostmaster 2026112100 7200 900 604800 30
@    IN NS  ns
ns   IN A   10.0.1.4
";

#[cfg(test)]
mod tests {
    use protocols::dns::{Name, Zone};

    use super::*;

    #[test]
    fn every_zone_of_the_stage_can_be_read() {
        for text in [ROOT_ZONE, TEST, NET, &department(60), FAR, PROVIDER] {
            assert!(Zone::parse(text, &Name::root()).is_ok(), "{text}");
        }
    }
}
