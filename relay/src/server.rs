//! The relay as a whole: its settings, its listening socket, and how it stops.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tower::ServiceExt;

use crate::dial::Dialler;
pub(crate) use crate::gauges::Gauge;
use crate::gauges::Gauges;
use crate::http::{self, Gate};
use crate::limits::Limits;
use crate::policy::{Policy, Profile, Resolve, SystemResolver};
use crate::posture;
use crate::practice::PracticeServer;
use crate::rate::Brakes;
use crate::token::Token;

/// How a relay is to run. [`Settings::new`] gives the safe defaults.
pub struct Settings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The directory of the built app.
    pub app: PathBuf,
    /// Further hosts (`name:port`) by which the relay may be addressed.
    pub hosts: Vec<String>,
    /// Further origins (`scheme://host:port`) whose pages may open sessions.
    pub origins: Vec<String>,
    /// What may be dialled.
    pub policy: Policy,
    /// How much of everything there may be.
    pub limits: Limits,
    /// The token that every session has to show; with none, whoever is on this machine may join.
    pub token: Option<Token>,
    /// True if a reverse proxy with TLS stands in front.
    pub behind_proxy: bool,
    /// Who resolves names.
    pub resolver: Arc<dyn Resolve>,
}

impl Settings {
    /// Loopback, the listed profile, the default limits, and the app in `dist`.
    pub fn new(listen: SocketAddr) -> Settings {
        Settings {
            listen,
            app: PathBuf::from("dist"),
            hosts: Vec::new(),
            origins: Vec::new(),
            policy: Policy::new(Profile::default()),
            limits: Limits::default(),
            token: None,
            behind_proxy: false,
            resolver: Arc::new(SystemResolver),
        }
    }

    /// True if a relay with these settings is there for others than the users of this machine.
    pub fn is_open_to_others(&self) -> bool {
        posture::opening(self).is_some()
    }
}

/// What all connections of a relay share.
pub(crate) struct Shared {
    pub(crate) app: PathBuf,
    pub(crate) gate: Gate,
    pub(crate) dialler: Dialler,
    pub(crate) limits: Limits,
    pub(crate) token: Option<Token>,
    pub(crate) brakes: Brakes,
    pub(crate) practice: Vec<PracticeServer>,
    pub(crate) gauges: Gauges,
    /// True from the moment the relay is being stopped.
    pub(crate) drain: watch::Sender<bool>,
    sessions: AtomicU64,
}

impl Shared {
    /// The next number to tell sessions apart in the log.
    pub(crate) fn next_session(&self) -> u64 {
        self.sessions.fetch_add(1, Ordering::Relaxed)
    }
}

/// A relay that listens.
pub struct Relay {
    listener: TcpListener,
    /// The same port at `[::1]`, where the machine has that and the relay is at 127.0.0.1.
    twin: Option<TcpListener>,
    local: SocketAddr,
    shared: Shared,
}

/// Stops a relay from elsewhere.
#[derive(Clone)]
pub struct Stopper(watch::Sender<bool>);

impl Stopper {
    /// Refuses new sessions and asks the open ones to finish; [`Relay::run`] returns when they
    /// have, or when [`Limits::drain_time`] is over.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Relay {
    /// Binds the socket. Fails if the relay is open to others and what protects it is missing.
    pub fn bind(settings: Settings) -> io::Result<Relay> {
        posture::check(&settings)
            .map_err(|text| io::Error::new(io::ErrorKind::InvalidInput, text))?;
        let listener = listen(settings.listen)?;
        let local = listener.local_addr()?;
        let twin = twin_of(local);
        let mut policy = settings.policy;
        let mut hosts = settings.hosts;
        for own in [Some(local), twin.as_ref().and_then(|twin| twin.local_addr().ok())] {
            let Some(own) = own else { continue };
            policy.deny_own(own);
            hosts.extend(own_hosts(own));
        }
        let shared = Shared {
            app: settings.app,
            gate: Gate::new(hosts, settings.origins, settings.token.is_some()),
            dialler: Dialler {
                policy: Arc::new(policy),
                resolver: settings.resolver,
                resolve_time: settings.limits.resolve_time,
                connect_time: settings.limits.connect_time,
            },
            brakes: Brakes::new(&settings.limits),
            limits: settings.limits,
            token: settings.token,
            practice: Vec::new(),
            gauges: Gauges::default(),
            drain: watch::Sender::new(false),
            sessions: AtomicU64::new(1),
        };
        Ok(Relay { listener, twin, local, shared })
    }

    /// Lists a practice server for the page and lets sessions reach it.
    pub fn offer(&mut self, server: PracticeServer) {
        if let Some(address) = server.address() {
            Arc::make_mut(&mut self.shared.dialler.policy).allow(address.into());
        }
        self.shared.practice.push(server);
    }

    /// The practice servers that it lists.
    pub fn practice(&self) -> &[PracticeServer] {
        &self.shared.practice
    }

