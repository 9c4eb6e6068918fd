//! A small internet of names: a root, two top levels, a leaf and a provider, on four addresses of
//! loopback. Whoever serves it, the walks through it are the same.

use std::net::{IpAddr, Ipv4Addr};

/// A name server of the small internet: where it is, and its zones, each a name and a master file.
pub struct Site {
    pub address: IpAddr,
    pub zones: Vec<(&'static str, String)>,
}

/// Its name servers: the root's, that of both top levels, that of `cs.test`, and a provider's,
/// which has `far.test` too, so that no glue leads there.
pub fn internet() -> [Site; 4] {
    let addresses = |name: &str, count: u32| -> String {
        (1..=count).map(|n| format!("{name} A 198.51.100.{n}\n")).collect()
    };
    let (many, crowd) = (addresses("many", 60), addresses("crowd", 100));
    let site = |address, zones: &[(&'static str, &str)]| {
        let zones = zones.iter().map(|(zone, text)| (*zone, (*text).to_owned())).collect();
        Site { address, zones }
    };
    [
        site(ROOT, &[(".", ROOT_ZONE)]),
        site(TOP, &[("test", TEST), ("net", NET)]),
        site(LEAF, &[("cs.test", &format!("{CS}{many}{crowd}"))]),
        site(PROVIDER, &[("far.test", FAR), ("prov.net", PROV)]),
    ]
}

/// The address of the server of the root.
pub const ROOT: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 1, 1));
/// The address of the server of `test` and `net`.
pub const TOP: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 1, 2));
/// The address of the server of `cs.test`.
pub const LEAF: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 1, 3));
/// The address of the server of `far.test` and of `prov.net`.
pub const PROVIDER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 1, 4));

const ROOT_ZONE: &str = "\
$TTL 86400
.            SOA a.root. hostmaster.root. 1 7200 900 604800 300
.            NS  a.root.
a.root.      A   127.0.1.1
test.        NS  ns.nic.test.
net.         NS  ns.nic.test.
ns.nic.test. A   127.0.1.2
";

const TEST: &str = "\
$ORIGIN test.
$TTL 86400
@       SOA ns.nic hostmaster.nic 1 7200 900 604800 300
@       NS  ns.nic
ns.nic  A   127.0.1.2
cs      NS  ns.cs
ns.cs   A   127.0.1.3
far     NS  ns.prov.net.
";

const NET: &str = "\
$ORIGIN net.
$TTL 86400
@       SOA ns.nic.test. hostmaster.nic.test. 1 7200 900 604800 300
@       NS  ns.nic.test.
prov    NS  ns.prov
ns.prov A   127.0.1.4
";

const CS: &str = "\
$ORIGIN cs.test.
$TTL 600
@      SOA ns hostmaster 1 7200 900 604800 60
@      NS  ns
ns     A   127.0.1.3
www    A   192.0.2.80
mail   A   192.0.2.25
alias  CNAME next
next   CNAME www.far.test.
";

const FAR: &str = "\
$ORIGIN far.test.
$TTL 300
@    SOA ns.prov.net. hostmaster.prov.net. 1 7200 900 604800 60
@    NS  ns.prov.net.
www  A   192.0.2.81
";

const PROV: &str = "\
$ORIGIN prov.net.
$TTL 300
@    SOA ns hostmaster 1 7200 900 604800 60
@    NS  ns
ns   A   127.0.1.4
";
