//! Every rule of DNS is acted on in some run, stated of some field, or broken by some bytes.

use core::net::SocketAddr;
use std::collections::BTreeSet;

use bytes::Bytes;
use protocols::dns::resolver::{self, Resolver};
use protocols::dns::server::{Config, Server};
use protocols::dns::zone::read_record;
use protocols::dns::{self, DNS, Message, Name, RecordType, ResponseCode, Zone, codec};
use protocols::endpoint::{Endpoint, Host, Output, Resolvers, Running, Step, Stimulus};
use protocols::http;
use protocols::wire::{Chunk, Notes, Side, Time};
use world::{Act, History, Power, What};

use crate::tree::{SERVERS, calm, done, tell};
use crate::worlds::faulty;

/// A rule that nobody acts on would be taught and never seen.
#[test]
fn every_rule_of_dns_is_cited_in_some_run_or_broken_by_some_message() {
    let mut met = BTreeSet::new();
    in_worlds(&mut met);
    at_a_server(&mut met);
    at_a_resolver(&mut met);
    at_a_host(&mut met);
    in_bytes(&mut met);
    let known = |id: &str| UNMET.iter().any(|(unmet, _)| *unmet == id);
    let missing: Vec<&str> =
        DNS.rules.iter().map(|rule| rule.id).filter(|id| !met.contains(id) && !known(id)).collect();
    assert_eq!(missing, [""; 0]);
    for (id, _) in UNMET {
        assert!(!met.contains(id), "{id} is met by now");
    }
}

type Met = BTreeSet<&'static str>;

/// Rules that no run here meets, and why.
const UNMET: &[(&str, &str)] = &[
    ("dns.case", "every comparison of names does it: there is no step in which it happens"),
    // Said of a master file, which is read before anything runs; what is wrong names its line.
    ("dns.zone", "an error of the master file"),
    ("dns.master-file", "how it is written"),
    ("dns.ttl-directive", "how it is written"),
    ("dns.cname-alone", "an error of the master file"),
    ("dns.same-ttl", "an error of the master file"),
];

fn in_worlds(met: &mut Met) {
    for seed in 0..30 {
        let mut history = faulty(seed);
        tell(&mut history, "lookup alias.cs.test");
        done(&mut history, seed);
        cited_in(&history, met);
    }
    let mut history = calm();
    for command in COMMANDS {
        tell(&mut history, command);
        done(&mut history, 0);
    }
    // A question that fails, and again before that is forgotten.
    for server in SERVERS {
        history.meddle(Act::Power { host: server, power: Power::Off }).unwrap();
    }
    for _ in 0..2 {
        tell(&mut history, "lookup new.far.test @10.0.0.53");
        done(&mut history, 0);
    }
    cited_in(&history, met);
}

fn cited_in(history: &History, met: &mut Met) {
    for entry in history.trace().entries {
        if let What::Step(step) = &entry.what {
            cited(step, met);
        }
        for flight in &entry.flights {
            noted(flight.load.payload(), met);
        }
    }
}

fn cited(step: &Step, met: &mut Met) {
    met.extend(step.outputs.iter().filter_map(|output| match output {
        Output::Cite(rule) => Some(rule.id),
        _ => None,
    }));
}

fn noted(bytes: &[u8], met: &mut Met) {
    let mut notes = Notes::on();
    if let Err(violation) = codec::read(bytes, &mut notes) {
        met.insert(violation.rule.id);
    }
    met.extend(notes.list().iter().filter_map(|note| note.rule).map(|rule| rule.id));
}

/// A program that has started and is given what a test wants to.
struct Lone<E: Endpoint> {
    host: Running<E>,
    steps: Vec<Step>,
}

impl<E: Endpoint> Lone<E> {
    fn new(endpoint: E) -> Lone<E> {
        let resolvers = Resolvers { servers: vec![([192, 0, 2, 53], 53).into()] };
        let host = Running::new(endpoint, 1).resolving(resolvers);
        let mut lone = Lone { host, steps: Vec::new() };
        lone.step(Stimulus::Start);
        lone
    }

    fn step(&mut self, stimulus: Stimulus) {
        self.steps.push(self.host.step(Time::from_secs(1_000), stimulus).unwrap());
    }

