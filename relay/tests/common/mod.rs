//! A relay on a free port and a client that speaks to it with the same session as the page.
#![allow(dead_code)]

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use relay::policy::{Policy, Profile};
use relay::{Gauges, Relay, Settings, Stopper};
use relay_wire::{Event, Opened, Reset, SUBPROTOCOL, Session};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

/// A relay under test.
pub struct Lab {
    pub address: SocketAddr,
    pub gauges: Gauges,
    pub stopper: Stopper,
    pub task: JoinHandle<()>,
}

/// The client's end of a WebSocket with its session.
pub struct Client {
    pub ws: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub session: Session,
}

/// Loopback, port 0, the local profile.
pub fn settings() -> Settings {
    let mut settings = Settings::new("127.0.0.1:0".parse().unwrap());
    settings.policy = Policy::new(Profile::Local);
    settings
}

pub async fn start(settings: Settings) -> Lab {
    run(Relay::bind(settings).expect("the relay binds"))
}

pub fn run(relay: Relay) -> Lab {
    let address = relay.local_addr();
    let (gauges, stopper) = (relay.gauges(), relay.stopper());
    Lab { address, gauges, stopper, task: tokio::spawn(relay.run()) }
}

pub fn request(address: SocketAddr) -> Request {
    let mut request = format!("ws://{address}/ws").into_client_request().unwrap();
    let headers = request.headers_mut();
    headers.insert("origin", format!("http://{address}").parse().unwrap());
    headers.insert("sec-websocket-protocol", SUBPROTOCOL.parse().unwrap());
    request
}

impl Client {
    pub async fn connect(address: SocketAddr) -> Client {
        Client::join(address, "").await
    }

    pub async fn join(address: SocketAddr, token: &str) -> Client {
        let mut client = Client::handshake(request(address), Session::client(token)).await;
        client.flush().await;
        assert!(matches!(client.event().await, Event::Hello(_)));
        client
    }

    pub async fn handshake(request: Request, session: Session) -> Client {
        // The default reads into 128 KiB, which would hide what the relay itself needs.
        let config = WebSocketConfig::default().read_buffer_size(8 * 1024);
        let connected = connect_async_with_config(request, Some(config), true).await;
        let (ws, _) = connected.expect("the handshake succeeds");
        Client { ws, session }
    }

    pub async fn flush(&mut self) {
        while let Some(message) = self.session.next_message() {
            self.ws.feed(Message::Binary(message)).await.expect("the relay takes messages");
        }
        self.ws.flush().await.expect("the relay takes messages");
    }

    /// The next event, within ten seconds.
    pub async fn event(&mut self) -> Event {
        let limit = Duration::from_secs(10);
        tokio::time::timeout(limit, self.wait()).await.expect("an event within ten seconds")
    }

    async fn wait(&mut self) -> Event {
        loop {
            self.flush().await;
            if let Some(event) = self.session.next_event() {
                return event;
            }
            match self.ws.next().await {
                Some(Ok(Message::Binary(bytes))) => self.session.receive(bytes).unwrap(),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("the session ended: {other:?}"),
            }
        }
    }

    /// The close code and text with which the relay ends the session.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            match tokio::time::timeout(Duration::from_secs(10), self.ws.next()).await {
                Ok(Some(Ok(Message::Close(Some(frame))))) => {
                    return (frame.code.into(), frame.reason.to_string());
                }
                Ok(Some(Ok(Message::Binary(bytes)))) => drop(self.session.receive(bytes)),
                Ok(Some(Ok(_))) => {}
                other => panic!("no close frame: {other:?}"),
            }
        }
    }

    /// Opens a stream and waits for the answer.
    pub async fn try_open(&mut self, host: &str, port: u16) -> Result<(u32, Opened), Reset> {
        let wanted = self.session.open(host, port).unwrap();
        self.flush().await;
        loop {
            match self.event().await {
                Event::Opened { stream, opened } if stream == wanted => {
                    return Ok((stream, opened));
                }
                Event::Reset { stream, reset } if stream == wanted => return Err(reset),
                _ => {}
            }
        }
    }

    pub async fn open(&mut self, address: SocketAddr) -> u32 {
        let host = address.ip().to_string();
        self.try_open(&host, address.port()).await.expect("the target is allowed").0
    }

    /// Sends bytes and ends the stream, then reads to the end of the other half.
    pub async fn exchange(&mut self, stream: u32, bytes: Bytes) -> Vec<u8> {
        self.session.send(stream, bytes).unwrap();
        self.session.finish(stream).unwrap();
        self.flush().await;
        self.read_to_end(stream).await
    }

    pub async fn read_to_end(&mut self, wanted: u32) -> Vec<u8> {
        let mut all = Vec::new();
        loop {
            match self.event().await {
                Event::Data { stream, bytes } if stream == wanted => {
                    self.session.consumed(stream, bytes.len());
                    all.extend_from_slice(&bytes);
                }
                Event::Finished { stream } if stream == wanted => return all,
                Event::Reset { stream, reset } if stream == wanted => panic!("{reset:?}"),
                _ => {}
            }
        }
    }

    /// The reset of a stream.
    pub async fn reset_of(&mut self, wanted: u32) -> Reset {
        loop {
            match self.event().await {
                Event::Reset { stream, reset } if stream == wanted => return reset,
                _ => {}
            }
        }
    }
}

/// A server that sends back what it gets, each half for itself.
pub async fn echo() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            stream.set_nodelay(true).unwrap();
            tokio::spawn(async move {
                let (mut read, mut write) = stream.into_split();
                let _ = tokio::io::copy(&mut read, &mut write).await;
                let _ = write.shutdown().await;
            });
        }
    });
    address
}

/// A listener on a free port, for tests that play the target themselves.
pub async fn target() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// A listener whose connections take next to nothing, so that bytes have to wait in the relay.
pub fn stingy_target() -> (TcpListener, SocketAddr) {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1024).unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// Memory of this process that is in use now.
pub fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// A port on which nothing listens.
pub async fn refused_port() -> SocketAddr {
    let (listener, address) = target().await;
    drop(listener);
    address
}

/// Sends an HTTP request as written and gives back the whole answer.
pub async fn raw(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// Waits until something holds, for at most five seconds.
pub async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..500 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{what} did not come about within five seconds");
}

/// Bytes that tell where they belong: a test sees a lost, doubled or moved byte.
pub fn pattern(len: usize, seed: usize) -> Bytes {
    (0..len).map(|at| (at.wrapping_mul(31).wrapping_add(seed + at / 251)) as u8).collect()
}
