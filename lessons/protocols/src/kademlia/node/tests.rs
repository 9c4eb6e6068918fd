//! A node by itself: what it answers, what it refuses, and what strangers cannot make it do.

use core::net::SocketAddr;

use bytes::Bytes;

use super::*;
use crate::endpoint::{AlarmId, Host, Output, Running, Stimulus};
use crate::kademlia::{Announce, Ask, Message, Query, Refusal, Response, code};

mod limits;

const OWN: Key = Key::new(*b"mnopqrstuvwxyz123456");
const ASKER: Key = Key::new(*b"abcdefghij0123456789");
const START: Time = Time::from_secs(1_000_000);

/// A node that runs, and what it has sent last.
struct Bench {
    host: Running<Node>,
    now: Time,
    outputs: Vec<Output>,
}

impl Bench {
    fn new() -> Bench {
        let config = Config { version: None, ..Config::default() };
        Bench::of(Node::new(Arc::new(config), OWN))
    }

    fn of(node: Node) -> Bench {
        let mut bench = Bench { host: Running::new(node, 1), now: START, outputs: Vec::new() };
        bench.step(Stimulus::Start);
        bench
    }

    fn step(&mut self, stimulus: Stimulus) {
        self.outputs = self.host.step(self.now, stimulus).unwrap().outputs;
    }

    fn hears_bytes(&mut self, from: &str, bytes: &[u8]) {
        let from: SocketAddr = from.parse().unwrap();
        let bytes = Bytes::copy_from_slice(bytes);
        self.step(Stimulus::Datagram { port: DHT, from, bytes });
    }

    fn hears(&mut self, from: &str, message: &Message) {
        self.hears_bytes(from, &codec::write(message));
    }

    fn command(&mut self, text: &str) {
        self.step(Stimulus::Command(text.into()));
    }

    /// The messages that the last step sent, with where to.
    fn sent(&self) -> Vec<(SocketAddr, Message)> {
        let each = self.outputs.iter().filter_map(|output| match output {
            Output::SendTo { to, bytes, .. } => {
                Some((*to, codec::read(bytes, &mut Notes::off()).unwrap()))
            }
            _ => None,
        });
        each.collect()
    }

    fn sent_bytes(&self) -> Vec<Bytes> {
        let each = self.outputs.iter().filter_map(|output| match output {
            Output::SendTo { bytes, .. } => Some(bytes.clone()),
            _ => None,
        });
        each.collect()
    }

    fn told(&self) -> Vec<&str> {
        let each = self.outputs.iter().filter_map(|output| match output {
            Output::Emit(text) => Some(text.as_str()),
            _ => None,
        });
        each.collect()
    }

    /// The alarms of queries that the last step armed.
    fn alarms(&self) -> Vec<AlarmId> {
        let each = self.outputs.iter().filter_map(|output| match output {
            Output::Arm { alarm, name: "query", .. } => Some(*alarm),
            _ => None,
        });
        each.collect()
    }

    fn node(&self) -> &Node {
        self.host.endpoint()
    }

    /// Asks for a token as somebody at this address would.
    fn token_for(&mut self, from: &str) -> Bytes {
        let ask = Ask::GetPeers { info_hash: OWN };
        self.hears(from, &Message::query(&b"aa"[..], ASKER, ask));
        match &self.sent()[0].1.body {
            Body::Response(Response { token: Some(token), .. }) => token.clone(),
            other => panic!("{other:?}"),
        }
    }

    fn announces(&mut self, from: &str, announce: Announce) {
        self.hears(from, &Message::query(&b"bb"[..], ASKER, Ask::AnnouncePeer(announce)));
    }

    /// The code of the error that was sent last; none for an answer.
    fn refusal(&self) -> Option<i64> {
        match &self.sent()[0].1.body {
            Body::Error(refusal) => Some(refusal.code),
            Body::Response(_) | Body::Query(_) => None,
        }
    }
}

fn announce(port: u16, implied_port: bool, token: &Bytes) -> Announce {
    Announce { info_hash: OWN, port, implied_port, token: token.clone() }
}

fn id(number: u32) -> Key {
    Key::hash(&number.to_be_bytes())
}

const DHT: u16 = 6881;
const PEER: &str = "192.0.2.9:4000";

#[test]
fn the_ping_of_bep_5_is_answered_byte_for_byte_and_its_sender_pinged() {
    let mut bench = Bench::new();
    bench.hears_bytes(PEER, b"d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe");
    let sent = bench.sent_bytes();
    assert_eq!(&sent[0][..], b"d1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re");
    assert!(matches!(&bench.sent()[1].1.body, Body::Query(Query { ask: Ask::Ping, .. })));
    assert!(bench.node().table().is_empty(), "BEP 5: only nodes that have answered are known");
}