    /// What connects under the same policy as the sessions, for servers that dial themselves.
    pub fn dialler(&self) -> Dialler {
        self.shared.dialler.clone()
    }

    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// What it holds, now and later.
    pub fn gauges(&self) -> Gauges {
        self.shared.gauges.clone()
    }

    /// A handle to stop it with.
    pub fn stopper(&self) -> Stopper {
        Stopper(self.shared.drain.clone())
    }

    /// Accepts connections until it is stopped and every session has ended.
    pub async fn run(self) {
        let shared = Arc::new(self.shared);
        let router = http::router(Arc::clone(&shared));
        let mut drain = shared.drain.subscribe();
        let mut done = Box::pin(finished(Arc::clone(&shared)));
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                accepted = accept(self.twin.as_ref()) => accepted,
                () = &mut done => break,
            };
            match accepted {
                Ok((stream, peer)) => {
                    tokio::spawn(attend(Arc::clone(&shared), stream, peer, router.clone()));
                }
                Err(error) => {
                    // Out of descriptors, or a connection that died in the queue.
                    tracing::warn!(%error, "accept");
                    let _ = tokio::time::timeout(ACCEPT_PAUSE, drain.changed()).await;
                }
            }
        }
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let v4 = address.is_ipv4();
    let socket = if v4 { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Browsers try `[::1]` first for `localhost`; who listens at 127.0.0.1 alone makes them wait for
/// a refusal, or meet whatever else listens there.
fn twin_of(local: SocketAddr) -> Option<TcpListener> {
    if local.ip() != Ipv4Addr::LOCALHOST {
        return None;
    }
    let address = SocketAddr::from((Ipv6Addr::LOCALHOST, local.port()));
    match listen(address) {
        Ok(listener) => Some(listener),
        Err(error) => {
            // A machine without IPv6, or another program there.
            tracing::info!(%address, %error, "localhost is served over IPv4 alone");
            None
        }
    }
}

async fn accept(listener: Option<&TcpListener>) -> io::Result<(TcpStream, SocketAddr)> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}

/// Waits until the relay is stopped and its sessions have ended, with a little more patience than
/// the sessions are given themselves.
async fn finished(shared: Arc<Shared>) {
    let mut drain = shared.drain.subscribe();
    // The sender lives in `shared`.
    let _ = drain.wait_for(|stopping| *stopping).await;
    let by = tokio::time::Instant::now() + shared.limits.drain_time + LAST_WORDS;
    while shared.gauges.sessions.value() > 0 && tokio::time::Instant::now() < by {
        tokio::time::sleep(DRAIN_STEP).await;
    }
}

/// One HTTP connection, which may become a session.
async fn attend(shared: Arc<Shared>, stream: TcpStream, peer: SocketAddr, router: Router) {
    let counted = shared.gauges.connections.hold(1);
    let most = shared.limits.connections();
    let there = usize::try_from(shared.gauges.connections.value()).unwrap_or(usize::MAX);
    if there > most.saturating_add(TURNED_AWAY) {
        // Nobody waits for its request: a browser may see the end before it sees the answer.
        let _ = stream.try_write(FULL);
        return;
    }
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let is_full = there > most;
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let router = router.clone();
        async move {
            match is_full {
                true => Ok(http::try_later("The relay has as many connections as it takes.")),
                false => router.oneshot(request).await,
            }
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(shared.limits.head_time)
        .max_buf_size(MAX_HEAD)
        .keep_alive(!is_full)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    // An error here is the peer's: a bad head, or a connection that broke. While the relay is
    // being stopped, who asks is still answered, if only that it is.
    let _ = connection.await;
    drop(counted);
}

/// The names by which a browser on this machine addresses a loopback port.
fn own_hosts(local: SocketAddr) -> Vec<String> {
    let port = local.port();
    let mut hosts = vec![local.to_string()];
    if local.ip().is_loopback() {
        hosts.push(format!("localhost:{port}"));
    }
    if port == 80 {
        let bare = hosts.iter().filter_map(|host| host.strip_suffix(":80").map(str::to_owned));
        hosts.extend(bare.collect::<Vec<_>>());
    }
    hosts
}

/// A class that joins at once must not wait for SYNs to be sent again; tokio's default is 1024
/// and that of some systems 128.
const BACKLOG: u32 = 4096;
/// Connections that are told properly that the relay is full; each is held until its request is
/// read, so their number needs a limit as well.
const TURNED_AWAY: usize = 64;
/// What whoever comes after those is told.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n\
                      Connection: close\r\nContent-Length: 0\r\n\r\n";
/// More than any browser sends to loopback; hyper wants at least 8 KiB.
const MAX_HEAD: usize = 32 * 1024;
/// How long to wait after a failed accept, so that running out of descriptors is no busy loop.
const ACCEPT_PAUSE: std::time::Duration = std::time::Duration::from_millis(50);
/// How often to look whether the last session has ended.
const DRAIN_STEP: std::time::Duration = std::time::Duration::from_millis(20);
/// A session that is cut off still says goodbye.
const LAST_WORDS: std::time::Duration = std::time::Duration::from_secs(2);
