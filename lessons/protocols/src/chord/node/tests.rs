//! A node by itself, fed by hand: what strangers send does not lead it astray.

use core::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::sync::Arc;

use bytes::Bytes;

use super::*;
use crate::chord::{Body, Item, Message};
use crate::endpoint::{AlarmId, Host, Output, Running, Stimulus};

/// A node of the papers' ring, 8, and what it sends.
struct Stand {
    node: Running<Node>,
    sent: Vec<(SocketAddr, Message)>,
    told: Vec<String>,
    alarms: Vec<(AlarmId, &'static str)>,
}

fn contact(id: u64) -> Contact {
    let address = SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, id as u8), 4000);
    Contact { id: Key::from_value(id), address }
}

fn address(id: u64) -> SocketAddr {
    SocketAddr::V4(contact(id).address)
}

impl Stand {
    fn new() -> Stand {
        let ring = [1, 8, 14, 21, 32, 38, 42, 48, 51, 56].map(contact);
        let config =
            Config { bits: 6, successors: 2, replicas: 1, retries: 0, ..Config::default() };
        let node = Node::settled(&Arc::new(config), &ring, 1).unwrap();
        let (sent, told, alarms) = (Vec::new(), Vec::new(), Vec::new());
        let mut stand = Stand { node: Running::new(node, 1), sent, told, alarms };
        stand.step(Stimulus::Start);
        stand
    }

    fn step(&mut self, stimulus: Stimulus) {
        for output in self.node.step(Time::from_secs(1), stimulus).unwrap().outputs {
            match output {
                Output::SendTo { to, bytes, .. } => {
                    let message = codec::read(&bytes, &mut Notes::off()).unwrap();
                    self.sent.push((to, message));
                }
                Output::Emit(text) => self.told.push(text),
                Output::Arm { alarm, name, .. } => self.alarms.push((alarm, name)),
                _ => {}
            }
        }
    }

    fn tell(&mut self, text: &str) {
        self.step(Stimulus::Command(text.to_string()));
    }

    fn get(&mut self, from: SocketAddr, bytes: Bytes) {
        self.step(Stimulus::Datagram { port: 4000, from, bytes });
    }

    /// A node sends something under this number.
    fn say(&mut self, by: u64, transaction: u32, body: Body) {
        let message = Message { transaction, sender: Key::from_value(by), body };
        self.get(address(by), codec::write(&message));
    }

    fn last(&self) -> &(SocketAddr, Message) {
        self.sent.last().unwrap()
    }

    /// The node that was asked last answers.
    fn answer(&mut self, body: Body) {
        let (to, transaction) = (self.last().0, self.last().1.transaction);
        let SocketAddr::V4(to) = to else { panic!("{to}") };
        self.say(to.ip().octets()[3].into(), transaction, body);
    }
}

#[test]
fn a_node_that_names_itself_ends_the_lookup() {
    let mut stand = Stand::new();
    stand.tell("lookup #54");
    assert_eq!(stand.last().0, address(42));
    stand.answer(Body::Closer { contact: contact(42) });
    assert_eq!(stand.told, ["failed: K54: N42 names a node that is no nearer"]);
}

#[test]
fn a_node_that_names_one_behind_it_or_behind_the_key_ends_the_lookup() {
    for named in [38, 56, 54, 8] {
        let mut stand = Stand::new();
        stand.tell("lookup #54");
        stand.answer(Body::Closer { contact: contact(named) });
        assert_eq!(stand.told, ["failed: K54: N42 names a node that is no nearer"], "{named}");
        assert_eq!(stand.sent.len(), 1, "nobody else is asked");
    }
}

#[test]
fn a_successor_that_lies_before_the_key_is_not_believed() {
    let mut stand = Stand::new();
    stand.tell("lookup #54");
    stand.answer(Body::Successor { hops: 0, contacts: vec![contact(48)] });
    assert_eq!(stand.told, ["failed: K54: N42 names a node that is no nearer"]);
}

