//! A node in the tab, a member of the DHT that the practice nodes of a real relay make up.

use std::collections::BTreeSet;
use std::sync::Arc;

use protocols::kademlia::node::{Config as NodeConfig, Node};
use protocols::overlay::Key;
use world::compare::Kind;

use super::bridge::Tab;
use super::twin::beside_its_twin;
use super::*;

/// A node with an ID of its own for each seed.
fn node(seed: u64) -> Box<dyn Host> {
    Box::new(Running::new(Node::nameless(Arc::new(NodeConfig::default())), seed))
}

/// A tab that has joined the practice DHT.
async fn member() -> (Tab, SocketAddr) {
    let mut tab = Tab::open(node(1)).await;
    let bootstrap = tab.practice("kademlia");
    // The nodes of the relay join one after the other themselves.
    tokio::time::sleep(Duration::from_millis(800)).await;
    tab.command(&format!("bootstrap {bootstrap}"));
    tab.hears("joined, knows").await;
    (tab, bootstrap)
}

/// The sentences with which something was not done.
fn denials(live: &Live) -> Vec<String> {
    let entries = live.recording().trace().entries;
    let denied = entries.iter().filter_map(|entry| match &entry.what {
        What::Network(Network::Denied { why, .. }) => Some(why.clone()),
        _ => None,
    });
    denied.collect()
}

#[tokio::test]
async fn the_tab_becomes_a_member_and_others_ask_it_of_their_own_accord() {
    let (mut tab, _) = member().await;
    assert!(tab.live.recording().parties().len() > 8, "it has met more than one bucket of nodes");
    assert_eq!(denials(&tab.live), [""; 0]);
    let mut others = tab.live.recording().parties().iter().skip(1);
    assert!(others.all(|node| node.name.starts_with("port ")), "they differ in their ports only");
    // Whoever has been asked by a stranger pings it before it takes it into its table (BEP 5).
    let asked = |live: &Live| {
        let story = Story::of(live.recording().trace());
        let met = story.conversations().iter();
        met.flat_map(|talk| talk.messages().to_vec()).any(|message| {
            message.side == protocols::wire::Side::Responder && message.title.starts_with("ping")
        })
    };
    tab.run_until(asked).await;
    assert_eq!(Story::of(tab.live.recording().trace()).unexplained(), []);
}

#[tokio::test]
async fn what_the_tab_announces_a_native_node_tells_and_what_they_announced_the_tab_finds() {
    let (mut tab, bootstrap) = member().await;
    tab.command("announce notes.pdf 7001");
    tab.hears("announced").await;
    let mut other = Tab::beside(&tab, node(2)).await;
    other.command(&format!("bootstrap {bootstrap}"));
    other.hears("joined, knows").await;
    other.command("peers notes.pdf");
    other.hears("127.0.0.1:7001").await;
    // The relay's nodes announce two seconds after their start.
    tokio::time::sleep(Duration::from_secs(2)).await;
    other.command("peers lecture.ogv");
    other.hears("127.0.0.1:20004").await;
}

#[tokio::test]
async fn a_fork_goes_on_among_our_own_nodes_and_the_twin_asks_the_same_nodes() {
    let (mut tab, _) = member().await;
    tab.command("find chapter-six");
    tab.hears("nearest to").await;
    let moment = tab.live.recording().trace().entries.len() as u32;
    let mut history = tab.live.fork(moment, 3).unwrap();
    let text = "find chapter-six".to_string();
    history.meddle(world::Act::Command { host: TAB_HOST, text }).unwrap();
    history.run(200);
    let told = emitted(&history.trace().entries[moment as usize..]);
    let nearest = |told: &[String]| {
        let told = told.iter().rfind(|text| text.starts_with("nearest to"));
        told.and_then(|text| text.split(';').next()).map(str::to_string)
    };
    let real = nearest(&emitted(tab.live.recording().trace().entries));
    assert!(real.is_some());
    assert_eq!(nearest(&told), real, "{told:?}");

    let twin = tab.live.twin(1).unwrap();
    let (real, made) = (tab.live.recording().trace(), twin.trace());
    assert_eq!(nearest(&emitted(made.entries)), nearest(&emitted(real.entries)));
    let found = beside_its_twin(&tab.live);
    assert!(found.rows.iter().any(|row| row.cells.iter().all(Option::is_some)), "{found}");
}

