//! One connection of an endpoint.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use protocols::endpoint::{Conn, Loss};
use relay_wire::{Backlog, Code, Reset};
use tokio::io::AsyncWrite;
use tokio::net::TcpStream;
use tokio_util::io::poll_read_buf;

use crate::bell::Bell;
use crate::dial::{Attempt, Dialled};

/// A connection with its bell.
pub(super) struct Link {
    pub(super) stage: Stage,
    pub(super) bell: std::sync::Arc<Bell>,
    pub(super) waker: Waker,
    pub(super) active: Instant,
    /// The connection that what is read here is passed on to.
    pub(super) paced_by: Option<Conn>,
    /// The connection whose bytes are passed on here.
    pub(super) paces: Option<Conn>,
    backlog: Backlog,
    finishing: bool,
    shut: bool,
    ended: bool,
}

/// Whether the connection stands yet.
pub(super) enum Stage {
    /// Being resolved and connected; what is sent meanwhile waits.
    Dialling(Attempt<Dialled>),
    /// Connected.
    Open(TcpStream),
}

/// What a connection had to say.
pub(super) enum News {
    /// Nothing.
    Nothing,
    /// It is connected.
    Opened(std::net::SocketAddr),
    /// Bytes have arrived.
    Data(Bytes),
    /// The peer sends no more.
    Finished,
    /// It is gone.
    Lost(Loss),
    /// Both directions have ended; there is nothing to tell.
    Done,
}

impl Link {
    pub(super) fn new(stage: Stage, bell: std::sync::Arc<Bell>, waker: Waker) -> Link {
        Link {
            stage,
            bell,
            waker,
            active: Instant::now(),
            paced_by: None,
            paces: None,
            backlog: Backlog::default(),
            finishing: false,
            shut: false,
            ended: false,
        }
    }

    pub(super) fn send(&mut self, bytes: Bytes) {
        self.backlog.push(bytes);
    }

    pub(super) fn finish(&mut self) {
        self.finishing = true;
    }

    /// Has the socket closed with a RST.
    pub(super) fn abort(self) {
        if let Stage::Open(stream) = self.stage {
            // If the option cannot be set the socket is gone already.
            let _ = stream.set_zero_linger();
        }
    }

    /// Whether no more should be handed to it for now: it does not stand yet, or its peer is slow.
    pub(super) fn is_full(&self) -> bool {
        let dialling = match &self.stage {
            Stage::Dialling(_) => true,
            Stage::Open(_) => false,
        };
        dialling || self.backlog.len() > MAX_WAITING
    }

    /// Moves what can move, up to the first thing that the endpoint has to hear. Nothing is read
    /// of one that is `held`, since what it brings could not be passed on.
    pub(super) fn turn(&mut self, scratch: &mut BytesMut, held: bool) -> News {
        self.bell.heard();
        let waker = self.waker.clone();
        let mut cx = Context::from_waker(&waker);
        if let Stage::Dialling(attempt) = &mut self.stage {
            return match attempt.as_mut().poll(&mut cx) {
                Poll::Pending => News::Nothing,
                Poll::Ready(Ok(dialled)) => {
                    self.stage = Stage::Open(dialled.stream);
                    News::Opened(dialled.remote)
                }
                Poll::Ready(Err(reset)) => News::Lost(loss_of(reset)),
            };
        }
        if let Err(error) = self.write(&mut cx) {
            return lost(&error);
        }
        if self.shut && self.ended {
            return News::Done;
        }
        if held {
            return News::Nothing;
        }
        match self.read(scratch, &mut cx) {
            Poll::Pending => News::Nothing,
            Poll::Ready(Ok(bytes)) if bytes.is_empty() => {
                self.ended = true;
                News::Finished
            }
            Poll::Ready(Ok(bytes)) => News::Data(bytes),
            Poll::Ready(Err(error)) => lost(&error),
        }
    }

    fn write(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        let Stage::Open(stream) = &mut self.stage else { return Ok(()) };
        while !self.backlog.is_empty() {
            match Pin::new(&mut *stream).poll_write(cx, self.backlog.chunk()) {
                Poll::Pending => return Ok(()),
                Poll::Ready(outcome) => self.backlog.advance(outcome?),
            }
            self.active = Instant::now();
        }
        if self.finishing
            && !self.shut
            && let Poll::Ready(outcome) = Pin::new(stream).poll_shutdown(cx)
        {
            outcome?;
            self.shut = true;
        }
        Ok(())
    }

    fn read(&mut self, scratch: &mut BytesMut, cx: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        // Whoever does not read our answers gets no further questions in.
        let Stage::Open(stream) = &mut self.stage else { return Poll::Pending };
        if self.ended || self.backlog.len() > MAX_WAITING {
            return Poll::Pending;
        }
        scratch.reserve(MAX_READ);
        let count = std::task::ready!(poll_read_buf(Pin::new(stream), cx, scratch))?;
        self.active = Instant::now();
        Poll::Ready(Ok(scratch.split_to(count).freeze()))
    }
}

fn lost(error: &io::Error) -> News {
    News::Lost(match error.kind() {
        io::ErrorKind::TimedOut => Loss::TimedOut,
        _ => Loss::Reset,
    })
}

fn loss_of(reset: Reset) -> Loss {
    match reset.code {
        Code::Refused => Loss::Refused,
        Code::PeerReset => Loss::Reset,
        Code::ConnectTimeout => Loss::TimedOut,
        Code::NameNotFound
        | Code::DnsTimeout
        | Code::HostUnreachable
        | Code::NetworkUnreachable => Loss::Unreachable,
        _ => Loss::Denied(reset.sentence().to_owned()),
    }
}

/// Bytes that may wait for a slow reader before it is read no further.
const MAX_WAITING: usize = 256 * 1024;
/// Bytes read in one go.
const MAX_READ: usize = 16 * 1024;
