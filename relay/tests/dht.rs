//! The practice DHT over real sockets: what a stranger with a socket gets out of it (BEP 5).

mod common;

use std::net::{SocketAddr, SocketAddrV4};
use std::time::Duration;

use bytes::Bytes;
use common::settings;
use protocols::kademlia::{
    Announce, Ask, Body, Contact, DHT_PORT, Message, Query, Response, codec, v4,
};
use protocols::overlay::Key;
use protocols::wire::Notes;
use relay::policy::{Policy, Profile};
use relay::serve::Ground;
use relay::{Practice, Relay};
use tokio::net::UdpSocket;

/// A relay with its practice servers on free ports, and where the first of the DHT is.
async fn start() -> (Practice, Relay, SocketAddr) {
    let mut settings = settings();
    settings.policy = Policy::new(Profile::Listed);
    let mut relay = Relay::bind(settings).unwrap();
    let practice = Practice::start(&mut relay, Ground::anywhere()).await.unwrap();
    let bootstrap = relay.practice().iter().find(|server| server.protocol == "kademlia");
    let bootstrap = bootstrap.and_then(|server| server.address()).unwrap();
    (practice, relay, bootstrap)
}

/// A program of somebody else with a socket and an ID.
struct Stranger {
    socket: UdpSocket,
    id: Key,
}

impl Stranger {
    async fn new() -> Stranger {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        Stranger { socket, id: Key::hash(b"stranger") }
    }

    async fn send(&self, to: SocketAddr, ask: Ask) {
        let body = Body::Query(Query { id: self.id, ask });
        let message = Message::of(Bytes::from_static(b"st"), body);
        self.socket.send_to(&codec::write(&message), to).await.unwrap();
    }

    async fn hear(&self, limit: Duration) -> Option<(Message, SocketAddr)> {
        let mut buffer = [0; 2_048];
        let heard = tokio::time::timeout(limit, self.socket.recv_from(&mut buffer)).await.ok()?;
        let (count, from) = heard.unwrap();
        Some((
            codec::read(&Bytes::copy_from_slice(&buffer[..count]), &mut Notes::off()).unwrap(),
            from,
        ))
    }

    /// Asks, and waits for the answer; queries that come in between stay unanswered.
    async fn ask(&self, to: SocketAddr, ask: Ask) -> Body {
        self.send(to, ask).await;
        loop {
            let (message, _) = self.hear(LIMIT).await.expect("an answer in time");
            if !matches!(message.body, Body::Query(_)) {
                return message.body;
            }
        }
    }

    async fn response(&self, to: SocketAddr, ask: Ask) -> Response {
        match self.ask(to, ask).await {
            Body::Response(response) => response,
            other => panic!("{other:?}"),
        }
    }

    async fn nodes(&self, to: SocketAddr, target: Key) -> Vec<Contact> {
        self.response(to, Ask::FindNode { target }).await.nodes.unwrap_or_default()
    }
}

/// Waits until the bootstrap node knows so many others that it can name a bucket full of them.
async fn joined(stranger: &Stranger, bootstrap: SocketAddr) {
    for _ in 0..100 {
        if stranger.nodes(bootstrap, stranger.id).await.len() == 8 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the nodes do not join");
}

#[tokio::test]
async fn all_nodes_join_through_the_first_and_what_some_announce_a_stranger_finds() {
    let (practice, _relay, bootstrap) = start().await;
    let stranger = Stranger::new().await;
    joined(&stranger, bootstrap).await;
    let listening = practice.servers().iter().flat_map(|server| server.listening());
    let nodes: Vec<SocketAddr> =
        listening.filter(|at| at.protocol == "kademlia").map(|at| at.address).collect();
    assert!(nodes.len() > 8, "one bucket would hold them all: {}", nodes.len());
    let info_hash = Key::hash(b"lecture.ogv");
    let mut found = Vec::new();
    for _ in 0..100 {
        for node in &nodes {
            let response = stranger.response(*node, Ask::GetPeers { info_hash }).await;
            found.extend(response.values.unwrap_or_default().iter().map(SocketAddrV4::port));
        }
        if found.contains(&20_004) && found.contains(&20_009) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("both peers are announced: {found:?}");
}

#[tokio::test]
async fn an_announcement_wants_the_token_of_the_answer_before() {
    let (_practice, _relay, bootstrap) = start().await;
    let stranger = Stranger::new().await;
    let info_hash = Key::hash(b"mine");
    let token = stranger.response(bootstrap, Ask::GetPeers { info_hash }).await.token.unwrap();
    let announce =
        |token| Ask::AnnouncePeer(Announce { info_hash, port: 7_001, implied_port: false, token });
    let wrong = stranger.ask(bootstrap, announce(Bytes::from_static(b"guessed"))).await;
    assert!(matches!(wrong, Body::Error(ref error) if error.code == 203), "BEP 5: {wrong:?}");
    stranger.response(bootstrap, announce(token)).await;
    let told = stranger.response(bootstrap, Ask::GetPeers { info_hash }).await;
    let ports: Vec<u16> = told.values.unwrap().iter().map(SocketAddrV4::port).collect();
    assert_eq!(ports, [7_001]);
}

#[tokio::test]
async fn a_node_is_not_talked_into_sending_to_services_of_this_machine() {
    let (practice, _relay, bootstrap) = start().await;
    let stranger = Stranger::new().await;
    joined(&stranger, bootstrap).await;
    // Ports of services that trust whoever is on this machine: memcached, Ollama, Kubernetes.
    let mut services = [11_211, 11_434, 10_250].into_iter();
    let bind = |port: u16| std::net::UdpSocket::bind(("127.0.0.1", port)).ok();
    let service = services.find_map(bind).expect("one of these ports is free");
    service.set_nonblocking(true).unwrap();
    let socket = UdpSocket::from_std(service).unwrap();
    let decoy = Stranger { socket, id: Key::hash(b"decoy") };
    let victim = v4(decoy.socket.local_addr().unwrap()).unwrap();
    let free = Stranger { id: Key::hash(b"free"), ..Stranger::new().await };
    let allowed = v4(free.socket.local_addr().unwrap()).unwrap();
    let node = practice.servers().last().unwrap();
    let last = node.listening().first().unwrap();
    assert_eq!(last.protocol, "kademlia");
    for target in [victim, allowed] {
        node.command(&format!("ping {target}")).await;
    }
    assert!(free.hear(LIMIT).await.is_some(), "an ordinary port is reached");
    assert!(decoy.hear(Duration::from_millis(300)).await.is_none(), "a service is not");
}

#[tokio::test]
async fn every_node_may_be_reached_through_the_relay_since_any_of_them_is_named_in_answers() {
    let (practice, relay, bootstrap) = start().await;
    assert_eq!(practice.servers().iter().filter(|s| s.address(DHT_PORT).is_some()).count(), 1);
    let policy_lets = |address| relay.practice().iter().any(|s| s.address() == Some(address));
    let stranger = Stranger::new().await;
    joined(&stranger, bootstrap).await;
    let named = stranger.nodes(bootstrap, Key::hash(b"anything")).await;
    let others = named.iter().filter(|contact| contact.id != stranger.id);
    let all: Vec<SocketAddr> = others.map(Contact::socket).collect();
    assert!(!all.is_empty());
    assert!(all.into_iter().all(policy_lets));
}

/// Everything is on this machine, which may be busy.
const LIMIT: Duration = Duration::from_secs(10);
