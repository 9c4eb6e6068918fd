//! The loop of one endpoint: stimuli in, outputs done, one after the other.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use protocols::endpoint::{AlarmId, Conn, Host, Loss, Output, Stimulus, Target, Transport};
use relay_wire::Open;
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::{mpsc, oneshot};

use super::link::{Link, News, Stage};
use super::{Ground, Listening, Observer, now};
use crate::bell::{Bell, Board};
use crate::dial::Dialler;

/// An endpoint with its sockets.
pub(super) struct Driver {
    host: Box<dyn Host + Send>,
    ground: Ground,
    dialler: Dialler,
    observer: Option<Observer>,
    orders: mpsc::Receiver<String>,
    listeners: BTreeMap<u16, TcpListener>,
    sockets: BTreeMap<u16, UdpSocket>,
    listening: Vec<Listening>,
    /// The first error of a listen or bind, reported by the start.
    trouble: Option<io::Error>,
    links: BTreeMap<Conn, Link>,
    /// Datagrams that their sockets have not taken yet.
    unsent: Vec<Unsent>,
    alarms: BTreeMap<AlarmId, Instant>,
    board: Arc<Board>,
    rung: Vec<u32>,
    scratch: BytesMut,
}

/// A datagram that waits for its socket.
struct Unsent {
    port: u16,
    to: SocketAddr,
    bytes: Bytes,
}

impl Driver {
    pub(super) fn new(
        host: Box<dyn Host + Send>,
        ground: Ground,
        dialler: Dialler,
        observer: Option<Observer>,
        orders: mpsc::Receiver<String>,
    ) -> Driver {
        Driver {
            host,
            ground,
            dialler,
            observer,
            orders,
            listeners: BTreeMap::new(),
            sockets: BTreeMap::new(),
            listening: Vec::new(),
            trouble: None,
            links: BTreeMap::new(),
            unsent: Vec::new(),
            alarms: BTreeMap::new(),
            board: Arc::default(),
            rung: Vec::new(),
            scratch: BytesMut::new(),
        }
    }

    /// Runs until the task is dropped; tells whether everything could be bound.
    pub(super) async fn run(mut self, ready: oneshot::Sender<io::Result<Vec<Listening>>>) {
        self.step(Stimulus::Start);
        let outcome = match self.trouble.take() {
            Some(error) => Err(error),
            None => Ok(self.listening.clone()),
        };
        // Whoever started this and does not wait has dropped the task as well.
        let _ = ready.send(outcome);
        let mut housekeeping = tokio::time::interval(HOUSEKEEPING);
        loop {
            let alarm = self.alarms.values().min().copied();
            tokio::select! {
                () = poll_fn(|cx| self.poll(cx)) => {}
                () = sleep_until(alarm) => self.ring_alarms(),
                _ = housekeeping.tick() => self.drop_idle(),
            }
        }
    }

