//! Our recursive name server finds its way through the servers of Knot DNS and of NSD, and dig
//! asks it.

use std::net::SocketAddr;

use protocols::dns::DNS_PORT;
use protocols::dns::resolver::{Config, Resolver};
use protocols::endpoint::Running;
use tests::authority::Software;
use tests::program::{Program, free_address, run};

use crate::internet::{ROOT, Site, internet};
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

/// Our resolver asks with EDNS for 1232 bytes: sixty addresses come to it in one datagram, and a
/// hundred over TCP.
#[test]
fn sixty_and_a_hundred_addresses_come_whole_and_over_tcp_to_who_speaks_no_edns() {
    for software in SOFTWARE {
        let tree = Tree::grow(software);
        for (name, count) in [("many.cs.test", 60), ("crowd.cs.test", 100)] {
            let cut = tree.dig(&["+noedns", name, "A"]);
            assert!(cut.contains(";; Truncated, retrying in TCP mode."), "{cut}");
            assert!(cut.contains(&format!("ANSWER: {count},")) && cut.contains("(TCP)"), "{cut}");
        }
        let whole = tree.dig(&["+bufsize=1232", "+ignore", "many.cs.test", "A"]);
        assert!(whole.contains("ANSWER: 60,") && whole.contains("(UDP)"), "{whole}");
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
        let started = internet().into_iter().map(|Site { address, zones }| {
            let folder = folder.path().join(address.to_string());
            let zones: Vec<(&str, &str)> =
                zones.iter().map(|(zone, text)| (*zone, text.as_str())).collect();
            software.start(&folder, SocketAddr::new(address, port), &zones)
        });
        let servers = started.collect();
        let hints = vec![SocketAddr::new(ROOT, port)];
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

const SOFTWARE: [Software; 2] = [Software::Knot, Software::Nsd];