#[test]
fn a_chain_of_ever_nearer_nodes_comes_to_an_end() {
    let config = Config { retries: 0, successors: 1, ..Config::default() };
    let ids = [Key::default(), Key::from_value(u64::MAX), Key::new([0xff; 20])];
    let ring = ids.map(|id| Contact { id, ..contact(1) });
    let node = Node::settled(&Arc::new(config), &ring, 0).unwrap();
    let (sent, told, alarms) = (Vec::new(), Vec::new(), Vec::new());
    let mut stand = Stand { node: Running::new(node, 1), sent, told, alarms };
    stand.step(Stimulus::Start);
    stand.tell(&format!("lookup #{}e", "f".repeat(39)));
    // Each names one that lies a little further.
    for step in 1..5_000_u64 {
        if !stand.told.is_empty() {
            break;
        }
        let (_, asked) = stand.last().clone();
        let id = Key::from_value(u64::MAX).plus_power_of_two(100, 160);
        let named = (0..step).fold(id, |id, _| id.plus_power_of_two(0, 160));
        let sender = match step {
            1 => Key::from_value(u64::MAX),
            _ => (0..step - 1).fold(id, |id, _| id.plus_power_of_two(0, 160)),
        };
        let body = Body::Closer { contact: Contact { id: named, ..contact(1) } };
        let message = Message { transaction: asked.transaction, sender, body };
        stand.get(address(1), codec::write(&message));
    }
    assert!(stand.told[0].ends_with("too many nodes on the way"), "{:?}", stand.told);
    assert!(stand.sent.len() <= 1_024);
}

#[test]
fn answers_that_nobody_waits_for_change_nothing_however_many_come() {
    let mut stand = Stand::new();
    let before = stand.node.endpoint().tables().clone();
    for number in 0..1_000 {
        let evil = contact(9 + u64::from(number) % 3);
        stand.say(9, number, Body::Successor { hops: 0, contacts: vec![evil] });
        stand.say(9, number, Body::Closer { contact: evil });
        let (predecessor, successors) = (Some(evil), vec![evil; 4]);
        stand.say(14, number, Body::Neighbours { predecessor, successors });
    }
    assert_eq!(stand.node.endpoint().unsolicited(), 3_000);
    assert_eq!(*stand.node.endpoint().tables(), before);
    assert_eq!(stand.sent, [], "answers are not answered");
}

#[test]
fn an_answer_from_another_address_or_of_another_kind_is_not_taken() {
    let mut stand = Stand::new();
    stand.tell("lookup #54");
    let number = stand.last().1.transaction;
    stand.say(43, number, Body::Successor { hops: 0, contacts: vec![contact(56)] });
    stand.say(42, number, Body::Pong);
    stand.say(42, number.wrapping_add(1), Body::Closer { contact: contact(51) });
    assert_eq!(stand.node.endpoint().unsolicited(), 3);
    assert_eq!(stand.sent.len(), 1);
    stand.say(42, number, Body::Closer { contact: contact(51) });
    assert_eq!(stand.last().0, address(51), "the true answer is taken still");
}

#[test]
fn another_node_at_the_address_that_was_asked_counts_as_a_dead_one() {
    let mut stand = Stand::new();
    stand.tell("lookup #54");
    let number = stand.last().1.transaction;
    let body = Body::Closer { contact: contact(51) };
    let message = Message { transaction: number, sender: Key::from_value(60), body };
    stand.get(address(42), codec::write(&message));
    assert_eq!(stand.told, ["N42 does not answer"]);
    assert_eq!(stand.last().0, address(32), "the finger before it");
}

#[test]
fn requests_that_cannot_be_read_are_answered_with_what_is_wrong_and_answers_with_nothing() {
    let header = |version: u8, kind: u8| {
        let mut bytes = vec![version, kind, 0, 0, 0, 9];
        bytes.extend([3; Key::BYTES]);
        Bytes::from(bytes)
    };
    for (bytes, fault) in [
        (header(1, 0x33), Fault::UnknownKind),
        (header(1, 0x02), Fault::Malformed),
        (header(9, 0x01), Fault::Version),
    ] {
        let mut stand = Stand::new();
        stand.get(address(3), bytes);
        assert_eq!((stand.last().0, stand.last().1.transaction), (address(3), 9));
        assert_eq!(stand.last().1.body, Body::Failed(fault));
    }
    let mut stand = Stand::new();
    for bytes in [header(1, 0xb3), header(1, 0x82), header(1, 0x01).slice(..25), Bytes::new()] {
        stand.get(address(3), bytes);
    }
    assert_eq!(stand.sent, []);
}