/// What nobody can foretell is told as such, and nothing is laid beside what it is not.
#[tokio::test]
async fn a_live_search_differs_from_its_twin_only_in_marks_order_and_whom_a_node_knew() {
    let (mut tab, _) = member().await;
    tab.command("find chapter-six");
    tab.hears("nearest to").await;
    let found = beside_its_twin(&tab.live);
    let mut matched = 0;
    for row in &found.rows {
        let [Some(real), Some(made)] = &row.cells else { continue };
        matched += 1;
        assert_eq!((&real.from, &real.to), (&made.from, &made.to), "{found}");
        let is_query = |title: &str| title.starts_with("find_node") || title == "ping";
        assert_eq!(is_query(&real.title), is_query(&made.title), "{found}");
        for told in &row.differences {
            let is_explained = match told.kind {
                Kind::Chosen => told.says.starts_with("transaction ID (t) is "),
                Kind::OtherOrder => true,
                Kind::OtherValue | Kind::ExtraField => told.says.contains("node "),
                _ => false,
            };
            assert!(is_explained, "{}", told.says);
        }
    }
    assert!(matched * 4 >= found.rows.len() * 3, "three in four have a twin: {found}");
}

/// A node as somebody else would have written it: it answers each query with one node, which is
/// where the relay must not send.
async fn liar(names: SocketAddr) -> SocketAddr {
    use protocols::kademlia::{Body, Contact, Message, Response, codec, v4};
    use protocols::wire::Notes;
    let socket = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = [0; 2_048];
        loop {
            let (count, from) = socket.recv_from(&mut buffer).await.unwrap();
            let bytes = Bytes::copy_from_slice(&buffer[..count]);
            let Ok(message) = codec::read(&bytes, &mut Notes::off()) else { continue };
            let Body::Query(_) = message.body else { continue };
            let victim = Contact { id: Key::hash(b"victim"), address: v4(names).unwrap() };
            let id = Key::hash(b"liar");
            let response = Response { nodes: Some(vec![victim]), ..Response::of(id) };
            let answer = Message::of(message.transaction, Body::Response(response));
            socket.send_to(&codec::write(&answer), from).await.unwrap();
        }
    });
    address
}

#[tokio::test]
async fn an_address_that_the_relay_refuses_is_told_once_for_each_query_and_ends_no_search() {
    let mut tab = Tab::open(node(1)).await;
    let liar = liar("10.0.0.1:6881".parse().unwrap()).await;
    tab.command(&format!("bootstrap {liar}"));
    tab.run_until(|live| denials(live).iter().any(|why| why.contains("10.0.0.1"))).await;
    // Its own answers still come: the socket behind the port has not been lost with the refusal.
    tab.hears("joined, knows 1 node in").await;
    let sockets = tab.live.sockets_open();
    tab.command(&format!("ping {liar}"));
    tab.hears("pong").await;
    assert_eq!((sockets, tab.live.sockets_open()), (1, 1));
    // It is remembered: the next one does not even leave the tab.
    let before = denials(&tab.live).len();
    tab.command("ping 10.0.0.1:6881");
    assert_eq!(denials(&tab.live).len(), before + 1);
    tab.hears("no answer from 10.0.0.1:6881").await;
    let story = Story::of(tab.live.recording().trace());
    let refused: BTreeSet<_> = denials(&tab.live).into_iter().collect();
    assert_eq!(refused.len(), 1, "one sentence: {refused:?}");
    let left = story.arrows().iter().filter(|arrow| arrow.flight.to == HostId(2)).count();
    assert_eq!(left, 1, "one flight was on its way when the relay said no");
}
