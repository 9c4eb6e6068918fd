//! Content while it comes in.

use bytes::Bytes;

/// Content in the pieces in which it came. A copy shares them: worlds are kept by the hundred
/// while pages arrive, and none of them may pay for the bytes again. Small pieces are copied
/// together, so that a peer that sends chunks of one byte cannot make each of them cost a piece.
#[derive(Clone, Debug, Default)]
pub(super) struct Pieces {
    pieces: Vec<Bytes>,
    /// Small pieces behind the others.
    tail: Vec<u8>,
    len: usize,
}

impl Pieces {
    /// Adds what came next.
    pub(super) fn push(&mut self, piece: Bytes) {
        self.len += piece.len();
        let alone = self.pieces.is_empty() && self.tail.is_empty();
        if piece.len() >= SMALL || alone {
            self.seal();
            self.pieces.push(piece);
            return;
        }
        self.tail.extend_from_slice(&piece);
        if self.tail.len() >= SMALL {
            self.seal();
        }
    }

    /// Makes one piece of the small ones.
    fn seal(&mut self) {
        if !self.tail.is_empty() {
            self.pieces.push(core::mem::take(&mut self.tail).into());
        }
    }

    /// How many bytes there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Forgets all of it.
    pub(super) fn clear(&mut self) {
        *self = Pieces::default();
    }

    /// All of it in one run; a single piece is not copied.
    pub(super) fn join(mut self) -> Bytes {
        self.seal();
        match self.pieces.len() {
            1 => self.pieces.pop().unwrap_or_default(),
            _ => self.pieces.concat().into(),
        }
    }
}

/// Below this a piece is copied: its bookkeeping would cost as much as its bytes.
const SMALL: usize = 1_024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_join_in_the_order_of_coming_and_one_piece_is_not_copied() {
        let mut content = Pieces::default();
        let first = Bytes::from_static(b"first");
        content.push(first.clone());
        assert_eq!(content.clone().join().as_ptr(), first.as_ptr());
        content.push(Bytes::from_static(b", second"));
        assert_eq!(content.len(), 13);
        assert_eq!(content.clone().join(), &b"first, second"[..]);
        content.clear();
        assert_eq!(content.join(), Bytes::new());
    }

    #[test]
    fn single_bytes_are_held_as_bytes_and_not_as_pieces() {
        let mut content = Pieces::default();
        let all: Vec<u8> = (0..100_000_u32).map(|n| n as u8).collect();
        for byte in &all {
            content.push(Bytes::copy_from_slice(&[*byte]));
        }
        content.push(Bytes::from(vec![1; SMALL]));
        assert!(content.pieces.len() <= 3 + all.len() / SMALL, "{}", content.pieces.len());
        assert_eq!(content.join(), [all, vec![1; SMALL]].concat());
    }
}
