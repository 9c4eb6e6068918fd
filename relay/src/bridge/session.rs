//! The loop of one session.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use futures_util::{Sink, SinkExt, Stream, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use relay_wire::{Code, Detail, GoAway, Hello, Reset, Session};
use tokio::sync::watch;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{self, Message, protocol::CloseFrame};

use super::Wire;
use super::conn::Conn;
use crate::bell::Board;
use crate::server::{Gauge, Shared};

/// A WebSocket on a connection that began as HTTP.
pub(crate) type Socket = WebSocketStream<Wire<TokioIo<Upgraded>>>;

/// Who is at the other end of a WebSocket.
pub(crate) struct Guest {
    /// The address of the TCP connection.
    pub(crate) peer: SocketAddr,
    /// Its place among the sessions, taken before it was let in.
    pub(crate) place: Gauge,
}

/// Why a session ended, as a close code of RFC 6455 section 7.4 or of this protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ending {
    pub(super) code: u16,
    pub(super) text: String,
}

impl Ending {
    pub(super) fn new(code: u16, text: impl Into<String>) -> Ending {
        Ending { code, text: text.into() }
    }
}

/// The state of one session's loop.
pub(super) struct Bridge {
    pub(super) shared: Arc<Shared>,
    pub(super) number: u64,
    pub(super) session: Session,
    pub(super) conns: BTreeMap<u32, Box<Conn>>,
    pub(super) board: Arc<Board>,
    pub(super) rung: Vec<u32>,
    /// Streams that could be read if earlier bytes had left.
    pub(super) starved: Vec<u32>,
    /// Room to read into, shared by all sockets of the session.
    pub(super) scratch: BytesMut,
    /// Whether any target had something to say since the task was last woken.
    pub(super) reading: bool,
    ws: Socket,
    /// When the client was last heard, and whether it was asked for a sign of life since.
    heard: Instant,
    asked: bool,
    greeted: bool,
    started: Instant,
    leave_by: Option<Instant>,
    ending: Option<Ending>,
    held: Gauge,
}

/// Runs a session until either side ends it.
pub(crate) async fn run(shared: Arc<Shared>, ws: Socket, guest: Guest) {
    let number = shared.next_session();
    let Guest { peer, place } = guest;
    let mut drain = shared.drain.subscribe();
    // In a place of its own: the future of its goodbye would have room for a second one.
    let mut bridge = Box::new(Bridge::new(shared, ws, number));
    tracing::info!(session = number, %peer, "session opened");
    let ending = bridge.drive(&mut drain).await;
    tracing::info!(session = number, code = ending.code, why = ending.text, "session closed");
    bridge.close(ending).await;
    drop(place);
}

impl Bridge {
    fn new(shared: Arc<Shared>, ws: Socket, number: u64) -> Bridge {
        let now = Instant::now();
        Bridge {
            session: Session::relay(hello(&shared)),
            conns: BTreeMap::new(),
            board: Arc::default(),
            rung: Vec::new(),
            starved: Vec::new(),
            scratch: BytesMut::new(),
            reading: false,
            held: shared.gauges.held_bytes.hold(0),
            shared,
            number,
            ws,
            heard: now,
            asked: false,
            greeted: false,
            started: now,
            leave_by: None,
            ending: None,
        }
    }

