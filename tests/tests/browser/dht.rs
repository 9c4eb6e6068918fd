//! The live page as a node of a DHT: among the practice nodes of the relay, and beside libtorrent.

use std::collections::BTreeSet;
use std::net::{SocketAddr, UdpSocket};
use std::process::Command;
use std::time::{Duration, Instant};

use bytes::Bytes;
use protocols::kademlia::{Ask, Body, Message, Response, codec};
use protocols::overlay::Key;
use protocols::wire::Notes;
use tests::axe;
use tests::browser::{Look, Tab};
use tests::program::{PATIENCE, Program};

use crate::practice::{allowed, fill, says};

#[tokio::test]
async fn the_tab_joins_the_practice_dht_announces_and_a_native_node_tells_others() {
    let (lab, tab) = allowed("DHT", Look::DESK, &[]).await;
    join(&tab).await;
    choose(&tab, "announce").await;
    fill(&tab, "Word or ID", "notes.pdf").await;
    fill(&tab, "Port", "7001").await;
    tab.click("button", "Ask").await;
    tab.until("it is announced", &says("announced ")).await;
    let bootstrap = lab.practice("kademlia");
    // As any stranger would: the bootstrap node names those that are nearest to the infohash.
    let info_hash = Key::hash(b"notes.pdf");
    let named_by = |node| asked(node, info_hash).and_then(|response| response.nodes);
    let near = named_by(bootstrap).unwrap_or_default();
    // Nodes that have only just started may know nearer ones than the first that was asked.
    let further = near.iter().filter_map(|node| named_by(node.socket())).flatten();
    let further = further.map(|node| node.socket());
    let named: BTreeSet<_> = near.iter().map(|node| node.socket()).chain(further).collect();
    let told = named.iter().filter_map(|node| asked(*node, info_hash)?.values);
    let ports: Vec<u16> = told.flatten().map(|peer| peer.port()).collect();
    assert!(ports.contains(&7001), "{ports:?} of {named:?}");
    choose(&tab, "peers").await;
    fill(&tab, "Word or ID", "lecture.ogv").await;
    let deadline = Instant::now() + PATIENCE;
    // The practice nodes announce two seconds after their start.
    while tab.value(&says("127.0.0.1:20004")).await != true {
        assert!(Instant::now() < deadline, "the peer of the practice DHT is not found");
        tab.click("button", "Ask").await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    tab.click("tab", "State").await;
    tab.until("the routing table is shown", &says("routing table")).await;
    let violations = axe::violations(&tab).await;
    assert!(violations.is_empty(), "{violations}");
    tab.click("button", "Side by side").await;
    tab.until(
        "messages are matched",
        "document.querySelectorAll('.beside tr[data-differs]').length > 10",
    )
    .await;
    tab.click("button", "Side by side").await;
    tab.click("button", "Fork here").await;
    tab.until("the fork is simulated", &says("Simulated from here")).await;
    choose(&tab, "find").await;
    tab.click("button", "Ask").await;
    tab.until("our own nodes answer", &says("nearest to")).await;
    assert_eq!(tab.complaints().await, Vec::<String>::new());
    tab.close().await;
}

#[tokio::test]
async fn a_node_of_libtorrent_is_pinged_and_one_that_the_relay_refuses_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = folder.path().join("dht.py");
    std::fs::write(&script, LIBTORRENT).expect("a file in the folder");
    let mut libtorrent = Program::start(Command::new("/usr/bin/python3").arg(script));
    let up = libtorrent.line_with("up at ");
    let node = format!("127.0.0.1:{}", up.trim_start_matches("up at ").trim());
    let (_lab, tab) = allowed("DHT", Look::DESK, &["--allow", &node]).await;
    choose(&tab, "ping").await;
    fill(&tab, "Node", &node).await;
    tab.click("button", "Ask").await;
    tab.until("libtorrent answers", &says("pong ")).await;
    fill(&tab, "Node", "127.0.0.1:6").await;
    tab.click("button", "Ask").await;
    tab.until("the refusal is told", &says("127.0.0.1:6 is not on the relay")).await;
    tab.until("nobody waits for ever", &says("no answer from 127.0.0.1:6")).await;
    assert_eq!(tab.complaints().await, Vec::<String>::new());
    tab.close().await;
}

/// Joins through the bootstrap node of the practice DHT, which stands in the form.
async fn join(tab: &Tab) {
    tab.click("button", "Join through it").await;
    tab.until("the tab is a member", &says("joined, knows")).await;
}

/// Chooses what to ask.
async fn choose(tab: &Tab, verb: &str) {
    let script = format!(
        "const list = document.getElementById('live-dht'); list.value = '{verb}';
         list.dispatchEvent(new Event('change', {{ bubbles: true }}));"
    );
    tab.run(&script).await;
}

/// What a node answers a stranger who asks for peers. The tab, which is one of the nodes, does
/// not: its relay passes on nothing from those whom it does not allow.
fn asked(node: SocketAddr, info_hash: Key) -> Option<Response> {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    socket.set_read_timeout(Some(Duration::from_secs(2))).expect("a socket");
    let transaction = Bytes::from_static(b"st");
    let query = Message::query(transaction, Key::hash(b"stranger"), Ask::GetPeers { info_hash });
    socket.send_to(&codec::write(&query), node).expect("loopback");
    let mut buffer = [0; 2_048];
    loop {
        let (count, _) = socket.recv_from(&mut buffer).ok()?;
        let answer = Bytes::copy_from_slice(buffer.get(..count).unwrap_or_default());
        let read = codec::read(&answer, &mut Notes::off()).expect("KRPC");
        if let Body::Response(response) = read.body {
            return Some(response);
        }
    }
}

/// A session of libtorrent with a node of the DHT on loopback.
const LIBTORRENT: &str = r#"
import time
import libtorrent as lt

session = lt.session({
    "listen_interfaces": "127.0.0.1:0", "enable_dht": True, "enable_lsd": False,
    "enable_upnp": False, "enable_natpmp": False, "dht_bootstrap_nodes": "",
})
while not session.is_dht_running() or session.listen_port() == 0:
    time.sleep(0.1)
print("up at", session.listen_port(), flush=True)
while True:
    time.sleep(1)
"#;
