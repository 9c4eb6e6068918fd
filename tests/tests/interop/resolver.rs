//! Our recursive name server finds its way through the servers of Knot DNS and of NSD, and dig
//! asks it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use protocols::dns::DNS_PORT;
use protocols::dns::resolver::{Config, Resolver};
use protocols::endpoint::Running;
use tests::authority::Software;
use tests::program::{Program, free_address, run};

use crate::native::Native;
use crate::text;

#[test]
fn our_resolver_finds_names_through_the_servers_of_others() {
    for software in SOFTWARE {
        let tree = Tree::grow(software);
        assert_eq!(tree.dig(&["+short", "www.cs.test", "A"]), "192.0.2.80\n");
        let denied = tree.dig(&["nothing.cs.test", "A"]);
        assert!(denied.contains("status: NXDOMAIN") && denied.contains("AUTHORITY: 1"), "{denied}");
        let empty = tree.dig(&["www.cs.test", "MX"]);
        assert!(empty.contains("status: NOERROR") && empty.contains("ANSWER: 0"), "{empty}");
        let header = tree.dig(&["mail.cs.test", "A"]);
        assert!(header.contains("flags: qr rd ra;"), "recursion, and no authority\n{header}");
    }
}

#[test]
fn an_alias_leads_our_resolver_into_a_zone_whose_servers_have_no_glue() {
    for software in SOFTWARE {
        let tree = Tree::grow(software);
        let chain = tree.dig(&["+short", "alias.cs.test", "A"]);
        assert_eq!(chain, "next.cs.test.\nwww.far.test.\n192.0.2.81\n", "{software:?}");
    }
}

#[test]
fn sixty_addresses_come_over_tcp_on_both_legs() {
    for software in SOFTWARE {
        let tree = Tree::grow(software);
        let many = tree.dig(&["+noedns", "many.cs.test", "A"]);
        assert!(many.contains(";; Truncated, retrying in TCP mode."), "{many}");
        assert!(many.contains("ANSWER: 60,") && many.contains("(TCP)"), "{many}");
    }
}

#[test]
fn the_time_to_live_runs_down_in_the_cache() {
    let tree = Tree::grow(Software::Knot);
    let ttl = || {
        let answer = tree.dig(&["+noall", "+answer", "www.cs.test", "A"]);
        let field = answer.split_whitespace().nth(1).map(str::to_string);
        field.and_then(|text| text.parse::<u32>().ok()).expect("a time to live")
    };
    assert_eq!(ttl(), 600);
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    assert!((590..600).contains(&ttl()), "RFC 1035 section 3.2.1");
}

/// A root, a top level, a leaf and a provider, each a server of its own, and our resolver.
struct Tree {
    resolver: Native,
    _servers: Vec<Program>,
    _folder: tempfile::TempDir,
}

impl Tree {
    fn grow(software: Software) -> Tree {
        let folder = tempfile::tempdir().expect("a folder");
        // All servers have one port, as they would have 53, and an address each.
        let port = free_address().port();
        let many: String = (1..=60).map(|n| format!("many A 198.51.100.{n}\n")).collect();
        let cs = format!("{CS}{many}");
        let servers: [&[(&str, &str)]; 4] = [
            &[(".", ROOT)],
            &[("test", TEST), ("net", NET)],
            &[("cs.test", &cs)],
            &[("far.test", FAR), ("prov.net", PROV)],
        ];
        let started = servers.iter().zip(1..).map(|(zones, number)| {
            let folder = folder.path().join(format!("server{number}"));
            let listen = SocketAddr::new(address(number), port);
            software.start(&folder, listen, zones)
        });
        let servers = started.collect();
        let hints = vec![SocketAddr::new(address(1), port)];
        let config = Config { port: DNS_PORT, hints, servers_port: port };
        let resolver = Native::start(Box::new(Running::new(Resolver::new(config), 1)));
        Tree { resolver, _servers: servers, _folder: folder }
    }

    fn dig(&self, arguments: &[&str]) -> String {
        let at = self.resolver.address(DNS_PORT);
        let (server, port) = (format!("@{}", at.ip()), at.port().to_string());
        let shared = ["+tries=1", "+time=15", &server, "-p", &port];
        text(&run("dig", &[&shared[..], arguments].concat()))
    }
}

/// The address of a server of this number.
fn address(number: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(127, 0, 1, number))
}

const SOFTWARE: [Software; 2] = [Software::Knot, Software::Nsd];

const ROOT: &str = "\
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