#[test]
fn a_node_outside_of_a_ring_says_so_and_takes_nobodys_notify() {
    let config = Arc::new(Config { bits: 6, ..Config::default() });
    let (sent, told, alarms) = (Vec::new(), Vec::new(), Vec::new());
    let node = Running::new(Node::new(&config, contact(8)), 1);
    let mut stand = Stand { node, sent, told, alarms };
    stand.step(Stimulus::Start);
    stand.say(14, 3, Body::Notify);
    stand.say(14, 4, Body::Get { key: Key::from_value(3) });
    let bodies: Vec<_> = stand.sent.iter().map(|(_, message)| message.body.clone()).collect();
    assert_eq!(bodies, [Body::Failed(Fault::NotAMember)]);
    assert_eq!(stand.node.endpoint().tables().predecessor(), None);
}

#[test]
fn a_full_store_takes_no_more() {
    let mut stand = Stand::new();
    for number in 0..=u64::from(u16::MAX) / 64 + 1 {
        let item = |n: u64| Item {
            key: Key::from_value(number * 64 + n),
            version: 1,
            value: Bytes::new(),
        };
        stand.say(14, 5, Body::Transfer { items: (0..64).map(item).collect() });
    }
    assert_eq!(stand.last().1.body, Body::Failed(Fault::Full));
    assert_eq!(stand.node.endpoint().held().count(), 65_536);
}

#[test]
fn strangers_lookups_that_are_passed_on_are_bounded() {
    let mut stand = Stand::new();
    for token in 0..2_000 {
        let key = Key::from_value(54);
        let asker = contact(60).address;
        stand.say(61, token, Body::Forward { key, asker, token, hops: 1 });
    }
    let passed = stand.sent.iter().filter(|(to, _)| *to == address(42)).count();
    assert_eq!(passed, 256);
    let refused = |(to, message): &&(SocketAddr, Message)| {
        *to == address(60) && message.body == Body::Failed(Fault::NobodyNearer)
    };
    assert_eq!(stand.sent.iter().filter(refused).count(), 2_000 - 256);
}

#[test]
fn a_command_arms_no_periodic_alarm() {
    // What a command causes can be followed only if the ordinary business does not hang on it.
    let mut stand = Stand::new();
    let periodic = stand.alarms.len();
    stand.tell("lookup #54");
    stand.answer(Body::Closer { contact: contact(51) });
    stand.answer(Body::Successor { hops: 0, contacts: vec![contact(56)] });
    stand.answer(Body::Pong);
    assert_eq!(stand.told, ["K54 is at N56: 2 hops"]);
    let names: Vec<_> = stand.alarms[periodic..].iter().map(|(_, name)| *name).collect();
    assert_eq!(names, ["time-out"; 3]);
}

#[test]
fn commands_are_written_as_they_are_read() {
    for text in [
        "create",
        "stabilise",
        "fix finger",
        "check predecessor",
        "leave",
        "join 10.0.0.1:4000",
        "lookup song.mp3",
        "lookup #54",
        "get #00000000000000000000000000000000000000ff",
        "put #54 two words",
    ] {
        assert_eq!(text.parse::<Command>().unwrap().to_string(), text);
    }
    for text in ["", "join", "join 10.0.0.1", "lookup", "lookup a b", "put #54", "lookup #x"] {
        assert!(text.parse::<Command>().is_err(), "{text}");
    }
}

#[test]
fn told_by_its_user_it_looks_after_the_ring_at_once_and_sets_no_alarm_for_it_anew() {
    let mut stand = Stand::new();
    let armed = |stand: &Stand| {
        let periodic = ["stabilise", "fix fingers", "check predecessor"];
        stand.alarms.iter().filter(|(_, name)| periodic.contains(name)).count()
    };
    let before = armed(&stand);
    stand.tell("stabilise");
    stand.tell("check predecessor");
    let sent: Vec<_> = stand.sent.iter().map(|(to, message)| (*to, &message.body)).collect();
    let asked = [(address(14), &Body::GetPredecessor), (address(1), &Body::Ping)];
    assert_eq!(sent, asked, "SIGCOMM 2001 section 5.1, ToN 2003 section IV-E");
    assert_eq!(armed(&stand), before);
}