    fn datagram(&mut self, bytes: &[u8]) {
        let (from, bytes) = (([192, 0, 2, 9], 4_000).into(), Bytes::copy_from_slice(bytes));
        self.step(Stimulus::Datagram { port: 53, from, bytes });
    }

    /// Rings the alarms of this name that the last step armed.
    fn ring(&mut self, wanted: &str) {
        let outputs = self.steps.last().map(|step| step.outputs.clone()).unwrap_or_default();
        for output in outputs {
            if let Output::Arm { alarm, name, .. } = output
                && name == wanted
            {
                self.step(Stimulus::Alarm(alarm));
            }
        }
    }
}

fn at_a_server(met: &mut Met) {
    let config = Config { max_connections: 1, ..Config::default() };
    let mut server = Lone::new(Server::new(config, [zone()]));
    for bytes in MESSAGES {
        server.datagram(bytes);
    }
    let names = [&b"\x01w"[..], b"\x02ns", b"\x01c", b"\x02mx", b"\x03any\x04wild", b"\x04many"];
    for name in names.into_iter().chain([&b"\x03all"[..], b"\x02no"]) {
        for kind in [1, 12, 15, 16, 28, 33, 252, 65_280] {
            server.datagram(&query_of(name, kind, false));
            server.datagram(&query_of(name, kind, true));
        }
    }
    server.step(Stimulus::Command("set w.a 60 A 192.0.2.7".to_string()));
    let [first, second] = [server.host.accept(), server.host.accept()];
    for conn in [first, second] {
        let peer = ([192, 0, 2, 9], 4_001).into();
        server.step(Stimulus::Opened { conn, peer, port: Some(53) });
    }
    let framed = codec::frame(&query_of(b"\x01w", 1, false));
    let bytes = [&framed[..], &framed[..]].concat().into();
    server.step(Stimulus::Data { conn: first, bytes });
    server.ring("idle");
    server.ring("linger");
    for step in &server.steps {
        cited(step, met);
        for output in &step.outputs {
            if let Output::SendTo { bytes, .. } = output {
                noted(bytes, met);
            }
        }
    }
}

fn at_a_resolver(met: &mut Met) {
    let mut cases = vec![Asking::for_name("w.a")];
    let asking = &mut cases[0];
    let (port, _, query) = asking.query();
    let elsewhere = ([192, 0, 2, 66], 53).into();
    asking.lone.step(Stimulus::Datagram { port, from: elsewhere, bytes: Bytes::new() });
    asking.answer([&[], &[], &[]], |message| message.questions.clear());
    let unreadable = [&query.header.id.to_be_bytes()[..], b"\x80\0\0\x01\0\0\0\0\0\0"].concat();
    asking.datagram(&unreadable);
    asking.lone.datagram(&query_of(b"\x01w", 1, false));
    for (answers, authoritative) in [
        (&["w.a 60 CNAME v.a", "v.a 60 CNAME w.a"][..], true),
        (&["w.a 700000 A 192.0.2.7"], true),
        (&[], true),
        (&[], false),
    ] {
        let mut asking = Asking::for_name("w.a");
        asking.answer([answers, &[], &[]], |m| m.header.authoritative = authoritative);
        cases.push(asking);
    }
    // A server from before EDNS, told apart by FORMERR without an OPT record.
    let mut asking = Asking::for_name("w.a");
    asking.answer([&[], &[], &[]], |message| message.header.code = ResponseCode::FormErr);
    assert_eq!(asking.query().2.edns, None);
    cases.push(asking);
    // What the server of `a` says of its own address is worth more than what `b` is told of it.
    let mut asking = Asking::for_name("ns.a");
    let (ns, glue) = ("ns.a", "ns.a 600 A 192.0.2.53");
    asking.answer([&[], &["a 600 NS ns.a"], &[glue]], |_| {});
    asking.answer([&[glue], &[], &[]], |message| message.header.authoritative = true);
    asking.ask("w.b");
    asking.answer([&[], &[&format!("b 600 NS {ns}")], &["ns.a 600 A 192.0.2.66"]], |_| {});
    cases.push(asking);
    let labels = ["x"; 100];
    let mut asking = Asking::for_name(&labels.join("."));
    for depth in 1..60 {
        let zone = labels[..depth].join(".");
        let (ns, glue) = (format!("{zone} 9 NS ns.{zone}"), format!("ns.{zone} 9 A 192.0.2.53"));
        asking.answer([&[], &[&ns], &[&glue]], |_| {});
    }
    cases.push(asking);
    for asking in &cases {
        asking.lone.steps.iter().for_each(|step| cited(step, met));
    }
}

