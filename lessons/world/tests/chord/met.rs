//! Every rule of Chord is acted on in some run, or broken by some message.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use protocols::chord::node::{Config, Lookups, Node};
use protocols::chord::{Body, CHORD, Item, Message, codec, rules};
use protocols::endpoint::{Host, Output, Running, Stimulus};
use protocols::overlay::Key;
use protocols::wire::{Chunk, Side, Time};
use world::Power;

use crate::ring::{PAPER, Ring, calm, dialled, lively, small, still};

/// The ids of the rules that have been cited, or stated of a field.
type Met = BTreeSet<&'static str>;

/// A rule that nobody acts on would be taught and never seen.
#[test]
fn every_rule_of_chord_is_cited_in_some_run_or_stated_of_some_field() {
    let mut met = Met::new();
    looking_up(&mut met);
    coming_and_going(&mut met);
    losing_everybody(&mut met);
    among_strangers(&mut met);
    let missing: Vec<&str> =
        rules::ALL.iter().map(|rule| rule.id).filter(|id| !met.contains(id)).collect();
    assert_eq!(missing, [""; 0]);
}

/// Lookups both ways through a ring with a dead node in it.
fn looking_up(met: &mut Met) {
    for lookups in [Lookups::Iterative, Lookups::Recursive] {
        let mut ring = Ring::of_the_paper(Config { lookups, retries: 0, ..still(2) });
        let dead = ring.host(51);
        ring.power(dead, Power::Off);
        assert!(ring.ask(8, "lookup #54").starts_with("K54 is at N56"));
        met.append(&mut ring.cited);
    }
}

/// A ring from its first node on: joins, keys and their copies, a join in between, a farewell.
fn coming_and_going(met: &mut Met) {
    let config = Arc::new(lively(3, 2));
    let nodes = PAPER.iter().enumerate().map(|(at, id)| {
        let own = small(*id);
        (own, if at == 0 { Node::founder(&config, own) } else { Node::new(&config, own) })
    });
    let mut ring = Ring::new(nodes.collect(), &calm(), 7);
    // 32 joins last, through the node that owns its place until then.
    for id in [8, 14, 21, 38, 42, 48, 51, 56] {
        ring.tell(id, &format!("join {}", dialled(small(1))));
        ring.run(6_000);
    }
    for key in 0..64 {
        assert!(ring.ask(8, &format!("put #{key} v")).starts_with("stored"));
    }
    ring.tell(32, &format!("join {}", dialled(small(38))));
    ring.run(60_000);
    assert_eq!(ring.ask(8, "get #30"), "K30 holds v, from N32");
    ring.tell(56, "leave");
    ring.run(60_000);
    ring.is_one_ring().unwrap();
    met.append(&mut ring.cited);
}

/// Two nodes that join through each other: one is left alone, and then the other comes back to
/// a world without a ring.
fn losing_everybody(met: &mut Met) {
    let joins_through = vec![small(21).address, small(32).address];
    let config = Arc::new(Config { joins_through, ..lively(2, 1) });
    let programs = [Node::founder(&config, small(21)), Node::new(&config, small(32))];
    let nodes = [small(21), small(32)].into_iter().zip(programs).collect();
    let mut ring = Ring::new(nodes, &calm(), 7);
    ring.run(30_000);
    ring.is_one_ring().unwrap();
    let founder = ring.host(21);
    ring.power(founder, Power::Off);
    let left = ring.host(32);
    ring.until(left, |text| text == "cut off: no successor is left");
    ring.power(founder, Power::On);
    ring.run(120_000);
    ring.is_one_ring().unwrap();
    met.append(&mut ring.cited);
}

/// A node of the papers' ring, 8, that is sent what nobody should send; and one outside.
fn among_strangers(met: &mut Met) {
    let ring = PAPER.map(small);
    let config = Arc::new(Config { retries: 0, ..still(2) });
    let node = || Node::settled(&config, &ring, 1).unwrap();
    let mut stand = Stand::new(node());
    stand.hear(&codec::write(&said(42, 0, Body::Pong)));
    let broken = codec::write(&said(42, 0, Body::Get { key: Key::from_value(1) }));
    stand.hear(&broken.slice(..30));
    for (place, byte) in [(0, 9), (1, 0x33)] {
        let mut bytes = broken.to_vec();
        bytes[place] = byte;
        stand.hear(&bytes.into());
    }
    // A lookup that has come too far; and more at once than a node passes on.
    let (key, asker) = (Key::from_value(54), small(1).address);
    for (token, hops) in (0..300).map(|token| (token, if token == 0 { u16::MAX } else { 1 })) {
        let forward = Body::Forward { key, asker, token, hops };
        stand.hear(&codec::write(&said(42, token, forward)));
    }
    for number in 0..=u64::from(u16::MAX) / 64 + 1 {
        let key = |n: u64| Key::from_value(number * 64 + n);
        let items = (0..64).map(|n| Item { key: key(n), version: 1, value: Bytes::new() });
        stand.hear(&codec::write(&said(14, 5, Body::Transfer { items: items.collect() })));
    }
    met.append(&mut stand.met);
    for sender in [42, 43] {
        let mut stand = Stand::new(node());
        stand.step(Stimulus::Command("lookup #54".to_string()));
        let asked = stand.asked.clone().expect("it asks 42");
        let named = Body::Closer { contact: small(38) };
        stand.hear(&codec::write(&said(sender, asked.transaction, named)));
        met.append(&mut stand.met);
    }
    let mut outside = Stand::new(Node::new(&config, small(8)));
    outside.hear(&broken);
    met.append(&mut outside.met);
}

fn said(by: u64, transaction: u32, body: Body) -> Message {
    Message { transaction, sender: Key::from_value(by), body }
}

/// A node by itself, which hears everything from the address of node 42.
struct Stand {
    node: Running<Node>,
    asked: Option<Message>,
    met: Met,
}

impl Stand {
    fn new(node: Node) -> Stand {
        let mut stand = Stand { node: Running::new(node, 1), asked: None, met: Met::new() };
        stand.step(Stimulus::Start);
        stand
    }

    fn hear(&mut self, bytes: &Bytes) {
        let chunk = Chunk { side: Side::Initiator, bytes: bytes.clone() };
        for message in CHORD.dissect(&[chunk]) {
            self.met.extend(message.notes.iter().filter_map(|note| note.rule).map(|rule| rule.id));
        }
        let from = dialled(small(42));
        self.step(Stimulus::Datagram { port: from.port(), from, bytes: bytes.clone() });
    }

    fn step(&mut self, stimulus: Stimulus) {
        for output in self.node.step(Time::from_secs(1), stimulus).unwrap().outputs {
            match output {
                Output::Cite(rule) => drop(self.met.insert(rule.id)),
                Output::SendTo { bytes, .. } => {
                    self.asked = codec::read(&bytes, &mut protocols::wire::Notes::off()).ok();
                }
                _ => {}
            }
        }
    }
}
