//! One TCP stream of a session: what the client sent waits here until the target takes it, and the
//! target is read only while the client has granted credit.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{BufMut, Bytes, BytesMut};
use relay_wire::{Backlog, MAX_DATA, Session};
use tokio::io::AsyncWrite;
use tokio::net::TcpStream;
use tokio_util::io::poll_read_buf;

/// The relay's connection to a target.
pub(super) struct Tcp {
    stream: TcpStream,
    remote: SocketAddr,
    backlog: Backlog,
    /// The client has finished: shut down once the backlog is written.
    finishing: bool,
    shut: bool,
    /// The target has finished.
    ended: bool,
    /// The client reads no more: what the target sends is thrown away.
    discarding: bool,
}

/// What a turn at reading came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// Bytes moved; there may be more.
    Some,
    /// Nothing can move until the socket rings or credit arrives.
    None,
    /// Nothing may move until earlier bytes have left.
    Starved,
}

impl Tcp {
    pub(super) fn new(stream: TcpStream, remote: SocketAddr) -> Tcp {
        Tcp {
            stream,
            remote,
            backlog: Backlog::default(),
            finishing: false,
            shut: false,
            ended: false,
            discarding: false,
        }
    }

    pub(super) fn remote(&self) -> SocketAddr {
        self.remote
    }

    /// Takes bytes for the target; returns how many it took at once.
    pub(super) fn take(&mut self, mut bytes: Bytes, cx: &mut Context<'_>) -> io::Result<usize> {
        let mut written = 0;
        if self.backlog.is_empty() {
            while !bytes.is_empty() {
                match Pin::new(&mut self.stream).poll_write(cx, &bytes) {
                    Poll::Ready(Ok(count)) => {
                        written += count;
                        drop(bytes.split_to(count));
                    }
                    Poll::Ready(Err(error)) => return Err(error),
                    Poll::Pending => break,
                }
            }
        }
        if !bytes.is_empty() {
            self.backlog.push(bytes);
        }
        Ok(written)
    }

    /// The client will send no more.
    pub(super) fn finish(&mut self) {
        self.finishing = true;
    }

    /// The client will read no more.
    pub(super) fn discard(&mut self) {
        self.discarding = true;
    }

    /// Has the socket closed with a RST instead of a FIN.
    pub(super) fn abort(self) {
        // If the option cannot be set the socket is gone already and there is nobody to tell.
        let _ = self.stream.set_zero_linger();
    }

    /// Writes what waits and then the end; returns how many bytes the target took.
    pub(super) fn write(&mut self, cx: &mut Context<'_>) -> io::Result<usize> {
        let mut written = 0;
        while !self.backlog.is_empty() {
            match Pin::new(&mut self.stream).poll_write(cx, self.backlog.chunk()) {
                Poll::Ready(Ok(count)) => {
                    self.backlog.advance(count);
                    written += count;
                }
                Poll::Ready(Err(error)) => return Err(error),
                Poll::Pending => return Ok(written),
            }
        }
        if self.finishing && !self.shut {
            match Pin::new(&mut self.stream).poll_shutdown(cx) {
                Poll::Ready(Ok(())) => self.shut = true,
                Poll::Ready(Err(error)) => return Err(error),
                Poll::Pending => {}
            }
        }
        Ok(written)
    }

    /// Reads once if the client may be sent anything, into `scratch`, and queues it.
    pub(super) fn read(
        &mut self,
        number: u32,
        session: &mut Session,
        scratch: &mut BytesMut,
        cx: &mut Context<'_>,
    ) -> io::Result<Progress> {
        if self.ended {
            return Ok(Progress::None);
        }
        if session.queued(number) > 0 {
            return Ok(Progress::Starved);
        }
        let room = if self.discarding { MAX_READ } else { session.room(number).min(MAX_READ) };
        if room == 0 {
            // The next credit rings.
            return Ok(Progress::None);
        }
        match self.poll_read(room, scratch, cx) {
            Poll::Pending => Ok(Progress::None),
            Poll::Ready(Err(error)) => Err(error),
            Poll::Ready(Ok(bytes)) if bytes.is_empty() => {
                self.ended = true;
                // A stream that is gone needs no end.
                let _ = session.finish(number);
                Ok(Progress::Some)
            }
            Poll::Ready(Ok(bytes)) => {
                if !self.discarding {
                    let _ = session.send(number, bytes);
                }
                Ok(Progress::Some)
            }
        }
    }

    fn poll_read(
        &mut self,
        room: usize,
        scratch: &mut BytesMut,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<Bytes>> {
        if scratch.capacity() < room.min(MAX_DATA) {
            scratch.reserve(MAX_READ);
        }
        let stream = Pin::new(&mut self.stream);
        let count = ready!(poll_read_buf(stream, cx, &mut scratch.limit(room)))?;
        Poll::Ready(Ok(scratch.split_to(count).freeze()))
    }
}

/// Bytes read from a target in one go: four frames, so that one system call fills four messages.
pub(super) const MAX_READ: usize = 64 * 1024;
