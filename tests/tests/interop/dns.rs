//! dig, kdig and Unbound ask our authoritative name server.

use std::fmt::Write;
use std::net::SocketAddr;
use std::process::Command;

use protocols::dns::server::{Config, Server};
use protocols::dns::{DNS_PORT, Name, Zone};
use protocols::endpoint::Running;
use tests::program::{Program, free_address, needed, run};

use crate::native::Native;
use crate::text;

#[test]
fn dig_gets_addresses_aliases_mail_exchanges_and_text() {
    let server = authority();
    let short = |name: &str, kind: &str| dig(&server, &["+short", name, kind]);
    assert_eq!(short("web.lab.test", "A"), "192.0.2.80\n192.0.2.81\n");
    assert_eq!(short("web.lab.test", "AAAA"), "2001:db8::80\n");
    assert_eq!(
        short("WWW.lab.test", "A"),
        "alias.lab.test.\nweb.lab.test.\n192.0.2.80\n192.0.2.81\n"
    );
    assert_eq!(short("lab.test", "MX"), "10 mail.lab.test.\n");
    assert_eq!(short("any.wild.lab.test", "TXT"), "\"one; two\" \"three\\\"\"\n");
    assert_eq!(short("_http._tcp.lab.test", "SRV"), "1 2 80 web.lab.test.\n");
    assert_eq!(short("odd.lab.test", "TYPE65280"), "\\# 3 ABCDEF\n");
    let serial = "ns.lab.test. hostmaster.lab.test. 7 7200 900 604800 300\n";
    assert_eq!(short("lab.test", "SOA"), serial);
}

#[test]
fn dig_sees_authority_denial_and_refusal() {
    let server = authority();
    let full = |arguments: &[&str]| dig(&server, arguments);
    let answer = full(&["web.lab.test", "A"]);
    assert!(answer.contains("status: NOERROR") && answer.contains("flags: qr aa rd;"), "{answer}");
    assert!(answer.contains("WARNING: recursion requested but not available"), "{answer}");
    assert!(!answer.contains("malformed") && !answer.contains("extra"), "{answer}");
    let none = full(&["nothing.lab.test", "A"]);
    assert!(none.contains("status: NXDOMAIN"), "{none}");
    let soa = "lab.test.\t\t300\tIN\tSOA";
    assert!(none.contains(soa), "RFC 2308 section 3: the lesser of the two\n{none}");
    let empty = full(&["mail.lab.test", "TXT"]);
    assert!(empty.contains("status: NOERROR") && empty.contains("ANSWER: 0, AUTHORITY: 1"));
    assert!(full(&["www.elsewhere.test", "A"]).contains("status: REFUSED"));
    assert!(full(&["+opcode=STATUS", "lab.test"]).contains("status: NOTIMP"));
    assert!(full(&["+edns=1", "+noednsneg", "lab.test"]).contains("status: BADVERS"));
    let plain = full(&["+noedns", "web.lab.test"]);
    assert!(plain.contains("ADDITIONAL: 0"), "RFC 6891 section 6.1.1: no OPT record\n{plain}");
    assert!(full(&["lab.test", "AXFR"]).contains("; Transfer failed."), "a refused transfer");
}

#[test]
fn dig_is_referred_to_the_servers_of_a_child_with_their_glue() {
    let server = authority();
    let referral = dig(&server, &["www.child.lab.test", "A"]);
    assert!(referral.contains("ANSWER: 0, AUTHORITY: 2, ADDITIONAL: 3"), "{referral}");
    assert!(!referral.contains(" aa"), "RFC 1034 section 4.3.2: no authority\n{referral}");
    assert!(referral.contains("ns.child.lab.test.\t60\tIN\tA\t192.0.2.53"), "{referral}");
}

#[test]
fn an_answer_of_60_addresses_is_cut_in_a_datagram_and_whole_over_tcp() {
    let server = authority();
    let cut = dig(&server, &["+ignore", "+noedns", "many.lab.test", "A"]);
    assert!(cut.contains("flags: qr aa tc rd;"), "RFC 2181 section 9\n{cut}");
    let fell_back = dig(&server, &["+noedns", "many.lab.test", "A"]);
    assert!(fell_back.contains(";; Truncated, retrying in TCP mode."), "{fell_back}");
    assert!(fell_back.contains("ANSWER: 60,") && fell_back.contains("(TCP)"), "{fell_back}");
    let large = dig(&server, &["+bufsize=4096", "+ignore", "many.lab.test", "A"]);
    assert!(large.contains("ANSWER: 60,") && large.contains("(UDP)"), "{large}");
    let small = dig(&server, &["+bufsize=700", "+ignore", "many.lab.test", "A"]);
    assert!(small.contains(" tc ") && small.contains("udp: 1232"), "{small}");
    let size = small.lines().find_map(|line| line.strip_prefix(";; MSG SIZE  rcvd: "));
    let size: usize = size.and_then(|size| size.parse().ok()).expect("a size");
    assert!((680..=700).contains(&size), "RFC 6891 section 6.2.3: {size}");
}