    async fn drive(&mut self, drain: &mut watch::Receiver<bool>) -> Ending {
        let limits = &self.shared.limits;
        let period = limits.heartbeat.min(limits.hello_time).min(limits.socket_idle) / 4;
        let mut tick = tokio::time::interval(period.max(SHORTEST_TICK));
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                ending = std::future::poll_fn(|cx| self.poll(cx)) => return ending,
                _ = tick.tick() => {
                    if let Some(ending) = self.tick(Instant::now()) {
                        return ending;
                    }
                }
                _ = drain.wait_for(|stopping| *stopping), if self.leave_by.is_none() => {
                    self.leave(Instant::now());
                }
            }
        }
    }

    /// Moves everything that can move.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Ending> {
        self.board.register(cx);
        self.reading = false;
        loop {
            let received = self.receive(cx);
            if let Some(ending) = self.ending.take() {
                return Poll::Ready(ending);
            }
            let moved = self.serve_rung();
            let sent = self.transmit(cx);
            self.held.set(self.session.held_bytes());
            if let Some(ending) = self.ending.take() {
                return Poll::Ready(ending);
            }
            if self.leave_by.is_some() && self.conns.is_empty() && !self.session.has_output() {
                return Poll::Ready(Ending::new(CLOSE_RESTART, "The relay is being stopped."));
            }
            if !(received || moved || sent || !self.rung.is_empty()) {
                if !self.reading {
                    // Room that nobody fills costs a page or two even so.
                    self.scratch = BytesMut::new();
                }
                return Poll::Pending;
            }
        }
    }

    /// Takes in messages of the client while its answers can leave.
    fn receive(&mut self, cx: &mut Context<'_>) -> bool {
        let mut any = false;
        for _ in 0..MAX_MESSAGES {
            if self.session.is_congested() {
                break;
            }
            match Pin::new(&mut self.ws).poll_next(cx) {
                Poll::Pending => return any,
                Poll::Ready(Some(Ok(message))) => self.on_message(message),
                Poll::Ready(Some(Err(error))) => self.end(CLOSE_LOST, error.to_string()),
                Poll::Ready(None) => self.end(CLOSE_NORMAL, "The client has left."),
            }
            any = true;
            if self.ending.is_some() {
                break;
            }
        }
        any
    }

    fn on_message(&mut self, message: Message) {
        self.heard = Instant::now();
        self.asked = false;
        match message {
            Message::Binary(bytes) => self.on_frame(bytes),
            Message::Text(_) => {
                self.end(CLOSE_UNSUPPORTED, "This protocol has only binary messages.");
            }
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
            Message::Close(_) => self.end(CLOSE_NORMAL, "The client has left."),
        }
    }

    fn on_frame(&mut self, bytes: Bytes) {
        let outcome = self.session.receive(bytes);
        while let Some(event) = self.session.next_event() {
            self.on_event(event);
        }
        if let Err(violation) = outcome {
            self.end(CLOSE_PROTOCOL, violation.text);
        }
    }

    /// The first word of the client; without the token it needs it is also the last.
    pub(super) fn on_hello(&mut self, hello: &Hello) {
        self.greeted = true;
        if let Some(token) = &self.shared.token
            && !token.matches(&hello.token)
        {
            self.end(CLOSE_TOKEN, WRONG_TOKEN);
        }
    }

    /// Hands messages to the wire while it takes them.
    fn transmit(&mut self, cx: &mut Context<'_>) -> bool {
        let mut any = false;
        loop {
            let wire = self.ws.get_mut();
            while !wire.is_full()
                && let Some(message) = self.session.next_parts()
            {
                wire.push(message);
                any = true;
            }
            match Pin::new(&mut self.ws).poll_flush(cx) {
                Poll::Ready(Ok(())) if self.session.has_output() => {}
                Poll::Ready(Ok(())) => break,
                Poll::Ready(Err(error)) => {
                    self.end(CLOSE_LOST, error.to_string());
                    return true;
                }
                Poll::Pending => return any,
            }
        }
        while let Some(event) = self.session.next_event() {
            self.on_event(event);
        }
        if any {
            self.ring_starved();
        }
        any
    }

    fn tick(&mut self, now: Instant) -> Option<Ending> {
        let limits = &self.shared.limits;
        let silent = now.saturating_duration_since(self.heard);
        if !self.greeted && now.saturating_duration_since(self.started) > limits.hello_time {
            return Some(Ending::new(CLOSE_IDLE, "No HELLO arrived in time."));
        }
        if silent > 2 * limits.heartbeat {
            return Some(Ending::new(CLOSE_IDLE, "The client did not answer a ping."));
        }
        if now.saturating_duration_since(self.started) > limits.session_time {
            return Some(Ending::new(CLOSE_IDLE, "The session has lasted as long as it may."));
        }
        if self.leave_by.is_some_and(|by| now >= by) {
            return Some(Ending::new(CLOSE_RESTART, "The relay is being stopped."));
        }
        if silent > limits.heartbeat && !self.asked {
            self.asked = true;
            // Queued at once or not at all: a full WebSocket is not a silent one.
            let _ = Pin::new(&mut self.ws).start_send(Message::Ping(Bytes::new()));
        }
        self.reset_idle(now);
        None
    }

    fn leave(&mut self, now: Instant) {
        let time = self.shared.limits.drain_time;
        self.leave_by = Some(now + time);
        self.session.go_away(GoAway {
            code: Code::ShuttingDown,
            deadline_ms: u32::try_from(time.as_millis()).unwrap_or(u32::MAX),
            retry_after_ms: RETRY_AFTER_MS,
            text: "The relay is being stopped; open streams may finish.".to_owned(),
        });
    }

    pub(super) fn end(&mut self, code: u16, text: impl Into<String>) {
        self.ending.get_or_insert(Ending::new(code, text));
    }

    /// Says goodbye within a short time; targets are closed by being dropped.
    async fn close(mut self: Box<Self>, ending: Ending) {
        self.conns.clear();
        if ending.code == CLOSE_LOST {
            return;
        }
        let last_words = async {
            // A stranger without the token learns nothing, not even what HELLO says.
            while ending.code != CLOSE_TOKEN
                && let Some(message) = self.session.next_parts()
            {
                self.ws.get_mut().push(message);
            }
            let mut text = ending.text;
            text.truncate(text.floor_char_boundary(MAX_CLOSE_TEXT));
            let frame = CloseFrame { code: ending.code.into(), reason: text.into() };
            self.ws.send(Message::Close(Some(frame))).await?;
            while let Some(Ok(_)) = self.ws.next().await {}
            Ok::<(), tungstenite::Error>(())
        };
        // Whoever does not listen to the goodbye does not get one.
        let _ = tokio::time::timeout(CLOSE_TIME, last_words).await;
    }

    /// Refuses what the limits of the session or of the whole relay forbid.
    pub(super) fn over_limit(&mut self, now: Instant) -> Option<Reset> {
        let limits = &self.shared.limits;
        if let Err(reset) = self.shared.brakes.open(limits, now) {
            return Some(reset);
        }
        if self.shared.gauges.held_bytes.value() > limits.held_bytes {
            let text = "Too many bytes wait in the relay for slow readers.";
            return Some(Reset::new(Code::Limit, text).detail(Detail::Bytes));
        }
        None
    }
}

