//! Connecting: pin the target, try its addresses in order, and say exactly what went wrong.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use relay_wire::{Open, Reset, Target, UdpOpen};
use tokio::net::{TcpSocket, TcpStream, UdpSocket};

use super::fault;
use crate::server::Shared;

/// A connection that stands.
pub(super) struct Dialled {
    pub(super) stream: TcpStream,
    pub(super) local: SocketAddr,
    pub(super) remote: SocketAddr,
    pub(super) took: Duration,
}

/// A UDP socket that stands.
pub(super) struct Bound {
    pub(super) socket: UdpSocket,
    pub(super) local: SocketAddr,
    pub(super) remote: Option<SocketAddr>,
}

/// An attempt under way.
pub(super) type Attempt<T> = Pin<Box<dyn Future<Output = Result<T, Reset>> + Send>>;

/// Starts to connect a TCP stream.
pub(super) fn tcp(shared: Arc<Shared>, open: Open) -> Attempt<Dialled> {
    Box::pin(async move {
        let local = open.local.map(|local| shared.policy.check_local(local)).transpose()?;
        let pinned = pin(&shared, &open.target).await?;
        let asked = Duration::from_millis(u64::from(open.timeout_ms));
        let limit = match open.timeout_ms {
            0 => shared.limits.connect_time,
            _ => shared.limits.connect_time.min(asked),
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
        Err(last.unwrap_or_else(|| Reset::new(relay_wire::Code::NameNotFound, "")))
    })
}

/// Starts to open a UDP socket.
pub(super) fn udp(shared: Arc<Shared>, open: UdpOpen) -> Attempt<Bound> {
    Box::pin(async move {
        let bind = open.bind.map(|bind| shared.policy.check_local(bind)).transpose()?;
        let remote = match &open.connect {
            Some(target) => pin(&shared, target).await?.first().copied(),
            None => None,
        };
        let home = bind.unwrap_or_else(|| shared.policy.udp_home(remote.map(|peer| peer.ip())));
        let socket = UdpSocket::bind(home).await.map_err(|e| fault::reset_of(&e, home))?;
        if let Some(remote) = remote {
            socket.connect(remote).await.map_err(|e| fault::reset_of(&e, remote))?;
        }
        let local = socket.local_addr().map_err(|e| fault::reset_of(&e, home))?;
        Ok(Bound { socket, local, remote })
    })
}

async fn pin(shared: &Shared, target: &Target) -> Result<Vec<SocketAddr>, Reset> {
    let limit = shared.limits.resolve_time;
    shared.policy.pin(target, shared.resolver.as_ref(), limit).await
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
