//! Bytes that wait to be sent, held in few pieces.

use std::collections::VecDeque;

use bytes::{Buf, Bytes, BytesMut};

/// A queue of bytes. Large pieces are kept as they came, small ones are copied together, so that a
/// peer that sends single bytes cannot make each of them cost a piece of its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Backlog {
    pieces: VecDeque<Bytes>,
    tail: BytesMut,
}

impl Backlog {
    pub(super) fn push(&mut self, bytes: Bytes) {
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

    /// Moves up to `count` bytes to the end of `out`.
    pub(super) fn pop_into(&mut self, count: usize, out: &mut BytesMut) {
        let mut left = count;
        while left > 0 {
            let Some(piece) = self.pieces.front_mut() else {
                let piece = self.tail.split_to(left.min(self.tail.len()));
                out.extend_from_slice(&piece);
                if self.tail.is_empty() {
                    self.tail = BytesMut::new();
                }
                return;
            };
            let take = left.min(piece.len());
            out.extend_from_slice(piece.get(..take).unwrap_or_default());
            left -= take;
            if take == piece.len() {
                self.pieces.pop_front();
            } else {
                piece.advance(take);
            }
        }
    }
}

/// Below this a piece is copied: its bookkeeping would cost more than the copy.
const SMALL: usize = 2048;