#[test]
fn a_sender_that_answers_the_ping_is_known_unless_it_is_read_only() {
    let mut bench = Bench::new();
    let mut ping = Message::query(&b"aa"[..], ASKER, Ask::Ping);
    ping.read_only = true;
    bench.hears(PEER, &ping);
    assert_eq!(bench.sent().len(), 1, "BEP 43: it would not answer");
    ping.read_only = false;
    bench.hears(PEER, &ping);
    let transaction = bench.sent()[1].1.transaction.clone();
    bench.hears(PEER, &Message::of(transaction, Body::Response(Response::of(ASKER))));
    assert_eq!(bench.node().table().nodes().len(), 1);
}

#[test]
fn each_mistake_in_a_query_gets_the_error_that_bep_5_gives_it() {
    let cases: [(&[u8], u16); 7] = [
        (b"d1:ad2:id19:abcdefghij012345678e1:q4:ping1:t2:aa1:y1:qe", code::PROTOCOL),
        (b"d1:ad2:id20:abcdefghij0123456789e1:q4:pong1:t2:aa1:y1:qe", code::METHOD_UNKNOWN),
        (b"d1:q4:ping1:t2:aa1:y1:qe", code::PROTOCOL),
        (b"d1:y1:q1:t2:aa1:q4:ping1:ad2:id20:abcdefghij0123456789ee", code::PROTOCOL),
        (b"d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:t2:ab1:y1:qe", code::PROTOCOL),
        (b"d1:ad2:id20:abcdefghij01234567894:porti07ee1:q4:ping1:t2:aa1:y1:qe", code::PROTOCOL),
        (
            b"d1:ad2:id20:abcdefghij01234567894:porti9223372036854775808ee1:q4:ping1:t2:aa1:y1:qe",
            code::PROTOCOL,
        ),
    ];
    for (bytes, code) in cases {
        let mut bench = Bench::new();
        bench.hears_bytes(PEER, bytes);
        let [(to, message)] = &bench.sent()[..] else { panic!("{:?}", bench.sent()) };
        assert_eq!((to.to_string().as_str(), &message.transaction[..]), (PEER, &b"aa"[..]));
        assert_eq!(bench.refusal(), Some(i64::from(code)), "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn nobody_is_answered_who_sends_no_whole_query() {
    let deep = [b"d1:a".to_vec(), b"l".repeat(20_000)].concat();
    let (down, up) = (b"l".repeat(10_000), b"e".repeat(10_000));
    let whole: [&[u8]; 4] =
        [b"d1:ad2:id20:abcdefghij01234567891:x", &down, &up, b"e1:q4:ping1:t2:aa1:y1:qe"];
    let whole = whole.concat();
    let cases: [&[u8]; 7] = [
        b"",
        b"\xff\xfe",
        &deep,
        &whole,
        b"d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:q",
        b"d1:eli203e1:xe1:t2:aa1:y1:ee",
        b"d1:rd2:id20:abcdefghij0123456789e1:t2:aa1:y1:re",
    ];
    let mut bench = Bench::new();
    for bytes in cases {
        bench.hears_bytes(PEER, bytes);
        assert_eq!(bench.sent(), [], "an answer to an answer could go on for ever");
    }
    assert_eq!(bench.node().counters.dropped, cases.len() as u32);
}

#[test]
fn a_peer_is_kept_with_the_address_it_asks_from_and_told_to_others() {
    let mut bench = Bench::new();
    let token = bench.token_for(PEER);
    bench.announces(PEER, announce(7000, false, &token));
    assert_eq!(bench.refusal(), None);
    bench.announces("192.0.2.9:4001", announce(7000, true, &token));
    assert_eq!(bench.refusal(), None, "the token is for the IP address");
    bench.hears(
        "198.51.100.1:1",
        &Message::query(&b"aa"[..], ASKER, Ask::GetPeers { info_hash: OWN }),
    );
    let Body::Response(response) = &bench.sent()[0].1.body else { panic!("an answer") };
    let mut peers: Vec<_> = response.values.iter().flatten().map(|peer| peer.to_string()).collect();
    peers.sort();
    assert_eq!(peers, ["192.0.2.9:4001", "192.0.2.9:7000"], "one with the implied port");
}

#[test]
fn a_token_that_is_invented_old_or_of_another_address_is_refused_with_203() {
    let mut bench = Bench::new();
    let token = bench.token_for(PEER);
    bench.announces(PEER, announce(7000, false, &Bytes::from_static(b"aoeusnth")));
    assert_eq!(bench.refusal(), Some(203), "invented");
    bench.announces("192.0.2.10:4000", announce(7000, false, &token));
    assert_eq!(bench.refusal(), Some(203), "of another");
    bench.now = START + Duration::from_secs(601);
    bench.announces(PEER, announce(7000, false, &token));
    assert_eq!(bench.refusal(), Some(203), "old");
    assert_eq!(bench.node().store().torrents(), 0);
}

#[test]
fn a_flood_of_unsolicited_answers_changes_nothing() {
    let mut bench = Bench::new();
    bench.command("ping 192.0.2.9:4000");
    let asked = bench.sent()[0].1.transaction.clone();
    for number in 0..2_000u32 {
        let response = Response {
            nodes: Some(vec![Contact { id: id(number), address: PEER.parse().unwrap() }; 8]),
            ..Response::of(id(number))
        };
        // Half of them even guess the transaction ID, and come from elsewhere.
        let guess = Bytes::copy_from_slice(&(number as u16).to_be_bytes());
        let transaction = if number % 2 == 0 { guess } else { asked.clone() };
        let from = format!("198.51.100.{}:{}", number % 250, 1 + number % 60_000);
        bench.hears(&from, &Message::of(transaction, Body::Response(response)));
        assert_eq!(bench.outputs.len(), 1, "the rule, and nothing else");
    }
    let node = bench.node();
    assert!(node.table().is_empty() && node.outstanding() == 1 && !node.is_searching());
    assert_eq!(node.counters.dropped, 2_000);
}

/// Within a whole node, whose table it would have to get into as well.
#[test]
fn a_sybil_that_answers_with_itself_under_ever_nearer_ids_is_asked_once_and_known_once() {
    let mut bench = Bench::new();
    bench.command("bootstrap 192.0.2.9:4000");
    let (mut asked, mut exponent) = (0, 159);
    while let Some((to, query)) = bench.sent().into_iter().find(|(to, _)| to.to_string() == PEER) {
        asked += 1;
        let address = PEER.parse().unwrap();
        let nearer = |exponent| Contact { id: OWN.plus_power_of_two(exponent, Key::BITS), address };
        let nodes = (exponent - 8..exponent).map(nearer).collect();
        exponent -= 8;
        let response = Response { nodes: Some(nodes), ..Response::of(ASKER) };
        bench.hears(&to.to_string(), &Message::of(query.transaction, Body::Response(response)));
    }
    assert_eq!(asked, 1, "all the others have the same address");
    assert!(!bench.node().is_searching() && bench.node().outstanding() == 0);
    assert_eq!(bench.node().table().nodes().len(), 1);
}

#[test]
fn a_flood_of_queries_from_forged_addresses_causes_few_pings_and_no_growth() {
    let mut bench = Bench::new();
    let mut pings = 0;
    for number in 0..2_000u32 {
        let from = format!("198.51.{}.{}:7", number / 250, number % 250);
        bench.hears(&from, &Message::query(&b"aa"[..], id(number), Ask::Ping));
        pings += bench.sent().len() - 1;
    }
    assert_eq!(pings, 8);
    assert!(bench.node().table().is_empty() && bench.node().outstanding() == 8);
}

#[test]
fn a_ping_is_told_of_when_it_is_answered_refused_or_not() {
    let mut bench = Bench::new();
    bench.command("ping 192.0.2.9:4000");
    let transaction = bench.sent()[0].1.transaction.clone();
    bench.now = START + Duration::from_millis(42);
    bench.hears(PEER, &Message::of(transaction, Body::Response(Response::of(ASKER))));
    assert_eq!(bench.told()[0], "pong 61626364… at 192.0.2.9:4000 after 42 ms");
    bench.command("ping 192.0.2.10:4000");
    let transaction = bench.sent()[0].1.transaction.clone();
    let refusal = Refusal { code: 202, text: "asleep".into() };
    bench.hears("192.0.2.10:4000", &Message::of(transaction, Body::Error(refusal)));
    assert_eq!(bench.told(), ["refused by 192.0.2.10:4000: 202 Server Error: asleep"]);
    bench.command("ping 192.0.2.11:4000");
    let alarm = bench.alarms()[0];
    bench.step(Stimulus::Alarm(alarm));
    assert_eq!(bench.told(), ["no answer from 192.0.2.11:4000"]);
}

#[test]
fn a_search_without_anybody_fails_at_once_and_says_so() {
    let mut bench = Bench::new();
    bench.command("peers film");
    assert_eq!(bench.told().len(), 1);
    assert!(bench.told()[0].starts_with("no peers of"), "{:?}", bench.told());
    let failed = Output::Measure { quantity: crate::overlay::quantity::FAILED, value: 1 };
    assert!(bench.outputs.contains(&failed));
    bench.command("announce film 6881");
    assert!(bench.told()[0].ends_with("at 0 nodes"), "{:?}", bench.told());
}

#[test]
fn a_questionable_node_is_pinged_twice_before_another_takes_its_place() {
    // The bucket of the other half is full, and none of it has been heard of for long.
    let other_half = |number: u8| {
        let mut bytes = [number; Key::BYTES];
        bytes[0] = 0x80 | number;
        let address = SocketAddrV4::new([10, 0, 0, number].into(), DHT);
        Contact { id: Key::new(bytes), address }
    };
    let mut all: Vec<Contact> = (0..8).map(other_half).collect();
    all.extend((0..9).map(|number| Contact {
        id: Key::new([0x60 + number; Key::BYTES]),
        address: SocketAddrV4::new([10, 0, 1, number].into(), DHT),
    }));
    all.sort_by_key(|contact| contact.id);
    let config = Arc::new(Config::default());
    let mut bench = Bench::of(Node::settled(config, OWN, &all, START));
    bench.now = START + Duration::from_secs(16 * 60);
    let new = other_half(99);
    let from = new.address.to_string();
    bench.hears(&from, &Message::query(&b"aa"[..], new.id, Ask::Ping));
    let transaction = bench.sent()[1].1.transaction.clone();
    bench.hears(&from, &Message::of(transaction, Body::Response(Response::of(new.id))));
    let first = bench.sent();
    assert_eq!(first.len(), 1, "the oldest of the bucket is pinged: {first:?}");
    let knows = |bench: &Bench| bench.node().table().nodes().iter().any(|n| n.id() == new.id);
    bench.step(Stimulus::Alarm(bench.alarms()[0]));
    assert_eq!(bench.sent()[0].0, first[0].0, "once more");
    assert!(!knows(&bench));
    bench.step(Stimulus::Alarm(bench.alarms()[0]));
    assert!(knows(&bench));
}

#[test]
fn switched_on_again_it_keeps_its_table_and_asks_for_its_neighbours() {
    let all: Vec<Contact> = (0..40)
        .map(|n: u32| Contact { id: id(n), address: SocketAddrV4::new(n.into(), DHT) })
        .collect();
    let mut sorted = all.clone();
    sorted.sort_by_key(|contact| contact.id);
    let node = Node::settled(Arc::new(Config::default()), OWN, &sorted, START);
    let mut bench = Bench::of(node);
    assert!(bench.sent().is_empty(), "it is settled");
    let known = bench.node().table().nodes().len();
    let token = bench.token_for(PEER);
    bench.announces(PEER, announce(7000, false, &token));
    assert_eq!(bench.host.place().map(|place| place.holds), Some(1));
    bench.step(Stimulus::Start);
    assert_eq!(bench.sent().len(), 3, "BEP 5: when starting up, it searches for itself");
    assert_eq!(bench.node().table().nodes().len(), known);
    let place = bench.host.place().unwrap();
    assert_eq!((place.holds, place.is_member), (0, false));
    bench.announces(PEER, announce(7000, false, &token));
    assert_eq!(bench.refusal(), Some(203), "it has other secrets now");
}

#[test]
fn commands_read_back_from_their_text_and_bad_ones_say_a_way_out() {
    let film = Key::hash(b"film");
    for text in [
        "ping 10.0.0.1:6881",
        "bootstrap 10.0.0.1:6881",
        "find 6d6e6f707172737475767778797a313233343536",
        "peers film",
        "announce film 6881",
    ] {
        let command: Command = text.parse().unwrap();
        assert_eq!(command.to_string(), text);
        assert_eq!(command.to_string().parse::<Command>(), Ok(command));
    }
    assert!(matches!("peers film".parse(), Ok(Command::Peers(sought)) if sought.key == film));
    for text in ["", "ping", "ping here", "ping [::1]:1", "find", "announce film", "leave"] {
        let error = text.parse::<Command>().unwrap_err().to_string();
        assert!(error.contains('`'), "{text}: {error}");
    }
}

#[test]
fn a_node_of_ten_thousand_stays_under_4_kib() {
    let mut all: Vec<Contact> = (0..10_000)
        .map(|n: u32| Contact { id: id(n), address: SocketAddrV4::new(n.into(), DHT) })
        .collect();
    all.sort_by_key(|contact| contact.id);
    let config = Arc::new(Config::default());
    for contact in all.iter().step_by(997) {
        let node = Node::settled(config.clone(), contact.id, &all, START);
        let table = node.table();
        let buckets = table.bucket_count() * size_of::<crate::kademlia::table::Bucket>();
        let nodes = size_of_val(table.nodes());
        let bytes = size_of::<Running<Node>>() + buckets + nodes;
        assert!(bytes < 4096, "{bytes}, of which {nodes} for {} nodes", table.nodes().len());
    }
}