/// Hosts that dial by name, or want to know where mail goes.
fn at_a_host(met: &mut Met) {
    let mut browser = Lone::new(http::client::Client::new(http::client::Config::default()));
    browser.step(Stimulus::Command("get http://w.a/".to_string()));
    let resolvers = vec![([192, 0, 2, 53], 53).into()];
    let config = dns::client::Config { resolvers, ..dns::client::Config::default() };
    let mut dig = Asking { lone: Lone::new(dns::client::Client::new(config)) };
    dig.lone.step(Stimulus::Command("lookup a MX".to_string()));
    dig.answer([&["a 60 MX 10 mx.a"], &[], &["mx.a 60 A 192.0.2.25"]], |_| {});
    browser.steps.iter().chain(&dig.lone.steps).for_each(|step| cited(step, met));
}

/// One that asks, and whose queries a test answers.
struct Asking<E: Endpoint> {
    lone: Lone<E>,
}

impl Asking<Resolver> {
    fn for_name(name: &str) -> Asking<Resolver> {
        let config = resolver::Config::new([[192, 0, 2, 1].into()]);
        let mut asking = Asking { lone: Lone::new(Resolver::new(config)) };
        asking.ask(name);
        asking
    }

    fn ask(&mut self, name: &str) {
        let mut query = Message::query(1, name.parse().unwrap(), RecordType::A);
        query.header.recursion_desired = true;
        self.lone.datagram(&codec::write(&query));
    }
}

impl<E: Endpoint> Asking<E> {
    /// The last query that it sent: from which port, to whom.
    fn query(&self) -> (u16, SocketAddr, Message) {
        let outputs = self.lone.steps.iter().rev().flat_map(|step| step.outputs.iter().rev());
        let mut sent = outputs.filter_map(|output| match output {
            Output::SendTo { port, to, bytes } if *port != 53 => {
                Some((*port, *to, codec::read(bytes, &mut Notes::off()).unwrap()))
            }
            _ => None,
        });
        sent.next().unwrap()
    }

    fn datagram(&mut self, bytes: &[u8]) {
        let (port, from, _) = self.query();
        self.lone.step(Stimulus::Datagram { port, from, bytes: Bytes::copy_from_slice(bytes) });
    }

    /// Answers that query with these lines: answers, authorities, additionals.
    fn answer(&mut self, sections: [&[&str]; 3], change: impl Fn(&mut Message)) {
        let mut message = self.query().2.response(ResponseCode::NoError);
        let record = |line: &&str| read_record(line, &Name::root()).unwrap();
        let [answers, authorities, additionals] =
            sections.map(|lines| lines.iter().map(record).collect());
        (message.answers, message.authorities) = (answers, authorities);
        message.additionals = additionals;
        change(&mut message);
        self.datagram(&codec::write(&message));
    }
}

fn in_bytes(met: &mut Met) {
    for bytes in MESSAGES {
        noted(bytes, met);
    }
    // A name that is too long, and a chain of pointers that is.
    let label = [&[63][..], &[b'a'; 63]].concat();
    noted(&query_of(&label.repeat(4), 1, false), met);
    let mut chain = b"\0\x01\0\0\0\xc9\0\0\0\0\0\0\x01a\0\0\x01\0\x01".to_vec();
    for index in 0..200u16 {
        let before = if index == 0 { 12 } else { 19 + 6 * (index - 1) };
        chain.extend((0xc000 | before).to_be_bytes());
        chain.extend(b"\0\x01\0\x01");
    }
    noted(&chain, met);
    // A stream that ends within a message, and one whose message cannot be read.
    for bytes in [&b"\0\x20abc"[..], b"\0\x12\0\x01\0\0\0\x01\0\0\0\0\0\0\x80\0\0\x01\0\x01"] {
        let chunk = Chunk { side: Side::Initiator, bytes: Bytes::copy_from_slice(bytes) };
        for message in protocols::dns::DNS_TCP.dissect(&[chunk]) {
            met.extend(message.notes.iter().filter_map(|note| note.rule).map(|rule| rule.id));
        }
    }
}

