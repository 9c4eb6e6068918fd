//! The tab against a real relay, and real sockets behind it.

use std::time::Instant;

use futures_util::{SinkExt, StreamExt};
use relay::policy::{Policy, Profile};
use relay::serve::Ground;
use relay::{Practice, PracticeServer, Settings, Stopper};
use relay_wire::SUBPROTOCOL;
use tokio::net::{TcpStream, UdpSocket};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::*;

/// A session in a tab with a WebSocket to a real relay.
pub struct Tab {
    pub live: Live,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The relay; the tab that started it keeps it and its servers going.
    relay: SocketAddr,
    _kept: Option<(Stopper, Practice)>,
    servers: Vec<PracticeServer>,
    began: Instant,
}

impl Tab {
    /// Starts a relay that lets the tab reach servers on loopback, and connects to it.
    pub async fn open(program: Box<dyn Host>) -> Tab {
        let mut settings = Settings::new("127.0.0.1:0".parse().unwrap());
        settings.policy = Policy::new(Profile::Local);
        let mut relay = relay::Relay::bind(settings).unwrap();
        let practice = Practice::start(&mut relay, Ground::anywhere()).await.unwrap();
        let servers = relay.practice().to_vec();
        let (address, stopper) = (relay.local_addr(), relay.stopper());
        tokio::spawn(relay.run());
        Tab::connect(address, Some((stopper, practice)), servers, program).await
    }

    /// Another tab at the same relay.
    pub async fn beside(other: &Tab, program: Box<dyn Host>) -> Tab {
        Tab::connect(other.relay, None, other.servers.clone(), program).await
    }

    async fn connect(
        relay: SocketAddr,
        kept: Option<(Stopper, Practice)>,
        servers: Vec<PracticeServer>,
        program: Box<dyn Host>,
    ) -> Tab {
        let mut request = format!("ws://{relay}/ws").into_client_request().unwrap();
        let headers = request.headers_mut();
        headers.insert("origin", format!("http://{relay}").parse().unwrap());
        headers.insert("sec-websocket-protocol", SUBPROTOCOL.parse().unwrap());
        let (socket, _) = connect_async(request).await.unwrap();
        let mut live = Live::new(program, BEGIN);
        live.opening("");
        let began = Instant::now();
        let mut tab = Tab { live, socket, relay, _kept: kept, servers, began };
        tab.run_until(|live| matches!(live.link(), Link::Up(_))).await;
        tab
    }

    /// Where the first of the practice servers is that speak a protocol.
    pub fn practice(&self, protocol: &str) -> SocketAddr {
        let found = self.servers.iter().find(|server| server.protocol == protocol);
        found.and_then(PracticeServer::address).unwrap()
    }

    pub fn now(&self) -> Time {
        BEGIN + self.began.elapsed()
    }

    pub fn command(&mut self, text: &str) {
        self.live.command(text, self.now()).unwrap();
    }

    /// Carries messages and rings alarms until something holds, for ten seconds at most.
    pub async fn run_until(&mut self, holds: impl Fn(&Live) -> bool) {
        while !holds(&self.live) {
            let story = || {
                let trace = self.live.recording().trace();
                world::transcript(&Story::of(trace), trace, trace.entries.len() as u32)
            };
            assert!(self.began.elapsed() < LIMIT, "not within {LIMIT:?}: {}", story());
            while let Some(message) = self.live.next_message() {
                self.socket.send(Message::Binary(message)).await.unwrap();
            }
            let alarm = self.live.next_alarm().map_or(LIMIT, |due| due.since(self.now()));
            match tokio::time::timeout(alarm.min(LIMIT), self.socket.next()).await {
                Err(_) => self.live.wake(self.now()),
                Ok(Some(Ok(Message::Binary(bytes)))) => {
                    let now = self.now();
                    self.live.receive(bytes, now).unwrap();
                }
                Ok(Some(Ok(_))) => {}
                Ok(other) => panic!("the relay has gone: {other:?}"),
            }
        }
    }

    /// Runs until the program has told its user something that contains a word.
    pub async fn hears(&mut self, word: &str) {
        let told = |live: &Live| emitted(live.recording().trace().entries);
        self.run_until(|live| told(live).iter().any(|text| text.contains(word))).await;
    }
}

#[tokio::test]
async fn datagrams_cross_the_bridge_of_a_real_relay_and_are_recorded_as_they_were() {
    let server = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = server.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = [0; 2_048];
        // The first question is lost; the toy asks again.
        server.recv_from(&mut buffer).await.unwrap();
        let (count, from) = server.recv_from(&mut buffer).await.unwrap();
        server.send_to(&buffer[..count], from).await.unwrap();
    });
    let mut tab = Tab::open(toy::asker()).await;
    tab.command(&format!("ask {address} hello"));
    tab.hears("heard hello").await;
    let story = Story::of(tab.live.recording().trace());
    let loads: Vec<&[u8]> = story.arrows().iter().map(|a| a.flight.load.payload()).collect();
    assert_eq!(loads, [b"hello", b"hello", b"hello"]);
}

#[tokio::test]
async fn what_a_real_relay_forbids_is_told_in_its_own_words() {
    let mut tab = Tab::open(toy::asker()).await;
    tab.command("ask 10.0.0.1:53 hello");
    let denied = |live: &Live| {
        live.recording().trace().entries.iter().any(|entry| match &entry.what {
            What::Network(Network::Denied { why, flight }) => {
                why.contains("10.0.0.1") && flight.is_some()
            }
            _ => false,
        })
    };
    tab.run_until(denied).await;
}

/// No test waits for longer.
const LIMIT: Duration = Duration::from_secs(10);
