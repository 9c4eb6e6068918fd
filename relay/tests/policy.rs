//! What may be dialled: spellings of loopback, forbidden ranges, and names that change their mind.

mod common;

use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{Client, echo, settings, start};
use relay::policy::{Pending, Policy, Profile, Resolve, Rule};
use relay_wire::{Code, Detail, Reset, Target};

/// A resolver that answers from a script, the last line for ever, and counts the questions.
struct Script {
    answers: Mutex<Vec<Vec<IpAddr>>>,
    asked: AtomicUsize,
}

impl Script {
    fn new(answers: &[&[&str]]) -> Arc<Script> {
        let read = |texts: &&[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
        let answers = answers.iter().rev().map(read).collect();
        Arc::new(Script { answers: Mutex::new(answers), asked: AtomicUsize::new(0) })
    }
}

impl Resolve for Script {
    fn resolve(&self, _name: &str) -> Pending {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.len() > 1 { answers.pop() } else { answers.first().cloned() };
        Box::pin(async move { answer.ok_or_else(|| io::Error::other("no answer")) })
    }
}

/// A resolver that never answers.
struct Silence;

impl Resolve for Silence {
    fn resolve(&self, _name: &str) -> Pending {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn none_of_sixty_spellings_of_loopback_passes_an_empty_list() {
    assert_eq!(SPELLINGS.len(), 60);
    let policy = Policy::new(Profile::Listed);
    // As lenient as a resolver can be: every name is loopback.
    let resolver = Script::new(&[&["127.0.0.1"]]);
    for spelling in SPELLINGS {
        let pinned = pin(&policy, &*resolver, spelling, 9000).await;
        assert_eq!(pinned.err().map(|reset| reset.code), Some(Code::Policy), "{spelling}");
    }
}

#[tokio::test]
async fn none_of_sixty_spellings_of_loopback_reaches_the_relay_itself() {
    for own in ["127.0.0.1:9000", "0.0.0.0:9000", "[::]:9000", "[::1]:9000"] {
        let mut policy = Policy::new(Profile::Local);
        policy.deny_own(own.parse().unwrap());
        policy.allow("127.0.0.1:9000".parse().unwrap());
        let resolver = Script::new(&[&["127.0.0.1"], &["::1"], &["127.0.0.1"]]);
        for spelling in SPELLINGS {
            let pinned = pin(&policy, &*resolver, spelling, 9000).await;
            assert!(pinned.is_err(), "{spelling} reaches a relay at {own}: {pinned:?}");
        }
    }
}

/// A relay bound to every address of the machine is at those, and at no other machine's.
#[tokio::test]
async fn a_relay_at_every_address_is_not_at_the_addresses_of_others() {
    for own in ["0.0.0.0:8080", "[::]:8080"] {
        let mut policy = Policy::new(Profile::Listed);
        policy.deny_own(own.parse().unwrap());
        policy.allow("example.com:8080".parse().unwrap());
        let there = Script::new(&[&["93.184.216.34"]]);
        let pinned = pin(&policy, &*there, "example.com", 8080).await;
        assert_eq!(pinned, Ok(vec!["93.184.216.34:8080".parse().unwrap()]), "{own}");
        for here in own_addresses() {
            policy.allow(std::net::SocketAddr::new(here, 8080).into());
            let reset = pin(&policy, &*there, &here.to_string(), 8080).await.unwrap_err();
            assert!(reset.text.contains("the relay itself"), "{own}, {here}: {}", reset.text);
        }
    }
}

/// Addresses of this machine: those of loopback, and the one that it would send from.
fn own_addresses() -> Vec<IpAddr> {
    let outward = std::net::UdpSocket::bind("0.0.0.0:0").and_then(|socket| {
        // Nothing is sent: the kernel only looks up the way.
        socket.connect("192.0.2.1:9")?;
        socket.local_addr()
    });
    let loopback = ["127.0.0.1", "127.8.8.8"].map(|text| text.parse().unwrap());
    loopback.into_iter().chain(outward.map(|address| address.ip())).collect()
}

#[tokio::test]
async fn no_spelling_of_a_denied_range_passes_even_if_it_is_named() {
    for forbidden in FORBIDDEN {
        let rule: Result<Rule, _> = format!("[{forbidden}]:9000").parse();
        assert!(rule.is_err(), "--allow {forbidden}");
        let policy = Policy::new(Profile::Local);
        let pinned = pin(&policy, &Silence, forbidden, 9000).await;
        assert_eq!(pinned.map_err(|reset| reset.detail), Err(Detail::Range), "{forbidden}");
    }
}

#[tokio::test]
async fn a_name_that_resolves_anew_to_a_forbidden_address_is_refused() {
    let mut policy = Policy::new(Profile::Local);
    policy.allow("rebind.example:80".parse().unwrap());
    let lies: [&[&str]; 6] = [
        &["93.184.216.34"],
        &["127.0.0.1"],
        &["169.254.169.254"],
        &["10.1.2.3"],
        &["93.184.216.34", "192.168.1.1"],
        &["::ffff:127.0.0.1"],
    ];
    let resolver = Script::new(&lies);
    let first = pin(&policy, &*resolver, "rebind.example", 80).await;
    assert_eq!(first, Ok(vec!["93.184.216.34:80".parse().unwrap()]));
    for lie in &lies[1..] {
        let pinned = pin(&policy, &*resolver, "rebind.example", 80).await;
        let reset = pinned.expect_err("every answer has to pass");
        assert_eq!(reset.code, Code::Policy, "{lie:?}");
        assert!(reset.text.contains("rebind.example is "), "{}", reset.text);
    }
}

#[tokio::test]
async fn a_stream_goes_to_the_address_that_was_checked_and_the_name_is_asked_once() {
    let address = echo().await;
    let resolver = Script::new(&[&["127.0.0.1"], &["169.254.169.254"]]);
    let mut settings = settings();
    settings.resolver = resolver.clone();
    let lab = start(settings).await;
    let mut client = Client::connect(lab.address).await;
    let (stream, opened) = client.try_open("LocalHost.", address.port()).await.unwrap();
    assert_eq!(opened.remote, address);
    assert_eq!(resolver.asked.load(Ordering::Relaxed), 1);
    assert_eq!(client.exchange(stream, "still there".into()).await, b"still there");
    let reset = client.try_open("localhost", address.port()).await.unwrap_err();
    assert_eq!((reset.code, reset.detail), (Code::Policy, Detail::Range));
}

#[tokio::test]
async fn the_second_address_of_a_name_is_tried_if_the_first_refuses() {
    let address = echo().await;
    let mut settings = settings();
    settings.resolver = Script::new(&[&["::1", "127.0.0.1"]]);
    let lab = start(settings).await;
    let mut client = Client::connect(lab.address).await;
    let (_, opened) = client.try_open("localhost", address.port()).await.unwrap();
    assert_eq!(opened.remote, address);
}

#[tokio::test]
async fn names_nobody_named_are_not_even_looked_up() {
    let resolver = Script::new(&[&["127.0.0.1"]]);
    let policy = Policy::new(Profile::Local);
    let reset = pin(&policy, &*resolver, "example.org", 80).await.unwrap_err();
    assert_eq!((reset.code, reset.detail), (Code::Policy, Detail::Name));
    assert!(reset.text.contains("--allow example.org:80"), "{}", reset.text);
    assert_eq!(resolver.asked.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_name_without_answer_and_a_silent_resolver_are_told_apart() {
    let mut policy = Policy::new(Profile::Local);
    policy.allow("gone.example:80".parse().unwrap());
    let gone = pin(&policy, &*Script::new(&[]), "gone.example", 80).await.unwrap_err();
    assert_eq!(gone.code, Code::NameNotFound);
    let target = Target::new("gone.example", 80);
    let silent = policy.pin(&target, &Silence, Duration::from_millis(20)).await.unwrap_err();
    assert_eq!(silent.code, Code::DnsTimeout);
}

#[tokio::test]
async fn the_local_profile_leaves_out_what_trusts_local_users() {
    let policy = Policy::new(Profile::Local);
    for (port, allowed) in [(22, false), (80, false), (5432, false), (6379, false), (8000, true)] {
        let pinned = pin(&policy, &Silence, "127.0.0.1", port).await;
        assert_eq!(pinned.is_ok(), allowed, "port {port}");
    }
    for host in ["10.0.0.1", "192.168.1.1", "8.8.8.8", "fd12::1", "2600::1"] {
        assert!(pin(&policy, &Silence, host, 8000).await.is_err(), "{host}");
    }
}

#[tokio::test]
async fn what_the_operator_names_is_allowed_at_exactly_that_port() {
    let mut policy = Policy::new(Profile::Listed);
    for rule in ["127.0.0.1:80", "[::1]:6379", "192.168.1.5:25", "localhost:7000"] {
        policy.allow(rule.parse().unwrap());
    }
    let resolver = Script::new(&[&["::1", "127.0.0.1"]]);
    for (host, port, allowed) in [
        ("127.0.0.1", 80, true),
        ("::ffff:127.0.0.1", 80, true),
        ("127.0.0.1", 81, false),
        ("127.0.0.2", 80, false),
        ("::1", 6379, true),
        ("192.168.1.5", 25, true),
        ("192.168.1.6", 25, false),
        ("localhost", 7000, true),
        ("localhost", 7001, false),
    ] {
        let pinned = pin(&policy, &*resolver, host, port).await;
        assert_eq!(pinned.is_ok(), allowed, "{host}:{port}: {pinned:?}");
    }
}

#[test]
fn rules_that_mean_nothing_are_refused() {
    for text in ["", "localhost", "host:0", "host:x", "0x7f.1:80", "a_b:80", "[fe80::1]:80"] {
        assert!(text.parse::<Rule>().is_err(), "{text:?}");
    }
}

#[test]
fn neighbouring_ports_of_a_host_are_named_together() {
    let mut policy = Policy::new(Profile::Listed);
    for text in ["127.0.0.1:80", "127.0.0.1:7000", "127.0.0.1:7001", "127.0.0.1:7002", "[::1]:7003"]
    {
        policy.allow(text.parse().unwrap());
    }
    assert_eq!(policy.summary(), "Only 127.0.0.1:80, 127.0.0.1:7000 to 7002, [::1]:7003.");
}

#[test]
fn of_many_targets_the_first_are_named_and_the_others_counted() {
    let mut policy = Policy::new(Profile::Listed);
    for port in (7000..7020).step_by(2) {
        policy.allow(format!("127.0.0.1:{port}").parse().unwrap());
    }
    let named = "127.0.0.1:7000, 127.0.0.1:7002, 127.0.0.1:7004, 127.0.0.1:7006";
    assert_eq!(policy.summary(), format!("Only {named} and 6 more."));
}

async fn pin(
    policy: &Policy,
    resolver: &dyn Resolve,
    host: &str,
    port: u16,
) -> Result<Vec<std::net::SocketAddr>, Reset> {
    policy.pin(&Target::new(host, port), resolver, Duration::from_secs(1)).await
}

/// Ways to write loopback that one resolver or URL parser or other accepts, after the tables of
/// SSRF test suites; some are names that point there.
const SPELLINGS: &[&str] = &[
    "127.0.0.1",
    "127.0.0.2",
    "127.1.2.3",
    "127.255.255.254",
    "127.1",
    "127.0.1",
    "0127.0.0.1",
    "127.0.0.01",
    "0177.0.0.1",
    "0177.0.0.01",
    "0177.1",
    "0x7f.0.0.1",
    "0x7f.0x0.0x0.0x1",
    "0x7f.1",
    "0x7f000001",
    "0X7F000001",
    "2130706433",
    "017700000001",
    "127.0.0.1.",
    "127.0.0.1%00",
    "127.0.0.1\0",
    " 127.0.0.1",
    "127.0.0.1 ",
    "127.0.0.1\n",
    "127。0。0。1",
    "127．0．0．1",
    "１２７.0.0.1",
    "①②⑦.⓪.⓪.①",
    "0",
    "0.0.0.0",
    "0.0.0.1",
    "00.0.0.0",
    "0x0",
    "::1",
    "[::1]",
    "0:0:0:0:0:0:0:1",
    "0000:0000:0000:0000:0000:0000:0000:0001",
    "::0001",
    "::1%lo",
    "::1%25lo",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "0:0:0:0:0:ffff:127.0.0.1",
    "[::ffff:127.0.0.1]",
    "::127.0.0.1",
    "::7f00:1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "fe80::1",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "a.localhost",
    "ʟocalhost",
    "localhost.localdomain",
    "127.0.0.1.nip.io",
];

/// One address or more of every range that is denied whoever names it.
const FORBIDDEN: &[&str] = &[
    "0.0.0.0",
    "0.1.2.3",
    "100.64.0.1",
    "100.127.255.255",
    "169.254.169.254",
    "169.254.0.1",
    "192.0.0.1",
    "198.18.0.1",
    "198.19.255.255",
    "224.0.0.251",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::2",
    "::ffff:169.254.169.254",
    "::ffff:0.0.0.0",
    "::ffff:224.0.0.1",
    "::169.254.169.254",
    "::ffff:0:169.254.169.254",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::1",
    "2001::1",
    "2002:a9fe:a9fe::",
    "fd00:ec2::254",
    "fe80::1",
    "febf::1",
    "fec0::1",
    "ff02::fb",
    "ff15::1",
    "100::1",
];
