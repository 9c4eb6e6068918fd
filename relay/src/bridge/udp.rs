//! One UDP socket of a session: every destination is checked, nothing is kept for later, and what
//! the client is too slow for is dropped and counted by the session.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use relay_wire::{Code, MAX_DATAGRAM, Reset, Session};
use tokio::io::Interest;
use tokio::net::UdpSocket;

use super::tcp::Progress;
use crate::fault;
use crate::policy::Policy;

/// The relay's UDP socket.
pub(super) struct Udp {
    socket: Arc<UdpSocket>,
    /// Its only peer, if it is connected.
    remote: Option<SocketAddr>,
    /// Ends when the kernel has an error for the socket: that alone does not make it readable.
    trouble: Pin<Box<dyn Future<Output = io::Error> + Send>>,
}

impl Udp {
    pub(super) fn new(socket: UdpSocket, remote: Option<SocketAddr>) -> Udp {
        let socket = Arc::new(socket);
        let watched = Arc::clone(&socket);
        let trouble = Box::pin(async move {
            loop {
                if let Err(error) = watched.ready(Interest::ERROR).await {
                    return error;
                }
                let taken = watched.try_io(Interest::ERROR, || match watched.take_error() {
                    Ok(Some(error)) | Err(error) => Err(error),
                    Ok(None) => Err(io::ErrorKind::WouldBlock.into()),
                });
                match taken {
                    Ok(()) => {}
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    Err(error) => return error,
                }
            }
        });
        Udp { socket, remote, trouble }
    }

    /// Sends a datagram where the client wants it, if the policy allows. A full send buffer loses
    /// it, as UDP may.
    pub(super) fn send(
        &self,
        peer: SocketAddr,
        bytes: &Bytes,
        policy: &Policy,
    ) -> Result<(), Reset> {
        let sent = match self.remote {
            Some(remote) if remote == peer => self.socket.try_send(bytes),
            Some(remote) => {
                let text = format!("This socket is connected to {remote} and sends nowhere else.");
                return Err(Reset::new(Code::Protocol, text));
            }
            None => {
                let checked = policy.check_address(peer)?;
                self.socket.try_send_to(bytes, checked)
            }
        };
        match sent {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(()),
            Err(error) => Err(fault::reset_of(&error, peer)),
        }
    }

    /// Receives until nothing is left or the turn is over; notes when something came.
    pub(super) fn receive(
        &mut self,
        number: u32,
        session: &mut Session,
        scratch: &mut BytesMut,
        policy: &Policy,
        active: &mut Instant,
        cx: &mut Context<'_>,
    ) -> Result<Progress, Reset> {
        if self.remote.is_some()
            && let Poll::Ready(error) = self.trouble.as_mut().poll(cx)
        {
            return Err(self.fault(&error));
        }
        for _ in 0..MAX_TURN {
            match self.socket.poll_recv_ready(cx) {
                Poll::Pending => return Ok(Progress::None),
                Poll::Ready(outcome) => {
                    outcome.map_err(|error| self.fault(&error))?;
                }
            }
            scratch.reserve(MAX_DATAGRAM + 1);
            match self.socket.try_recv_buf_from(scratch) {
                Ok((count, peer)) => {
                    let bytes = Bytes::copy_from_slice(&scratch.split_to(count));
                    if self.remote.is_some() || policy.check_address(peer).is_ok() {
                        *active = Instant::now();
                        // The session counts what does not fit its queue.
                        let _ = session.send_to(number, peer, bytes);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(self.fault(&error)),
            }
        }
        Ok(Progress::Some)
    }

    /// On a connected socket ICMP's "port unreachable" arrives as an error of the next call.
    fn fault(&self, error: &io::Error) -> Reset {
        let peer = self.remote.or_else(|| self.socket.local_addr().ok());
        fault::reset_of(error, peer.unwrap_or_else(|| SocketAddr::from(([0, 0, 0, 0], 0))))
    }
}

/// Datagrams received in one go before the other sockets have their turn.
const MAX_TURN: usize = 16;
