//! Bytes that wait, held in few pieces.

use std::collections::VecDeque;

use bytes::{Buf, Bytes, BytesMut};

/// A queue of bytes. Large pieces are kept as they came, small ones are copied together, so that a
/// peer that sends single bytes cannot make each of them cost a piece of its own.
#[derive(Clone, Debug, Default)]
pub struct Backlog {
    pieces: VecDeque<Bytes>,
    tail: BytesMut,
    len: usize,
}

impl Backlog {
    /// Adds bytes at the end.
    pub fn push(&mut self, bytes: Bytes) {
        self.len += bytes.len();
        if bytes.len() < SMALL {
            self.tail.extend_from_slice(&bytes);
            if self.tail.len() >= SMALL {
                self.pieces.push_back(self.tail.split().freeze());
            }
            return;
        }
        if !self.tail.is_empty() {
            self.pieces.push_back(self.tail.split().freeze());
        }
        self.pieces.push_back(bytes);
    }

    /// The first piece; empty only if nothing waits.
    pub fn chunk(&self) -> &[u8] {
        self.pieces.front().map_or(&self.tail, |piece| piece)
    }

    /// Forgets this many bytes at the start, at most those of [`Backlog::chunk`].
    pub fn advance(&mut self, count: usize) {
        let Some(piece) = self.pieces.front_mut() else {
            let count = count.min(self.tail.len());
            self.tail.advance(count);
            self.len -= count;
            if self.tail.is_empty() {
                self.tail = BytesMut::new();
            }
            return;
        };
        let count = count.min(piece.len());
        piece.advance(count);
        self.len -= count;
        if piece.is_empty() {
            self.pieces.pop_front();
        }
    }

    /// Bytes that wait.
    pub fn len(&self) -> usize {
        self.len
    }

    /// True if nothing waits.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Takes the first `count` bytes out, without a copy where they lie in one piece.
    pub(super) fn pop(&mut self, count: usize) -> Bytes {
        match self.pieces.front_mut() {
            Some(piece) if piece.len() >= count => {
                let taken = piece.split_to(count);
                self.len -= count;
                if piece.is_empty() {
                    self.pieces.pop_front();
                }
                taken
            }
            Some(_) | None => {
                let mut out = BytesMut::with_capacity(count);
                self.pop_into(count, &mut out);
                out.freeze()
            }
        }
    }

    fn pop_into(&mut self, count: usize, out: &mut BytesMut) {
        let mut left = count.min(self.len);
        while left > 0 {
            let chunk = self.chunk();
            let piece = chunk.get(..left).unwrap_or(chunk);
            let taken = piece.len();
            out.extend_from_slice(piece);
            self.advance(taken);
            left -= taken;
        }
    }
}

/// Below this a piece is copied: its bookkeeping would cost more than the copy.
const SMALL: usize = 2048;
