//! The way out to the client: messages leave as WebSocket frames in one vectored write, so that no
//! byte that a target has sent is copied again in this process.
//!
//! tungstenite would copy each message into a buffer of its own. It still reads, answers pings and
//! closes; its few frames and ours share the stream, and neither ever cuts into one of the other.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes, BytesMut};
use relay_wire::Parts;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_tungstenite::tungstenite::protocol::frame::FrameHeader;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_util::io::poll_read_buf;

/// The stream under a WebSocket, with what waits to leave on it.
pub(crate) struct Wire<S> {
    stream: S,
    /// What was read and not yet asked for. Allocated for each burst, so that silence costs none.
    ahead: BytesMut,
    /// Frames of ours, in pieces.
    queue: VecDeque<Bytes>,
    queued: usize,
    /// True while half a frame of tungstenite's is out: ours have to wait for the rest of it.
    interrupted: bool,
}

impl<S: AsyncWrite + Unpin> Wire<S> {
    pub(crate) fn new(stream: S) -> Wire<S> {
        let (ahead, queue) = (BytesMut::new(), VecDeque::new());
        Wire { stream, ahead, queue, queued: 0, interrupted: false }
    }

    /// True while so much waits that more should stay where it can still be overtaken.
    pub(super) fn is_full(&self) -> bool {
        self.queued >= MAX_QUEUED
    }

    /// Queues one binary message (RFC 6455 section 5.2; a server's frames are not masked).
    pub(super) fn push(&mut self, message: Parts) {
        let Parts { head, body } = message;
        let mut start = Vec::with_capacity(MAX_FRAME_HEADER + head.len());
        let header = FrameHeader { opcode: OpCode::Data(Data::Binary), ..FrameHeader::default() };
        let len = (head.len() + body.len()) as u64;
        // Writing to memory cannot fail.
        let _ = header.format(len, &mut start);
        start.extend_from_slice(&head);
        for piece in [Bytes::from(start), body] {
            if !piece.is_empty() {
                self.queued += piece.len();
                self.queue.push_back(piece);
            }
        }
    }

    /// Writes what is queued; ready when all of it has left.
    fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.queue.is_empty() {
            let mut slices = [IoSlice::new(&[]); MAX_SLICES];
            let mut count = 0;
            for (slice, piece) in slices.iter_mut().zip(&self.queue) {
                *slice = IoSlice::new(piece);
                count += 1;
            }
            let slices = slices.get(..count).unwrap_or_default();
            let written = ready!(Pin::new(&mut self.stream).poll_write_vectored(cx, slices))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.forget(written);
        }
        Poll::Ready(Ok(()))
    }

    fn forget(&mut self, mut written: usize) {
        self.queued = self.queued.saturating_sub(written);
        while let Some(piece) = self.queue.front_mut() {
            if written < piece.len() {
                return piece.advance(written);
            }
            written -= piece.len();
            self.queue.pop_front();
        }
        // A session that falls silent holds no room for what it once had to say.
        self.queue = VecDeque::new();
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.ahead.is_empty() {
            this.ahead.reserve(READ_AHEAD);
            let outcome = poll_read_buf(Pin::new(&mut this.stream), cx, &mut this.ahead);
            if this.ahead.is_empty() {
                this.ahead = BytesMut::new();
            }
            if ready!(outcome)? == 0 {
                return Poll::Ready(Ok(()));
            }
        }
        let count = into.remaining().min(this.ahead.len());
        into.put_slice(&this.ahead.split_to(count));
        if this.ahead.is_empty() {
            this.ahead = BytesMut::new();
        }
        Poll::Ready(Ok(()))
    }
}

/// What tungstenite writes: its own few frames, all that it has in one call.
impl<S: AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if !this.interrupted {
            ready!(this.poll_drain(cx))?;
        }
        let written = ready!(Pin::new(&mut this.stream).poll_write(cx, bytes))?;
        this.interrupted = written < bytes.len();
        Poll::Ready(Ok(written))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.interrupted {
            ready!(this.poll_drain(cx))?;
        }
        Pin::new(&mut this.stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_drain(cx))?;
        Pin::new(&mut this.stream).poll_shutdown(cx)
    }
}

/// Four DATA frames leave in one system call; more would only wait here instead of there.
const MAX_QUEUED: usize = 64 * 1024;
/// Pieces in one system call: the most that fit below [`MAX_QUEUED`] when frames are full.
const MAX_SLICES: usize = 16;
/// The longest header of a frame that is not masked (RFC 6455 section 5.2).
const MAX_FRAME_HEADER: usize = 10;
/// Two DATA frames in one system call, whatever small buffer tungstenite keeps.
const READ_AHEAD: usize = 32 * 1024;

#[cfg(test)]
mod tests {
    use futures_util::{SinkExt, StreamExt};
    use tokio_tungstenite::WebSocketStream;
    use tokio_tungstenite::tungstenite::Message;
    use tokio_tungstenite::tungstenite::protocol::Role;

    use super::*;

    /// RFC 6455 section 5.4: frames do not cut into one another. The stream takes so little at a
    /// time that nearly every frame of either kind leaves in pieces.
    #[tokio::test]
    async fn messages_and_pongs_leave_whole_however_little_the_stream_takes() {
        for room in [1, 3, 7, 64, 1000] {
            let (near, far) = tokio::io::duplex(room);
            let mut server =
                WebSocketStream::from_raw_socket(Wire::new(near), Role::Server, None).await;
            let client = WebSocketStream::from_raw_socket(far, Role::Client, None).await;
            let (mut asks, mut hears) = client.split();
            let pings = async {
                for n in 0..ROUNDS {
                    asks.send(Message::Ping(vec![n; 100].into())).await.unwrap();
                }
            };
            let messages = async {
                for n in 0..ROUNDS {
                    let head = Bytes::copy_from_slice(&[n; 6]);
                    let body = Bytes::from(vec![n; usize::from(n) * 5]);
                    server.get_mut().push(Parts { head, body });
                    let read = server.next();
                    assert!(matches!(read.await, Some(Ok(Message::Ping(_)))));
                    server.flush().await.unwrap();
                }
            };
            let heard = async {
                let (mut pongs, mut datas) = (0, 0);
                while pongs + datas < 2 * usize::from(ROUNDS) {
                    match hears.next().await {
                        Some(Ok(Message::Pong(_))) => pongs += 1,
                        Some(Ok(Message::Binary(bytes))) => {
                            let n = datas as u8;
                            assert_eq!(bytes.len(), 6 + datas * 5);
                            assert!(bytes.iter().all(|byte| *byte == n));
                            datas += 1;
                        }
                        other => panic!("{other:?}"),
                    }
                }
            };
            tokio::join!(pings, messages, heard);
        }
    }

    /// More pongs than messages are possible, fewer are not: tungstenite may answer the last of
    /// several pings only (RFC 6455 section 5.5.3), and here each is answered before the next.
    const ROUNDS: u8 = 60;
}