    /// Moves everything that can move. Ready when an alarm may have been set meanwhile.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.board.register(cx);
        let mut any = false;
        while let Poll::Ready(Some(text)) = self.orders.poll_recv(cx) {
            self.step(Stimulus::Command(text));
            any = true;
        }
        any |= self.accept(cx);
        self.send_waiting(cx);
        any |= self.receive(cx);
        self.board.collect(&mut self.rung);
        let mut rung = std::mem::take(&mut self.rung);
        rung.sort_unstable();
        rung.dedup();
        for number in rung {
            any |= self.turn(Conn(number));
        }
        if any || !self.rung.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    }

    fn accept(&mut self, cx: &mut Context<'_>) -> bool {
        let mut arrived = Vec::new();
        for (port, listener) in &self.listeners {
            if let Poll::Ready(Ok((stream, peer))) = listener.poll_accept(cx) {
                arrived.push((*port, stream, peer));
            }
        }
        let any = !arrived.is_empty();
        for (port, stream, peer) in arrived {
            self.admit(port, stream, peer);
        }
        any
    }

    fn admit(&mut self, port: u16, stream: TcpStream, peer: SocketAddr) {
        // Too many at once: closing is an answer, and keeps room for those who are being served.
        if self.links.len() >= MAX_LINKS || stream.set_nodelay(true).is_err() {
            return;
        }
        let conn = self.host.accept();
        self.hang(conn, Stage::Open(stream));
        self.step(Stimulus::Opened { conn, peer, port: Some(port) });
    }

    /// Whoever asks may be answered. On confined ground, anybody else has to be within the policy,
    /// as if it were dialled.
    fn may_send(&self, to: SocketAddr, asker: Option<SocketAddr>) -> bool {
        if !self.ground.confined || asker == Some(to) {
            return true;
        }
        let judged = self.dialler.policy.check_address(to);
        if let Err(why) = &judged {
            tracing::debug!(%to, why = why.sentence(), "a datagram was not sent");
        }
        judged.is_ok()
    }

    /// Sends a datagram, now or as soon as its socket takes one. A socket that has just been bound
    /// takes none before the runtime has heard from the system that it is writable.
    fn send_to(&mut self, datagram: Unsent) {
        let Some(socket) = self.sockets.get(&datagram.port) else { return };
        let first = !self.unsent.iter().any(|waiting| waiting.port == datagram.port);
        // A datagram may be lost: one that the system refuses is, and one too many.
        let sent = first.then(|| socket.try_send_to(&datagram.bytes, datagram.to));
        let waits = match sent {
            Some(outcome) => outcome.is_err_and(|why| why.kind() == io::ErrorKind::WouldBlock),
            None => true,
        };
        if waits && self.unsent.len() < MAX_UNSENT {
            self.unsent.push(datagram);
        }
    }

    /// Sends the datagrams that have waited for their sockets, as far as these take them.
    fn send_waiting(&mut self, cx: &mut Context<'_>) {
        let sockets = &self.sockets;
        self.unsent.retain(|Unsent { port, to, bytes }| match sockets.get(port) {
            Some(socket) => socket.poll_send_to(cx, bytes, *to).is_pending(),
            // Its port has been given up meanwhile.
            None => false,
        });
    }

    fn receive(&mut self, cx: &mut Context<'_>) -> bool {
        let mut arrived = Vec::new();
        for (port, socket) in &self.sockets {
            while socket.poll_recv_ready(cx).is_ready() {
                self.scratch.reserve(MAX_DATAGRAM);
                // An error is the echo of an earlier send (ICMP); the next call gets further.
                if let Ok((count, from)) = socket.try_recv_buf_from(&mut self.scratch) {
                    let bytes = Bytes::copy_from_slice(&self.scratch.split_to(count));
                    arrived.push(Stimulus::Datagram { port: *port, from, bytes });
                }
            }
        }
        let any = !arrived.is_empty();
        for stimulus in arrived {
            self.step(stimulus);
        }
        any
    }

    /// Gives a connection its turn; true if something happened.
    fn turn(&mut self, conn: Conn) -> bool {
        let by = self.links.get(&conn).and_then(|link| link.paced_by);
        let held = by.and_then(|by| self.links.get(&by)).is_some_and(Link::is_full);
        let Some(link) = self.links.get_mut(&conn) else { return false };
        let was_full = link.is_full();
        let news = link.turn(&mut self.scratch, held);
        if was_full && !link.is_full() {
            self.rung.extend(link.paces.map(|paced| paced.0));
        }
        match news {
            News::Nothing => return false,
            News::Opened(peer) => self.step(Stimulus::Opened { conn, peer, port: None }),
            News::Data(bytes) => self.step(Stimulus::Data { conn, bytes }),
            News::Finished => self.step(Stimulus::Finished { conn }),
            News::Lost(why) => {
                self.remove(conn);
                self.step(Stimulus::Lost { conn, why });
            }
            News::Done => {
                self.remove(conn);
            }
        }
        self.rung.push(conn.0);
        true
    }

    fn ring_alarms(&mut self) {
        let now = Instant::now();
        let mut due: Vec<(Instant, AlarmId)> = self
            .alarms
            .iter()
            .filter(|(_, at)| **at <= now)
            .map(|(alarm, at)| (*at, *alarm))
            .collect();
        due.sort_unstable();
        for (_, alarm) in due {
            // One that has been disarmed by the step before is not rung.
            if self.alarms.remove(&alarm).is_some() {
                self.step(Stimulus::Alarm(alarm));
            }
        }
    }

    fn drop_idle(&mut self) {
        let now = Instant::now();
        let idle = |link: &Link| now.saturating_duration_since(link.active) > LINK_IDLE;
        let gone: Vec<Conn> =
            self.links.iter().filter(|(_, link)| idle(link)).map(|(conn, _)| *conn).collect();
        for conn in gone {
            if let Some(link) = self.remove(conn) {
                link.abort();
            }
            self.step(Stimulus::Lost { conn, why: Loss::TimedOut });
        }
    }

    /// One step of the endpoint and all that follows from it.
    fn step(&mut self, stimulus: Stimulus) {
        let asker = match &stimulus {
            Stimulus::Datagram { from, .. } => Some(*from),
            Stimulus::Start
            | Stimulus::Command(_)
            | Stimulus::Opened { .. }
            | Stimulus::Data { .. }
            | Stimulus::Finished { .. }
            | Stimulus::Lost { .. }
            | Stimulus::Alarm(_) => None,
        };
        match self.host.step(now(), stimulus) {
            Ok(step) => {
                if let Some(observer) = &mut self.observer {
                    observer(&step);
                }
                for output in step.outputs {
                    self.perform(output, asker);
                }
            }
            Err(error) => tracing::warn!(%error, "an endpoint did not understand a command"),
        }
    }

    fn perform(&mut self, output: Output, asker: Option<SocketAddr>) {
        match output {
            Output::Listen { transport, port, protocol } => {
                let bound = match transport {
                    Transport::Tcp => self.listen(port),
                    Transport::Udp => self.bind(port),
                };
                match bound {
                    Ok(address) => {
                        let protocol = protocol.name;
                        self.listening.push(Listening { transport, port, protocol, address });
                    }
                    Err(error) => self.trouble = Some(error),
                }
            }
            Output::Unbind { port } => {
                self.sockets.remove(&port);
            }
            Output::Dial { conn, to, .. } => self.dial(conn, to),
            Output::Send { conn, bytes } => self.with_link(conn, |link| link.send(bytes)),
            Output::Finish { conn } => self.with_link(conn, Link::finish),
            Output::Abort { conn } => {
                if let Some(link) = self.remove(conn) {
                    link.abort();
                }
            }
            Output::SendTo { port, to, bytes } => {
                if self.may_send(to, asker) {
                    self.send_to(Unsent { port, to, bytes });
                }
            }
            Output::Pace { conn, by } => self.pace(conn, by),
            Output::Arm { alarm, after, .. } => {
                let now = Instant::now();
                // An alarm beyond the reach of the clock never rings.
                if let Some(at) = now.checked_add(after) {
                    self.alarms.insert(alarm, at);
                }
            }
            Output::Disarm { alarm } => {
                self.alarms.remove(&alarm);
            }
            Output::Emit(text) => tracing::debug!(text, "endpoint"),
            Output::Join { group } => {
                tracing::warn!(%group, "native endpoints join no multicast groups yet");
            }
            Output::Measure { .. } | Output::Cite(_) => {}
        }
    }

    fn listen(&mut self, port: u16) -> io::Result<SocketAddr> {
        let beside = self.sockets.get(&port).and_then(|socket| socket.local_addr().ok());
        let listener = self.ground.tcp(port, beside.map(|address| address.port()))?;
        let address = listener.local_addr()?;
        self.listeners.insert(port, listener);
        Ok(address)
    }

    fn bind(&mut self, port: u16) -> io::Result<SocketAddr> {
        let beside = self.listeners.get(&port).and_then(|listener| listener.local_addr().ok());
        let socket = self.ground.udp(port, beside.map(|address| address.port()))?;
        let address = socket.local_addr()?;
        self.sockets.insert(port, socket);
        Ok(address)
    }

    fn dial(&mut self, conn: Conn, to: Target) {
        let target = match to {
            Target::Address(address) => relay_wire::Target::from(address),
            Target::Name { host, port } => relay_wire::Target::new(&host, port),
        };
        let open = Open { target, credit: 0, timeout_ms: 0, nodelay: true, local: None };
        self.hang(conn, Stage::Dialling(self.dialler.tcp(open)));
    }

    fn hang(&mut self, conn: Conn, stage: Stage) {
        let (bell, waker) = Bell::hang(conn.0, &self.board);
        self.links.insert(conn, Link::new(stage, bell, waker));
        self.rung.push(conn.0);
    }

    /// Reads `conn` only while `by` can take more, or always.
    fn pace(&mut self, conn: Conn, by: Option<Conn>) {
        let before = self.links.get_mut(&conn).and_then(|link| link.paced_by.take());
        self.with_link(conn, |link| link.paced_by = by);
        if let Some(before) = before.and_then(|before| self.links.get_mut(&before)) {
            before.paces = None;
        }
        if let Some(by) = by.and_then(|by| self.links.get_mut(&by)) {
            by.paces = Some(conn);
        }
    }

    /// Takes a connection out; what waited for it does not wait any more.
    fn remove(&mut self, conn: Conn) -> Option<Link> {
        let link = self.links.remove(&conn)?;
        self.rung.extend(link.paces.map(|paced| paced.0));
        Some(link)
    }

    fn with_link(&mut self, conn: Conn, act: impl FnOnce(&mut Link)) {
        if let Some(link) = self.links.get_mut(&conn) {
            act(link);
            self.rung.push(conn.0);
        }
    }
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}

/// Connections of one endpoint at once: a practice server serves a class, not the world.
const MAX_LINKS: usize = 512;
/// A connection on which nothing has moved for so long has been forgotten by its user; endpoints
/// have shorter limits of their own.
const LINK_IDLE: Duration = Duration::from_secs(600);
/// How often to look for forgotten connections.
const HOUSEKEEPING: Duration = Duration::from_secs(30);
/// Datagrams that wait to be sent, of all sockets together: more than one step sends, and at most
/// 64 MiB.
const MAX_UNSENT: usize = 1024;
/// The largest datagram that can arrive.
const MAX_DATAGRAM: usize = 65_536;