/// A zone with records of all types, a wildcard, and a name of many addresses.
fn zone() -> Zone {
    let many = (1..=60).map(|last| format!("many.a. A 192.0.2.{last}\n"));
    let text = ZONE.to_string() + &many.collect::<String>();
    Zone::parse(&text, &Name::root()).unwrap_or_else(|error| panic!("{error}"))
}

/// A query for this name of the zone `a`, with an OPT record or without.
fn query_of(name: &[u8], kind: u16, edns: bool) -> Vec<u8> {
    let head = [&[0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, u8::from(edns)][..], name, b"\x01a\0"];
    let opt: &[u8] = if edns { b"\0\0\x29\x02\0\0\0\0\0\0\0" } else { b"" };
    [&head.concat()[..], &kind.to_be_bytes(), b"\0\x01", opt].concat()
}

const COMMANDS: &[&str] = &[
    "trace www.cs.test",
    "lookup www.cs.test",
    "lookup www.cs.test",
    "lookup www.cs.test TXT",
    "lookup alias.cs.test",
    "lookup no.cs.test",
    "lookup many.cs.test",
    "lookup www.lame.test",
    "lookup www.ring.test",
    "lookup www.evil.test",
    "lookup alias.evil.test",
    "lookup www.cs.test MX @10.0.1.3",
    "lookup cs.test AXFR @10.0.1.3",
    "lookup www.elsewhere.test A @10.0.1.3",
];

const ZONE: &str = "\
$TTL 60
a.        SOA ns.a. h.a. 1 2 3 4 5
a.        NS  ns.a.
ns.a.     A   192.0.2.1
ns.a.     AAAA 2001:db8::1
w.a.      A   192.0.2.1
c.a.      CNAME w.a.
mx.a.     MX  10 w.a.
*.wild.a. TXT \"t\"
all.a.    PTR w.a.
all.a.    SRV 1 2 80 w.a.
all.a.    TYPE65280 \\# 1 AB
";

/// Messages that break a rule each, or are answered with an error of their own.
const MESSAGES: &[&[u8]] = &[
    b"\0\x01",
    // A response, another opcode, bits that are reserved, no question, two questions.
    b"\0\x01\x80\0\0\0\0\0\0\0\0\0",
    b"\0\x01\x10\0\0\0\0\0\0\0\0\0",
    b"\0\x01\0\x70\0\0\0\0\0\0\0\0",
    b"\0\x01\0\0\0\0\0\0\0\0\0\0",
    // Counts that say too much and too little.
    b"\0\x01\0\0\0\x01\0\0\0\0\0\0",
    b"\0\x01\0\0\0\0\0\0\0\0\0\0x",
    b"\0\x01\0\0\0\x01\0\0\0\0\0\0\x05a",
    // Labels of an unknown kind, a pointer that does not lead back.
    b"\0\x01\0\0\0\x01\0\0\0\0\0\0\x80\0\0\x01\0\x01",
    b"\0\x01\0\0\0\x01\0\0\0\0\0\0\xc0\x0c\0\x01\0\x01",
    // A record whose length lies, two OPT records, an OPT record with an owner, a later EDNS.
    b"\0\x01\0\0\0\0\0\x01\0\0\0\0\0\0\x01\0\x01\0\0\0\0\0\x01a",
    b"\0\x01\0\0\0\0\0\0\0\0\0\x02\0\0\x29\0\0\0\0\0\0\0\0\0\0\x29\0\0\0\0\0\0\0\0",
    b"\0\x01\0\0\0\0\0\0\0\0\0\x01\x01a\0\0\x29\0\0\0\0\0\0\0\0",
    b"\0\x01\0\0\0\x01\0\0\0\0\0\x01\0\0\x01\0\x01\0\0\x29\x02\0\0\x01\0\0\0\0",
];
