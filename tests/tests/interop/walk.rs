//! Unbound, which knows nothing but where our root is, walks down over our authoritative servers:
//! all on port 53 of a network of their own.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::Command;
use std::sync::{Arc, Mutex};

use protocols::dns::server::{Config, Server};
use protocols::dns::{Name, Zone};
use protocols::endpoint::{Output, Running, Step};
use tests::network::alone;
use tests::program::{Program, needed, run};

use crate::internet::{LEAF, PROVIDER, ROOT, Site, TOP, internet};
use crate::native::Native;
use crate::text;

#[test]
fn unbound_walks_from_our_root_to_our_leaf_and_then_asks_nobody_again() {
    alone("walk::unbound_walks_from_our_root_to_our_leaf_and_then_asks_nobody_again", || {
        let net = Net::up();
        assert_eq!(net.dig(&["+short", "www.cs.test", "A"]), "192.0.2.80\n");
        net.asked(&[(ROOT, "test"), (TOP, "cs.test"), (LEAF, "www.cs.test")]);
        // QNAME minimisation (RFC 9156): nobody hears more of the name than it must.
        let told = net.told();
        let hears = |server: IpAddr, name: &str| {
            let from = server.to_string();
            told.lines().any(|line| line.starts_with(&from) && line.contains(name))
        };
        assert!(!hears(ROOT, "cs.test") && !hears(TOP, "www.cs.test"), "{told}");
        let again = net.dig(&["www.cs.test", "A"]);
        assert!(again.contains("status: NOERROR") && again.contains("ANSWER: 1,"), "{again}");
        assert_eq!(net.told(), told, "from the cache (RFC 1034 section 5.3.3)");
    });
}

#[test]
fn unbound_follows_our_aliases_into_a_zone_that_no_glue_leads_to() {
    alone("walk::unbound_follows_our_aliases_into_a_zone_that_no_glue_leads_to", || {
        let net = Net::up();
        let chain = net.dig(&["+short", "alias.cs.test", "A"]);
        assert_eq!(chain, "next.cs.test.\nwww.far.test.\n192.0.2.81\n");
        net.asked(&[
            (LEAF, "alias.cs.test"),
            (TOP, "far.test"),
            (ROOT, "net"),
            (TOP, "prov.net"),
            (PROVIDER, "ns.prov.net"),
            (PROVIDER, "www.far.test"),
        ]);
    });
}

#[test]
fn unbound_believes_our_denials_and_asks_again_over_tcp_when_our_answer_is_cut() {
    alone(
        "walk::unbound_believes_our_denials_and_asks_again_over_tcp_when_our_answer_is_cut",
        || {
            let net = Net::up();
            let none = net.dig(&["nothing.cs.test", "A"]);
            assert!(none.contains("status: NXDOMAIN") && none.contains("AUTHORITY: 1"), "{none}");
            let none = net.dig(&["nowhere", "A"]);
            assert!(none.contains("status: NXDOMAIN"), "a top level that is not: {none}");
            let empty = net.dig(&["www.cs.test", "MX"]);
            assert!(empty.contains("status: NOERROR") && empty.contains("ANSWER: 0"), "{empty}");
            let many = net.dig(&["+tcp", "many.cs.test", "A"]);
            assert!(many.contains("ANSWER: 60,"), "{many}");
            let cut = "many.cs.test a: noerror, ";
            let answers = net.told().lines().filter(|line| line.contains(cut)).count();
            assert_eq!(answers, 2, "RFC 7766 section 5: cut, then whole\n{}", net.told());
        },
    );
}

/// The small internet, served by us, and Unbound above it.
struct Net {
    told: Arc<Mutex<Vec<(IpAddr, String)>>>,
    _servers: Vec<Native>,
    _unbound: Program,
    _folder: tempfile::TempDir,
}

impl Net {
    fn up() -> Net {
        let told: Arc<Mutex<Vec<(IpAddr, String)>>> = Arc::default();
        let servers = internet().into_iter().map(|Site { address, zones }| {
            let zones = zones.iter().map(|(name, text)| zone(name, text));
            let host = Box::new(Running::new(Server::new(Config::default(), zones), 1));
            let told = Arc::clone(&told);
            Native::at(address, host, move |step| note(step, address, &told))
        });
        let servers = servers.collect();
        let folder = tempfile::tempdir().expect("a folder");
        let unbound = unbound(folder.path());
        Net { told, _servers: servers, _unbound: unbound, _folder: folder }
    }

    fn dig(&self, arguments: &[&str]) -> String {
        let at = format!("@{RESOLVER}");
        text(&run("dig", &[&["+tries=1", "+time=15", &at], arguments].concat()))
    }

    /// These servers have each answered a question for the addresses of this name.
    fn asked(&self, expected: &[(IpAddr, &str)]) {
        let told = self.told();
        for (server, name) in expected {
            let line = format!("{server}: {name} a: ");
            let is_it = |told: &str| told.starts_with(&line);
            assert!(told.lines().any(is_it), "{server} was never asked for {name}\n{told}");
        }
    }

    /// All that our servers have answered, in order.
    fn told(&self) -> String {
        let told = self.told.lock().expect("nobody panicked");
        told.iter().map(|(at, line)| format!("{at}: {line}\n")).collect()
    }
}

fn zone(name: &str, text: &str) -> Zone {
    Zone::parse(text, &Name::root()).unwrap_or_else(|error| panic!("the zone {name}: {error}"))
}

/// Keeps what a server says that it has answered, in small letters: Unbound mixes them at random,
/// to know the answer to its own question by them.
fn note(step: &Step, server: IpAddr, told: &Mutex<Vec<(IpAddr, String)>>) {
    let mut told = told.lock().expect("nobody panicked");
    for output in &step.outputs {
        if let Output::Emit(event) = output {
            let event = event.to_ascii_lowercase();
            told.push((server, event.strip_prefix("answered ").unwrap_or(&event).to_owned()));
        }
    }
}

fn unbound(folder: &std::path::Path) -> Program {
    let hints = folder.join("root.hints");
    std::fs::write(&hints, format!(". 86400 NS a.root.\na.root. 86400 A {ROOT}\n"))
        .expect("a file in the folder");
    let config = folder.join("unbound.conf");
    let text = format!(
        "server:\n do-daemonize: no\n username: \"\"\n chroot: \"\"\n pidfile: \"\"\n \
         use-syslog: no\n logfile: \"\"\n verbosity: 1\n do-not-query-localhost: no\n \
         local-zone: \"test.\" nodefault\n interface: {RESOLVER}\n port: 53\n do-ip6: no\n \
         module-config: \"iterator\"\n root-hints: \"{}\"\n edns-buffer-size: 512\n \
         qname-minimisation: yes\n qname-minimisation-strict: yes\n use-caps-for-id: yes\n\
         remote-control:\n control-enable: no\n",
        hints.display()
    );
    std::fs::write(&config, text).expect("a file in the folder");
    let mut command = Command::new(needed(&["unbound"]));
    let mut program = Program::start(command.args(["-d", "-c"]).arg(config));
    program.answers_at(SocketAddr::new(RESOLVER, 53));
    program
}

const RESOLVER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 1, 53));