fn hello(shared: &Shared) -> Hello {
    let limits = &shared.limits;
    let seconds = |time: std::time::Duration| u32::try_from(time.as_secs()).unwrap_or(u32::MAX);
    Hello {
        max_streams: limits.streams,
        max_sockets: limits.sockets,
        stream_idle_s: seconds(limits.stream_idle),
        socket_idle_s: seconds(limits.socket_idle),
        policy: shared.dialler.policy.summary(),
        ..Hello::default()
    }
}

/// Messages taken in before the targets have their turn.
const MAX_MESSAGES: usize = 32;
/// Precision of the clocks of a session; finer is of no use and costs wake-ups.
const SHORTEST_TICK: std::time::Duration = std::time::Duration::from_millis(20);
/// How long the goodbye may take.
const CLOSE_TIME: std::time::Duration = std::time::Duration::from_secs(1);
/// What a client is told to wait before it connects again.
const RETRY_AFTER_MS: u32 = 1000;
/// What whoever has not the token is told.
const WRONG_TOKEN: &str = "The token is missing or wrong. Open the page by the whole address \
                           that the relay printed, or that you were given.";
/// A control frame holds 125 bytes, two of them for the code (RFC 6455 section 5.5).
const MAX_CLOSE_TEXT: usize = 123;

/// The client has left, or has been asked to (RFC 6455 section 7.4.1).
const CLOSE_NORMAL: u16 = 1000;
/// A kind of message that this protocol has not (RFC 6455 section 7.4.1).
const CLOSE_UNSUPPORTED: u16 = 1003;
/// Never sent: the WebSocket is gone already (RFC 6455 section 7.4.1).
const CLOSE_LOST: u16 = 1006;
/// A frame broke the rules (RFC 6455 section 7.4.1).
const CLOSE_PROTOCOL: u16 = 1002;
/// The relay restarts or stops.
const CLOSE_RESTART: u16 = 1012;
/// The token was refused.
const CLOSE_TOKEN: u16 = 4401;
/// Too long silent, or too long there.
const CLOSE_IDLE: u16 = 4408;
