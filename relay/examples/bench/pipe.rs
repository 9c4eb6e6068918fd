//! One connection to a target, straight, through a WebSocket, or through a session of the relay.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use relay_wire::{Event, SUBPROTOCOL, Session};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

/// How a target is reached.
#[derive(Clone, Copy, Debug)]
pub enum Way {
    /// A TCP connection to this address.
    Tcp(SocketAddr),
    /// A WebSocket whose messages are the bytes.
    WebSocket(SocketAddr),
    /// A stream of a session.
    Relay {
        /// Where the relay is.
        relay: SocketAddr,
        /// What it is to dial.
        target: SocketAddr,
    },
}

type Ws = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// An open connection.
pub enum Pipe {
    /// Straight.
    Tcp(TcpStream),
    /// A WebSocket of its own.
    WebSocket(Box<Ws>),
    /// A WebSocket with its session.
    Relay(Box<Tab>),
}

/// A client of the relay with one stream or more.
pub struct Tab {
    ws: Ws,
    /// The client's end.
    pub session: Session,
    /// The first stream.
    pub stream: u32,
    arrived: VecDeque<Event>,
}

impl Way {
    /// Connects all the way to the target.
    pub async fn open(self) -> io::Result<Pipe> {
        match self {
            Way::Tcp(address) => {
                let stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                Ok(Pipe::Tcp(stream))
            }
            Way::WebSocket(address) => {
                Ok(Pipe::WebSocket(Box::new(handshake(address, "binary").await?)))
            }
            Way::Relay { relay, target } => {
                let mut tab = Tab::connect(relay).await?;
                tab.stream = tab.open(target).await?;
                Ok(Pipe::Relay(Box::new(tab)))
            }
        }
    }
}

impl Pipe {
    /// Sends bytes.
    pub async fn send(&mut self, bytes: &Bytes) -> io::Result<()> {
        match self {
            Pipe::Tcp(stream) => stream.write_all(bytes).await,
            Pipe::WebSocket(ws) => {
                ws.send(Message::Binary(bytes.clone())).await.map_err(io::Error::other)
            }
            Pipe::Relay(tab) => {
                tab.session.send(tab.stream, bytes.clone()).map_err(io::Error::other)?;
                tab.flush().await
            }
        }
    }

    /// Receives some bytes and tells how many.
    pub async fn receive(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Pipe::Tcp(stream) => stream.read(buffer).await,
            Pipe::WebSocket(ws) => loop {
                match ws.next().await {
                    Some(Ok(Message::Binary(bytes))) => return Ok(bytes.len()),
                    Some(Ok(_)) => {}
                    other => return Err(io::Error::other(format!("{other:?}"))),
                }
            },
            Pipe::Relay(tab) => loop {
                if let Event::Data { stream, bytes } = tab.event().await? {
                    tab.session.consumed(stream, bytes.len());
                    if stream == tab.stream {
                        return Ok(bytes.len());
                    }
                }
            },
        }
    }
}

impl Tab {
    /// A session without streams.
    pub async fn connect(relay: SocketAddr) -> io::Result<Tab> {
        let ws = handshake(relay, SUBPROTOCOL).await?;
        let session = Session::client(TOKEN);
        let mut tab = Tab { ws, session, stream: 0, arrived: VecDeque::new() };
        tab.event().await?;
        Ok(tab)
    }

    /// Opens one more stream.
    pub async fn open(&mut self, target: SocketAddr) -> io::Result<u32> {
        let host = target.ip().to_string();
        let wanted = self.session.open(&host, target.port()).map_err(io::Error::other)?;
        loop {
            match self.fresh_event().await? {
                Event::Opened { stream, .. } if stream == wanted => return Ok(stream),
                Event::Reset { reset, .. } => return Err(io::Error::other(reset.text)),
                other => self.arrived.push_back(other),
            }
        }
    }

    /// Sends what the session has to send.
    pub async fn flush(&mut self) -> io::Result<()> {
        while let Some(message) = self.session.next_message() {
            self.ws.feed(Message::Binary(message)).await.map_err(io::Error::other)?;
        }
        self.ws.flush().await.map_err(io::Error::other)
    }

    /// The next event.
    pub async fn event(&mut self) -> io::Result<Event> {
        match self.arrived.pop_front() {
            Some(event) => Ok(event),
            None => self.fresh_event().await,
        }
    }

    async fn fresh_event(&mut self) -> io::Result<Event> {
        loop {
            if self.session.has_output() {
                self.flush().await?;
            }
            if let Some(event) = self.session.next_event() {
                return Ok(event);
            }
            match self.ws.next().await {
                Some(Ok(Message::Binary(bytes))) => {
                    self.session.receive(bytes).map_err(io::Error::other)?;
                }
                Some(Ok(_)) => {}
                other => return Err(io::Error::other(format!("{other:?}"))),
            }
        }
    }
}

async fn handshake(address: SocketAddr, subprotocol: &str) -> io::Result<Ws> {
    let uri = format!("ws://{address}/ws");
    let mut request = uri.into_client_request().map_err(io::Error::other)?;
    let origin = format!("http://{address}").parse().map_err(io::Error::other)?;
    request.headers_mut().insert("origin", origin);
    let subprotocol = subprotocol.parse().map_err(io::Error::other)?;
    request.headers_mut().insert("sec-websocket-protocol", subprotocol);
    let config = WebSocketConfig::default().read_buffer_size(64 * 1024);
    let connected = connect_async_with_config(request, Some(config), true).await;
    Ok(connected.map_err(io::Error::other)?.0)
}

/// What the measured relay is told to ask for.
pub const TOKEN: &str = "no-secret-on-this-bench";
