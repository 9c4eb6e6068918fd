//! Connecting: pin the target, try its addresses in order, and say exactly what went wrong.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use relay_wire::{Code, Open, Reset, Target, UdpOpen};
use tokio::net::{TcpSocket, TcpStream, UdpSocket};

use crate::fault;
use crate::limits::Limits;
use crate::policy::{Policy, Resolve, SystemResolver};

/// What it takes to connect: nobody in this crate dials without one.
#[derive(Clone)]
pub struct Dialler {
    pub(crate) policy: Arc<Policy>,
    pub(crate) resolver: Arc<dyn Resolve>,
    pub(crate) resolve_time: Duration,
    pub(crate) connect_time: Duration,
}

/// A connection that stands.
pub(crate) struct Dialled {
    pub(crate) stream: TcpStream,
    pub(crate) local: SocketAddr,
    pub(crate) remote: SocketAddr,
    pub(crate) took: Duration,
}

/// A UDP socket that stands.
pub(crate) struct Bound {
    pub(crate) socket: UdpSocket,
    pub(crate) local: SocketAddr,
    pub(crate) remote: Option<SocketAddr>,
}

/// An attempt under way.
pub(crate) type Attempt<T> = Pin<Box<dyn Future<Output = Result<T, Reset>> + Send>>;

impl Dialler {
    /// Connects where this policy allows, with the system's resolver and the usual limits.
    pub fn new(policy: Policy) -> Dialler {
        let limits = Limits::default();
        Dialler {
            policy: Arc::new(policy),
            resolver: Arc::new(SystemResolver),
            resolve_time: limits.resolve_time,
            connect_time: limits.connect_time,
        }
    }

    /// Starts to connect a TCP stream.
    pub(crate) fn tcp(&self, open: Open) -> Attempt<Dialled> {
        let dialler = self.clone();
        Box::pin(async move { dialler.connect(open).await })
    }

    /// Starts to open a UDP socket.
    pub(crate) fn udp(&self, open: UdpOpen) -> Attempt<Bound> {
        let dialler = self.clone();
        Box::pin(async move { dialler.bind(open).await })
    }

    async fn connect(&self, open: Open) -> Result<Dialled, Reset> {
        let local = open.local.map(|local| self.policy.check_local(local)).transpose()?;
        let pinned = self.pin(&open.target).await?;
        let asked = Duration::from_millis(u64::from(open.timeout_ms));
        let limit = match open.timeout_ms {
            0 => self.connect_time,
            _ => self.connect_time.min(asked),
        };
        let start = Instant::now();
        let mut last = None;
        for remote in pinned {
            let left = limit.saturating_sub(start.elapsed());
            match tokio::time::timeout(left, connect(remote, local, open.nodelay)).await {
                Ok(Ok(stream)) => {
                    let took = start.elapsed();
                    let local = stream.local_addr().map_err(|e| fault::reset_of(&e, remote))?;
                    return Ok(Dialled { stream, local, remote, took });
                }
                Ok(Err(error)) => last = Some(fault::reset_of(&error, remote)),
                Err(_) => return Err(fault::timed_out(remote, limit.as_secs_f32())),
            }
        }
        Err(last.unwrap_or_else(|| Reset::new(Code::NameNotFound, "")))
    }

    async fn bind(&self, open: UdpOpen) -> Result<Bound, Reset> {
        let bind = open.bind.map(|bind| self.policy.check_local(bind)).transpose()?;
        let remote = match &open.connect {
            Some(target) => self.pin(target).await?.first().copied(),
            None => None,
        };
        let home = bind.unwrap_or_else(|| self.policy.udp_home(remote.map(|peer| peer.ip())));
        let socket = UdpSocket::bind(home).await.map_err(|e| fault::reset_of(&e, home))?;
        if let Some(remote) = remote {
            socket.connect(remote).await.map_err(|e| fault::reset_of(&e, remote))?;
        }
        let local = socket.local_addr().map_err(|e| fault::reset_of(&e, home))?;
        Ok(Bound { socket, local, remote })
    }

    async fn pin(&self, target: &Target) -> Result<Vec<SocketAddr>, Reset> {
        self.policy.pin(target, self.resolver.as_ref(), self.resolve_time).await
    }
}

async fn connect(
    remote: SocketAddr,
    local: Option<SocketAddr>,
    nodelay: bool,
) -> std::io::Result<TcpStream> {
    let socket = if remote.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    if let Some(local) = local {
        socket.bind(local)?;
    }
    let stream = socket.connect(remote).await?;
    stream.set_nodelay(nodelay)?;
    Ok(stream)
}