#[test]
fn several_queries_of_kdig_go_over_one_connection() {
    let server = authority();
    let (ip, port) = place(&server);
    let at = format!("@{ip}");
    let names = ["web.lab.test", "many.lab.test", "nothing.lab.test"];
    let shared = ["+tcp", "+keepopen", &at, "-p", &port];
    let answers = text(&run("kdig", &[&shared[..], &names].concat()));
    assert_eq!(answers.matches("(TCP)").count(), 3, "{answers}");
    assert!(answers.contains("ANSWER: 60;") && answers.contains("status: NXDOMAIN"), "{answers}");
    let datagram = text(&run("kdig", &[&at, "-p", &port, "+ignore", "+noedns", "many.lab.test"]));
    assert!(datagram.contains("Flags: qr aa tc rd;"), "{datagram}");
    assert!(!datagram.contains("WARNING: malformed"), "{datagram}");
}

#[test]
fn what_the_keeper_changes_is_answered_at_once() {
    let server = authority();
    server.command("set web.lab.test 5 A 192.0.2.99");
    assert_eq!(dig(&server, &["+short", "web.lab.test", "A"]), "192.0.2.99\n");
    assert!(dig(&server, &["+short", "lab.test", "SOA"]).contains(" 8 7200 "));
}

#[test]
fn unbound_resolves_through_our_servers() {
    let (parent, child) = (authority(), served(CHILD));
    let unbound = Unbound::above(&[("lab.test", &parent), ("child.lab.test", &child)]);
    let chain = unbound.dig(&["www.lab.test", "A"]);
    assert!(chain.contains("status: NOERROR") && chain.contains("ANSWER: 4,"), "{chain}");
    assert!(unbound.dig(&["nothing.lab.test", "A"]).contains("status: NXDOMAIN"));
    let many = unbound.dig(&["many.lab.test", "A"]);
    assert!(many.contains("ANSWER: 60,"), "{many}");
    let host = unbound.dig(&["+short", "host.child.lab.test", "A"]);
    assert_eq!(host, "192.0.2.200\n", "from the child's server");
    let across = unbound.dig(&["+short", "into.lab.test", "A"]);
    assert_eq!(across, "host.child.lab.test.\n192.0.2.200\n", "an alias into the other zone");
}

/// Unbound, which is told where the servers of these zones are.
struct Unbound {
    address: SocketAddr,
    _program: Program,
    _folder: tempfile::TempDir,
}

impl Unbound {
    fn above(zones: &[(&str, &Native)]) -> Unbound {
        let folder = tempfile::tempdir().expect("a folder");
        let address = free_address();
        let mut text = format!(
            "server:\n do-daemonize: no\n username: \"\"\n chroot: \"\"\n pidfile: \"\"\n \
             use-syslog: no\n logfile: \"\"\n verbosity: 1\n do-not-query-localhost: no\n \
             local-zone: \"test.\" nodefault\n interface: {}\n port: {}\n \
             module-config: \"iterator\"\n do-ip6: no\n \
             edns-buffer-size: 512\nremote-control:\n control-enable: no\n",
            address.ip(),
            address.port()
        );
        for (zone, server) in zones {
            let at = server.address(DNS_PORT);
            let (ip, port) = (at.ip(), at.port());
            writeln!(text, "stub-zone:\n name: \"{zone}\"\n stub-addr: {ip}@{port}")
                .expect("a string takes everything");
        }
        let config = folder.path().join("unbound.conf");
        std::fs::write(&config, text).expect("a file in the folder");
        let mut command = Command::new(needed(&["unbound"]));
        let mut program = Program::start(command.args(["-d", "-c"]).arg(config));
        program.answers_at(address);
        Unbound { address, _program: program, _folder: folder }
    }

    fn dig(&self, arguments: &[&str]) -> String {
        dig_at(self.address, arguments)
    }
}

/// A server of [`LAB`] with a name of 60 addresses.
fn authority() -> Native {
    let many: String = (1..=60).map(|n| format!("many 60 A 198.51.100.{n}\n")).collect();
    served(&format!("{LAB}{many}"))
}

fn served(text: &str) -> Native {
    let zone = Zone::parse(text, &Name::root()).unwrap_or_else(|error| panic!("{error}"));
    Native::start(Box::new(Running::new(Server::new(Config::default(), [zone]), 1)))
}

fn place(server: &Native) -> (String, String) {
    let address = server.address(DNS_PORT);
    (address.ip().to_string(), address.port().to_string())
}

fn dig(server: &Native, arguments: &[&str]) -> String {
    dig_at(server.address(DNS_PORT), arguments)
}

fn dig_at(address: SocketAddr, arguments: &[&str]) -> String {
    let (at, port) = (format!("@{}", address.ip()), address.port().to_string());
    let shared = ["+tries=2", "+time=10", &at, "-p", &port];
    text(&run("dig", &[&shared[..], arguments].concat()))
}

const LAB: &str = r#"
$ORIGIN lab.test.
$TTL 60
@  3600 IN SOA ns hostmaster ( 7 2h 15m 1w 300 )
        3600 NS ns
        MX 10 mail
ns      A 127.0.0.1
mail    A 192.0.2.25
www     CNAME alias
alias   CNAME web
web     A 192.0.2.80
        A 192.0.2.81
        AAAA 2001:db8::80
*.wild  TXT "one; two" "three\""
_http._tcp SRV 1 2 80 web
odd     TYPE65280 \# 3 abcdef
into    CNAME host.child
child   NS ns.child
        NS ns2.child
ns.child  A 192.0.2.53
ns2.child A 192.0.2.54
"#;

const CHILD: &str = "$ORIGIN child.lab.test.\n$TTL 60\n@ SOA ns h 1 2 3 4 5\n@ NS ns\n\
    ns A 127.0.0.1\nhost A 192.0.2.200\n";
